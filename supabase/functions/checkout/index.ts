import { withSupabase } from '@supabase/server';
import { z } from 'zod';
import { call, callerOf, DatabaseError, failure } from '../_shared/database.ts';
import { language } from '../_shared/lists.ts';
import { stripeClient } from '../_shared/stripe.ts';
import { pageOf } from './page.ts';
import type { Payment } from './session.ts';

const input = z.object({
	booking_id: z.uuid(),
	manage_token: z.string().max(200).nullish(),
	/** of the page, where there is none yet */
	language: z.enum(language).default('fr')
});

async function read(request: Request): Promise<z.infer<typeof input>> {
	const parsed = input.safeParse(await request.json().catch(() => null));
	if (parsed.success) return parsed.data;
	throw new DatabaseError(422, 'invalid_input', parsed.error.issues[0]?.path.join('.') || 'body');
}

/**
 * Begins the payment of a booking: `{booking_id, manage_token?, language}` → `{url}` of Stripe's page, from which the payer
 * comes back to the booking's own page. Guests pay too, so any caller with the publishable key may ask; whether this one may
 * pay this booking, `begin_payment` decides with the caller's own rights.
 */
export default {
	fetch: withSupabase({ auth: ['user', 'publishable'] }, async (request, context) => {
		try {
			if (request.method !== 'POST')
				return Response.json({ code: 'method_not_allowed', message: 'POST only' }, { status: 405 });
			const { booking_id, manage_token, language } = await read(request);
			const siteUrl = Deno.env.get('SITE_URL');
			if (!siteUrl) throw new Error('SITE_URL is not set');
			const url = await pageOf(
				stripeClient(),
				{
					begin: async () => {
						const rows = await call<Payment | Payment[]>(
							context.supabase,
							'begin_payment',
							{ booking_id, manage_token: manage_token ?? null, language },
							callerOf(request)
						);
						const payment = Array.isArray(rows) ? rows[0] : rows;
						if (!payment) throw new DatabaseError(404, 'not_found', 'not_found');
						return payment;
					},
					attach: (payment_id, session_id) =>
						call<boolean>(context.supabaseAdmin, 'attach_checkout', { payment_id, session_id }),
					closed: (payment_id) => call<void>(context.supabaseAdmin, 'page_closed', { payment_id })
				},
				siteUrl
			);
			return Response.json({ url });
		} catch (error) {
			return failure(error);
		}
	})
};
