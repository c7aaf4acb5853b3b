import { error, redirect } from '@sveltejs/kit';
import { idOf, requireStaff } from '#lib/administration/guard.server.ts';
import { documentDownload, readVerification } from '#lib/administration/queries.ts';
import { orError } from '#lib/http/refused.server.ts';
import type { RequestHandler } from './$types';

/** A document as a file: leads to an address made for this moment, as those on the page are soon void. */
export const GET: RequestHandler = async (event) => {
	await requireStaff(event, 'providers.verify');
	const { supabase } = event.locals;
	const verification = await orError(readVerification(supabase, idOf(event.params.id)));
	if (!verification) error(404, 'not_found');
	const address = await orError(documentDownload(supabase, verification.provider_id, idOf(event.params.documentId)));
	if (!address) error(404, 'not_found');
	redirect(303, address, { external: true });
};
