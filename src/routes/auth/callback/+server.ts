import { redirect } from '@sveltejs/kit';
import { noteSession } from '#lib/accounts/attempts.server.ts';
import { settleExternal } from '#lib/accounts/commands.ts';
import { externalProblem } from '#lib/accounts/problems.ts';
import { languageOfPath } from '#lib/i18n/languages.ts';
import { routesIn, safeNext } from '#lib/routes.ts';

/**
 * Where people come back to from a provider: `code` is traded for a session by the proof in this browser's cookie, `error`
 * leads back to signing in with what went wrong, and `next` is where to go then.
 */
export const GET = async (event) => {
	const { url, locals, request } = event;
	const { searchParams } = url;
	const next = safeNext(searchParams.get('next'), url.origin) ?? '/';
	const language = languageOfPath(next);
	const to = routesIn(language);
	const back = async (reason: Parameters<typeof externalProblem>[0]): Promise<never> => {
		// Who is signed in was about to link one more way of signing in.
		if (await locals.getClaims()) redirect(303, to.security('method_not_linked'));
		redirect(303, to.signInProblem(externalProblem(reason), next));
	};

	if (request.method === 'HEAD') return new Response(null);
	const code = searchParams.get('code');
	if (!code) return back({ error: searchParams.get('error'), code: searchParams.get('error_code') });
	const { data, error } = await locals.supabase.auth.exchangeCodeForSession(code);
	if (error) return back({ error: null, code: error.code ?? null });
	// Whoever is signed in stays so, whatever becomes of the name.
	await settleExternal(locals.supabase, data.user, language).catch((error: { code?: string }) =>
		console.error(JSON.stringify({ event: 'profile_not_settled', code: error.code ?? null }))
	);
	await noteSession(event);
	redirect(303, next);
};
