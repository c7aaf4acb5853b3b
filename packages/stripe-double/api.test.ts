import Stripe from 'stripe';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ApiVersion } from './api/version.ts';
import { sdk, startWorld } from './fixture.ts';
import type { World } from './fixture.ts';

let world: World;
let stripe: Stripe;
beforeAll(async () => {
	world = await startWorld();
	stripe = world.stripe;
});
afterAll(() => world.close());

const raw = (path: string, options: RequestInit = {}) =>
	fetch(`${world.address}${path}`, {
		...options,
		headers: { authorization: 'Bearer sk_test_double', ...options.headers }
	});

async function refusal(asked: Promise<unknown>): Promise<InstanceType<typeof Stripe.errors.StripeError>> {
	try {
		await asked;
	} catch (error) {
		if (error instanceof Stripe.errors.StripeError) return error;
		throw error;
	}
	throw new Error('it was not refused');
}

const intent = (more: Partial<Stripe.PaymentIntentCreateParams> = {}) =>
	stripe.paymentIntents.create({
		amount: 12000,
		currency: 'mad',
		automatic_payment_methods: { enabled: true, allow_redirects: 'never' },
		...more
	});

describe('Who may ask', () => {
	it('speaks the version of the SDK', () => {
		expect(Stripe.API_VERSION).toBe(ApiVersion);
	});

	it('refuses a request without a key', async () => {
		const answer = await fetch(`${world.address}/v1/customers`);
		expect(answer.status).toBe(401);
		expect(((await answer.json()) as { error: { type: string } }).error.type).toBe('invalid_request_error');
	});

	it('refuses a key of another form, without repeating it', async () => {
		const error = await refusal(sdk(Number(new URL(world.address).port), 'nonsense-key-of-mine').customers.list());
		expect(error.type).toBe('StripeAuthenticationError');
		expect(error.message).not.toContain('nonsense-key-of-mine');
	});

	it('refuses a live key', async () => {
		const error = await refusal(sdk(Number(new URL(world.address).port), 'sk_live_double').customers.list());
		expect(error.statusCode).toBe(401);
		expect(error.message).toContain('no live key');
	});

	it('takes the key as the name of basic authentication', async () => {
		const answer = await fetch(`${world.address}/v1/customers`, {
			headers: { authorization: `Basic ${btoa('sk_test_double:')}` }
		});
		expect(answer.status).toBe(200);
	});

	it('gives every answer a request id and a version', async () => {
		const answer = await raw('/v1/customers');
		expect(answer.headers.get('request-id')).toMatch(/^req_\w{14}$/);
		expect(answer.headers.get('stripe-version')).toBe(ApiVersion);
	});

	it('says which address it does not know', async () => {
		const answer = await raw('/v1/unicorns');
		expect(answer.status).toBe(404);
		expect(await answer.text()).toContain('Unrecognized request URL (GET: /v1/unicorns)');
	});
});

