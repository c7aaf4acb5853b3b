import type { Client } from '#lib/supabase/client.ts';
import { upload } from '#lib/supabase/files.ts';
import type { One } from '#lib/supabase/lists.ts';
import { unwrap } from '#lib/supabase/refusal.ts';

/** Stores a document of a provider and notes it. Raises Refusal: not_allowed, rate_limited, limit_reached. */
export async function add(
	client: Client,
	providerId: string,
	kind: One<'document_kind'>,
	bytes: Uint8Array<ArrayBuffer>
): Promise<void> {
	await upload(client, { purpose: 'document', provider_id: providerId, kind }, bytes);
}

/** Takes a document back; its file goes with it. Raises Refusal: not_found for one that is not theirs. */
export async function remove(client: Client, documentId: string): Promise<void> {
	unwrap(await client.from('provider_documents').delete().eq('id', documentId).select('id').single());
}

/** Asks the platform to look at the documents. Raises Refusal: invalid_transition, invalid_input (documents), not_allowed. */
export async function request(client: Client, providerId: string): Promise<void> {
	unwrap(await client.rpc('request_verification', { provider_id: providerId }));
}
