import { redirect } from '@sveltejs/kit';
import { nextOf } from '#lib/accounts/guard.server.ts';
import { authProblem } from '#lib/accounts/problems.ts';
import { signUpSchema } from '#lib/accounts/schema.ts';
import { readForm } from '#lib/form/form.server.ts';
import { routesIn } from '#lib/routes.ts';

export const load = async (event) => {
	if (await event.locals.getClaims()) redirect(303, nextOf(event));
	return { next: event.url.searchParams.get('next') };
};

export const actions = {
	default: async (event) => {
		const form = await readForm(event.request, signUpSchema);
		if (!form.ok) return form.failure;

		const { full_name, email, password } = form.data;
		const { language } = event.locals;
		const next = nextOf(event);
		const { data, error } = await event.locals.supabase.auth.signUp({
			email,
			password,
			options: { data: { full_name, language }, emailRedirectTo: event.url.origin + next }
		});
		if (error) {
			const { status, key, field } = authProblem(error);
			return form.refuse(status, key, field);
		}
		// A project that asks for no confirmation signs in at once.
		redirect(303, data.session ? next : routesIn(language).checkMail('sign-up'));
	}
};
