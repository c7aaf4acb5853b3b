import { error } from '@sveltejs/kit';
import { requireAccount } from '#lib/accounts/guard.server.ts';
import { Refusal } from '#lib/supabase/refusal.ts';
import { download } from '#lib/verification/queries.ts';
import type { RequestHandler } from './$types';

/** A document as a file, for whoever may read it now. */
export const GET: RequestHandler = async (event) => {
	await requireAccount(event);
	try {
		return await download(event.locals.supabase, event.params.id);
	} catch (failure) {
		if (failure instanceof Refusal) error(failure.error.code === 'invalid_input' ? 404 : failure.error.status);
		throw failure;
	}
};
