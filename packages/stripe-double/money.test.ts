import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type Stripe from 'stripe';
import { deposit, pay, startWorld } from './fixture.ts';
import type { World } from './fixture.ts';

// What money does at Stripe after it was paid.
let world: World;
let stripe: Stripe;
beforeAll(async () => {
	world = await startWorld();
	stripe = world.stripe;
});
afterAll(() => world.close());

const paid = (payment_method: string, amount = 12000) =>
	stripe.paymentIntents.create({
		amount,
		currency: 'mad',
		confirm: true,
		payment_method,
		return_url: 'http://site.example'
	});
const held = async () =>
	(await stripe.balance.retrieve()).available.find(({ currency }) => currency === 'mad')?.amount ?? 0;
const test = (path: string, body: object = {}) =>
	fetch(`${world.address}/_test/${path}`, { method: 'POST', body: JSON.stringify(body) });

describe('The balance', () => {
	it('is what was charged less what went back', async () => {
		const before = await held();
		const { id } = await paid('pm_card_visa');
		await stripe.refunds.create({ payment_intent: id, amount: 2000 });
		expect(await held()).toBe(before + 10000);
	});
});

describe('A refund', () => {
	it('may wait for its bank, and its word comes later', async () => {
		const before = await held();
		const { id } = await paid('pm_card_pendingRefund');
		const refund = await stripe.refunds.create({ payment_intent: id });
		expect(refund.status).toBe('pending');
		expect(await held()).toBe(before + 12000);
		world.advance(2);
		await world.endpoint.until('refund.updated');
		expect((await stripe.refunds.retrieve(refund.id)).status).toBe('succeeded');
		expect(await held()).toBe(before);
	});

	it.each(['tnd', 'kwd', 'bhd', 'jod', 'omr'])('in %s ends in 0, as its charge does', async (currency) => {
		const charge = (amount: number) =>
			stripe.paymentIntents.create({
				amount,
				currency,
				confirm: true,
				payment_method: 'pm_card_visa',
				return_url: 'http://site.example'
			});
		await expect(charge(1635)).rejects.toMatchObject({ code: 'parameter_invalid_integer' });
		const { id } = await charge(1630);
		await expect(stripe.refunds.create({ payment_intent: id, amount: 815 })).rejects.toMatchObject({
			code: 'parameter_invalid_integer',
			param: 'amount'
		});
		expect((await stripe.refunds.create({ payment_intent: id, amount: 820 })).amount).toBe(820);
	});

	it('may fail after it was made: the money is here again, and another may be tried', async () => {
		const before = await held();
		const { id } = await paid('pm_card_refundFail');
		const refund = await stripe.refunds.create({ payment_intent: id });
		expect(refund.status).toBe('succeeded');
		world.advance(2);
		const [failed] = await world.endpoint.until('refund.failed');
		expect(failed?.event.data.object).toMatchObject({ id: refund.id, failure_reason: 'expired_or_canceled_card' });
		expect(await held()).toBe(before + 12000);
		expect((await stripe.refunds.create({ payment_intent: id })).status).toBe('succeeded');
		expect(await held()).toBe(before);
	});
});

describe('A dispute', () => {
	it('takes the money at once, keeps refunds away, and gives it back when it is won', async () => {
		const before = await held();
		const { id } = await paid('pm_card_createDispute');
		expect(await held()).toBe(before);
		const [dispute] = (await stripe.disputes.list({ payment_intent: id })).data;
		expect(dispute).toMatchObject({ status: 'needs_response', amount: 12000 });
		await expect(stripe.refunds.create({ payment_intent: id })).rejects.toMatchObject({ code: 'charge_disputed' });
		await stripe.disputes.update(dispute!.id, { evidence: { uncategorized_text: 'winning_evidence' } });
		expect(await held()).toBe(before + 12000);
		await world.endpoint.until('charge.dispute.closed');
		expect(world.endpoint.received.map(({ event }) => event.type).filter((type) => type.includes('dispute'))).toEqual([
			'charge.dispute.created',
			'charge.dispute.funds_withdrawn',
			'charge.dispute.updated',
			'charge.dispute.funds_reinstated',
			'charge.dispute.closed'
		]);
	});

	it('that is lost is over', async () => {
		const before = await held();
		const { id } = await paid('pm_card_createDispute');
		const [dispute] = (await stripe.disputes.list({ payment_intent: id })).data;
		expect((await stripe.disputes.close(dispute!.id)).status).toBe('lost');
		expect(await held()).toBe(before);
	});
});

describe('A method that takes days', () => {
	it.each([
		['4242424242424242', 'checkout.session.async_payment_succeeded', 'paid'],
		['4000000000000002', 'checkout.session.async_payment_failed', 'unpaid']
	])('ends as its money does (%s)', async (number, event, status) => {
		const session = await stripe.checkout.sessions.create(deposit());
		await test(`sessions/${session.id}/pay-later`);
		expect(await stripe.checkout.sessions.retrieve(session.id)).toMatchObject({
			status: 'complete',
			payment_status: 'unpaid'
		});
		await test(`sessions/${session.id}/arrive`, { number });
		await world.endpoint.until(event);
		expect((await stripe.checkout.sessions.retrieve(session.id)).payment_status).toBe(status);
	});
});

describe('What can be charged', () => {
	it.each([
		['too little', 'mad', 499, 'amount_too_small'],
		['too much', 'mad', 100_000_000, 'amount_too_large'],
		['a part of a dinar', 'tnd', 12345, 'parameter_invalid_integer']
	])('%s is refused', async (_, currency, unit_amount, code) => {
		const asked = stripe.checkout.sessions.create(
			deposit({
				line_items: [{ quantity: 1, price_data: { currency, unit_amount, product_data: { name: 'Acompte' } } }]
			})
		);
		await expect(asked).rejects.toMatchObject({ code });
	});
});

describe('Bad weather', () => {
	it('brings every event, many of them twice', async () => {
		await test('weather', { spreadMs: 200, twice: 1 });
		const session = await stripe.checkout.sessions.create(deposit());
		await pay(session.url ?? '', '4242424242424242');
		await fetch(`${world.address}/_test/weather`, { method: 'POST', body: 'null' });
		const copies = () =>
			world.endpoint.received.filter(
				({ event }) =>
					event.type === 'checkout.session.completed' && (event.data.object as { id: string }).id === session.id
			);
		await expect.poll(copies).toHaveLength(2);
	});
});
