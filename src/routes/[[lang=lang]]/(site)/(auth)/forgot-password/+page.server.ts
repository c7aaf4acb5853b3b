import { redirect } from '@sveltejs/kit';
import { evenly, hold } from '#lib/accounts/attempts.server.ts';
import { authProblem, tellsOfAccount } from '#lib/accounts/problems.ts';
import { emailSchema } from '#lib/accounts/schema.ts';
import { readForm } from '#lib/form/form.server.ts';
import { routesIn } from '#lib/routes.ts';

export const actions = {
	default: async (event) => {
		const form = await readForm(event.request, emailSchema);
		if (!form.ok) return form.failure;

		const { supabase, language } = event.locals;
		const to = routesIn(language);
		const held = await hold(event, 'attempt_recovery', form.data.email);
		if (held) return form.refuse(held.status, held.key, undefined, held.details);

		const begun = Date.now();
		const { error } = await supabase.auth.resetPasswordForEmail(form.data.email, {
			captchaToken: form.data.captcha,
			redirectTo: event.url.origin + to.resetPassword()
		});
		await evenly(begun, 1000);
		if (error && !tellsOfAccount(error)) {
			const { status, key, field } = authProblem(error);
			return form.refuse(status, key, field);
		}
		redirect(303, to.checkMail('reset'));
	}
};
