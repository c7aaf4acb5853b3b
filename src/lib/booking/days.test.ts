import { describe, expect, test } from 'vitest';
import { dayShown, daysOf, pageStart } from './days.ts';

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

describe('times are shown', () => {
	const free = slot('2026-11-22T08:00:00');
	const days = daysOf(
		[free, { ...slot('2026-11-23T08:00:00'), gone: true }, slot('2026-11-25T08:00:00')],
		'2026-11-21',
		5
	);
	test.each([
		['of the day asked for', '2026-11-25', '2026-11-25'],
		['of one whose last time has just gone', '2026-11-23', '2026-11-23'],
		['of the next free day where there is none', '2026-11-24', '2026-11-25'],
		['of the first free day where none comes after', '2026-11-26', '2026-11-22'],
		['of the first free day where none is asked for', null, '2026-11-22']
	])('%s', (_, asked, shown) => expect(dayShown(days, asked)).toBe(shown));

	test('of none where nothing is free', () => {
		expect(dayShown(daysOf([], '2026-11-21'), '2026-11-24')).toBe('2026-11-24');
		expect(dayShown(daysOf([], '2026-11-21'), null)).toBe('2026-11-21');
	});
});
