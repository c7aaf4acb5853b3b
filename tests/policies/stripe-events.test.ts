import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { project, service } from 'supabase-embedded/testing';
import type { Json } from '../../src/lib/supabase/types.ts';
import type { PaymentEvent } from '../../supabase/functions/stripe-webhook/event.ts';
import { runJob } from '../load/jobs.ts';
import { localInstant, makeNeighbourhood } from './people.ts';
import type { Client, Neighbourhood } from './people.ts';
import { dispute, event, paid, refund } from './stripe.ts';

// Money that came is booked or sent back, whatever happened meanwhile and in whatever order Stripe tells of it.
let here: Neighbourhood;
let course: { service: string; room: string };
const stripe = service() as Client;
let day = 3;

beforeAll(async () => {
	here = await makeNeighbourhood();
	const [made] = await here.db`
		insert into services (provider_id, mode, name_fr, duration_minutes, notice_minutes, price_minor, deposit_percent, max_party)
		values (${here.plumber.id}, 'session', 'Stage', 60, 0, 25000, 30, 10) returning id`;
	const [room] = await here.db`
		insert into resources (provider_id, kind, name, capacity) values (${here.plumber.id}, 'room', 'Salle', 20) returning id`;
	course = { service: made!.id as string, room: room!.id as string };
});
afterAll(() => here.close());

async function apply(told: PaymentEvent) {
	const { data, error } = await stripe.rpc('apply_stripe_event', { event: told as unknown as Json });
	expect(error).toBeNull();
	return data;
}

/** A held booking of amina's with its payment of 75 MAD begun, on a day of its own. */
async function begun(more: Record<string, unknown> = {}) {
	const { data: booking, error } = await here.amina.client.rpc('create_booking', {
		service_id: here.plumber.service,
		starts_at: await localInstant(here.db, day++, '10:00'),
		address: { line: '3 rue des Orangers' },
		idempotency_key: randomUUID(),
		...more
	});
	expect(error).toBeNull();
	const { data: payment } = await here.amina.client.rpc('begin_payment', { booking_id: booking!.booking_id! });
	return { booking: booking!.booking_id!, payment: payment!.payment_id! };
}

async function confirmed() {
	const made = await begun();
	expect(await apply(paid(made.payment))).toBe('pending');
	return made;
}

async function lapse(booking: string) {
	await here.db`update bookings set hold_expires_at = now() - interval '1 second' where id = ${booking}`;
	await here.db`update occupancies set expires_at = now() - interval '1 second' where booking_id = ${booking}`;
	await runJob(here.db, 'expire holds');
}

const state = async (booking: string) => (await here.amina.client.rpc('get_booking', { booking_id: booking })).data!;

/** What the ledger says that each account has of a booking. */
async function accounts(booking: string) {
	const rows = await here.db<{ account: string; sum: number }[]>`
		select account, sum(amount_minor)::int from ledger_entries where booking_id = ${booking} group by 1`;
	return Object.fromEntries(rows.map(({ account, sum }) => [account, sum]));
}

const refunds = (booking: string) =>
	here.db<{ id: string; status: string; amount: number; account: string; reason: string }[]>`
		select id, status, amount_minor::int as amount, account, reason from refunds where booking_id = ${booking}
		order by created_at, id`;

async function told(booking: string, client: Client) {
	const { data } = await client.from('notifications').select('kind').eq('booking_id', booking).order('created_at');
	return data!.map(({ kind }) => kind);
}

const broken = (booking: string) =>
	here.db`
		select rule from private.broken_invariants()
		where subject_id = ${booking} or details ->> 'booking_id' = ${booking}`;

