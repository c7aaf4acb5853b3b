import { Cron } from 'croner';

/** When a job is due, worked out from pg_cron's notation. Times are UTC, as `cron.timezone` is on hosted projects. */
export interface Schedule {
	/** once when the platform starts, never by the clock */
	atStart: boolean;
	/** milliseconds between two runs, for `N seconds` */
	interval: number | null;
	/** the first time strictly after `time`, in milliseconds since the epoch; null if there is none */
	next(time: number): number | null;
}

/** Reads a schedule that `cron.schedule` has accepted. Raises what croner raises for anything else. */
export function parseSchedule(text: string): Schedule {
	const schedule = text.trim().toLowerCase();
	if (schedule === '@reboot') return { atStart: true, interval: null, next: () => null };
	const seconds = /^(\d+)\s+seconds?$/.exec(schedule)?.[1];
	if (seconds) {
		const interval = Number(seconds) * 1000;
		return { atStart: false, interval, next: (time) => time + interval };
	}
	// croner writes the last day of the month as L, and it is the day field alone that may hold a dollar sign
	const pattern = schedule === '@midnight' ? '@daily' : schedule.replace('$', 'L');
	const cron = new Cron(pattern, { timezone: 'UTC', paused: true, mode: pattern.startsWith('@') ? 'auto' : '5-part' });
	return { atStart: false, interval: null, next: (time) => cron.nextRun(new Date(time))?.getTime() ?? null };
}
