import { requireAccount } from '#lib/accounts/guard.server.ts';
import { cursor, listOf } from '#lib/list/schema.ts';
import * as messaging from '#lib/messaging/queries.ts';
import { z } from 'zod';
import type { PageServerLoad } from './$types';

const listSchema = z.object({ after: cursor });

export const load: PageServerLoad = async (event) => {
	const account = await requireAccount(event);
	const { after } = listOf(listSchema, event.url);
	const { rows: conversations, next } = await messaging.list(event.locals.supabase, after);
	const names = await messaging.customerNames(event.locals.supabase, conversations, account.id);
	return {
		next,
		conversations: conversations.map((conversation) => ({
			...conversation,
			customer: names.get(`${conversation.provider_id} ${conversation.customer_id}`) ?? null,
			unread:
				conversation.last_message_at !== null &&
				!conversation.reads.some((read) => read.user_id === account.id && read.read_at >= conversation.last_message_at!)
		}))
	};
};
