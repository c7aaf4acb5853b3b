import { error } from '@sveltejs/kit';
import { availableSlots } from '#lib/booking/queries.ts';
import * as catalogue from '#lib/catalogue/queries.ts';
import { publish } from '#lib/onboarding/publish.server.ts';
import { localDate } from '#lib/time/clocks.ts';
import { addDays } from '#lib/time/zone.ts';
import type { Actions, PageServerLoad } from './$types';

export const load: PageServerLoad = async ({ locals, params, url, depends }) => {
	const { supabase } = locals;
	depends('app:slots');
	const provider = await catalogue.provider(supabase, params.slug, (await locals.getClaims())?.sub ?? null);
	if (!provider) error(404);
	const service =
		provider.services.find(({ id }) => id === url.searchParams.get('service')) ?? provider.services.at(0) ?? null;
	const today = localDate(new Date(), provider.time_zone);
	const draft = provider.status !== 'published';
	const [reviews, hours, slots] = await Promise.all([
		catalogue.reviews(supabase, provider.id),
		catalogue.hours(supabase, provider.id),
		service && !draft ? availableSlots(supabase, service.id, today, addDays(today, 6), service.min_party) : []
	]);
	const published = !draft && url.searchParams.get('done') === 'published';
	// What is not public cannot be booked either.
	return { provider, service: draft ? null : service, reviews, hours, slots, published };
};

export const actions: Actions = { publish };
