import { redirect } from '@sveltejs/kit';
import { changeEmail } from '#lib/accounts/commands.ts';
import { requireAccount } from '#lib/accounts/guard.server.ts';
import { problemOf } from '#lib/accounts/problems.ts';
import { readUser } from '#lib/accounts/queries.ts';
import { changeEmailSchema } from '#lib/accounts/schema.ts';
import { readForm } from '#lib/form/form.server.ts';
import { routesIn } from '#lib/routes.ts';
import type { Actions, PageServerLoad } from './$types';

export const load: PageServerLoad = async (event) => {
	await requireAccount(event);
	const user = await readUser(event.locals.supabase);
	return { email: user.email ?? '', newEmail: user.new_email ?? null };
};

export const actions: Actions = {
	default: async (event) => {
		const { email } = await requireAccount(event);
		const form = await readForm(event.request, changeEmailSchema);
		if (!form.ok) return form.failure;
		const to = routesIn(event.locals.language);
		if (form.data.email === email) return form.refuse(422, 'errors.auth.same_email', 'email');
		try {
			await changeEmail(event.locals.supabase, form.data.email, event.url.origin + to.security('email_changed'));
		} catch (failure) {
			const { status, key, field } = problemOf(failure);
			return form.refuse(status, key, field);
		}
		redirect(303, to.security('email_asked'));
	}
};
