import { redirect } from '@sveltejs/kit';
import type { RequestEvent } from '@sveltejs/kit';
import { routesIn, safeNext } from '#lib/routes.ts';
import { accountOf } from './claims.ts';
import type { Account } from './claims.ts';

/** The account of a page that needs one; a visitor is led to sign in and back. */
export async function requireAccount({ locals, url }: Pick<RequestEvent, 'locals' | 'url'>): Promise<Account> {
	const claims = await locals.getClaims();
	if (!claims) redirect(303, routesIn(locals.language).signIn(url.pathname + url.search));
	return accountOf(claims);
}

/** Where a person goes once signed in: back to where they were stopped, or home. */
export function nextOf({ locals, url }: Pick<RequestEvent, 'locals' | 'url'>): string {
	return safeNext(url.searchParams.get('next'), url.origin) ?? routesIn(locals.language).home();
}
