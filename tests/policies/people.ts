import { FunctionsHttpError } from '@supabase/supabase-js';
import type { SupabaseClient } from '@supabase/supabase-js';
import { createHmac, randomUUID } from 'node:crypto';
import type { Sql } from 'postgres';
import { account, database, secondFactor, visitor } from 'supabase-embedded/testing';
import type { Database } from '../../src/lib/supabase/database.ts';

export type Client = SupabaseClient<Database>;

/** The headers by which the site's server says of a visitor from where they come. */
export type At = (address: string) => { 'x-visitor': string; 'x-visitor-signature': string };

/** How the site signs the addresses of its visitors, on the project under test. */
export async function signing(db: Sql): Promise<At> {
	const [secret] = await db<{ value: string }[]>`select value from private.settings where name = 'site_secret'`;
	return (address) => ({
		'x-visitor': address,
		'x-visitor-signature': createHmac('sha256', secret!.value).update(address).digest('hex')
	});
}

export interface Person {
	id: string;
	email: string;
	client: Client;
}

/** A business with the people around it, made anew for one test file, so that files never meet. */
export interface Neighbourhood {
	db: Sql;
	visitor: Client;
	/** a customer, and another who has nothing to do with anybody here */
	amina: Person;
	bilal: Person;
	/** the plumber's owner and one of his staff */
	youssef: Person;
	karim: Person;
	/** owner of another business */
	zineb: Person;
	moderator: Person;
	admin: Person;
	plumber: { id: string; slug: string; service: string; freeService: string; staff: string[] };
	salon: { id: string; service: string };
	close(): Promise<void>;
}

/** An instant on a local day and time in Casablanca, `days` from today, as ISO text. */
export async function localInstant(db: Sql, days: number, time: string): Promise<string> {
	const [row] = await db<{ at: Date }[]>`
		select private.to_instant(
			private.to_local(now(), 'Africa/Casablanca')::date + ${days}::int + ${time}::time, 'Africa/Casablanca'
		) as at`;
	return row!.at.toISOString();
}

/** A business of an owner, published, in a town and trade of its own. */
export async function makeBusiness(
	db: Sql,
	name: string,
	owner: string
): Promise<{ id: string; slug: string; service: string; freeService: string; staff: string[] }> {
	const slug = `${name.toLowerCase().replace(/[^a-z0-9]+/g, '-')}-${randomUUID().slice(0, 8)}`;
	const [category] = await db`
		insert into categories (slug, name_fr, name_ar, name_en, icon)
		values (${`test-${slug}`}, 'Essais', 'تجارب', 'Trials', 'wrench') returning id`;
	await db`
		insert into cities (slug, name_fr, name_ar, name_en, latitude, longitude)
		values ('testville', 'Testville', 'تستفيل', 'Testville', 33.5, -7.6) on conflict do nothing`;
	const [provider] = await db`
		insert into providers (slug, name, category_id, city_slug, district, address, latitude, longitude, status, cancellation_policy_id)
		select ${slug}, ${name}, ${category!.id}, 'testville', 'Centre', '1 rue des Essais', 33.5, -7.6, 'published', id
		from cancellation_policies where code = 'moderate' returning id`;
	await db`insert into provider_members (provider_id, user_id, role) values (${provider!.id}, ${owner}, 'owner')`;
	const services = await db<{ id: string }[]>`
		insert into services (provider_id, name_fr, duration_minutes, price_minor, deposit_percent, place, position)
		values (${provider!.id}, 'Avec acompte', 60, 25000, 30, 'customer', 1),
			(${provider!.id}, 'Sans acompte', 60, 15000, 0, 'provider', 2)
		returning id`;
	const staff = await db<{ id: string }[]>`
		insert into resources (provider_id, kind, name, position)
		values (${provider!.id}, 'staff', 'Karim', 1), (${provider!.id}, 'staff', 'Saïd', 2) returning id`;
	await db`
		insert into service_resources (service_id, resource_id)
		select s.id, r.id from services s, resources r where s.provider_id = ${provider!.id} and r.provider_id = ${provider!.id}`;
	await db`
		insert into opening_hours (provider_id, weekday, opens, closes)
		select ${provider!.id}, day, '08:00', '20:00' from generate_series(1, 7) as day`;
	return {
		id: provider!.id as string,
		slug,
		service: services[0]!.id,
		freeService: services[1]!.id,
		staff: staff.map((one) => one.id)
	};
}

export async function makeNeighbourhood(): Promise<Neighbourhood> {
	const db = database();
	// Files run side by side as one visitor; what is counted is stated in invariants.test.ts.
	await db`update private.rate_limits set max_calls = 1000000`;
	const [amina, bilal, youssef, karim, zineb, moderator, admin] = (await Promise.all(
		['amina', 'bilal', 'youssef', 'karim', 'zineb', 'moderator', 'admin'].map((name) => account(name))
	)) as [Person, Person, Person, Person, Person, Person, Person];
	const plumber = await makeBusiness(db, 'Plomberie', youssef.id);
	const salon = await makeBusiness(db, 'Salon', zineb.id);
	await db`insert into provider_members (provider_id, user_id, role) values (${plumber.id}, ${karim.id}, 'staff')`;
	await db`insert into user_roles (user_id, role) values (${moderator.id}, 'moderator'), (${admin.id}, 'admin')`;
	// Platform staff have their rights with the second factor alone.
	await Promise.all([moderator, admin].map(({ client }) => secondFactor(client)));
	return {
		db,
		visitor: visitor() as Client,
		amina,
		bilal,
		youssef,
		karim,
		zineb,
		moderator,
		admin,
		plumber,
		salon,
		close: () => db.end()
	};
}

/** Sends a file to the server, as the site does; gives its path or the refusal's code and field. */
export async function upload(
	client: Client,
	about: Record<string, string>,
	bytes: Uint8Array<ArrayBuffer> | string,
	type = 'application/pdf'
): Promise<{ path?: string; code?: string; message?: string }> {
	const body = new FormData();
	for (const [name, value] of Object.entries(about)) body.append(name, value);
	body.append('file', new Blob([bytes], { type }), 'file');
	const { data, error } = await client.functions.invoke<{ path: string }>('upload', { body });
	if (error instanceof FunctionsHttpError) return (error.context as Response).json() as Promise<{ code: string }>;
	if (error) throw error as Error;
	return data!;
}
