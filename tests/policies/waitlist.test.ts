import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { runJob } from '../load/jobs.ts';
import { localInstant, makeNeighbourhood } from './people.ts';
import type { Client, Neighbourhood } from './people.ts';

let here: Neighbourhood;
/** one member of staff, half a day: two appointments of 60 minutes */
let service: string;
let film: string;
let room: string;

beforeAll(async () => {
	here = await makeNeighbourhood();
	const { db, salon } = here;
	await db`update providers set approval = 'automatic' where id = ${salon.id}`;
	const [made] = await db`
		insert into services (provider_id, name_fr, duration_minutes, step_minutes, price_minor)
		values (${salon.id}, 'Coupe', 60, 60, 10000) returning id`;
	service = made!.id as string;
	await db`
		insert into service_resources (service_id, resource_id)
		select ${service}, id from resources where provider_id = ${salon.id} order by position limit 1`;
	const [show] = await db`
		insert into services (provider_id, mode, name_fr, duration_minutes, price_minor, price_per, max_party, notice_minutes)
		values (${salon.id}, 'session', 'Film', 120, 4000, 'person', 4, 0) returning id`;
	film = show!.id as string;
	const [hall] = await db`
		insert into resources (provider_id, kind, name, capacity) values (${salon.id}, 'room', 'Salle', 3) returning id`;
	room = hall!.id as string;
	await db`
		insert into seats (provider_id, resource_id, label, row_number, column_number)
		select ${salon.id}, ${room}, 'A' || n, 1, n from generate_series(1, 3) as n`;
});
afterAll(() => here.close());

const someone = (name: string) => ({ name, email: `${name}-${randomUUID().slice(0, 8)}@example.com` });

async function take(days: number, time: string): Promise<{ id: string; token: string; at: string }> {
	const at = await localInstant(here.db, days, time);
	const { data, error } = await here.visitor.rpc('create_booking', {
		service_id: service,
		starts_at: at,
		guest: someone('first'),
		idempotency_key: randomUUID()
	});
	expect(error).toBeNull();
	return { id: data!.booking_id!, token: data!.manage_token!, at };
}

async function wait(client: Client, at: string, more: Record<string, unknown> = {}) {
	const until = new Date(Date.parse(at) + 60_000).toISOString();
	const { data, error } = await client.rpc('join_waitlist', {
		service_id: service,
		period: `[${at},${until})`,
		guest: someone('waiting'),
		...more
	} as never);
	expect(error).toBeNull();
	return data!;
}

/** The booking that an entry was offered, as its guest sees it. */
async function offerOf(entry: string) {
	const [row] =
		await here.db`select id from bookings where waitlist_entry_id = ${entry} order by created_at desc limit 1`;
	if (!row) return null;
	const [token] = await here.db`select private.manage_token(${row.id as string}) as token`;
	const { data } = await here.visitor.rpc('get_booking', { manage_token: token!.token as string });
	return { token: token!.token as string, booking: data! };
}
const statusOf = async (entry: string) =>
	(await here.db`select status from waitlist_entries where id = ${entry}`)[0]!.status as string;

