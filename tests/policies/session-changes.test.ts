import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { account, service } from 'supabase-embedded/testing';
import type { Json } from '../../src/lib/supabase/types.ts';
import { bookingCalendar } from '../../supabase/functions/_shared/booking-calendar.ts';
import type { CalendarItem } from '../../supabase/functions/_shared/booking-calendar.ts';
import { runJob } from '../load/jobs.ts';
import { localInstant, makeNeighbourhood } from './people.ts';
import type { Client, Neighbourhood, Person } from './people.ts';
import { paid } from './stripe.ts';
import type { One } from '../../src/lib/supabase/lists.ts';

// Whoever is booked in a session goes where it goes.
let here: Neighbourhood;
let manager: Person;
/** free of charge, without numbers; with a deposit of 30 %; with the seats A1 to A3 */
let course: string;
let workshop: string;
let film: string;
let rooms: { plain: string; other: string; numbered: string };
const stripe = service() as Client;
let day = 3;

beforeAll(async () => {
	here = await makeNeighbourhood();
	const { db, plumber } = here;
	manager = (await account('manager')) as Person;
	await db`insert into provider_members (provider_id, user_id, role) values (${plumber.id}, ${manager.id}, 'manager')`;
	await db`update providers set approval = 'automatic' where id = ${plumber.id}`;
	const made = await db<{ id: string }[]>`
		insert into services (provider_id, mode, name_fr, duration_minutes, notice_minutes, price_minor, deposit_percent, max_party)
		values (${plumber.id}, 'session', 'Stage', 60, 0, 25000, 0, 10), (${plumber.id}, 'session', 'Atelier', 60, 0, 25000, 30, 10),
			(${plumber.id}, 'session', 'Film', 60, 0, 5000, 0, 3)
		returning id`;
	[course, workshop, film] = made.map(({ id }) => id) as [string, string, string];
	const [plain, other, numbered] = await db<{ id: string }[]>`
		insert into resources (provider_id, kind, name, capacity)
		values (${plumber.id}, 'room', 'Salle 1', 1000), (${plumber.id}, 'room', 'Salle 2', 20), (${plumber.id}, 'room', 'Salle 3', 20)
		returning id`;
	rooms = { plain: plain!.id, other: other!.id, numbered: numbered!.id };
	await db`
		insert into seats (provider_id, resource_id, label, row_number, column_number)
		select ${plumber.id}, ${rooms.numbered}, 'A' || n, 1, n from generate_series(1, 3) as n`;
});
afterAll(() => here.close());

interface Planned {
	id: string;
	at: string;
	/** the same time of the next day */
	next: string;
}

/** An hour's session on a day of its own. */
async function plan(of = course, room = rooms.plain, capacity = 20, time = '10:00'): Promise<Planned> {
	const at = await localInstant(here.db, day, time);
	const next = await localInstant(here.db, day + 1, time);
	day += 2;
	const { data, error } = await here.youssef.client
		.from('sessions')
		.insert({
			provider_id: here.plumber.id,
			service_id: of,
			resource_id: room,
			starts_at: at,
			ends_at: new Date(Date.parse(at) + 3_600_000).toISOString(),
			capacity
		})
		.select('id')
		.single();
	expect(error).toBeNull();
	return { id: data!.id, at, next };
}

const someone = (name: string) => ({ name, email: `${name}-${randomUUID().slice(0, 8)}@example.com` });

async function book(client: Client, session: Planned, more: Record<string, unknown> = {}) {
	const { data, error } = await client.rpc('create_booking', {
		service_id: course,
		session_id: session.id,
		guest: client === here.visitor ? someone('guest') : undefined,
		idempotency_key: randomUUID(),
		...more
	} as never);
	expect(error).toBeNull();
	return { id: data!.booking_id!, token: data!.manage_token! };
}

async function pay(booking: string, client = here.amina.client) {
	const { data, error } = await client.rpc('begin_payment', { booking_id: booking });
	expect(error).toBeNull();
	return data!.payment_id!;
}
const apply = async (payment: string) =>
	(await stripe.rpc('apply_stripe_event', { event: paid(payment) as unknown as Json })).data;

const move = (session: Planned, starts_at: string | null, client = here.youssef.client) =>
	client.rpc('move_session', { session_id: session.id, starts_at: starts_at as string });
const cancel = (session: Planned, reason?: string, client = here.youssef.client) =>
	client.rpc('cancel_session', { session_id: session.id, reason });
const seen = async (token: string) => (await here.visitor.rpc('get_booking', { manage_token: token })).data!;
const mails = (subject: { booking?: string; recipient?: string }) =>
	here.db<{ kind: string; language: string; data: Record<string, string> }[]>`
		select kind, language, data from deliveries
		where booking_id = ${subject.booking ?? null} or recipient = ${subject.recipient ?? null}
		order by created_at, id`;