describe('Parameters', () => {
	it('refuses one that Stripe does not have', async () => {
		const error = await refusal(stripe.customers.create({ nickname: 'Mimi' } as Stripe.CustomerCreateParams));
		expect(error).toMatchObject({
			statusCode: 400,
			code: 'parameter_unknown',
			param: 'nickname',
			message: 'Received unknown parameter: nickname'
		});
	});

	it('names an unknown one inside another', async () => {
		const error = await refusal(
			stripe.customers.create({ address: { planet: 'Mars' } } as unknown as Stripe.CustomerCreateParams)
		);
		expect(error).toMatchObject({ code: 'parameter_unknown', param: 'address[planet]' });
	});

	it('does not call unknown what Stripe has and the double lacks', async () => {
		const error = await refusal(stripe.customers.create({ test_clock: 'clock_1' }));
		expect(error).toMatchObject({ statusCode: 501, param: 'test_clock' });
		expect(error.code).toBeUndefined();
	});

	it('asks for what is missing', async () => {
		const error = await refusal(stripe.paymentIntents.create({ currency: 'mad' } as Stripe.PaymentIntentCreateParams));
		expect(error).toMatchObject({ statusCode: 400, code: 'parameter_missing', param: 'amount' });
	});

	it('refuses text where a whole number belongs', async () => {
		const error = await refusal(intent({ amount: '12,5' as unknown as number }));
		expect(error).toMatchObject({
			code: 'parameter_invalid_integer',
			param: 'amount',
			message: 'Invalid integer: 12,5'
		});
	});

	it('refuses an empty string where nothing can be unset', async () => {
		expect(await refusal(intent({ description: '' }))).toMatchObject({
			code: 'parameter_invalid_empty',
			param: 'description'
		});
	});

	it('refuses a word outside the list', async () => {
		const error = await refusal(intent({ capture_method: 'later' as 'manual' }));
		expect(error.message).toBe('Invalid capture_method: must be one of automatic, automatic_async, or manual');
	});

	it('refuses a wrong e-mail address', async () => {
		expect(await refusal(stripe.customers.create({ email: 'amina' }))).toMatchObject({
			code: 'email_invalid',
			param: 'email'
		});
	});

	it('refuses an amount too small to charge', async () => {
		expect(await refusal(intent({ amount: 100 }))).toMatchObject({ code: 'amount_too_small', param: 'amount' });
	});

	it('refuses an amount too large to charge', async () => {
		expect(await refusal(intent({ amount: 100_000_000 }))).toMatchObject({ code: 'amount_too_large', param: 'amount' });
	});

	it('refuses a currency that is none', async () => {
		expect((await refusal(intent({ currency: 'xxz' }))).message).toMatch(/^Invalid currency: xxz/);
	});

	it('takes at most fifty words of metadata', async () => {
		const metadata = Object.fromEntries(Array.from({ length: 51 }, (_, index) => [`k${index}`, 'v']));
		expect((await refusal(stripe.customers.create({ metadata }))).message).toContain('up to 50 metadata keys');
	});

	it('keeps a metadata key that looks like a list or a prototype', async () => {
		const made = await stripe.customers.create({ metadata: { 0: 'zero', __proto__x: 'x' } });
		expect(made.metadata).toEqual({ 0: 'zero', __proto__x: 'x' });
	});

	it('answers 404 for an id in the address that names nothing', async () => {
		expect(await refusal(stripe.customers.retrieve('cus_none'))).toMatchObject({
			statusCode: 404,
			code: 'resource_missing',
			message: "No such customer: 'cus_none'"
		});
	});

	it('answers 400 for an id in the parameters that names nothing', async () => {
		expect(await refusal(intent({ customer: 'cus_none' }))).toMatchObject({
			statusCode: 400,
			code: 'resource_missing',
			param: 'customer'
		});
	});
});

describe('Customers and lists', () => {
	it('makes, changes and finds a customer', async () => {
		const made = await stripe.customers.create({
			email: 'nadia@example.com',
			name: 'Nadia',
			metadata: { city: 'Fès', old: 'yes' }
		});
		expect(made).toMatchObject({ object: 'customer', livemode: false, email: 'nadia@example.com' });
		const changed = await stripe.customers.update(made.id, { name: '', phone: '+212600000000', metadata: { old: '' } });
		expect(changed).toMatchObject({ name: null, phone: '+212600000000', metadata: { city: 'Fès' } });
		const found = await stripe.customers.list({ email: 'nadia@example.com' });
		expect(found.data.map(({ id }) => id)).toEqual([made.id]);
	});

	it('pages forward and backward, newest first', async () => {
		for (let index = 0; index < 5; index++)
			await stripe.customers.create({ email: 'page@example.com', name: `P${index}` });
		const names = (list: Stripe.ApiList<Stripe.Customer>) => list.data.map(({ name }) => name);
		const first = await stripe.customers.list({ email: 'page@example.com', limit: 2 });
		expect([names(first), first.has_more]).toEqual([['P4', 'P3'], true]);
		const second = await stripe.customers.list({
			email: 'page@example.com',
			limit: 2,
			starting_after: first.data[1]?.id ?? ''
		});
		expect(names(second)).toEqual(['P2', 'P1']);
		const back = await stripe.customers.list({
			email: 'page@example.com',
			limit: 2,
			ending_before: second.data[0]?.id ?? ''
		});
		expect(names(back)).toEqual(['P4', 'P3']);
	});

	it('lets the SDK walk through all pages', async () => {
		const seen: string[] = [];
		for await (const { name } of stripe.customers.list({ email: 'page@example.com', limit: 2 })) seen.push(name ?? '');
		expect(seen).toEqual(['P4', 'P3', 'P2', 'P1', 'P0']);
	});

	it('refuses a page of more than a hundred, and a cursor that names nothing', async () => {
		expect(await refusal(stripe.customers.list({ limit: 101 }))).toMatchObject({
			code: 'parameter_invalid_integer',
			param: 'limit'
		});
		expect(await refusal(stripe.customers.list({ starting_after: 'cus_none' }))).toMatchObject({
			code: 'resource_missing',
			param: 'starting_after'
		});
	});
});

