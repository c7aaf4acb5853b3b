import { redirect } from '@sveltejs/kit';
import { sendLink } from '#lib/booking/commands.ts';
import { findBookingSchema } from '#lib/booking/schema.ts';
import { readForm } from '#lib/form/form.server.ts';
import { orRefuse } from '#lib/http/refused.server.ts';
import { routesIn } from '#lib/routes.ts';
import type { Actions, PageServerLoad } from './$types';

export const load: PageServerLoad = ({ url }) => ({ asked: url.searchParams.get('done') === 'asked' });

export const actions: Actions = {
	default: async ({ locals: { supabase, language }, request }) => {
		const form = await readForm(request, findBookingSchema);
		if (!form.ok) return form.failure;
		return (
			(await orRefuse(form.refuse, sendLink(supabase, form.data), ({ code, key, field }) =>
				code === 'invalid_input' && field === 'contact' ? ['booking.find.contact_problem', field] : [key]
			)) ?? redirect(303, routesIn(language).findBooking('asked'))
		);
	}
};