const bell = async (client: Client, kinds: One<'notification_kind'>[]) =>
	(await client.from('notifications').select('kind, data, booking_id').in('kind', kinds)).data!;
const broken = (session: Planned) =>
	here.db`
		select i.* from private.broken_invariants() i
		where i.subject_id = ${session.id}
			or i.subject_id in (select id from bookings where session_id = ${session.id})
			or i.subject_id in (select id from waitlist_entries where session_id = ${session.id})
			or i.details ->> 'booking_id' in (select id::text from bookings where session_id = ${session.id})`;
const audited = async (session: Planned) =>
	(
		await here.admin.client
			.from('audit_log')
			.select('action, actor_role, old_values, new_values')
			.eq('table_name', 'public.sessions')
			.eq('row_id', session.id)
			.order('at')
	).data!;
const instant = (at: string | null | undefined) => new Date(at!).toISOString();

describe('a session that moves', () => {
	test('takes its bookings along, their pages, links and calendar files, and its room', async () => {
		const session = await plan();
		const guest = await book(here.visitor, session, { party_size: 2 });
		const file = async () => {
			const { data } = await here.visitor.rpc('booking_calendar', { manage_token: guest.token });
			const options = { language: 'fr' as const, siteUrl: 'https://khadamat.example', now: new Date() };
			return bookingCalendar(data as unknown as CalendarItem, options).content;
		};
		const before = await file();
		expect(before).toContain('SEQUENCE:0');
		const { data, error } = await move(session, session.next);
		expect(error).toBeNull();
		expect(data).toMatchObject({ session_id: session.id, bookings: 1, waiting: 0, active: true, code: null });
		expect([instant(data!.starts_at), Date.parse(data!.ends_at!) - Date.parse(data!.starts_at!)]).toEqual([
			session.next,
			3_600_000
		]);
		const page = await seen(guest.token);
		expect(instant(page.starts_at)).toBe(session.next);
		expect(page).toMatchObject({ status: 'confirmed', free_to_cancel: true, party_size: 2 });
		expect(page.local_starts_at).toMatch(/T10:00:00$/);
		const after = await file();
		expect(after).toContain('SEQUENCE:1');
		const stamp = (at: string) => `T${at.slice(11, 19).replaceAll(':', '')}`;
		expect(after).toContain(`DTSTART;TZID=Africa/Casablanca:${page.local_starts_at!.slice(0, 10).replaceAll('-', '')}`);
		expect(after).toContain(stamp(page.local_starts_at!));
		const [secret] = await here.db`
			select expires_at = ${page.ends_at}::timestamptz + interval '7 days' as along from private.bearer_secrets
			where subject_id = ${guest.id} and purpose = 'manage_booking'`;
		expect(secret).toEqual({ along: true });
		const [place] = await here.db`
			select lower(period) = ${session.next}::timestamptz as there from occupancies where session_id = ${session.id}`;
		expect(place).toEqual({ there: true });
		const history = await here.db`
			select actor, actor_id, reason, moved_from from booking_events where booking_id = ${guest.id} order by created_at`;
		expect(history.at(-1)).toMatchObject({ actor: 'provider', actor_id: here.youssef.id, reason: 'rescheduled' });
		expect((history.at(-1)!.moved_from as Date).toISOString()).toBe(session.at);
		expect(await broken(session)).toEqual([]);
	});

	test('tells each once, in their language, of the old time and the new; the start it has already tells nobody', async () => {
		const session = await plan();
		const hers = await book(here.amina.client, session);
		const guest = await book(here.visitor, session, { guest: { ...someone('zoubida'), language: 'en' } });
		await move(session, session.next);
		const same = await move(session, session.next);
		expect(same.data).toMatchObject({ bookings: 0, waiting: 0, code: null });
		for (const { id } of [hers, guest]) {
			const told = (await mails({ booking: id })).filter(({ kind }) => kind === 'booking_moved_by_provider');
			expect(told).toHaveLength(1);
			const { before, when, link } = told[0]!.data;
			expect(before).not.toBe(when);
			expect([before, when].every((text) => text!.endsWith('10:00'))).toBe(true);
			expect(link).toContain(id === guest.id ? '/en/b/' : '/bookings/');
		}
		const rung = (await bell(here.amina.client, ['booking_moved_by_provider'])).filter(
			(one) => one.booking_id === hers.id
		);
		expect(rung).toHaveLength(1);
		const [row] = await here.db`select count(*)::int as events from booking_events where booking_id = ${hers.id}`;
		expect(row).toEqual({ events: 2 });
		expect(await audited(session)).toMatchObject([
			{ action: 'insert' },
			{ action: 'update', actor_role: 'owner', old_values: { starts_at: expect.anything() } }
		]);
	});

	test('is not booked, waited for or changed by who still sees its old time', async () => {
		const session = await plan(workshop);
		const asked = { service_id: workshop, session_id: session.id, starts_at: session.at, party_size: 2 };
		const { data: quote } = await here.amina.client.rpc('quote_booking', asked);
		const mine = await book(here.bilal.client, session, { service_id: workshop });
		const more = { booking_id: mine.id, party_size: 2 };
		const { data: change } = await here.bilal.client.rpc('quote_change', more);
		expect((await move(session, session.next)).error).toBeNull();

		const booked = async (starts_at?: string, expected_terms?: string) =>
			(
				await here.amina.client.rpc('create_booking', {
					...asked,
					starts_at,
					expected_terms,
					idempotency_key: randomUUID()
				})
			).error;
		const gone = { code: 'PT409', message: 'slot_taken', details: 'starts_at' };
		const changed = { code: 'PT409', message: 'price_changed', details: 'expected_terms' };
		expect((await here.amina.client.rpc('quote_booking', asked)).error).toMatchObject(gone);
		expect(await booked(session.at)).toMatchObject(gone);
		expect(await booked(session.at, quote!.terms!)).toMatchObject(changed);
		expect(await booked(undefined, quote!.terms!)).toMatchObject(changed);
		expect(await booked('infinity')).toMatchObject({ message: 'invalid_input', details: 'starts_at' });
		const wait = await here.amina.client.rpc('join_waitlist', {
			service_id: workshop,
			session_id: session.id,
			period: `[${session.at},${session.at}]`
		});
		expect(wait.error).toMatchObject({ code: 'PT409', message: 'slot_taken', details: 'period' });
		const late = await here.bilal.client.rpc('reschedule_booking', { ...more, expected_terms: change!.terms! });
		expect(late.error).toMatchObject(changed);

		const { data: now } = await here.amina.client.rpc('quote_booking', { ...asked, starts_at: session.next });
		expect(await booked(session.next, now!.terms!)).toBeNull();
		expect(await broken(session)).toEqual([]);
	});

	test('may be left with all back, however late: the time was not the customer’s', async () => {
		const session = await plan(workshop);
		const { id } = await book(here.amina.client, session, { service_id: workshop });
		expect(await apply(await pay(id))).toBe('confirmed');
		await here.db`
			update bookings set policy = '{"code": "strict", "tiers": []}', refund_cap_percent = 0 where id = ${id}`;
		const page = async () => (await here.amina.client.rpc('get_booking', { booking_id: id })).data!;
		expect(await page()).toMatchObject({ refund_if_cancelled_minor: 0, free_to_cancel: false });
		await move(session, session.next);
		expect(await page()).toMatchObject({
			refund_if_cancelled_minor: 7500,
			free_to_cancel: true,
			refunds: [{ refund_percent: 100, refund_minor: 7500 }]
		});
		const { data } = await here.amina.client.rpc('cancel_booking', { booking_id: id });
		expect(data).toMatchObject({ status: 'cancelled', refund_minor: 7500, free_to_cancel: false });
		expect(await broken(session)).toEqual([]);
	});

	test('is not brought forward to the next half hour, and may begin later than promised at any time', async () => {
		const session = await plan();
		for (const seconds of [1.5, 60, 1740]) {
			const at = new Date(Date.now() + seconds * 1000).toISOString();
			expect((await move(session, at)).error).toMatchObject({
				code: 'PT422',
				message: 'too_soon',
				details: 'starts_at'
			});
		}
		await here.db`
			update sessions set starts_at = now() + interval '5 minutes', ends_at = now() + interval '65 minutes' where id = ${session.id}`;
		expect((await move(session, new Date(Date.now() + 900_000).toISOString())).error).toBeNull();
		await cancel(session);
	});

	test('at short notice may be left for a day more, whatever it is marked as, with a word of it', async () => {
		const session = await plan(workshop);
		const paidFor = async () => {
			const { id } = await book(here.amina.client, session, { service_id: workshop });
			expect(await apply(await pay(id))).toBe('confirmed');
			return id;
		};
		const [left, marked, begun, paidThere, late] = [
			await paidFor(),
			await paidFor(),
			await paidFor(),
			await paidFor(),
			await paidFor()
		] as const;
		expect((await move(session, new Date(Date.now() + 2_400_000).toISOString())).error).toBeNull();
		const [mail] = (await mails({ booking: left })).filter(({ kind }) => kind === 'booking_moved_by_provider');
		expect(mail!.data.until!.slice(-5)).toBe(mail!.data.when!.slice(-5));
		expect(mail!.data.until).not.toBe(mail!.data.when);
		/** Lets the clock run: the session, its bookings and what happened to them are as many hours further back. */
		const wait = async (hours: string) => {
			await here.db`
				update sessions set starts_at = starts_at - ${hours}::interval, ends_at = ends_at - ${hours}::interval where id = ${session.id}`;
			await here.db`
				update bookings b set starts_at = s.starts_at, ends_at = s.ends_at, local_starts_at = s.local_starts_at
				from sessions s where s.id = b.session_id and s.id = ${session.id}`;
			await here.db`
				update booking_events set created_at = created_at - ${hours}::interval
				where booking_id in (select id from bookings where session_id = ${session.id})`;
		};
		await wait('3 hours');
		const mark = async (id: string, to_status: string) =>
			expect((await here.youssef.client.rpc('transition_booking', { booking_id: id, to_status })).error).toBeNull();
		await mark(marked, 'completed');
		await mark(begun, 'in_progress');
		const page = async (id: string) => (await here.amina.client.rpc('get_booking', { booking_id: id })).data!;
		const { completion_code } = await page(paidThere);
		const refused = async (id: string) => {
			expect((await page(id)).next_statuses).toEqual([]);
			const { error } = await here.amina.client.rpc('cancel_booking', { booking_id: id });
			expect(error?.message).toBe('invalid_transition');
		};
		const done = await here.youssef.client.rpc('complete_booking', {
			booking_id: paidThere,
			completion_code: completion_code!
		});
		expect(done.error).toBeNull();
		for (const id of [left, marked, begun]) {
			expect(await page(id)).toMatchObject({ free_to_cancel: true, refund_if_cancelled_minor: 7500 });
			expect((await page(id)).next_statuses).toEqual(['cancelled']);
			const { data, error } = await here.amina.client.rpc('cancel_booking', { booking_id: id });
			expect(error).toBeNull();
			expect(data).toMatchObject({ status: 'cancelled', refund_minor: 7500, free_to_cancel: false });
		}
		// who paid there with their code was there
		await refused(paidThere);
		expect(await page(late)).toMatchObject({ free_to_cancel: true });
		await wait('23 hours');
		await refused(late);
		expect(await broken(session)).toEqual([]);
	});

	test('keeps holds and what is to be answered, with their deadlines', async () => {
		const session = await plan(workshop);
		const held = await book(here.amina.client, session, { service_id: workshop });
		const unproven = await book(here.visitor, session, { service_id: workshop });
		await here.db`update providers set approval = 'manual' where id = ${here.plumber.id}`;
		const asked = await book(here.bilal.client, session, { service_id: workshop });
		await apply(await pay(asked.id, here.bilal.client));
		await here.db`update providers set approval = 'automatic' where id = ${here.plumber.id}`;
		// as if it were held for a proof of the address
		await here.db`update bookings set deposit_minor = 0 where id = ${unproven.id}`;
		const deadlines = () =>
			here.db`
				select hold_expires_at, answer_by from bookings where id in (${held.id}, ${asked.id}, ${unproven.id}) order by id`;
		const before = await deadlines();
		expect((await move(session, session.next)).data).toMatchObject({ bookings: 3 });
		expect(await deadlines()).toEqual(before);
		expect((await mails({ booking: held.id })).map(({ kind }) => kind)).toEqual(['booking_moved_by_provider']);
		expect((await mails({ booking: unproven.id })).map(({ kind }) => kind)).toEqual(['booking_to_prove']);
		// as one that was offered is held
		await here.db`update bookings set hold_expires_at = now() + interval '2 hours' where id in (${held.id}, ${unproven.id})`;
		const soon = new Date(Date.now() + 2_400_000).toISOString();
		expect((await move(session, soon)).error).toBeNull();
		for (const { hold_expires_at, answer_by } of await deadlines())
			expect(((hold_expires_at ?? answer_by) as Date).toISOString()).toBe(soon);
		expect(await apply(await pay(held.id))).toBe('confirmed');
		expect(await broken(session)).toEqual([]);
		await cancel(session);
	});

	test('ends holds that have lapsed, whose late payment goes back: it was for another time', async () => {
		const session = await plan(workshop);
		const { id } = await book(here.amina.client, session, { service_id: workshop });
		const payment = await pay(id);
		await here.db`update bookings set hold_expires_at = now() - interval '1 second' where id = ${id}`;
		expect((await move(session, session.next)).data).toMatchObject({ bookings: 0 });
		expect(await apply(payment)).toBe('refunded');
		const { data } = await here.amina.client.rpc('get_booking', { booking_id: id });
		expect(data).toMatchObject({ status: 'expired', paid_minor: 7500, refund_minor: 7500 });
		expect(await broken(session)).toEqual([]);
	});

	test('takes who waits along, with the link to leave, and tells them once', async () => {
		const session = await plan(course, rooms.other, 1);
		await book(here.visitor, session);
		const join = async (client: Client, email?: string) => {
			const { data, error } = await client.rpc('join_waitlist', {
				service_id: course,
				session_id: session.id,
				guest: email ? { name: 'Sara', email } : undefined
			});
			expect(error).toBeNull();
			return data!;
		};
		const recipient = someone('sara').email;
		const guest = await join(here.visitor, recipient);
		const hers = await join(here.bilal.client);
		const { data } = await move(session, session.next);
		expect(data).toMatchObject({ bookings: 1, waiting: 2 });
		const rows = await here.db`
			select distinct lower(period) = ${session.next}::timestamptz as along, status from waitlist_entries
			where id in (${guest.entry_id}, ${hers.entry_id})`;
		expect(rows).toEqual([{ along: true, status: 'waiting' }]);
		expect((await mails({ recipient })).map(({ kind, data }) => [kind, 'name' in data])).toEqual([
			['waitlist_moved', false]
		]);
		expect(await bell(here.bilal.client, ['waitlist_moved'])).toMatchObject([
			{ data: { service: 'Stage', service_id: course } }
		]);
		const left = await here.visitor.rpc('leave_waitlist', {
			entry_id: guest.entry_id!,
			manage_token: guest.manage_token!
		});
		expect(left.error).toBeNull();
		const [secret] = await here.db`
			select expires_at = ${session.next}::timestamptz as along from private.bearer_secrets
			where subject_id = ${guest.entry_id}`;
		expect(secret).toEqual({ along: true });
		expect(await broken(session)).toEqual([]);
	});

	test('leaves one place in the line to an account that waits for two that are then at one time', async () => {
		const [one, two] = [await plan(course, rooms.other, 1), await plan(course, rooms.plain, 1)];
		for (const session of [one, two]) {
			await book(here.visitor, session);
			await here.bilal.client.rpc('join_waitlist', { service_id: course, session_id: session.id });
		}
		expect((await move(one, two.at)).data).toMatchObject({ waiting: 0 });
		const rows = await here.db`
			select session_id = ${two.id} as kept, status from waitlist_entries
			where session_id in (${one.id}, ${two.id}) order by status desc`;
		expect(rows).toEqual([
			{ kept: false, status: 'left' },
			{ kept: true, status: 'waiting' }
		]);
	});

	test('is refused where its room is taken, in the past, without a time, too often, or once it has begun', async () => {
		const [session, other] = [await plan(), await plan()];
		const { id } = await book(here.amina.client, session);
		expect((await move(session, new Date(Date.parse(other.at) + 1_800_000).toISOString())).error).toMatchObject({
			code: 'PT409',
			message: 'slot_taken'
		});
		for (const wrong of [null, 'infinity', '2020-01-01T10:00:00Z', new Date().toISOString()])
			expect((await move(session, wrong)).error).toMatchObject({
				code: 'PT422',
				message: 'invalid_input',
				details: 'starts_at'
			});
		expect(instant((await here.amina.client.rpc('get_booking', { booking_id: id })).data!.starts_at)).toBe(session.at);
		await here.db`update bookings set status = 'in_progress' where id = ${id}`;
		expect((await move(session, session.next)).error).toMatchObject({
			message: 'invalid_transition',
			details: 'begun'
		});
		await here.db`update bookings set status = 'confirmed' where id = ${id}`;
		await here.db`
			insert into private.rate_counters (name, caller, window_start, shard, calls)
			select name, ${other.id}, date_bin(per, now(), 'epoch') + n * per, 99, max_calls
			from private.rate_limits, generate_series(0, 1) as n where name = 'move_session'`;
		expect((await move(other, other.next)).error).toMatchObject({ code: 'PT429', message: 'rate_limited' });
		await here.db`
			update sessions set starts_at = now() - interval '10 minutes', ends_at = now() + interval '50 minutes' where id = ${other.id}`;
		for (const refused of [await move(other, other.next), await cancel(other)])
			expect(refused.error).toMatchObject({ code: 'PT409', message: 'invalid_transition', details: 'begun' });
	});

	test('waits for who is just changing a booking, while others book; all go along', async () => {
		const session = await plan();
		const first = await book(here.visitor, session);
		const [moving, second] = await here.db.begin(async (lock) => {
			await lock`select from bookings where id = ${first.id} for update`;
			const begun = move(session, session.next).then((answer) => answer);
			// it waits for the booking, and not with the session in its hands
			await expect
				.poll(async () => (await here.db`select from pg_locks where not granted and locktype = 'transactionid'`).length)
				.toBeGreaterThan(0);
			return [begun, await book(here.visitor, session)] as const;
		});
		expect((await moving).data).toMatchObject({ bookings: 2 });
		for (const { token } of [first, second]) expect(instant((await seen(token)).starts_at)).toBe(session.next);
		expect(await broken(session)).toEqual([]);
	});

	test('goes to a time next to its own in one step, and takes a lapsed hold’s room', async () => {
		const session = await plan();
		const half = new Date(Date.parse(session.at) + 1_800_000).toISOString();
		expect((await move(session, half)).error).toBeNull();
		const [room] = await here.db<{ id: string }[]>`
			insert into services (provider_id, name_fr, duration_minutes, price_minor, deposit_percent, notice_minutes)
			values (${here.plumber.id}, 'Location de la salle', 60, 25000, 30, 0) returning id`;
		await here.db`insert into service_resources (service_id, resource_id) values (${room!.id}, ${rooms.plain})`;
		const held = await here.amina.client.rpc('create_booking', {
			service_id: room!.id,
			starts_at: session.next,
			idempotency_key: randomUUID()
		});
		expect(held.error).toBeNull();
		expect((await move(session, session.next)).error?.message).toBe('slot_taken');
		const id = held.data!.booking_id!;
		await here.db`update bookings set hold_expires_at = now() - interval '1 second' where id = ${id}`;
		await here.db`update occupancies set expires_at = now() - interval '1 second' where booking_id = ${id}`;
		expect((await move(session, session.next)).error).toBeNull();
	});
});

