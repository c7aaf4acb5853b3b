import { fail, redirect } from '@sveltejs/kit';
import type { RequestEvent } from '@sveltejs/kit';
import { requireAccount } from '#lib/accounts/guard.server.ts';
import { categories, cities } from '#lib/catalogue/queries.ts';
import type { FormState } from '#lib/form/form.ts';
import { requestTown, requestTrade, start } from '#lib/onboarding/commands.ts';
import {
	dropDraft,
	keepDraft,
	keepStep,
	problemsOf,
	reachable,
	readDraft,
	stepOf,
	weekOf
} from '#lib/onboarding/draft.server.ts';
import { startRequests, worksSomewhere } from '#lib/onboarding/queries.ts';
import { tradeSchema } from '#lib/onboarding/schema.ts';
import { isStep, steps } from '#lib/onboarding/steps.ts';
import type { Step } from '#lib/onboarding/steps.ts';
import { listed } from '#lib/onboarding/towns.ts';
import { fieldsOf, readForm } from '#lib/form/form.server.ts';
import { orRefuse } from '#lib/http/refused.server.ts';
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
	const asked = await startRequests(locals.supabase, claims.sub);
	let draft = readDraft(cookies, claims.sub);
	if (Object.keys(draft).length === 0 && asked.draft) {
		// another browser, or days later: what was typed waited with the request
		draft = asked.draft;
		keepDraft(cookies, url.protocol === 'https:', claims.sub, draft);
	}
	const step = reachable(wished, draft);
	if (step !== wished) redirect(303, to.becomeProvider(step));
	const [trades, places] = await Promise.all([
		step === 'who' ? categories(locals.supabase) : [],
		step === 'where' ? cities(locals.supabase) : []
	]);
	return {
		step,
		values:
			step === 'hours' ? weekOf(draft) : { ...draft, city_slug: draft.city_slug || (asked.town?.city_slug ?? '') },
		refused: url.searchParams.get('refused'),
		town: step === 'where' && asked.town ? { ...asked.town, draft: undefined } : null,
		asked: asked.trades,
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
		const secure = url.protocol === 'https:';
		const values = keepStep(cookies, secure, id, step, await fieldsOf(request));
		const town = values.other_town?.trim();
		if (step === 'where' && town) {
			const known = listed(await cities(locals.supabase), town);
			if (!known) {
				const asking = requestTown(locals.supabase, town, { ...values, other_town: '', city_slug: '' });
				const refused = await orRefuse(
					(status, problem, field) =>
						refuse(status, { values, errors: field ? { [field]: problem } : {}, ...(!field && { problem }) }),
					asking,
					({ key, field }) => [key, field === 'town' ? 'other_town' : undefined]
				);
				if (refused) return refused;
			}
			values.other_town = '';
			values.city_slug = known?.slug ?? '';
			keepDraft(cookies, secure, id, values);
			if (!known) redirect(303, to.becomeProvider('where'));
		}
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

	/** Asks to be told when a trade can be set up. */
	tell: async (event) => {
		const { id } = await requireAccount(event);
		const { locals, cookies, request } = event;
		const form = await readForm(request, tradeSchema);
		if (!form.ok) return form.failure;
		const asking = requestTrade(locals.supabase, form.data.trade, readDraft(cookies, id));
		const refused = await orRefuse(form.refuse, asking, ({ key, field }) => [
			key,
			field === 'category_slug' ? 'trade' : undefined
		]);
		if (refused) return refused;
		redirect(303, routesIn(locals.language).becomeProvider('who'));
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
