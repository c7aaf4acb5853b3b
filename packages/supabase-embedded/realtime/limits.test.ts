import { describe, expect, test } from 'vitest';
import { Rate } from './limits.ts';

const start = 1_700_000_000_000;

describe('a rate', () => {
	test('allows its limit as an average of the window', () => {
		const rate = new Rate(2, 3);
		const answers = Array.from({ length: 7 }, () => rate.take(start));
		expect(answers).toEqual([true, true, true, true, true, true, false]);
	});

	test('forgets what is older than the window', () => {
		const rate = new Rate(1, 2);
		expect([rate.take(start), rate.take(start), rate.take(start)]).toEqual([true, true, false]);
		expect(rate.take(start + 1000)).toBe(false);
		expect(rate.take(start + 2000)).toBe(true);
	});

	test('starts anew after a long pause', () => {
		const rate = new Rate(1, 60);
		for (let n = 0; n < 100; n++) rate.take(start);
		expect(rate.take(start + 3_600_000)).toBe(true);
		expect(rate.take(start + 3_600_000)).toBe(true);
	});
});