describe('who waits', () => {
	test('is held the place that comes free, the first come first; "no thanks" passes it on', async () => {
		const taken = await take(3, '09:00');
		const one = await wait(here.visitor, taken.at);
		const two = await wait(here.visitor, taken.at);
		expect([one.ahead, two.ahead]).toEqual([0, 1]);
		await here.visitor.rpc('cancel_booking', { manage_token: taken.token });

		const first = (await offerOf(one.entry_id!))!;
		expect(first.booking).toMatchObject({ status: 'held', offered: true, starts_at: expect.any(String) });
		expect(Date.parse(first.booking.starts_at!)).toBe(Date.parse(taken.at));
		const late = await here.visitor.rpc('create_booking', {
			service_id: service,
			starts_at: taken.at,
			guest: someone('late'),
			idempotency_key: randomUUID()
		});
		expect(late.error?.message).toBe('slot_taken');

		await here.visitor.rpc('cancel_booking', { manage_token: first.token, reason: 'no_thanks' });
		expect(await statusOf(one.entry_id!)).toBe('declined');
		const second = (await offerOf(two.entry_id!))!;
		const accepted = await here.visitor.rpc('accept_offer', { manage_token: second.token });
		expect(accepted.error).toBeNull();
		expect(accepted.data).toMatchObject({ status: 'confirmed', offered: false });
		expect(await statusOf(two.entry_id!)).toBe('accepted');
	});

	test('and does not answer in time loses the offer to the next', async () => {
		const taken = await take(4, '09:00');
		const one = await wait(here.visitor, taken.at);
		const two = await wait(here.visitor, taken.at);
		await here.visitor.rpc('cancel_booking', { manage_token: taken.token });
		const first = (await offerOf(one.entry_id!))!;
		await here.db`update bookings set hold_expires_at = now() - interval '1 second' where id = ${first.booking.id!}`;
		await here.db`update occupancies set expires_at = now() - interval '1 second' where booking_id = ${first.booking.id!}`;
		const tooLate = await here.visitor.rpc('accept_offer', { manage_token: first.token });
		expect(tooLate.error?.message).toBe('hold_expired');
		for (const job of ['expire holds', 'end waitlist entries', 'offer places']) await runJob(here.db, job);
		expect(await statusOf(one.entry_id!)).toBe('lapsed');
		expect(await statusOf(two.entry_id!)).toBe('offered');
		expect((await offerOf(two.entry_id!))!.booking.status).toBe('held');
	});

	test('for seats gets some that are side by side', async () => {
		const starts = await localInstant(here.db, 5, '20:00');
		const [session] = await here.db`
			insert into sessions (provider_id, service_id, resource_id, starts_at, ends_at, capacity)
			values (${here.salon.id}, ${film}, ${room}, ${starts}, ${starts}::timestamptz + interval '2 hours', 3) returning id`;
		const book = (seats: string[]) =>
			here.visitor.rpc('create_booking', {
				service_id: film,
				session_id: session!.id as string,
				seats,
				guest: someone('seat'),
				idempotency_key: randomUUID()
			});
		await book(['A1']);
		const { data: sold } = await book(['A2', 'A3']);
		const waiting = await wait(here.visitor, starts, {
			service_id: film,
			period: undefined,
			session_id: session!.id,
			party_size: 2
		});
		await here.visitor.rpc('cancel_booking', { manage_token: sold!.manage_token! });
		expect((await offerOf(waiting.entry_id!))!.booking).toMatchObject({ status: 'held', seats: ['A2', 'A3'] });
	});

	test('is offered what a booking vacates that is moved twice at once', async () => {
		const plan = async (time: string) => {
			const starts = await localInstant(here.db, 7, time);
			const [session] = await here.db`
				insert into sessions (provider_id, service_id, resource_id, starts_at, ends_at, capacity)
				values (${here.salon.id}, ${film}, ${room}, ${starts}, ${starts}::timestamptz + interval '2 hours', 3) returning id`;
			return { id: session!.id as string, starts };
		};
		const [from, over, to] = [await plan('16:00'), await plan('18:30'), await plan('21:00')];
		const { data: booked } = await here.visitor.rpc('create_booking', {
			service_id: film,
			session_id: from.id,
			seats: ['A1'],
			guest: someone('mover'),
			idempotency_key: randomUUID()
		});
		const blocked = (moves: number) =>
			expect
				.poll(async () => (await here.db`select from pg_locks where not granted`).length)
				.toBeGreaterThanOrEqual(moves);
		const [entry, moves] = await here.db.begin(async (lock) => {
			await lock`select from bookings where id = ${booked!.booking_id!} for update`;
			const [row] = await lock`
				insert into waitlist_entries (provider_id, service_id, session_id, period, customer_name, customer_email, language, party_size)
				select provider_id, service_id, id, tstzrange(starts_at, starts_at, '[]'), 'Bilal', ${someone('b').email}, 'fr', 1
				from sessions where id = ${over.id} returning id`;
			const begun = [];
			for (const { starts } of [over, to]) {
				begun.push(
					here.visitor
						.rpc('reschedule_booking', { manage_token: booked!.manage_token!, starts_at: starts })
						.then(({ data }) => data?.session_id)
				);
				await blocked(begun.length);
			}
			return [row!.id as string, begun] as const;
		});
		expect(await Promise.all(moves)).toEqual([over.id, to.id]);
		expect((await offerOf(entry))!.booking.session_id).toBe(over.id);
	});

	test('and has booked it meanwhile is offered no second place, and keeps their own in the line', async () => {
		const starts = await localInstant(here.db, 9, '16:00');
		const [session] = await here.db`
			insert into sessions (provider_id, service_id, resource_id, starts_at, ends_at, capacity)
			select provider_id, ${film}, id, ${starts}, ${starts}::timestamptz + interval '2 hours', 3
			from resources where id = ${room} returning id`;
		const book = async (seat: string, guest: { name: string; email: string }) => {
			const { data, error } = await here.visitor.rpc('create_booking', {
				service_id: film,
				session_id: session!.id as string,
				seats: [seat],
				guest,
				idempotency_key: randomUUID()
			});
			expect(error).toBeNull();
			return data!.manage_token!;
		};
		const line = { service_id: film, session_id: session!.id as string, period: undefined };
		const first = await book('A1', someone('first'));
		const second = await book('A2', someone('second'));
		const sara = someone('sara');
		// The job that offers places comes when it likes: she joins in truth only when there is none.
		const [row] = await here.db`
			insert into waitlist_entries (
				provider_id, service_id, session_id, period, customer_name, customer_email, language, party_size, status
			)
			select provider_id, service_id, id, tstzrange(starts_at, starts_at, '[]'), ${sara.name}, ${sara.email}, 'fr', 1, 'left'
			from sessions where id = ${session!.id} returning id`;
		const hers = row!.id as string;
		const token = await book('A3', sara);
		await here.db`update waitlist_entries set status = 'waiting' where id = ${hers}`;
		const other = await wait(here.visitor, starts, line);
		expect(other.ahead).toBe(1);

		await here.visitor.rpc('cancel_booking', { manage_token: first });
		expect([await statusOf(hers), await statusOf(other.entry_id!)]).toEqual(['waiting', 'offered']);
		await here.visitor.rpc('cancel_booking', { manage_token: token });
		await here.visitor.rpc('cancel_booking', { manage_token: second });
		expect(await statusOf(hers)).toBe('offered');
	});

	test.each(['appointment', 'table', 'session'] as const)(
		'and books the same meanwhile gives the offer to the next: %s',
		async (mode) => {
			const { db, visitor, zineb } = here;
			const [provider] = await db<{ id: string }[]>`
				insert into providers (slug, name, category_id, city_slug, district, address, latitude, longitude, status, approval,
					cancellation_policy_id)
				select 'w-' || gen_random_uuid(), 'Attente', category_id, city_slug, 'Centre', '1', 33.5, -7.6, 'published', 'automatic',
					cancellation_policy_id
				from providers where id = ${here.salon.id} returning id`;
			const [wanted] = await db<{ id: string }[]>`
				insert into services (provider_id, mode, name_fr, duration_minutes, step_minutes, price_minor, max_party)
				values (${provider!.id}, ${mode}, 'Attendu', 60, 60, 0, 2) returning id`;
			const kind = { appointment: 'staff', table: 'table', session: 'room' }[mode];
			await db`
				with made as (
					insert into resources (provider_id, kind, name, capacity)
					select ${provider!.id}, ${kind}, kind || n, 2 from generate_series(1, 2) as n, (values (${kind}::text)) as k (kind)
					returning id
				)
				insert into service_resources (service_id, resource_id) select ${wanted!.id}, id from made`;
			await db`
				insert into opening_hours (provider_id, weekday, opens, closes)
				select ${provider!.id}, day, '08:00', '20:00' from generate_series(1, 7) as day`;
			const at = await localInstant(db, 14, '10:00');
			const sessions = await db<{ id: string }[]>`
				insert into sessions (provider_id, service_id, resource_id, starts_at, ends_at, capacity)
				select ${provider!.id}, ${wanted!.id}, id, ${at}, ${at}::timestamptz + interval '1 hour', 2 from resources
				where provider_id = ${provider!.id} and kind = 'room' order by id limit 1 returning id`;
			const what = mode === 'session' ? { session_id: sessions[0]!.id } : ({ starts_at: at } as { starts_at?: string });
			const book = async (client: Client, guest?: { name: string; email: string }) => {
				const { data, error } = await client.rpc('create_booking', {
					service_id: wanted!.id,
					...what,
					guest,
					idempotency_key: randomUUID()
				});
				expect(error).toBeNull();
				return data!;
			};
			const line = {
				service_id: wanted!.id,
				...(mode === 'session' && { session_id: sessions[0]!.id, period: undefined })
			};
			for (const [client, guest] of [
				[visitor, someone('lamia')],
				[zineb.client, undefined]
			] as const) {
				const [first, second] = [await book(visitor, someone('first')), await book(visitor, someone('second'))];
				const hers = await wait(client, at, { ...line, guest });
				const next = await wait(visitor, at, line);
				await visitor.rpc('cancel_booking', { manage_token: first.manage_token! });
				expect([await statusOf(hers.entry_id!), await statusOf(next.entry_id!)]).toEqual(['offered', 'waiting']);
				// the other place comes free and she takes it herself, before the next in line is offered it
				await db`update waitlist_entries set status = 'left' where id = ${next.entry_id}`;
				await visitor.rpc('cancel_booking', { manage_token: second.manage_token! });
				const own = await book(client, guest);
				await db`update waitlist_entries set status = 'waiting' where id = ${next.entry_id}`;

				await runJob(db, 'withdraw offers');
				expect([await statusOf(hers.entry_id!), await statusOf(next.entry_id!)]).toEqual(['declined', 'offered']);
				const [kept] = await db`select status from bookings where id = ${own.booking_id!}`;
				expect(kept!.status).toBe('confirmed');
				await db`
					select private.set_status(id, 'cancelled', 'customer') from bookings
					where service_id = ${wanted!.id} and status in ('held', 'confirmed')`;
				await db`update waitlist_entries set status = 'left' where service_id = ${wanted!.id}`;
			}
		}
	);

	test('as a guest and joins again with what joining gave has one place, changed; without it nobody else’s', async () => {
		const { db, visitor } = here;
		const at = await localInstant(db, 15, '09:00');
		const [session] = await db`
			insert into sessions (provider_id, service_id, resource_id, starts_at, ends_at, capacity)
			select provider_id, ${film}, id, ${at}, ${at}::timestamptz + interval '2 hours', 3
			from resources where id = ${room} returning id`;
		const guest = someone('nadia');
		// full, so that nothing is offered meanwhile
		const full = await visitor.rpc('create_booking', {
			service_id: film,
			session_id: session!.id as string,
			seats: ['A1', 'A2', 'A3'],
			guest: someone('full'),
			idempotency_key: randomUUID()
		});
		expect(full.error).toBeNull();
		const line = (party_size: number, as: Record<string, unknown>) =>
			wait(visitor, at, { service_id: film, session_id: session!.id, period: undefined, party_size, guest: as });
		const hers = await line(1, guest);
		const behind = await line(1, someone('behind'));
		const again = await line(3, { ...guest, manage_token: hers.manage_token });
		expect(again).toEqual({ ...hers, ahead: 0 });
		const entry = async () =>
			(await db`select party_size, created_at from waitlist_entries where id = ${hers.entry_id}`)[0];
		const before = await entry();
		expect(before).toMatchObject({ party_size: 3 });
		// a stranger's words, a stranger's secret, and hers for another address
		const typed = await line(2, guest);
		const theirs = await line(2, { ...guest, manage_token: behind.manage_token });
		const other = await line(2, { ...someone('other'), manage_token: hers.manage_token });
		expect(await entry()).toEqual(before);
		expect(new Set([hers, behind, typed, theirs, other].map(({ entry_id }) => entry_id)).size).toBe(5);
		expect(Object.keys(typed)).toEqual(Object.keys(hers));
		expect(typed.status).toBe(hers.status);
		await db`update waitlist_entries set status = 'left' where session_id = ${session!.id}`;
	});

	test('has their turn though another service’s offer fails', async () => {
		const at = await localInstant(here.db, 8, '09:00');
		const broken = await wait(here.visitor, at, { service_id: here.plumber.freeService });
		await here.db`update waitlist_entries set language = 'none' where id = ${broken.entry_id}`;
		const sound = await wait(here.visitor, at);
		await runJob(here.db, 'offer places');
		expect(await statusOf(sound.entry_id!)).toBe('offered');
		expect(await statusOf(broken.entry_id!)).toBe('waiting');
		await here.db`delete from waitlist_entries where id = ${broken.entry_id}`;
	});

	test('stands in line once, may leave, and is told of the offer', async () => {
		const taken = await take(6, '09:00');
		const hers = await wait(here.amina.client, taken.at);
		expect((await wait(here.amina.client, taken.at)).entry_id).toBe(hers.entry_id);
		const his = await wait(here.visitor, taken.at);
		const wrong = await here.visitor.rpc('leave_waitlist', { entry_id: his.entry_id!, manage_token: 'guessed' });
		expect(wrong.error?.message).toBe('not_found');
		await here.visitor.rpc('leave_waitlist', { entry_id: his.entry_id!, manage_token: his.manage_token! });
		expect(await statusOf(his.entry_id!)).toBe('left');
		await here.visitor.rpc('cancel_booking', { manage_token: taken.token });
		const { data } = await here.amina.client.from('notifications').select('kind').eq('kind', 'waitlist_offer');
		expect(data).toHaveLength(1);
		const mails = await here.db`
			select d.kind from deliveries d where d.kind = 'waitlist_offer' and d.recipient = ${here.amina.email}`;
		expect(mails).toHaveLength(1);
	});

	test('is seen by themselves and by the provider alone', async () => {
		const seen = async (client: Client) => (await client.from('waitlist_entries').select('id')).data?.length ?? 0;
		expect(await seen(here.amina.client)).toBe(1);
		expect(await seen(here.zineb.client)).toBeGreaterThan(4);
		for (const client of [here.visitor, here.bilal.client, here.youssef.client, here.admin.client]) {
			expect(await seen(client)).toBe(0);
		}
	});

	test('for nothing that can be had is refused', async () => {
		const at = await localInstant(here.db, 3, '09:00');
		const ask = async (more: object) =>
			(await here.visitor.rpc('join_waitlist', { service_id: service, guest: someone('odd'), ...more } as never)).error;
		expect(await ask({})).toMatchObject({ message: 'invalid_input', details: 'period' });
		expect(await ask({ period: '[2020-01-01,2020-01-02)' })).toMatchObject({ details: 'period' });
		expect(await ask({ period: `[${at},infinity)` })).toMatchObject({ details: 'period' });
		expect(await ask({ period: `[${at},)`, party_size: 2 })).toMatchObject({ message: 'party_size' });
		expect(await ask({ service_id: randomUUID() })).toMatchObject({ message: 'not_found' });
		expect(await ask({ session_id: randomUUID() })).toMatchObject({ message: 'not_found', details: 'session_id' });
	});
});
