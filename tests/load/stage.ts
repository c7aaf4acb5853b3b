import { createClient } from '@supabase/supabase-js';
import type { SupabaseClient } from '@supabase/supabase-js';
import { randomUUID } from 'node:crypto';
import type { Sql } from 'postgres';
import type { Database } from '../../src/lib/supabase/database.ts';

/** The project under load: its REST as visitors reach it, its database for what is set up and looked up. */
export interface Target {
	client: SupabaseClient<Database>;
	sql: Sql;
	/** where its database is, for who needs a connection of their own */
	databaseUrl: string;
}

/** Where a proof takes place: a project of its own. `check` raises when the run was asked to stop. */
export interface Ground {
	facts: {
		API_URL: string;
		PUBLISHABLE_KEY: string;
		SECRET_KEY: string;
		DB_URL: string;
		SITE_URL: string;
		STRIPE_URL: string;
	};
	sql: Sql;
	check(): void;
}

/** A visitor's client for a storm; it keeps nothing. */
export function storming(url: string, publishableKey: string): SupabaseClient<Database> {
	return createClient<Database>(url, publishableKey, {
		auth: { persistSession: false, autoRefreshToken: false, detectSessionInUrl: false }
	});
}

/** A business that sells one of each mode, as scarce as can be. */
export interface Stage {
	provider: string;
	/** one member of staff, an hour each; paid on site */
	appointment: string;
	/** the same with a deposit, so that its bookings begin as holds */
	deposit: string;
	/** one table for four */
	table: string;
	/** three tables for two side by side */
	tables: string;
	/** a room with the seats A1 to A6 */
	film: string;
	/** a room without numbers */
	course: string;
	room: { numbered: string; plain: string };
}

const first = <T>(rows: readonly T[]) => rows[0]!;

/** Makes the business. Its approval is automatic: what is booked without a deposit is confirmed at once. */
export async function makeStage(sql: Sql): Promise<Stage> {
	const slug = `storm-${randomUUID().slice(0, 8)}`;
	await sql`
		insert into cities (slug, name_fr, name_ar, name_en, latitude, longitude)
		values ('testville', 'Testville', 'تستفيل', 'Testville', 33.5, -7.6) on conflict do nothing`;
	const category = first(
		await sql`
			insert into categories (slug, name_fr, name_ar, name_en, icon)
			values (${slug}, 'Essais', 'تجارب', 'Trials', 'wrench') returning id`
	).id as string;
	const provider = first(
		await sql`
			insert into providers (
				slug, name, category_id, city_slug, district, address, latitude, longitude, status, approval, cancellation_policy_id
			)
			select ${slug}, 'Tempête', ${category}, 'testville', 'Centre', '1 rue des Essais', 33.5, -7.6, 'published', 'automatic', id
			from cancellation_policies where code = 'moderate' returning id`
	).id as string;
	const service = async (mode: string, name: string, maxParty: number, deposit = 0) =>
		first(
			await sql`
				insert into services (
					provider_id, mode, name_fr, duration_minutes, step_minutes, notice_minutes, price_minor, deposit_percent, max_party
				)
				values (${provider}, ${mode}, ${name}, 60, 60, 0, 10000, ${deposit}, ${maxParty}) returning id`
		).id as string;
	const resource = async (kind: string, name: string, capacity: number, ...services: string[]) => {
		const id = first(
			await sql`
				insert into resources (provider_id, kind, name, capacity) values (${provider}, ${kind}, ${name}, ${capacity})
				returning id`
		).id as string;
		for (const one of services)
			await sql`insert into service_resources (service_id, resource_id) values (${one}, ${id})`;
		return id;
	};

	const appointment = await service('appointment', 'Rendez-vous', 1);
	const deposit = await service('appointment', 'Avec acompte', 1, 30);
	await resource('staff', 'Karim', 1, appointment, deposit);
	const table = await service('table', 'Déjeuner', 4);
	await resource('table', 'Table', 4, table);
	const tables = await service('table', 'Dîner', 6);
	const row = [];
	for (const name of ['A', 'B', 'C']) row.push(await resource('table', name, 2, tables));
	for (const [one, other] of [row.slice(0, 2), row.slice(1)].map((pair) => pair.toSorted()) as [string, string][]) {
		await sql`insert into table_neighbours (provider_id, resource_id, neighbour_id) values (${provider}, ${one}, ${other})`;
	}
	const film = await service('session', 'Film', 6);
	const course = await service('session', 'Stage', 6);
	const numbered = await resource('room', 'Salle 1', 6);
	const plain = await resource('room', 'Salle 2', 100);
	await sql`
		insert into seats (provider_id, resource_id, label, row_number, column_number)
		select ${provider}, ${numbered}, 'A' || n, 1, n from generate_series(1, 6) as n`;
	await sql`
		insert into opening_hours (provider_id, weekday, opens, closes)
		select ${provider}, day, '08:00', '20:00' from generate_series(1, 7) as day`;
	return { provider, appointment, deposit, table, tables, film, course, room: { numbered, plain } };
}

