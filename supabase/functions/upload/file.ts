import { fileTypeFromBuffer } from 'file-type';
import { DatabaseError } from '../_shared/database.ts';
import { sizeOfWebp } from './webp.ts';

/**
 * What each kind of upload may be, by its bytes, and how many of them there may be, as the buckets have it; `edge` is the
 * longest side of a picture in points, with room above what the site draws: who looks at it decodes it whole.
 */
const taken = {
	avatar: { types: ['image/webp'], bytes: 1024 * 1024, edge: 512 },
	document: { types: ['application/pdf', 'image/webp'], bytes: 10 * 1024 * 1024, edge: 4096 }
} as const;
export type Purpose = keyof typeof taken;

/** What a form adds around its largest file. */
const envelope = 64 * 1024;
const mostBytes = Math.max(...Object.values(taken).map(({ bytes }) => bytes)) + envelope;

export interface TypedFile {
	bytes: Uint8Array<ArrayBuffer>;
	type: string;
	extension: string;
}

const refusal = (field: string) => new DatabaseError(422, 'invalid_input', field);

/** The form of a request; reading ends where it is larger than any that could be taken. Raises invalid_input. */
export async function readForm(request: Request): Promise<FormData> {
	if (Number(request.headers.get('content-length') ?? 0) > mostBytes) throw refusal('file');
	const chunks: Uint8Array<ArrayBuffer>[] = [];
	let size = 0;
	for await (const chunk of request.body ?? []) {
		size += chunk.length;
		if (size > mostBytes) throw refusal('file');
		chunks.push(chunk as Uint8Array<ArrayBuffer>);
	}
	const type = request.headers.get('content-type') ?? '';
	return new Response(new Blob(chunks), { headers: { 'content-type': type } }).formData().catch(() => {
		throw refusal('body');
	});
}

/** Whether a file is what it begins as, to its end: a PDF that is closed, or one still picture of a bounded size alone. */
function isWhole(bytes: Uint8Array, type: string, edge: number): boolean {
	if (type === 'application/pdf') return new TextDecoder('latin1').decode(bytes.subarray(-1024)).includes('%%EOF');
	const size = sizeOfWebp(bytes);
	return size !== null && Math.max(size.width, size.height) <= edge;
}

/**
 * A file with its type and extension as its bytes say them; what it is called and what it says of itself counts for
 * nothing. Raises invalid_input (file) for none, one that is too large in bytes or points, one of another type, and one
 * that is more or less than what it begins as.
 */
export async function typedFile(file: unknown, purpose: Purpose): Promise<TypedFile> {
	const rule = taken[purpose];
	if (!(file instanceof Blob) || file.size === 0 || file.size > rule.bytes) throw refusal('file');
	const bytes = new Uint8Array(await file.arrayBuffer());
	const found = await fileTypeFromBuffer(bytes).catch(() => undefined);
	if (!found || !(rule.types as readonly string[]).includes(found.mime)) throw refusal('file');
	if (!isWhole(bytes, found.mime, rule.edge)) throw refusal('file');
	return { bytes, type: found.mime, extension: found.ext };
}
