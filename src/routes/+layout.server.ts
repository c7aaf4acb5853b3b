import { accountOf } from '#lib/accounts/claims.ts';
import { isStaff } from '#lib/administration/queries.ts';
import { countUnread } from '#lib/notifications/queries.ts';
import { worksSomewhere } from '#lib/onboarding/queries.ts';

export const load = async ({ locals, depends }) => {
	const claims = await locals.getClaims();
	if (!claims) return { theme: locals.theme, account: null, unread: 0, provides: false, staff: false };
	depends('app:notifications');
	// No page is worth failing for its header; a failure is logged.
	const [unread, provides, staff] = await Promise.all([
		countUnread(locals.supabase).catch(() => 0),
		worksSomewhere(locals.supabase, claims.sub).catch(() => true),
		isStaff(locals.supabase, claims.sub).catch(() => false)
	]);
	return { theme: locals.theme, account: accountOf(claims), unread, provides, staff };
};