/** The client of an owner of the business, a new account that is signed in. */
export async function makeOwner(
	sql: Sql,
	{ provider }: Stage,
	project: { url: string; publishableKey: string; secretKey: string }
): Promise<SupabaseClient<Database>> {
	const credentials = { email: `owner.${randomUUID()}@example.com`, password: randomUUID() };
	const made = await storming(project.url, project.secretKey).auth.admin.createUser({
		...credentials,
		email_confirm: true
	});
	if (made.error) throw made.error;
	await sql`
		insert into provider_members (provider_id, user_id, role) values (${provider}, ${made.data.user.id}, 'owner')`;
	const owner = storming(project.url, project.publishableKey);
	const { error } = await owner.auth.signInWithPassword(credentials);
	if (error) throw error;
	return owner;
}

/** An instant on a local day and hour of the business, `days` from today, as ISO text. */
export async function startAt(sql: Sql, days: number, hour: number): Promise<string> {
	const [row] = await sql<{ at: Date }[]>`
		select private.to_instant(
			private.to_local(now(), 'Africa/Casablanca')::date + ${days}::int + make_interval(hours => ${hour}), 'Africa/Casablanca'
		) as at`;
	return row!.at.toISOString();
}

/** Plans an hour's session in one of the rooms. */
export async function planSession(sql: Sql, stage: Stage, kind: 'film' | 'course', at: string, capacity: number) {
	const room = kind === 'film' ? stage.room.numbered : stage.room.plain;
	const [row] = await sql<{ id: string }[]>`
		insert into sessions (provider_id, service_id, resource_id, starts_at, ends_at, capacity)
		values (${stage.provider}, ${stage[kind]}, ${room}, ${at}, ${at}::timestamptz + interval '1 hour', ${capacity})
		returning id`;
	return row!.id;
}

/** Runs some work with limits out of the way that are there to stop what it does, and puts them back. */
export async function withoutLimits<T>(sql: Sql, work: () => Promise<T>): Promise<T> {
	const calls = await sql<{ name: string; max_calls: number }[]>`select name, max_calls from private.rate_limits`;
	const attempts = await sql<{ kind: string; scope: string; max_attempts: number }[]>`
		select kind, scope, max_attempts from private.attempt_limits`;
	const customers = await sql<{ name: string; most: number }[]>`select name, most from private.customer_caps`;
	const providers = await sql<{ name: string; most: number }[]>`
		select name, most from private.provider_caps where name like '%waiting%' or name = 'open_guest_offers'`;
	await sql`update private.customer_caps set most = 1000000`;
	await sql`update private.provider_caps set most = 1000000 where name in ${sql(providers.map(({ name }) => name))}`;
	await sql`update private.rate_limits set max_calls = 1000000`;
	await sql`update private.attempt_limits set max_attempts = 1000000`;
	try {
		return await work();
	} finally {
		for (const { name, most } of customers)
			await sql`update private.customer_caps set most = ${most} where name = ${name}`;
		for (const { name, most } of providers)
			await sql`update private.provider_caps set most = ${most} where name = ${name}`;
		for (const { name, max_calls } of calls)
			await sql`update private.rate_limits set max_calls = ${max_calls} where name = ${name}`;
		for (const { kind, scope, max_attempts } of attempts)
			await sql`
				update private.attempt_limits set max_attempts = ${max_attempts} where kind = ${kind} and scope = ${scope}`;
	}
}
