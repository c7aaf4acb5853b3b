import type { Sql } from 'postgres';

export const minute = 60_000;
export const day = 24 * 60 * minute;

/** Zones of every temper: with clock changes and without, odd offsets, half an hour's change, both sides of the date line. */
export const zones = [
	'Africa/Casablanca',
	'Africa/Casablanca',
	'Europe/Paris',
	'America/New_York',
	'America/St_Johns',
	'America/Santiago',
	'Asia/Kathmandu',
	'Asia/Gaza',
	'Australia/Lord_Howe',
	'Pacific/Apia',
	'Pacific/Chatham',
	'Pacific/Honolulu',
	'UTC'
];

/**
 * A zone's clocks as the product's rows tell them; Node's own data may be older or newer. Local times are numbers too:
 * milliseconds that UTC's clocks would need to show the same.
 */
export class Clock {
	readonly zone: string;
	/** from when on clocks are how far ahead of UTC, both in milliseconds; the first counts for all before */
	readonly #periods: { from: number; ahead: number }[];

	constructor(zone: string, periods: { from: number; ahead: number }[]) {
		this.zone = zone;
		this.#periods = periods;
	}

	/** Instants at which the clocks are changed. */
	get changes(): number[] {
		return this.#periods.slice(1).map(({ from }) => from);
	}

	local(instant: number): number {
		return instant + this.#periods.findLast(({ from }, n) => n === 0 || from <= instant)!.ahead;
	}

	/**
	 * The instant of a local time. One that clocks show twice is the first; one that they skip, as the end of an interval, is
	 * the moment of the change.
	 */
	instant(local: number): number {
		const fitting = this.#periods.map(({ ahead }) => local - ahead).filter((instant) => this.local(instant) === local);
		if (fitting.length > 0) return Math.min(...fitting);
		return this.#periods.find(({ from, ahead }, n) => n > 0 && from + ahead > local)!.from;
	}
}

/** Asks the database for a zone's clocks over the next two years and a half. */
export async function readClock(sql: Sql, zone: string): Promise<Clock> {
	const rows = await sql<{ at: number; ahead: number }[]>`
		select at, ahead
		from (
			select
				extract(epoch from greatest(c.at, '2020-01-01'))::float8 as at, extract(epoch from c.ahead)::int as ahead,
				lead(c.at, 1, 'infinity') over (order by c.at) as until
			from private.clock_changes c
			where c.zone = ${zone}
		) as c
		where until > now() - interval '10 days' and at < extract(epoch from now() + interval '900 days')
		order by at`;
	return new Clock(
		zone,
		rows.map(({ at, ahead }) => ({ from: at * 1000, ahead: ahead * 1000 }))
	);
}

export const dateOf = (local: number) => new Date(local).toISOString().slice(0, 10);
export const midnight = (date: string) => Date.parse(`${date}T00:00Z`);
export const plusDays = (date: string, days: number) => dateOf(midnight(date) + days * day);
/** 1 is Monday */
export const weekdayOf = (date: string) => ((new Date(midnight(date)).getUTCDay() + 6) % 7) + 1;
