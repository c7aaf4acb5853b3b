import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { localInstant, makeNeighbourhood } from './people.ts';
import type { Client, Neighbourhood } from './people.ts';

// As long as a change is not settled a booking keeps the place that it leaves, and takes the one that it wants: nobody
// else gets either, and the way back is always there.
let here: Neighbourhood;
/** with two people who work, and with the first of them alone */
let cut: string;
let alone: string;
let dinner: string;
let film: string;
let course: string;
const rooms: Record<string, string> = {};
const staff: string[] = [];

beforeAll(async () => {
	here = await makeNeighbourhood();
	const { db, salon } = here;
	await db`update providers set approval = 'manual' where id = ${salon.id}`;
	const made = await db<{ id: string }[]>`
		insert into services (
			provider_id, mode, name_fr, duration_minutes, step_minutes, price_minor, price_per, max_party, notice_minutes
		)
		values
			(${salon.id}, 'appointment', 'Coupe', 60, 15, 0, 'booking', 1, 0),
			(${salon.id}, 'appointment', 'Coupe de Salma', 60, 15, 0, 'booking', 1, 0),
			(${salon.id}, 'table', 'Dîner', 60, 15, 0, 'person', 12, 0),
			(${salon.id}, 'session', 'Film', 60, 15, 0, 'person', 6, 0),
			(${salon.id}, 'session', 'Stage', 60, 15, 0, 'person', 20, 0) returning id`;
	[cut, alone, dinner, film, course] = made.map(({ id }) => id) as [string, string, string, string, string];
	const works = await db<{ id: string }[]>`
		select id from resources where provider_id = ${salon.id} and kind = 'staff' order by position limit 2`;
	staff.push(...works.map(({ id }) => id));
	await db`
		insert into service_resources (service_id, resource_id)
		values (${cut}, ${staff[0]!}), (${cut}, ${staff[1]!}), (${alone}, ${staff[0]!})`;
	for (const [name, kind, capacity] of [
		['Petite', 'table', 2],
		['Grande', 'table', 6],
		['Salle', 'room', 4],
		['Atelier', 'room', 10]
	] as const) {
		const [row] = await db<{ id: string }[]>`
			insert into resources (provider_id, kind, name, capacity)
			values (${salon.id}, ${kind}, ${name}, ${capacity}) returning id`;
		rooms[name] = row!.id;
		if (kind === 'table') await db`insert into service_resources values (${dinner}, ${row!.id})`;
	}
	await db`
		insert into seats (provider_id, resource_id, label, row_number, column_number)
		select ${salon.id}, ${rooms.Salle!}, 'A' || n, 1, n from generate_series(1, 4) n`;
});
afterAll(() => here.close());

const ask = (client: Client, more: Record<string, unknown>) =>
	client.rpc('create_booking', { idempotency_key: randomUUID(), ...more } as never);

async function answer(booking_id: string, to_status: string) {
	const { data, error } = await here.zineb.client.rpc('transition_booking', { booking_id, to_status });
	expect(error).toBeNull();
	return data!;
}

/** A booking of amina's that was accepted. */
async function accepted(more: Record<string, unknown>): Promise<string> {
	const { data, error } = await ask(here.amina.client, more);
	expect(error).toBeNull();
	await answer(data!.booking_id!, 'confirmed');
	return data!.booking_id!;
}

async function change(booking_id: string, to: Record<string, unknown>) {
	const { data, error } = await here.amina.client.rpc('reschedule_booking', { booking_id, ...to } as never);
	expect(error).toBeNull();
	expect(data!.status).toBe('pending');
	return data!;
}

/** What a booking takes, in the minutes of the hours of a day: "10:00-11:00 Salma", what it keeps in brackets. */
async function takes(id: string): Promise<string[]> {
	const rows = await here.db<{ one: string }[]>`
		select format(
			case when o.kept then '(%s-%s %s)' else '%s-%s %s' end,
			to_char(private.to_local(lower(o.period), 'Africa/Casablanca'), 'HH24:MI'),
			to_char(private.to_local(upper(o.period), 'Africa/Casablanca'), 'HH24:MI'),
			case o.resource_id when ${staff[0]!} then 'one' when ${staff[1]!} then 'other' else r.name end
		) as one
		from occupancies o join resources r on r.id = o.resource_id where o.booking_id = ${id} order by lower(o.period), 1`;
	return rows.map(({ one }) => one);
}

