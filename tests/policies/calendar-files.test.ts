import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { localInstant, makeNeighbourhood } from './people.ts';
import type { Neighbourhood } from './people.ts';

let here: Neighbourhood;
let booking: { id: string; token: string };

beforeAll(async () => {
	here = await makeNeighbourhood();
	const { data, error } = await here.visitor.rpc('create_booking', {
		service_id: here.plumber.freeService,
		starts_at: await localInstant(here.db, 4, '10:30'),
		guest: { name: 'Zoubida', email: `zoubida-${randomUUID()}@example.com` },
		idempotency_key: randomUUID()
	});
	expect(error).toBeNull();
	booking = { id: data!.booking_id!, token: data!.manage_token! };
});
afterAll(() => here.close());

const file = async (language = 'fr') => {
	const { data, error } = await here.visitor.rpc('booking_calendar', { manage_token: booking.token, language });
	expect(error).toBeNull();
	return data!;
};

test('a booking is a calendar event at its local time, with the clocks of its zone, the town, and no secret', async () => {
	const event = await file('ar');
	expect(event).toMatchObject({
		status: 'pending',
		sequence: 0,
		time_zone: 'Africa/Casablanca',
		zone_changes: [{ local: '2026-09-20T02:00:00', before: 60, ahead: 0 }],
		location: ['1 rue des Essais', 'Centre', 'تستفيل'],
		path: null
	});
	expect(event.local_starts_at).toMatch(/T10:30:00$/);
	expect(event.local_ends_at).toMatch(/T11:30:00$/);
	expect(JSON.stringify(event)).not.toContain(booking.token);
});

test('each step of its history makes it a later version of the same event, in the mail as on the page', async () => {
	const { db, youssef, visitor } = here;
	const step = async (to_status: string) => {
		const { error } = await youssef.client.rpc('transition_booking', { booking_id: booking.id, to_status });
		expect(error).toBeNull();
	};
	await step('confirmed');
	expect(await file()).toMatchObject({ id: booking.id, status: 'confirmed', sequence: 1 });
	const { error } = await visitor.rpc('reschedule_booking', {
		manage_token: booking.token,
		starts_at: await localInstant(db, 4, '12:00')
	});
	expect(error).toBeNull();
	const moved = await file();
	expect(moved).toMatchObject({ id: booking.id, sequence: 2 });
	expect(moved.local_starts_at).toMatch(/T12:00:00$/);
	await visitor.rpc('cancel_booking', { manage_token: booking.token });
	// what was asked for came to nothing first
	expect(await file()).toMatchObject({ status: 'cancelled', sequence: 4 });
	const mails = await db<{ calendar: unknown }[]>`
		select private.delivery_calendar(d.dedupe_key, d.language) as calendar
		from deliveries d join booking_events e on d.dedupe_key = 'email:' || e.id || ':customer'
		where e.booking_id = ${booking.id}`;
	expect(mails.length).toBeGreaterThan(1);
	for (const { calendar } of mails)
		expect(calendar).toMatchObject({ id: booking.id, status: 'cancelled', sequence: 4 });
});

test('what goes to the business, and of nobody’s booking, brings no event', async () => {
	const [row] = await here.db`
		select count(*)::int as all, count(private.delivery_calendar(d.dedupe_key, d.language))::int as some
		from deliveries d
		where d.recipient = ${here.youssef.email}`;
	expect(row!.all).toBeGreaterThan(0);
	expect(row!.some).toBe(0);
});

test('a session that moves is a later version of itself', async () => {
	const { db, plumber, youssef } = here;
	const [row] = await db`
		with room as (
			insert into resources (provider_id, kind, name, capacity) values (${plumber.id}, 'room', 'R', 9) returning id
		),
		service as (
			insert into services (provider_id, mode, name_fr, duration_minutes, price_minor)
			values (${plumber.id}, 'session', 'Stage', 60, 0) returning id
		)
		insert into sessions (provider_id, service_id, resource_id, starts_at, ends_at, capacity)
		select ${plumber.id}, s.id, r.id, now() + interval '2 days', now() + interval '3 days', 5 from room r, service s
		returning id, sequence`;
	expect(row!.sequence).toBe(0);
	const moved = await youssef.client.rpc('move_session', {
		session_id: row!.id as string,
		starts_at: await localInstant(db, 3, '10:00')
	});
	expect(moved.error).toBeNull();
	const { data } = await youssef.client
		.from('sessions')
		.select('sequence')
		.eq('id', row!.id as string)
		.single();
	expect(data).toEqual({ sequence: 1 });
});
