import type { Language } from '#lib/i18n/languages.ts';

/** A value of a table; null is an empty cell. */
export type Cell = string | number | null;

/** How spreadsheets of a language part cells and write fractions; a file in another way opens as one column. */
const styles: Record<Language, { separator: string; point: string }> = {
	fr: { separator: ';', point: ',' },
	ar: { separator: ';', point: ',' },
	en: { separator: ',', point: '.' }
};

/** Marks the text as UTF-8: without it spreadsheets garble accents and Arabic. First in a file. */
export const byteOrderMark = '\ufeff';

/**
 * A row of a CSV file (RFC 4180) with its line end. Text that a spreadsheet would take for a formula gets an apostrophe
 * before it: what a customer types must not run on the provider's machine.
 */
export function csvRow(cells: Cell[], language: Language): string {
	const { separator, point } = styles[language];
	return `${cells.map((cell) => written(cell, separator, point)).join(separator)}\r\n`;
}

function written(cell: Cell, separator: string, point: string): string {
	if (cell === null) return '';
	if (typeof cell === 'number') return String(cell).replace('.', point);
	const safe = /^[=+\-@\t\r]/.test(cell) ? `'${cell}` : cell;
	return safe.includes(separator) || /["\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}

/** A file of rows that are made while it is sent, so that a long table needs no room in memory. */
export function csvStream(rows: AsyncIterable<string>): ReadableStream<Uint8Array> {
	const iterator = rows[Symbol.asyncIterator]();
	const encoder = new TextEncoder();
	return new ReadableStream({
		start: (controller) => controller.enqueue(encoder.encode(byteOrderMark)),
		async pull(controller) {
			const { done, value } = await iterator.next();
			if (done) controller.close();
			else controller.enqueue(encoder.encode(value));
		},
		async cancel() {
			await iterator.return?.();
		}
	});
}
