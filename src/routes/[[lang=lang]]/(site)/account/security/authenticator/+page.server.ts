import { fail } from '@sveltejs/kit';
import type { RequestEvent } from '@sveltejs/kit';
import { holdCode } from '#lib/accounts/attempts.server.ts';
import { requireAccount } from '#lib/accounts/guard.server.ts';
import { problemOf } from '#lib/accounts/problems.ts';
import { newFactorSchema, provenFactorSchema } from '#lib/accounts/schema.ts';
import * as secondFactor from '#lib/accounts/second-factor.ts';
import { readForm } from '#lib/form/form.server.ts';
import type { FormState } from '#lib/form/form.ts';
import { safeNext } from '#lib/routes.ts';
import type { Actions, PageServerLoad } from './$types';

const wish = ({ url }: Pick<RequestEvent, 'url'>) => safeNext(url.searchParams.get('next'), url.origin);

export const load: PageServerLoad = async (event) => {
	await requireAccount(event);
	const factors = await secondFactor.list(event.locals.supabase);
	return {
		next: wish(event),
		recovered: event.url.searchParams.get('because') === 'recovered',
		done: factors.length > 0
	};
};

/** What the actions answer: what is known of the device, and in the end the codes. */
const answer = (given: FormState & { codes?: string[] }) => given;

export const actions: Actions = {
	begin: async (event) => {
		await requireAccount(event);
		const form = await readForm(event.request, newFactorSchema);
		if (!form.ok) return form.failure;
		try {
			const begun = await secondFactor.begin(event.locals.supabase, form.data.name);
			return answer({ values: { ...begun }, errors: {} });
		} catch (failure) {
			const { status, key, field } = problemOf(failure);
			return form.refuse(status, key, field);
		}
	},
	prove: async (event) => {
		await requireAccount(event);
		const form = await readForm(event.request, provenFactorSchema);
		if (!form.ok) {
			// Without a device that it could show again the page begins anew.
			const { errors } = form.failure.data;
			return errors.uri || errors.factor
				? fail(422, answer({ values: {}, errors: {}, problem: 'errors.invalid_input' }))
				: form.failure;
		}
		const { supabase } = event.locals;
		try {
			const held = await secondFactor.prove(supabase, form.data.factor, form.data.code, () => holdCode(event));
			if (held) return form.refuse(held.status, held.key, undefined, held.details);
			return answer({ values: {}, errors: {}, codes: await secondFactor.makeRecoveryCodes(supabase) });
		} catch (failure) {
			const { status, key, field } = problemOf(failure);
			return form.refuse(status, key, field);
		}
	}
};
