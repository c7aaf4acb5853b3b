import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { localInstant, makeNeighbourhood } from './people.ts';
import type { Client, Neighbourhood } from './people.ts';

let here: Neighbourhood;
let dinner: string;
const tables: Record<string, string> = {};
let film: string;
let course: string;
let numberedRoom: string;
let plainRoom: string;
const guest = { name: 'Zoubida', email: 'zoubida@example.com' };

beforeAll(async () => {
	here = await makeNeighbourhood();
	const { db, salon } = here;
	const [service] = await db`
		insert into services (provider_id, mode, name_fr, duration_minutes, price_minor, deposit_percent, price_per, min_party, max_party)
		values (${salon.id}, 'table', 'Dîner', 120, 5000, 0, 'person', 1, 12) returning id`;
	dinner = service!.id as string;
	// A and B seat two, C four, D six; A–B and B–C stand side by side, D alone.
	for (const [name, capacity] of [
		['A', 2],
		['B', 2],
		['C', 4],
		['D', 6]
	] as const) {
		const [row] = await db`
			insert into resources (provider_id, kind, name, capacity, position)
			values (${salon.id}, 'table', ${name}, ${capacity}, 1) returning id`;
		tables[name] = row!.id as string;
		await db`insert into service_resources (service_id, resource_id) values (${dinner}, ${tables[name]!})`;
	}
	for (const [one, other] of [
		['A', 'B'],
		['B', 'C']
	] as const) {
		const [first, second] = [tables[one]!, tables[other]!].sort() as [string, string];
		await db`insert into table_neighbours values (${salon.id}, ${first}, ${second})`;
	}
	const sessionServices = await db`
		insert into services (provider_id, mode, name_fr, duration_minutes, price_minor, price_per, max_party, notice_minutes)
		values (${salon.id}, 'session', 'Film', 120, 4000, 'person', 6, 0),
			(${salon.id}, 'session', 'Stage', 120, 4000, 'person', 6, 0) returning id`;
	[film, course] = sessionServices.map((row) => row.id as string) as [string, string];
	const rooms = await db`
		insert into resources (provider_id, kind, name, capacity) values
			(${salon.id}, 'room', 'Salle 1', 6), (${salon.id}, 'room', 'Salle 2', 100) returning id`;
	[numberedRoom, plainRoom] = rooms.map((row) => row.id as string) as [string, string];
	for (let n = 1; n <= 6; n++) {
		await db`
			insert into seats (provider_id, resource_id, label, category, row_number, column_number)
			values (${salon.id}, ${numberedRoom}, ${`A${n}`}, ${n > 4 ? 'premium' : 'standard'}, 1, ${n})`;
	}
	await db`insert into seat_prices values (${salon.id}, ${film}, 'premium', 7000)`;
});
afterAll(() => here.close());

function book(client: Client, more: Record<string, unknown>) {
	return client.rpc('create_booking', { guest, idempotency_key: randomUUID(), ...more } as never);
}

async function tablesOf(booking: string): Promise<string> {
	const rows = await here.db<{ name: string }[]>`
		select r.name from occupancies o join resources r on r.id = o.resource_id
		where o.booking_id = ${booking} order by r.name`;
	return rows.map(({ name }) => name).join('');
}

async function plan(service: string, room: string, starts: string, capacity: number): Promise<string> {
	const [row] = await here.db`
		insert into sessions (provider_id, service_id, resource_id, starts_at, ends_at, capacity)
		values (${here.salon.id}, ${service}, ${room}, ${starts}, ${starts}::timestamptz + interval '2 hours', ${capacity})
		returning id`;
	return row!.id as string;
}

