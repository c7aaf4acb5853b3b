import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { runJob } from '../load/jobs.ts';
import { localInstant, makeNeighbourhood } from './people.ts';
import type { Neighbourhood } from './people.ts';

// Moving one's own booking: what stays is not asked anew, and what one has oneself is in nobody's way.
let here: Neighbourhood;
let dinner: string;
const tables: string[] = [];
let room: string;
let film: string;
let course: string;
let plainRoom: string;
const guest = { name: 'Zoubida', email: 'zoubida@example.com' };

beforeAll(async () => {
	here = await makeNeighbourhood();
	const { db, salon } = here;
	await db`update providers set approval = 'automatic' where id = ${salon.id}`;
	const services = await db<{ id: string }[]>`
		insert into services (
			provider_id, mode, name_fr, duration_minutes, step_minutes, price_minor, price_per, max_party, notice_minutes
		)
		values (${salon.id}, 'table', 'Dîner', 120, 15, 5000, 'person', 12, 0),
			(${salon.id}, 'session', 'Film', 120, 15, 4000, 'person', 6, 0),
			(${salon.id}, 'session', 'Stage', 120, 15, 4000, 'person', 6, 0) returning id`;
	[dinner, film, course] = services.map(({ id }) => id) as [string, string, string];
	for (const [name, capacity] of [
		['A', 2],
		['B', 4]
	] as const) {
		const [row] = await db<{ id: string }[]>`
			insert into resources (provider_id, kind, name, capacity)
			values (${salon.id}, 'table', ${name}, ${capacity}) returning id`;
		tables.push(row!.id);
		await db`insert into service_resources (service_id, resource_id) values (${dinner}, ${row!.id})`;
	}
	const rooms = await db<{ id: string }[]>`
		insert into resources (provider_id, kind, name, capacity)
		values (${salon.id}, 'room', 'Salle', 4), (${salon.id}, 'room', 'Atelier', 10) returning id`;
	[room, plainRoom] = rooms.map(({ id }) => id) as [string, string];
	await db`
		insert into seats (provider_id, resource_id, label, category, row_number, column_number)
		select ${salon.id}, ${room}, 'A' || n, 'standard', 1, n from generate_series(1, 4) n`;
});
afterAll(() => here.close());

interface Made {
	id: string;
	token: string;
}

async function book(more: Record<string, unknown>): Promise<Made> {
	const { data, error } = await here.visitor.rpc('create_booking', {
		guest,
		idempotency_key: randomUUID(),
		...more
	} as never);
	expect(error).toBeNull();
	const made = data as { booking_id: string; manage_token: string };
	return { id: made.booking_id, token: made.manage_token };
}

const dine = async (days: number, time: string, party_size: number) =>
	book({ service_id: dinner, starts_at: await localInstant(here.db, days, time), party_size });

async function plan(service: string, where: string, starts: string, capacity: number): Promise<string> {
	const [row] = await here.db<{ id: string }[]>`
		insert into sessions (provider_id, service_id, resource_id, starts_at, ends_at, capacity)
		values (${here.salon.id}, ${service}, ${where}, ${starts}, ${starts}::timestamptz + interval '2 hours', ${capacity})
		returning id`;
	return row!.id;
}

async function open({ token }: Made, day: string, party_size?: number) {
	const { data, error } = await here.visitor.rpc('slots_to_move', {
		manage_token: token,
		from_date: day,
		to_date: day,
		party_size
	});
	expect(error).toBeNull();
	return data!;
}
/** Clock times to which a booking may go on a day. */
const times = async (made: Made, day: string, party_size?: number) =>
	(await open(made, day, party_size)).map(({ local_starts_at }) => local_starts_at.slice(11, 16));

const move = ({ token }: Made, more: { starts_at?: string; party_size?: number }) =>
	here.visitor.rpc('reschedule_booking', { manage_token: token, ...more });

async function stored({ id }: Made) {
	const [row] = await here.db`
		select b.*, (select count(*)::int from booking_events e where e.booking_id = b.id) as events,
			(select count(*)::int from deliveries d where d.booking_id = b.id) as mails,
			private.booking_sequence(b.id) as sequence,
			array(select r.name from occupancies o join resources r on r.id = o.resource_id where o.booking_id = b.id) as places
		from bookings b where b.id = ${id}`;
	return row!;
}

