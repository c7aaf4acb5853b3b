import { redirect } from '@sveltejs/kit';
import { changePassword } from '#lib/accounts/commands.ts';
import { requireAccount } from '#lib/accounts/guard.server.ts';
import { problemOf } from '#lib/accounts/problems.ts';
import { changePasswordSchema } from '#lib/accounts/schema.ts';
import { readForm } from '#lib/form/form.server.ts';
import { routesIn } from '#lib/routes.ts';
import type { Actions, PageServerLoad } from './$types';

export const load: PageServerLoad = async (event) => {
	const { email } = await requireAccount(event);
	const claims = await event.locals.getClaims();
	// Who came in by a link or through another company may have no password yet.
	const byPassword = claims?.amr?.some((entry) => typeof entry === 'object' && entry.method === 'password') ?? false;
	return { email, byPassword };
};

export const actions: Actions = {
	default: async (event) => {
		await requireAccount(event);
		const form = await readForm(event.request, changePasswordSchema);
		if (!form.ok) return form.failure;
		try {
			await changePassword(event.locals.supabase, form.data.password, form.data.current_password);
		} catch (failure) {
			const { status, key, field } = problemOf(failure);
			return form.refuse(status, key, field);
		}
		redirect(303, routesIn(event.locals.language).security('password'));
	}
};