async function plan(service: string, room: string, days: number, time: string, capacity: number) {
	const at = await localInstant(here.db, days, time);
	const [row] = await here.db<{ id: string }[]>`
		insert into sessions (provider_id, service_id, resource_id, starts_at, ends_at, capacity)
		values (${here.salon.id}, ${service}, ${room}, ${at}, ${at}::timestamptz + interval '1 hour', ${capacity}) returning id`;
	return { id: row!.id, at };
}
const taken = async (...ids: string[]) =>
	(
		await here.db<{ taken: number }[]>`select taken from sessions where id = any (${ids}::uuid[]) order by starts_at`
	).map((row) => row.taken);
const broken = async (...ids: string[]) => here.db`
	select rule, details from private.broken_invariants()
	where subject_id = any (${ids}::uuid[]) or subject_id in (select id from occupancies where booking_id = any (${ids}::uuid[]))`;

describe('an appointment', () => {
	test('keeps both times until it is answered, and then has one', async () => {
		const [from, to] = [await localInstant(here.db, 10, '10:00'), await localInstant(here.db, 10, '14:00')];
		const id = await accepted({ service_id: alone, starts_at: from });
		await change(id, { starts_at: to });
		expect(await takes(id)).toEqual(['(10:00-11:00 one)', '14:00-15:00 one']);
		for (const starts_at of [from, to])
			expect((await ask(here.bilal.client, { service_id: alone, starts_at })).error).toMatchObject({
				message: 'slot_taken'
			});
		expect(await broken(id)).toEqual([]);
		expect((await answer(id, 'confirmed')).resources).toHaveLength(1);
		expect(await takes(id)).toEqual(['14:00-15:00 one']);
		expect((await ask(here.bilal.client, { service_id: alone, starts_at: from })).error).toBeNull();
		expect(await broken(id)).toEqual([]);
	});

	test('that is moved by less than it lasts keeps what it leaves alone, and gets its hour back', async () => {
		const from = await localInstant(here.db, 11, '10:00');
		const id = await accepted({ service_id: alone, starts_at: from });
		await change(id, { starts_at: await localInstant(here.db, 11, '10:30') });
		expect(await takes(id)).toEqual(['(10:00-10:30 one)', '10:30-11:30 one']);
		await change(id, { starts_at: await localInstant(here.db, 11, '09:45') });
		expect(await takes(id)).toEqual(['09:45-10:45 one', '(10:45-11:00 one)']);
		expect(await broken(id)).toEqual([]);
		expect(await answer(id, 'rejected')).toMatchObject({ status: 'confirmed' });
		expect(await takes(id)).toEqual(['10:00-11:00 one']);
		expect(await broken(id)).toEqual([]);
	});

	test('goes back by itself to where others find no place', async () => {
		const from = await localInstant(here.db, 12, '10:00');
		const id = await accepted({ service_id: alone, starts_at: from });
		await change(id, { starts_at: await localInstant(here.db, 12, '15:00') });
		const free = await here.amina.client.rpc('slots_to_move', {
			booking_id: id,
			from_date: from.slice(0, 10),
			to_date: from.slice(0, 10)
		});
		const starts = (free.data as { starts_at: string }[]).map(({ starts_at }) => Date.parse(starts_at));
		expect(starts).toContain(Date.parse(from));
		const back = await here.amina.client.rpc('reschedule_booking', { booking_id: id, starts_at: from });
		expect(back.data).toMatchObject({ status: 'confirmed' });
		expect(await takes(id)).toEqual(['10:00-11:00 one']);
		expect(await broken(id)).toEqual([]);
	});

	test('with others at work keeps whom it had', async () => {
		const from = await localInstant(here.db, 13, '10:00');
		const id = await accepted({ service_id: cut, starts_at: from });
		const [first] = await takes(id);
		const other = await ask(here.bilal.client, { service_id: cut, starts_at: from });
		expect(other.error).toBeNull();
		await change(id, { starts_at: await localInstant(here.db, 13, '16:00') });
		expect((await ask(here.karim.client, { service_id: cut, starts_at: from })).error).toMatchObject({
			message: 'slot_taken'
		});
		await answer(id, 'rejected');
		expect(await takes(id)).toEqual([first]);
	});

	test('that is cancelled meanwhile leaves nothing', async () => {
		const id = await accepted({ service_id: alone, starts_at: await localInstant(here.db, 14, '10:00') });
		await change(id, { starts_at: await localInstant(here.db, 14, '10:30') });
		expect((await here.amina.client.rpc('cancel_booking', { booking_id: id })).error).toBeNull();
		expect(await takes(id)).toEqual([]);
	});

	test('keeps its place within a closure that came over it', async () => {
		const [from, to] = [await localInstant(here.db, 15, '10:00'), await localInstant(here.db, 15, '15:00')];
		const id = await accepted({ service_id: alone, starts_at: from });
		// as after a change of clocks: what was promised stays, and the closure has the rest
		const [closure] = await here.db`
			with places as (delete from occupancies where booking_id = ${id} returning resource_id, period)
			insert into closures (provider_id, period) select ${here.salon.id}, period from places returning id`;
		await here.db`
			with closed as (
				delete from occupancies where closure_id = ${closure!.id} and resource_id = ${staff[0]!} returning resource_id, period
			)
			insert into occupancies (resource_id, period, booking_id) select resource_id, period, ${id} from closed`;
		await change(id, { starts_at: to });
		expect(await takes(id)).toEqual(['(10:00-11:00 one)', '15:00-16:00 one']);
		await answer(id, 'rejected');
		expect(await takes(id)).toEqual(['10:00-11:00 one']);
		await here.db`delete from closures where id = ${closure!.id}`;
	});
});

