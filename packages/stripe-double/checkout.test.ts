import type Stripe from 'stripe';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { deposit, pay, startWorld } from './fixture.ts';
import type { World } from './fixture.ts';

let world: World;
let stripe: Stripe;
beforeEach(async () => {
	world = await startWorld();
	stripe = world.stripe;
});
afterEach(() => world.close());

const open = (more: Partial<Stripe.Checkout.SessionCreateParams> = {}) =>
	stripe.checkout.sessions.create(deposit(more));
const read = async (address: string, language = '') => {
	const answer = await fetch(address, { headers: { 'accept-language': language } });
	return {
		status: answer.status,
		text: (await answer.text()).replaceAll('\u00a0', ' ').replaceAll('\u202f', ' ').replaceAll('&#39;', "'")
	};
};
const prove = (address: string, outcome: string) =>
	fetch(address, { method: 'POST', body: new URLSearchParams({ outcome }), redirect: 'manual' });

/** The address to which a redirect leads. */
function target(answer: Response): string {
	expect(answer.status).toBe(303);
	return new URL(answer.headers.get('location') ?? '', world.address).href;
}

describe('A session', () => {
	it('is open, unpaid and has a page', async () => {
		const session = await open();
		expect(session).toMatchObject({
			object: 'checkout.session',
			status: 'open',
			payment_status: 'unpaid',
			amount_total: 12000,
			currency: 'mad',
			payment_intent: null
		});
		expect(session.id).toMatch(/^cs_test_/);
		expect(session.url).toBe(`${world.address}/c/pay/${session.id}`);
	});

	it('shows its lines when asked, in the order given', async () => {
		const line = (name: string) => ({
			quantity: 2,
			price_data: { currency: 'mad', unit_amount: 1500, product_data: { name } }
		});
		const session = await open({ line_items: [line('Un'), line('Deux')], expand: ['line_items'] });
		expect(session.line_items?.data.map(({ description, amount_total: total }) => [description, total])).toEqual([
			['Un', 3000],
			['Deux', 3000]
		]);
		const lines = await stripe.checkout.sessions.listLineItems(session.id, { limit: 1 });
		expect([lines.data[0]?.description, lines.has_more]).toEqual(['Un', true]);
	});

	it('lasts no less than half an hour and no more than a day', async () => {
		const now = Math.floor(Date.now() / 1000);
		await expect(open({ expires_at: now + 600 })).rejects.toMatchObject({ param: 'expires_at' });
		await expect(open({ expires_at: now + 90_000 })).rejects.toMatchObject({ param: 'expires_at' });
		expect((await open({ expires_at: now + 1860 })).expires_at).toBe(now + 1860);
	});

	it('knows French and not Arabic', async () => {
		await expect(open({ locale: 'ar' })).rejects.toMatchObject({ param: 'locale', statusCode: 400 });
	});

	it('refuses an unknown parameter deep inside', async () => {
		const wrong = [
			{ quantity: 1, price_data: { currency: 'mad', unit_amount: 12000, product_data: { name: 'x', colour: 'red' } } }
		];
		await expect(open({ line_items: wrong })).rejects.toMatchObject({
			code: 'parameter_unknown',
			param: 'line_items[0][price_data][product_data][colour]'
		});
	});

	it('asks for lines, a quantity and an address to return to', async () => {
		const { line_items: _lines, ...bare } = deposit();
		await expect(stripe.checkout.sessions.create(bare)).rejects.toMatchObject({
			code: 'parameter_missing',
			param: 'line_items'
		});
		const { success_url: _url, ...nowhere } = deposit();
		await expect(stripe.checkout.sessions.create(nowhere)).rejects.toMatchObject({
			code: 'parameter_missing',
			param: 'success_url'
		});
		await expect(
			open({ line_items: [{ price_data: { currency: 'mad', unit_amount: 900, product_data: { name: 'x' } } }] })
		).rejects.toMatchObject({ param: 'line_items[0][quantity]' });
	});

	it('refuses too small a sum', async () => {
		await expect(
			open({
				line_items: [{ quantity: 1, price_data: { currency: 'mad', unit_amount: 100, product_data: { name: 'x' } } }]
			})
		).rejects.toMatchObject({ code: 'amount_too_small' });
	});
});

