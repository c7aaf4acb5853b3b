import { redirect } from '@sveltejs/kit';
import { z } from 'zod';
import { confirm } from '#lib/booking/commands.ts';
import { readForm } from '#lib/form/form.server.ts';
import { routesIn } from '#lib/routes.ts';
import { Refusal } from '#lib/supabase/refusal.ts';
import type { Actions, PageServerLoad } from './$types';

/** Looks at nothing: mail programs open links before people do, so that only the button asks the database. */
export const load: PageServerLoad = ({ setHeaders }) => {
	// The address is a secret: it is not to be told to other sites or kept by caches.
	setHeaders({ 'referrer-policy': 'same-origin', 'cache-control': 'private, no-store' });
	return {};
};

export const actions: Actions = {
	default: async ({ locals: { supabase, language }, params, request }) => {
		const form = await readForm(request, z.object({}));
		if (!form.ok) return form.failure;
		let token: string;
		try {
			const made = await confirm(supabase, params.proof);
			token = made.manage_token!;
		} catch (failure) {
			if (!(failure instanceof Refusal)) throw failure;
			return form.refuse(failure.error.status, failure.error.key);
		}
		redirect(303, routesIn(language).guestBooking(token));
	}
};
