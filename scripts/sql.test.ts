import { describe, expect, test } from 'vitest';
import { sqlFaults } from './sql.ts';

const faults = (source: string) => sqlFaults(source).map(({ line, fault }) => `${line}: ${fault}`);

describe('the rules of the schema’s sources', () => {
	test('hold where lines are short, names fit and functions are told', () => {
		expect(faults('-- Doubles.\ncreate function private.double(n int)\nreturns int\nas $$ select n * 2 $$;')).toEqual(
			[]
		);
	});

	test('refuse a line of 121 characters, but for a text in one literal', () => {
		expect(faults('x'.repeat(60) + ' ' + 'y'.repeat(60))).toEqual(['1: 121 characters, more than 120']);
		expect(faults(`  E'${'word '.repeat(40)}'),`)).toEqual([]);
	});

	test('refuse names that Postgres would cut, counted in bytes', () => {
		const fits = 'a'.repeat(63);
		expect(faults(`create policy "${fits}" on a;`)).toEqual([]);
		expect(faults(`create index ${fits}b on a (b);`)).toEqual([`1: the name "${fits}b" is cut off at 63 bytes`]);
		const accented = 'é'.repeat(32);
		expect(faults(`create policy "${accented}" on a;`)).toEqual([`1: the name "${accented}" is cut off at 63 bytes`]);
		expect(faults(`select '${'a'.repeat(70)}';\n-- ${'a'.repeat(70)}`)).toEqual([]);
	});

	test('ask for a comment above each function, one for those of one name', () => {
		const told = '-- Gives one.\ncreate function public.one() returns int;\n';
		expect(faults(`create function private.one() returns int;\n\n${told}`)).toEqual([]);
		expect(faults(`create function private.two() returns int;\n\n${told}`)).toEqual([
			'1: no comment says what two does'
		]);
	});
});
