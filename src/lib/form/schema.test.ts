import { expect, test } from 'vitest';
import { instant, localDay } from './schema.ts';

test.each([
	['2026-11-29', true],
	['1900-01-01', true],
	['2099-12-31', true],
	['2100-01-01', false],
	['1899-12-31', false],
	['0000-01-01', false],
	['9999-12-31', false],
	['2026-02-30', false],
	['demain', false]
])('a page can reckon with the day %s, and an instant of it: %s', (day, near) => {
	expect(localDay().safeParse(day).success).toBe(near);
	expect(instant().safeParse(`${day}T12:00:00+01:00`).success).toBe(near);
});
