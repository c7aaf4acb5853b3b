import { Readable } from 'node:stream';
import type { StoredObject } from './database.ts';
import { objectNotFound } from './errors.ts';
import type { Files } from './files.ts';
import { parseRange } from './rules.ts';

/** `?download` saves the file under its own name, `?download=name` under another. */
function disposition(download: string | null, name: string): string | null {
	if (download === null) return null;
	const fileName = download === '' ? name.split('/').at(-1)! : download;
	return `attachment; filename=${encodeURIComponent(fileName)}; filename*=UTF-8''${encodeURIComponent(fileName)};`;
}

/**
 * The answer to a download: whole, in part (Range), or that the client's copy is good (If-None-Match,
 * If-Modified-Since). Whatever people upload is served so that a browser runs nothing in it.
 */
export function serve(files: Files, object: StoredObject, request: Request): Response {
	const { metadata } = object;
	const { searchParams } = new URL(request.url);
	const headers = new Headers({
		'content-type': metadata.mimetype,
		'cache-control': metadata.cacheControl,
		etag: metadata.eTag,
		'last-modified': new Date(metadata.lastModified).toUTCString(),
		'accept-ranges': 'bytes',
		'x-content-type-options': 'nosniff',
		'content-security-policy': "sandbox; default-src 'none'; style-src 'unsafe-inline'"
	});
	const saved = disposition(searchParams.get('download'), object.name);
	if (saved !== null) headers.set('content-disposition', saved);

	const known = request.headers.get('if-none-match');
	const since = Date.parse(request.headers.get('if-modified-since') ?? '');
	const unchanged =
		known === null
			? Math.floor(Date.parse(metadata.lastModified) / 1000) * 1000 <= since
			: known.split(',').some((tag) => tag.trim().replace(/^W\//, '') === metadata.eTag || tag.trim() === '*');
	if (unchanged) return new Response(null, { status: 304, headers });

	const range = parseRange(request.headers.get('range'), metadata.size);
	if (range === 'unsatisfiable') {
		headers.set('content-range', `bytes */${metadata.size}`);
		return new Response(null, { status: 416, headers });
	}
	if (!files.has(object.version)) throw objectNotFound();
	const { start, end } = range ?? { start: 0, end: metadata.size - 1 };
	headers.set('content-length', String(end - start + 1));
	if (range) headers.set('content-range', `bytes ${start}-${end}/${metadata.size}`);
	const empty = request.method === 'HEAD' || metadata.size === 0;
	const body = empty ? null : (Readable.toWeb(files.read(object.version, start, end)) as ReadableStream);
	return new Response(body, { status: range ? 206 : 200, headers });
}

/** What `info` tells about an object. */
export function describe(object: StoredObject): Record<string, unknown> {
	return {
		id: object.id,
		name: object.name,
		version: object.version,
		bucket_id: object.bucket_id,
		size: object.metadata.size,
		content_type: object.metadata.mimetype,
		cache_control: object.metadata.cacheControl,
		etag: object.metadata.eTag,
		metadata: object.user_metadata ?? {},
		last_modified: object.updated_at,
		created_at: object.created_at
	};
}