describe('a table', () => {
	test('is kept as long as a larger one is asked for', async () => {
		const from = await localInstant(here.db, 10, '12:00');
		const id = await accepted({ service_id: dinner, starts_at: from, party_size: 2 });
		expect(await change(id, { party_size: 5 })).toMatchObject({ resources: ['Grande'] });
		expect(await takes(id)).toEqual(['(12:00-13:00 Petite)', '12:00-13:00 Grande']);
		const other = await ask(here.bilal.client, { service_id: dinner, starts_at: from, party_size: 1 });
		expect(other.error).toMatchObject({ message: 'slot_taken' });
		expect(await broken(id)).toEqual([]);
		expect(await answer(id, 'rejected')).toMatchObject({ resources: ['Petite'], party_size: 2 });
		expect(await takes(id)).toEqual(['12:00-13:00 Petite']);
	});

	test('in the list of bookings is the one that it will be', async () => {
		const id = await accepted({
			service_id: dinner,
			starts_at: await localInstant(here.db, 11, '12:00'),
			party_size: 2
		});
		await change(id, { party_size: 5 });
		const { data } = await here.zineb.client
			.from('bookings')
			.select('places:occupancies(resource:resources(name))')
			.eq('id', id)
			.eq('places.kept', false);
		expect(data).toEqual([{ places: [{ resource: { name: 'Grande' } }] }]);
	});
});

