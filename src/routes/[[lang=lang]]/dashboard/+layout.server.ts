import { countOpen } from '#lib/booking/list/queries.ts';
import { countWaiting } from '#lib/waitlist/queries.ts';
import { membershipOf } from './membership.server.ts';
import type { LayoutServerLoad } from './$types';

export const load: LayoutServerLoad = async (event) => {
	event.depends('app:agenda');
	const mine = await membershipOf(event);
	const { membership } = mine;
	if (!membership) return { ...mine, waiting: { requests: 0, people: 0 } };
	const { supabase } = event.locals;
	// No page is worth failing for its bar; the failure is logged.
	const [requests, people] = await Promise.all([
		countOpen(supabase, membership.provider.id).catch(() => 0),
		countWaiting(supabase, membership.provider.id).catch(() => 0)
	]);
	return { ...mine, waiting: { requests, people } };
};
