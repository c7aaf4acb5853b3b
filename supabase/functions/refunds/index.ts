import { withSupabase } from '@supabase/server';
import Stripe from 'stripe';
import { call, failure } from '../_shared/database.ts';
import { stripeClient } from '../_shared/stripe.ts';

interface ClaimedRefund {
	id: string;
	payment_intent: string;
	/** in the currency's smallest unit */
	amount_minor: number;
	reason: string | null;
}

interface Outcome {
	stripe_refund_id: string | null;
	/** Stripe's status of the refund; `failed` when Stripe refused it, `retry` when it could not be asked */
	status: string;
	/** Stripe's code */
	error: string | null;
}

const stripeReasons = ['duplicate', 'fraudulent', 'requested_by_customer'] as const;

/** Gives one amount back. The refund's own id is the idempotency key: asked twice, Stripe pays once. */
async function refund(stripe: Stripe, { id, payment_intent, amount_minor, reason }: ClaimedRefund): Promise<Outcome> {
	try {
		const made = await stripe.refunds.create(
			{
				payment_intent,
				amount: amount_minor,
				reason: stripeReasons.find((known) => known === reason) ?? 'requested_by_customer',
				metadata: { refund_id: id }
			},
			{ idempotencyKey: id }
		);
		return { stripe_refund_id: made.id, status: made.status ?? 'pending', error: null };
	} catch (error) {
		if (!(error instanceof Stripe.errors.StripeError)) throw error;
		const refused = error instanceof Stripe.errors.StripeInvalidRequestError;
		return { stripe_refund_id: null, status: refused ? 'failed' : 'retry', error: error.code ?? error.type };
	}
}

/** The worker that gives money back: claims what is due, ten at a time, and notes what came of each. Secret key only. */
export default {
	fetch: withSupabase({ auth: 'secret' }, async (_request, context) => {
		try {
			const stripe = stripeClient();
			const claimed = await call<ClaimedRefund[]>(context.supabaseAdmin, 'claim_refunds', { batch: 10 });
			for (const one of claimed) {
				await call(context.supabaseAdmin, 'finish_refund', { refund_id: one.id, ...(await refund(stripe, one)) });
			}
			return Response.json({ refunds: claimed.length });
		} catch (error) {
			return failure(error);
		}
	})
};
