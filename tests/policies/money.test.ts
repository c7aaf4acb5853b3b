import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { leastCharge } from 'stripe-double';
import { service } from 'supabase-embedded/testing';
import { minorDigits } from '../../src/lib/money/money.ts';
import type { Json } from '../../src/lib/supabase/types.ts';
import { runJob } from '../load/jobs.ts';
import { Dice } from '../load/random.ts';
import { localInstant, makeBusiness, makeNeighbourhood } from './people.ts';
import type { Client, Neighbourhood } from './people.ts';
import { paid } from './stripe.ts';

// What a booking costs, in every currency, for every number of people, and what of it is said to whom.
let here: Neighbourhood;
let course: { service: string; room: string };
const stripe = service() as Client;
let hours = 0;

beforeAll(async () => {
	here = await makeNeighbourhood();
	const [made] = await here.db`
		insert into services (
			provider_id, mode, name_fr, duration_minutes, notice_minutes, price_minor, price_per, deposit_percent, max_party
		)
		values (${here.plumber.id}, 'session', 'Stage', 60, 0, 90000, 'person', 30, 20) returning id`;
	const [room] = await here.db`
		insert into resources (provider_id, kind, name, capacity) values (${here.plumber.id}, 'room', 'Salle', 50) returning id`;
	course = { service: made!.id as string, room: room!.id as string };
});
afterAll(() => here.close());

/** A session of the course with 50 places, `days` from today. */
async function session(days = 20) {
	const at = await localInstant(here.db, days + Math.floor(hours / 10), `${8 + (hours++ % 10)}:00`);
	const [row] = await here.db`
		insert into sessions (provider_id, service_id, resource_id, starts_at, ends_at, capacity)
		values (${here.plumber.id}, ${course.service}, ${course.room}, ${at}, ${at}::timestamptz + interval '1 hour', 50)
		returning id`;
	return row!.id as string;
}

async function pay(booking: string) {
	const { data: payment, error } = await here.amina.client.rpc('begin_payment', { booking_id: booking });
	expect(error).toBeNull();
	const event = paid(payment!.payment_id!, { amount_total: payment!.amount_minor! });
	return (await stripe.rpc('apply_stripe_event', { event: event as unknown as Json })).data;
}

/** Places of amina's in a session of the course, their deposit paid. */
async function places(party_size: number, more: Record<string, unknown> = {}, days?: number) {
	const { data, error } = await here.amina.client.rpc('create_booking', {
		service_id: course.service,
		session_id: await session(days),
		party_size,
		idempotency_key: randomUUID(),
		...more
	});
	expect(error).toBeNull();
	expect(await pay(data!.booking_id!)).toBe('pending');
	return data!.booking_id!;
}

const change = async (booking_id: string, party_size: number, client = here.amina.client) => {
	const { data, error } = await client.rpc('reschedule_booking', { booking_id, party_size });
	expect(error).toBeNull();
	return data!;
};
const state = async (booking_id: string) => (await here.amina.client.rpc('get_booking', { booking_id })).data!;
const broken = (booking: string) =>
	here.db`
		select rule from private.broken_invariants()
		where subject_id = ${booking} or details ->> 'booking_id' = ${booking}`;

describe('a currency', () => {
	test('has as many decimals for the database as for the site, and the least charge of Stripe’s double', async () => {
		const { data } = await here.visitor.from('currencies').select('code, decimals, min_charge_minor');
		// the matrix leaves some behind that are none
		const real = data!.filter(({ code }) => leastCharge(code) !== undefined);
		expect(real.length).toBeGreaterThan(15);
		for (const { code, decimals, min_charge_minor } of real)
			expect([code, decimals, min_charge_minor]).toEqual([code, minorDigits(code), leastCharge(code)]);
	});

	test.each([
		[7500, 'MAD', '75.00 MAD'],
		[500, 'JPY', '500 JPY'],
		[1600, 'TND', '1.600 TND'],
		[5, 'KWD', '0.005 KWD'],
		[12345678901, 'mad', '123456789.01 MAD']
	])('%i of %s are said as %s', async (minor, currency, words) => {
		const [row] = await here.db`select private.money_text(${minor}, ${currency}) as words`;
		expect(row!.words).toBe(words);
	});
});

