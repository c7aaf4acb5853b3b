import { redirect } from '@sveltejs/kit';
import { deleteAccount } from '#lib/accounts/commands.ts';
import { requireAccount } from '#lib/accounts/guard.server.ts';
import { problemOf } from '#lib/accounts/problems.ts';
import { readDeletionObstacles } from '#lib/accounts/queries.ts';
import { deleteAccountSchema } from '#lib/accounts/schema.ts';
import { readForm } from '#lib/form/form.server.ts';
import { routesIn } from '#lib/routes.ts';
import { forgetSession } from '#lib/supabase/session.server.ts';
import type { Actions, PageServerLoad } from './$types';

export const load: PageServerLoad = async (event) => {
	await requireAccount(event);
	return { obstacles: await readDeletionObstacles(event.locals.supabase) };
};

export const actions: Actions = {
	default: async (event) => {
		const { email } = await requireAccount(event);
		const form = await readForm(event.request, deleteAccountSchema);
		if (!form.ok) return form.failure;
		if (form.data.email !== email.toLowerCase()) return form.refuse(422, 'errors.auth.other_email', 'email');
		try {
			await deleteAccount(event.locals.supabase);
		} catch (failure) {
			const { status, key } = problemOf(failure);
			return form.refuse(status, key === 'errors.invalid_transition' ? 'errors.auth.bookings_to_come' : key);
		}
		forgetSession(event);
		redirect(303, routesIn(event.locals.language).farewell());
	}
};
