import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { project, service } from 'supabase-embedded/testing';
import { runJob } from '../load/jobs.ts';
import { localInstant, makeNeighbourhood } from './people.ts';
import type { Client, Neighbourhood } from './people.ts';
import { event as told, paid } from './stripe.ts';
import type { Json } from '../../src/lib/supabase/types.ts';
import type { PaymentEvent } from '../../supabase/functions/stripe-webhook/event.ts';

let here: Neighbourhood;
const stripe = service() as Client;
let hours = 0;

beforeAll(async () => {
	here = await makeNeighbourhood();
});
afterAll(() => here.close());

/** A held booking of amina's with its payment begun, each at an hour of its own. */
async function begun() {
	const { data: booking } = await here.amina.client.rpc('create_booking', {
		service_id: here.plumber.service,
		starts_at: await localInstant(here.db, 10 + Math.floor(hours / 10), `${8 + (hours++ % 10)}:00`),
		address: { line: '3 rue des Orangers' },
		idempotency_key: randomUUID()
	});
	const { data: payment } = await here.amina.client.rpc('begin_payment', { booking_id: booking!.booking_id! });
	return { booking: booking!.booking_id!, payment: payment!.payment_id! };
}

/** Tells the database of an event, and says what it made of it. */
async function apply(event: PaymentEvent) {
	const { data, error } = await stripe.rpc('apply_stripe_event', { event: event as unknown as Json });
	expect(error).toBeNull();
	return data;
}

async function statusOf(booking: string) {
	const { data } = await here.amina.client.rpc('get_booking', { booking_id: booking });
	return data!;
}

