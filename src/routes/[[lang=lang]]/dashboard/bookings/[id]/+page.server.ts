import { error } from '@sveltejs/kit';
import { requireAccount } from '#lib/accounts/guard.server.ts';
import { get, history } from '#lib/booking/queries.ts';
import * as messaging from '#lib/messaging/queries.ts';
import { Refusal } from '#lib/supabase/refusal.ts';
import { complete, move } from '../../transition.server.ts';
import type { Actions, PageServerLoad } from './$types';

export const load: PageServerLoad = async (event) => {
	await requireAccount(event);
	const { supabase } = event.locals;
	event.depends('app:booking', 'app:conversation');
	try {
		const booking = await get(supabase, { id: event.params.id });
		const [events, conversation] = await Promise.all([
			history(supabase, booking.id),
			booking.customer_id ? messaging.between(supabase, booking.provider_id, booking.customer_id) : null
		]);
		const messages = conversation ? await messaging.messages(supabase, conversation.id) : [];
		return { booking, events, conversation, messages };
	} catch (failure) {
		if (failure instanceof Refusal) error(failure.error.status, failure.error.code);
		throw failure;
	}
};

export const actions: Actions = { move, complete };