describe('where a booking may go', () => {
	test('its own table is free to itself, a quarter of an hour later too', async () => {
		const at = await localInstant(here.db, 3, '12:00');
		const day = at.slice(0, 10);
		const [mine] = [await dine(3, '12:00', 2), await dine(3, '12:00', 4)];
		const { data } = await here.visitor.rpc('available_slots', {
			service_id: dinner,
			from_date: day,
			to_date: day,
			party_size: 2
		});
		expect(data!.map(({ local_starts_at }) => local_starts_at.slice(11, 16))).not.toContain('12:15');
		expect(await times(mine, day)).toEqual(expect.arrayContaining(['11:45', '12:00', '12:15', '13:45']));
		// the other table stays another's
		expect(await times(mine, day, 4)).not.toContain('12:15');
		const moved = await move(mine, { starts_at: await localInstant(here.db, 3, '12:15') });
		expect(moved.error).toBeNull();
	});

	test('what is refused names as next free what only it takes itself', async () => {
		const [from, to] = [await localInstant(here.db, 4, '14:00'), await localInstant(here.db, 4, '12:00')];
		const [mine] = [await dine(4, '14:00', 4), await dine(4, '12:00', 4)];
		const refused = await move(mine, { starts_at: to });
		expect(refused.error).toMatchObject({ message: 'slot_taken' });
		expect((JSON.parse(refused.error!.hint!) as string[]).map((one) => Date.parse(one))[0]).toBe(Date.parse(from));
	});

	test('its own staff are free to itself', async () => {
		const { plumber } = here;
		const starts_at = await localInstant(here.db, 5, '10:00');
		const made = [];
		for (let n = 0; n < 2; n++) made.push(await book({ service_id: plumber.freeService, starts_at }));
		expect(await times(made[0]!, starts_at.slice(0, 10))).toEqual(expect.arrayContaining(['10:00', '10:30']));
	});

	test('its own places in a session count as free, and for seats only where the same are', async () => {
		const at = await localInstant(here.db, 6, '10:00');
		const day = at.slice(0, 10);
		const full = await plan(course, plainRoom, at, 5);
		const mine = await book({ service_id: course, session_id: full, party_size: 3 });
		await book({ service_id: course, session_id: full, party_size: 2 });
		expect(await open(mine, day)).toMatchObject([{ session_id: full, free: 3 }]);
		expect(await open(mine, day, 4)).toEqual([]);

		const [one, two, three] = [
			await plan(film, room, await localInstant(here.db, 7, '10:00'), 4),
			await plan(film, room, await localInstant(here.db, 7, '14:00'), 4),
			await plan(film, room, await localInstant(here.db, 7, '18:00'), 4)
		];
		const seated = await book({ service_id: film, session_id: one, seats: ['A1', 'A2'] });
		await book({ service_id: film, session_id: two, seats: ['A2'] });
		await book({ service_id: film, session_id: three, seats: ['A3'] });
		const seatedDay = (await localInstant(here.db, 7, '10:00')).slice(0, 10);
		expect((await open(seated, seatedDay)).map(({ session_id }) => session_id)).toEqual([one, three]);
	});

	test('is told to those who may move it alone, and counted', async () => {
		const mine = await dine(3, '17:00', 2);
		const day = (await localInstant(here.db, 3, '17:00')).slice(0, 10);
		const days = { from_date: day, to_date: day };
		const wrong = await here.visitor.rpc('slots_to_move', { ...days, manage_token: 'wrong' });
		expect(wrong.error).toMatchObject({ code: 'PT404', message: 'not_found' });
		const stranger = await here.bilal.client.rpc('slots_to_move', { ...days, booking_id: mine.id });
		expect(stranger.error).toMatchObject({ code: 'PT404', message: 'not_found' });
		expect((await here.zineb.client.rpc('slots_to_move', { ...days, booking_id: mine.id })).error).toBeNull();
		const staff = await here.admin.client.rpc('slots_to_move', { ...days, booking_id: mine.id });
		expect(staff.error).toMatchObject({ code: 'PT403', message: 'not_allowed' });
		await here.visitor.rpc('cancel_booking', { manage_token: mine.token });
		const over = await here.visitor.rpc('slots_to_move', { ...days, manage_token: mine.token });
		expect(over.error).toMatchObject({ code: 'PT409', message: 'invalid_transition' });
	});
});

