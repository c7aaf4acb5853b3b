import { redirect } from '@sveltejs/kit';
import { z } from 'zod';
import { requireAccount } from '#lib/accounts/guard.server.ts';
import { bookingActions } from '#lib/booking/actions.server.ts';
import { claim } from '#lib/booking/commands.ts';
import { get } from '#lib/booking/queries.ts';
import { readForm } from '#lib/form/form.server.ts';
import { orError, orRefuse } from '#lib/http/refused.server.ts';
import { routesIn } from '#lib/routes.ts';
import type { Actions, PageServerLoad } from './$types';

export const load: PageServerLoad = async ({ locals, params, url, depends, setHeaders }) => {
	depends('app:booking');
	// The address is the key: it is not to be told to other sites or kept by caches.
	setHeaders({ 'referrer-policy': 'same-origin', 'cache-control': 'private, no-store' });
	return {
		booking: await orError(get(locals.supabase, { token: params.token })),
		payment: url.searchParams.get('payment'),
		moved: url.searchParams.has('moved')
	};
};

export const actions: Actions = {
	...bookingActions<Parameters<Actions[string]>[0]>(
		({ params }) => ({ token: params.token }),
		({ params, locals }) => routesIn(locals.language).guestBooking(params.token)
	),
	/** Takes the booking into the account of who is signed in with its address. */
	claim: async (event) => {
		await requireAccount(event);
		const form = await readForm(event.request, z.object({}));
		if (!form.ok) return form.failure;
		const claimed = claim(event.locals.supabase, event.params.token);
		return (
			(await orRefuse(form.refuse, claimed)) ?? redirect(303, routesIn(event.locals.language).booking(await claimed))
		);
	}
};
