import { error, redirect } from '@sveltejs/kit';
import { methods } from '#lib/accounts/schema.ts';
import { languageOfPath } from '#lib/i18n/languages.ts';
import { endpoints, routesIn, safeNext } from '#lib/routes.ts';

/**
 * Begins to sign in through a provider: keeps the proof that this browser began in a cookie, and leads to the provider's
 * own page. Auth is asked here, so that a provider it does not know or cannot reach ends on our page and not on its.
 */
export const GET = async ({ params, url, locals }) => {
	const provider = methods.find((name) => name === params.provider);
	if (!provider) error(404);
	const next = safeNext(url.searchParams.get('next'), url.origin) ?? '/';
	const failed = routesIn(languageOfPath(next)).signInProblem('failed', next);

	const back = new URL(endpoints.callback, url.origin);
	back.searchParams.set('next', next);
	const begun = await locals.supabase.auth.signInWithOAuth({
		provider,
		options: { redirectTo: back.href, skipBrowserRedirect: true }
	});
	if (begun.error) redirect(303, failed);
	const answer = await fetch(begun.data.url, { redirect: 'manual' }).catch(() => null);
	const page = answer?.headers.get('location');
	if (!page) console.error(JSON.stringify({ event: 'provider_not_reached', provider, status: answer?.status ?? null }));
	redirect(303, page ?? failed, { external: true });
};
