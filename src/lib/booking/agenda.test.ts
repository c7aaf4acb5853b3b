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
	[null, null, true],
	['2026-11-20T10:00:00Z', null, true],
	['2026-11-20T10:00:01Z', null, false],
	[null, '2026-11-20T10:00:01Z', true],
	[null, '2026-11-20T10:00:00Z', false]
])('what opens at %s and closes at %s is open at 10:00: %s', (opens, closes, open) => {
	const next_moves = [{ to: 'confirmed' as const, opens, closes }];
	expect(moves({ next_moves }, new Date('2026-11-20T10:00:00Z'))).toEqual(open ? ['confirmed'] : []);
});
