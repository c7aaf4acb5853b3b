import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { runJob } from '../load/jobs.ts';
import { project, service } from '../platform/project.ts';
import { localInstant, makeNeighbourhood } from './people.ts';
import type { Client, Neighbourhood } from './people.ts';

let here: Neighbourhood;
const stripe = service() as Client;
let hour = 8;

beforeAll(async () => {
	here = await makeNeighbourhood();
});
afterAll(() => here.close());

/** A held booking of amina's with its payment begun, each at an hour of its own. */
async function begun() {
	const { data: booking } = await here.amina.client.rpc('create_booking', {
		service_id: here.plumber.service,
		starts_at: await localInstant(here.db, 10, `${hour++}:00`),
		address: { line: '3 rue des Orangers' },
		idempotency_key: randomUUID()
	});
	const { data: payment } = await here.amina.client.rpc('begin_payment', { booking_id: booking!.booking_id! });
	return { booking: booking!.booking_id!, payment: payment!.payment_id! };
}

function paid(payment: string, more: Record<string, unknown> = {}) {
	return {
		id: `evt_${randomUUID()}`,
		type: 'checkout.session.completed',
		created: 1,
		object: {
			id: `cs_${payment}`,
			payment_status: 'paid',
			amount_total: 7500,
			currency: 'mad',
			payment_intent: `pi_${payment}`,
			metadata: { payment_id: payment },
			...more
		}
	};
}

async function statusOf(booking: string) {
	const { data } = await here.amina.client.rpc('get_booking', { booking_id: booking });
	return data!;
}

describe('paying a deposit', () => {
	test('a paid checkout makes the hold a request, books the money, and a repeat changes nothing', async () => {
		const { booking, payment } = await begun();
		const event = paid(payment);
		expect((await stripe.rpc('apply_stripe_event', { event })).data).toBe('pending');
		for (let i = 0; i < 9; i++) expect((await stripe.rpc('apply_stripe_event', { event })).data).toBe('duplicate');
		expect((await stripe.rpc('apply_stripe_event', { event: { ...event, id: `evt_${randomUUID()}` } })).data).toBe(
			'ignored'
		);
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
		await stripe.rpc('apply_stripe_event', {
			event: {
				id: `evt_${randomUUID()}`,
				type: 'payment_intent.payment_failed',
				object: {
					id: 'pi_x',
					metadata: { payment_id: payment },
					error: { code: 'card_declined', decline_code: 'insufficient_funds' }
				}
			}
		});
		expect(await statusOf(booking)).toMatchObject({ status: 'held', payment_failure: 'insufficient_funds' });
	});

	test('a payment of another sum or currency is not taken for this one', async () => {
		const { booking, payment } = await begun();
		const wrong = await stripe.rpc('apply_stripe_event', { event: paid(payment, { amount_total: 1 }) });
		expect(wrong.data).toBe('amount_differs');
		expect((await statusOf(booking)).status).toBe('held');
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
		expect((await stripe.rpc('apply_stripe_event', { event: paid(payment) })).data).toBe('pending');
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
		expect((await stripe.rpc('apply_stripe_event', { event: paid(second.payment) })).data).toBe('refunded');
		expect(await statusOf(second.booking)).toMatchObject({ status: 'expired', paid_minor: 7500, refund_minor: 7500 });
	});

	test('a rejected request is refunded in full, once, and the ledger ends at zero', async () => {
		const { booking, payment } = await begun();
		await stripe.rpc('apply_stripe_event', { event: paid(payment) });
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
