import { expect, test } from 'vitest';
import { csvRow, csvStream } from './csv.ts';

test.each([
	['plain text', 'Sara', 'Sara'],
	['nothing', null, ''],
	['a whole number', 250, '250'],
	['a fraction', 12.5, '12.5'],
	['a number below zero', -3, '-3'],
	['the separator', 'a,b', '"a,b"'],
	['quotes', 'a "b"', '"a ""b"""'],
	['lines', 'a\nb', '"a\nb"'],
	['a formula', '=1+1', "'=1+1"],
	['a formula with quotes', '=HYPERLINK("x")', '"\'=HYPERLINK(""x"")"'],
	['a phone number', '+212612345678', '+212 6 12 34 56 78'],
	['a phone number of another country', '+33612345678', '+33 6 12 34 56 78'],
	['a sum that looks like a phone number', '+212612345678+1', "'+212612345678+1"],
	['a number of no country', '+99912345678', "'+99912345678"],
	['a formula behind spaces', '  =1+1', "'  =1+1"],
	['a formula behind a fixed space', '\u00a0=1+1', "'\u00a0=1+1"],
	['a formula behind an invisible mark', '\u200b=1+1', "'\u200b=1+1"],
	['a formula behind a line end', '\n=1+1', '"\'\n\'=1+1"'],
	['a formula of full width', '＝1+1', "'＝1+1"],
	['an at sign of full width', '＠SUM(A1)', "'＠SUM(A1)"],
	['a formula behind the other separator', 'a;=1+1', '"a;\'=1+1"'],
	['a formula behind the separator', 'a,=1+1', '"a,\'=1+1"'],
	['a formula behind a tab', 'a\t=1+1', '"a\t\'=1+1"'],
	['a formula on a later line', 'a\n=1+1', '"a\n\'=1+1"'],
	['a formula behind a comma and a space', 'a, =1+1', '"a, =1+1"'],
	['a dash in a sentence', 'oui, - 20', '"oui, - 20"'],
	['a minus', '-2', "'-2"],
	['an at sign', '@SUM(A1)', "'@SUM(A1)"],
	['a tab', '\t=1', '"\'\t\'=1"'],
	['a sign further on', 'a=b', 'a=b']
])('%s in a cell', (_, cell, expected) => expect(csvRow([cell], 'en')).toBe(`${expected}\r\n`));

test('French and Arabic spreadsheets part cells by a semicolon and write fractions with a comma', () => {
	expect(csvRow(['a,b', 'a;b', 12.5], 'fr')).toBe('"a,b";"a;b";12,5\r\n');
	expect(csvRow(['a', 12.5], 'ar')).toBe('a;12,5\r\n');
});

test('a file begins with the mark of UTF-8 and has all rows', async () => {
	async function* rows() {
		yield 'é\r\n';
		yield 'ب\r\n';
	}
	const bytes = await new Response(csvStream(rows())).bytes();
	expect([...bytes.slice(0, 3)]).toEqual([0xef, 0xbb, 0xbf]);
	expect(new TextDecoder().decode(bytes)).toBe('é\r\nب\r\n');
});

test('a reader that goes away ends the rows', async () => {
	let ended = false;
	async function* rows() {
		try {
			for (;;) yield 'x\r\n';
		} finally {
			ended = true;
		}
	}
	const reader = csvStream(rows()).getReader();
	await reader.read();
	await reader.read();
	await reader.cancel();
	expect(ended).toBe(true);
});
