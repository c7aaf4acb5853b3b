import { error } from '@sveltejs/kit';
import { markRead } from '#lib/messaging/commands.ts';
import { Refusal } from '#lib/supabase/refusal.ts';
import type { RequestHandler } from './$types';

/** Remembers that the reader has seen the conversation up to now. */
export const POST: RequestHandler = async ({ locals, params }) => {
	try {
		await markRead(locals.supabase, params.id);
	} catch (failure) {
		if (failure instanceof Refusal) error(failure.error.status, failure.error.code);
		throw failure;
	}
	return new Response(null, { status: 204 });
};
