import { error } from '@sveltejs/kit';
import { availableSlots } from '#lib/booking/queries.ts';
import * as catalogue from '#lib/catalogue/queries.ts';
import { addDays, localDate } from '#lib/time/zone.ts';
import type { PageServerLoad } from './$types';

export const load: PageServerLoad = async ({ locals: { supabase }, params, url, depends }) => {
	depends('app:slots');
	const provider = await catalogue.provider(supabase, params.slug);
	if (!provider) error(404);
	const service =
		provider.services.find(({ id }) => id === url.searchParams.get('service')) ?? provider.services.at(0) ?? null;
	const today = localDate(new Date(), provider.time_zone);
	const [reviews, slots] = await Promise.all([
		catalogue.reviews(supabase, provider.id),
		service ? availableSlots(supabase, service.id, today, addDays(today, 6), service.min_party) : []
	]);
	return { provider, service, reviews, slots, today };
};
