import { orError } from '#lib/http/refused.server.ts';
import { markBookingRead } from '#lib/notifications/commands.ts';
import type { RequestHandler } from './$types';

/** Remembers that the caller has opened the booking's page, the customer's or the provider's. */
export const POST: RequestHandler = async ({ locals, params }) => {
	await orError(markBookingRead(locals.supabase, params.id));
	return new Response(null, { status: 204 });
};
