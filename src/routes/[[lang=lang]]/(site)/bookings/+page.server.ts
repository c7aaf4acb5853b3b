import { requireAccount } from '#lib/accounts/guard.server.ts';
import { listMine } from '#lib/booking/queries.ts';
import { isLive } from '#lib/booking/status.ts';
import { readForm } from '#lib/form/form.server.ts';
import { rowId } from '#lib/form/schema.ts';
import { orRefuse } from '#lib/http/refused.server.ts';
import { leave } from '#lib/waitlist/commands.ts';
import { waitingFor } from '#lib/waitlist/queries.ts';
import { z } from 'zod';
import type { Actions, PageServerLoad } from './$types';

export const load: PageServerLoad = async (event) => {
	const { id } = await requireAccount(event);
	const now = new Date().toISOString();
	const [bookings, waiting] = await Promise.all([
		listMine(event.locals.supabase, id),
		waitingFor(event.locals.supabase, id)
	]);
	const upcoming = bookings.filter(({ status, ends_at }) => isLive(status) && ends_at > now);
	return {
		waiting,
		upcoming: upcoming.toReversed(),
		past: bookings.filter((booking) => !upcoming.includes(booking))
	};
};

const leaveSchema = z.object({ entry_id: rowId });

export const actions: Actions = {
	leave: async (event) => {
		await requireAccount(event);
		const form = await readForm(event.request, leaveSchema);
		if (!form.ok) return form.failure;
		return orRefuse(form.refuse, leave(event.locals.supabase, form.data.entry_id));
	}
};
