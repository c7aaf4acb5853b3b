import { accountOf } from '#lib/accounts/claims.ts';
import { countUnread } from '#lib/notifications/queries.ts';

export const load = async ({ locals, depends }) => {
	const claims = await locals.getClaims();
	if (!claims) return { theme: locals.theme, account: null, unread: 0 };
	depends('app:notifications');
	return {
		theme: locals.theme,
		account: accountOf(claims),
		// No page is worth failing for its bell; the failure is logged.
		unread: await countUnread(locals.supabase).catch(() => 0)
	};
};
