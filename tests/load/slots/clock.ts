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
 * A zone's clocks as the database knows them; Node's own data may be older or newer. Local times are numbers too:
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
	 * The instant of a local time. One that clocks show twice is the second; one that they skip is counted on from before
	 * the change, so that 02:30 on a night without it is half an hour after the change.
	 */
	instant(local: number): number {
		const fitting = this.#periods.map(({ ahead }) => local - ahead).filter((instant) => this.local(instant) === local);
		if (fitting.length > 0) return Math.max(...fitting);
		return local - this.#periods.findLast(({ from, ahead }) => from + ahead <= local)!.ahead;
	}
}

/** Asks the database for a zone's clocks over the next two years and a half. */
export async function readClock(sql: Sql, zone: string): Promise<Clock> {
	const rows = await sql<{ at: Date; ahead: number }[]>`
		select at, ahead
		from (
			select at, ahead, lag(ahead) over (order by at) as before
			from (
				select at, extract(epoch from (at at time zone ${zone}) - (at at time zone 'UTC'))::int as ahead
				from generate_series(date_trunc('day', now()) - interval '10 days', now() + interval '900 days', interval '15 minutes') as at
			) as quarters
		) as compared
		where ahead is distinct from before
		order by at`;
	return new Clock(
		zone,
		rows.map(({ at, ahead }) => ({ from: at.getTime(), ahead: ahead * 1000 }))
	);
}

export const dateOf = (local: number) => new Date(local).toISOString().slice(0, 10);
export const midnight = (date: string) => Date.parse(`${date}T00:00Z`);
export const plusDays = (date: string, days: number) => dateOf(midnight(date) + days * day);
/** 1 is Monday */
export const weekdayOf = (date: string) => ((new Date(midnight(date)).getUTCDay() + 6) % 7) + 1;
