import { addDays } from '#lib/time/zone.ts';
import type { AgendaRow } from './queries.ts';

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

const halfHour = 30 * 60 * 1000;

/** What a member may make of a booking now; the rules are in `booking_transitions`, this only chooses buttons. */
export function moves(booking: { status: string; starts_at: string }, now: Date): readonly Move[] {
	const left = Date.parse(booking.starts_at) - now.getTime();
	switch (booking.status) {
		case 'pending':
			return left > 0 ? ['confirmed', 'rejected'] : ['rejected'];
		case 'confirmed':
			return left <= 0 ? ['in_progress', 'completed', 'no_show'] : left <= halfHour ? ['in_progress'] : [];
		case 'in_progress':
			return ['completed'];
		default:
			return [];
	}
}

export type Move = 'confirmed' | 'rejected' | 'in_progress' | 'completed' | 'no_show' | 'cancelled';
