import { describe, expect, test } from 'vitest';
import { parseSchedule } from './schedule.ts';

const after = (schedule: string, from: string) => {
	const next = parseSchedule(schedule).next(Date.parse(from));
	return next === null ? null : new Date(next).toISOString();
};

describe('a job is next due', () => {
	test.each([
		['* * * * *', '2026-11-20T10:00:00Z', '2026-11-20T10:01:00.000Z'],
		['*/15 * * * *', '2026-11-20T10:07:30Z', '2026-11-20T10:15:00.000Z'],
		['5 4 * * *', '2026-11-20T04:05:00Z', '2026-11-21T04:05:00.000Z'],
		['0 9 * * mon-fri', '2026-11-20T09:00:00Z', '2026-11-23T09:00:00.000Z'],
		['0 0 * * 7', '2026-11-20T00:00:00Z', '2026-11-22T00:00:00.000Z'],
		['0 0 13 * 5', '2026-11-20T00:00:00Z', '2026-11-27T00:00:00.000Z'],
		['0 12 $ * *', '2027-02-01T00:00:00Z', '2027-02-28T12:00:00.000Z'],
		['@hourly', '2026-11-20T10:00:00Z', '2026-11-20T11:00:00.000Z'],
		['@midnight', '2026-11-20T10:00:00Z', '2026-11-21T00:00:00.000Z'],
		['30 seconds', '2026-11-20T10:00:00Z', '2026-11-20T10:00:30.000Z'],
		['1 Second', '2026-11-20T10:00:00Z', '2026-11-20T10:00:01.000Z'],
		// the clocks of Morocco change in this night; jobs run by UTC
		['0 2 * * *', '2027-02-07T01:59:00Z', '2027-02-07T02:00:00.000Z'],
		['@reboot', '2026-11-20T10:00:00Z', null]
	])('%s after %s', (schedule, from, expected) => {
		expect(after(schedule, from)).toBe(expected);
	});
});

test('six fields are no schedule', () => {
	expect(() => parseSchedule('0 0 0 * * *')).toThrow();
});
