import { withSupabase } from '@supabase/server';
import type Stripe from 'stripe';
import { z } from 'zod';
import { call, callerOf, DatabaseError, failure } from '../_shared/database.ts';
import { stripeClient } from '../_shared/stripe.ts';
import { sessionParameters } from './session.ts';
import type { Payment } from './session.ts';

const input = z.object({
	booking_id: z.uuid(),
	manage_token: z.string().max(200).nullish(),
	language: z.enum(['fr', 'ar', 'en']).default('fr'),
	return_to: z.string().max(500).optional()
});

async function read(request: Request): Promise<z.infer<typeof input>> {
	const parsed = input.safeParse(await request.json().catch(() => null));
	if (parsed.success) return parsed.data;
	throw new DatabaseError(422, 'invalid_input', parsed.error.issues[0]?.path.join('.') || 'body');
}

/** The session of an earlier attempt, if it can still be paid. Raises when it is paid and only the news is on its way. */
async function openSession(stripe: Stripe, id: string | null): Promise<Stripe.Checkout.Session | undefined> {
	if (!id) return undefined;
	const session = await stripe.checkout.sessions.retrieve(id);
	if (session.status === 'complete') throw new DatabaseError(409, 'invalid_transition', 'invalid_transition');
	return session.status === 'open' ? session : undefined;
}

/** The idempotency key of a payment and of what else its request depends on. */
async function requestKey(paymentId: string, parts: unknown[]): Promise<string> {
	const digest = await crypto.subtle.digest('SHA-256', new TextEncoder().encode(JSON.stringify(parts)));
	return `${paymentId}:${Array.from(new Uint8Array(digest).slice(0, 12), (byte) => byte.toString(16).padStart(2, '0')).join('')}`;
}

/**
 * Begins the payment of a booking: `{booking_id, manage_token?, language, return_to}` → `{url}` of Stripe's page.
 * Guests pay too, so any caller with the publishable key may ask; whether this one may pay this booking, `begin_payment`
 * decides with the caller's own rights.
 */
export default {
	fetch: withSupabase({ auth: ['user', 'publishable'] }, async (request, context) => {
		try {
			if (request.method !== 'POST')
				return Response.json({ code: 'method_not_allowed', message: 'POST only' }, { status: 405 });
			const { booking_id, manage_token, language, return_to: returnTo } = await read(request);
			const siteUrl = Deno.env.get('SITE_URL');
			if (!siteUrl) throw new Error('SITE_URL is not set');
			const rows = await call<Payment | Payment[]>(
				context.supabase,
				'begin_payment',
				{ booking_id, manage_token: manage_token ?? null },
				callerOf(request)
			);
			const payment = Array.isArray(rows) ? rows[0] : rows;
			if (!payment) throw new DatabaseError(404, 'not_found', 'not_found');

			const stripe = stripeClient();
			const open = await openSession(stripe, payment.stripe_session_id);
			if (open) return Response.json({ url: open.url });
			// Asked again, the same payment gets the same session; one that has ended makes room for the next.
			const session = await stripe.checkout.sessions.create(
				sessionParameters(payment, { siteUrl, language, returnTo, nowMs: Date.now() }),
				{ idempotencyKey: await requestKey(payment.payment_id, [payment.stripe_session_id, language, returnTo]) }
			);
			await call(context.supabaseAdmin, 'attach_checkout', { payment_id: payment.payment_id, session_id: session.id });
			return Response.json({ url: session.url });
		} catch (error) {
			return failure(error);
		}
	})
};
