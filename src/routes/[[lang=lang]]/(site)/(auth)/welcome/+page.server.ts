import { redirect } from '@sveltejs/kit';
import { choosePassword } from '#lib/accounts/commands.ts';
import { nextOf, requireAccount } from '#lib/accounts/guard.server.ts';
import { problemOf } from '#lib/accounts/problems.ts';
import { lacksPassword } from '#lib/accounts/queries.ts';
import { welcomeSchema } from '#lib/accounts/schema.ts';
import { readForm } from '#lib/form/form.server.ts';

export const load = async (event) => {
	const { email } = await requireAccount(event);
	if (!(await lacksPassword(event.locals.supabase))) redirect(303, nextOf(event));
	return { email };
};

export const actions = {
	default: async (event) => {
		const { id } = await requireAccount(event);
		const form = await readForm(event.request, welcomeSchema);
		if (!form.ok) return form.failure;
		const { supabase, language } = event.locals;
		try {
			await choosePassword(supabase, id, { ...form.data, language });
		} catch (failure) {
			const { status, key, field } = problemOf(failure);
			return form.refuse(status, key, field);
		}
		redirect(303, nextOf(event));
	}
};
