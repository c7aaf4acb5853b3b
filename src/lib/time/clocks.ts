import offsets from './offsets.json' with { type: 'json' };
import { aheadAt, changesIn } from './offsets.ts';
import type { Change } from './offsets.ts';
import type { LocalDate, LocalTime } from './zone.ts';

// Local time and instants of any zone, by the same rows as the database's (private.clock_changes), never by what the
// machine knows. For the server: the rows weigh 40 kB.

/** The IANA release that the rows come from. */
export const release: string = offsets.release;

const hour = 3_600_000;
let zones: Map<string, string> | undefined;
const known = new Map<string, Change[]>();

/** A zone's changes. Raises RangeError for a zone that there is not. */
function changesOf(zone: string): Change[] {
	let changes = known.get(zone);
	if (!changes) {
		zones ??= new Map(offsets.groups.flatMap((group) => group.zones.split(' ').map((name) => [name, group.changes])));
		const text = zones.get(zone);
		if (text === undefined) throw new RangeError(`There is no time zone ${zone}.`);
		known.set(zone, (changes = changesIn(text)));
	}
	return changes;
}

/** A moment as the clocks of a zone show it, in the form of the database's local times (`2026-11-20T14:30:05`). */
export function localTextIn(instant: Date | string | number, zone: string): string {
	const at = new Date(instant).getTime();
	return new Date(at + aheadAt(changesOf(zone), at)).toISOString().slice(0, 19);
}

/** What the clocks of a zone show at a moment. */
export function localOf(instant: Date | string | number, zone: string): { date: LocalDate; time: LocalTime } {
	const text = localTextIn(instant, zone);
	return { date: text.slice(0, 10), time: text.slice(11, 16) };
}

export function localDate(instant: Date | string | number, zone: string): LocalDate {
	return localOf(instant, zone).date;
}

/**
 * The moment at which the clocks of a zone show a date and time: of two the first, and of a time that they skip the moment
 * of the change, as private.to_instant has it for the ends of intervals.
 */
export function instantOf(date: LocalDate, time: LocalTime, zone: string): Date {
	const wall = Date.parse(`${date}T${time}:00Z`);
	const near = changesOf(zone).filter((change, n, all) => {
		const until = all[n + 1]?.at ?? Infinity;
		return change.at <= wall + 26 * hour && until > wall - 26 * hour;
	});
	const shown = near.flatMap(({ ahead }, n) => {
		const at = wall - ahead;
		return at >= near[n]!.at && at < (near[n + 1]?.at ?? Infinity) ? [at] : [];
	});
	const skipped = near.slice(1).find(({ at, ahead }) => at + ahead > wall);
	return new Date(shown.length > 0 ? Math.min(...shown) : skipped!.at);
}

/** The last local day of a period of whole days, of which `end` is the midnight at which it is over. */
export const lastDay = (end: Date | string | number, zone: string) => localDate(new Date(end).getTime() - 1, zone);
