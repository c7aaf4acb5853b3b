import postgres from 'postgres';
import type { Context } from '../context.ts';
import { isOutage, throughOutage } from './retry.ts';
import { parseSchedule } from './schedule.ts';
import type { Schedule } from './schedule.ts';

interface Row {
	jobid: string;
	schedule: string;
	command: string;
	database: string;
	username: string;
}

interface Job extends Row {
	timing: Schedule;
	/** when it is due next, in milliseconds since the epoch */
	due: number | null;
	/** runs that are due and wait for the one before them */
	pending: number;
	running: boolean;
}

/** Runs that were missed while the machine slept are not all made up for. */
const mostMissed = 5;
/** A timer is never longer than this, so that a clock that is set is noticed. */
const longestTimer = 30_000;

/** What libpq reports of a statement, as pg_cron records it. */
function summary(result: postgres.RowList<postgres.Row[]> | postgres.RowList<postgres.Row[]>[]): string {
	const last = Array.isArray(result) && Array.isArray(result[0]) ? result.at(-1) : result;
	const {
		command = '',
		count,
		columns
	} = last as unknown as { command: string | null; count: number | null; columns?: unknown[] };
	if (columns?.length) return count === 1 ? '1 row' : `${count ?? 0} rows`;
	if (command === 'INSERT') return `INSERT 0 ${count}`;
	return count === null || !/^(UPDATE|DELETE|MERGE|COPY|SELECT)$/.test(command ?? '')
		? (command ?? '')
		: `${command} ${count}`;
}

/**
 * Runs what `cron.schedule` has planned. Each run has a session of its own as the role that planned it, never a
 * superuser's; a job does not overlap with itself, and no tick of the clock starts it twice.
 */
