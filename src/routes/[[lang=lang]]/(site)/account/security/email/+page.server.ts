import { redirect } from '@sveltejs/kit';
import { isAuthError } from '@supabase/supabase-js';
import { evenly, hold } from '#lib/accounts/attempts.server.ts';
import { changeEmail } from '#lib/accounts/commands.ts';
import { requireAccount } from '#lib/accounts/guard.server.ts';
import { problemOf, tellsOfAccount } from '#lib/accounts/problems.ts';
import { readUser } from '#lib/accounts/queries.ts';
import { changeEmailSchema } from '#lib/accounts/schema.ts';
import { readForm } from '#lib/form/form.server.ts';
import { routesIn } from '#lib/routes.ts';
import type { Actions, PageServerLoad } from './$types';

export const load: PageServerLoad = async (event) => {
	await requireAccount(event);
	const user = await readUser(event.locals.supabase);
	return { email: user.email ?? '' };
};

export const actions: Actions = {
	/** Whoever asks is told the same whether or not the address has an account. */
	default: async (event) => {
		const { email } = await requireAccount(event);
		const form = await readForm(event.request, changeEmailSchema);
		if (!form.ok) return form.failure;
		const to = routesIn(event.locals.language);
		if (form.data.email === email) return form.refuse(422, 'errors.auth.same_email', 'email');
		const held = await hold(event, 'attempt_recovery', form.data.email);
		if (held) return form.refuse(held.status, held.key, undefined, held.details);
		const begun = Date.now();
		let failure: unknown = null;
		try {
			await changeEmail(event.locals.supabase, form.data.email, event.url.origin + to.security('email_changed'));
		} catch (thrown) {
			failure = thrown;
		}
		await evenly(begun, 1500);
		if (failure && !(isAuthError(failure) && tellsOfAccount(failure))) {
			const { status, key, field } = problemOf(failure);
			return form.refuse(status, key, field);
		}
		redirect(303, to.security('email_asked'));
	}
};
