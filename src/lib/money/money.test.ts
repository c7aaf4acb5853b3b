import { describe, expect, test } from 'vitest';
import { minorDigits, parseMoney, toMajor, toMinor } from './money.ts';

test('each currency has its own number of decimals', () => {
	expect([minorDigits('MAD'), minorDigits('JPY'), minorDigits('TND')]).toEqual([2, 0, 3]);
	expect(toMajor(12345, 'MAD')).toBe(123.45);
	expect([toMinor(200, 'MAD'), toMinor(200, 'JPY'), toMinor(0.29, 'TND')]).toEqual([20000, 200, 290]);
});

describe('a typed amount', () => {
	test.each([
		['150', 15000],
		['150,5', 15050],
		['1 250.50', 125050],
		['0.29', 29],
		['1,234,5', null],
		['1.234', null],
		['-5', null],
		['', null],
		['abc', null]
	])('%s gives %s centimes', (typed, minor) => expect(parseMoney(typed, 'MAD')).toBe(minor));
});