describe('money that comes', () => {
	test('three times for one payment is taken once, and twice sent back', async () => {
		const { booking, payment } = await begun();
		for (const [copy, result] of ['pending', 'paid_twice', 'paid_twice'].entries())
			expect(await apply(paid(payment, { id: `cs_${copy}_${payment}`, payment_intent: `pi_${copy}_${payment}` }))).toBe(
				result
			);
		expect(await state(booking)).toMatchObject({ status: 'pending', paid_minor: 7500, refund_minor: 0 });
		expect(await accounts(booking)).toEqual({ stripe: 22500, provider: -7500, suspense: -15000 });
		const back = await refunds(booking);
		expect(back.map(({ amount, account }) => [amount, account])).toEqual([
			[7500, 'suspense'],
			[7500, 'suspense']
		]);
		expect(await told(booking, here.amina.client)).toContain('payment_returned');
		expect(await told(booking, here.youssef.client)).toContain('late_payment');
		// until it has gone, staff are shown that it is here
		expect((await broken(booking)).map(({ rule }) => rule as string)).toEqual(['money_returned', 'money_returned']);
		for (const [n, { id }] of back.entries())
			await stripe.rpc('finish_refund', { refund_id: id, stripe_refund_id: `re_${n}_${booking}`, status: 'succeeded' });
		expect(await accounts(booking)).toEqual({ stripe: 7500, provider: -7500, suspense: 0 });
		expect(await broken(booking)).toEqual([]);
	});

	test.each([
		['its session was called off', 'held'],
		['its hold lapsed and its session was called off', 'expired']
	])('after %s goes back, and both sides are told', async (_, status) => {
		const at = await localInstant(here.db, day, '15:00');
		const [session] = await here.db`
			insert into sessions (provider_id, service_id, resource_id, starts_at, ends_at, capacity)
			values (${here.plumber.id}, ${course.service}, ${course.room}, ${at}, ${at}::timestamptz + interval '1 hour', 5)
			returning id`;
		const { booking, payment } = await begun({
			service_id: course.service,
			starts_at: undefined,
			session_id: session!.id
		});
		if (status === 'expired') await lapse(booking);
		const called = await here.youssef.client.rpc('cancel_session', { session_id: session!.id as string });
		expect(called.error).toBeNull();
		expect(await apply(paid(payment))).toBe('refunded');
		expect(await state(booking)).toMatchObject({
			status: status === 'held' ? 'cancelled' : 'expired',
			paid_minor: 7500,
			refund_minor: 7500
		});
		expect(await told(booking, here.amina.client)).toEqual([
			...(status === 'held' ? ['booking_cancelled_by_provider'] : []),
			'place_lost'
		]);
		expect(await told(booking, here.youssef.client)).toEqual(['late_payment']);
		expect(await broken(booking)).toEqual([]);
	});

	test('after the customer has cancelled goes back', async () => {
		const { booking, payment } = await begun();
		await here.amina.client.rpc('cancel_booking', { booking_id: booking });
		expect(await apply(paid(payment))).toBe('refunded');
		expect(await state(booking)).toMatchObject({ status: 'cancelled', paid_minor: 7500, refund_minor: 7500 });
	});

	test('when the place is lost goes back, and the mail names other times', async () => {
		const { booking, payment } = await begun();
		await lapse(booking);
		const { starts_at } = await state(booking);
		for (let n = 0; n < 2; n++)
			await here.bilal.client.rpc('create_booking', {
				service_id: here.plumber.freeService,
				starts_at: starts_at!,
				idempotency_key: randomUUID()
			});
		expect(await apply(paid(payment))).toBe('refunded');
		const [mail] = await here.db<{ data: { amount: string; times: string; link: string } }[]>`
			select data from deliveries where kind = 'place_lost' and recipient = ${here.amina.email}
			order by created_at desc limit 1`;
		expect(mail!.data.amount).toBe('75.00 MAD');
		expect(mail!.data.times.split('\n')).toHaveLength(3);
		expect(mail!.data.link).toContain(`/book/${here.plumber.service}`);
	});

	test('late does not bring a code back that somebody else has used up', async () => {
		await here.youssef.client
			.from('promo_codes')
			.insert({ provider_id: here.plumber.id, code: 'DERNIERE', percent: 10, max_uses: 1, max_uses_each: null });
		const { booking, payment } = await begun({ promo_code: 'DERNIERE' });
		const { amount_due_minor } = await state(booking);
		await lapse(booking);
		const other = await here.bilal.client.rpc('create_booking', {
			service_id: here.plumber.freeService,
			starts_at: await localInstant(here.db, day++, '09:00'),
			promo_code: 'DERNIERE',
			idempotency_key: randomUUID()
		});
		expect(other.error).toBeNull();
		expect(await apply(paid(payment, { amount_total: amount_due_minor! }))).toBe('refunded');
		expect(await state(booking)).toMatchObject({ status: 'expired', refund_minor: amount_due_minor });
	});

	test('by a method that takes days is taken when it has come, and its failure lets another payment begin', async () => {
		const { booking, payment } = await begun();
		expect(await apply(paid(payment, { payment_status: 'unpaid' }))).toBe('processing');
		expect((await state(booking)).status).toBe('held');
		const object = { ...paid(payment).object, object: 'checkout.session', amount_total: 7500, payment_status: 'paid' };
		expect(await apply(event('checkout.session.async_payment_succeeded', object))).toBe('pending');

		const second = await begun();
		await stripe.rpc('attach_checkout', { payment_id: second.payment, session_id: `cs_${second.payment}` });
		await apply(paid(second.payment, { payment_status: 'unpaid' }));
		const failed = { id: `cs_${second.payment}`, object: 'checkout.session', metadata: { payment_id: second.payment } };
		expect(await apply(event('checkout.session.async_payment_failed', failed))).toBe('expired');
		const { data } = await here.amina.client.rpc('begin_payment', { booking_id: second.booking });
		expect(data!.payment_id).not.toBe(second.payment);
	});

	test('of a payment that nobody here knows waits, and staff hear of it', async () => {
		const stranger = paid(randomUUID());
		expect(await apply(stranger)).toBe('waiting');
		await here.db`update stripe_events set received_at = now() - interval '11 minutes' where id = ${stranger.id}`;
		const found = await here.db`
			select details from private.broken_invariants() where rule = 'event_waiting' and details ->> 'event' = ${stranger.id}`;
		expect(found).toHaveLength(1);
		await here.db`delete from stripe_events where id = ${stranger.id}`;
	});
});

