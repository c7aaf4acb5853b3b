import { redirect } from '@sveltejs/kit';
import type { RequestEvent } from '@sveltejs/kit';
import { backTo, routesIn, safeNext } from '#lib/routes.ts';
import type { Barrier } from '#lib/supabase/session.server.ts';
import { accountOf } from './claims.ts';
import type { Account } from './claims.ts';

/** The account of a page that needs one; a visitor is led to sign in and back. */
export async function requireAccount({ locals, url }: Pick<RequestEvent, 'locals' | 'url'>): Promise<Account> {
	const claims = await locals.getClaims();
	if (!claims) redirect(303, routesIn(locals.language).signIn(backTo(url)));
	return accountOf(claims);
}

/** Where a person goes once signed in: back to where they were stopped, or home. */
export function nextOf({ locals, url }: Pick<RequestEvent, 'locals' | 'url'>): string {
	return safeNext(url.searchParams.get('next'), url.origin) ?? routesIn(locals.language).home();
}

/**
 * Leads a person to where they pass a barrier that the database put up, and back: to signing in where their session has
 * ended, to the second factor where that is asked for. The page of the second factor itself stays.
 */
export function passBarrier(event: RequestEvent, barrier: Barrier): void {
	const to = routesIn(event.locals.language);
	const back = backTo(event.url);
	if (barrier === 'session_ended') redirect(303, to.signIn(back));
	if (event.url.pathname !== to.twoFactor()) redirect(303, to.twoFactor(back));
}