describe('a deposit', () => {
	test.each([
		['a share, rounded up to whole units', 25001, 30, 'MAD', 7600],
		['of yen, which have no smaller ones', 1001, 30, 'JPY', 301],
		['of dinars, a thousand to one', 45000, 30, 'TND', 14000],
		['never more than the price', 45670, 100, 'TND', 45670],
		['of a price whose last digit cannot be charged', 45675, 100, 'TND', 45670],
		['under what can be charged is raised to it', 1000, 4, 'MAD', 500],
		['on less than can be charged is not asked', 499, 100, 'MAD', 0],
		['of nothing', 25000, 0, 'MAD', 0]
	])('%s', async (_, total, percent, currency, deposit) => {
		const [row] = await here.db`select private.deposit_of(${total}, ${percent}, ${currency})::int as deposit`;
		expect(row!.deposit).toBe(deposit);
	});

	test('after a code of 96 % is one that can be charged', async () => {
		await here.youssef.client
			.from('promo_codes')
			.insert({ provider_id: here.plumber.id, code: 'PRESQUE', percent: 96, max_uses_each: 9 });
		const { data } = await here.visitor.rpc('quote_booking', {
			service_id: here.plumber.service,
			promo_code: 'PRESQUE'
		});
		expect(data).toMatchObject({ total_minor: 1000, deposit_minor: 500, due_on_site_minor: 500 });
	});

	test('above what can be charged is refused where the price is stated, and where the party makes it so', async () => {
		const dear = here.youssef.client
			.from('services')
			.update({ price_minor: 100_000_000, deposit_percent: 100 })
			.eq('id', here.plumber.freeService);
		expect((await dear).error).toMatchObject({ message: 'invalid_input', details: 'deposit_percent' });
		await here.db`update services set price_minor = 20000000 where id = ${course.service}`;
		const ask = (party_size: number) => here.visitor.rpc('quote_booking', { service_id: course.service, party_size });
		expect((await ask(16)).error).toBeNull();
		expect((await ask(17)).error).toMatchObject({ code: 'PT422', message: 'party_size' });
		await here.db`update services set price_minor = 90000 where id = ${course.service}`;
	});
});

