import { parsePhoneNumberFromString } from 'libphonenumber-js/min';
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
const byteOrderMark = '\ufeff';

// Where a spreadsheet would begin to reckon: at one of these signs, in ASCII or full width, first in a cell, whatever spaces
// and marks are before it, or behind what it parts cells by when it expects another kind of file than ours.
const signs = '[=+\\-@＝＋－﹢﹣＠﹫]';
const blank = '[\\s\\p{Cc}\\p{Cf}]*';
const first = new RegExp(`^(?=[\\t\\r\\n]|${blank}${signs})`, 'u');
const behind = new RegExp(`[;\\t\\r\\n](?=${blank}${signs})|,(?=${signs})`, 'gu');

/**
 * A row of a CSV file (RFC 4180) with its line end. Text that a spreadsheet would take for a formula gets an apostrophe
 * before it: what a customer types must not run on the provider's machine. A phone number (E.164) gets none, which people
 * and other programs would have to take away again: it is written in groups, +212 6 12 34 56 78, and so stays a text.
 */
export function csvRow(cells: Cell[], language: Language): string {
	const { separator, point } = styles[language];
	return `${cells.map((cell) => written(cell, point)).join(separator)}\r\n`;
}

function written(cell: Cell, point: string): string {
	if (cell === null) return '';
	if (typeof cell === 'number') return String(cell).replace('.', point);
	const safe = phoneText(cell) ?? cell.replace(behind, "$&'").replace(first, "'");
	// One cell also to a program that parts cells by another sign than ours.
	return /[",;\t\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}

/** A phone number as it is written abroad, or null for other text. */
function phoneText(cell: string): string | null {
	if (!/^\+[1-9]\d{7,14}$/.test(cell)) return null;
	const shown = parsePhoneNumberFromString(cell)?.formatInternational();
	return shown?.includes(' ') ? shown : null;
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
