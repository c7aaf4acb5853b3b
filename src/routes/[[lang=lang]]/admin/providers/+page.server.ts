import { requireStaff } from '#lib/administration/guard.server.ts';
import { listProviders } from '#lib/administration/queries.ts';
import { providerListSchema } from '#lib/administration/schema.ts';
import { orError } from '#lib/http/refused.server.ts';
import { listOf } from '#lib/list/schema.ts';
import { localText } from '#lib/time/zone.ts';
import type { PageServerLoad } from './$types';

export const load: PageServerLoad = async (event) => {
	await requireStaff(event, 'providers.read');
	const { q, status, after } = listOf(providerListSchema, event.url);
	const { rows, next } = await orError(listProviders(event.locals.supabase, { q, status, after }));
	return { q, status, next, providers: rows.map((row) => ({ ...row, created: localText(row.created_at) })) };
};
