import { requireStaff } from '#lib/administration/guard.server.ts';
import { findBookings } from '#lib/administration/queries.ts';
import { bookingSearchSchema } from '#lib/administration/schema.ts';
import { orError } from '#lib/http/refused.server.ts';
import { listOf } from '#lib/list/schema.ts';
import type { PageServerLoad } from './$types';

export const load: PageServerLoad = async (event) => {
	await requireStaff(event, 'bookings.read');
	const { q } = listOf(bookingSearchSchema, event.url);
	return { q, bookings: q === undefined ? null : await orError(findBookings(event.locals.supabase, q)) };
};
