import { requireAccount } from '#lib/accounts/guard.server.ts';
import { listMine } from '#lib/booking/queries.ts';
import { isLive } from '#lib/booking/status.ts';
import type { PageServerLoad } from './$types';

export const load: PageServerLoad = async (event) => {
	const { id } = await requireAccount(event);
	const now = new Date().toISOString();
	const bookings = await listMine(event.locals.supabase, id);
	const upcoming = bookings.filter(({ status, ends_at }) => isLive(status) && ends_at > now);
	return {
		upcoming: upcoming.toReversed(),
		past: bookings.filter((booking) => !upcoming.includes(booking))
	};
};