describe('a session that is called off', () => {
	test('cancels what is booked and held there, gives everything back and frees its room, once', async () => {
		const session = await plan(workshop);
		await here.db`update providers set approval = 'manual' where id = ${here.plumber.id}`;
		const asked = await book(here.amina.client, session, { service_id: workshop });
		expect(await apply(await pay(asked.id))).toBe('pending');
		await here.db`update providers set approval = 'automatic' where id = ${here.plumber.id}`;
		const whole = await book(here.amina.client, session, { service_id: workshop });
		expect(await apply(await pay(whole.id))).toBe('confirmed');
		await here.db`update bookings set policy = '{"code": "strict", "tiers": []}' where id = ${whole.id}`;
		const held = await book(here.bilal.client, session, { service_id: workshop });
		const payment = await pay(held.id, here.bilal.client);
		const attached = await stripe.rpc('attach_checkout', { payment_id: payment, session_id: `cs_${payment}` });
		expect(attached.data).toBe(true);

		const { data, error } = await cancel(session, 'Le four est en panne');
		expect(error).toBeNull();
		expect(data).toMatchObject({ session_id: session.id, active: false, bookings: 3, waiting: 0 });
		const page = (await here.amina.client.rpc('get_booking', { booking_id: whole.id })).data!;
		expect(page).toMatchObject({
			status: 'cancelled',
			paid_minor: 7500,
			refund_minor: 7500,
			end_reason: 'Le four est en panne'
		});
		const refunds = await here.db`
			select reason, amount_minor::int as amount, account from refunds where booking_id = ${whole.id}`;
		expect(refunds).toEqual([{ reason: 'cancelled_by_provider', amount: 7500, account: 'provider' }]);
		const events = await here.db`
			select actor, actor_id, reason from booking_events where booking_id = ${held.id} and to_status = 'cancelled'`;
		expect(events).toEqual([{ actor: 'provider', actor_id: here.youssef.id, reason: 'Le four est en panne' }]);
		// the worker may have closed its page already
		expect(await here.db`select status from payments where id = ${payment}`).toEqual([{ status: 'expired' }]);
		for (const { id } of [asked, whole, held])
			expect(
				(await mails({ booking: id })).filter(({ kind }) => kind === 'booking_cancelled_by_provider')
			).toHaveLength(1);
		expect(await here.db`select id from occupancies where session_id = ${session.id}`).toEqual([]);
		const [row] = await here.db`select taken, sequence from sessions where id = ${session.id}`;
		expect(row).toEqual({ taken: 0, sequence: 1 });
		expect(await broken(session)).toEqual([]);

		expect((await cancel(session)).error).toMatchObject({ message: 'invalid_transition', details: 'called_off' });
		expect((await move(session, session.next)).error).toMatchObject({ details: 'called_off' });
		expect(await audited(session)).toMatchObject([
			{ action: 'insert' },
			{ action: 'update', actor_role: 'owner', old_values: { active: true }, new_values: { active: false } }
		]);

		// whoever was just paying gets it back
		expect(await apply(payment)).toBe('refunded');
		const late = (await here.bilal.client.rpc('get_booking', { booking_id: held.id })).data!;
		expect(late).toMatchObject({ status: 'cancelled', paid_minor: 7500, refund_minor: 7500 });
		expect(await broken(session)).toEqual([]);
	});

	test('gives back the use of a code, and frees numbered seats', async () => {
		const session = await plan(film, rooms.numbered, 3);
		const code = `FILM${randomUUID().slice(0, 6).toUpperCase()}`;
		await here.youssef.client
			.from('promo_codes')
			.insert({ provider_id: here.plumber.id, code, percent: 50, max_uses: 1, max_uses_each: 1 });
		const wanted = { service_id: film, seats: ['A1', 'A2'], promo_code: code };
		await book(here.visitor, session, wanted);
		expect((await cancel(session)).error).toBeNull();
		expect(await here.db`select seat from booking_seats where session_id = ${session.id}`).toEqual([]);
		expect(await broken(session)).toEqual([]);
		await book(here.visitor, await plan(film, rooms.numbered, 3), wanted);
	});

	test('ends the line for it with a word to each, and puts back in line who waited for any start', async () => {
		const session = await plan(course, rooms.other, 1);
		const holder = await book(here.visitor, session);
		const [recipient, wide] = [someone('sara').email, someone('wide').email];
		const any = await here.visitor.rpc('join_waitlist', {
			service_id: course,
			period: `[${session.at},${session.next})`,
			guest: { name: 'Driss', email: wide }
		});
		await here.visitor.rpc('cancel_booking', { manage_token: holder.token });
		const entryOf = async (id: string) =>
			(await here.db`select status from waitlist_entries where id = ${id}`)[0]!.status as string;
		expect(await entryOf(any.data!.entry_id!)).toBe('offered');
		const line = await here.visitor.rpc('join_waitlist', {
			service_id: course,
			session_id: session.id,
			guest: { name: 'Sara', email: recipient }
		});
		expect((await cancel(session)).data).toMatchObject({ bookings: 1, waiting: 1 });
		expect(await entryOf(line.data!.entry_id!)).toBe('lapsed');
		expect((await mails({ recipient })).map(({ kind }) => kind)).toEqual(['waitlist_called_off']);
		await runJob(here.db, 'end waitlist entries');
		expect(await entryOf(any.data!.entry_id!)).toBe('waiting');
		expect(await broken(session)).toEqual([]);
		const late = await here.visitor.rpc('join_waitlist', {
			service_id: course,
			session_id: session.id,
			guest: someone('late')
		});
		expect(late.error?.message).toBe('not_found');
	});

	test('says why in words that are never taken for a command', async () => {
		for (const reason of ['clocks', 'party_restored', 'rescheduled', 'offered']) {
			const session = await plan();
			const { id } = await book(here.amina.client, session);
			expect((await cancel(session, reason)).error).toBeNull();
			const told = (await mails({ booking: id })).map(({ kind }) => kind);
			expect(told.filter((kind) => kind === 'booking_cancelled_by_provider')).toHaveLength(1);
			expect(told).not.toContain('party_restored');
		}
	});

	test('with five hundred bookings ends within what a request may take', async () => {
		const session = await plan(course, rooms.plain, 500);
		await here.db`
			with made as (
				insert into bookings (
					reference, provider_id, service_id, session_id, mode, status, customer_name, customer_email, language, starts_at,
					ends_at, local_starts_at, time_zone, price_minor, deposit_minor, currency, policy, idempotency_key
				)
				select 'S' || n || right(${session.id}::text, 8), t.provider_id, t.service_id, t.id, 'session', 'confirmed', 'Client ' || n,
					'client' || n || '@example.com', 'fr', t.starts_at, t.ends_at, t.local_starts_at, 'Africa/Casablanca', 0, 0, 'MAD',
					'{"code": "x", "tiers": []}', gen_random_uuid()
				from sessions t, generate_series(1, 500) as n where t.id = ${session.id}
				returning id
			)
			insert into booking_events (booking_id, to_status, actor, reason) select id, 'confirmed', 'system', 'clocks' from made`;
		expect((await move(session, session.next)).data).toMatchObject({ bookings: 500 });
		expect((await cancel(session)).data).toMatchObject({ bookings: 500 });
		const [told] = await here.db`
			select count(*)::int as mails, count(distinct booking_id)::int as people from deliveries
			where kind = 'booking_cancelled_by_provider' and booking_id in (select id from bookings where session_id = ${session.id})`;
		expect(told).toEqual({ mails: 500, people: 500 });
		expect(await broken(session)).toEqual([]);
	});
});

