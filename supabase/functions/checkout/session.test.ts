import { describe, expect, it } from 'vitest';
import { returnAddress, sessionEnd, sessionParameters } from './session.ts';
import type { Language, Payment } from './session.ts';

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
	it.each([
		['/ar/bookings/b1', 'https://khadamat.example/ar/bookings/b1?payment=success'],
		['/b/secret_-=', 'https://khadamat.example/b/secret_-=?payment=success']
	])('%s', (path, address) => {
		expect(returnAddress('https://khadamat.example', path, 'success')).toBe(address);
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
		stripe_session_id: null,
		language: 'fr',
		return_path: '/bookings/b1'
	};
	const asked = (language: Language, nowMs = now) =>
		sessionParameters({ ...payment, language }, { siteUrl: 'https://khadamat.example', nowMs });

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