describe('what is told', () => {
	test('of a kind that is not understood yet is kept whole, to be applied later', async () => {
		const odd = event('charge.something_new', { id: 'ch_1', object: 'charge', amount: 5, metadata: { name: 'Amina' } });
		expect(await apply(odd)).toBe('not_understood');
		const [kept] = await here.db`
			select payload, created, applied_at from stripe_events where id = ${odd.id}`;
		expect(kept).toMatchObject({ payload: odd, created: new Date(odd.created * 1000), applied_at: null });
		expect(JSON.stringify(kept)).not.toContain('Amina');
		// sent again, it is tried again
		expect(await apply(odd)).toBe('not_understood');
		await here.db`delete from stripe_events where id = ${odd.id}`;
	});

	test('of a refund before the payment itself is applied when that comes', async () => {
		const { booking, payment } = await begun();
		const early = refund(payment, { amount: 2500 });
		expect(await apply(early)).toBe('waiting');
		expect(await apply(paid(payment))).toBe('pending');
		expect(await state(booking)).toMatchObject({ paid_minor: 7500, refund_minor: 2500 });
		expect(await apply(early)).toBe('duplicate');
		expect(await accounts(booking)).toEqual({ stripe: 5000, provider: -5000 });
	});
});

/** Keeps the worker away from the refunds of some tests, which play it: who is at work is not woken. */
function playTheWorker(): void {
	beforeAll(
		() => here.db`
			insert into private.busy_workers (name, until) values ('refunds', now() + interval '1 hour')
			on conflict (name) do update set until = excluded.until`
	);
	afterAll(() => here.db`delete from private.busy_workers where name = 'refunds'`);
}

