import { addDays } from '#lib/time/zone.ts';
import type { LocalDate } from '#lib/time/zone.ts';

/** A list that is newest first, cut into days by the local time of each row (`2026-11-20T14:30`). */
export function byDay<Row extends { local_created_at: string }>(rows: Row[]): [LocalDate, Row[]][] {
	return [...Map.groupBy(rows, ({ local_created_at }) => local_created_at.slice(0, 10))];
}

/** What a day is called beside today; null for a day that is called by its date. */
export function nameOfDay(day: LocalDate, today: LocalDate): 'today' | 'yesterday' | null {
	if (day === today) return 'today';
	return day === addDays(today, -1) ? 'yesterday' : null;
}
