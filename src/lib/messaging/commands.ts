import type { Client } from '#lib/supabase/client.ts';
import { unwrap } from '#lib/supabase/refusal.ts';
import type { Message } from './queries.ts';

/** Sends a message in a conversation or, to start one, to a provider. */
export async function send(
	client: Client,
	to: { conversationId: string } | { providerId: string },
	body: string
): Promise<Message> {
	return unwrap(
		await client.rpc('send_message', {
			...('conversationId' in to ? { conversation_id: to.conversationId } : { provider_id: to.providerId }),
			body
		})
	);
}

/** Remembers that the caller has read the conversation up to now. */
export async function markRead(client: Client, conversationId: string): Promise<void> {
	const { error } = await client.rpc('mark_read', { conversation_id: conversationId });
	unwrap({ data: true, error });
}