describe('a currency with three decimals', () => {
	// Stripe takes no last digit of it but 0, neither in a charge nor in a refund.
	const inTens = (sum: number | null | undefined) => expect(sum! % 10, `${sum} ends in 0`).toBe(0);

	/** A course of its own in a currency, at a price and a deposit, and one session of it so many hours from now. */
	async function stage(currency: string, price: number, percent: number, hours: number): Promise<[string, string]> {
		const business = await makeBusiness(here.db, `Stages ${currency}`, here.youssef.id);
		// prices in dirhams would keep it from another currency
		await here.db`delete from services where provider_id = ${business.id}`;
		await here.db`update providers set currency = ${currency}, approval = 'automatic' where id = ${business.id}`;
		const [made] = await here.db`
			insert into services (
				provider_id, mode, name_fr, duration_minutes, notice_minutes, price_minor, price_per, deposit_percent, max_party
			)
			values (${business.id}, 'session', 'Stage', 60, 0, ${price}, 'person', ${percent}, 20) returning id`;
		const [row] = await here.db`
			with room as (
				insert into resources (provider_id, kind, name, capacity) values (${business.id}, 'room', 'Salle', 50) returning id
			)
			insert into sessions (provider_id, service_id, resource_id, starts_at, ends_at, capacity)
			select ${business.id}, ${made!.id as string}, room.id, at, at + interval '1 hour', 50
			from room, (select date_trunc('minute', now()) + ${`${hours} hours`}::interval as at) x returning id`;
		return [made!.id as string, row!.id as string];
	}

	/** Pays what is due, as it is asked of Stripe. */
	async function payAll(booking: string, due: number) {
		if (due === 0) return;
		const { data: payment, error } = await here.amina.client.rpc('begin_payment', { booking_id: booking });
		expect(error).toBeNull();
		expect(payment!.amount_minor).toBe(due);
		inTens(due);
		const { error: failed } = await stripe.rpc('apply_stripe_event', {
			event: paid(payment!.payment_id!, {
				amount_total: due,
				currency: payment!.currency!.toLowerCase()
			}) as unknown as Json
		});
		expect(failed).toBeNull();
		expect(await state(booking)).toMatchObject({ amount_due_minor: 0, status: 'confirmed' });
	}

	test.each(['TND', 'KWD', 'BHD', 'JOD', 'OMR'])(
		'is asked for, and given back, in sums that Stripe takes, and as it was said: %s',
		async (currency) => {
			const dice = new Dice([...currency].reduce((sum, sign) => sum * 31 + sign.charCodeAt(0), 0));
			for (let n = 0; n < 5; n++) {
				const price = n === 0 ? 1630 : dice.int(200, 30_000);
				const percent = n === 0 ? 100 : dice.int(1, 100);
				// half comes back ten hours before, and all of it two days before
				const [service_id, session_id] = await stage(currency, price, percent, n === 0 ? 10 : dice.pick([10, 10, 48]));
				const asked = { service_id, session_id, party_size: n === 0 ? 2 : dice.int(1, 20) };
				const { data: quote } = await here.visitor.rpc('quote_booking', asked);
				const { data: made, error } = await here.amina.client.rpc('create_booking', {
					...asked,
					idempotency_key: randomUUID()
				});
				expect(error).toBeNull();
				const id = made!.booking_id!;
				expect(made!.amount_due_minor).toBe(quote!.deposit_minor);
				await payAll(id, quote!.deposit_minor!);
				for (const party_size of n === 0 ? [1, 4] : dice.some(1, 3, () => dice.int(1, 20))) {
					const was = await state(id);
					const { data: change, error: unquoted } = await here.amina.client.rpc('quote_change', {
						booking_id: id,
						party_size
					});
					expect(unquoted).toBeNull();
					const { data: changed } = await here.amina.client.rpc('reschedule_booking', { booking_id: id, party_size });
					expect(changed!.amount_due_minor).toBe(change!.amount_due_minor);
					expect(changed!.refund_minor! - was.refund_minor!).toBe(change!.refund_minor);
					inTens(change!.refund_minor);
					await payAll(id, change!.amount_due_minor!);
				}
				const before = await state(id);
				const steps = before.refunds as { refund_minor: number }[];
				if (steps.length > 0) expect(steps[0]!.refund_minor).toBe(before.refund_if_cancelled_minor);
				const { data: after } = await here.amina.client.rpc('cancel_booking', { booking_id: id });
				expect(after!.refund_minor).toBe(before.refund_minor! + before.refund_if_cancelled_minor!);
				expect(after!.refund_minor).toBeLessThanOrEqual(after!.paid_minor!);
				const orders = await here.db<{ amount: number }[]>`
					select amount_minor::int as amount from refunds where booking_id = ${id}`;
				for (const { amount } of orders) inTens(amount);
				expect(await broken(id)).toEqual([]);
			}
		},
		60_000
	);

	test('gives half of 1.630 back as 0.820: what cannot be parted is the customer’s', async () => {
		const [row] = await here.db`
			select private.share_of(1630, 50, 'TND')::int as half, private.share_of(1630, 100, 'TND')::int as whole,
				private.share_of(1630, 0, 'TND')::int as none, private.share_of(7575, 50, 'MAD')::int as dirhams`;
		expect(row).toEqual({ half: 820, whole: 1630, none: 0, dirhams: 3787 });
	});
});