describe('a refund made in Stripe’s dashboard', () => {
	playTheWorker();

	test('is booked once, counts as given back, and both sides are told', async () => {
		const { booking, payment } = await confirmed();
		const id = `re_dashboard_${payment}`;
		expect(await apply(refund(payment, { id, amount: 3000, status: 'pending' }))).toBe('pending');
		expect(await accounts(booking)).toEqual({ stripe: 7500, provider: -7500 });
		expect(await apply(refund(payment, { id, amount: 3000 }, 'refund.updated'))).toBe('succeeded');
		expect(await apply(refund(payment, { id, amount: 3000 }, 'charge.refund.updated'))).toBe('repeated');
		// told late: it has gone on since
		expect(await apply(refund(payment, { id, amount: 3000, status: 'pending' }))).toBe('repeated');
		expect(await accounts(booking)).toEqual({ stripe: 4500, provider: -4500 });
		expect(await state(booking)).toMatchObject({ refund_minor: 3000, due_on_site_minor: 25000 - 4500 });
		expect(await told(booking, here.amina.client)).toContain('refund_made');
		expect(await told(booking, here.youssef.client)).toContain('refund_by_platform');
		// what is left goes back when the provider turns the request away, and no more
		await here.youssef.client.rpc('transition_booking', { booking_id: booking, to_status: 'rejected' });
		const went = (await refunds(booking)).filter(({ status }) => status !== 'canceled');
		expect(went.map(({ amount }) => amount)).toEqual([3000, 4500]);
		expect(await broken(booking)).toEqual([]);
	});

	test('takes the place of an order that has not been sent yet', async () => {
		const { booking, payment } = await confirmed();
		await here.youssef.client.rpc('transition_booking', { booking_id: booking, to_status: 'rejected' });
		await here.db`update refunds set next_attempt_at = now() + interval '1 day', status = 'queued' where booking_id = ${booking}`;
		expect(await apply(refund(payment, { amount: 3000 }))).toBe('succeeded');
		const live = (await refunds(booking)).filter(({ status }) => status !== 'canceled');
		expect(live.map(({ amount }) => amount).sort()).toEqual([3000, 4500]);
		expect(await state(booking)).toMatchObject({ paid_minor: 7500, refund_minor: 7500 });
	});
});