describe('Idempotency keys', () => {
	it('gives the same answer to the same request', async () => {
		const ask = () =>
			raw('/v1/customers', {
				method: 'POST',
				body: new URLSearchParams({ name: 'Once' }),
				headers: { 'idempotency-key': 'once' }
			});
		const [first, again] = [await ask(), await ask()];
		expect(await again.text()).toBe(await first.text());
		expect(first.headers.get('idempotent-replayed')).toBeNull();
		expect(again.headers.get('idempotent-replayed')).toBe('true');
		expect(again.headers.get('original-request')).toBe(first.headers.get('request-id'));
	});

	it('refuses the key for another request', async () => {
		await stripe.customers.create({ name: 'A' }, { idempotencyKey: 'shared' });
		const error = await refusal(stripe.customers.create({ name: 'B' }, { idempotencyKey: 'shared' }));
		expect(error).toMatchObject({ type: 'StripeIdempotencyError', statusCode: 400 });
	});

	it('answers 409 while the first request is under way', async () => {
		const slow = await startWorld({ latencyMs: 80 });
		const ask = () => slow.stripe.customers.create({ name: 'Twice' }, { idempotencyKey: 'twice' });
		const [first, second] = await Promise.allSettled([ask(), ask()]);
		expect([first.status, second.status].sort()).toEqual(['fulfilled', 'rejected']);
		const refused = [first, second].find(({ status }) => status === 'rejected') as PromiseRejectedResult;
		expect(refused.reason).toMatchObject({ statusCode: 409, code: 'idempotency_key_in_use' });
		await slow.close();
	});

	it('repeats a declined card, and frees the key after a wrong request', async () => {
		const ask = () =>
			intent({ confirm: true, payment_method: 'pm_card_chargeDeclined' }).catch(
				(error: { charge?: string; raw: { charge: string } }) => error.raw.charge
			);
		const keyed = () =>
			stripe.paymentIntents
				.create(
					{
						amount: 900,
						currency: 'mad',
						confirm: true,
						payment_method: 'pm_card_chargeDeclined',
						return_url: 'http://site.example'
					},
					{ idempotencyKey: 'declined' }
				)
				.catch((error: { raw: { charge: string } }) => error.raw.charge);
		expect(await keyed()).toBe(await keyed());
		expect(await ask()).not.toBe(await ask());
		await refusal(stripe.customers.create({ email: 'wrong' }, { idempotencyKey: 'free' }));
		expect((await stripe.customers.create({ email: 'right@example.com' }, { idempotencyKey: 'free' })).email).toBe(
			'right@example.com'
		);
	});
});

