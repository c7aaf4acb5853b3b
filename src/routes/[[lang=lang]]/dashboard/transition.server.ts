import type { RequestEvent } from '@sveltejs/kit';
import { z } from 'zod';
import { requireAccount } from '#lib/accounts/guard.server.ts';
import { bulkMoves } from '#lib/booking/list/choices.ts';
import * as bookings from '#lib/booking/commands.ts';
import { readForm } from '#lib/form/form.server.ts';
import { rowId, say } from '#lib/form/schema.ts';
import { orRefuse } from '#lib/http/refused.server.ts';

const schema = z.object({
	booking_id: rowId,
	to_status: z.enum(bulkMoves, say('errors.invalid_input')),
	reason: z.string().trim().max(500, say('errors.field.too_long')).default('')
});

/** The action of every button that moves a booking along. */
export async function move(event: RequestEvent) {
	await requireAccount(event);
	const form = await readForm(event.request, schema);
	if (!form.ok) return form.failure;
	const refused = await orRefuse(
		form.refuse,
		bookings.transition(event.locals.supabase, form.data.booking_id, form.data.to_status, form.data.reason)
	);
	return refused ?? { moved: form.data.to_status };
}

const completeSchema = z.object({
	booking_id: rowId,
	code: z
		.string()
		.transform((typed) => typed.replace(/\s/g, ''))
		.pipe(z.string().regex(/^[0-9]{6}$/, say('dashboard.complete.wrong')))
});

/** The action that closes a booking by its customer's code. */
export async function complete(event: RequestEvent) {
	await requireAccount(event);
	const form = await readForm(event.request, completeSchema);
	if (!form.ok) return form.failure;
	const completing = bookings.complete(event.locals.supabase, form.data.booking_id, form.data.code);
	const refused = await orRefuse(form.refuse, completing, ({ key, field }) =>
		field ? ['dashboard.complete.wrong', 'code'] : [key]
	);
	return refused ?? { moved: 'completed' as const };
}
