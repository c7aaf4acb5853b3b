import { requireAccount } from '#lib/accounts/guard.server.ts';
import * as messaging from '#lib/messaging/queries.ts';
import type { PageServerLoad } from './$types';

export const load: PageServerLoad = async (event) => {
	const account = await requireAccount(event);
	const conversations = await messaging.list(event.locals.supabase);
	const names = await messaging.customerNames(event.locals.supabase, conversations, account.id);
	return {
		conversations: conversations.map((conversation) => ({
			...conversation,
			customer: names.get(`${conversation.provider_id} ${conversation.customer_id}`) ?? null,
			unread:
				conversation.last_message_at !== null &&
				!conversation.reads.some((read) => read.user_id === account.id && read.read_at >= conversation.last_message_at!)
		}))
	};
};
