import { appendFileSync, chmodSync, existsSync, renameSync, statSync } from 'node:fs';

/** When the log is as large as this (bytes), it is put aside as `….1`, in place of the one before, and begun anew. */
const largest = 5 * 1024 * 1024;

/** What tells who somebody is or opens something, and what is written in its place. */
const personal: [RegExp, string][] = [
	[/\beyJ[\w-]+\.[\w-]+(?:\.[\w-]*)?/g, '‹token›'],
	[/\bbearer\s+\S+/gi, 'Bearer ‹token›'],
	[/\b(?:sb_secret|sb_publishable|whsec|[rs]k_(?:live|test))_[\w-]+/g, '‹key›'],
	[/(?<=[\w/])\?[\w%[\].-]+=[^\s"'<>]*/g, '?…'],
	[/[^\s"'<>()[\]{}=:,;]+@[^\s"'<>()[\]{}=:,;]+\.[^\s"'<>()[\]{}=:,;]+/g, '‹address›'],
	[/(?:\+|\b00)\d[\d .-]{6,17}\d\b|\b0[5-7](?:[ .-]?\d{2}){4}\b/g, '‹phone›'],
	// secrets of links: long, with letters of both kinds and digits, and no dashes in the places of a uuid
	[/(?<![\w-])(?=[\w-]*[a-z])(?=[\w-]*[A-Z])(?=[\w-]*\d)[\w-]{24,}(?![\w-])/g, '‹secret›'],
	[/\b(?![0-9a-f]{8}-)[0-9a-f]{32,}\b/g, '‹secret›']
];

/**
 * A line as it may be kept: nothing in it tells who somebody is, nor opens anything. The services say nothing personal by
 * themselves; this is for what an error of somebody else's code repeats.
 */
export function impersonal(line: string): string {
	return personal.reduce((text, [pattern, instead]) => text.replace(pattern, instead), line);
}

/**
 * Opens a log for its owner alone, after what is there already. Gives the function that adds a line to it. A line that
 * cannot be written does no harm to what runs: `complain` is told, once until one can be written again.
 */
export function openLog(file: string, complain: (sentence: string) => void): (service: string, line: string) => void {
	let size = existsSync(file) ? statSync(file).size : 0;
	if (size > 0) chmodSync(file, 0o600);
	let failing = false;
	return (service, line) => {
		const text = `${new Date().toISOString()} [${service}] ${impersonal(line)}\n`;
		try {
			if (size > largest) {
				renameSync(file, `${file}.1`);
				size = 0;
			}
			appendFileSync(file, text, { mode: 0o600 });
			size += Buffer.byteLength(text);
			failing = false;
		} catch (error) {
			if (!failing) {
				const { code } = error as { code?: string };
				complain(
					`The log cannot be written (${code}${code === 'ENOSPC' ? ', the disk is full' : ''}); what runs goes on.`
				);
			}
			failing = true;
		}
	};
}
