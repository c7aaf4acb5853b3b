import { redirect } from '@sveltejs/kit';
import type { RequestEvent } from '@sveltejs/kit';
import { deviceSecret, holdCode, noteSession } from '#lib/accounts/attempts.server.ts';
import { requireAccount } from '#lib/accounts/guard.server.ts';
import { problemOf } from '#lib/accounts/problems.ts';
import { oneTimeCodeSchema, recoveryCodeSchema } from '#lib/accounts/schema.ts';
import * as secondFactor from '#lib/accounts/second-factor.ts';
import { readForm } from '#lib/form/form.server.ts';
import { routesIn, safeNext } from '#lib/routes.ts';
import type { Actions, PageServerLoad } from './$types';

const wish = ({ url }: Pick<RequestEvent, 'url'>) => safeNext(url.searchParams.get('next'), url.origin);

export const load: PageServerLoad = async (event) => {
	await requireAccount(event);
	const to = routesIn(event.locals.language);
	const next = wish(event);
	const factors = await secondFactor.list(event.locals.supabase);
	// Who was asked for what they do not have is led to setting it up.
	if (factors.length === 0) redirect(303, to.authenticator(next ?? undefined));
	if (await secondFactor.given(event.locals.supabase)) redirect(303, next ?? to.home());
	return { next, devices: factors.map(({ name }) => name) };
};

export const actions: Actions = {
	verify: async (event) => {
		await requireAccount(event);
		const form = await readForm(event.request, oneTimeCodeSchema);
		if (!form.ok) return form.failure;
		const { supabase, language } = event.locals;
		try {
			const held = await secondFactor.give(supabase, form.data.code, () => holdCode(event));
			if (held) return form.refuse(held.status, held.key, undefined, held.details);
		} catch (failure) {
			const { status, key, field } = problemOf(failure);
			return form.refuse(status, key, field);
		}
		await noteSession(event);
		redirect(303, wish(event) ?? routesIn(language).home());
	},
	recover: async (event) => {
		await requireAccount(event);
		const form = await readForm(event.request, recoveryCodeSchema);
		if (!form.ok) return form.failure;
		const { supabase, language } = event.locals;
		try {
			await secondFactor.recover(supabase, form.data.code, deviceSecret(event.cookies));
		} catch (failure) {
			const { status, key, field } = problemOf(failure);
			return form.refuse(status, field === 'code' ? 'errors.auth.wrong_recovery_code' : key, field);
		}
		await noteSession(event);
		redirect(303, routesIn(language).authenticator(wish(event) ?? undefined, 'recovered'));
	}
};
