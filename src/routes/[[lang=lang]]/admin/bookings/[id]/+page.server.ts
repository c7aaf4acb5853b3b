import { revealContact } from '#lib/administration/commands.ts';
import { idOf, requireStaff } from '#lib/administration/guard.server.ts';
import { revealSchema } from '#lib/administration/schema.ts';
import { get } from '#lib/booking/queries.ts';
import { readForm } from '#lib/form/form.server.ts';
import { orError, orRefuse } from '#lib/http/refused.server.ts';
import type { Actions, PageServerLoad } from './$types';

export const load: PageServerLoad = async (event) => {
	await requireStaff(event, 'bookings.read');
	event.setHeaders({ 'cache-control': 'private, no-store' });
	return { booking: await orError(get(event.locals.supabase, { id: idOf(event.params.id) })) };
};

export const actions: Actions = {
	/** The answer is the page itself, and nowhere else: no address holds it, and another look asks again. */
	reveal: async (event) => {
		await requireStaff(event, 'bookings.read');
		const form = await readForm(event.request, revealSchema);
		if (!form.ok) return form.failure;
		const asked = revealContact(event.locals.supabase, idOf(event.params.id), form.data.reason);
		const refused = await orRefuse(form.refuse, asked, ({ key, field }) => [
			key,
			field === 'reason' ? field : undefined
		]);
		if (refused) return refused;
		return { contact: await asked };
	}
};
