import { error, redirect } from '@sveltejs/kit';
import { requireAccount } from '#lib/accounts/guard.server.ts';
import { readForm } from '#lib/form/form.server.ts';
import { orRefuse } from '#lib/http/refused.server.ts';
import { setActive } from '#lib/promotions/commands.ts';
import { list } from '#lib/promotions/queries.ts';
import { stateOf } from '#lib/promotions/rules.ts';
import { switchSchema } from '#lib/promotions/schema.ts';
import { routesIn } from '#lib/routes.ts';
import { lastDay, localDate } from '#lib/time/clocks.ts';
import { manages } from '../membership.ts';
import type { Actions, PageServerLoad } from './$types';

export const load: PageServerLoad = async ({ locals: { supabase, language }, parent, url }) => {
	const { membership } = await parent();
	if (!membership) redirect(303, routesIn(language).dashboard());
	if (!manages(membership)) error(403, 'not_allowed');
	const { id, time_zone, currency } = membership.provider;
	const now = new Date();
	const promos = await list(supabase, id);
	return {
		currency,
		promos: promos.map((promo) => ({
			...promo,
			state: stateOf(promo, promo.used, now),
			from: localDate(promo.valid_from, time_zone),
			to: promo.valid_to && lastDay(promo.valid_to, time_zone)
		})),
		done: url.searchParams.get('done')
	};
};

export const actions: Actions = {
	/** Switches a code on or off. */
	switch: async (event) => {
		await requireAccount(event);
		const form = await readForm(event.request, switchSchema);
		if (!form.ok) return form.failure;
		const refused = await orRefuse(form.refuse, setActive(event.locals.supabase, form.data.id, form.data.active));
		return refused ?? { switched: form.data.active };
	}
};