describe('The page', () => {
	it('is in the language of the session, and of the browser with auto', async () => {
		const french = await read((await open()).url ?? '', 'en');
		expect(french.text).toContain('<html lang="fr">');
		expect(french.text).toContain('Payer 120,00 MAD');
		const english = await read((await open({ locale: 'auto' })).url ?? '', 'en-GB,en;q=0.8');
		expect(english.text).toContain('<html lang="en">');
		expect(english.text).toContain('Pay MAD 120.00');
	});

	it('says that it is a double, lists what is paid for and the way back', async () => {
		const { text } = await read((await open()).url ?? '');
		expect(text).toContain('aucun paiement réel');
		expect(text).toContain('Acompte – Plomberie Anfa');
		expect(text).toContain('href="http://site.example/bookings/b1?payment=cancelled"');
		expect(text).not.toContain('<script');
	});

	it('writes what others typed as text', async () => {
		const line = {
			quantity: 1,
			price_data: { currency: 'mad', unit_amount: 12000, product_data: { name: '<img src=x>' } }
		};
		expect((await read((await open({ line_items: [line] })).url ?? '')).text).toContain('&lt;img src=x&gt;');
	});

	it('takes a good card and returns to the site', async () => {
		const session = await open();
		expect(target(await pay(session.url ?? '', '4242 4242 4242 4242'))).toBe(
			`http://site.example/bookings/b1?session=${session.id}`
		);
		const paid = await stripe.checkout.sessions.retrieve(session.id, { expand: ['payment_intent.latest_charge'] });
		expect(paid).toMatchObject({
			status: 'complete',
			payment_status: 'paid',
			url: null,
			customer_details: { email: 'amina@example.com', name: 'Amina Alaoui' }
		});
		expect(paid.payment_intent).toMatchObject({
			status: 'succeeded',
			description: 'A-7Q4M2',
			metadata: { booking_id: 'b1' },
			latest_charge: { paid: true }
		});
	});

	it('says so in words when funds are short, and lets one try again', async () => {
		const session = await open();
		const back = target(await pay(session.url ?? '', '4000 0000 0000 9995'));
		expect(back).toBe(session.url);
		const { text } = await read(back);
		expect(text).toContain('Les fonds disponibles sur votre carte sont insuffisants');
		expect(text).toContain('value="Amina Alaoui"');
		expect(text).not.toContain('9995"');
		const refused = await stripe.checkout.sessions.retrieve(session.id, { expand: ['payment_intent'] });
		expect(refused).toMatchObject({
			status: 'open',
			payment_status: 'unpaid',
			payment_intent: { last_payment_error: { code: 'card_declined', decline_code: 'insufficient_funds' } }
		});
		expect(target(await pay(session.url ?? '', '4242424242424242'))).toContain('http://site.example/');
		const paid = await stripe.checkout.sessions.retrieve(session.id);
		expect(paid.payment_intent).toBe((refused.payment_intent as Stripe.PaymentIntent).id);
	});

	it('has general words for a general decline', async () => {
		const session = await open({ locale: 'en' });
		expect((await read(target(await pay(session.url ?? '', '4000000000000002')))).text).toContain(
			'Your card was declined'
		);
	});

	it.each([
		['a number that fails its check', { number: '4242 4242 4242 4241' }, 'pas valide'],
		["a number that is no test card's", { number: '4111 1111 1111 1111' }, 'pas une carte de test'],
		['a date in the past', { expiry: '01 / 20' }, 'dépassée'],
		['a month that is none', { expiry: '13 / 34' }, 'incorrecte'],
		['a short security code', { cvc: '12' }, 'incomplet'],
		['a missing name', { name: ' ' }, 'Saisissez le nom']
	])('marks %s', async (_case, wrong, words) => {
		const session = await open();
		const answer = await pay(session.url ?? '', '4242424242424242', wrong);
		expect(answer.status).toBe(422);
		expect(await answer.text()).toContain(words);
		expect((await stripe.checkout.sessions.retrieve(session.id)).payment_intent).toBeNull();
	});

	it('asks for an e-mail address when the session has none', async () => {
		const { customer_email: _email, ...guest } = deposit();
		const session = await stripe.checkout.sessions.create(guest);
		expect((await pay(session.url ?? '', '4242424242424242', { email: 'amina' })).status).toBe(422);
		await pay(session.url ?? '', '4242424242424242', { email: 'guest@example.com' });
		expect((await stripe.checkout.sessions.retrieve(session.id)).customer_details?.email).toBe('guest@example.com');
	});

	it('leads a 3-D Secure card to the bank and back paid', async () => {
		const session = await open();
		const bank = target(await pay(session.url ?? '', '4000 0025 0000 3155'));
		expect(bank).toContain('/c/authenticate/pi_');
		expect((await read(bank)).text).toContain("Réussir l'authentification");
		expect((await stripe.checkout.sessions.retrieve(session.id)).status).toBe('open');
		expect(target(await prove(bank, 'complete'))).toContain('http://site.example/');
		expect((await stripe.checkout.sessions.retrieve(session.id)).payment_status).toBe('paid');
		// Pressing the button of the old page again pays nothing more.
		await prove(bank, 'complete');
		expect((await stripe.charges.list({})).data).toHaveLength(1);
	});

	it('leaves the session open when 3-D Secure fails', async () => {
		const session = await open();
		const bank = target(await pay(session.url ?? '', '4000002500003155'));
		const back = target(await prove(bank, 'fail'));
		expect(back).toBe(session.url);
		expect((await read(back)).text).toContain('pas pu authentifier');
		expect((await stripe.checkout.sessions.retrieve(session.id)).status).toBe('open');
	});

	it('pays once, however often the form is sent', async () => {
		const session = await open();
		await Promise.all(Array.from({ length: 5 }, () => pay(session.url ?? '', '4242424242424242')));
		expect((await stripe.charges.list({})).data).toHaveLength(1);
		expect((await read(session.url ?? '')).text).toContain('déjà fait');
	});

	it('says that an unknown session is none', async () => {
		expect((await read(`${world.address}/c/pay/cs_test_none`, 'en')).status).toBe(404);
		expect((await read(`${world.address}/c/elsewhere`, 'en')).text).toContain('Page not found');
	});
});

describe('The end of a session', () => {
	it('can be called for, once', async () => {
		const session = await open();
		expect(await stripe.checkout.sessions.expire(session.id)).toMatchObject({ status: 'expired', url: null });
		await expect(stripe.checkout.sessions.expire(session.id)).rejects.toMatchObject({ statusCode: 400 });
		const page = await read(session.url ?? '');
		expect([page.status, page.text.includes('a expiré')]).toEqual([410, true]);
		expect((await pay(session.url ?? '', '4242424242424242')).status).toBe(410);
	});

	it('comes by itself, tells the endpoint and cancels the intent', async () => {
		const session = await open({ expires_at: Math.floor(Date.now() / 1000) + 1860 });
		await pay(session.url ?? '', '4000000000009995');
		world.advance(1900);
		const [told] = await world.endpoint.until('checkout.session.expired');
		expect(told?.event.data.object).toMatchObject({
			id: session.id,
			status: 'expired',
			metadata: { booking_id: 'b1' }
		});
		const { payment_intent: intent } = await stripe.checkout.sessions.retrieve(session.id);
		expect((await stripe.paymentIntents.retrieve(String(intent))).status).toBe('canceled');
	});
});
