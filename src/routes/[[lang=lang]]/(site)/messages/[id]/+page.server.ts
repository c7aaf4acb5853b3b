import { error } from '@sveltejs/kit';
import { requireAccount } from '#lib/accounts/guard.server.ts';
import { readForm } from '#lib/form/form.server.ts';
import * as commands from '#lib/messaging/commands.ts';
import * as messaging from '#lib/messaging/queries.ts';
import { messageSchema } from '#lib/messaging/schema.ts';
import { Refusal } from '#lib/supabase/refusal.ts';
import type { Actions, PageServerLoad } from './$types';

export const load: PageServerLoad = async (event) => {
	const account = await requireAccount(event);
	const { supabase } = event.locals;
	event.depends('app:conversation');
	const conversation = await messaging.get(supabase, event.params.id).catch(() => null);
	if (!conversation) error(404);
	return {
		conversation,
		side: conversation.customer_id === account.id ? ('customer' as const) : ('provider' as const),
		customer: await messaging.customerName(supabase, conversation),
		messages: await messaging.messages(supabase, conversation.id)
	};
};

export const actions: Actions = {
	default: async (event) => {
		await requireAccount(event);
		const form = await readForm(event.request, messageSchema);
		if (!form.ok) return form.failure;
		try {
			return {
				message: await commands.send(event.locals.supabase, { conversationId: event.params.id }, form.data.body)
			};
		} catch (failure) {
			if (!(failure instanceof Refusal)) throw failure;
			return form.refuse(failure.error.status, failure.error.key);
		}
	}
};
