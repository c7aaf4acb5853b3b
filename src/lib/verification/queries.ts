import type { Client } from '#lib/supabase/client.ts';
import { downloadAddress } from '#lib/supabase/files.ts';
import { Refusal, unwrap } from '#lib/supabase/refusal.ts';

export type ProviderDocument = Awaited<ReturnType<typeof documents>>[number];
export type Verification = NonNullable<Awaited<ReturnType<typeof latest>>>;

/** For how many seconds the address of a document opens it: the time it takes to follow it. */
const addressSeconds = 60;

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

/** A short-lived address that downloads a document, never shows it as a page. Raises Refusal: not_found. */
export async function addressOf(client: Client, documentId: string): Promise<string> {
	const found = unwrap(await client.from('provider_documents').select('kind, path').eq('id', documentId).single());
	const name = `${found.kind}.${found.path.split('.').at(-1)}`;
	const address = await downloadAddress(client, 'documents', found.path, addressSeconds, name);
	// The row outlived its file, or the right to it.
	if (!address) throw new Refusal({ message: 'not_found' });
	return address;
}
