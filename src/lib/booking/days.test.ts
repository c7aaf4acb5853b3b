import { expect, test } from 'vitest';
import { daysOf, pageStart } from './days.ts';

const slot = (local_starts_at: string) => ({ starts_at: '', ends_at: '', free: 1, local_starts_at, session_id: '' });

test('slots are put on the days of the provider’s calendar, days without any stay', () => {
	const days = daysOf([slot('2026-11-21T23:30:00'), slot('2026-11-23T08:00:00')], '2026-11-21', 3);
	expect(days.map(({ date, slots }) => [date, slots.length])).toEqual([
		['2026-11-21', 1],
		['2026-11-22', 0],
		['2026-11-23', 1]
	]);
});

test.each([
	['2026-11-20', '2026-11-20'],
	['2026-12-03', '2026-11-20'],
	['2026-12-04', '2026-12-04'],
	['2026-11-01', '2026-11-20']
])('%s is on the page that starts on %s', (day, start) => {
	expect(pageStart(day, '2026-11-20')).toBe(start);
});