describe('a table', () => {
	const party = async (at: string, party_size: number) =>
		book(here.visitor, { service_id: dinner, starts_at: at, party_size });

	test('is the smallest that seats the party, then the smallest group of neighbours', async () => {
		const at = await localInstant(here.db, 3, '12:00');
		const taken: string[] = [];
		for (const size of [3, 2, 1, 5]) {
			const { data, error } = await party(at, size);
			expect(error).toBeNull();
			taken.push(await tablesOf(data!.booking_id!));
		}
		expect(taken[0]).toBe('C');
		expect([taken[1], taken[2]].sort()).toEqual(['A', 'B']);
		expect(taken[3]).toBe('D');
		expect((await party(at, 1)).error?.message).toBe('slot_taken');
	});

	test('may be several that stand side by side, and only such', async () => {
		const at = await localInstant(here.db, 4, '12:00');
		const eight = await party(at, 8);
		expect(await tablesOf(eight.data!.booking_id!)).toBe('ABC');
		const seven = await party(at, 7);
		expect(seven.error).toMatchObject({ code: 'PT409', message: 'slot_taken' });
		expect(await tablesOf((await party(at, 6)).data!.booking_id!)).toBe('D');
		// A, B, C and D together would seat twelve, but D stands alone
		expect((await party(await localInstant(here.db, 4, '16:00'), 9)).error?.message).toBe('slot_taken');
	});

	test('is offered as often as bookings fit, and priced for each person', async () => {
		const at = await localInstant(here.db, 5, '12:00');
		const free = async (party_size: number) => {
			const { data } = await here.visitor.rpc('available_slots', {
				service_id: dinner,
				from_date: at.slice(0, 10),
				to_date: at.slice(0, 10),
				party_size
			});
			return data!.find(({ starts_at }) => Date.parse(starts_at) === Date.parse(at))?.free ?? 0;
		};
		expect([await free(2), await free(4), await free(6), await free(8), await free(12)]).toEqual([4, 2, 1, 1, 0]);
		const quote = await here.visitor.rpc('quote_booking', { service_id: dinner, starts_at: at, party_size: 4 });
		expect(quote.data).toMatchObject({ price_minor: 20000 });
		await party(at, 4);
		expect([await free(2), await free(4), await free(8)]).toEqual([3, 1, 0]);
	});

	test('refuses parties that the house does not take', async () => {
		const at = await localInstant(here.db, 5, '18:00');
		for (const size of [0, 13, 10_000]) {
			expect((await party(at, size)).error).toMatchObject({ code: 'PT422', message: 'party_size' });
		}
	});

	test('forty at once for the last tables: as many as there are', async () => {
		const at = await localInstant(here.db, 6, '12:00');
		const answers = await Promise.all(Array.from({ length: 40 }, () => party(at, 4)));
		expect(answers.filter(({ error }) => error === null)).toHaveLength(3);
		for (const { error } of answers) if (error) expect(error.message).toBe('slot_taken');
	});
});

