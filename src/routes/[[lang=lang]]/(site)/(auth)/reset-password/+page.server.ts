import { redirect } from '@sveltejs/kit';
import { requireAccount } from '#lib/accounts/guard.server.ts';
import { authProblem } from '#lib/accounts/problems.ts';
import { resetPasswordSchema } from '#lib/accounts/schema.ts';
import { readForm } from '#lib/form/form.server.ts';
import { routesIn } from '#lib/routes.ts';

export const load = async (event) => {
	const { email } = await requireAccount(event);
	return { email };
};

export const actions = {
	default: async (event) => {
		await requireAccount(event);
		const form = await readForm(event.request, resetPasswordSchema);
		if (!form.ok) return form.failure;

		const { error } = await event.locals.supabase.auth.updateUser({ password: form.data.password });
		if (error) {
			const { status, key, field } = authProblem(error);
			return form.refuse(status, key, field);
		}
		redirect(303, routesIn(event.locals.language).account('password'));
	}
};
