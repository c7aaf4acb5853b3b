import { requireAccount } from '#lib/accounts/guard.server.ts';
import { memberships } from '#lib/catalogue/queries.ts';
import type { LayoutServerLoad } from './$types';

export const load: LayoutServerLoad = async (event) => {
	const account = await requireAccount(event);
	const mine = await memberships(event.locals.supabase, account.id);
	const wanted = event.url.searchParams.get('provider');
	return {
		memberships: mine,
		membership: mine.find(({ provider }) => provider.slug === wanted) ?? mine.at(0) ?? null
	};
};
