import { fail, redirect } from '@sveltejs/kit';
import { requireAccount } from '#lib/accounts/guard.server.ts';
import { problemOf } from '#lib/accounts/problems.ts';
import * as secondFactor from '#lib/accounts/second-factor.ts';
import type { FormState } from '#lib/form/form.ts';
import { routesIn } from '#lib/routes.ts';
import type { Actions, PageServerLoad } from './$types';

export const load: PageServerLoad = async (event) => {
	await requireAccount(event);
	const factors = await secondFactor.list(event.locals.supabase);
	if (factors.length === 0) redirect(303, routesIn(event.locals.language).security());
	return { left: await secondFactor.countRecoveryCodes(event.locals.supabase) };
};

const answer = (given: FormState & { codes?: string[] }) => given;

export const actions: Actions = {
	default: async (event) => {
		await requireAccount(event);
		try {
			return answer({ values: {}, errors: {}, codes: await secondFactor.makeRecoveryCodes(event.locals.supabase) });
		} catch (failure) {
			const { status, key } = problemOf(failure);
			return fail(status, answer({ values: {}, errors: {}, problem: key }));
		}
	}
};
