import { expect, test } from 'vitest';
import { offsetText, repeatedTimes } from './offset.ts';

test.each([
	['2026-12-01T10:30:00Z', '2026-12-01T10:30:00', 'UTC'],
	['2027-10-31T00:30:00Z', '2027-10-31T02:30:00', 'UTC+2'],
	['2027-10-31T01:30:00+00:00', '2027-10-31T02:30:00', 'UTC+1'],
	['2027-01-01T00:00:00Z', '2027-01-01T05:45:00', 'UTC+5:45'],
	['2027-01-01T12:00:00Z', '2027-01-01T08:30:00', 'UTC−3:30']
])('%s shown as %s is %s', (starts_at, local_starts_at, text) => {
	expect(offsetText({ starts_at, local_starts_at })).toBe(text);
});

test('times that clocks show twice are found', () => {
	const start = (starts_at: string, local_starts_at: string) => ({ starts_at, local_starts_at });
	expect([
		...repeatedTimes([
			start('2027-10-31T00:30:00Z', '2027-10-31T02:30:00'),
			start('2027-10-31T01:00:00Z', '2027-10-31T02:00:00'),
			start('2027-10-31T01:30:00Z', '2027-10-31T02:30:00')
		])
	]).toEqual(['2027-10-31T02:30:00']);
});
