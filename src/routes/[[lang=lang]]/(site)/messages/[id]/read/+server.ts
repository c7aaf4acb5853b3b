import { orError } from '#lib/http/refused.server.ts';
import { markRead } from '#lib/messaging/commands.ts';
import type { RequestHandler } from './$types';

/** Remembers that the reader has seen the conversation up to now. */
export const POST: RequestHandler = async ({ locals, params }) => {
	await orError(markRead(locals.supabase, params.id));
	return new Response(null, { status: 204 });
};
