import { redirect } from '@sveltejs/kit';
import { evenly, hold } from '#lib/accounts/attempts.server.ts';
import { nextOf } from '#lib/accounts/guard.server.ts';
import { authProblem, tellsOfAccount } from '#lib/accounts/problems.ts';
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
		const { language, supabase } = event.locals;
		const next = nextOf(event);
		const emailRedirectTo = event.url.origin + next;
		const begun = Date.now();
		const { data, error } = await supabase.auth.signUp({
			email,
			password,
			options: { data: { full_name, language }, emailRedirectTo }
		});
		// Auth answers for an address that is taken as for a new one, but for the identities. Its owner, who may have
		// forgotten the account, gets a link that signs in; what becomes of it is not for whoever asked to see.
		if (data.user?.identities?.length === 0 && !(await hold(supabase, 'attempt_recovery', email))) {
			await supabase.auth.signInWithOtp({ email, options: { shouldCreateUser: false, emailRedirectTo } });
		}
		await evenly(begun, 1500);
		if (error && !tellsOfAccount(error)) {
			const { status, key, field } = authProblem(error);
			return form.refuse(status, key, field);
		}
		// A project that asks for no confirmation signs in at once.
		redirect(303, data.session ? next : routesIn(language).checkMail('sign-up'));
	}
};