describe('a refund of ours', () => {
	playTheWorker();

	/** One that the provider's refusal has ordered. */
	async function ordered() {
		const made = await confirmed();
		await here.youssef.client.rpc('transition_booking', { booking_id: made.booking, to_status: 'rejected' });
		const [order] = await refunds(made.booking);
		return { ...made, order: order!.id };
	}
	const report = (refund_id: string, stripe_refund_id: string | undefined, status: string, error?: string) =>
		stripe.rpc('finish_refund', { refund_id, stripe_refund_id, status, error });

	test('that is pending keeps Stripe’s id, is not asked for again, and ends with Stripe’s word', async () => {
		const { booking, payment, order } = await ordered();
		await report(order, `re_${order}`, 'pending');
		const [kept] = await here.db`
			select status, stripe_refund_id, next_attempt_at > now() + interval '5 hours' as later from refunds where id = ${order}`;
		expect(kept).toEqual({ status: 'pending', stripe_refund_id: `re_${order}`, later: true });
		// looked at again in time, by that id
		const claimed = await here.db.begin(async (sql) => {
			await sql`update refunds set next_attempt_at = now() where id = ${order}`;
			return sql`select stripe_refund_id from claim_refunds(1000) where id = ${order}`;
		});
		expect(claimed).toEqual([{ stripe_refund_id: `re_${order}` }]);
		const word = { id: `re_${order}`, metadata: { refund_id: order } };
		expect(await apply(refund(payment, word, 'refund.updated'))).toBe('succeeded');
		await report(order, `re_${order}`, 'succeeded');
		expect(await accounts(booking)).toEqual({ stripe: 0, provider: 0 });
		expect(await broken(booking)).toEqual([]);
	});

	test('whose report was lost is known again by the order that it carries', async () => {
		const { booking, payment, order } = await ordered();
		const word = { id: `re_lost_${order}`, metadata: { refund_id: order } };
		expect(await apply(refund(payment, word))).toBe('succeeded');
		expect(await refunds(booking)).toHaveLength(1);
		expect((await refunds(booking))[0]).toMatchObject({ id: order, status: 'succeeded' });
	});

	test('that fails after all is told to the customer and to staff, and can be ordered again', async () => {
		const { booking, payment, order } = await ordered();
		await report(order, `re_${order}`, 'succeeded');
		const word = { id: `re_${order}`, status: 'failed', failure_reason: 'expired_or_canceled_card' } as const;
		expect(await apply(refund(payment, word, 'refund.failed'))).toBe('failed');
		expect(await state(booking)).toMatchObject({ paid_minor: 7500, refund_minor: 0 });
		expect(await accounts(booking)).toEqual({ stripe: 7500, provider: -7500 });
		expect(await told(booking, here.amina.client)).toContain('refund_failed');
		expect((await broken(booking)).map(({ rule }) => rule as string)).toEqual(['refund_failed']);
		const { data: found } = await here.admin.client.from('invariant_findings').select('rule').eq('subject_id', order);
		expect(found).toEqual([{ rule: 'refund_failed' }]);

		const { data: again } = await stripe.rpc('order_refund_again', { refund_id: order });
		expect((await stripe.rpc('order_refund_again', { refund_id: order })).error?.message).toBe('not_found');
		await report(again!, `re_${again}`, 'succeeded');
		expect(await state(booking)).toMatchObject({ refund_minor: 7500 });
		expect(await accounts(booking)).toEqual({ stripe: 0, provider: 0 });
		expect(await broken(booking)).toEqual([]);
	});

	test('is not taken for one of another payment, or of another sum, that carries its id', async () => {
		const first = await ordered();
		const other = await confirmed();
		expect(await apply(refund(other.payment, { amount: 2000, metadata: { refund_id: first.order } }))).toBe(
			'succeeded'
		);
		expect((await refunds(first.booking)).map(({ status }) => status)).toEqual(['queued']);
		expect(await refunds(other.booking)).toMatchObject([{ amount: 2000, status: 'succeeded', reason: 'by_platform' }]);
		expect(await accounts(other.booking)).toEqual({ stripe: 5500, provider: -5500 });

		await here.db`update refunds set status = 'sending', attempts = 1 where id = ${first.order}`;
		const id = `re_less_${first.order}`;
		expect(await apply(refund(first.payment, { id, amount: 2000, metadata: { refund_id: first.order } }))).toBe(
			'succeeded'
		);
		expect(await accounts(first.booking)).toMatchObject({ stripe: 5500 });
		// nor where the worker takes it for that
		expect((await report(first.order, id, 'succeeded')).error).toBeNull();
		expect(await accounts(first.booking)).toMatchObject({ stripe: 5500 });
		await report(first.order, undefined, 'refused', 'amount_too_large');
		expect(await accounts(first.booking)).toMatchObject({ stripe: 5500, provider: -5500 });
		const live = (await refunds(first.booking)).filter(({ status }) => status !== 'canceled');
		expect(live.map(({ amount, status }) => [amount, status])).toEqual(
			expect.arrayContaining([
				[2000, 'succeeded'],
				[5500, 'queued']
			])
		);
		for (const { booking } of [first, other]) expect(await broken(booking)).toEqual([]);
	});

	test.each([
		['no sum', null],
		['nothing', 0],
		['less than nothing', -7500],
		['another sum than before', 2500]
	])('of which Stripe tells %s, is a fault to be looked at, and books nothing', async (_, amount) => {
		const { booking, payment, order } = await ordered();
		await report(order, `re_${order}`, 'pending');
		const known = refund(payment, { id: `re_${order}`, amount: amount as number }, 'refund.updated');
		const unknown = refund(payment, { amount: amount as number });
		for (const one of amount === 2500 ? [known] : [known, unknown]) {
			expect(await apply(one)).toMatch(/^not_understood: /);
			const { data } = await here.admin.client
				.from('invariant_findings')
				.select('details')
				.eq('rule', 'event_waiting')
				.contains('details', { event: one.id });
			expect(data).toHaveLength(1);
			await here.db`delete from stripe_events where id = ${one.id}`;
		}
		expect(await accounts(booking)).toEqual({ stripe: 7500, provider: -7500 });
		expect((await refunds(booking)).map(({ amount: sum, status }) => [sum, status])).toEqual([[7500, 'pending']]);
	});

	test('that Stripe refuses for days has failed, and is told of too', async () => {
		const { booking, order } = await ordered();
		await here.db`update refunds set attempts = 12 where id = ${order}`;
		await report(order, undefined, 'refused', 'resource_missing');
		expect((await refunds(booking))[0]).toMatchObject({ status: 'failed' });
		expect(await told(booking, here.amina.client)).toContain('refund_failed');
	});
});