describe('who may', () => {
	test('move a session and call it off: owners and managers of its business in good standing, and nobody else', async () => {
		const session = await plan();
		const others = [
			[here.karim.client, 'not_allowed'],
			[here.zineb.client, 'not_found'],
			[here.amina.client, 'not_found'],
			[here.admin.client, 'not_found']
		] as const;
		for (const [client, message] of others) {
			expect((await move(session, session.next, client)).error?.message).toBe(message);
			expect((await cancel(session, '', client)).error?.message).toBe(message);
		}
		expect((await move(session, session.next, here.visitor)).error?.code).toBe('42501');
		expect((await cancel(session, '', here.visitor)).error?.code).toBe('42501');
		await here.db`update providers set status = 'suspended' where id = ${here.plumber.id}`;
		const suspended = [await move(session, session.next), await cancel(session)];
		await here.db`update providers set status = 'published' where id = ${here.plumber.id}`;
		for (const { error } of suspended) expect(error).toMatchObject({ message: 'not_allowed', details: 'suspended' });
		expect((await move(session, session.next, manager.client)).error).toBeNull();
		expect((await cancel(session, '', manager.client)).error).toBeNull();
	});

	test('write its time or whether it takes place directly, or delete it: nobody', async () => {
		const session = await plan();
		await book(here.amina.client, session);
		const table = () => here.youssef.client.from('sessions');
		for (const change of [{ starts_at: session.next }, { ends_at: session.next }, { active: false }, { capacity: 1 }])
			expect((await table().update(change).eq('id', session.id)).error?.code).toBe('42501');
		expect((await table().delete().eq('id', session.id)).error?.code).toBe('42501');
		await expect(here.db`delete from sessions where id = ${session.id}`).rejects.toMatchObject({ code: '23503' });
		await expect(here.db`update sessions set taken = capacity + 1 where id = ${session.id}`).rejects.toMatchObject({
			code: '23514'
		});
	});
});

