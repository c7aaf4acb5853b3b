import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { makeNeighbourhood } from './people.ts';
import type { Client, Neighbourhood } from './people.ts';

let here: Neighbourhood;
let client: Client;
let provider_id: string;
const most: Record<string, number> = {};

beforeAll(async () => {
	here = await makeNeighbourhood();
	client = here.zineb.client;
	provider_id = here.salon.id;
	for (const { name, most: figure } of await here.db<{ name: string; most: number }[]>`
		select name, most from private.provider_caps`)
		most[name] = figure;
});
afterAll(() => here.close());

const times = <Row>(count: number, row: (n: number) => Row): Row[] => Array.from({ length: count }, (_, n) => row(n));
const day = (n: number) => new Date(Date.UTC(2031, 0, 1 + n)).toISOString().slice(0, 10);
const hours = (weekday: number) => ({ provider_id, weekday, opens: '09:00', closes: '12:00' });

/** Rows of each table that a business fills itself, as many as are asked for; one for each day where a day has a cap too. */
const fills: Record<string, (count: number) => Record<string, unknown>[]> = {
	services: (count) => times(count, (n) => ({ provider_id, name_fr: `N° ${n}`, duration_minutes: 30, price_minor: 1 })),
	resources: (count) => times(count, (n) => ({ provider_id, kind: 'table', name: `N° ${n}` })),
	hour_profiles: (count) =>
		times(count, (n) => ({ provider_id, name: `N° ${n}`, starts_on: day(2 * n), ends_on: day(2 * n) })),
	special_days: (count) => times(count, (n) => ({ provider_id, day: day(n) })),
	closures: (count) => times(count, (n) => ({ provider_id, period: `[${day(n)},${day(n + 1)})`, reason: 'x' })),
	opening_hours: (count) => times(count, (n) => ({ ...hours(1 + (n % 7)), valid_from: day(n), valid_to: day(n) })),
	promo_codes: (count) => times(count, (n) => ({ provider_id, code: `CAP${n}`, percent: 10 }))
};

describe('a business enters no more than a cap of', () => {
	test.each(Object.keys(fills))('%s, and what would go beyond is refused as a whole', async (table) => {
		const rows = () => here.db`select from ${here.db(table)} where provider_id = ${provider_id}`;
		const before = (await rows()).count;
		const { error } = await client.from(table as 'services').insert(fills[table]!(most[table]! + 1) as never);
		expect(error).toMatchObject({ code: 'PT422', message: 'limit_reached', details: table });
		expect((await rows()).count).toBe(before);
	});

	test('resources, of two who add at once too', async () => {
		const room = most.resources! - (await here.db`select from resources where provider_id = ${provider_id}`).count;
		const half = Math.ceil(room / 2) + 1;
		const added = await Promise.all([1, 2].map(() => client.from('resources').insert(fills.resources!(half) as never)));
		expect(added.map(({ error }) => error?.message ?? 'added').sort()).toEqual(['added', 'limit_reached']);
	});

	test('links, neighbours and seats', async () => {
		const tables = await here.db<{ id: string }[]>`
			select id from resources where provider_id = ${provider_id} and kind = 'table' order by id`;
		expect(tables.length).toBeGreaterThan(most.neighbours_of_table! + 1);
		const [first, ...others] = tables.map(({ id }) => id);
		const around = others.slice(0, most.neighbours_of_table! + 1).map((neighbour_id) => ({
			...{ provider_id, resource_id: first!, neighbour_id }
		}));
		const crowded = await client.from('table_neighbours').insert(around);
		expect(crowded.error).toMatchObject({ message: 'limit_reached', details: 'neighbours_of_table' });
		expect((await client.from('table_neighbours').insert(around.slice(1))).error).toBeNull();
		const seats = times(most.seats! + 1, (n) => ({
			...{ provider_id, resource_id: first!, label: `S${n}` },
			...{ row_number: 1 + Math.floor(n / 200), column_number: 1 + (n % 200) }
		}));
		expect((await client.from('seats').insert(seats)).error).toMatchObject({
			message: 'limit_reached',
			details: 'seats'
		});
	});

	test('neighbours of a table, whichever of the two it is', async () => {
		const tables = await here.db<{ id: string }[]>`
			select id from resources where provider_id = ${provider_id} and kind = 'table' order by id`;
		const around = tables.slice(-2 - most.neighbours_of_table!, -1).map(({ id }) => ({
			...{ provider_id, resource_id: id, neighbour_id: tables.at(-1)!.id }
		}));
		const crowded = await client.from('table_neighbours').insert(around);
		expect(crowded.error).toMatchObject({ message: 'limit_reached', details: 'neighbours_of_table' });
		expect((await client.from('table_neighbours').insert(around.slice(1))).error).toBeNull();
	});

	test('hours and sessions on one day', async () => {
		const { error } = await client.from('opening_hours').insert(times(most.hours_of_day!, () => hours(1)));
		expect(error).toMatchObject({ message: 'limit_reached', details: 'hours_of_day' });
		const special = times(most.hours_of_day! + 1, () => ({
			provider_id,
			day: day(9000),
			opens: '09:00',
			closes: '10:00'
		}));
		expect((await client.from('special_days').insert(special)).error).toMatchObject({ details: 'hours_of_day' });
		const [service] = await here.db`
			insert into services (provider_id, mode, name_fr, duration_minutes, price_minor)
			values (${provider_id}, 'session', 'Séances', 10, 1) returning id`;
		const [room] = await here.db`
			update resources set kind = 'room', capacity = 5 where id = (
				select id from resources where provider_id = ${provider_id} and kind = 'table' limit 1
			) returning id`;
		const sessions = times(most.sessions_of_day! + 1, (n) => ({
			...{ provider_id, service_id: service!.id as string, resource_id: room!.id as string, capacity: 5 },
			starts_at: new Date(Date.UTC(2031, 5, 1, 6, 10 * n)).toISOString(),
			ends_at: new Date(Date.UTC(2031, 5, 1, 6, 10 * n + 10)).toISOString()
		}));
		expect((await client.from('sessions').insert(sessions)).error).toMatchObject({
			...{ message: 'limit_reached', details: 'sessions_of_day' }
		});
	});
});

