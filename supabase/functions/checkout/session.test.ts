import { describe, expect, it } from 'vitest';
import { returnAddress, sessionEnd, sessionParameters } from './session.ts';
import type { Payment } from './session.ts';

const now = Date.parse('2026-11-20T10:00:00Z');
const seconds = (iso: string) => Date.parse(iso) / 1000;

describe('When a session ends', () => {
	it.each([
		['a hold of ten minutes', '2026-11-20T10:10:00Z', seconds('2026-11-20T10:41:00Z')],
		['a hold that ends now', '2026-11-20T10:00:00Z', seconds('2026-11-20T10:31:00Z')],
		['a hold of two hours', '2026-11-20T12:00:00Z', seconds('2026-11-20T12:31:00Z')],
		['a hold of a day, which Stripe gives anyway', '2026-11-21T10:00:00Z', undefined],
		['no hold', null, undefined]
	])('%s', (_case, hold, end) => {
		expect(sessionEnd(hold, now)).toBe(end);
	});
});

describe('Where the payer returns to', () => {
	const site = 'https://khadamat.example';
	it.each([
		['a path', 'ar', '/ar/bookings/b1', 'https://khadamat.example/ar/bookings/b1?payment=success'],
		[
			'a path with a query',
			'en',
			'/en/bookings/b1?tab=pay',
			'https://khadamat.example/en/bookings/b1?tab=pay&payment=success'
		],
		['another site', 'fr', 'https://evil.example/x', 'https://khadamat.example/?payment=success'],
		['another site without a scheme', 'en', '//evil.example/x', 'https://khadamat.example/en?payment=success'],
		['another site behind a backslash', 'ar', '/\\evil.example', 'https://khadamat.example/ar?payment=success'],
		['nothing', 'fr', undefined, 'https://khadamat.example/?payment=success']
	] as const)('%s', (_case, language, returnTo, address) => {
		expect(returnAddress(site, language, returnTo, 'success')).toBe(address);
	});
});

describe('What Stripe is asked for', () => {
	const payment: Payment = {
		payment_id: 'p1',
		booking_id: 'b1',
		reference: 'KH-7Q4M2',
		amount_minor: 12000,
		currency: 'MAD',
		customer_email: null,
		description: 'Acompte',
		hold_expires_at: '2026-11-20T10:10:00Z',
		stripe_session_id: null
	};
	const asked = (language: 'fr' | 'ar' | 'en', nowMs = now) =>
		sessionParameters(payment, { siteUrl: 'https://khadamat.example', language, returnTo: undefined, nowMs });

	it('is the same a minute later', () => {
		expect(asked('fr', now + 60_000)).toEqual(asked('fr'));
	});

	it('carries the booking on the session and on the intent', () => {
		expect(asked('fr')).toMatchObject({
			client_reference_id: 'KH-7Q4M2',
			metadata: { booking_id: 'b1', payment_id: 'p1' },
			payment_intent_data: { metadata: { booking_id: 'b1', payment_id: 'p1' } }
		});
		expect(asked('fr')).not.toHaveProperty('customer_email');
	});

	it('is in French for readers of Arabic, whom Checkout does not know', () => {
		expect([asked('fr').locale, asked('ar').locale, asked('en').locale]).toEqual(['fr', 'fr', 'en']);
	});
});
