import { firstDay, lastDay } from '#lib/time/zone.ts';
import type { LocalDate } from '#lib/time/zone.ts';

/** The local days that suit who waits, of a period of whole days as Postgres writes it; null where it cannot be read. */
export function daysOf(period: unknown, zone: string): { from: LocalDate; to: LocalDate } | null {
	const bounds = /^\["?([^",]+)"?,"?([^",]+)"?\)$/.exec(String(period));
	const [begin, end] = (bounds?.slice(1) ?? []).map((text) =>
		Date.parse(text.replace(' ', 'T').replace(/([+-]\d\d)$/, '$1:00'))
	);
	if (!begin || !end) return null;
	return { from: firstDay(begin, zone), to: lastDay(end, zone) };
}
