import { redirect } from '@sveltejs/kit';
import { evenly, hold } from '#lib/accounts/attempts.server.ts';
import { nextOf } from '#lib/accounts/guard.server.ts';
import { authProblem, tellsOfAccount } from '#lib/accounts/problems.ts';
import { emailSchema } from '#lib/accounts/schema.ts';
import { readForm } from '#lib/form/form.server.ts';
import { routesIn } from '#lib/routes.ts';

export const load = async (event) => {
	if (await event.locals.getClaims()) redirect(303, nextOf(event));
	return { next: event.url.searchParams.get('next') };
};

export const actions = {
	default: async (event) => {
		const form = await readForm(event.request, emailSchema);
		if (!form.ok) return form.failure;

		const { supabase, language } = event.locals;
		const { email, captcha: captchaToken } = form.data;
		const held = await hold(event, 'attempt_recovery', email);
		if (held) return form.refuse(held.status, held.key, undefined, held.details);

		const begun = Date.now();
		const { error } = await supabase.auth.signInWithOtp({
			email,
			options: { captchaToken, shouldCreateUser: false, emailRedirectTo: event.url.origin + nextOf(event) }
		});
		await evenly(begun, 1000);
		if (error && !tellsOfAccount(error)) {
			const { status, key, field } = authProblem(error);
			return form.refuse(status, key, field);
		}
		redirect(303, routesIn(language).checkMail('link'));
	}
};
