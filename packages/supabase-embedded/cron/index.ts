import postgres from 'postgres';
import type { Context } from '../context.ts';
import { createJobs } from './jobs.ts';
import { createRequests } from './requests.ts';

/**
 * Does what pg_cron's and pg_net's background workers do: runs the jobs of `cron.job` and sends the requests that
 * `net.http_*` queued. Both extensions may be created before or after this starts, and the database may be restarted.
 */
export async function createCron(context: Context): Promise<{ close(): Promise<void> }> {
	const sql = postgres(context.databaseUrl('supabase_admin'), {
		max: 4,
		idle_timeout: 30,
		connect_timeout: 5,
		backoff: () => 0.25,
		onnotice: () => {},
		connection: { application_name: 'cron and net' }
	});
	const jobs = createJobs(context, sql);
	const requests = createRequests(context, sql);
	// The second callback runs whenever the subscription stands, also after an outage: notifications may have been missed.
	const reload = () => void jobs.reload();
	await sql.listen('cron_job_changed', reload, reload);
	await sql.listen('net_wake', requests.wake, requests.wake);
	await jobs.restart();

	return {
		close: async () => {
			await Promise.all([jobs.close(), requests.close()]);
			await sql.end({ timeout: 1 });
		}
	};
}
