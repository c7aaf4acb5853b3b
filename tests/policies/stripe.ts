import { randomUUID } from 'node:crypto';
import type Stripe from 'stripe';
import { trimmed } from '../../supabase/functions/stripe-webhook/event.ts';
import type { PaymentEvent } from '../../supabase/functions/stripe-webhook/event.ts';

/**
 * An event about an object of Stripe's API as it comes over the wire, gone through the code that the webhook's function has:
 * what a test tells the database is what the function would.
 */
export function event(type: string, object: object, created = Math.floor(Date.now() / 1000)): PaymentEvent {
	return trimmed({ id: `evt_${randomUUID()}`, type, created, data: { object } } as unknown as Stripe.Event);
}

/** A paid checkout of a payment, by default of the deposit of 75 MAD that the plumber asks. */
export function paid(payment: string, more: Partial<Stripe.Checkout.Session> = {}): PaymentEvent {
	return event('checkout.session.completed', {
		id: `cs_${payment}`,
		object: 'checkout.session',
		status: 'complete',
		payment_status: 'paid',
		amount_total: 7500,
		currency: 'mad',
		payment_intent: `pi_${payment}`,
		metadata: { payment_id: payment },
		...more
	});
}

/** What Stripe says of a refund: by default one of the whole deposit, made in its dashboard. */
export function refund(payment: string, more: Partial<Stripe.Refund>, type = 'refund.created'): PaymentEvent {
	return event(type, {
		id: `re_${randomUUID()}`,
		object: 'refund',
		amount: 7500,
		currency: 'mad',
		payment_intent: `pi_${payment}`,
		status: 'succeeded',
		metadata: {},
		...more
	});
}

/** What Stripe says of a disputed charge. */
export function dispute(payment: string, id: string, what: string, more: Partial<Stripe.Dispute> = {}): PaymentEvent {
	return event(`charge.dispute.${what}`, {
		id,
		object: 'dispute',
		amount: 7500,
		currency: 'mad',
		payment_intent: `pi_${payment}`,
		status: what === 'closed' ? 'won' : 'needs_response',
		metadata: {},
		...more
	});
}
