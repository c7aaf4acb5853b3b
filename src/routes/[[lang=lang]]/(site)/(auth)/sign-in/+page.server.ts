import { redirect } from '@sveltejs/kit';
import { noteSession } from '#lib/accounts/commands.ts';
import { nextOf } from '#lib/accounts/guard.server.ts';
import { authProblem } from '#lib/accounts/problems.ts';
import { signInSchema } from '#lib/accounts/schema.ts';
import { readForm } from '#lib/form/form.server.ts';
import { routesIn } from '#lib/routes.ts';

export const load = async (event) => {
	if (await event.locals.getClaims()) redirect(303, nextOf(event));
	const { searchParams } = event.url;
	return { next: searchParams.get('next'), linkExpired: searchParams.get('problem') === 'link_expired' };
};

export const actions = {
	default: async (event) => {
		const form = await readForm(event.request, signInSchema);
		if (!form.ok) return form.failure;

		const { auth } = event.locals.supabase;
		const next = nextOf(event);
		const { error } = await auth.signInWithPassword(form.data);
		if (error?.code === 'email_not_confirmed') {
			// The password was right; what is missing is the mail.
			await auth.resend({
				type: 'signup',
				email: form.data.email,
				options: { emailRedirectTo: event.url.origin + next }
			});
			redirect(303, routesIn(event.locals.language).checkMail('sign-up'));
		}
		if (error) {
			const { status, key, field } = authProblem(error);
			return form.refuse(status, key, field);
		}
		await noteSession(event.locals.supabase, event.request.headers.get('user-agent'));
		redirect(303, next);
	}
};
