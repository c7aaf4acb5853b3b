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
