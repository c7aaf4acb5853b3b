import { redirect } from '@sveltejs/kit';
import { evenly, hold, noteSession } from '#lib/accounts/attempts.server.ts';
import { nextOf } from '#lib/accounts/guard.server.ts';
import { authProblem } from '#lib/accounts/problems.ts';
import { signInSchema } from '#lib/accounts/schema.ts';
import { readForm } from '#lib/form/form.server.ts';
import { signInProblems } from '#lib/routes.ts';

export const load = async (event) => {
	const { searchParams } = event.url;
	const problem = signInProblems.find((name) => name === searchParams.get('problem')) ?? null;
	// Who is signed in has no business here but to be told that a link was spent.
	if (!problem && (await event.locals.getClaims())) redirect(303, nextOf(event));
	return { next: searchParams.get('next'), problem };
};

export const actions = {
	default: async (event) => {
		const form = await readForm(event.request, signInSchema);
		if (!form.ok) return form.failure;

		const { email, password, captcha: captchaToken } = form.data;
		const { supabase } = event.locals;
		const { auth } = supabase;
		const next = nextOf(event);
		const held = await hold(event, 'attempt_sign_in', email);
		if (held) return form.refuse(held.status, held.key, undefined, held.details);

		const begun = Date.now();
		const { error } = await auth.signInWithPassword({ email, password, options: { captchaToken } });
		if (error) {
			await evenly(begun, 500);
			// Of a suspended account Auth says so before it looks at the password, and one whose address nobody has proven has no
			// password here, whatever was typed to Auth: neither must tell strangers of an account.
			const { status, key, field } = authProblem(
				['user_banned', 'email_not_confirmed'].includes(error.code ?? '') ? { code: 'invalid_credentials' } : error
			);
			return form.refuse(status, key, field);
		}
		await noteSession(event);
		redirect(303, next);
	}
};
