import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type Stripe from 'stripe';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { freePort, pay, secret, startWorld } from 'stripe-double/fixture';
import type { World } from 'stripe-double/fixture';
import { findDeno, loadKeys } from 'supabase-embedded';
import type { Keys } from 'supabase-embedded';
import { root } from '../../scripts/settings.ts';

/** One call of a database function. */
interface Rpc {
	name: string;
	parameters: Record<string, unknown>;
	authorization: string;
	apikey: string;
}

/** What the database answers, by function; a status other than 200 is a refusal. */
const answers: Record<string, { status: number; body: unknown }> = {};
const calls: Rpc[] = [];
const database = createServer((request, response) => {
	let body = '';
	request.on('data', (chunk: Buffer) => (body += chunk.toString()));
	request.on('end', () => {
		const name = new URL(request.url ?? '', 'http://x').pathname.split('/').at(-1) ?? '';
		calls.push({
			name,
			parameters: JSON.parse(body || '{}') as Rpc['parameters'],
			authorization: String(request.headers.authorization),
			apikey: String(request.headers.apikey)
		});
		const { status, body: answer } = answers[name] ?? { status: 200, body: null };
		response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(answer));
	});
});

const booking = '0197c0de-0000-7000-8000-000000000001';
let payments = 0;
const payment = (more: Record<string, unknown> = {}) => ({
	payment_id: `0197c0de-0000-7000-8000-0000000001${String(++payments).padStart(2, '0')}`,
	booking_id: booking,
	reference: 'KH-7Q4M2',
	amount_minor: 12000,
	currency: 'MAD',
	customer_email: 'amina@example.com',
	description: 'Acompte – Plomberie Anfa',
	hold_expires_at: new Date(Date.now() + 15 * 60_000).toISOString(),
	stripe_session_id: null,
	language: 'ar',
	return_path: '/ar/bookings/x',
	...more
});

let world: World;
let keys: Keys;
let folder: string;
const processes: ChildProcess[] = [];
const addresses: Record<string, string> = {};

async function serve(name: string, environment: Record<string, string>): Promise<void> {
	const port = await freePort();
	const deno = spawn(
		findDeno(),
		[
			'serve',
			'--port',
			String(port),
			'--host',
			'127.0.0.1',
			'--no-prompt',
			'--allow-net',
			'--allow-env',
			'--allow-read',
			'--node-modules-dir=manual',
			'--cached-only',
			'--config',
			`supabase/functions/${name}/deno.json`,
			`supabase/functions/${name}/index.ts`
		],
		{
			cwd: root,
			env: { PATH: process.env.PATH, HOME: process.env.HOME, NO_COLOR: '1', ...environment },
			stdio: ['ignore', 'ignore', 'pipe']
		}
	);
	processes.push(deno);
	addresses[name] = `http://127.0.0.1:${port}`;
	const end = Date.now() + 30_000;
	while (
		!(await fetch(addresses[name], { method: 'OPTIONS' }).then(
			() => true,
			() => false
		))
	) {
		if (Date.now() > end || deno.exitCode !== null)
			throw new Error(`${name} did not start: ${String(deno.stderr?.read())}`);
		await new Promise((resolve) => setTimeout(resolve, 50));
	}
}

beforeAll(async () => {
	folder = mkdtempSync(join(tmpdir(), 'khadamat-functions-'));
	keys = await loadKeys(folder);
	world = await startWorld();
	await new Promise<void>((resolve) => database.listen(0, '127.0.0.1', resolve));
	const environment = {
		SUPABASE_URL: `http://127.0.0.1:${(database.address() as AddressInfo).port}`,
		SUPABASE_PUBLISHABLE_KEYS: JSON.stringify({ default: keys.publishable }),
		SUPABASE_SECRET_KEYS: JSON.stringify({ default: keys.secret }),
		SUPABASE_JWKS: JSON.stringify(keys.jwks),
		STRIPE_SECRET_KEY: 'sk_test_double',
		STRIPE_API_BASE: world.address,
		STRIPE_WEBHOOK_SECRET: secret,
		SITE_URL: 'http://site.example'
	};
	await Promise.all(['checkout', 'stripe-webhook', 'refunds'].map((name) => serve(name, environment)));
}, 60_000);
afterAll(async () => {
	for (const started of processes) started.kill();
	database.close();
	await world.close();
	rmSync(folder, { recursive: true, force: true });
});
beforeEach(() => {
	calls.length = 0;
	for (const name of Object.keys(answers)) delete answers[name];
	answers.attach_checkout = { status: 200, body: true };
});

