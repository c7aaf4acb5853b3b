import { z } from 'zod';
import { requireAccount } from '#lib/accounts/guard.server.ts';
import * as clashes from '#lib/booking/clashes.ts';
import { listForProvider, listPending } from '#lib/booking/queries.ts';
import { readForm } from '#lib/form/form.server.ts';
import { rowId } from '#lib/form/schema.ts';
import { orRefuse } from '#lib/http/refused.server.ts';
import { progress } from '#lib/onboarding/queries.ts';
import { publish } from '#lib/onboarding/publish.server.ts';
import { instantOf, localDate } from '#lib/time/clocks.ts';
import { addDays } from '#lib/time/zone.ts';
import type { Actions, PageServerLoad } from './$types';
import { move } from './transition.server.ts';

export const load: PageServerLoad = async ({ locals: { supabase }, parent, depends }) => {
	depends('app:agenda');
	const { membership } = await parent();
	if (!membership) return { today: '', requests: [], bookings: [], clashes: [], progress: null };
	const { id, time_zone } = membership.provider;
	const today = localDate(new Date(), time_zone);
	// A day more on either side: a booking's own zone may be another than its provider's now.
	const [requests, bookings, met, made] = await Promise.all([
		listPending(supabase, id),
		listForProvider(
			supabase,
			id,
			instantOf(addDays(today, -1), '00:00', time_zone).toISOString(),
			instantOf(addDays(today, 8), '00:00', time_zone).toISOString()
		),
		membership.role === 'staff' ? [] : clashes.list(supabase, id),
		membership.role === 'staff' ? null : progress(supabase, id)
	]);
	return { today, requests, bookings, clashes: met, progress: made };
};

const settleSchema = z.object({ id: rowId });

export const actions: Actions = {
	move,
	publish,
	/** Takes off the list what clocks brought together and its owner has settled. */
	settle: async (event) => {
		await requireAccount(event);
		const form = await readForm(event.request, settleSchema);
		if (!form.ok) return form.failure;
		const refused = await orRefuse(form.refuse, clashes.settle(event.locals.supabase, form.data.id));
		return refused ?? { settled: form.data.id };
	}
};
