import { withSupabase } from '@supabase/server';
import type Stripe from 'stripe';
import { call, failure } from '../_shared/database.ts';
import { stripeClient, verifiedEvent } from '../_shared/stripe.ts';
import { trimmed } from './event.ts';

/**
 * Takes Stripe's events. The signature is the caller's only credential: a forged, stale or missing one is 400. The database
 * function is idempotent, so an event that comes again changes nothing; when it fails, 500 makes Stripe send it again.
 */
export default {
	fetch: withSupabase({ auth: 'none', cors: 'disabled' }, async (request, context) => {
		try {
			if (request.method !== 'POST')
				return Response.json({ code: 'method_not_allowed', message: 'POST only' }, { status: 405 });
			const secret = Deno.env.get('STRIPE_WEBHOOK_SECRET');
			if (!secret) throw new Error('STRIPE_WEBHOOK_SECRET is not set');
			const stripe = stripeClient();
			let event: Stripe.Event;
			try {
				event = await verifiedEvent(stripe, await request.text(), request.headers.get('stripe-signature'), secret);
			} catch {
				return Response.json({ code: 'invalid_signature', message: 'The signature does not match.' }, { status: 400 });
			}
			await call(context.supabaseAdmin, 'apply_stripe_event', { event: trimmed(event) });
			return Response.json({ received: true });
		} catch (error) {
			// Whatever went wrong in here is not the event's fault: only 5xx has it sent again.
			const answer = failure(error);
			return answer.status >= 500 ? answer : new Response(answer.body, { status: 500, headers: answer.headers });
		}
	})
};
