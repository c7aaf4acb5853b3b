import { redirect } from '@sveltejs/kit';
import type { RequestEvent } from '@sveltejs/kit';
import { isStaff } from '#lib/administration/queries.ts';
import { hold, holdCode, noteSession } from '#lib/accounts/attempts.server.ts';
import { deleteAccount } from '#lib/accounts/commands.ts';
import { requireAccount } from '#lib/accounts/guard.server.ts';
import { authProblem, problemOf } from '#lib/accounts/problems.ts';
import { readDeletionObstacles, recentlyProven } from '#lib/accounts/queries.ts';
import { deleteAccountSchema, oneTimeCodeSchema, passwordSchema } from '#lib/accounts/schema.ts';
import * as secondFactor from '#lib/accounts/second-factor.ts';
import { readForm } from '#lib/form/form.server.ts';
import { routesIn } from '#lib/routes.ts';
import { forgetSession } from '#lib/supabase/session.server.ts';
import type { Actions, PageServerLoad } from './$types';

export const load: PageServerLoad = async (event) => {
	const { id } = await requireAccount(event);
	const { supabase } = event.locals;
	const [obstacles, staff, proven, factors] = await Promise.all([
		readDeletionObstacles(supabase),
		isStaff(supabase, id),
		recentlyProven(supabase),
		secondFactor.list(supabase)
	]);
	return { obstacles, staff, prove: proven ? null : factors.length > 0 ? ('code' as const) : ('password' as const) };
};

/** Proves who is there by a code of their device; what the session has proved before is too long ago. */
async function byCode(event: RequestEvent) {
	const form = await readForm(event.request, oneTimeCodeSchema);
	if (!form.ok) return form.failure;
	try {
		const held = await secondFactor.give(event.locals.supabase, form.data.code, () => holdCode(event));
		if (held) return form.refuse(held.status, held.key, undefined, held.details);
	} catch (failure) {
		const { status, key, field } = problemOf(failure);
		return form.refuse(status, key, field);
	}
}

/** The same by the password, which begins a new session. */
async function byPassword(event: RequestEvent, email: string) {
	const form = await readForm(event.request, passwordSchema);
	if (!form.ok) return form.failure;
	const { supabase } = event.locals;
	const held = await hold(event, 'attempt_sign_in', email);
	if (held) return form.refuse(held.status, held.key, undefined, held.details);
	const { password, captcha: captchaToken } = form.data;
	const { error } = await supabase.auth.signInWithPassword({ email, password, options: { captchaToken } });
	if (error?.code === 'invalid_credentials') return form.refuse(422, 'errors.auth.wrong_password', 'password');
	if (error) {
		const { status, key } = authProblem(error);
		return form.refuse(status, key);
	}
	await noteSession(event);
}

export const actions: Actions = {
	prove: async (event) => {
		const { email } = await requireAccount(event);
		const factors = await secondFactor.list(event.locals.supabase);
		const refused = factors.length > 0 ? await byCode(event) : await byPassword(event, email);
		return refused ?? redirect(303, routesIn(event.locals.language).accountData());
	},
	delete: async (event) => {
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