describe('another number of people', () => {
	test('is priced anew: 6, then 1, then 6 cost what 6 cost', async () => {
		const id = await places(6);
		expect(await state(id)).toMatchObject({ total_minor: 540_000, paid_minor: 162_000, due_on_site_minor: 378_000 });
		// five of six are given up in time: their share of the deposit comes back
		expect(await change(id, 1)).toMatchObject({
			price_minor: 90_000,
			deposit_minor: 27_000,
			refund_minor: 135_000,
			amount_due_minor: 0,
			due_on_site_minor: 63_000
		});
		const again = await change(id, 6);
		expect(again).toMatchObject({
			status: 'pending',
			price_minor: 540_000,
			deposit_minor: 162_000,
			amount_due_minor: 135_000,
			due_on_site_minor: 378_000
		});
		expect(await pay(id)).toBe('pending');
		expect(await state(id)).toMatchObject({ amount_due_minor: 0, due_on_site_minor: 378_000, top_up_by: null });
		expect(await broken(id)).toEqual([]);
	});

	test('that asks for more goes back if the rest is not paid in time, and both sides are told', async () => {
		const id = await places(1);
		expect(await change(id, 20)).toMatchObject({ party_size: 20, amount_due_minor: 19 * 27_000 });
		const { data: begun } = await here.amina.client.rpc('begin_payment', { booking_id: id });
		await runJob(here.db, 'lapse top-ups');
		expect((await state(id)).party_size).toBe(20);
		await here.db`update bookings set top_up_by = now() - interval '1 second' where id = ${id}`;
		await runJob(here.db, 'lapse top-ups');
		expect(await state(id)).toMatchObject({
			status: 'pending',
			party_size: 1,
			price_minor: 90_000,
			deposit_minor: 27_000,
			amount_due_minor: 0,
			due_on_site_minor: 63_000
		});
		expect(await broken((await state(id)).session_id!)).toEqual([]);
		const kinds = async (client: Client) =>
			(await client.from('notifications').select('kind').eq('booking_id', id)).data!.map(({ kind }) => kind);
		expect(await kinds(here.amina.client)).toContain('party_restored');
		expect(await kinds(here.youssef.client)).toContain('booking_party_restored');
		// and what is paid after all comes back
		const event = paid(begun!.payment_id!, { amount_total: begun!.amount_minor! });
		expect((await stripe.rpc('apply_stripe_event', { event: event as unknown as Json })).data).toBe('refunded');
		expect(await broken(id)).toEqual([]);
	});

	test('of a hold changes what is asked, and the page for the old sum is closed', async () => {
		const { data } = await here.amina.client.rpc('create_booking', {
			service_id: course.service,
			session_id: await session(),
			party_size: 1,
			idempotency_key: randomUUID()
		});
		const id = data!.booking_id!;
		const { data: old } = await here.amina.client.rpc('begin_payment', { booking_id: id });
		expect(await change(id, 20)).toMatchObject({ status: 'held', amount_due_minor: 20 * 27_000 });
		const { data: now } = await here.amina.client.rpc('begin_payment', { booking_id: id });
		expect(now!.payment_id).not.toBe(old!.payment_id);
		expect(now!.amount_minor).toBe(20 * 27_000);
		// paid on the page that was for one
		const event = paid(old!.payment_id!, { amount_total: 27_000 });
		expect((await stripe.rpc('apply_stripe_event', { event: event as unknown as Json })).data).toBe('refunded');
		expect(await state(id)).toMatchObject({ status: 'held', amount_due_minor: 20 * 27_000, refund_minor: 27_000 });
		expect(await broken(id)).toEqual([]);
	});

	test('keeps the code that was used, whatever has become of it for others', async () => {
		await here.youssef.client
			.from('promo_codes')
			.insert({ provider_id: here.plumber.id, code: 'MOITIE', percent: 50, max_uses: 1, max_uses_each: 1 });
		const id = await places(4, { promo_code: 'MOITIE' });
		await here.youssef.client.from('promo_codes').update({ active: false }).eq('code', 'MOITIE');
		expect(await change(id, 2)).toMatchObject({ price_minor: 180_000, discount_minor: 90_000, deposit_minor: 27_000 });
		expect(await change(id, 4)).toMatchObject({ price_minor: 360_000, discount_minor: 180_000, deposit_minor: 54_000 });
	});

	test('given up late gives back what the policy gives, and the rest counts for those who come', async () => {
		// moderate: half comes back between a day and four hours before
		const id = await places(6, {}, 1);
		await here.youssef.client.rpc('transition_booking', { booking_id: id, to_status: 'confirmed' });
		await here.db`
			with moved as (
				update sessions set starts_at = date_trunc('minute', now()) + interval '6 hours',
					ends_at = date_trunc('minute', now()) + interval '7 hours'
				where id = (select session_id from bookings where id = ${id}) returning starts_at, ends_at
			)
			update bookings b set starts_at = moved.starts_at, ends_at = moved.ends_at from moved where b.id = ${id}`;
		expect(await change(id, 1)).toMatchObject({ deposit_minor: 27_000, refund_minor: 67_500, due_on_site_minor: 0 });
	});

	test('asked for by the provider is paid at the place, and given up by them comes back whole', async () => {
		const id = await places(2);
		expect(await change(id, 4, here.youssef.client)).toMatchObject({
			price_minor: 360_000,
			amount_due_minor: 0,
			due_on_site_minor: 306_000
		});
		expect(await change(id, 1, here.youssef.client)).toMatchObject({ refund_minor: 27_000, due_on_site_minor: 63_000 });
	});
});

