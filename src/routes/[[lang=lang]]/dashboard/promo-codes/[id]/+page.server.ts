import { error, redirect } from '@sveltejs/kit';
import type { RequestEvent } from '@sveltejs/kit';
import { requireAccount } from '#lib/accounts/guard.server.ts';
import { readForm } from '#lib/form/form.server.ts';
import { orRefuse } from '#lib/http/refused.server.ts';
import { minorDigits, toMajor } from '#lib/money/money.ts';
import { change } from '#lib/promotions/commands.ts';
import { get } from '#lib/promotions/queries.ts';
import { termsSchema } from '#lib/promotions/schema.ts';
import { routesIn } from '#lib/routes.ts';
import { Refusal } from '#lib/supabase/refusal.ts';
import { lastDay, localDate } from '#lib/time/clocks.ts';
import { membershipOf } from '../../membership.server.ts';
import type { Actions, PageServerLoad } from './$types';

/** The code of the address. Policies show it to those who may change it, and to nobody else. */
async function promoOf({ locals, params }: RequestEvent) {
	const promo = await get(locals.supabase, params.id!).catch((failure: unknown) => {
		if (failure instanceof Refusal) return null;
		throw failure;
	});
	return promo ?? error(404);
}

export const load: PageServerLoad = async (event) => {
	await requireAccount(event);
	const promo = await promoOf(event);
	const { currency, time_zone } = promo.provider;
	return {
		promo,
		// as the form has them
		terms: {
			from: localDate(promo.valid_from, time_zone),
			to: promo.valid_to ? lastDay(promo.valid_to, time_zone) : '',
			max_uses: promo.max_uses === null ? '' : String(promo.max_uses),
			max_uses_each: promo.max_uses_each === null ? '' : String(promo.max_uses_each),
			min_price:
				promo.min_price_minor > 0
					? toMajor(promo.min_price_minor, currency)
							.toFixed(promo.min_price_minor % 10 ** minorDigits(currency) === 0 ? 0 : minorDigits(currency))
							.replace('.', event.locals.language === 'fr' ? ',' : '.')
					: ''
		}
	};
};

export const actions: Actions = {
	default: async (event) => {
		const [promo, { memberships }] = await Promise.all([promoOf(event), membershipOf(event)]);
		const form = await readForm(event.request, termsSchema(promo.provider.currency));
		if (!form.ok) return form.failure;
		const changing = change(event.locals.supabase, promo.id, promo.provider.time_zone, form.data);
		// What the form cannot know: the last day is past.
		const refused = await orRefuse(form.refuse, changing, ({ code, key }) =>
			code === 'invalid_input' ? ['promotions.error.order', 'to'] : [key]
		);
		if (refused) return refused;
		const slug = memberships.length > 1 ? promo.provider.slug : undefined;
		redirect(303, routesIn(event.locals.language).promoCodes({ provider: slug, done: 'saved' }));
	}
};
