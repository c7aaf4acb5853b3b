import Stripe from 'stripe';

/** An order to give money back, as `claim_refunds` hands it out. */
export interface ClaimedRefund {
	id: string;
	payment_intent: string;
	/** in the currency's smallest unit */
	amount_minor: number;
	reason: string | null;
	/** Stripe's id of it, where it was asked before */
	stripe_refund_id: string | null;
}

/** What `finish_refund` is told. */
export interface Outcome {
	/** null where Stripe has no such refund */
	stripe_refund_id: string | null;
	/** Stripe's status of the refund; without an id `refused`, or `retry` when it could not be asked */
	status: string;
	/** Stripe's code */
	error: string | null;
}

const stripeReasons = ['duplicate', 'fraudulent', 'requested_by_customer'] as const;

/**
 * The refund that Stripe has made of an order already, for whose sake it is looked through before it is asked. One of another
 * sum is not it, whatever it carries.
 */
async function madeBefore(stripe: Stripe, order: ClaimedRefund): Promise<Stripe.Refund | undefined> {
	if (order.stripe_refund_id) return await stripe.refunds.retrieve(order.stripe_refund_id);
	for await (const made of stripe.refunds.list({ payment_intent: order.payment_intent, limit: 100 }))
		if (made.metadata?.refund_id === order.id && made.amount === order.amount_minor) return made;
	return undefined;
}

/**
 * Gives one amount back, once: Stripe keeps an idempotency key for a day, and this may be asked again for days, so that what it
 * has made is looked for first.
 */
export async function refund(stripe: Stripe, order: ClaimedRefund): Promise<Outcome> {
	const { id, payment_intent, amount_minor, reason } = order;
	try {
		const made =
			(await madeBefore(stripe, order)) ??
			(await stripe.refunds.create(
				{
					payment_intent,
					amount: amount_minor,
					reason: stripeReasons.find((known) => known === reason) ?? 'requested_by_customer',
					metadata: { refund_id: id }
				},
				{ idempotencyKey: id }
			));
		return { stripe_refund_id: made.id, status: made.status ?? 'pending', error: made.failure_reason ?? null };
	} catch (error) {
		if (!(error instanceof Stripe.errors.StripeError)) throw error;
		const refused = error instanceof Stripe.errors.StripeInvalidRequestError;
		return { stripe_refund_id: null, status: refused ? 'refused' : 'retry', error: error.code ?? error.type };
	}
}
