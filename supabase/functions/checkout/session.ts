import type Stripe from 'stripe';
import type { One } from '../_shared/lists.ts';

/** What `begin_payment` gives: the payment that is due, and until when. All of its page depends on this alone. */
export interface Payment {
	payment_id: string;
	booking_id: string;
	reference: string;
	/** in the currency's smallest unit */
	amount_minor: number;
	currency: string;
	customer_email: string | null;
	description: string;
	hold_expires_at: string | null;
	stripe_session_id: string | null;
	language: Language;
	/** the path of the site that the payer comes back to */
	return_path: string;
}

export type Language = One<'language'>;

/** Stripe's shortest session is half an hour from its making; the minute is for the request's own way. */
const shortestMs = 31 * 60 * 1000;
const longestMs = 24 * 3600 * 1000;

/**
 * When the session ends, in seconds; undefined leaves it to Stripe, which takes a day. It depends on the hold alone, not on
 * the minute of asking: a request sent again must be the same request, or its idempotency key refuses it. A hold that is
 * still running lies in the future, so its end plus Stripe's shortest time is always long enough.
 */
export function sessionEnd(holdExpiresAt: string | null, nowMs: number): number | undefined {
	if (holdExpiresAt === null) return undefined;
	const end = Date.parse(holdExpiresAt) + shortestMs;
	return end < nowMs + longestMs ? Math.ceil(end / 1000) : undefined;
}

/** The address on the site to which the payer returns. */
export function returnAddress(siteUrl: string, path: string, outcome: 'success' | 'cancelled'): string {
	const target = new URL(path, siteUrl);
	target.searchParams.set('payment', outcome);
	return target.href;
}

/**
 * What Stripe is asked for, the same whoever asks and when: a payment has one page. Checkout does not know Arabic: French is
 * what its readers here share.
 */
export function sessionParameters(
	payment: Payment,
	{ siteUrl, nowMs }: { siteUrl: string; nowMs: number }
): Stripe.Checkout.SessionCreateParams {
	const end = sessionEnd(payment.hold_expires_at, nowMs);
	const metadata = { booking_id: payment.booking_id, payment_id: payment.payment_id };
	return {
		mode: 'payment',
		client_reference_id: payment.reference,
		...(payment.customer_email ? { customer_email: payment.customer_email } : {}),
		...(end === undefined ? {} : { expires_at: end }),
		line_items: [
			{
				quantity: 1,
				price_data: {
					currency: payment.currency.toLowerCase(),
					unit_amount: payment.amount_minor,
					product_data: { name: payment.description }
				}
			}
		],
		locale: payment.language === 'en' ? 'en' : 'fr',
		metadata,
		payment_intent_data: { description: payment.reference, metadata },
		submit_type: 'book',
		success_url: returnAddress(siteUrl, payment.return_path, 'success'),
		cancel_url: returnAddress(siteUrl, payment.return_path, 'cancelled')
	};
}
