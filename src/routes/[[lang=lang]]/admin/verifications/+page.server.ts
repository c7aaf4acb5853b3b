import { requireStaff } from '#lib/administration/guard.server.ts';
import { listWaiting } from '#lib/administration/queries.ts';
import { verificationListSchema } from '#lib/administration/schema.ts';
import { orError } from '#lib/http/refused.server.ts';
import { listOf } from '#lib/list/schema.ts';
import { localText } from '#lib/time/zone.ts';
import type { PageServerLoad } from './$types';

export const load: PageServerLoad = async (event) => {
	await requireStaff(event, 'providers.verify');
	const { after } = listOf(verificationListSchema, event.url);
	const { rows, next } = await orError(listWaiting(event.locals.supabase, after));
	return { next, requests: rows.map((row) => ({ ...row, since: localText(row.created_at) })) };
};
