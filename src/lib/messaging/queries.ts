import { allOf, perBatch } from '#lib/list/batches.ts';
import { paged, past } from '#lib/list/cursor.ts';
import type { Cursor } from '#lib/list/cursor.ts';
import type { Client, Tables } from '#lib/supabase/client.ts';
import { unwrap } from '#lib/supabase/refusal.ts';

export type Message = Tables['messages']['Row'];

const columns = `id, provider_id, customer_id, last_message_at, last_message_preview, created_at,
	provider:providers(id, slug, name, name_ar),
	reads:conversation_reads(user_id, read_at)`;

const perPage = 50;

/** A page of the conversations of the caller on either side in which something was said, the liveliest first. */
export async function list(client: Client, after?: Cursor) {
	const query = client
		.from('conversations')
		.select(columns)
		.not('last_message_at', 'is', null)
		.order('last_message_at', { ascending: false })
		.order('id', { ascending: false })
		.limit(perPage + 1);
	const rows = unwrap(await (after ? query.or(past('last_message_at', 'lt', after)) : query));
	return paged(rows, perPage, ({ last_message_at, id }) => ({ at: last_message_at!, id }));
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

/**
 * What providers call their customers: the name on the customer's latest booking, by "provider customer" ids. A name is
 * there for conversations in which the reader is on the provider's side, and only where a booking links the two.
 */
export async function customerNames(
	client: Client,
	conversations: { provider_id: string; customer_id: string | null }[],
	reader: string
): Promise<Map<string, string>> {
	const others = conversations.flatMap(({ provider_id, customer_id }) =>
		customer_id === null || customer_id === reader ? [] : [{ provider_id, customer_id }]
	);
	if (others.length === 0) return new Map();
	const rows = await allOf(
		async (after) => {
			const query = client
				.from('bookings')
				.select('id, provider_id, customer_id, customer_name, created_at')
				.in('customer_id', [...new Set(others.map(({ customer_id }) => customer_id))])
				.in('provider_id', [...new Set(others.map(({ provider_id }) => provider_id))])
				.order('created_at')
				.order('id')
				.limit(perBatch);
			return unwrap(await (after ? query.or(past('created_at', 'gt', after)) : query));
		},
		({ created_at, id }) => ({ at: created_at, id })
	);
	return new Map(rows.map((row) => [`${row.provider_id} ${row.customer_id}`, row.customer_name]));
}

/** The customer's name in one conversation, as the provider's side sees it, or null. */
export async function customerName(
	client: Client,
	conversation: { provider_id: string; customer_id: string | null }
): Promise<string | null> {
	const names = await customerNames(client, [conversation], '');
	return names.get(`${conversation.provider_id} ${conversation.customer_id}`) ?? null;
}
