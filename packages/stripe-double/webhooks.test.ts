import Stripe from 'stripe';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { deposit, pay, secret, startEndpoint, startWorld } from './fixture.ts';
import type { World } from './fixture.ts';

let world: World;
let stripe: Stripe;
beforeEach(async () => {
	world = await startWorld();
	stripe = world.stripe;
});
afterEach(() => world.close());

const open = () => stripe.checkout.sessions.create(deposit());
const types = () => world.endpoint.received.map(({ event }) => event.type);
const resend = (id: string) => fetch(`${world.address}/_test/events/${id}/resend`, { method: 'POST' });

/** Pays a session and gives the event that says so. */
async function paid() {
	const session = await open();
	await pay(session.url ?? '', '4242424242424242');
	const [completed] = await world.endpoint.until('checkout.session.completed');
	if (!completed) throw new Error('no event came');
	return { session, completed };
}

describe('Events', () => {
	it('come in order when a session is paid', async () => {
		await paid();
		expect(types()).toEqual([
			'payment_intent.created',
			'payment_intent.succeeded',
			'charge.succeeded',
			'checkout.session.completed'
		]);
	});

	it('come in order when a card is refused', async () => {
		await pay((await open()).url ?? '', '4000000000009995');
		await world.endpoint.until('charge.failed');
		expect(types()).toEqual(['payment_intent.created', 'payment_intent.payment_failed', 'charge.failed']);
	});

	it('tell of the step that 3-D Secure asks for', async () => {
		await pay((await open()).url ?? '', '4000002500003155');
		await world.endpoint.until('payment_intent.requires_action');
		expect(types()).toEqual(['payment_intent.created', 'payment_intent.requires_action']);
	});

	it('tell of money given back', async () => {
		await paid();
		const [intent] = (await stripe.paymentIntents.list()).data;
		await stripe.refunds.create({ payment_intent: intent?.id ?? '', amount: 5000 });
		const [made] = await world.endpoint.until('refund.created');
		expect(made?.event.data.object).toMatchObject({ amount: 5000, payment_intent: intent?.id });
		expect(types().slice(-2)).toEqual(['charge.refunded', 'refund.created']);
		expect(made?.event.request?.id).toMatch(/^req_/);
	});

	it('show the object as it was then', async () => {
		await pay((await open()).url ?? '', '4242424242424242');
		const [created] = await world.endpoint.until('payment_intent.created');
		expect((created?.event.data.object as Stripe.PaymentIntent).status).toBe('requires_payment_method');
	});

	it('can be listed and read again', async () => {
		const { completed } = await paid();
		const listed = await stripe.events.list({ types: ['checkout.session.completed'] });
		expect(listed.data.map(({ id }) => id)).toEqual([completed.event.id]);
		expect((await stripe.events.list({ type: 'payment_intent.*' })).data).toHaveLength(2);
		expect((await stripe.events.retrieve(completed.event.id)).type).toBe('checkout.session.completed');
	});

	it('hold no card number', async () => {
		await paid();
		expect(JSON.stringify(world.endpoint.received)).not.toContain('4242424242424242');
	});
});

describe('Signatures', () => {
	const forgery = Stripe.errors.StripeSignatureVerificationError;
	/** As a receiver checks; `at` is when it came, in milliseconds. */
	const check = (body: string, signature: string, key: string, at?: number) =>
		stripe.webhooks.constructEventAsync(body, signature, key, 300, Stripe.createSubtleCryptoProvider(), at);

	it('are taken by the SDK', async () => {
		const { completed } = await paid();
		expect((await check(completed.body, completed.signature, secret)).id).toBe(completed.event.id);
	});

	it('are refused for another body, another secret, or none', async () => {
		const { completed } = await paid();
		const forged = completed.body.replace('"amount_total": 12000', '"amount_total": 1');
		expect(forged).not.toBe(completed.body);
		await expect(check(forged, completed.signature, secret)).rejects.toThrow(forgery);
		await expect(check(completed.body, completed.signature, 'whsec_other')).rejects.toThrow(forgery);
		await expect(check(completed.body, '', secret)).rejects.toThrow(forgery);
	});

	it('are refused when they are old', async () => {
		const { completed } = await paid();
		await expect(check(completed.body, completed.signature, secret, Date.now() + 400_000)).rejects.toThrow(forgery);
	});
});

describe('Delivery', () => {
	it('is tried again until the endpoint takes it', async () => {
		world.endpoint.answers.push(500, 503);
		await stripe.customers.create({ name: 'Salma' });
		const tries = await world.endpoint.until('customer.created', 3);
		expect(new Set(tries.map(({ event }) => event.id)).size).toBe(1);
		await new Promise((resolve) => setTimeout(resolve, 80));
		expect(world.endpoint.received).toHaveLength(3);
		expect((await stripe.events.retrieve(tries[0]?.event.id ?? '')).pending_webhooks).toBe(0);
	});

	it('is given up after the last attempt', async () => {
		world.endpoint.answers.push(500, 500, 500, 500);
		await stripe.customers.create({ name: 'Salma' });
		await world.endpoint.until('customer.created', 4);
		await new Promise((resolve) => setTimeout(resolve, 80));
		expect(world.endpoint.received).toHaveLength(4);
		expect(world.log.at(-1)).toContain('given up');
	});

	it('can be asked for ten times: it is the same event', async () => {
		const { completed } = await paid();
		for (let time = 0; time < 10; time++) expect((await resend(completed.event.id)).status).toBe(202);
		const all = await world.endpoint.until('checkout.session.completed', 11);
		expect(new Set(all.map(({ event }) => event.id))).toEqual(new Set([completed.event.id]));
		expect((await resend('evt_none')).status).toBe(404);
	});

	it('is shown with its attempts', async () => {
		await paid();
		const shown = (await (await fetch(`${world.address}/_test/events?type=checkout.session.completed`)).json()) as {
			deliveries: { status: string; lastStatus: number }[];
		}[];
		expect(shown).toHaveLength(1);
		expect(shown[0]?.deliveries[0]).toMatchObject({ attempts: 1, lastStatus: 200, status: 'delivered' });
	});

	it('reaches endpoints that ask for the type, with their own secret', async () => {
		const other = await startEndpoint();
		const made = await stripe.webhookEndpoints.create({ url: other.url, enabled_events: ['customer.created'] });
		await stripe.customers.create({ name: 'Salma' });
		await stripe.paymentIntents.create({ amount: 900, currency: 'mad' });
		const [got] = await other.until('customer.created');
		const event = await stripe.webhooks.constructEventAsync(got?.body ?? '', got?.signature ?? '', made.secret ?? '');
		expect(event.type).toBe('customer.created');
		await world.endpoint.until('payment_intent.created');
		expect(other.received).toHaveLength(1);
		const listed = await stripe.webhookEndpoints.list();
		expect(listed.data.every(({ secret: shown }) => shown === undefined)).toBe(true);
		await stripe.webhookEndpoints.del(made.id);
		await other.close();
	});
});

describe('A restart', () => {
	it('keeps sessions, answers and what is not yet delivered', async () => {
		const session = await open();
		world.endpoint.answers.push(500);
		const once = await stripe.customers.create({ name: 'Kept' }, { idempotencyKey: 'kept' });
		await world.endpoint.until('customer.created');
		await world.restart();
		expect((await stripe.checkout.sessions.retrieve(session.id)).status).toBe('open');
		expect((await stripe.customers.create({ name: 'Kept' }, { idempotencyKey: 'kept' })).id).toBe(once.id);
		await world.endpoint.until('customer.created', 2);
	});
});
