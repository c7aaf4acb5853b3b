import { expect, test } from 'vitest';
import { agenda, moves } from './agenda.ts';
import type { AgendaRow } from './queries.ts';

const booking = (local_starts_at: string, status = 'confirmed') => ({ local_starts_at, status }) as AgendaRow;

test('today is apart, later days follow in order, the past is left out', () => {
	const rows = ['2026-11-22T09:00', '2026-11-20T10:00', '2026-11-19T10:00', '2026-11-21T08:00'].map((at) =>
		booking(at)
	);
	const { today, days } = agenda(rows, '2026-11-20');
	expect(today.map((row) => row.local_starts_at)).toEqual(['2026-11-20T10:00']);
	expect(days.map(([day]) => day)).toEqual(['2026-11-21', '2026-11-22']);
});

test('what was called off takes no room, and a day with nothing but requests has no heading of its own', () => {
	const rows = [
		booking('2026-11-20T09:00', 'cancelled'),
		booking('2026-11-20T10:00', 'pending'),
		booking('2026-11-21T09:00', 'pending'),
		booking('2026-11-22T09:00', 'rejected'),
		booking('2026-11-23T09:00', 'no_show')
	];
	const { today, days } = agenda(rows, '2026-11-20');
	expect(today.map(({ status }) => status)).toEqual(['pending']);
	expect(days.map(([day]) => day)).toEqual(['2026-11-23']);
});

test.each([
	['pending', '12:00', ['confirmed', 'rejected']],
	['pending', '10:00', ['rejected']],
	['confirmed', '10:31', []],
	['confirmed', '10:30', ['in_progress']],
	['confirmed', '09:00', ['in_progress', 'completed', 'no_show']],
	['in_progress', '09:00', ['completed']],
	['cancelled', '09:00', []]
])('at 10:00 a booking that is %s for %s may become %j', (status, time, expected) => {
	expect(moves({ status, starts_at: `2026-11-20T${time}:00Z` }, new Date('2026-11-20T10:00:00Z'))).toEqual(expected);
});