describe('places in sessions', () => {
	test('are kept in the one and taken in the other, and offered once they are free', async () => {
		const [one, two] = [
			await plan(course, rooms.Atelier!, 16, '10:00', 4),
			await plan(course, rooms.Atelier!, 17, '10:00', 4)
		];
		const id = await accepted({ service_id: course, session_id: one.id, party_size: 3 });
		const waiting = await here.bilal.client.rpc('join_waitlist', {
			service_id: course,
			session_id: one.id,
			party_size: 2
		});
		expect(waiting.error).toBeNull();
		await change(id, { starts_at: two.at });
		expect(await taken(one.id, two.id)).toEqual([3, 3]);
		for (const { id: session_id } of [one, two])
			expect((await ask(here.karim.client, { service_id: course, session_id, party_size: 2 })).error).toMatchObject({
				message: 'session_full'
			});
		expect(await broken(id, one.id, two.id)).toEqual([]);
		await answer(id, 'confirmed');
		// who waits has two of the three
		expect(await taken(one.id, two.id)).toEqual([2, 3]);
		expect(await here.db`select status from waitlist_entries where session_id = ${one.id}`).toEqual([
			{ status: 'offered' }
		]);
		expect(await broken(id, one.id, two.id)).toEqual([]);
	});

	test('count as the most that may be needed, wherever the booking goes meanwhile', async () => {
		const [one, two] = [
			await plan(course, rooms.Atelier!, 18, '10:00', 4),
			await plan(course, rooms.Atelier!, 19, '10:00', 4)
		];
		const id = await accepted({ service_id: course, session_id: one.id, party_size: 3 });
		await change(id, { starts_at: two.at, party_size: 2 });
		expect(await taken(one.id, two.id)).toEqual([3, 2]);
		expect((await ask(here.bilal.client, { service_id: course, session_id: one.id, party_size: 1 })).error).toBeNull();
		await change(id, { starts_at: one.at });
		expect(await taken(one.id, two.id)).toEqual([4, 0]);
		const { error } = await here.amina.client.rpc('reschedule_booking', { booking_id: id, party_size: 4 });
		expect(error).toMatchObject({ message: 'session_full' });
		expect(await answer(id, 'rejected')).toMatchObject({ party_size: 3, session_id: one.id });
		expect(await taken(one.id, two.id)).toEqual([4, 0]);
		expect(await broken(id, one.id, two.id)).toEqual([]);
	});

	test('with numbers are nobody else’s, here and there', async () => {
		const [one, two] = [await plan(film, rooms.Salle!, 16, '14:00', 4), await plan(film, rooms.Salle!, 17, '14:00', 4)];
		const seats = ['A1', 'A2'];
		const id = await accepted({ service_id: film, session_id: one.id, party_size: 2, seats });
		await change(id, { starts_at: two.at });
		for (const { id: session_id } of [one, two]) {
			const other = await ask(here.bilal.client, { service_id: film, session_id, party_size: 1, seats: ['A2'] });
			expect(other.error).toMatchObject({ message: 'seat_taken' });
		}
		expect(await broken(id, one.id, two.id)).toEqual([]);
		await answer(id, 'confirmed');
		const other = await ask(here.bilal.client, { service_id: film, session_id: one.id, party_size: 1, seats: ['A2'] });
		expect(other.error).toBeNull();
		expect(await taken(one.id, two.id)).toEqual([1, 2]);
		expect(await broken(id, one.id, two.id)).toEqual([]);
	});

	test('are all free where the booking is cancelled', async () => {
		const [one, two] = [
			await plan(course, rooms.Atelier!, 20, '10:00', 4),
			await plan(course, rooms.Atelier!, 21, '10:00', 4)
		];
		const id = await accepted({ service_id: course, session_id: one.id, party_size: 3 });
		await change(id, { starts_at: two.at });
		expect((await here.amina.client.rpc('cancel_booking', { booking_id: id })).error).toBeNull();
		expect(await taken(one.id, two.id)).toEqual([0, 0]);
		expect(await broken(id, one.id, two.id)).toEqual([]);
	});

	test('hold nobody up for good where many go back and forth at once, and sessions are called off', async () => {
		const sessions = await Promise.all([22, 23, 24].map((day) => plan(course, rooms.Atelier!, day, '10:00', 10)));
		const ids = await Promise.all(
			Array.from({ length: 6 }, (_, n) =>
				accepted({ service_id: course, session_id: sessions[n % 3]!.id, party_size: 1 })
			)
		);
		const answers = await Promise.all([
			...ids.flatMap((booking_id, n) =>
				[1, 2, 0, 2].map((step) =>
					here.amina.client.rpc('reschedule_booking', { booking_id, starts_at: sessions[(n + step) % 3]!.at })
				)
			),
			...ids.map((booking_id) => here.zineb.client.rpc('transition_booking', { booking_id, to_status: 'rejected' })),
			here.zineb.client.rpc('cancel_session', { session_id: sessions[1]!.id, reason: 'malade' })
		]);
		// refused is well, waiting in a circle is not
		expect(
			answers.map(({ error }) => error?.code ?? '').filter((code) => code.startsWith('40') || code === 'XX000')
		).toEqual([]);
		expect(await broken(...ids, ...sessions.map(({ id }) => id))).toEqual([]);
	});
});
