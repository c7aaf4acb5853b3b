import { redirect } from '@sveltejs/kit';
import { settleExternal } from '#lib/accounts/commands.ts';
import { externalProblem } from '#lib/accounts/problems.ts';
import { languageOfPath } from '#lib/i18n/languages.ts';
import { routesIn, safeNext } from '#lib/routes.ts';

/**
 * Where people come back to from a provider: `code` is traded for a session by the proof in this browser's cookie, `error`
 * leads back to signing in with what went wrong, and `next` is where to go then.
 */
export const GET = async ({ url, locals, request }) => {
	const { searchParams } = url;
	const next = safeNext(searchParams.get('next'), url.origin) ?? '/';
	const language = languageOfPath(next);
	const back = (reason: Parameters<typeof externalProblem>[0]) =>
		redirect(303, routesIn(language).signInProblem(externalProblem(reason), next));

	if (request.method === 'HEAD') return new Response(null);
	const code = searchParams.get('code');
	if (!code) back({ error: searchParams.get('error'), code: searchParams.get('error_code') });
	const { data, error } = await locals.supabase.auth.exchangeCodeForSession(code!);
	if (error) back({ error: null, code: error.code ?? null });
	// Whoever is signed in stays so, whatever becomes of the name.
	await settleExternal(locals.supabase, data.user!, language).catch((error: { code?: string }) =>
		console.error(JSON.stringify({ event: 'profile_not_settled', code: error.code ?? null }))
	);
	redirect(303, next);
};
