import { requireStaff } from '#lib/administration/guard.server.ts';
import { listAccounts } from '#lib/administration/queries.ts';
import { accountListSchema } from '#lib/administration/schema.ts';
import { orError } from '#lib/http/refused.server.ts';
import { listOf } from '#lib/list/schema.ts';
import { localText } from '#lib/time/zone.ts';
import type { PageServerLoad } from './$types';

export const load: PageServerLoad = async (event) => {
	await requireStaff(event, 'accounts.read');
	const filter = listOf(accountListSchema, event.url);
	const { rows, next } = await orError(listAccounts(event.locals.supabase, filter));
	return {
		q: filter.q,
		next,
		accounts: rows.map(({ id, full_name, email, roles, suspended, created_at }) => ({
			...{ id, full_name, email, roles, suspended },
			joined: localText(created_at)
		}))
	};
};