describe('Payment intents', () => {
	it('waits for a payment method', async () => {
		expect(await intent()).toMatchObject({
			status: 'requires_payment_method',
			amount: 12000,
			currency: 'mad',
			latest_charge: null
		});
	});

	it('is paid with a good card, and expands its charge', async () => {
		const paid = await intent({ confirm: true, payment_method: 'pm_card_visa', expand: ['latest_charge'] });
		expect(paid).toMatchObject({ status: 'succeeded', amount_received: 12000 });
		expect(paid.latest_charge).toMatchObject({
			object: 'charge',
			paid: true,
			payment_method_details: { card: { last4: '4242' } }
		});
		const charges = await stripe.charges.list({ payment_intent: paid.id, expand: ['data.payment_intent'] });
		expect(charges.data).toHaveLength(1);
		expect(charges.data[0]?.payment_intent).toMatchObject({ id: paid.id });
	});

	it('refuses to expand what is no reference', async () => {
		expect((await refusal(intent({ expand: ['amount'] }))).message).toContain('cannot be expanded');
	});

	it('says why a card was declined', async () => {
		const error = await refusal(intent({ confirm: true, payment_method: 'pm_card_chargeDeclinedInsufficientFunds' }));
		expect(error).toMatchObject({
			type: 'StripeCardError',
			statusCode: 402,
			code: 'card_declined',
			decline_code: 'insufficient_funds'
		});
		expect(error.payment_intent).toMatchObject({ status: 'requires_payment_method' });
	});

	it('asks for authentication, and returns with the outcome', async () => {
		const asked = await stripe.paymentIntents.create({
			amount: 12000,
			currency: 'mad',
			confirm: true,
			payment_method: 'pm_card_authenticationRequired',
			return_url: 'http://site.example/back'
		});
		expect(asked.status).toBe('requires_action');
		const page = asked.next_action?.redirect_to_url?.url ?? '';
		const answer = await fetch(page, {
			method: 'POST',
			body: new URLSearchParams({ outcome: 'complete' }),
			redirect: 'manual'
		});
		expect(answer.headers.get('location')).toContain(`http://site.example/back?payment_intent=${asked.id}`);
		expect((await stripe.paymentIntents.retrieve(asked.id)).status).toBe('succeeded');
	});

	it('holds the money until it is captured, in part or whole', async () => {
		const held = await intent({ confirm: true, payment_method: 'pm_card_visa', capture_method: 'manual' });
		expect(held).toMatchObject({ status: 'requires_capture', amount_capturable: 12000 });
		expect(await stripe.paymentIntents.capture(held.id, { amount_to_capture: 5000 })).toMatchObject({
			status: 'succeeded',
			amount_received: 5000
		});
	});

	it('is cancelled once, and not after it was paid', async () => {
		const open = await intent();
		expect(await stripe.paymentIntents.cancel(open.id, { cancellation_reason: 'abandoned' })).toMatchObject({
			status: 'canceled',
			cancellation_reason: 'abandoned'
		});
		expect(await refusal(stripe.paymentIntents.cancel(open.id))).toMatchObject({
			code: 'payment_intent_unexpected_state'
		});
	});
});

describe('Refunds', () => {
	const paid = () => intent({ confirm: true, payment_method: 'pm_card_visa' });

	it('gives back a part, then the rest', async () => {
		const { id } = await paid();
		const part = await stripe.refunds.create({ payment_intent: id, amount: 4000, reason: 'requested_by_customer' });
		expect(part).toMatchObject({ status: 'succeeded', amount: 4000, currency: 'mad', payment_intent: id });
		const rest = await stripe.refunds.create({ payment_intent: id });
		expect(rest.amount).toBe(8000);
		expect(await stripe.charges.retrieve(String(rest.charge))).toMatchObject({
			amount_refunded: 12000,
			refunded: true
		});
		expect((await stripe.refunds.list({ payment_intent: id })).data.map(({ amount }) => amount)).toEqual([8000, 4000]);
	});

	it('gives back no more than is left', async () => {
		const { id } = await paid();
		await stripe.refunds.create({ payment_intent: id, amount: 4000 });
		const error = await refusal(stripe.refunds.create({ payment_intent: id, amount: 8001 }));
		expect(error).toMatchObject({ statusCode: 400, param: 'amount' });
		expect(error.message).toMatch(/greater than unrefunded amount on charge/);
	});

	it('refuses what was given back already', async () => {
		const { id } = await paid();
		await stripe.refunds.create({ payment_intent: id });
		expect(await refusal(stripe.refunds.create({ payment_intent: id }))).toMatchObject({
			code: 'charge_already_refunded'
		});
	});

	it('refuses an intent that was never paid, and a request that names none', async () => {
		expect((await refusal(stripe.refunds.create({ payment_intent: (await intent()).id }))).message).toContain(
			'does not have a successful charge'
		);
		expect(await refusal(stripe.refunds.create({}))).toMatchObject({ code: 'parameter_missing' });
	});

	it('gives back once for one key', async () => {
		const { id } = await paid();
		const ask = () => stripe.refunds.create({ payment_intent: id, amount: 1000 }, { idempotencyKey: `refund-${id}` });
		expect((await ask()).id).toBe((await ask()).id);
		expect((await stripe.refunds.list({ payment_intent: id })).data).toHaveLength(1);
	});
});
