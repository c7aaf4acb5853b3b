import { error } from '@sveltejs/kit';
import { requireAccount } from '#lib/accounts/guard.server.ts';
import { bookingActions } from '#lib/booking/actions.server.ts';
import { get } from '#lib/booking/queries.ts';
import * as messaging from '#lib/messaging/queries.ts';
import { routesIn } from '#lib/routes.ts';
import { Refusal } from '#lib/supabase/refusal.ts';
import type { Actions, PageServerLoad } from './$types';

export const load: PageServerLoad = async (event) => {
	const account = await requireAccount(event);
	const { supabase } = event.locals;
	event.depends('app:booking', 'app:conversation');
	try {
		const booking = await get(supabase, { id: event.params.id });
		const conversation = await messaging.between(supabase, booking.provider_id, account.id);
		const messages = conversation ? await messaging.messages(supabase, conversation.id) : [];
		return {
			booking,
			conversation,
			messages,
			payment: event.url.searchParams.get('payment'),
			moved: event.url.searchParams.has('moved')
		};
	} catch (failure) {
		if (failure instanceof Refusal) error(failure.error.status, failure.error.code);
		throw failure;
	}
};

export const actions: Actions = bookingActions<Parameters<Actions[string]>[0]>(
	({ params }) => ({ id: params.id }),
	({ params, locals }) => routesIn(locals.language).booking(params.id)
);