test('a session that was over counts with those to come once it is moved there', async () => {
	const moved = here.db.begin(async (sql) => {
		const [service] = await sql`
			insert into services (provider_id, mode, name_fr, duration_minutes, price_minor)
			values (${here.plumber.id}, 'session', 'Cours', 60, 1) returning id`;
		const [room] = await sql`
			insert into resources (provider_id, kind, name, capacity) values (${here.plumber.id}, 'room', 'Salle', 5) returning id`;
		const plan = (days: number) => sql`
			insert into sessions (provider_id, service_id, resource_id, starts_at, ends_at, capacity, created_at)
			select ${here.plumber.id}, ${service!.id}, ${room!.id}, t, t + interval '1 hour', 5, t - interval '1 day'
			from (select now() + make_interval(days => ${days})) as at (t) returning id`;
		await sql`update private.provider_caps set most = 2 where name = 'sessions'`;
		const [over] = await plan(-5);
		await plan(5);
		await plan(6);
		await sql`
			update sessions set starts_at = now() + interval '7 days', ends_at = now() + interval '8 days' where id = ${over!.id}`;
	});
	await expect(moved).rejects.toMatchObject({ message: 'limit_reached', detail: 'sessions' });
});

test('a business that nobody could reckon with slows no search, and its tables are still joined', async () => {
	// written by hand, past the caps: 45 tables that all stand side by side
	const city = `crowd-${randomUUID()}`;
	await here.db`
		insert into cities (slug, name_fr, name_ar, name_en, latitude, longitude) values (${city}, 'x', 'x', 'x', 33, -7)`;
	const [crowd] = await here.db<{ id: string }[]>`
		insert into providers (slug, name, category_id, city_slug, district, address, latitude, longitude, status, cancellation_policy_id)
		select ${`crowd-${randomUUID()}`}, 'Foule', category_id, ${city}, district, address, latitude, longitude, status, cancellation_policy_id
		from providers where id = ${here.plumber.id} returning id`;
	await here.db`update private.provider_caps set most = most * 100 where name in ('table_neighbours', 'neighbours_of_table')`;
	try {
		await here.db`
			insert into resources (provider_id, kind, name, capacity)
			select ${crowd!.id}, 'table', n::text, 4 from generate_series(1, 45) n`;
		await here.db`
			insert into table_neighbours (provider_id, resource_id, neighbour_id)
			select ${crowd!.id}, a.id, b.id from resources a, resources b
			where a.provider_id = ${crowd!.id} and b.provider_id = ${crowd!.id} and a.id < b.id`;
	} finally {
		await here.db`update private.provider_caps set most = most / 100 where name in ('table_neighbours', 'neighbours_of_table')`;
	}
	const [service] = await here.db<{ id: string }[]>`
		insert into services (provider_id, mode, name_fr, duration_minutes, step_minutes, price_minor, min_party, max_party)
		values (${crowd!.id}, 'table', 'Table', 60, 5, 0, 13, 20) returning id`;
	await here.db`
		insert into service_resources (service_id, resource_id)
		select ${service!.id}, id from resources where provider_id = ${crowd!.id}`;
	await here.db`
		insert into opening_hours (provider_id, weekday, opens, closes)
		select ${crowd!.id}, day, '00:00', '00:00' from generate_series(1, 7) as day`;

	const found = await here.visitor.rpc('search_providers', { city });
	expect(found.error).toBeNull();
	// when it is free nobody has found out, which is not to say that it is not
	expect(found.data!.map(({ id, next_free_at, next_free_known }) => [id, next_free_at, next_free_known])).toEqual([
		[crowd!.id, null, false]
	]);
	const day = (await here.db`select (private.to_local(now(), 'Africa/Casablanca')::date + 3)::text as day`)[0]!
		.day as string;
	const that = await here.visitor.rpc('search_providers', { city, free_on: day });
	expect(that.data!.map(({ id, next_free_at, next_free_known }) => [id, next_free_at, next_free_known])).toEqual([
		[crowd!.id, null, false]
	]);
	// a day on which all are away is no work, and known
	await here.db`
		insert into closures (provider_id, period)
		select ${crowd!.id}, tstzrange(lower(d) - interval '1 day', upper(d) + interval '1 day')
		from private.local_day(${day}, 'Africa/Casablanca') as d`;
	expect((await here.visitor.rpc('search_providers', { city, free_on: day })).data).toEqual([]);
	// so many days at once are refused, not cut off
	const ask = (to_date: string) =>
		here.visitor.rpc('available_slots', { service_id: service!.id, from_date: day, to_date, party_size: 13 });
	const [later] = await here.db`select (${day}::date + 62)::text as day`;
	expect((await ask(later!.day as string)).error).toMatchObject({ message: 'invalid_input', details: 'to_date' });
	expect((await ask(day)).error).toBeNull();
	const groups = await here.db<{ tables: string[]; capacity: number }[]>`
		select * from private.table_groups(${service!.id}, 13)`;
	expect(groups.length).toBeLessThanOrEqual(2000);
	expect(new Set(groups.map(({ tables, capacity }) => `${tables.length} ${capacity}`))).toEqual(new Set(['4 16']));
	// one, two and three tables are found as well: whom they seat needs no more
	for (const [party, tables] of [
		[4, 1],
		[8, 2],
		[12, 3]
	] as const) {
		const [smallest] = await here.db<{ tables: string[] }[]>`
			select * from private.table_groups(${service!.id}, ${party}) order by cardinality(tables) limit 1`;
		expect(smallest!.tables).toHaveLength(tables);
	}
	expect(await here.db`select * from private.table_groups(${service!.id}, 17)`).toHaveLength(0);
});