describe('a session', () => {
	test('with numbered seats sells each once, at its category’s price', async () => {
		const session = await plan(film, numberedRoom, await localInstant(here.db, 3, '20:00'), 6);
		const quote = await here.visitor.rpc('quote_booking', {
			service_id: film,
			session_id: session,
			seats: ['A4', 'A5']
		});
		expect(quote.data).toMatchObject({ price_minor: 11000 });
		const ask = (seats: string[]) => book(here.visitor, { service_id: film, session_id: session, seats });
		const first = await ask(['A4', 'A5']);
		expect(first.error).toBeNull();
		expect((await ask(['A5', 'A6'])).error).toMatchObject({ code: 'PT409', message: 'seat_taken' });
		expect((await ask(['Z9'])).error).toMatchObject({ code: 'PT422', message: 'invalid_input', details: 'seats' });
		expect((await ask(['A1', 'A1'])).error?.message).toBe('invalid_input');
		const [row] = await here.db`select taken from sessions where id = ${session}`;
		expect(row!.taken).toBe(2);

		const seen = await here.visitor.rpc('get_booking', { manage_token: first.data!.manage_token! });
		expect(seen.data).toMatchObject({ seats: ['A4', 'A5'], session_id: session, party_size: 2 });
		await here.visitor.rpc('cancel_booking', { manage_token: first.data!.manage_token! });
		expect((await ask(['A5', 'A6'])).error).toBeNull();
	});

	test('forty at once for one seat: one has it', async () => {
		const session = await plan(film, numberedRoom, await localInstant(here.db, 4, '20:00'), 6);
		const answers = await Promise.all(
			Array.from({ length: 40 }, () => book(here.visitor, { service_id: film, session_id: session, seats: ['A1'] }))
		);
		expect(answers.filter(({ error }) => error === null)).toHaveLength(1);
		for (const { error } of answers) if (error) expect(error.message).toBe('seat_taken');
	});

	test('without numbers sells places by count, and never one too many', async () => {
		const session = await plan(course, plainRoom, await localInstant(here.db, 5, '10:00'), 10);
		const ask = (party_size: number) => book(here.visitor, { service_id: course, session_id: session, party_size });
		const answers = await Promise.all(Array.from({ length: 12 }, () => ask(3)));
		expect(answers.filter(({ error }) => error === null)).toHaveLength(3);
		for (const { error } of answers) if (error) expect(error.message).toBe('session_full');
		expect((await ask(1)).error).toBeNull();
		expect((await ask(1)).error).toMatchObject({ code: 'PT409', message: 'session_full' });
	});

	test('is listed with the places left', async () => {
		const at = await localInstant(here.db, 6, '10:00');
		const session = await plan(course, plainRoom, at, 10);
		await book(here.visitor, { service_id: course, session_id: session, party_size: 4 });
		const list = async (party_size: number) =>
			(
				await here.visitor.rpc('available_slots', {
					service_id: course,
					from_date: at.slice(0, 10),
					to_date: at.slice(0, 10),
					party_size
				})
			).data;
		expect(await list(6)).toMatchObject([{ session_id: session, free: 6 }]);
		await book(here.visitor, { service_id: course, session_id: session, party_size: 1 });
		expect(await list(6)).toEqual([]);
	});

	test('never shares its room with another', async () => {
		const at = await localInstant(here.db, 7, '10:00');
		const values = {
			provider_id: here.salon.id,
			service_id: course,
			resource_id: plainRoom,
			starts_at: at,
			ends_at: new Date(Date.parse(at) + 3_600_000).toISOString(),
			capacity: 10
		};
		expect((await here.zineb.client.from('sessions').insert(values)).error).toBeNull();
		const second = await here.zineb.client.from('sessions').insert(values);
		expect(second.error).toMatchObject({ code: 'PT409', message: 'slot_taken' });
		expect((await here.youssef.client.from('sessions').insert(values)).error?.code).toBe('42501');
	});

	test('a lapsed hold’s places go to whoever comes next', async () => {
		const session = await plan(film, numberedRoom, await localInstant(here.db, 8, '20:00'), 6);
		const [b] = (await here.db`update services set deposit_percent = 100 where id = ${film} returning id`) as [object];
		expect(b).toBeTruthy();
		const hold = await book(here.visitor, { service_id: film, session_id: session, seats: ['A1', 'A2'] });
		expect(hold.data?.status).toBe('held');
		await here.db`update bookings set hold_expires_at = now() - interval '1 second' where id = ${hold.data!.booking_id}`;
		expect((await book(here.visitor, { service_id: film, session_id: session, seats: ['A2'] })).error).toBeNull();
		const [row] = await here.db`select taken from sessions where id = ${session}`;
		expect(row!.taken).toBe(1);
		await here.db`update services set deposit_percent = 0 where id = ${film}`;
	});
});

