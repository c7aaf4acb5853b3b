import { invalidRequest, StorageError } from './errors.ts';

const units: Record<string, number> = { b: 1, kb: 1e3, mb: 1e6, gb: 1e9, kib: 1024, mib: 1024 ** 2, gib: 1024 ** 3 };

/** Bytes, from a number or a text such as `10MiB` or `5MB`. */
export function parseSize(size: number | string): number {
	if (typeof size === 'number') return size;
	const match = /^(\d+(?:\.\d+)?)\s*([kmg]?i?b)?$/i.exec(size.trim());
	if (!match) throw invalidRequest(`Invalid file size format, hint: use 20GB / 20MB / 30KB / 3B`);
	return Math.floor(Number(match[1]) * units[(match[2] ?? 'b').toLowerCase()]!);
}

/** Names may hold what S3 holds to be safe; a slash only in the name of an object. Raises InvalidKey. */
export function checkName(name: string, kind: 'object' | 'bucket'): void {
	const pattern = kind === 'object' ? /^[\w/!.*'() &$@=;:+,?-]+$/ : /^[\w!.*'() &$@=;:+,?-]+$/;
	if (!pattern.test(name) || name.length > 1024 || name.startsWith('/')) {
		throw kind === 'object'
			? new StorageError(400, 'InvalidKey', `Invalid key: ${name}`)
			: new StorageError(400, 'InvalidBucketName', 'Bucket name invalid');
	}
}

/** True when one of the patterns (`image/png`, `image/*`) covers the type. */
export function mimeAllowed(type: string, patterns: string[] | null): boolean {
	if (!patterns || patterns.length === 0) return true;
	const essence = type.split(';')[0]!.trim().toLowerCase();
	return patterns.some(
		(pattern) =>
			pattern === '*/*' || pattern === essence || (pattern.endsWith('/*') && essence.startsWith(pattern.slice(0, -1)))
	);
}

/**
 * The part of `size` bytes that a `Range` header asks for; null when it asks for none that we serve in parts, and
 * `unsatisfiable` when it lies outside.
 */
export function parseRange(
	header: string | null,
	size: number
): { start: number; end: number } | 'unsatisfiable' | null {
	const match = /^bytes=(\d*)-(\d*)$/.exec(header ?? '');
	if (!match || (match[1] === '' && match[2] === '')) return null;
	const start = match[1] === '' ? Math.max(0, size - Number(match[2])) : Number(match[1]);
	const end = match[1] === '' || match[2] === '' ? size - 1 : Math.min(Number(match[2]), size - 1);
	return start > end || start >= size ? 'unsatisfiable' : { start, end };
}
