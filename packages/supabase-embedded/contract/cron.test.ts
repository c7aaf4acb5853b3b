import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { database } from '../testing/project.ts';

const sql = database();
const mark = Date.now().toString(36);
const name = (word: string) => `contract_${word}_${mark}`;

interface Run {
	status: string;
	return_message: string;
	username: string;
	command: string;
	job_pid: number;
	start_time: Date;
	end_time: Date;
}

/** The runs of a job that have ended, oldest first, once there are as many as asked for. */
async function runs(job: string, count = 1): Promise<Run[]> {
	const started = Date.now();
	for (;;) {
		const found = await sql<Run[]>`
			select status, return_message, username, command, job_pid, start_time, end_time from cron.job_run_details
			where jobid = ${job} and end_time is not null order by runid
		`;
		if (found.length >= count) return found;
		if (Date.now() - started > 15_000) throw new Error(`The job ran ${found.length} times in 15 s.`);
		await new Promise((resolve) => setTimeout(resolve, 100));
	}
}

/** Schedules a job, gives back its first runs and ends it. */
async function tryJob(word: string, command: string, count = 1): Promise<Run[]> {
	const [job] = await sql<{ id: string }[]>`select cron.schedule(${name(word)}, '1 second', ${command}) as id`;
	try {
		return await runs(job!.id, count);
	} finally {
		await sql`select cron.unschedule(${name(word)})`;
	}
}

beforeAll(async () => {
	await sql`create extension if not exists pg_cron`;
	await sql.unsafe(
		'drop table if exists contract_ticks; create table contract_ticks (label text, role text, at timestamptz default clock_timestamp())'
	);
});
afterAll(async () => {
	await sql`select cron.unschedule(jobid) from cron.job where jobname like 'contract\_%'`;
	await sql`drop table contract_ticks`;
	await sql.end();
});

