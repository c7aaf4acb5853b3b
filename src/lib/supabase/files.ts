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
 * A file as the answer to a request, downloaded under a name or shown, with the caller's own rights at this moment: no
 * address leads to it that somebody else could open, or that would open it later. Null where there is no such file, or the
 * caller may not read it.
 */
export async function fileAnswer(client: Client, bucket: string, path: string, name: string): Promise<Response | null> {
	// Pasted into an address, one with dots would lead elsewhere.
	if (!isPath(path)) return null;
	const { data } = await client.storage.from(bucket).download(path);
	if (!data) return null;
	return new Response(data, {
		headers: {
			'content-type': data.type,
			'content-disposition': `attachment; filename="${name}"`,
			'cache-control': 'private, no-store'
		}
	});
}