describe('an order that is being sent when its money is taken by a dispute', () => {
	playTheWorker();

	/** A confirmed booking of 75 MAD of which an order for 30 is with the worker, and then all of it is disputed. */
	async function disputed() {
		const { booking, payment } = await confirmed();
		await here.db`select private.request_refund(${booking}, 3000, 'party_changed')`;
		await here.db`
			update refunds set status = 'sending', attempts = 1, next_attempt_at = now() + interval '5 minutes'
			where booking_id = ${booking}`;
		const [order] = await refunds(booking);
		const id = `du_${payment}`;
		const win = async () => {
			expect(await apply(dispute(payment, id, 'funds_reinstated'))).toBe('reinstated');
			await apply(dispute(payment, id, 'closed'));
		};
		await apply(dispute(payment, id, 'created'));
		expect(await apply(dispute(payment, id, 'funds_withdrawn'))).toBe('succeeded');
		return { booking, payment, order: order!.id, win };
	}
	const report = (refund_id: string, status: string, stripe_refund_id?: string, error?: string) =>
		stripe.rpc('finish_refund', { refund_id, status, stripe_refund_id, error });
	const live = async (booking: string) =>
		(await refunds(booking))
			.filter(({ status }) => status !== 'canceled')
			.map(({ amount, status, reason, account }) => `${amount} ${status} ${reason} ${account}`)
			.sort();

	test('and has gone, is booked, and not paid again when the dispute is won', async () => {
		const { booking, payment, order, win } = await disputed();
		const word = { id: `re_${order}`, amount: 3000, metadata: { refund_id: order } };
		expect(await apply(refund(payment, word))).toBe('succeeded');
		expect(await apply(refund(payment, word, 'refund.updated'))).toBe('repeated');
		await report(order, 'succeeded', word.id);
		// 30 more went than had come
		expect(await accounts(booking)).toEqual({ stripe: -3000, provider: 0, suspense: 3000 });
		expect(await state(booking)).toMatchObject({ paid_minor: 7500, refund_minor: 7500 });
		await win();
		expect(await accounts(booking)).toEqual({ stripe: 4500, provider: -4500, suspense: 0 });
		expect(await live(booking)).toEqual(['3000 succeeded party_changed provider']);
		expect(await broken(booking)).toEqual([]);
	});

	test('and is refused by Stripe, is withdrawn, and ordered again when the dispute is won', async () => {
		const { booking, order, win } = await disputed();
		await report(order, 'refused', undefined, 'charge_disputed');
		expect(await accounts(booking)).toEqual({ stripe: 0, provider: 0, suspense: 0 });
		expect((await refunds(booking)).find(({ id }) => id === order)).toMatchObject({ status: 'canceled' });
		await win();
		expect(await live(booking)).toEqual(['3000 queued party_changed provider']);
		expect(await state(booking)).toMatchObject({ paid_minor: 7500, refund_minor: 3000 });
	});

	test('and whose outcome nobody knows, still counts as one that may have gone', async () => {
		const { booking, payment, order, win } = await disputed();
		await report(order, 'retry', undefined, 'api_connection_error');
		expect(await apply(dispute(payment, `du_2_${payment}`, 'funds_withdrawn'))).toBe('succeeded');
		const word = { id: `re_${order}`, amount: 3000, metadata: { refund_id: order } };
		expect(await apply(refund(payment, word))).toBe('succeeded');
		expect(await accounts(booking)).toEqual({ stripe: -10_500, provider: 0, suspense: 10_500 });
		await win();
		await apply(dispute(payment, `du_2_${payment}`, 'funds_reinstated'));
		expect(await accounts(booking)).toEqual({ stripe: 4500, provider: -4500, suspense: 0 });
		expect(await live(booking)).toEqual(['3000 succeeded party_changed provider']);
	});

	test.each(['withdrawn', 'given up', 'given up and ordered again'])(
		'and was %s, takes the place of what is owed instead when Stripe has made it all the same',
		async (how) => {
			const { booking, payment, order, win } = await disputed();
			if (how === 'withdrawn') await report(order, 'refused', undefined, 'charge_disputed');
			else {
				await here.db`update refunds set attempts = 12 where id = ${order}`;
				await report(order, 'retry', undefined, 'api_connection_error');
			}
			if (how === 'given up and ordered again') {
				await win();
				expect((await stripe.rpc('order_refund_again', { refund_id: order })).error).toBeNull();
			}
			expect(await apply(refund(payment, { id: `re_${order}`, amount: 3000, metadata: { refund_id: order } }))).toBe(
				'succeeded'
			);
			if (how !== 'given up and ordered again') await win();
			expect(await accounts(booking)).toMatchObject({ stripe: 4500, provider: -4500 });
			expect(await live(booking)).toEqual(['3000 succeeded party_changed provider']);
			expect(await state(booking)).toMatchObject({ refund_minor: 3000 });
			expect(await broken(booking)).toEqual([]);
		}
	);

	test('and is not booked, is found', async () => {
		const { booking, payment } = await confirmed();
		const told = refund(payment, { amount: 3000 });
		await here.db`
			insert into stripe_events (id, type, created, payload, outcome, applied_at)
			values (${told.id}, ${told.type}, now(), ${here.db.json(told as never)}, 'repeated', now())`;
		expect((await broken(booking)).map(({ rule }) => rule as string)).toEqual(['gone_and_not_booked']);
		await here.db`delete from stripe_events where id = ${told.id}`;
	});
});