describe('cron', () => {
	test('keeps a named job with its schedule, its command and who planned it', async () => {
		const [{ id } = { id: '' }] = await sql<
			{ id: string }[]
		>`select cron.schedule(${name('nightly')}, '30 3 * * *', 'select 1') as id`;
		expect(
			await sql`select jobname, schedule, command, username, database, active from cron.job where jobid = ${id}`
		).toEqual([
			{
				jobname: name('nightly'),
				schedule: '30 3 * * *',
				command: 'select 1',
				username: 'postgres',
				database: 'postgres',
				active: true
			}
		]);
	});

	test('changes the job when its name is scheduled again', async () => {
		const [first] = await sql`select cron.schedule(${name('again')}, '0 0 * * *', 'select 1') as id`;
		const [second] = await sql`select cron.schedule(${name('again')}, '0 1 * * *', 'select 2') as id`;
		expect(second).toEqual(first);
		expect(await sql`select schedule, command from cron.job where jobname = ${name('again')}`).toEqual([
			{ schedule: '0 1 * * *', command: 'select 2' }
		]);
	});

	test('schedules without a name, and unschedules by id', async () => {
		const [{ id } = { id: '' }] = await sql<{ id: string }[]>`select cron.schedule('0 0 1 1 *', 'select 1') as id`;
		expect(await sql`select jobname from cron.job where jobid = ${id}`).toEqual([{ jobname: null }]);
		expect(await sql`select cron.unschedule(${id}::bigint) as done`).toEqual([{ done: true }]);
		expect(await sql`select from cron.job where jobid = ${id}`).toHaveLength(0);
	});

	test('says so when there is no job of that name', async () => {
		await expect(sql`select cron.unschedule('contract_never')`).rejects.toMatchObject({
			code: 'XX000',
			message: "could not find valid entry for job 'contract_never'"
		});
	});

	test.each(['* * * *', '60 * * * *', '1 minute', '0 seconds', '60 seconds', '* * * * * *', 'every tuesday'])(
		'refuses the schedule "%s"',
		async (schedule) => {
			await expect(sql`select cron.schedule(${name('bad')}, ${schedule}, 'select 1')`).rejects.toMatchObject({
				code: 'XX000',
				message: `invalid schedule: ${schedule}`
			});
		}
	);

	test.each(['*/5 8-18 * * mon-fri', '0 0 $ * *', '0,30 * 1-15/2 jan,jul 7', '@hourly', '59 seconds'])(
		'takes the schedule "%s"',
		async (schedule) => {
			await sql`select cron.schedule(${name('good')}, ${schedule}, 'select 1')`;
			expect(await sql`select schedule from cron.job where jobname = ${name('good')}`).toEqual([{ schedule }]);
		}
	);

	test('leaves the table of jobs to its functions', async () => {
		await expect(sql`update cron.job set command = 'select 2'`).rejects.toMatchObject({ code: '42501' });
		await expect(sql`insert into cron.job (schedule, command) values ('* * * * *', 'select 1')`).rejects.toMatchObject({
			code: '42501'
		});
	});

	test('does not let postgres plan in the name of another role', async () => {
		await expect(
			sql`select cron.schedule_in_database(${name('other')}, '0 0 * * *', 'select 1', 'postgres', 'supabase_admin')`
		).rejects.toMatchObject({ code: 'XX000' });
	});

	test('runs a job by the second, as the role that planned it, and records the run', async () => {
		const [run] = await tryJob(
			'insert',
			`insert into public.contract_ticks (label, role) values ('insert', current_user)`
		);
		expect(run).toMatchObject({ status: 'succeeded', return_message: 'INSERT 0 1', username: 'postgres' });
		expect(run!.job_pid).toBeGreaterThan(0);
		expect(run!.end_time.getTime()).toBeGreaterThanOrEqual(run!.start_time.getTime());
		const [tick] = await sql`select role from contract_ticks where label = 'insert'`;
		expect(tick).toEqual({ role: 'postgres' });
	});

	test('gives a job no rights that its role has not', async () => {
		const [run] = await tryJob('rights', "reset role; select pg_read_file(current_setting('hba_file'))");
		expect(run).toMatchObject({ status: 'failed' });
		expect(run!.return_message).toContain('permission denied');
	});

	test('records what a failing job says, and undoes what it did', async () => {
		const [run] = await tryJob('failing', `insert into public.contract_ticks (label) values ('failing'); select 1 / 0`);
		expect(run).toMatchObject({ status: 'failed' });
		expect(run!.return_message).toContain('division by zero');
		expect(await sql`select from contract_ticks where label = 'failing'`).toHaveLength(0);
	});

	test('counts the rows of a query', async () => {
		const [run] = await tryJob('rows', 'select * from generate_series(1, 3)');
		expect(run!.return_message).toMatch(/^(3 rows|SELECT 3)$/);
	});

	test('starts a job once for each tick, however often jobs change', async () => {
		await sql`select cron.schedule(${name('steady')}, '1 second', ${`insert into public.contract_ticks (label) values ('steady')`})`;
		const started = Date.now();
		while (Date.now() - started < 4000) {
			await sql`select cron.schedule(${name('noise')}, '0 0 * * *', ${`select ${Date.now()}`})`;
			await new Promise((resolve) => setTimeout(resolve, 50));
		}
		await sql`select cron.unschedule(${name('steady')})`;
		const ticks = await sql<{ at: Date }[]>`select at from contract_ticks where label = 'steady' order by at`;
		expect(ticks.length).toBeGreaterThanOrEqual(2);
		expect(ticks.length).toBeLessThanOrEqual(5);
		const gaps = ticks.slice(1).map(({ at }, index) => at.getTime() - ticks[index]!.at.getTime());
		expect(Math.min(...gaps)).toBeGreaterThan(500);
	});

	test('does not start a job while it is still running', async () => {
		await tryJob('slow', `insert into public.contract_ticks (label) values ('slow'); select pg_sleep(1.6)`, 2);
		const ticks = await sql<{ at: Date }[]>`select at from contract_ticks where label = 'slow' order by at`;
		expect(ticks[1]!.at.getTime() - ticks[0]!.at.getTime()).toBeGreaterThan(1500);
	});

	test('rests while a job is inactive', async () => {
		const [{ id } = { id: '' }] = await sql<
			{ id: string }[]
		>`select cron.schedule(${name('resting')}, '1 second', 'select 1') as id`;
		await sql`select cron.alter_job(${id}::bigint, active := false)`;
		expect(await sql`select active from cron.job where jobid = ${id}`).toEqual([{ active: false }]);
		await new Promise((resolve) => setTimeout(resolve, 2500));
		// One may have been on its way when the job was put to rest.
		expect((await sql`select from cron.job_run_details where jobid = ${id}`).length).toBeLessThanOrEqual(1);
		await sql`select cron.alter_job(${id}::bigint, active := true)`;
		await runs(id, 2);
	});

	test('refuses to alter a job that is not there', async () => {
		await expect(sql`select cron.alter_job(0, active := false)`).rejects.toMatchObject({
			message: "Job 0 does not exist or you don't own it"
		});
	});
});
