import { requireStaff } from '#lib/administration/guard.server.ts';
import { countAccounts, countProviders, openFindings, startRequests } from '#lib/administration/queries.ts';
import { orError } from '#lib/http/refused.server.ts';
import type { One } from '#lib/supabase/lists.ts';
import { localText } from '#lib/time/zone.ts';
import type { PageServerLoad } from './$types';

export const load: PageServerLoad = async (event) => {
	const { permissions } = await requireStaff(event);
	const { supabase } = event.locals;
	const providers = (status: One<'provider_status'>) =>
		permissions.includes('providers.read') ? countProviders(supabase, status) : null;
	const [requests, findings, accounts, published, draft, suspended] = await orError(
		Promise.all([
			permissions.includes('providers.verify') ? startRequests(supabase) : null,
			permissions.includes('health.read') ? openFindings(supabase) : null,
			permissions.includes('accounts.read') ? countAccounts(supabase) : null,
			providers('published'),
			providers('draft'),
			providers('suspended')
		])
	);
	const { waiting } = await event.parent();
	return {
		oldest: waiting?.oldest ? localText(waiting.oldest) : null,
		requests: requests?.total ?? 0,
		findings: findings && {
			total: findings.total,
			rows: findings.rows.map((row) => ({ ...row, found_at: localText(row.found_at) }))
		},
		figures: { accounts, published, draft, suspended }
	};
};
