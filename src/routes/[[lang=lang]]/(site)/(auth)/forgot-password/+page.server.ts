import { redirect } from '@sveltejs/kit';
import { authProblem } from '#lib/accounts/problems.ts';
import { forgotPasswordSchema } from '#lib/accounts/schema.ts';
import { readForm } from '#lib/form/form.server.ts';
import { routesIn } from '#lib/routes.ts';

export const actions = {
	default: async ({ request, locals, url }) => {
		const form = await readForm(request, forgotPasswordSchema);
		if (!form.ok) return form.failure;

		const to = routesIn(locals.language);
		const { error } = await locals.supabase.auth.resetPasswordForEmail(form.data.email, {
			redirectTo: url.origin + to.resetPassword()
		});
		if (error) {
			const { status, key, field } = authProblem(error);
			return form.refuse(status, key, field);
		}
		redirect(303, to.checkMail('reset'));
	}
};
