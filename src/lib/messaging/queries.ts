import type { Client, Tables } from '#lib/supabase/client.ts';
import { unwrap } from '#lib/supabase/refusal.ts';

export type Message = Tables['messages']['Row'];
export type ConversationRow = Awaited<ReturnType<typeof list>>[number];

const columns = `id, provider_id, customer_id, last_message_at, last_message_preview, created_at,
	provider:providers(id, slug, name, name_ar),
	reads:conversation_reads(user_id, read_at)`;

/** The conversations of the caller on either side, the liveliest first. */
export async function list(client: Client, limit = 50) {
	return unwrap(
		await client
			.from('conversations')
			.select(columns)
			.order('last_message_at', { ascending: false, nullsFirst: false })
			.limit(limit)
	);
}

/** One conversation with its provider, or null when it is not the caller's. */
export async function get(client: Client, id: string) {
	return unwrap(await client.from('conversations').select(columns).eq('id', id).maybeSingle()) ?? null;
}

/** The conversation between a customer and a provider, or null when they have none. */
export async function between(client: Client, providerId: string, customerId: string) {
	return (
		unwrap(
			await client
				.from('conversations')
				.select(columns)
				.eq('provider_id', providerId)
				.eq('customer_id', customerId)
				.maybeSingle()
		) ?? null
	);
}

/** The last messages of a conversation, oldest first; with `since` those after it, for catching up. */
export async function messages(
	client: Client,
	conversationId: string,
	since?: string,
	limit = 100
): Promise<Message[]> {
	let query = client.from('messages').select('*').eq('conversation_id', conversationId);
	if (since) query = query.gt('created_at', since);
	const rows = unwrap(await query.order('created_at', { ascending: false }).limit(limit));
	return rows.reverse();
}
