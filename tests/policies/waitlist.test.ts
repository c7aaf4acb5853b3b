import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { runJob } from '../load/jobs.ts';
import { localInstant, makeNeighbourhood } from './people.ts';
import type { Sql, TransactionSql } from 'postgres';
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

		// an offer is of that place
		const elsewhere = await here.visitor.rpc('reschedule_booking', {
			manage_token: first.token,
			starts_at: new Date(Date.parse(taken.at) + 7_200_000).toISOString()
		});
		expect(elsewhere.error).toMatchObject({ message: 'invalid_transition', details: 'offered' });

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
		await here.db.unsafe(`
			create function private.out_of_order() returns trigger language plpgsql as $$ begin raise 'out of order'; end $$;
			create trigger out_of_order before insert on bookings
				for each row when (new.waitlist_entry_id = '${broken.entry_id}') execute function private.out_of_order()`);
		const sound = await wait(here.visitor, at);
		await runJob(here.db, 'offer places');
		await here.db`drop function private.out_of_order cascade`;
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

describe('however many wait', () => {
	let provider: string;
	let crowded: string;

	/** A service of a business of its own, with people who are all free on one day alone. */
	async function serviceFree(day: number, people: number, steps = 60): Promise<string> {
		const { db, salon } = here;
		const [made] = await db<{ provider: string; service: string }[]>`
			with made as (
				insert into providers (slug, name, category_id, city_slug, district, address, latitude, longitude, status, approval,
					cancellation_policy_id)
				select 'w-' || gen_random_uuid(), 'Foule', category_id, city_slug, 'Centre', '1', 33.5, -7.6, 'published', 'automatic',
					cancellation_policy_id
				from providers where id = ${salon.id} returning id
			), offered as (
				insert into services (provider_id, name_fr, duration_minutes, step_minutes, price_minor, notice_minutes)
				select id, 'Couru', 60, ${steps}, 0, 0 from made returning id, provider_id
			)
			select provider_id as provider, id as service from offered`;
		await db`
			with team as (
				insert into resources (provider_id, kind, name)
				select ${made!.provider}, 'staff', n::text from generate_series(1, ${people}::int) as n returning id
			)
			insert into service_resources (service_id, resource_id) select ${made!.service}, id from team`;
		await db`
			insert into opening_hours (provider_id, weekday, opens, closes, valid_from, valid_to)
			select ${made!.provider}, extract(isodow from d), '08:00', '20:00', d, d
			from (select private.to_local(now(), 'Africa/Casablanca')::date + ${day}::int as d) as x`;
		provider = made!.provider;
		return made!.service;
	}
	/** Guests who wait from now on for some days, written down in a transaction: no job comes in between. */
	const guestsWait = (tx: Sql | TransactionSql, service: string, many: number, days: number, email?: string) => tx`
		insert into waitlist_entries (
			provider_id, service_id, period, customer_name, customer_email, language, party_size, created_at
		)
		select ${provider}, ${service}, tstzrange(now() + n * interval '1 minute', now() + ${days}::int * interval '1 day'), 'Foule',
			coalesce(${email ?? null}, gen_random_uuid() || '@example.com'), 'fr', 1, now() + n * interval '1 second'
		from generate_series(1, ${many}::int) as n returning id`;

	test('a cancellation asks the first few of them, and the job goes on; unproven addresses keep some places alone', async () => {
		const { db } = here;
		crowded = await serviceFree(3, 20);
		const at = await localInstant(db, 3, '10:00');
		const { data, error } = await here.visitor.rpc('create_booking', {
			...{ service_id: crowded, starts_at: at, guest: someone('leaves'), idempotency_key: randomUUID() }
		});
		expect(error).toBeNull();
		const made = await db.begin(async (tx) => {
			await guestsWait(tx, crowded, 30, 6);
			await tx`select private.set_status(${data!.booking_id!}, 'cancelled', 'customer')`;
			await tx`select private.offer_places(b) from bookings b where b.id = ${data!.booking_id!}`;
			return (await tx`select created_at from waitlist_entries where service_id = ${crowded} and status = 'offered'`)
				.count;
		});
		expect(made).toBe(5);
		const [cap] = await db`select most from private.provider_caps where name = 'open_guest_offers'`;
		for (let run = 0; run < 3; run++) await runJob(db, 'offer places');
		const offered = await db`
			select w.status = 'offered' as yes from waitlist_entries w where w.service_id = ${crowded} order by w.created_at`;
		expect(offered.map(({ yes }) => yes as boolean)).toEqual(offered.map((_, n) => n < (cap!.most as number)));
	});

	test('the job looks at so much at a time and goes on from there, also within one who waits for weeks', async () => {
		const { db } = here;
		const far = await serviceFree(40, 100, 5);
		const turns = await db.begin(async (tx) => {
			await guestsWait(tx, far, 1, 45);
			const days: (number | null)[] = [];
			for (let n = 0; n < 30 && !(days.length && days.at(-1) === null); n++) {
				await tx`select private.offer_in_turn(${far})`;
				const [pass] = await tx`
					select day - private.to_local(now(), 'Africa/Casablanca')::date as day
					from private.waitlist_passes where service_id = ${far}`;
				days.push(pass!.day as number | null);
			}
			return days;
		});
		expect(turns.length).toBeGreaterThan(3);
		expect(turns.slice(0, -1)).toEqual([...turns.slice(0, -1)].sort((a, b) => a! - b!));
		expect(await db`select status from waitlist_entries where service_id = ${far}`).toEqual([{ status: 'offered' }]);
	});

	test('an address that nothing has proven is offered one place at a time, and none once two have lapsed', async () => {
		const { db } = here;
		const wanted = await serviceFree(2, 20);
		const { email } = someone('typed');
		await db`
			insert into waitlist_entries (provider_id, service_id, period, customer_name, customer_email, language, party_size)
			select ${provider}, ${wanted}, tstzrange(at, at + interval '1 minute'), 'Typed', ${email}, 'fr', 1
			from (select ${await localInstant(db, 2, '10:00')}::timestamptz + n * interval '1 hour' as at from generate_series(1, 5) as n) as x`;
		const count = async (status: string) =>
			(await db`select from waitlist_entries where service_id = ${wanted} and status = ${status}`).count;
		for (const lapsed of [1, 2]) {
			await runJob(db, 'offer places');
			await runJob(db, 'offer places');
			expect(await count('offered')).toBe(1);
			await db`
				update bookings set hold_expires_at = now() - interval '1 second' where service_id = ${wanted} and status = 'held'`;
			for (const job of ['expire holds', 'end waitlist entries']) await runJob(db, job);
			expect(await count('lapsed')).toBe(lapsed);
		}
		await runJob(db, 'offer places');
		expect([await count('offered'), await count('waiting')]).toEqual([0, 3]);
	});

	test('there is an end to the line: of guests before accounts, of an account in all', async () => {
		const { db, visitor, bilal } = here;
		// nobody works there: nothing is offered meanwhile
		const nowhere = await serviceFree(3, 0);
		const caps = Object.fromEntries(
			(
				await db<{ name: string; most: number }[]>`
				select name, most from private.provider_caps union all select name, most from private.customer_caps`
			).map(({ name, most }) => [name, most])
		);
		await guestsWait(db, nowhere, caps.guests_waiting_of_service!, 5);
		const join = async (client: Client, hour: string) =>
			(
				await client.rpc('join_waitlist', {
					service_id: nowhere,
					period: `[${await localInstant(db, 3, hour)},${await localInstant(db, 4, '12:00')})`,
					guest: someone('late')
				})
			).error;
		expect(await join(visitor, '09:00')).toMatchObject({
			...{ code: 'PT422', message: 'limit_reached', details: 'guests_waiting_of_service' }
		});
		expect(await join(bilal.client, '09:00')).toBeNull();
		await db`
			insert into waitlist_entries (
				provider_id, service_id, period, customer_id, customer_name, customer_email, language, party_size
			)
			select provider_id, service_id, tstzrange(lower(period) + n * interval '1 minute', upper(period)), customer_id, customer_name,
				customer_email, language, 1
			from waitlist_entries, generate_series(1, ${caps.waiting! - 1}::int) as n
			where customer_id = ${bilal.id} and service_id = ${nowhere}`;
		expect(await join(bilal.client, '10:30')).toMatchObject({ message: 'limit_reached', details: 'waiting' });
		// who stands there already may change what they wait for
		expect(await join(bilal.client, '09:00')).toBeNull();
		await db`delete from waitlist_entries where service_id = ${nowhere}`;
	});

	test('and nobody waits for what is over', async () => {
		const past = new Date(Date.now() - 3 * 86_400_000).toISOString();
		const { error } = await here.visitor.rpc('join_waitlist', {
			service_id: crowded,
			period: `[${past},${await localInstant(here.db, 3, '09:00')})`,
			guest: someone('past')
		});
		expect(error).toMatchObject({ message: 'invalid_input', details: 'period' });
	});
});
