import { expect, test } from 'vitest';
import { createHourly, createLimiter } from './limits.ts';

const second = 1000;

test('an address may ask for as much as its bucket holds, then as fast as it fills', () => {
	const allow = createLimiter(1, 3);
	expect([0, 0, 0, 0].map((now) => allow('a', now))).toEqual([true, true, true, false]);
	expect(allow('a', 0.9 * second)).toBe(false);
	expect(allow('a', 1.1 * second)).toBe(true);
	expect(allow('a', 1.1 * second)).toBe(false);
});

test('what is refused costs nothing, and a full bucket holds no more', () => {
	const allow = createLimiter(1, 2);
	for (let i = 0; i < 10; i++) allow('a', 0);
	expect([3600, 3600, 3600].map((now) => allow('a', now * second))).toEqual([true, true, false]);
});

test('addresses do not count for each other', () => {
	const allow = createLimiter(1, 1);
	expect(allow('a', 0)).toBe(true);
	expect(allow('b', 0)).toBe(true);
	expect(allow('a', 0)).toBe(false);
});

test('mails of one hour leave those of the next alone', () => {
	const allow = createHourly(2, 0);
	expect([0, 1, 2].map((minute) => allow(minute * 60 * second))).toEqual([true, true, false]);
	expect(allow(59 * 60 * second)).toBe(false);
	expect(allow(60 * 60 * second)).toBe(true);
});