const invoke = async (name: string, body: unknown, headers: Record<string, string>) => {
	const answer = await fetch(addresses[name] ?? '', {
		method: 'POST',
		body: typeof body === 'string' ? body : JSON.stringify(body),
		headers: { 'content-type': 'application/json', ...headers }
	});
	return { status: answer.status, body: (await answer.json()) as Record<string, unknown> };
};
const guest = () => ({ apikey: keys.publishable });
const rpc = (name: string) => calls.filter((call) => call.name === name);

describe('checkout', () => {
	it('gives a guest the address of the page and attaches the session', async () => {
		const due = payment();
		answers.begin_payment = { status: 200, body: [due] };
		const { status, body } = await invoke(
			'checkout',
			{ booking_id: booking, manage_token: 'secret link', language: 'ar' },
			guest()
		);
		expect(status).toBe(200);
		const id = String(body.url).split('/').at(-1) ?? '';
		const session = await world.stripe.checkout.sessions.retrieve(id, { expand: ['line_items'] });
		expect(session).toMatchObject({
			amount_total: 12000,
			client_reference_id: 'KH-7Q4M2',
			customer_email: 'amina@example.com',
			locale: 'fr',
			metadata: { booking_id: booking, payment_id: due.payment_id },
			success_url: 'http://site.example/ar/bookings/x?payment=success',
			cancel_url: 'http://site.example/ar/bookings/x?payment=cancelled'
		});
		expect(rpc('begin_payment')[0]).toMatchObject({
			parameters: { booking_id: booking, manage_token: 'secret link', language: 'ar' },
			apikey: keys.publishable
		});
		expect(rpc('attach_checkout')[0]).toMatchObject({
			parameters: { payment_id: due.payment_id, session_id: id },
			apikey: keys.secret
		});
	});

	it("asks the database with the caller's own token", async () => {
		const token = await keys.sign({ sub: booking, role: 'authenticated', aud: 'authenticated', iss: 'x' }, 60);
		answers.begin_payment = { status: 200, body: [payment()] };
		expect(
			(await invoke('checkout', { booking_id: booking }, { ...guest(), authorization: `Bearer ${token}` })).status
		).toBe(200);
		expect(rpc('begin_payment')[0]?.authorization).toBe(`Bearer ${token}`);
	});

	it('gives the same session when asked again, before and after it is attached', async () => {
		const due = payment();
		answers.begin_payment = { status: 200, body: [due] };
		const first = await invoke('checkout', { booking_id: booking }, guest());
		expect((await invoke('checkout', { booking_id: booking }, guest())).body.url).toBe(first.body.url);
		answers.begin_payment = {
			status: 200,
			body: [{ ...due, stripe_session_id: String(first.body.url).split('/').at(-1) }]
		};
		expect((await invoke('checkout', { booking_id: booking, language: 'en' }, guest())).body.url).toBe(first.body.url);
	});

	it('makes one page, however many ask at once and in whatever language', async () => {
		answers.begin_payment = { status: 200, body: [payment()] };
		const asked = await Promise.all(
			['fr', 'ar', 'en'].map((language) => invoke('checkout', { booking_id: booking, language }, guest()))
		);
		expect(asked.map(({ status }) => status)).toEqual([200, 200, 200]);
		expect(new Set(asked.map(({ body }) => body.url)).size).toBe(1);
	});

	it('waits for the page that Stripe is just making for somebody else, longer than its client asks again by itself', async () => {
		answers.begin_payment = { status: 200, body: [payment()] };
		const pace = (ms: number) => fetch(`${world.address}/_test/latency`, { method: 'POST', body: JSON.stringify(ms) });
		await pace(5000);
		try {
			const asked = await Promise.all(
				Array.from({ length: 8 }, () => invoke('checkout', { booking_id: booking }, guest()))
			);
			expect(asked.map(({ status }) => status)).toEqual(Array.from({ length: 8 }, () => 200));
			expect(new Set(asked.map(({ body }) => body.url)).size).toBe(1);
		} finally {
			await pace(1);
		}
		// whoever waited has closed nothing
		expect(rpc('page_closed')).toEqual([]);
	});

	it('ends a payment whose page has ended, and gives none for one that is paid', async () => {
		const due = payment();
		answers.begin_payment = { status: 200, body: [due] };
		const first = String((await invoke('checkout', { booking_id: booking }, guest())).body.url);
		await world.stripe.checkout.sessions.expire(first.split('/').at(-1) ?? '');
		answers.begin_payment = { status: 200, body: [{ ...due, stripe_session_id: first.split('/').at(-1) }] };
		await invoke('checkout', { booking_id: booking }, guest());
		expect(rpc('page_closed')[0]?.parameters).toEqual({ payment_id: due.payment_id });

		const next = payment();
		answers.begin_payment = { status: 200, body: [next] };
		const second = String((await invoke('checkout', { booking_id: booking }, guest())).body.url);
		expect(second).not.toBe(first);
		await pay(second, '4242424242424242');
		answers.begin_payment = { status: 200, body: [{ ...next, stripe_session_id: second.split('/').at(-1) }] };
		expect(await invoke('checkout', { booking_id: booking }, guest())).toMatchObject({
			status: 409,
			body: { code: 'invalid_transition' }
		});
	});

	it('closes the page at once when its payment has ended meanwhile', async () => {
		const due = payment();
		answers.begin_payment = { status: 200, body: [due] };
		answers.attach_checkout = { status: 200, body: false };
		expect((await invoke('checkout', { booking_id: booking }, guest())).status).toBe(409);
		const { session_id } = rpc('attach_checkout')[0]!.parameters as { session_id: string };
		expect((await world.stripe.checkout.sessions.retrieve(session_id)).status).toBe('expired');
	});

	it.each([
		['PT404', 404, 'not_found'],
		['PT403', 403, 'not_allowed'],
		['PT410', 410, 'hold_expired'],
		['PT409', 409, 'invalid_transition']
	])('hands on %s as it was raised', async (code, status, message) => {
		answers.begin_payment = { status, body: { code, message, details: null, hint: null } };
		expect(await invoke('checkout', { booking_id: booking }, guest())).toMatchObject({
			status,
			body: { code: message }
		});
	});

	it('tells nothing of a failure nobody planned', async () => {
		answers.begin_payment = {
			status: 500,
			body: { code: 'XX000', message: 'table private.secrets', details: null, hint: null }
		};
		const { status, body } = await invoke('checkout', { booking_id: booking }, guest());
		expect([status, body.code]).toEqual([500, 'internal']);
		expect(JSON.stringify(body)).not.toContain('secrets');
	});

	it('refuses a wrong body, a wrong token and no key', async () => {
		expect(await invoke('checkout', { booking_id: 'x' }, guest())).toMatchObject({
			status: 422,
			body: { code: 'invalid_input', message: 'booking_id' }
		});
		expect(
			(await invoke('checkout', { booking_id: booking }, { ...guest(), authorization: 'Bearer a.b.c' })).status
		).toBe(401);
		expect((await invoke('checkout', { booking_id: booking }, {})).status).toBe(401);
		expect(calls).toHaveLength(0);
	});
});