describe('another number of people at the same time', () => {
	test('asks for a table alone: not for notice, hours, steps or a duration that have changed since', async () => {
		const { db, salon, zineb } = here;
		const mine = await dine(8, '12:00', 2);
		await db`update services set notice_minutes = 43200, duration_minutes = 180, step_minutes = 60 where id = ${dinner}`;
		await db`update opening_hours set opens = '18:00' where provider_id = ${salon.id}`;
		try {
			const larger = await move(mine, { party_size: 3 });
			expect(larger).toMatchObject({ error: null, data: { party_size: 3, price_minor: 15000 } });
			const row = await stored(mine);
			expect(row).toMatchObject({ places: ['B'] });
			expect(Date.parse(row.ends_at as string) - Date.parse(row.starts_at as string)).toBe(2 * 3_600_000);
			const [place] = await db`
				select upper(period) - lower(period) = interval '2 hours' as as_booked from occupancies where booking_id = ${mine.id}`;
			expect(place!.as_booked).toBe(true);
			// by the house itself as well
			const smaller = await zineb.client.rpc('reschedule_booking', { booking_id: mine.id, party_size: 2 });
			expect(smaller).toMatchObject({ error: null, data: { party_size: 2 } });
			expect((await move(mine, { party_size: 5 })).error).toMatchObject({ message: 'slot_taken' });
			expect(await stored(mine)).toMatchObject({ party_size: 2, places: ['A'] });
		} finally {
			await db`update services set notice_minutes = 0, duration_minutes = 120, step_minutes = 15 where id = ${dinner}`;
			await db`update opening_hours set opens = '08:00' where provider_id = ${salon.id}`;
		}
	});

	test('does not cost a refund that a later date brings', async () => {
		const { db, zineb } = here;
		const mine = await dine(2, '12:00', 2);
		await db`
			update bookings set policy = '{"code": "x", "tiers": [{"hours_before": 200, "refund_percent": 100}]}'
			where id = ${mine.id}`;
		await move(mine, { party_size: 3 });
		await zineb.client.rpc('reschedule_booking', {
			booking_id: mine.id,
			starts_at: await localInstant(db, 20, '12:00')
		});
		expect(await stored(mine)).toMatchObject({ refund_cap_percent: 100 });
	});
});

test('the very same start and number of people: nothing happens', async () => {
	const { db, salon, zineb } = here;
	const at = await localInstant(db, 9, '12:00');
	const mine = await dine(9, '12:00', 2);
	await db`update providers set approval = 'manual' where id = ${salon.id}`;
	try {
		const before = await stored(mine);
		for (const wanted of [{ starts_at: at, party_size: 2 }, { starts_at: at }, { party_size: 2 }, {}]) {
			const { data, error } = await move(mine, wanted);
			expect(error).toBeNull();
			expect(data).toMatchObject({ id: mine.id, status: 'confirmed', party_size: 2 });
		}
		await zineb.client.rpc('reschedule_booking', { booking_id: mine.id, starts_at: at });
		expect(await stored(mine)).toEqual(before);
	} finally {
		await db`update providers set approval = 'automatic' where id = ${salon.id}`;
	}
});

