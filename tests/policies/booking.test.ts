import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { account } from 'supabase-embedded/testing';
import dashboard from '../../src/lib/i18n/en/dashboard.json' with { type: 'json' };
import { peopleReasons, systemReasons } from '../../src/lib/booking/happened.ts';
import { localInstant, makeNeighbourhood } from './people.ts';
import type { Client, Neighbourhood, Person } from './people.ts';

let here: Neighbourhood;
const address = { line: '3 rue des Orangers' };
const guest = { name: 'Zoubida', email: 'zoubida@example.com', phone: '06 12 34 56 78' };

beforeAll(async () => {
	here = await makeNeighbourhood();
});
afterAll(() => here.close());

function book(client: Client, starts_at: string, more: Record<string, unknown> = {}) {
	return client.rpc('create_booking', {
		service_id: here.plumber.freeService,
		starts_at,
		idempotency_key: randomUUID(),
		...more
	});
}

describe('booking an appointment', () => {
	test('a signed-in customer books; without a deposit it waits for the provider', async () => {
		const { data, error } = await book(here.amina.client, await localInstant(here.db, 2, '09:00'));
		expect(error).toBeNull();
		expect(data).toMatchObject({ status: 'pending', amount_due_minor: 0, currency: 'MAD', manage_token: null });
		expect(data!.reference).toMatch(/^KH[2-9A-HJKMNP-Z]{8}$/);
	});

	test('an account holds so many unpaid places of one business and in all, of two at once too; its own people are not counted', async () => {
		const { db, bilal, youssef, plumber } = here;
		const [made] = await db`
			insert into services (provider_id, name_fr, duration_minutes, step_minutes, price_minor, deposit_percent, notice_minutes)
			values (${plumber.id}, 'Retenu', 15, 15, 10000, 50, 0) returning id`;
		await db`
			insert into service_resources (service_id, resource_id)
			select ${made!.id}, id from resources where provider_id = ${plumber.id}`;
		const hold = async (client: Client, minutes: number) =>
			book(client, new Date(Date.parse(await localInstant(db, 9, '08:00')) + minutes * 60_000).toISOString(), {
				service_id: made!.id
			});
		const [cap] = await db`select most from private.customer_caps where name = 'holds_at_provider'`;
		const tries = Array.from({ length: (cap!.most as number) + 1 }, (_, n) => n);
		const answers = await Promise.all(tries.map((n) => hold(bilal.client, 15 * n)));
		expect(answers.map(({ data, error }) => data?.status ?? error!.message).sort()).toEqual(
			[...tries.slice(1).map(() => 'held'), 'rate_limited'].sort()
		);
		const refusal = answers.find(({ error }) => error)!.error!;
		expect(Number(refusal.details)).toBeGreaterThan(0);
		await db`
			update bookings set hold_expires_at = now() - interval '1 second' where service_id = ${made!.id} and customer_id = ${bilal.id}`;
		expect((await hold(bilal.client, 300)).data).toMatchObject({ status: 'held' });
		for (const n of tries) expect((await hold(youssef.client, 360 + 15 * n)).error).toBeNull();
		await db`
			select private.set_status(id, 'cancelled', 'customer') from bookings where service_id = ${made!.id} and status = 'held'`;
	});

	test('an account has so many unpaid bookings to come in one business, and fewer of them at one time; its own people any', async () => {
		const { db, youssef, plumber } = here;
		const customer = (await account('customer')) as Person;
		const [made] = await db`
			with service as (
				insert into services (provider_id, mode, name_fr, duration_minutes, price_minor, deposit_percent, notice_minutes, max_party)
				values (${plumber.id}, 'session', 'Gratuit', 60, 10000, 0, 0, 20) returning id
			), room as (
				insert into resources (provider_id, kind, name, capacity) values (${plumber.id}, 'room', 'Grande salle', 1000) returning id
			)
			select service.id, room.id as room from service, room`;
		const sessions = await db<{ id: string; starts_at: Date }[]>`
			insert into sessions (provider_id, service_id, resource_id, starts_at, ends_at, capacity)
			select ${plumber.id}, ${made!.id}, ${made!.room}, at, at + interval '1 hour', 1000
			from generate_series(1, 8) as n, lateral (select date_trunc('day', now()) + n * interval '1 day' + interval '22 hours' as at) as x
			order by at returning id, starts_at`;
		const take = async (client: Client, n: number) =>
			client.rpc('create_booking', {
				service_id: made!.id as string,
				session_id: sessions[n]!.id,
				party_size: 20,
				idempotency_key: randomUUID()
			});
		const caps = Object.fromEntries(
			(await db`select name, most from private.customer_caps`).map(({ name, most }) => [name, most as number])
		);
		const at = caps.unpaid_at_a_time!;
		const tries = Array.from({ length: at + 1 }, () => take(customer.client, 0));
		const answers = await Promise.all(tries);
		const refusals = answers.filter(({ error }) => error);
		expect(refusals.map(({ error }) => error!.message)).toEqual(['rate_limited']);
		expect(Number(refusals[0]!.error!.details)).toBeGreaterThan(0);
		let there = at;
		for (let n = 1; there < caps.unpaid_at_provider!; there++) {
			expect((await take(customer.client, n)).error).toBeNull();
			if ((there + 1) % at === 0) n++;
		}
		expect((await take(customer.client, 7)).error?.message).toBe('rate_limited');
		// none gets there by moving either; what is changed where it is, is not counted twice
		const [mine] = await db<{ id: string }[]>`
			select id from bookings where customer_id = ${customer.id} and session_id = ${sessions[1]!.id} limit 1`;
		const moved = (n: number) =>
			customer.client.rpc('reschedule_booking', {
				booking_id: mine!.id,
				starts_at: sessions[n]!.starts_at.toISOString()
			});
		expect((await moved(0)).error?.message).toBe('rate_limited');
		expect((await moved(7)).error).toBeNull();
		for (let n = 0; n <= at; n++) expect((await take(youssef.client, 0)).error).toBeNull();
	});

	test('a deposit makes it a hold of half an hour', async () => {
		const { data } = await book(here.amina.client, await localInstant(here.db, 2, '11:00'), {
			service_id: here.plumber.service,
			address
		});
		expect(data).toMatchObject({ status: 'held', amount_due_minor: 7500 });
		const left = Date.parse(data!.hold_expires_at!) - Date.now();
		expect(left).toBeGreaterThan(29 * 60_000);
		expect(left).toBeLessThan(31 * 60_000);
	});

	test('the same key gives the same booking back, to its maker only', async () => {
		const key = randomUUID();
		const at = await localInstant(here.db, 3, '09:00');
		const first = await book(here.amina.client, at, { idempotency_key: key });
		const again = await book(here.amina.client, at, { idempotency_key: key });
		expect(again.data).toEqual(first.data);
		const stranger = await book(here.bilal.client, at, { idempotency_key: key });
		expect(stranger.error).toMatchObject({ code: 'PT422', message: 'invalid_input', details: 'idempotency_key' });
	});

	test('two staff take two bookings; the third is told the slot is taken and when it is free', async () => {
		const at = await localInstant(here.db, 3, '14:00');
		expect((await book(here.amina.client, at)).error).toBeNull();
		expect((await book(here.bilal.client, at)).error).toBeNull();
		const third = await book(here.visitor, at, { guest });
		expect(third.status).toBe(409);
		expect(third.error).toMatchObject({ code: 'PT409', message: 'slot_taken' });
		const next = JSON.parse(third.error!.hint!) as string[];
		expect(next).toHaveLength(3);
		expect(Date.parse(next[0]!)).toBe(Date.parse(at) + 60 * 60_000);
	});

	test('forty at once on one slot with two places: two win, the others lose in words', async () => {
		const at = await localInstant(here.db, 4, '10:00');
		const answers = await Promise.all(
			Array.from({ length: 40 }, (_, i) => book(here.visitor, at, { guest: { ...guest, email: `g${i}@example.com` } }))
		);
		expect(answers.filter((answer) => answer.error === null)).toHaveLength(2);
		for (const answer of answers) if (answer.error) expect(answer.error.message).toBe('slot_taken');
		const [row] = await here.db`
			select count(*)::int as bookings from bookings b join occupancies o on o.booking_id = b.id
			where b.starts_at = ${at} and b.provider_id = ${here.plumber.id}`;
		expect(row!.bookings).toBe(2);
	});

	test('what is taken is no longer offered', async () => {
		const at = await localInstant(here.db, 3, '14:00');
		const day = at.slice(0, 10);
		const { data } = await here.visitor.rpc('available_slots', {
			service_id: here.plumber.freeService,
			from_date: day,
			to_date: day
		});
		const starts = data!.map((slot) => Date.parse(slot.starts_at));
		expect(starts).not.toContain(Date.parse(at));
		expect(starts).toContain(Date.parse(at) + 60 * 60_000);
	});

	test.each([
		['a past time', 'too_soon', async () => ({ starts_at: await localInstant(here.db, -1, '10:00') })],
		['a time too far away', 'too_far', async () => ({ starts_at: await localInstant(here.db, 90, '10:00') })],
		['a closed hour', 'outside_hours', async () => ({ starts_at: await localInstant(here.db, 3, '23:00') })],
		[
			'a time between two starts',
			'outside_hours',
			async () => ({ starts_at: await localInstant(here.db, 3, '09:07') })
		],
		['a party of nobody', 'party_size', async () => ({ party_size: 0 })],
		['a party of ten thousand', 'party_size', async () => ({ party_size: 10_000 })],
		['an unknown promo code', 'promo_invalid', async () => ({ promo_code: 'NOPE' })],
		['an unknown service', 'not_found', async () => ({ service_id: randomUUID() })],
		['notes of a megabyte', 'invalid_input', async () => ({ notes: 'x'.repeat(1_000_000) })],
		['no address where one is needed', 'invalid_input', async () => ({ service_id: here.plumber.service })],
		[
			'an address that is a list',
			'invalid_input',
			async () => ({ service_id: here.plumber.service, address: ['3 rue des Orangers'] as never })
		],
		[
			'an address whose line is a list',
			'invalid_input',
			async () => ({ service_id: here.plumber.service, address: { line: ['abc', 'def'] } as never })
		],
		[
			'an address with something else in it',
			'invalid_input',
			async () => ({ service_id: here.plumber.service, address: { ...address, html: '<b>' } as never })
		],
		[
			'an address that turns around what stands beside it',
			'invalid_input',
			async () => ({ service_id: here.plumber.service, address: { line: '3 rue \u202egnirts' } as never })
		],
		['a malformed phone', 'invalid_input', async () => ({ guest: { ...guest, phone: 'call me' } })],
		['a malformed e-mail', 'invalid_input', async () => ({ guest: { ...guest, email: 'zoubida' } })],
		['no name', 'invalid_input', async () => ({ guest: { ...guest, name: ' ' } })],
		['no key', 'invalid_input', async () => ({ idempotency_key: null })]
	])('%s is refused as %s and writes nothing', async (_, code, change) => {
		const before = await here.db`select count(*)::int as n from bookings where provider_id = ${here.plumber.id}`;
		const at = await localInstant(here.db, 5, '10:00');
		const { error } = await book(here.visitor, at, { guest, ...(await change()) });
		expect(error?.message).toBe(code);
		const after = await here.db`select count(*)::int as n from bookings where provider_id = ${here.plumber.id}`;
		expect(after[0]!.n).toBe(before[0]!.n);
	});

	test('a quote says price, deposit and the policy, and writes nothing', async () => {
		const { data } = await here.visitor.rpc('quote_booking', {
			service_id: here.plumber.service,
			starts_at: await localInstant(here.db, 5, '10:00')
		});
		expect(data).toMatchObject({ price_minor: 25000, discount_minor: 0, deposit_minor: 7500, currency: 'MAD' });
		expect(data!.policy).toMatchObject({ code: 'moderate' });
	});

	test('a closure over a booking is refused; elsewhere it takes the time', async () => {
		const at = await localInstant(here.db, 6, '10:00');
		await book(here.amina.client, at);
		const close = (from: string, to: string) =>
			here.youssef.client.from('closures').insert({ provider_id: here.plumber.id, period: `[${from},${to})` });
		const over = await close(at, await localInstant(here.db, 6, '12:00'));
		expect(over.error).toMatchObject({ message: 'slot_taken' });
		const beside = await close(await localInstant(here.db, 6, '13:00'), await localInstant(here.db, 6, '20:00'));
		expect(beside.error).toBeNull();
		const taken = await book(here.amina.client, await localInstant(here.db, 6, '15:00'));
		expect(taken.error?.message).toBe('slot_taken');
	});
});

