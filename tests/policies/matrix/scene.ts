import postgres from 'postgres';
import type { Sql } from 'postgres';
import type { SupabaseClient } from '@supabase/supabase-js';
import { account, project, secondFactor } from 'supabase-embedded/testing';
import { localInstant, makeNeighbourhood } from '../people.ts';
import type { Person } from '../people.ts';
import type { Caller } from './notation.ts';

export type Row = Record<string, unknown>;

/** A business of the scene: `published`, a `draft` or `suspended`, with the same people. */
export interface Business {
	id: string;
	service: string;
	inactiveService: string;
	/** a service sold by the seat */
	showings: string;
	staff: string;
	/** a room with five numbered seats, and one where any number of seats may be set up */
	room: string;
	hall: string;
}

/** The ten callers, and what rows are made of. */
export interface Scene {
	db: Sql;
	/** as each caller calls */
	as: Record<Caller, SupabaseClient>;
	/** the account of each; the anonymous caller has none */
	id: Record<Exclude<Caller, 'anonymous'>, string>;
	/** a member of staff who calls nobody, to be promoted, removed, suspended */
	spare: string;
	published: Business;
	draft: Business;
	suspended: Business;
	/** Writes a row past all policies and returns it, as JSON has it. */
	insert(table: string, values: Row): Promise<Row>;
	/** a number that no other row of the scene has */
	next(): number;
	/** An hour far ahead that nothing else of the scene takes, as ISO text. */
	hour(): string;
	/** A start at which the published provider's service can be booked, taken by nothing else of the scene, as ISO text. */
	start(): Promise<string>;
	/** Ends what accounts have booked of the published provider: else they soon have so much to come that they get no more. */
	makeRoom(): Promise<void>;
	close(): Promise<void>;
}

/** Writes a row past all policies and returns it, as JSON has it. */
async function insert(db: Sql, table: string, values: Row): Promise<Row> {
	const names = Object.keys(values);
	const [made] = await db<{ row: Row }[]>`
		insert into ${db(`public.${table}`)} as t (${db(names)})
		select ${db(names)} from jsonb_populate_record(null::${db.unsafe(`public.${table}`)}, ${db.json(values as never)})
		returning to_jsonb(t) as row`;
	return made!.row;
}

async function furnish(db: Sql, provider: string, service: string, staff: string): Promise<Business> {
	const common = { provider_id: provider, duration_minutes: 60, price_minor: 10000 };
	const id = async (table: string, values: Row) => (await insert(db, table, values)).id as string;
	const inactiveService = await id('services', { ...common, name_fr: 'Retiré', active: false });
	const showings = await id('services', { ...common, name_fr: 'Séances', mode: 'session', max_party: 5 });
	const room = await id('resources', { provider_id: provider, kind: 'room', name: 'Salle 1', capacity: 5 });
	const hall = await id('resources', { provider_id: provider, kind: 'room', name: 'Salle 2', capacity: 9000 });
	for (let n = 1; n <= 5; n++)
		await insert(db, 'seats', {
			provider_id: provider,
			resource_id: room,
			label: `A${n}`,
			row_number: 1,
			column_number: n
		});
	return { id: provider, service, inactiveService, showings, staff, room, hall };
}

/** Another business that the same people work for, with one service and one member of staff. */
async function makeAnother(
	db: Sql,
	like: string,
	status: 'draft' | 'suspended'
): Promise<{ id: string; service: string; staff: string }> {
	const [provider] = await db<{ id: string }[]>`
		insert into providers (
			slug, name, status, category_id, city_slug, district, address, latitude, longitude, cancellation_policy_id
		)
		select slug || '-' || ${status}::text, ${`Atelier ${crypto.randomUUID()}`}, ${status}, category_id, city_slug, district,
			address, latitude, longitude, cancellation_policy_id
		from providers where id = ${like} returning id`;
	const id = provider!.id;
	await db`insert into provider_members (provider_id, user_id, role)
		select ${id}, user_id, role from provider_members where provider_id = ${like}`;
	const service = await insert(db, 'services', {
		provider_id: id,
		name_fr: 'Sans acompte',
		duration_minutes: 60,
		price_minor: 15000
	});
	const staff = await insert(db, 'resources', { provider_id: id, kind: 'staff', name: 'Karim' });
	await insert(db, 'service_resources', { service_id: service.id, resource_id: staff.id });
	return { id, service: service.id as string, staff: staff.id as string };
}

/**
 * Makes the scene anew: accounts with real tokens, a published provider, a draft and a suspended one with their team, another
 * provider.
 */
export async function makeScene(): Promise<Scene> {
	const here = await makeNeighbourhood();
	const db = postgres(project.dbUrl, { max: 8, onnotice: () => {} });
	const [manager, blocked, spare] = (await Promise.all(
		['manager', 'blocked', 'spare'].map((name) => account(name))
	)) as [Person, Person, Person];
	await db`insert into provider_members (provider_id, user_id, role) values
		(${here.plumber.id}, ${manager.id}, 'manager'), (${here.plumber.id}, ${spare.id}, 'staff')`;
	// Teams are changed with the second factor alone.
	await Promise.all([here.youssef, manager].map(({ client }) => secondFactor(client as SupabaseClient)));
	const draft = await makeAnother(db, here.plumber.id, 'draft');
	const closed = await makeAnother(db, here.plumber.id, 'suspended');
	const persons = {
		client: here.amina,
		other: here.bilal,
		blocked,
		owner: here.youssef,
		manager,
		staff: here.karim,
		rival: here.zineb,
		moderator: here.moderator,
		admin: here.admin
	};
	let count = 0;
	let starts = 0;
	const scene: Scene = {
		db,
		as: { anonymous: here.visitor, ...mapValues(persons, (person) => person.client as SupabaseClient) },
		id: mapValues(persons, (person) => person.id),
		spare: spare.id,
		published: await furnish(db, here.plumber.id, here.plumber.freeService, here.plumber.staff[0]!),
		draft: await furnish(db, draft.id, draft.service, draft.staff),
		suspended: await furnish(db, closed.id, closed.service, closed.staff),
		insert: (table, values) => insert(db, table, values),
		next: () => ++count,
		hour: () => new Date(Date.UTC(2031, 0, 1, ++count)).toISOString(),
		start: () => {
			const n = starts++;
			return localInstant(db, 2 + Math.floor(n / 11), `${8 + (n % 11)}:00`);
		},
		makeRoom: async () => {
			await db`
				update bookings set status = 'cancelled', before_change = null, top_up_by = null
				where customer_id is not null and provider_id = ${scene.published.id} and status in ('pending', 'confirmed')`;
		},
		close: async () => {
			await db.end();
			await here.close();
		}
	};
	const suspended = await here.admin.client.rpc('suspend_account', { user_id: blocked.id, reason: 'essai' });
	if (suspended.error) throw suspended.error;
	return scene;
}

function mapValues<K extends string, A, B>(record: Record<K, A>, change: (value: A) => B): Record<K, B> {
	return Object.fromEntries(Object.entries(record).map(([name, value]) => [name, change(value as A)])) as Record<K, B>;
}