describe('a request', () => {
	const request = async (days: number, time: string) => {
		await here.db`update providers set approval = 'manual' where id = ${here.salon.id}`;
		try {
			return await dine(days, time, 2);
		} finally {
			await here.db`update providers set approval = 'automatic' where id = ${here.salon.id}`;
		}
	};

	test('that is moved earlier is to be answered before its new start', async () => {
		const { db, zineb } = here;
		const mine = await request(10, '12:00');
		expect(await stored(mine)).toMatchObject({ status: 'pending' });
		await db`update providers set answer_hours = 72 where id = ${here.salon.id}`;
		const soon = new Date(Math.ceil((Date.now() + 26 * 3_600_000) / 86_400_000) * 86_400_000 + 12 * 3_600_000);
		for (const move of [
			(starts_at: string) => here.visitor.rpc('reschedule_booking', { manage_token: mine.token, starts_at }),
			(starts_at: string) => zineb.client.rpc('reschedule_booking', { booking_id: mine.id, starts_at })
		]) {
			const starts_at = soon.toISOString();
			const { data, error } = await move(starts_at);
			expect(error).toBeNull();
			expect(data!.status).toBe('pending');
			expect(Date.parse(data!.answer_by!)).toBeLessThanOrEqual(Date.parse(starts_at));
			soon.setUTCHours(soon.getUTCHours() - 1);
		}
	});

	test('whose time comes unanswered ends, is told, and gives its place back', async () => {
		const { db, zineb } = here;
		const mine = await request(11, '12:00');
		// as one whose deadline was left behind
		await db`
			update bookings set starts_at = now() - interval '1 minute', local_starts_at = private.to_local(now() - interval '1 minute', time_zone)
			where id = ${mine.id}`;
		await db`update bookings set answer_by = null where id = ${mine.id}`;
		await runJob(db, 'lapse requests');
		expect(await stored(mine)).toMatchObject({ status: 'rejected', places: [] });
		const told = await zineb.client.from('notifications').select('kind').eq('booking_id', mine.id);
		expect(told.data!.map(({ kind }) => kind)).toContain('request_lapsed');
		const mails = await db`select data ->> 'kind' as kind, status from deliveries where booking_id = ${mine.id}`;
		expect(mails.length).toBeGreaterThan(1);
	});

	test('that outlives its start is found by the invariants', async () => {
		const { db } = here;
		const mine = await request(12, '12:00');
		// in one transaction, as the job of each minute would end it
		const rules = await db
			.begin(async (sql) => {
				await sql`
					update bookings set starts_at = now() - interval '1 hour', ends_at = now(),
						local_starts_at = private.to_local(now() - interval '1 hour', time_zone)
					where id = ${mine.id}`;
				const found = await sql`select rule from private.broken_invariants() where subject_id = ${mine.id}`;
				throw Object.assign(new Error('enough'), { found: found.map(({ rule }) => rule as string) });
			})
			.catch((error: Error & { found?: string[] }) => error.found);
		expect(rules).toContain('request_past');
	});
});

test('a hold that is moved ends before its new start', async () => {
	const { db } = here;
	const mine = await dine(13, '12:00', 2);
	await db`
		update bookings set status = 'held', hold_expires_at = now() + interval '30 minutes' where id = ${mine.id}`;
	const [row] = await db`
		update bookings set starts_at = now() + interval '5 minutes' where id = ${mine.id}
		returning hold_expires_at = starts_at as capped`;
	expect(row!.capped).toBe(true);
	await db`delete from bookings where id = ${mine.id}`;
});

test('a business that goes by other clocks now moves a booking by those; one that stays keeps its promised local time', async () => {
	const { db, plumber } = here;
	const starts_at = await localInstant(db, 15, '10:00');
	const made = await book({ service_id: plumber.freeService, starts_at });
	await db`update providers set time_zone = 'Asia/Kathmandu' where id = ${plumber.id}`;
	try {
		const before = await stored(made);
		expect(before).toMatchObject({ time_zone: 'Asia/Kathmandu' });
		expect((before.local_starts_at as Date).toISOString().slice(11, 16)).toBe('10:00');
		const day = starts_at.slice(0, 10);
		const slots = await open(made, day);
		const first = slots[0]!;
		expect(first.local_starts_at.slice(11)).toBe('08:00:00');
		// each that is offered can be had, at the time that was shown
		const { data, error } = await move(made, { starts_at: first.starts_at });
		expect(error).toBeNull();
		expect(data).toMatchObject({ local_starts_at: first.local_starts_at, time_zone: 'Asia/Kathmandu' });
	} finally {
		await db`update providers set time_zone = 'Africa/Casablanca' where id = ${plumber.id}`;
	}
});
