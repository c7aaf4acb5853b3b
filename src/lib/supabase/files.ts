import { FunctionsHttpError } from '@supabase/supabase-js';
import type { Client } from './client.ts';
import { isPath } from './path.ts';
import { Refusal } from './refusal.ts';

/** What the function `upload` is told of a file. */
export type Upload = { purpose: 'avatar' } | { purpose: 'document'; provider_id: string; kind: string };

/**
 * Puts a file into Storage by the one way there is, the function `upload`, which writes it down too. Gives its path.
 * Raises Refusal: invalid_input, not_allowed, not_found, rate_limited, limit_reached.
 */
export async function upload(client: Client, about: Upload, bytes: Uint8Array<ArrayBuffer>): Promise<string> {
	const body = new FormData();
	for (const [name, value] of Object.entries(about)) body.append(name, value);
	body.append('file', new Blob([bytes]));
	const { data, error } = await client.functions.invoke<{ path: string }>('upload', { body });
	if (error instanceof FunctionsHttpError)
		throw new Refusal(await (error.context as Response).json().catch(() => null));
	if (error || !data) throw new Refusal(error);
	return data.path;
}

/**
 * An address at which a file can be downloaded under a name, for so many seconds; null where there is no such file, or the
 * caller may not read it. The path goes in the body: pasted into an address, as `createSignedUrl` does it, one with dots
 * would lead elsewhere.
 */
export async function downloadAddress(
	client: Client,
	bucket: string,
	path: string,
	seconds: number,
	download: string
): Promise<string | null> {
	if (!isPath(path)) return null;
	const { data } = await client.storage.from(bucket).createSignedUrls([path], seconds, { download });
	return data?.[0]?.signedUrl || null;
}