describe('stripe-webhook', () => {
	/** A true event, signed as Stripe signs. */
	async function completed() {
		const session = await world.stripe.checkout.sessions.create({
			mode: 'payment',
			line_items: [
				{ quantity: 1, price_data: { currency: 'mad', unit_amount: 12000, product_data: { name: 'Acompte' } } }
			],
			metadata: { booking_id: booking },
			success_url: 'http://site.example/'
		});
		await pay(session.url ?? '', '4242424242424242');
		const events = await world.stripe.events.list({ type: 'checkout.session.completed', limit: 1 });
		const [event] = events.data;
		if (!event) throw new Error('no event');
		const body = JSON.stringify(event);
		return {
			session,
			event,
			body,
			signature: await world.stripe.webhooks.generateTestHeaderStringAsync({ payload: body, secret })
		};
	}

	it('hands a true event on, without the person and the card', async () => {
		const { session, event, body, signature } = await completed();
		expect(await invoke('stripe-webhook', body, { 'stripe-signature': signature })).toEqual({
			status: 200,
			body: { received: true }
		});
		const told = rpc('apply_stripe_event')[0];
		expect(told?.apikey).toBe(keys.secret);
		expect(told?.parameters.event).toEqual({
			id: event.id,
			type: 'checkout.session.completed',
			created: event.created,
			object: {
				id: session.id,
				object: 'checkout.session',
				payment_intent: expect.stringMatching(/^pi_/) as string,
				charge: null,
				amount: 12000,
				amount_refunded: null,
				currency: 'mad',
				metadata: { booking_id: booking },
				status: 'complete',
				payment_status: 'paid',
				error: null
			}
		});
		expect(JSON.stringify(told)).not.toMatch(/amina|Alaoui|4242/);
	});

	it('tells why a card was refused', async () => {
		await world.stripe.paymentIntents
			.create({
				amount: 900,
				currency: 'mad',
				confirm: true,
				payment_method: 'pm_card_chargeDeclinedInsufficientFunds',
				return_url: 'http://site.example'
			})
			.catch(() => {});
		const [event] = (await world.stripe.events.list({ type: 'payment_intent.payment_failed', limit: 1 })).data;
		const body = JSON.stringify(event);
		await invoke('stripe-webhook', body, {
			'stripe-signature': await world.stripe.webhooks.generateTestHeaderStringAsync({ payload: body, secret })
		});
		expect(rpc('apply_stripe_event')[0]?.parameters.event).toMatchObject({
			object: { error: { code: 'card_declined', decline_code: 'insufficient_funds' } }
		});
		expect(JSON.stringify(calls)).not.toContain('last4');
	});

	it('refuses a forged, a stale and a missing signature', async () => {
		const { body } = await completed();
		const sign = (more: Partial<Parameters<Stripe['webhooks']['generateTestHeaderStringAsync']>[0]>) =>
			world.stripe.webhooks.generateTestHeaderStringAsync({ payload: body, secret, ...more });
		for (const headers of [
			{ 'stripe-signature': await sign({ secret: 'whsec_forged' }) },
			{ 'stripe-signature': await sign({ timestamp: Math.floor(Date.now() / 1000) - 400 }) },
			{}
		]) {
			expect(await invoke('stripe-webhook', body, headers as Record<string, string>)).toMatchObject({
				status: 400,
				body: { code: 'invalid_signature' }
			});
		}
		expect(calls).toHaveLength(0);
	});

	it.each([500, 409])('has the event sent again when the database answers %i', async (status) => {
		const { body, signature } = await completed();
		answers.apply_stripe_event = {
			status,
			body: { code: status === 500 ? 'XX000' : 'PT409', message: 'no', details: null, hint: null }
		};
		expect((await invoke('stripe-webhook', body, { 'stripe-signature': signature })).status).toBe(500);
	});
});

