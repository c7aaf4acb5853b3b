import platform from './offsets-platform.json' with { type: 'json' };
import { aheadAt, changesIn } from './offsets.ts';

/** A day without a time, `YYYY-MM-DD`, as calendars and forms write it. */
export type LocalDate = string;
/** A time of day without a day, `HH:MM`. */
export type LocalTime = string;

/** The platform's own zone, by which staff and messages tell the time. */
export const defaultZone = 'Africa/Casablanca';

const changes = changesIn(platform.changes);

/**
 * A moment as the platform's clocks show it, to the second, in the form of the database's local times
 * (`2026-11-20T14:30:05`). By data of our own, the same here and in every browser, whatever zone data that has.
 */
export function localText(instant: Date | string | number): string {
	const at = new Date(instant).getTime();
	return new Date(at + aheadAt(changes, at)).toISOString().slice(0, 19);
}

/** A date some days later (earlier where negative). */
export function addDays(date: LocalDate, days: number): LocalDate {
	const moved = new Date(`${date}T00:00:00Z`);
	moved.setUTCDate(moved.getUTCDate() + days);
	return moved.toISOString().slice(0, 10);
}

/** Day of the week of a date: 1 Monday … 7 Sunday, as ISO 8601 and Postgres' `isodow`. */
export function isoWeekday(date: LocalDate): number {
	return new Date(`${date}T00:00:00Z`).getUTCDay() || 7;
}