describe('a disputed payment', () => {
	playTheWorker();

	test('takes the money, and brings it back when it is won', async () => {
		const { booking, payment } = await confirmed();
		const id = `du_${payment}`;
		// in the wrong order
		expect(await apply(dispute(payment, id, 'funds_reinstated'))).toBe('waiting');
		expect(await apply(dispute(payment, id, 'created'))).toBe('disputed');
		expect((await broken(booking)).map(({ rule }) => rule as string)).toEqual(['dispute_open']);
		expect(await apply(dispute(payment, id, 'funds_withdrawn'))).toBe('succeeded');
		await here.db`select private.replay_stripe_events(${`pi_${payment}`})`;
		await apply(dispute(payment, id, 'closed'));
		expect(await state(booking)).toMatchObject({ paid_minor: 7500, refund_minor: 0 });
		expect(await accounts(booking)).toEqual({ stripe: 7500, provider: -7500 });
		expect(await told(booking, here.youssef.client)).toContain('payment_disputed');
		expect(await broken(booking)).toEqual([]);
	});

	test('of which a part comes back, brings back that, and what is owed of it', async () => {
		const { booking, payment } = await confirmed();
		const id = `du_${payment}`;
		await apply(dispute(payment, id, 'funds_withdrawn'));
		const back = (amount: number) => apply(dispute(payment, id, 'funds_reinstated', { amount }));
		expect(await back(3000)).toBe('reinstated');
		expect(await state(booking)).toMatchObject({ paid_minor: 7500, refund_minor: 4500 });
		expect(await accounts(booking)).toEqual({ stripe: 3000, provider: -3000 });
		// all of it is owed to who is turned away, and goes as it comes
		await here.youssef.client.rpc('transition_booking', { booking_id: booking, to_status: 'rejected' });
		const ordered = async () =>
			(await refunds(booking)).filter(({ status }) => status === 'queued').map(({ amount }) => amount);
		expect(await ordered()).toEqual([3000]);
		expect(await back(0)).toMatch(/^not_understood: /);
		expect(await back(5000)).toBe('not_understood: more has come back than was taken');
		expect(await back(2000)).toBe('reinstated');
		expect(await ordered()).toEqual([3000, 2000]);
		expect(await back(2500)).toBe('reinstated');
		expect(await ordered()).toEqual([3000, 2000, 2500]);
		expect(await back(2500)).toBe('repeated');
		expect(await accounts(booking)).toEqual({ stripe: 7500, provider: -7500 });
		await here.db`delete from stripe_events where outcome like 'not_understood: %'`;
		expect(await broken(booking)).toEqual([]);
	});

	test('is not paid back a second time by an order', async () => {
		const { booking, payment } = await confirmed();
		await apply(dispute(payment, `du_${payment}`, 'funds_withdrawn'));
		await here.youssef.client.rpc('transition_booking', { booking_id: booking, to_status: 'rejected' });
		// what is owed if the dispute is won is remembered, and not sent
		expect((await refunds(booking)).map(({ status }) => status)).toEqual(['succeeded', 'canceled']);
		expect(await accounts(booking)).toEqual({ stripe: 0, provider: 0 });
	});
});

