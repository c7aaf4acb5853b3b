import { addDays } from '#lib/time/zone.ts';
import type { AgendaRow } from './queries.ts';
import type { BookingStatus } from './status.ts';

/** A provider's bookings by local day: today's, and those of the days after; what was called off is in neither. */
export function agenda(bookings: AgendaRow[], today: string): { today: AgendaRow[]; days: [string, AgendaRow[]][] } {
	const standing = bookings.filter(({ status }) => status !== 'cancelled' && status !== 'rejected');
	const byDay = Map.groupBy(standing, ({ local_starts_at }) => local_starts_at.slice(0, 10));
	const tomorrow = addDays(today, 1);
	// Requests of days to come stand among those to answer.
	const settled = [...byDay].map(([day, rows]): [string, AgendaRow[]] => [
		day,
		rows.filter(({ status }) => status !== 'pending')
	]);
	return {
		today: byDay.get(today) ?? [],
		days: settled.filter(([day, rows]) => day >= tomorrow && rows.length > 0).sort(([a], [b]) => a.localeCompare(b))
	};
}

/** What a booking may become now, of what the database said that it may become and from when until when. */
export function moves({ next_moves }: Pick<AgendaRow, 'next_moves'>, now: Date): BookingStatus[] {
	const at = now.getTime();
	return next_moves
		.filter(({ opens, closes }) => (!opens || Date.parse(opens) <= at) && (!closes || at < Date.parse(closes)))
		.map(({ to }) => to);
}
