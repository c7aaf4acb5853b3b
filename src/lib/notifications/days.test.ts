import { expect, test } from 'vitest';
import { byDay, nameOfDay } from './days.ts';

const row = (local_created_at: string) => ({ local_created_at });

test('a list is cut where the day changes', () => {
	const rows = [row('2026-11-21T00:10:00'), row('2026-11-20T23:50:00'), row('2026-11-20T08:00:00')];
	expect(byDay(rows)).toEqual([
		['2026-11-21', [rows[0]]],
		['2026-11-20', [rows[1], rows[2]]]
	]);
});

test.each([
	['2026-03-01', 'today'],
	['2026-02-28', 'yesterday'],
	['2026-02-27', null]
])('on the first of March %s is called %s', (day, name) => expect(nameOfDay(day, '2026-03-01')).toBe(name));