describe('a price', () => {
	test('that has changed since it was quoted books nothing', async () => {
		const asked = {
			service_id: here.plumber.freeService,
			starts_at: await localInstant(here.db, 5, '08:00'),
			idempotency_key: randomUUID()
		};
		const book = (expected_total_minor: number) =>
			here.amina.client.rpc('create_booking', { ...asked, expected_total_minor });
		const refused = await book(14_900);
		expect(refused.status).toBe(409);
		expect(refused.error).toMatchObject({ code: 'PT409', message: 'price_changed', hint: '15000' });
		expect((await book(15_000)).error).toBeNull();
	});

	test.each([
		['price', (id: string) => here.db`update services set price_minor = 14900 where id = ${id}`],
		['length', (id: string) => here.db`update services set duration_minutes = 5 where id = ${id}`],
		['deposit', (id: string) => here.db`update services set deposit_percent = 100 where id = ${id}`],
		[
			'policy',
			(id: string) => here.db`
				update providers set cancellation_policy_id = (select id from cancellation_policies where code = 'strict')
				where id = (select provider_id from services where id = ${id})`
		]
	])('whose %s has changed since it was quoted books nothing', async (_, alter) => {
		const { id, freeService: service } = await makeBusiness(here.db, 'Menuiserie', here.zineb.id);
		const asked = { service_id: service, starts_at: await localInstant(here.db, 5, '10:00') };
		const quoted = async () => (await here.visitor.rpc('quote_booking', asked)).data!.terms!;
		const book = (expected_terms: string) =>
			here.amina.client.rpc('create_booking', { ...asked, idempotency_key: randomUUID(), expected_terms });
		const terms = await quoted();
		await alter(service);
		const refused = await book(terms);
		expect(refused.status).toBe(409);
		expect(refused.error).toMatchObject({ message: 'price_changed', details: 'expected_terms' });
		expect(await here.db`select from bookings where provider_id = ${id}`).toHaveLength(0);
		expect((await book(await quoted())).error).toBeNull();
	});

	test.each([
		['another start', async () => ({ starts_at: await localInstant(here.db, 6, '12:00') })],
		['other notes', async () => ({ notes: 'au fond de la cour' })],
		['another guest', async () => ({ guest: { name: 'Malika', email: 'malika@example.com' } })]
	])('%s with the same key is another request, and gets no token of the first', async (_, other) => {
		const asked = {
			service_id: here.plumber.freeService,
			starts_at: await localInstant(here.db, 6, `${9 + (hours++ % 8)}:00`),
			guest: { name: 'Zoubida', email: 'zoubida@example.com' },
			idempotency_key: randomUUID()
		};
		const first = await here.visitor.rpc('create_booking', asked);
		expect(first.error).toBeNull();
		const second = await here.visitor.rpc('create_booking', { ...asked, ...(await other()) });
		expect(second.status).toBe(422);
		expect(second.error).toMatchObject({ message: 'idempotency_mismatch' });
		expect(JSON.stringify(second)).not.toContain(first.data!.manage_token!);
		expect((await here.visitor.rpc('create_booking', asked)).data).toEqual(first.data);
	});
});

test('the mail of a cancellation says what comes back', async () => {
	const id = await places(2);
	await here.youssef.client.rpc('transition_booking', { booking_id: id, to_status: 'confirmed' });
	await here.amina.client.rpc('cancel_booking', { booking_id: id });
	const [mail] = await here.db`
		select data ->> 'refund' as refund from deliveries
		where kind = 'booking_cancelled' and recipient = ${here.amina.email} order by created_at desc limit 1`;
	expect(mail!.refund).toBe('540.00 MAD');
});

test('a job is begun half an hour before its time at the earliest, and its customer may still cancel until then', async () => {
	const { data } = await here.amina.client.rpc('create_booking', {
		service_id: here.plumber.freeService,
		starts_at: await localInstant(here.db, 30, '10:00'),
		idempotency_key: randomUUID()
	});
	const id = data!.booking_id!;
	const move = (to_status: string) => here.youssef.client.rpc('transition_booking', { booking_id: id, to_status });
	expect((await move('confirmed')).data!.next_statuses).not.toContain('in_progress');
	expect((await move('in_progress')).error).toMatchObject({ code: 'PT409', message: 'invalid_transition' });
	await here.db`
		update bookings set starts_at = now() + interval '29 minutes', ends_at = now() + interval '89 minutes' where id = ${id}`;
	expect((await move('in_progress')).error).toBeNull();
	expect((await here.amina.client.rpc('cancel_booking', { booking_id: id })).data).toMatchObject({
		status: 'cancelled'
	});
});