describe('the life of a booking', () => {
	test('the provider confirms, the customer cancels in time, the place is free again', async () => {
		const at = await localInstant(here.db, 7, '09:00');
		const { data: made } = await book(here.amina.client, at);
		const confirmed = await here.youssef.client.rpc('transition_booking', {
			booking_id: made!.booking_id!,
			to_status: 'confirmed'
		});
		expect(confirmed.data).toMatchObject({ status: 'confirmed', viewer: 'provider' });
		const cancelled = await here.amina.client.rpc('cancel_booking', {
			booking_id: made!.booking_id!,
			reason: 'malade'
		});
		expect(cancelled.data).toMatchObject({ status: 'cancelled', refund_minor: 0 });
		const again = await here.amina.client.rpc('cancel_booking', { booking_id: made!.booking_id! });
		expect(again.error).toMatchObject({ code: 'PT409', message: 'invalid_transition' });
		const history = await here.amina.client
			.from('booking_events')
			.select('to_status, actor')
			.eq('booking_id', made!.booking_id!)
			.order('created_at');
		expect(history.data).toEqual([
			{ to_status: 'pending', actor: 'customer' },
			{ to_status: 'confirmed', actor: 'provider' },
			{ to_status: 'cancelled', actor: 'customer' }
		]);
		const [left] = await here.db`select count(*)::int as n from occupancies where booking_id = ${made!.booking_id}`;
		expect(left!.n).toBe(0);
	});

	test('nobody but its provider moves a booking', async () => {
		const { data: made } = await book(here.amina.client, await localInstant(here.db, 7, '11:00'));
		for (const person of [here.amina, here.bilal, here.zineb, here.moderator]) {
			const tried = await person.client.rpc('transition_booking', {
				booking_id: made!.booking_id!,
				to_status: 'confirmed'
			});
			expect(tried.error).toMatchObject({ code: 'PT404', message: 'not_found' });
		}
		const staff = await here.karim.client.rpc('transition_booking', {
			booking_id: made!.booking_id!,
			to_status: 'confirmed'
		});
		expect(staff.data?.status).toBe('confirmed');
		const early = await here.karim.client.rpc('transition_booking', {
			booking_id: made!.booking_id!,
			to_status: 'completed'
		});
		expect(early.error?.message).toBe('invalid_transition');
	});

	test('a guest sees and cancels with the token, and with no other', async () => {
		const { data: made } = await book(here.visitor, await localInstant(here.db, 7, '15:00'), { guest });
		const seen = await here.visitor.rpc('get_booking', { manage_token: made!.manage_token! });
		expect(seen.data).toMatchObject({ id: made!.booking_id, viewer: 'guest', customer_phone: '+212612345678' });
		for (const args of [
			{ booking_id: made!.booking_id! },
			{ manage_token: 'made-up' },
			{ booking_id: made!.booking_id!, manage_token: 'made-up' }
		]) {
			expect((await here.visitor.rpc('get_booking', args)).error).toMatchObject({
				code: 'PT404',
				message: 'not_found'
			});
		}
		const cancelled = await here.visitor.rpc('cancel_booking', { manage_token: made!.manage_token! });
		expect(cancelled.data?.status).toBe('cancelled');
	});

	test('a lapsed hold gives its place to whoever comes next', async () => {
		const at = await localInstant(here.db, 8, '09:00');
		const holds = await Promise.all(
			[here.amina, here.bilal].map((person) => book(person.client, at, { service_id: here.plumber.service, address }))
		);
		expect(holds.every((hold) => hold.data?.status === 'held')).toBe(true);
		expect((await book(here.zineb.client, at)).error?.message).toBe('slot_taken');
		await here.db`update bookings set hold_expires_at = now() - interval '1 second' where id = ${holds[0]!.data!.booking_id}`;
		await here.db`update occupancies set expires_at = now() - interval '1 second' where booking_id = ${holds[0]!.data!.booking_id}`;
		expect((await book(here.zineb.client, at)).error).toBeNull();
		const late = await here.amina.client.rpc('begin_payment', { booking_id: holds[0]!.data!.booking_id! });
		expect(late.error).toMatchObject({ code: 'PT410', message: 'hold_expired' });
	});
});

test('whatever the system does with a booking has words in its history', async () => {
	const [known] = await here.db<{ reasons: string[] }[]>`
		select array_agg(m[1]) as reasons
		from pg_constraint c, regexp_matches(pg_get_constraintdef(c.oid), '''([a-z_]+)''::text', 'g') as m
		where c.conname = 'booking_events_reason_known'`;
	const reasons = known!.reasons.filter((reason) => reason !== 'system');
	expect(reasons.length).toBeGreaterThan(8);
	expect(systemReasons.toSorted()).toEqual(reasons.toSorted());
	const ours = new Set<string>([...systemReasons, ...peopleReasons, 'moved']);
	expect(Object.keys(dashboard.event).toSorted()).toEqual([...ours].toSorted());
});
