import { fail, redirect } from '@sveltejs/kit';
import type { RequestEvent } from '@sveltejs/kit';
import { requireAccount } from '#lib/accounts/guard.server.ts';
import { categories, cities } from '#lib/catalogue/queries.ts';
import type { FormState } from '#lib/form/form.ts';
import { start } from '#lib/onboarding/commands.ts';
import { dropDraft, keepStep, problemsOf, reachable, readDraft, stepOf, weekOf } from '#lib/onboarding/draft.server.ts';
import { worksSomewhere } from '#lib/onboarding/queries.ts';
import { isStep, steps } from '#lib/onboarding/steps.ts';
import type { Step } from '#lib/onboarding/steps.ts';
import { fieldsOf } from '#lib/form/form.server.ts';
import { routesIn } from '#lib/routes.ts';
import { Refusal } from '#lib/supabase/refusal.ts';
import type { Actions, PageServerLoad } from './$types';

export const load: PageServerLoad = async (event) => {
	const { locals, url, cookies } = event;
	const to = routesIn(locals.language);
	const wished = url.searchParams.get('step');
	const claims = await locals.getClaims();
	if (!isStep(wished)) {
		return { step: null, provides: claims !== null && (await worksSomewhere(locals.supabase, claims.sub)) };
	}
	if (!claims) redirect(303, to.signUp(to.becomeProvider(wished)));
	const draft = readDraft(cookies, claims.sub);
	const step = reachable(wished, draft);
	if (step !== wished) redirect(303, to.becomeProvider(step));
	const [trades, places] = await Promise.all([
		step === 'who' ? categories(locals.supabase) : [],
		step === 'where' ? cities(locals.supabase) : []
	]);
	return {
		step,
		values: step === 'hours' ? weekOf(draft) : draft,
		refused: url.searchParams.get('refused'),
		categories: trades,
		cities: places
	};
};

/** The step whose form was sent, by the address it was sent to. */
const sentStep = ({ url }: RequestEvent): Step => {
	const step = url.searchParams.get('step');
	return isStep(step) ? step : 'who';
};

const refuse = (status: number, state: FormState) => fail(status, state);

export const actions: Actions = {
	/** Keeps a step and goes on to the next, or makes the business at the end. */
	next: async (event) => {
		const { id } = await requireAccount(event);
		const { locals, cookies, url, request } = event;
		const to = routesIn(locals.language);
		const step = sentStep(event);
		const values = keepStep(cookies, url.protocol === 'https:', id, step, await fieldsOf(request));
		const errors = problemsOf(step, values);
		if (Object.keys(errors).length > 0) return refuse(422, { values, errors });
		const next = steps[steps.indexOf(step) + 1];
		if (next) redirect(303, to.becomeProvider(next));
		const missing = reachable(step, values);
		if (missing !== step) redirect(303, to.becomeProvider(missing));

		let slug: string;
		try {
			slug = await start(locals.supabase, values);
		} catch (failure) {
			if (!(failure instanceof Refusal)) throw failure;
			const { status, key, field } = failure.error;
			const asking = field ? stepOf(field) : step;
			if (field && asking !== step) redirect(303, to.becomeProvider(asking, field));
			return refuse(status, { values, errors: {}, problem: key });
		}
		dropDraft(cookies);
		redirect(303, to.dashboard(slug));
	},

	/** Keeps what was typed, right or wrong, and goes to the step before. */
	back: async (event) => {
		const { id } = await requireAccount(event);
		const { locals, cookies, url, request } = event;
		const step = sentStep(event);
		keepStep(cookies, url.protocol === 'https:', id, step, await fieldsOf(request));
		redirect(303, routesIn(locals.language).becomeProvider(steps[steps.indexOf(step) - 1]));
	}
};