describe('the page on which one pays', () => {
	const page = (booking_id: string, language: string, token: string | null) =>
		fetch(`${project.url}/functions/v1/checkout`, {
			method: 'POST',
			headers: {
				'content-type': 'application/json',
				apikey: project.publishableKey,
				...(token ? { authorization: `Bearer ${token}` } : {})
			},
			body: JSON.stringify({ booking_id, language })
		}).then((answer) => answer.json() as Promise<{ url: string }>);

	test('is one, however many ask for it at once and in whatever language', async () => {
		const { data: booking } = await here.amina.client.rpc('create_booking', {
			service_id: here.plumber.service,
			starts_at: await localInstant(here.db, day++, '10:00'),
			address: { line: '3 rue des Orangers' },
			idempotency_key: randomUUID()
		});
		const { data } = await here.amina.client.auth.getSession();
		const token = data.session!.access_token;
		const pages = await Promise.all(['fr', 'ar', 'en'].map((language) => page(booking!.booking_id!, language, token)));
		expect(new Set(pages.map(({ url }) => url)).size).toBe(1);
		expect(pages[0]!.url).toMatch(/^http/);
		const kept = await here.db`select stripe_session_id from payments where booking_id = ${booking!.booking_id!}`;
		expect(kept.map((row) => row.stripe_session_id as string)).toEqual([pages[0]!.url.split('/').at(-1)]);
	});

	test('is ordered closed when the booking is cancelled', async () => {
		const { booking, payment } = await begun();
		await stripe.rpc('attach_checkout', { payment_id: payment, session_id: `cs_closed_${payment}` });
		await here.amina.client.rpc('cancel_booking', { booking_id: booking });
		const [left] =
			await here.db`select status, close_page_at is not null as ordered from payments where id = ${payment}`;
		expect(left).toEqual({ status: 'expired', ordered: true });
		const late = await stripe.rpc('attach_checkout', { payment_id: payment, session_id: 'cs_other' });
		expect(late.data).toBe(false);
		await stripe.rpc('page_closed', { payment_id: payment });
	});
});
