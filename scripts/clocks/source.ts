import moment from 'moment-timezone';

/** From `at` on (null: from before the first year) a zone's clocks are `ahead` minutes ahead of UTC. */
export interface Change {
	at: Date | null;
	ahead: number;
}

/** Zones whose clocks have shown the same since the first year. */
export interface Group {
	zones: string[];
	changes: Change[];
}

/** The years that are told: further back nothing of ours happened, further on nobody books. */
export const years = { first: 2020, last: 2040 };

/** The IANA release of the pinned package, such as `2026f`. */
export const release: string = moment.tz.dataVersion;

const minute = 60_000;

function changesOf(zone: string): Change[] {
	const { untils, offsets } = moment.tz.zone(zone)!;
	const begin = Date.UTC(years.first, 0, 1);
	const end = Date.UTC(years.last + 1, 0, 1);
	const changes: Change[] = [];
	for (const [n, west] of offsets.entries()) {
		const from = n === 0 ? -Infinity : untils[n - 1]!;
		const until = untils[n] ?? Infinity;
		if (until <= begin || from >= end) continue;
		const ahead = west === 0 ? 0 : -west;
		if (!Number.isInteger(ahead))
			throw new Error(`${zone} is ahead of UTC by ${ahead} minutes, which no row can hold.`);
		// Only the name of the time changed.
		if (changes.at(-1)?.ahead === ahead) continue;
		changes.push({ at: from <= begin ? null : new Date(from), ahead });
	}
	return changes;
}

/** An instant to the minute, as rows and files name it. */
export const minuteOf = (at: Date) =>
	new Date(Math.round(at.getTime() / minute) * minute).toISOString().slice(0, 16) + 'Z';

/** All zones that the package knows, those under older names too, grouped by what their clocks show. */
export function clockGroups(): Group[] {
	const groups = new Map<string, Group>();
	for (const zone of moment.tz.names().toSorted()) {
		const changes = changesOf(zone);
		const key = changes.map(({ at, ahead }) => `${at ? minuteOf(at) : ''} ${ahead}`).join();
		const group = groups.get(key);
		if (group) group.zones.push(zone);
		else groups.set(key, { zones: [zone], changes });
	}
	return [...groups.values()];
}
