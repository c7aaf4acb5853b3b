import { createHash, randomUUID } from 'node:crypto';
import type { Caller } from '../service.ts';
import type { Buckets } from './buckets.ts';
import type { Database, Metadata } from './database.ts';
import { invalidRequest, objectNotFound, StorageError, tooLarge } from './errors.ts';
import type { Files } from './files.ts';
import { checkName, mimeAllowed } from './rules.ts';

/** What an upload brings. */
interface Upload {
	bytes: Uint8Array;
	mimetype: string;
	cacheControl: string;
	userMetadata: Record<string, unknown> | null;
}

function parseUserMetadata(text: string | null): Record<string, unknown> | null {
	if (!text) return null;
	try {
		return JSON.parse(text) as Record<string, unknown>;
	} catch {
		throw invalidRequest('Invalid metadata');
	}
}

/** Collects a body and gives up as soon as it is larger than `limit` bytes. */
async function collect(body: ReadableStream<Uint8Array> | null, limit: number): Promise<Uint8Array<ArrayBuffer>> {
	const chunks: Uint8Array[] = [];
	let size = 0;
	for await (const chunk of body ?? []) {
		size += chunk.length;
		if (size > limit) throw tooLarge();
		chunks.push(chunk);
	}
	return new Uint8Array(Buffer.concat(chunks));
}

/** What multipart adds around a file of the largest size. */
const envelope = 64 * 1024;

/** Reads an upload: a form whose file has any name or none, or the bare bytes. */
async function readUpload(request: Request, limit: number): Promise<Upload> {
	const type = request.headers.get('content-type') ?? 'application/octet-stream';
	if (Number(request.headers.get('content-length') ?? 0) > limit + envelope) throw tooLarge();
	if (!type.startsWith('multipart/form-data')) {
		const encoded = request.headers.get('x-metadata');
		return {
			bytes: await collect(request.body, limit),
			mimetype: type,
			cacheControl: request.headers.get('cache-control') ?? 'no-cache',
			userMetadata: parseUserMetadata(encoded && Buffer.from(encoded, 'base64').toString())
		};
	}
	const raw = await collect(request.body, limit + envelope);
	const form = await new Response(raw, { headers: { 'content-type': type } }).formData().catch(() => {
		throw invalidRequest('Invalid multipart body');
	});
	const file = [...form.values()].find((value) => typeof value !== 'string');
	if (!file) throw invalidRequest('No file in the form');
	const bytes = new Uint8Array(await file.arrayBuffer());
	if (bytes.length > limit) throw tooLarge();
	const seconds = form.get('cacheControl');
	const metadata = form.get('metadata');
	const contentType = form.get('contentType');
	return {
		bytes,
		mimetype: (typeof contentType === 'string' && contentType) || file.type || 'application/octet-stream',
		cacheControl: typeof seconds === 'string' && seconds !== '' ? `max-age=${seconds}` : 'no-cache',
		userMetadata: parseUserMetadata(typeof metadata === 'string' ? metadata : null)
	};
}

interface Options {
	database: Database;
	files: Files;
	buckets: Buckets;
	/** bytes; a bucket's own limit may be lower */
	maxSize: number;
}

/** Uploads as the caller: INSERT by policy, and SELECT and UPDATE too where something may be replaced. */
export function uploads({ database, files, buckets, maxSize }: Options) {
	/**
	 * Stores what the request brings. `mode`: `create` refuses a name that is taken, `upsert` replaces it,
	 * `update` needs it to be there. Raises 403, 404, 409, 413, 415.
	 */
	return async (
		caller: Caller,
		bucketId: string,
		name: string,
		request: Request,
		mode: 'create' | 'upsert' | 'update'
	) => {
		checkName(name, 'object');
		const bucket = await buckets.find(bucketId);
		const upload = await readUpload(request, Math.min(bucket.file_size_limit ?? maxSize, maxSize));
		if (!mimeAllowed(upload.mimetype, bucket.allowed_mime_types)) {
			throw new StorageError(
				415,
				'InvalidMimeType',
				`mime type ${upload.mimetype} is not supported`,
				'invalid_mime_type'
			);
		}

		const id = randomUUID();
		const version = randomUUID();
		const metadata: Metadata = {
			eTag: `"${createHash('md5').update(upload.bytes).digest('hex')}"`,
			size: upload.bytes.length,
			mimetype: upload.mimetype,
			cacheControl: upload.cacheControl,
			lastModified: new Date().toISOString(),
			contentLength: upload.bytes.length,
			httpStatusCode: 200
		};
		const sub = caller.claims.sub ?? null;
		const [before] = await database.asOwner(
			(sql) =>
				sql<
					{ id: string; version: string }[]
				>`select id, version from storage.objects where bucket_id = ${bucketId} and name = ${name}`
		);
		files.write(version, upload.bytes);
		try {
			await database.as(
				caller,
				mode === 'create' ? 'storage.object.upload' : 'storage.object.upload_update',
				async (sql) => {
					const data = sql.json(metadata as never);
					const own = upload.userMetadata && sql.json(upload.userMetadata as never);
					if (mode === 'update') {
						const changed = await sql`
						update storage.objects set version = ${version}, metadata = ${data}, user_metadata = ${own}, owner = ${sub}, owner_id = ${sub}
						where bucket_id = ${bucketId} and name = ${name}`;
						if (changed.count === 0) throw objectNotFound();
						return;
					}
					await sql`
					insert into storage.objects (id, bucket_id, name, owner, owner_id, version, metadata, user_metadata)
					values (${id}, ${bucketId}, ${name}, ${sub}, ${sub}, ${version}, ${data}, ${own})
					${
						mode === 'upsert'
							? sql`on conflict (bucket_id, name) do update set
								version = excluded.version, metadata = excluded.metadata, user_metadata = excluded.user_metadata,
								owner = excluded.owner, owner_id = excluded.owner_id`
							: sql``
					}`;
				}
			);
		} catch (error) {
			files.remove([version]);
			throw error;
		}
		if (before) files.remove([before.version]);
		return { Id: before?.id ?? id, Key: `${bucketId}/${name}` };
	};
}
