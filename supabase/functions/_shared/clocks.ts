/** What the database function `clock_state` tells. */
export interface ClockState {
	/** the IANA release of the database's rows */
	release: string;
	/** whether its server's own zone files tell the same */
	server_agrees: boolean;
	/** offsets (minutes ahead of UTC) that zones in use have now and will have */
	samples: { zone: string; at: string; ahead: number }[] | null;
}

/** How far a runtime's own data put a zone ahead of UTC, in minutes; null for a zone that it does not know. */
function aheadHere(zone: string, at: string): number | null {
	try {
		const parts = new Intl.DateTimeFormat('en', { timeZone: zone, timeZoneName: 'longOffset' }).formatToParts(
			new Date(at)
		);
		const name = parts.find(({ type }) => type === 'timeZoneName')?.value ?? '';
		const [, sign, hours, minutes] = /^GMT(?:([+-])(\d\d):(\d\d))?$/.exec(name) ?? [];
		return (sign === '-' ? -1 : 1) * (Number(hours ?? 0) * 60 + Number(minutes ?? 0));
	} catch {
		return null;
	}
}

/** The zones of which this runtime tells another time than the database's rows. Nothing of ours goes by what it tells. */
export function differingHere({ samples }: ClockState): string[] {
	const differing = (samples ?? []).filter(({ zone, at, ahead }) => aheadHere(zone, at) !== ahead);
	return [...new Set(differing.map(({ zone }) => zone))];
}
