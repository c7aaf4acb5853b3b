import type { RequestEvent } from '@sveltejs/kit';
import { requireAccount } from '#lib/accounts/guard.server.ts';
import { memberships } from '#lib/catalogue/queries.ts';

/** For which provider one works here: the one that the address names, or else the first that one joined; null for none. */
export async function membershipOf(event: Pick<RequestEvent, 'locals' | 'url'>) {
	const account = await requireAccount(event);
	const mine = await memberships(event.locals.supabase, account.id);
	const wanted = event.url.searchParams.get('provider');
	return {
		memberships: mine,
		membership: mine.find(({ provider }) => provider.slug === wanted) ?? mine.at(0) ?? null
	};
}
