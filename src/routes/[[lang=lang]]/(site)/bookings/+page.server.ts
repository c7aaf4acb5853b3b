import { requireAccount } from '#lib/accounts/guard.server.ts';
import { listPast, listUpcoming } from '#lib/booking/queries.ts';
import { readForm } from '#lib/form/form.server.ts';
import { rowId } from '#lib/form/schema.ts';
import { orRefuse } from '#lib/http/refused.server.ts';
import { cursor, listOf } from '#lib/list/schema.ts';
import { leave } from '#lib/waitlist/commands.ts';
import { waitingFor } from '#lib/waitlist/queries.ts';
import { z } from 'zod';
import type { Actions, PageServerLoad } from './$types';

const listSchema = z.object({ after: cursor });

export const load: PageServerLoad = async (event) => {
	const { id } = await requireAccount(event);
	const { supabase } = event.locals;
	const { after } = listOf(listSchema, event.url);
	const now = new Date().toISOString();
	// further pages are of what is over alone
	const [upcoming, past, waiting] = await Promise.all([
		after ? [] : listUpcoming(supabase, id, now),
		listPast(supabase, id, now, after),
		after ? [] : waitingFor(supabase, id)
	]);
	return { waiting, upcoming, past: past.rows, next: past.next };
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