describe('refunds', () => {
	const paid = async (card = 'pm_card_visa') =>
		(
			await world.stripe.paymentIntents.create({
				amount: 12000,
				currency: 'mad',
				confirm: true,
				payment_method: card,
				return_url: 'http://site.example'
			})
		).id;

	const order = (payment_intent: string, more: Record<string, unknown> = {}) => ({
		id: crypto.randomUUID(),
		payment_intent,
		amount_minor: 4000,
		reason: 'customer_cancelled',
		stripe_refund_id: null,
		...more
	});
	const run = () => invoke('refunds', {}, { apikey: keys.secret });
	const reports = () => rpc('finish_refund').map(({ parameters }) => parameters);

	it('gives back what is claimed, once, and notes what came of it', async () => {
		const intent = await paid();
		const claimed = [order(intent)];
		answers.claim_refunds = { status: 200, body: claimed };
		for (let time = 0; time < 2; time++) expect(await run()).toEqual({ status: 200, body: { refunds: 1 } });
		const refunds = (await world.stripe.refunds.list({ payment_intent: intent })).data;
		expect(refunds.map(({ amount }) => amount)).toEqual([4000]);
		expect(rpc('claim_refunds')[0]?.parameters).toEqual({ batch: 10 });
		expect(reports()).toEqual(
			Array.from({ length: 2 }, () => ({
				refund_id: claimed[0]?.id,
				stripe_refund_id: refunds[0]?.id,
				status: 'succeeded',
				error: null
			}))
		);
	});

	it('finds what Stripe has made before, days after its key is forgotten', async () => {
		const intent = await paid('pm_card_pendingRefund');
		const claimed = order(intent);
		answers.claim_refunds = { status: 200, body: [claimed] };
		await run();
		world.advance(3 * 24 * 3600);
		await run();
		const [made, ...more] = (await world.stripe.refunds.list({ payment_intent: intent })).data;
		expect(more).toEqual([]);
		answers.claim_refunds = { status: 200, body: [{ ...claimed, stripe_refund_id: made!.id }] };
		await expect
			.poll(async () => {
				await run();
				return reports().at(-1)?.status;
			})
			.toBe('succeeded');
		expect(new Set(reports().map(({ stripe_refund_id }) => stripe_refund_id))).toEqual(new Set([made!.id]));
		expect(reports()[0]?.status).toBe('pending');
	});

	it('does not take a refund of another sum for what was ordered, whatever it carries', async () => {
		const intent = await paid();
		const claimed = order(intent);
		const other = await world.stripe.refunds.create({
			payment_intent: intent,
			amount: 1000,
			metadata: { refund_id: claimed.id }
		});
		answers.claim_refunds = { status: 200, body: [claimed] };
		await run();
		expect(reports().at(-1)).toMatchObject({ refund_id: claimed.id, status: 'succeeded' });
		expect(reports().at(-1)?.stripe_refund_id).not.toBe(other.id);
		const refunds = (await world.stripe.refunds.list({ payment_intent: intent })).data;
		expect(refunds.map(({ amount }) => amount).sort()).toEqual([1000, 4000]);
	});

	it('notes a refusal and goes on with the next', async () => {
		const intent = await paid();
		answers.claim_refunds = { status: 200, body: [order('pi_none'), order(intent, { amount_minor: 12000 })] };
		await run();
		expect(reports().map(({ status, error }) => [status, error])).toEqual([
			['refused', 'resource_missing'],
			['succeeded', null]
		]);
	});

	it('closes the pages that are no longer wanted', async () => {
		const { id } = await world.stripe.checkout.sessions.create({
			mode: 'payment',
			line_items: [
				{ quantity: 1, price_data: { currency: 'mad', unit_amount: 900, product_data: { name: 'Acompte' } } }
			],
			success_url: 'http://site.example/'
		});
		answers.claim_pages = { status: 200, body: [{ payment_id: booking, session_id: id }] };
		answers.claim_refunds = { status: 200, body: [] };
		for (let time = 0; time < 2; time++) await run();
		expect((await world.stripe.checkout.sessions.retrieve(id)).status).toBe('expired');
		expect(rpc('page_closed').map(({ parameters }) => parameters)).toEqual([
			{ payment_id: booking },
			{ payment_id: booking }
		]);
	});

	it('works for the secret key alone', async () => {
		expect((await invoke('refunds', {}, guest())).status).toBe(401);
		expect(calls).toHaveLength(0);
	});
});