test('a search for a day looks at so many businesses and says of which it does not know', async () => {
	const { db } = here;
	const city = `heavy-${randomUUID()}`;
	await db`
		insert into cities (slug, name_fr, name_ar, name_en, latitude, longitude) values (${city}, 'x', 'x', 'x', 33, -7)`;
	// each just what one may be: 69 people, a start each five minutes, none of which may be booked so far ahead
	await db`
		with made as (
			insert into providers (slug, name, category_id, city_slug, district, address, latitude, longitude, status, cancellation_policy_id)
			select 'heavy-' || gen_random_uuid(), 'Lourd', category_id, ${city}, district, address, latitude, longitude, status,
				cancellation_policy_id
			from providers, generate_series(1, 17) where id = ${here.plumber.id} returning id
		), offered as (
			insert into services (provider_id, name_fr, duration_minutes, step_minutes, price_minor, horizon_days)
			select id, 'Lourd', 60, 5, 0, 1 from made returning id, provider_id
		), team as (
			insert into resources (provider_id, kind, name)
			select id, 'staff', n::text from made, generate_series(1, 69) as n returning id, provider_id
		), hours as (
			insert into opening_hours (provider_id, weekday, opens, closes)
			select id, day, '00:00', '00:00' from made, generate_series(1, 7) as day
		)
		insert into service_resources (service_id, resource_id)
		select o.id, t.id from offered o join team t on t.provider_id = o.provider_id`;
	const [day] = await db`select (private.to_local(now(), 'Africa/Casablanca')::date + 20)::text as day`;
	const { data, error } = await here.visitor.rpc('search_providers', { city, free_on: day!.day as string });
	expect(error).toBeNull();
	expect(data!.map(({ next_free_known }) => next_free_known)).toEqual([false, false]);
});

