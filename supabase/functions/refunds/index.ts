import { withSupabase } from '@supabase/server';
import Stripe from 'stripe';
import { call, failure } from '../_shared/database.ts';
import { closePage, stripeClient } from '../_shared/stripe.ts';
import { refund } from './refund.ts';
import type { ClaimedRefund } from './refund.ts';

interface ClaimedPage {
	payment_id: string;
	session_id: string;
}

/**
 * The worker that carries out what the database orders of Stripe: closes pages that nobody is to pay any more, and gives money
 * back. Claims what is due, ten at a time, and notes what came of each. Secret key only.
 */
export default {
	fetch: withSupabase({ auth: 'secret' }, async (_request, context) => {
		try {
			const stripe = stripeClient();
			const pages = await call<ClaimedPage[] | null>(context.supabaseAdmin, 'claim_pages', { batch: 10 });
			for (const { payment_id, session_id } of pages ?? []) {
				try {
					await closePage(stripe, session_id);
					await call(context.supabaseAdmin, 'page_closed', { payment_id });
				} catch (error) {
					// Claimed again in five minutes; whoever pays until then is paid back.
					if (!(error instanceof Stripe.errors.StripeError)) throw error;
				}
			}
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
