import { redirect } from '@sveltejs/kit';
import type { EmailOtpType } from '@supabase/supabase-js';
import { noteSession } from '#lib/accounts/commands.ts';
import { languageOfPath } from '#lib/i18n/languages.ts';
import { routesIn, safeNext } from '#lib/routes.ts';

const kinds: readonly string[] = ['signup', 'email', 'recovery', 'invite', 'magiclink', 'email_change'];
const isKind = (value: string | null): value is EmailOtpType => value !== null && kinds.includes(value);

/**
 * Where the links in mails lead: `token_hash` and `type` prove the address, `next` is where to go then. Only a visit
 * spends the link: programs that look ahead with HEAD do not.
 */
export const GET = async ({ url, locals, request }) => {
	const next = safeNext(url.searchParams.get('next'), url.origin);
	const to = routesIn(languageOfPath(next ?? '/'));
	const tokenHash = url.searchParams.get('token_hash');
	const type = url.searchParams.get('type');

	if (request.method === 'HEAD') return new Response(null);
	if (!tokenHash || !isKind(type)) redirect(303, to.signInProblem('link_expired'));
	const { data, error } = await locals.supabase.auth.verifyOtp({ token_hash: tokenHash, type });
	if (error) redirect(303, to.signInProblem('link_expired'));
	// A change of address needs the consent of both.
	if (type === 'email_change' && !data.session) redirect(303, to.security('email_half'));
	await noteSession(locals.supabase, request.headers.get('user-agent'));
	redirect(303, type === 'recovery' ? to.resetPassword() : (next ?? to.home()));
};
