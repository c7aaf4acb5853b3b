import { redirect } from '@sveltejs/kit';
import type { RequestEvent } from '@sveltejs/kit';
import { z } from 'zod';
import { noteSession } from '#lib/accounts/attempts.server.ts';
import { accountOf } from '#lib/accounts/claims.ts';
import { linkOf } from '#lib/accounts/mail-link.ts';
import { authProblem } from '#lib/accounts/problems.ts';
import { lacksPassword, readMailLink } from '#lib/accounts/queries.ts';
import { readForm } from '#lib/form/form.server.ts';
import { orError } from '#lib/http/refused.server.ts';
import { backTo, routesIn, safeNext } from '#lib/routes.ts';

/** The link that was opened, whose it is, and who is signed in meanwhile. Leads to signing in where it is good no more. */
async function opened({ url, locals }: RequestEvent) {
	const to = routesIn(locals.language);
	const link = linkOf(url);
	const about = link && (await orError(readMailLink(locals.supabase, link.token_hash)));
	if (!link || !about) redirect(303, to.signInProblem('link_expired'));
	const claims = await locals.getClaims();
	const other = claims && claims.sub !== about.account ? accountOf(claims).email : null;
	// Whose address changes must be there: else a stranger's account could be given one by its owner's unwitting click.
	const absent = link.type === 'email_change' && claims?.sub !== about.account;
	return { to, link, email: about.email, other, absent };
}

export const load = async (event) => {
	event.setHeaders({ 'cache-control': 'private, no-store', 'referrer-policy': 'same-origin' });
	const { to, email, other, absent, link } = await opened(event);
	return { email, other, absent, change: link.type === 'email_change', signIn: to.signIn(backTo(event.url)) };
};

export const actions = {
	/** Spends the link: only a person does that. One that could not be asked about now is there for another try. */
	default: async (event) => {
		const form = await readForm(event.request, z.object({}));
		if (!form.ok) return form.failure;
		const { to, link, other, absent } = await opened(event);
		if (absent) redirect(303, to.signIn(backTo(event.url)));
		const { supabase } = event.locals;
		if (other) await supabase.auth.signOut({ scope: 'local' });
		const { data, error } = await supabase.auth.verifyOtp({ token_hash: link.token_hash, type: link.type });
		if (error) {
			if (error.code === 'user_banned') redirect(303, to.signInProblem('suspended'));
			const { status, key } = authProblem(error);
			if (key === 'errors.auth.link_expired') redirect(303, to.signInProblem('link_expired'));
			return form.refuse(status, key);
		}
		// A change of address needs the consent of both.
		if (link.type === 'email_change' && !data.session) redirect(303, to.security('email_half'));
		await noteSession(event);
		const next = safeNext(link.next, event.url.origin) ?? to.home();
		if (await lacksPassword(supabase)) redirect(303, to.welcome(link.type === 'recovery' ? to.home() : next));
		redirect(303, link.type === 'recovery' ? to.resetPassword() : next);
	}
};
