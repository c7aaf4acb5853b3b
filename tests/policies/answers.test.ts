import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { makeNeighbourhood } from './people.ts';
import type { Neighbourhood } from './people.ts';

// An answer of rows ends at the API's thousand; what may be more comes as one array, so that "all" is all.
let here: Neighbourhood;

beforeAll(async () => {
	here = await makeNeighbourhood();
});
afterAll(() => here.close());

const plus = (day: string, days: number) =>
	new Date(Date.parse(`${day}T00:00Z`) + days * 86_400_000).toISOString().slice(0, 10);

/** Tomorrow in Casablanca. */
async function tomorrow(): Promise<string> {
	const [row] = await here.db`select (private.to_local(now(), 'Africa/Casablanca')::date + 1)::text as day`;
	return row!.day as string;
}

describe('free times', () => {
	test.each([
		{ step: 30, opens: '09:00', closes: '19:00', aDay: 19 },
		{ step: 5, opens: '00:00', closes: '00:00', aDay: 288 }
	])('of 63 days in steps of $step minutes are told to the last', async ({ step, opens, closes, aDay }) => {
		const { db, salon, visitor } = here;
		await db`
			update services set step_minutes = ${step}, duration_minutes = 60, horizon_days = 100, notice_minutes = 0
			where id = ${salon.service}`;
		await db`delete from opening_hours where provider_id = ${salon.id}`;
		await db`
			insert into opening_hours (provider_id, weekday, opens, closes)
			select ${salon.id}, day, ${opens}, ${closes} from generate_series(1, 7) as day`;
		const first = await tomorrow();
		const { data, error } = await visitor.rpc('available_slots', {
			service_id: salon.service,
			from_date: first,
			to_date: plus(first, 62)
		});
		expect(error).toBeNull();
		expect(data).toHaveLength(63 * aDay);
		expect(data!.at(-1)!.local_starts_at.slice(0, 10)).toBe(plus(first, 62));
		expect(Object.keys(data![0]!).toSorted()).toEqual([
			'ends_at',
			'free',
			'local_starts_at',
			'session_id',
			'starts_at'
		]);
		expect(data![0]).toMatchObject({ starts_at: expect.stringMatching(/^\d{4}-\d\d-\d\dT[\d:]+\+00:00$/), free: 2 });
	});

	test('are an empty list where there are none', async () => {
		const { db, salon, visitor } = here;
		await db`delete from opening_hours where provider_id = ${salon.id}`;
		const day = await tomorrow();
		const answer = await visitor.rpc('available_slots', { service_id: salon.service, from_date: day, to_date: day });
		expect(answer).toMatchObject({ data: [], error: null });
	});
});

describe('a session', () => {
	const hall = async (capacity: number) => {
		const { db, salon } = here;
		const [room] = await db<{ id: string }[]>`
			insert into resources (provider_id, kind, name, capacity)
			values (${salon.id}, 'room', 'Grande salle', ${capacity}) returning id`;
		const [service] = await db<{ id: string }[]>`
			insert into services (provider_id, mode, name_fr, duration_minutes, price_minor, price_per, max_party)
			values (${salon.id}, 'session', 'Concert', 60, 4000, 'person', 10) returning id`;
		return { room: room!.id, service: service!.id };
	};

	test('in a hall of 2,400 numbered seats shows every seat', async () => {
		const { db, salon, visitor } = here;
		const { room, service } = await hall(2400);
		await db`
			insert into seats (provider_id, resource_id, label, category, row_number, column_number)
			select ${salon.id}, ${room}, 'R' || r || '-' || c, 'standard', r, c
			from generate_series(1, 40) r, generate_series(1, 60) c`;
		const [session] = await db<{ id: string }[]>`
			insert into sessions (provider_id, service_id, resource_id, starts_at, ends_at, capacity)
			values (${salon.id}, ${service}, ${room}, now() + interval '3 days', now() + interval '73 hours', 2400) returning id`;
		const { data, error } = await visitor.rpc('session_seats', { session_id: session!.id });
		expect(error).toBeNull();
		expect(data).toHaveLength(2400);
		expect([data![0]!.label, data!.at(-1)!.label]).toEqual(['R1-1', 'R40-60']);
		expect(data![0]).toEqual({
			...{ label: 'R1-1', category: 'standard', row_number: 1, column_number: 1 },
			...{ wheelchair: false, price_minor: 4000, free: true }
		});
	});

	test('is listed with all of its kind, however many there are', async () => {
		const { db, salon, visitor } = here;
		const { room, service } = await hall(10);
		const first = await tomorrow();
		await db`
			insert into sessions (provider_id, service_id, resource_id, starts_at, ends_at, capacity)
			select ${salon.id}, ${service}, ${room}, at, at + interval '15 minutes', 10
			from generate_series(1, 50) day, generate_series(0, 22) n,
				private.to_instant(${first}::date + day + time '08:00' + n * interval '30 minutes', 'Africa/Casablanca') as at`;
		const { data, error } = await visitor.rpc('available_slots', {
			service_id: service,
			from_date: first,
			to_date: plus(first, 62)
		});
		expect(error).toBeNull();
		expect(data).toHaveLength(50 * 23);
		expect(new Set(data!.map(({ session_id }) => session_id)).size).toBe(50 * 23);
	});
});

test('how to reach customers is told for as many bookings as are asked about', async () => {
	const { db, plumber, youssef } = here;
	const ids = Array.from({ length: 1200 }, () => randomUUID());
	// past, so that nothing meets and nobody is told
	await db`
		insert into bookings (
			id, reference, provider_id, service_id, mode, status, customer_name, customer_email, language, starts_at, ends_at,
			local_starts_at, time_zone, party_size, price_minor, deposit_minor, currency, policy, idempotency_key
		)
		select
			id, left(id::text, 12), ${plumber.id}, ${plumber.freeService}, 'appointment', 'completed', 'Zoubida',
			'zoubida@example.com', 'fr', at, at + interval '1 hour', private.to_local(at, 'Africa/Casablanca'),
			'Africa/Casablanca', 1, 0, 0, 'MAD', '{}', gen_random_uuid()
		from unnest(${ids}::uuid[]) with ordinality as x (id, n), lateral (select now() - interval '1 day' - n * interval '1 minute') as t (at)`;
	const { data, error } = await youssef.client.rpc('booking_contacts', { booking_ids: ids });
	expect(error).toBeNull();
	expect(data).toHaveLength(1200);
	expect(data![0]).toMatchObject({ email: 'zoubida@example.com', phone: null, address: null });
	await db`delete from bookings where id = any (${ids}::uuid[])`;
});
