import { redirect } from '@sveltejs/kit';
import type { RequestEvent } from '@sveltejs/kit';
import { z } from 'zod';
import { readForm } from '#lib/form/form.server.ts';
import { say } from '#lib/form/schema.ts';
import { orRefuse } from '#lib/http/refused.server.ts';
import { checkout } from '#lib/payments/commands.ts';
import { Refusal } from '#lib/supabase/refusal.ts';
import { acceptOffer } from '#lib/waitlist/commands.ts';
import { cancel } from './commands.ts';
import { get } from './queries.ts';

type Key = { id: string } | { token: string };

const cancelSchema = z.object({
	reason: z.string().trim().max(500, say('errors.field.too_long')).default(''),
	/** what the customer was shown to come back, in minor units; nothing where a hold is let go that is not paid for */
	refund: z.coerce.number().int().min(0).optional()
});

/** What a customer may do on a booking's page, for an account by id and for a guest by token. */
export function bookingActions<Event extends RequestEvent>(
	keyOf: (event: Event) => Key,
	pageOf: (event: Event) => string
) {
	return {
		/** Leads to the checkout page of the deposit. */
		pay: async (event: Event) => {
			const { supabase, language } = event.locals;
			const form = await readForm(event.request, z.object({}));
			if (!form.ok) return form.failure;
			const key = keyOf(event);
			let address: string;
			try {
				const { id } = await get(supabase, key);
				address = await checkout(supabase, {
					bookingId: id,
					token: 'token' in key ? key.token : undefined,
					language
				});
			} catch (failure) {
				if (!(failure instanceof Refusal)) throw failure;
				return form.refuse(failure.error.status, failure.error.key);
			}
			redirect(303, address, { external: true });
		},
		/** Takes a place that was offered to one who waited. */
		accept: async (event: Event) => {
			const form = await readForm(event.request, z.object({}));
			if (!form.ok) return form.failure;
			return (
				(await orRefuse(form.refuse, acceptOffer(event.locals.supabase, keyOf(event)))) ?? redirect(303, pageOf(event))
			);
		},
		cancel: async (event: Event) => {
			const form = await readForm(event.request, cancelSchema);
			if (!form.ok) return form.failure;
			const { reason, refund: expectedRefund } = form.data;
			return (
				(await orRefuse(form.refuse, cancel(event.locals.supabase, keyOf(event), { reason, expectedRefund }))) ??
				redirect(303, pageOf(event))
			);
		}
	};
}