export function createJobs(
	context: Context,
	sql: postgres.Sql
): { reload(): Promise<void>; restart(): Promise<void>; close(): Promise<void> } {
	const jobs = new Map<string, Job>();
	const sessions = new Set<postgres.Sql>();
	let timer: NodeJS.Timeout | undefined;
	let stopped = false;
	let reloads: Promise<void> = Promise.resolve();
	let asked = false;
	const log = (error: unknown) => context.log('cron', (error as Error).message);

	/** A session as the job's role: its own where it logs in, else postgres's, who then takes the role. */
	async function session(job: Row): Promise<postgres.Sql> {
		const own = job.username === 'postgres' || job.username === 'supabase_admin';
		const url = new URL(context.databaseUrl(own ? (job.username as 'postgres') : 'postgres'));
		url.pathname = `/${encodeURIComponent(job.database)}`;
		const made = postgres(url.href, {
			max: 1,
			idle_timeout: 0,
			max_lifetime: null,
			fetch_types: false,
			onnotice: () => {},
			connection: { application_name: 'pg_cron' }
		});
		sessions.add(made);
		if (!own) await made`set role ${made(job.username)}`;
		return made;
	}

	async function run(job: Row): Promise<void> {
		const record = <T>(work: () => Promise<T>) => throughOutage(work, () => stopped);
		const [details] = await record(
			() => sql<{ runid: string }[]>`
				insert into cron.job_run_details (jobid, database, username, command, status)
				values (${job.jobid}, ${job.database}, ${job.username}, ${job.command}, 'starting')
				returning runid
			`
		);
		let outcome: { status: 'succeeded' | 'failed'; message: string };
		let own: postgres.Sql | undefined;
		try {
			own = await session(job);
			const [backend] = await own<{ pid: number }[]>`select pg_backend_pid() as pid`;
			await sql`
				update cron.job_run_details set status = 'running', job_pid = ${backend!.pid}, start_time = clock_timestamp()
				where runid = ${details!.runid}
			`;
			// One message, as pg_cron sends it: several statements are one transaction, and VACUUM alone is none.
			outcome = { status: 'succeeded', message: summary(await own.unsafe(job.command).simple()) };
		} catch (error) {
			outcome = {
				status: 'failed',
				message: isOutage(error) ? 'server closed the connection unexpectedly' : `ERROR:  ${(error as Error).message}\n`
			};
		} finally {
			if (own) sessions.delete(own);
			void own?.end({ timeout: 1 }).catch(() => {});
		}
		// What was still running when the platform ends is marked by the next start, as after a server's restart.
		if (stopped) return;
		await record(
			() => sql`
				update cron.job_run_details
				set status = ${outcome.status}, return_message = ${outcome.message}, end_time = clock_timestamp()
				where runid = ${details!.runid}
			`
		);
	}

	function start(job: Job): void {
		if (stopped || job.running || job.pending === 0 || jobs.get(job.jobid) !== job) return;
		job.pending--;
		job.running = true;
		run(job)
			.catch((error: unknown) => {
				if (stopped) return;
				// The extension may have been dropped since its jobs were read.
				if (['42P01', '3F000'].includes((error as { code: string }).code)) void reload();
				else log(error);
			})
			.finally(() => {
				job.running = false;
				start(job);
			});
	}

	function tick(): void {
		const now = Date.now();
		for (const job of jobs.values()) {
			if (job.due === null || job.due > now) continue;
			if (job.timing.interval !== null) {
				job.pending = 1;
				job.due = now + job.timing.interval;
			} else {
				for (let missed = 0; missed < mostMissed && job.due !== null && job.due <= now; missed++) {
					job.pending++;
					job.due = job.timing.next(job.due);
				}
				if (job.due !== null && job.due <= now) job.due = job.timing.next(now);
			}
			start(job);
		}
		arm();
	}

	function arm(): void {
		clearTimeout(timer);
		if (stopped || jobs.size === 0) return;
		const soonest = Math.min(...[...jobs.values()].map((job) => job.due ?? Infinity));
		timer = setTimeout(tick, Math.min(Math.max(soonest - Date.now(), 0), longestTimer));
	}

	async function read(): Promise<void> {
		const [{ exists } = { exists: false }] = await sql<
			{ exists: boolean }[]
		>`select to_regclass('cron.job') is not null as exists`;
		const rows = exists
			? await sql<Row[]>`select jobid, schedule, command, database, username from cron.job where active`
			: [];
		const now = Date.now();
		const ids = new Set(rows.map(({ jobid }) => jobid));
		for (const id of jobs.keys()) if (!ids.has(id)) jobs.delete(id);
		for (const row of rows) {
			const known = jobs.get(row.jobid);
			// A job whose times are the same keeps its place in them; otherwise each change would put it off.
			if (known?.schedule === row.schedule) {
				Object.assign(known, row);
				continue;
			}
			const timing = parseSchedule(row.schedule);
			const planned = { ...row, timing, due: timing.next(now), pending: 0 };
			if (known) Object.assign(known, planned);
			else jobs.set(row.jobid, { ...planned, running: false });
		}
		arm();
	}

	/** Reads the jobs anew. Calls are done one after another; those that wait are done as one. */
	function reload(): Promise<void> {
		if (!asked && !stopped) {
			asked = true;
			reloads = reloads.then(() => {
				asked = false;
				return throughOutage(read, () => stopped).catch((error: unknown) => {
					if (!stopped) log(error);
				});
			});
		}
		return reloads;
	}

	/** For the start of the platform: closes the records of runs that an earlier end cut off, and runs `@reboot` jobs. */
	async function restart(): Promise<void> {
		await reload();
		const [{ exists } = { exists: false }] = await sql<
			{ exists: boolean }[]
		>`select to_regclass('cron.job_run_details') is not null as exists`;
		if (exists) {
			await sql`
				update cron.job_run_details set status = 'failed', return_message = 'server restarted', end_time = clock_timestamp()
				where status in ('starting', 'running')
			`;
		}
		for (const job of jobs.values()) {
			if (!job.timing.atStart) continue;
			job.pending = 1;
			start(job);
		}
	}

	return {
		reload,
		restart,
		close: async () => {
			stopped = true;
			clearTimeout(timer);
			await Promise.all([...sessions].map((own) => own.end({ timeout: 0 }).catch(() => {})));
			await reloads;
		}
	};
}
