import type { Client } from '#lib/supabase/client.ts';
import { fileAnswer } from '#lib/supabase/files.ts';
import { Refusal, unwrap } from '#lib/supabase/refusal.ts';

export type Verification = NonNullable<Awaited<ReturnType<typeof latest>>>;

/** The documents that a provider handed in, the latest first; for its owners and managers, and staff who verify. */
export async function documents(client: Client, providerId: string) {
	return unwrap(
		await client
			.from('provider_documents')
			.select('id, kind, path, created_at')
			.eq('provider_id', providerId)
			.order('created_at', { ascending: false })
	);
}

/** The last request for verification with its answer, or null. */
export async function latest(client: Client, providerId: string) {
	const { data, error } = await client
		.from('verifications')
		.select('status, note, created_at, decided_at')
		.eq('provider_id', providerId)
		.order('created_at', { ascending: false })
		.limit(1)
		.maybeSingle();
	return unwrap({ data, error }) ?? null;
}

/** Since when a provider is verified, or null. */
export async function verifiedAt(client: Client, providerId: string): Promise<string | null> {
	return unwrap(await client.from('providers').select('verified_at').eq('id', providerId).single()).verified_at;
}

/** A document as a download, never shown as a page. Raises Refusal: not_found. */
export async function download(client: Client, documentId: string): Promise<Response> {
	const found = unwrap(await client.from('provider_documents').select('kind, path').eq('id', documentId).single());
	const answer = await fileAnswer(client, 'documents', found.path, `${found.kind}.${found.path.split('.').at(-1)}`);
	// The row outlived its file, or the right to it.
	if (!answer) throw new Refusal({ message: 'not_found' });
	return answer;
}
