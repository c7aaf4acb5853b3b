import { expect, test } from 'vitest';
import { addDays, isoWeekday, localText } from './zone.ts';

test('a moment is shown as the clocks of the platform show it, which stand still at UTC since 20 September 2026', () => {
	expect(localText('2026-05-20T23:30:00Z')).toBe('2026-05-21T00:30:00');
	expect(localText('2026-09-20T00:59:59Z')).toBe('2026-09-20T01:59:59');
	expect(localText('2026-09-20T01:00:00Z')).toBe('2026-09-20T01:00:00');
	// Ramadan 2027: nothing changes any more
	expect(localText('2027-02-20T10:30:05.9Z')).toBe('2027-02-20T10:30:05');
});

test('days are added across months and leap years', () => {
	expect(addDays('2028-02-28', 1)).toBe('2028-02-29');
	expect(addDays('2026-01-01', -1)).toBe('2025-12-31');
});

test('weekdays count from Monday, 1, to Sunday, 7', () => {
	expect(isoWeekday('2026-11-20')).toBe(5);
	expect(isoWeekday('2026-11-22')).toBe(7);
});