test('sessions that are over when they are entered count too, and one that is moved ahead is to come', async () => {
	const { db } = here;
	const attempt = (past: number, moved: boolean) =>
		db.begin(async (tx) => {
			await tx`update private.provider_caps set most = 2 where name = 'sessions'`;
			const [made] = await tx`
				with show as (
					insert into services (provider_id, mode, name_fr, duration_minutes, price_minor)
					values (${here.plumber.id}, 'session', 'Passé', 10, 1) returning id
				), hall as (
					insert into resources (provider_id, kind, name, capacity)
					values (${here.plumber.id}, 'room', ${randomUUID()}, 5) returning id
				)
				select show.id as show, hall.id as hall from show, hall`;
			const rows = await tx`
				insert into sessions (provider_id, service_id, resource_id, starts_at, ends_at, capacity, created_at)
				select ${here.plumber.id}, ${made!.show}, ${made!.hall}, now() + n * interval '1 hour',
					now() + n * interval '1 hour' + interval '10 minutes', 5, now() - interval '9 days'
				from (select 30 as n union all select 31 union all select -20 where ${moved}) as n returning id, starts_at`;
			await tx`
				insert into sessions (provider_id, service_id, resource_id, starts_at, ends_at, capacity)
				select ${here.plumber.id}, ${made!.show}, ${made!.hall}, now() - n * interval '2 hours',
					now() - n * interval '2 hours' + interval '10 minutes', 5
				from generate_series(1, ${past}::int) as n`;
			if (moved) {
				await tx`
					update sessions set starts_at = now() + interval '40 hours', ends_at = now() + interval '41 hours'
					where id = ${rows[2]!.id}`;
			}
			throw new Error('fits');
		});
	await expect(attempt(0, false)).rejects.toThrow('fits');
	await expect(attempt(1, false)).rejects.toThrow('limit_reached');
	await expect(attempt(0, true)).rejects.toThrow('limit_reached');
});

describe('days and times that clients write', () => {
	test('are all bounded by the calendar', async () => {
		const unbounded = await here.db`
			select c.table_name || '.' || c.column_name as name
			from information_schema.columns c
			where c.table_schema = 'public'
				and c.udt_name in ('date', 'timestamp', 'timestamptz', 'daterange', 'tsrange', 'tstzrange', 'datemultirange', 'tsmultirange', 'tstzmultirange')
				and (
					has_column_privilege('anon', format('public.%I', c.table_name), c.column_name, 'insert, update')
					or has_column_privilege('authenticated', format('public.%I', c.table_name), c.column_name, 'insert, update')
				)
				and not exists (
					select from pg_constraint k
					where k.conrelid = format('public.%I', c.table_name)::regclass and k.contype = 'c'
						and pg_get_constraintdef(k.oid) like '%in_calendar(' || c.column_name || ')%'
				)`;
		expect(unbounded).toEqual([]);
	});

	test('and what has no end is refused', async () => {
		const refused = async (table: string, row: Record<string, unknown>) =>
			(await client.from(table as 'closures').insert({ provider_id, ...row } as never)).error?.code;
		for (const period of ['[2031-01-01,infinity)', '[-infinity,infinity)', '[0001-01-01,9999-12-31)'])
			expect(await refused('closures', { period })).toBe('23514');
		expect(await refused('special_days', { day: 'infinity' })).toBe('23514');
		expect(await refused('hour_profiles', { name: 'x', starts_on: '2031-01-01', ends_on: 'infinity' })).toBe('23514');
		expect(await refused('opening_hours', { ...hours(1), valid_to: 'infinity' })).toBe('23514');
		expect(await refused('promo_codes', { code: 'ENDLESS', percent: 10, valid_to: 'infinity' })).toBe('23514');
	});
});
