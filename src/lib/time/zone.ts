/** A day without a time, `YYYY-MM-DD`, as calendars and forms write it. */
export type LocalDate = string;
/** A time of day without a day, `HH:MM`. */
export type LocalTime = string;

export const defaultZone = 'Africa/Casablanca';

const minute = 60_000;
const formatters = new Map<string, Intl.DateTimeFormat>();

/** What the clocks of a zone show at a moment. */
export function localOf(instant: Date | string | number, zone: string): { date: LocalDate; time: LocalTime } {
	let formatter = formatters.get(zone);
	if (!formatter) {
		formatter = new Intl.DateTimeFormat('en-CA', {
			timeZone: zone,
			year: 'numeric',
			month: '2-digit',
			day: '2-digit',
			hour: '2-digit',
			minute: '2-digit',
			hourCycle: 'h23'
		});
		formatters.set(zone, formatter);
	}
	const parts = Object.fromEntries(formatter.formatToParts(new Date(instant)).map(({ type, value }) => [type, value]));
	return { date: `${parts.year}-${parts.month}-${parts.day}`, time: `${parts.hour}:${parts.minute}` };
}

export function localDate(instant: Date | string | number, zone: string): LocalDate {
	return localOf(instant, zone).date;
}

/**
 * A moment as the clocks of a zone show it, to the second, in the form of the database's local times
 * (`2026-11-20T14:30:05`). For what a page shows: told by the server, it does not depend on a browser's zone data.
 */
export function localText(instant: Date | string | number, zone = defaultZone): string {
	const { date, time } = localOf(instant, zone);
	return `${date}T${time}:${new Date(instant).toISOString().slice(17, 19)}`;
}

/**
 * The moment at which the clocks of a zone show a date and time. A time that a clock change skips is moved on by the
 * skipped hour; one that occurs twice is the first of the two.
 */
export function instantOf(date: LocalDate, time: LocalTime, zone: string): Date {
	const wall = Date.parse(`${date}T${time}:00Z`);
	const before = wall - offsetAt(wall - 24 * 60 * minute, zone);
	const after = wall - offsetAt(wall + 24 * 60 * minute, zone);
	const shown = (instant: number) => instant + offsetAt(instant, zone) === wall;
	if (shown(before)) return new Date(before);
	if (shown(after)) return new Date(after);
	return new Date(before);
}

/** How far a zone is ahead of UTC at a moment, in milliseconds. */
function offsetAt(instant: number, zone: string): number {
	const { date, time } = localOf(instant, zone);
	return Date.parse(`${date}T${time}:00Z`) - Math.floor(instant / minute) * minute;
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

/**
 * The first local day of a period that begins at a midnight of a zone. Right even where this machine's zone data are an
 * hour behind those of the database that told the moment.
 */
export function firstDay(begin: Date | string | number, zone: string): LocalDate {
	return localDate(new Date(begin).getTime() + 60 * minute, zone);
}

/** The last local day of a period that ends, without it, at a midnight of a zone; likewise. */
export function lastDay(end: Date | string | number, zone: string): LocalDate {
	return localDate(new Date(end).getTime() - 120 * minute, zone);
}
