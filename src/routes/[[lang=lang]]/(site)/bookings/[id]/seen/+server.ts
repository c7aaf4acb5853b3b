import { error } from '@sveltejs/kit';
import { markBookingRead } from '#lib/notifications/commands.ts';
import { Refusal } from '#lib/supabase/refusal.ts';
import type { RequestHandler } from './$types';

/** Remembers that the caller has opened the booking's page, the customer's or the provider's. */
export const POST: RequestHandler = async ({ locals, params }) => {
	try {
		await markBookingRead(locals.supabase, params.id);
	} catch (failure) {
		if (failure instanceof Refusal) error(failure.error.status, failure.error.code);
		throw failure;
	}
	return new Response(null, { status: 204 });
};
