import { accountOf } from '#lib/accounts/claims.ts';
import { isStaff } from '#lib/administration/queries.ts';
import { countUnread } from '#lib/notifications/queries.ts';
import { worksSomewhere } from '#lib/onboarding/queries.ts';
import { Refusal } from '#lib/supabase/refusal.ts';

export const load = async ({ locals, depends }) => {
	const claims = await locals.getClaims();
	const visitor = { theme: locals.theme, account: null, unread: 0, provides: false, staff: false };
	if (!claims) return visitor;
	depends('app:notifications');
	// No page is worth failing for its header; a failure is logged.
	const [unread, provides, staff] = await Promise.all([
		countUnread(locals.supabase).catch((failure: unknown) =>
			failure instanceof Refusal && failure.error.code === 'second_factor_required' ? null : 0
		),
		worksSomewhere(locals.supabase, claims.sub).catch(() => true),
		isStaff(locals.supabase, claims.sub).catch(() => false)
	]);
	// Who has yet to give the second factor may see nothing of the account, and must not connect to its live topics.
	if (unread === null) return visitor;
	return { theme: locals.theme, account: accountOf(claims), unread, provides, staff };
};
