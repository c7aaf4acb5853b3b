import { describe, expect, test } from 'vitest';
import { addDays, defaultZone, firstDay, instantOf, isoWeekday, lastDay, localDate, localOf } from './zone.ts';

describe('Moroccan clocks', () => {
	test.each([
		// Ramadan 2026: clocks go back an hour on 15 February and forward again on 22 March.
		['2026-02-14', '10:00', '2026-02-14T09:00:00.000Z'],
		['2026-02-16', '10:00', '2026-02-16T10:00:00.000Z'],
		['2026-03-21', '10:00', '2026-03-21T10:00:00.000Z'],
		['2026-03-23', '10:00', '2026-03-23T09:00:00.000Z'],
		// 02:30 occurs twice on 15 February: the first counts; it does not occur on 22 March: an hour later does.
		['2026-02-15', '02:30', '2026-02-15T01:30:00.000Z'],
		['2026-03-22', '02:30', '2026-03-22T02:30:00.000Z']
	])('%s %s is %s', (date, time, instant) => {
		expect(instantOf(date, time, defaultZone).toISOString()).toBe(instant);
	});

	test('a moment late in the evening belongs to the day that the clocks show', () => {
		expect(localDate('2026-05-20T23:30:00Z', defaultZone)).toBe('2026-05-21');
		expect(localOf('2026-02-20T23:30:00Z', defaultZone)).toEqual({ date: '2026-02-20', time: '23:30' });
	});
});

test.each([-60, 0, 60])('the days of a period stay where zone data differ by %i minutes', (minutes) => {
	const midnight = (day: string) => instantOf(day, '00:00', defaultZone).getTime() + minutes * 60_000;
	expect(firstDay(midnight('2026-11-21'), defaultZone)).toBe('2026-11-21');
	expect(lastDay(midnight('2026-11-22'), defaultZone)).toBe('2026-11-21');
});

test('days are added across months and leap years', () => {
	expect(addDays('2028-02-28', 1)).toBe('2028-02-29');
	expect(addDays('2026-01-01', -1)).toBe('2025-12-31');
});

test('weekdays count from Monday, 1, to Sunday, 7', () => {
	expect(isoWeekday('2026-11-20')).toBe(5);
	expect(isoWeekday('2026-11-22')).toBe(7);
});
