import { listForProvider, listPending } from '#lib/booking/queries.ts';
import { progress } from '#lib/onboarding/queries.ts';
import { publish } from '#lib/onboarding/publish.server.ts';
import { instantOf, localDate } from '#lib/time/clocks.ts';
import { addDays } from '#lib/time/zone.ts';
import type { Actions, PageServerLoad } from './$types';
import { move } from './transition.server.ts';

export const load: PageServerLoad = async ({ locals: { supabase }, parent, depends }) => {
	depends('app:agenda');
	const { membership } = await parent();
	if (!membership) return { today: '', requests: [], bookings: [], progress: null };
	const { id, time_zone } = membership.provider;
	const today = localDate(new Date(), time_zone);
	// A day more on either side: a booking's own zone may be another than its provider's now.
	const [requests, bookings, made] = await Promise.all([
		listPending(supabase, id),
		listForProvider(
			supabase,
			id,
			instantOf(addDays(today, -1), '00:00', time_zone).toISOString(),
			instantOf(addDays(today, 8), '00:00', time_zone).toISOString()
		),
		membership.role === 'staff' ? null : progress(supabase, id)
	]);
	return { today, requests, bookings, progress: made };
};

export const actions: Actions = { move, publish };
