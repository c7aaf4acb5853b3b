import { error } from '@sveltejs/kit';
import { idOf, requireStaff } from '#lib/administration/guard.server.ts';
import { documentFile, readVerification } from '#lib/administration/queries.ts';
import { orError } from '#lib/http/refused.server.ts';
import type { RequestHandler } from './$types';

/** A document as a file, which the log keeps: to download, and as a picture on the page of its verification. */
export const GET: RequestHandler = async (event) => {
	await requireStaff(event, 'providers.verify');
	const { supabase } = event.locals;
	const verification = await orError(readVerification(supabase, idOf(event.params.id)));
	if (!verification) error(404, 'not_found');
	const file = await orError(documentFile(supabase, verification.provider_id, idOf(event.params.documentId)));
	return file ?? error(404, 'not_found');
};