describe('beside sessions', () => {
	test('a booking that its provider moves may be left with all back; one that its customer moves themself may not', async () => {
		const { data: made } = await here.amina.client.rpc('create_booking', {
			service_id: here.plumber.freeService,
			starts_at: await localInstant(here.db, 40, '10:00'),
			idempotency_key: randomUUID()
		});
		const id = made!.booking_id!;
		const to = async (client: Client, time: string) =>
			(await client.rpc('reschedule_booking', {
				booking_id: id,
				starts_at: await localInstant(here.db, 40, time)
			}))!;
		expect((await to(here.youssef.client, '12:00')).error).toBeNull();
		const page = async () => (await here.amina.client.rpc('get_booking', { booking_id: id })).data!;
		expect(await page()).toMatchObject({ free_to_cancel: true });
		const told = (await mails({ booking: id })).filter(({ kind }) => kind === 'booking_moved_by_provider');
		expect(told.map(({ data }) => [data.before!.slice(-5), data.when!.slice(-5)])).toEqual([['10:00', '12:00']]);
		expect((await to(here.amina.client, '14:00')).error).toBeNull();
		expect(await page()).toMatchObject({ free_to_cancel: false });
	});

	test('seats stay while somebody has them, and what is planned sells those that there are', async () => {
		const [made] = await here.db<{ id: string }[]>`
			insert into resources (provider_id, kind, name, capacity) values (${here.plumber.id}, 'room', 'Salle 4', 20) returning id`;
		const room = made!.id;
		await here.db`
			insert into seats (provider_id, resource_id, label, row_number, column_number)
			select provider_id, ${room}, label, row_number, column_number from seats where resource_id = ${rooms.numbered}`;
		const [sold, unsold] = [await plan(film, room, 3), await plan(film, room, 3)];
		const { id, token } = await book(here.visitor, sold, { service_id: film, seats: ['A2'] });
		const seats = () => here.youssef.client.from('seats');
		const seat = { provider_id: here.plumber.id, resource_id: room, row_number: 2, column_number: 1 };
		const capacities = async () =>
			(await here.db`select capacity from sessions where id in (${sold.id}, ${unsold.id})`).map(
				(row) => row.capacity as number
			);
		const remove = (label: string) => seats().delete().eq('resource_id', room).eq('label', label);
		expect(
			(
				await seats()
					.update({ label: 'B2' } as never)
					.eq('resource_id', room)
					.eq('label', 'A2')
			).error?.code
		).toBe('42501');
		expect((await remove('A2')).error).toMatchObject({ code: 'PT409', message: 'seat_taken', details: 'label' });
		expect((await remove('A1')).error).toBeNull();
		expect(await capacities()).toEqual([2, 2]);
		expect((await seats().insert({ ...seat, label: 'B1' })).error).toBeNull();
		expect(await capacities()).toEqual([3, 3]);
		const painted = await seats().update({ category: 'front' }).eq('resource_id', room).eq('label', 'A2');
		expect(painted.error).toBeNull();
		expect(await seen(token)).toMatchObject({ id, seats: ['A2'] });
		await cancel(sold);
		expect((await remove('A2')).error).toBeNull();
		expect((await here.db`select capacity from sessions where id = ${unsold.id}`)[0]).toEqual({ capacity: 2 });
	});
});