describe('paying a deposit', () => {
	test('is asked for on one page, however many ask for it at once', async () => {
		const { data: made } = await here.amina.client.rpc('create_booking', {
			service_id: here.plumber.service,
			starts_at: await localInstant(here.db, 9, '10:00'),
			address: { line: '3 rue des Orangers' },
			idempotency_key: randomUUID()
		});
		const asked = await Promise.all(
			Array.from({ length: 8 }, () =>
				here.amina.client.functions.invoke<{ url: string }>('checkout', { body: { booking_id: made!.booking_id } })
			)
		);
		expect(asked.map(({ error }) => error && (error as { context?: Response }).context?.status)).toEqual(
			Array.from({ length: 8 }, () => null)
		);
		expect(new Set(asked.map(({ data }) => data!.url)).size).toBe(1);
		expect(asked[0]!.data!.url).toMatch(/^https?:/);
		const pages = await here.db`
			select stripe_session_id from payments where booking_id = ${made!.booking_id!} and status = 'open'`;
		expect(pages).toHaveLength(1);
	});

	test('a paid checkout makes the hold a request, books the money, and a repeat changes nothing', async () => {
		const { booking, payment } = await begun();
		const event = paid(payment);
		expect(await apply(event)).toBe('pending');
		for (let i = 0; i < 9; i++) expect(await apply(event)).toBe('duplicate');
		// the intent tells of the same money
		const intent = { id: `pi_${payment}`, object: 'payment_intent', status: 'succeeded', amount_received: 7500 };
		const again = told('payment_intent.succeeded', { ...intent, currency: 'mad', metadata: { payment_id: payment } });
		for (const one of [{ ...event, id: `evt_${randomUUID()}` }, again]) expect(await apply(one)).toBe('repeated');
		expect(await statusOf(booking)).toMatchObject({ status: 'pending', paid_minor: 7500, amount_due_minor: 0 });
		const entries =
			await here.db`select amount_minor::int from ledger_entries where booking_id = ${booking} order by 1`;
		expect(entries.map((entry) => entry.amount_minor)).toEqual([-7500, 7500]);
	});

	test('a forged event is refused before it reaches the database', async () => {
		const { booking, payment } = await begun();
		const answer = await fetch(`${project.url}/functions/v1/stripe-webhook`, {
			method: 'POST',
			headers: {
				'content-type': 'application/json',
				'stripe-signature': `t=${Math.floor(Date.now() / 1000)},v1=${'0'.repeat(64)}`
			},
			body: JSON.stringify({ ...paid(payment), object: 'event', data: { object: paid(payment).object } })
		});
		expect(answer.status).toBe(400);
		expect((await statusOf(booking)).status).toBe('held');
	});

	test('a refused card leaves the hold and says why', async () => {
		const { booking, payment } = await begun();
		const refused = told('payment_intent.payment_failed', {
			id: 'pi_x',
			object: 'payment_intent',
			status: 'requires_payment_method',
			metadata: { payment_id: payment },
			last_payment_error: { code: 'card_declined', decline_code: 'insufficient_funds' }
		});
		await apply(refused);
		expect(await statusOf(booking)).toMatchObject({ status: 'held', payment_failure: 'insufficient_funds' });
		// Taken up again it is another attempt, of which nothing bad is known.
		await here.amina.client.rpc('begin_payment', { booking_id: booking }).throwOnError();
		expect(await statusOf(booking)).toMatchObject({ status: 'held', payment_failure: null });
	});

	test.each<[string, { amount_total?: number; currency?: string }]>([
		['another sum', { amount_total: 100 }],
		['another currency', { currency: 'eur' }]
	])('%s than was asked is not taken for it: it goes back, and a finding says so', async (_, wrong) => {
		const { booking, payment } = await begun();
		expect(await apply(paid(payment, wrong))).toBe('amount_differs');
		expect(await statusOf(booking)).toMatchObject({ status: 'held', paid_minor: 0, amount_due_minor: 7500 });
		const [back] = await here.db`
			select p.id, r.amount_minor::int as amount, p.currency, r.account
			from refunds r join payments p on p.id = r.payment_id where r.booking_id = ${booking}`;
		expect(back).toMatchObject({
			amount: wrong.amount_total ?? 7500,
			currency: wrong.currency?.toUpperCase() ?? 'MAD',
			account: 'suspense'
		});
		const [found] = await here.db`
			select details from invariant_findings where subject_id = ${back!.id as string} and resolved_at is null`;
		expect(found!.details).toMatchObject({ why: 'amount_differs', booking_id: booking });
		// paid rightly after all
		expect(await apply(paid(payment, { payment_intent: `pi_right_${payment}` }))).toBe('pending');
	});

	test('paid after the hold lapsed: confirmed while the place is free, else the money goes back', async () => {
		const { booking, payment } = await begun();
		const lapse = async () => {
			await here.db`update bookings set hold_expires_at = now() - interval '1 second' where id = ${booking}`;
			await here.db`update occupancies set expires_at = now() - interval '1 second' where booking_id = ${booking}`;
			await runJob(here.db, 'expire holds');
		};
		await lapse();
		expect((await statusOf(booking)).status).toBe('expired');
		expect(await apply(paid(payment))).toBe('pending');
		expect((await statusOf(booking)).resources).toHaveLength(1);

		const second = await begun();
		await here.db`update bookings set hold_expires_at = now() - interval '1 second' where id = ${second.booking}`;
		await here.db`update occupancies set expires_at = now() - interval '1 second' where booking_id = ${second.booking}`;
		const { starts_at } = await statusOf(second.booking);
		for (let i = 0; i < 2; i++) {
			const taken = await here.bilal.client.rpc('create_booking', {
				service_id: here.plumber.freeService,
				starts_at: starts_at!,
				idempotency_key: randomUUID()
			});
			expect(taken.error).toBeNull();
		}
		expect(await apply(paid(second.payment))).toBe('refunded');
		expect(await statusOf(second.booking)).toMatchObject({ status: 'expired', paid_minor: 7500, refund_minor: 7500 });
	});

	describe('twice for the same time, the hold before having lapsed', () => {
		/** A hold of amina's that has lapsed with its page open, and another for the same time, made anew as she or as a guest. */
		async function anew(guest?: { name: string; email: string }) {
			const first = await begun();
			await here.db`update bookings set hold_expires_at = now() - interval '1 second' where id = ${first.booking}`;
			await here.db`update occupancies set expires_at = now() - interval '1 second' where booking_id = ${first.booking}`;
			await runJob(here.db, 'expire holds');
			const { starts_at } = await statusOf(first.booking);
			const client = guest ? here.visitor : here.amina.client;
			const { data: booking, error } = await client.rpc('create_booking', {
				service_id: here.plumber.service,
				starts_at: starts_at!,
				address: { line: '3 rue des Orangers' },
				idempotency_key: randomUUID(),
				...(guest ? { guest } : {})
			});
			expect(error).toBeNull();
			const { data: payment } = await client.rpc('begin_payment', {
				booking_id: booking!.booking_id!,
				...(guest ? { manage_token: booking!.manage_token! } : {})
			});
			return { first, second: { booking: booking!.booking_id!, payment: payment!.payment_id! } };
		}

		test('the money that comes late goes back, and is told of', async () => {
			const { first, second } = await anew();
			expect(await apply(paid(second.payment))).toBe('pending');
			expect(await apply(paid(first.payment))).toBe('refunded');
			expect(await statusOf(first.booking)).toMatchObject({ status: 'expired', paid_minor: 7500, refund_minor: 7500 });
			expect(await statusOf(second.booking)).toMatchObject({ status: 'pending', paid_minor: 7500, refund_minor: 0 });
			const { data: told } = await here.amina.client
				.from('notifications')
				.select('kind')
				.eq('booking_id', first.booking);
			expect(told).toEqual([{ kind: 'place_lost' }]);
		});

		test('paid on the page that was left, and then on the other: that one goes back', async () => {
			const { first, second } = await anew();
			expect(await apply(paid(first.payment))).toBe('pending');
			expect(await apply(paid(second.payment))).toBe('refunded');
			expect(await statusOf(first.booking)).toMatchObject({ status: 'pending', refund_minor: 0 });
			expect(await statusOf(second.booking)).toMatchObject({ status: 'held', paid_minor: 7500, refund_minor: 7500 });
			await here.amina.client.rpc('cancel_booking', { booking_id: second.booking });
		});

		test('both at once: one of the two goes back', async () => {
			const { first, second } = await anew();
			const results = await Promise.all([first, second].map(({ payment }) => apply(paid(payment))));
			expect(results.sort()).toEqual(['pending', 'refunded']);
			await here.amina.client.rpc('cancel_booking', { booking_id: second.booking });
		});

		test('as a guest with an address that was but typed, is another’s; and one’s own when it is proven', async () => {
			const guest = { name: 'Amina', email: here.amina.email };
			const typed = await anew(guest);
			expect(await apply(paid(typed.second.payment))).toBe('pending');
			expect(await apply(paid(typed.first.payment))).toBe('pending');

			const proven = await anew(guest);
			expect(await apply(paid(proven.second.payment))).toBe('pending');
			await here.db`
				insert into booking_events (booking_id, from_status, to_status, actor, reason)
				values (${proven.second.booking}, 'pending', 'pending', 'system', 'proven')`;
			expect(await apply(paid(proven.first.payment))).toBe('refunded');
		});
	});

	test('paid late for longer than the service lasts by now: the money goes back where only the shorter time is free', async () => {
		const { db, plumber } = here;
		const { booking, payment } = await begun();
		await db`update bookings set hold_expires_at = now() - interval '1 second' where id = ${booking}`;
		await db`update occupancies set expires_at = now() - interval '1 second' where booking_id = ${booking}`;
		await runJob(db, 'expire holds');
		const [closure] = await db`
			insert into closures (provider_id, period)
			select provider_id, tstzrange(starts_at + interval '30 minutes', ends_at) from bookings where id = ${booking} returning id`;
		await db`update services set duration_minutes = 30 where id = ${plumber.service}`;
		try {
			expect(await apply(paid(payment))).toBe('refunded');
			expect(await statusOf(booking)).toMatchObject({ status: 'expired', refund_minor: 7500 });
		} finally {
			await db`update services set duration_minutes = 60 where id = ${plumber.service}`;
			await db`delete from closures where id = ${closure!.id}`;
		}
	});

	test('a rejected request is refunded in full, once, and the ledger ends at zero', async () => {
		const { booking, payment } = await begun();
		await apply(paid(payment));
		await here.youssef.client.rpc('transition_booking', { booking_id: booking, to_status: 'rejected' });
		expect(await statusOf(booking)).toMatchObject({ status: 'rejected', refund_minor: 7500 });
		const [refund] = await here.db`select id from refunds where booking_id = ${booking}`;
		for (let i = 0; i < 2; i++) {
			await stripe.rpc('finish_refund', {
				refund_id: refund!.id as string,
				stripe_refund_id: `re_${booking}`,
				status: 'succeeded'
			});
		}
		const [sum] = await here.db`
			select sum(amount_minor)::int as stripe from ledger_entries where booking_id = ${booking} and account = 'stripe'`;
		expect(sum!.stripe).toBe(0);
	});

	test('only the customer begins a payment, and only the platform applies events', async () => {
		const { booking } = await begun();
		expect((await here.bilal.client.rpc('begin_payment', { booking_id: booking })).error?.message).toBe('not_found');
		expect((await here.youssef.client.rpc('begin_payment', { booking_id: booking })).error?.message).toBe(
			'not_allowed'
		);
		for (const client of [here.visitor, here.amina.client, here.admin.client]) {
			expect((await client.rpc('apply_stripe_event', { event: {} })).error?.code).toBe('42501');
			expect((await client.rpc('claim_refunds', {})).error?.code).toBe('42501');
			expect((await client.rpc('claim_deliveries', {})).error?.code).toBe('42501');
		}
	});

	test('the ledger refuses a posting that does not sum to zero, and any change', async () => {
		const { booking } = await begun();
		await expect(
			here.db`insert into ledger_entries (posting_id, account, provider_id, booking_id, amount_minor, currency)
				values (${randomUUID()}, 'stripe', ${here.plumber.id}, ${booking}, 5, 'MAD')`
		).rejects.toMatchObject({ code: '23514' });
		await expect(
			here.db`update ledger_entries set amount_minor = 1 where provider_id = ${here.plumber.id}`
		).rejects.toMatchObject({ code: '42501' });
	});
});
