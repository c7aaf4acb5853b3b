import { listAudit } from '#lib/administration/audit.ts';
import { requireStaff } from '#lib/administration/guard.server.ts';
import { auditListSchema, mistypedIds } from '#lib/administration/schema.ts';
import { orError } from '#lib/http/refused.server.ts';
import { listOf } from '#lib/list/schema.ts';
import type { PageServerLoad } from './$types';

export const load: PageServerLoad = async (event) => {
	await requireStaff(event, 'audit.read');
	const { after, ...filter } = listOf(auditListSchema, event.url);
	const { rows, next } = await orError(listAudit(event.locals.supabase, { ...filter, after }));
	const mistyped = mistypedIds(event.url);
	return {
		filter,
		/** what is in those fields that must be ids and are none */
		mistyped: Object.fromEntries(mistyped.map((name) => [name, event.url.searchParams.get(name)!])),
		entries: rows,
		next
	};
};
