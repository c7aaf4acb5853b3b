import { strToU8, zipSync } from 'fflate';

/** A ZIP of JSON files: each name with what is in it, written so that people can read it too. */
export function archive(files: Record<string, unknown>, at: Date): Uint8Array<ArrayBuffer> {
	const entries = Object.entries(files).map(([name, content]) => [
		name,
		strToU8(`${JSON.stringify(content, null, '\t')}\n`)
	]);
	return new Uint8Array(zipSync(Object.fromEntries(entries), { mtime: at }));
}
