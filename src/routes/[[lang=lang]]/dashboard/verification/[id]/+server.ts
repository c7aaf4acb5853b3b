import { error, redirect } from '@sveltejs/kit';
import { requireAccount } from '#lib/accounts/guard.server.ts';
import { Refusal } from '#lib/supabase/refusal.ts';
import { addressOf } from '#lib/verification/queries.ts';
import type { RequestHandler } from './$types';

/** Leads to a document by an address that works for a minute, for whoever may read it. */
export const GET: RequestHandler = async (event) => {
	await requireAccount(event);
	let address: string;
	try {
		address = await addressOf(event.locals.supabase, event.params.id);
	} catch (failure) {
		if (failure instanceof Refusal) error(failure.error.code === 'invalid_input' ? 404 : failure.error.status);
		throw failure;
	}
	event.setHeaders({ 'cache-control': 'no-store' });
	redirect(303, address, { external: true });
};