describe('changing a booking', () => {
	test('moves it in one step; refused, it keeps what it has', async () => {
		const [from, to] = [await localInstant(here.db, 9, '12:00'), await localInstant(here.db, 9, '16:00')];
		const mine = await book(here.visitor, { service_id: dinner, starts_at: from, party_size: 8 });
		const other = await book(here.visitor, { service_id: dinner, starts_at: to, party_size: 8 });
		expect([mine.error, other.error]).toEqual([null, null]);
		const move = (starts_at: string, party_size?: number) =>
			here.visitor.rpc('reschedule_booking', { manage_token: mine.data!.manage_token!, starts_at, party_size });
		expect((await move(to)).error).toMatchObject({ code: 'PT409', message: 'slot_taken' });
		expect(await tablesOf(mine.data!.booking_id!)).toBe('ABC');
		const smaller = await move(to, 6);
		expect(smaller.data).toMatchObject({ party_size: 6, price_minor: 30000, status: 'pending' });
		expect(await tablesOf(mine.data!.booking_id!)).toBe('D');
		// the place that it left is free: half an hour earlier overlaps what it had
		expect((await book(here.visitor, { service_id: dinner, starts_at: from, party_size: 8 })).error).toBeNull();
		expect((await move(await localInstant(here.db, 9, '03:00'))).error?.message).toBe('outside_hours');
	});

	test('a time next to its own does not collide with itself', async () => {
		const made = await book(here.visitor, {
			service_id: dinner,
			starts_at: await localInstant(here.db, 10, '12:00'),
			party_size: 8
		});
		const moved = await here.visitor.rpc('reschedule_booking', {
			manage_token: made.data!.manage_token!,
			starts_at: await localInstant(here.db, 10, '12:30')
		});
		expect(moved.error).toBeNull();
		expect(await tablesOf(made.data!.booking_id!)).toBe('ABC');
	});

	test('asks a provider who accepts each request again, and does not bring a lost refund back', async () => {
		const made = await book(here.amina.client, {
			service_id: dinner,
			starts_at: await localInstant(here.db, 1, '18:00'),
			party_size: 2
		});
		const id = made.data!.booking_id!;
		await here.zineb.client.rpc('transition_booking', { booking_id: id, to_status: 'confirmed' });
		// with nothing paid there would be none to lose
		await here.db`
			update bookings set paid_minor = 1000, policy = '{"code": "x", "tiers": [{"hours_before": 200, "refund_percent": 100}]}'
			where id = ${id}`;
		const moved = await here.amina.client.rpc('reschedule_booking', {
			booking_id: id,
			starts_at: await localInstant(here.db, 20, '18:00')
		});
		expect(moved.data).toMatchObject({ status: 'pending' });
		const [row] = await here.db`select refund_cap_percent from bookings where id = ${id}`;
		expect(row!.refund_cap_percent).toBe(0);
		expect((await here.bilal.client.rpc('reschedule_booking', { booking_id: id })).error?.message).toBe('not_found');
	});

	test('to another session keeps the seats, where they are free', async () => {
		const [one, two] = [await localInstant(here.db, 11, '20:00'), await localInstant(here.db, 12, '20:00')];
		const [first, second] = [await plan(film, numberedRoom, one, 6), await plan(film, numberedRoom, two, 6)];
		const mine = await book(here.visitor, { service_id: film, session_id: first, seats: ['A1', 'A2'] });
		const block = await book(here.visitor, { service_id: film, session_id: second, seats: ['A2'] });
		const move = () =>
			here.visitor.rpc('reschedule_booking', { manage_token: mine.data!.manage_token!, starts_at: two });
		expect((await move()).error?.message).toBe('seat_taken');
		await here.visitor.rpc('cancel_booking', { manage_token: block.data!.manage_token! });
		expect((await move()).data).toMatchObject({ session_id: second, seats: ['A1', 'A2'] });
		const rows = await here.db`select id, taken from sessions where id in (${first}, ${second}) order by starts_at`;
		expect(rows.map(({ taken }) => taken as number)).toEqual([0, 2]);
	});
});
