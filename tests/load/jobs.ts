import postgres from 'postgres';
import type { Sql } from 'postgres';
import type { Stage, Target } from './stage.ts';

/** Runs a job of the schedule now, as the schedule does: as one message, in transactions of its own. */
export async function runJob(sql: Sql, name: string): Promise<void> {
	const [job] = await sql<{ command: string }[]>`select command from cron.job where jobname = ${name}`;
	await sql.unsafe(job!.command).simple();
}

/** What the platform does beside its visitors: holds lapse and are swept, places that came free are offered. */
export interface Jobs {
	/** tokens of offers that were made since it was last asked, with the service they are of */
	offers(): { token: string; service: string }[];
	/** ends the jobs. Raises what a job raised or warned of: it goes on after what fails. */
	stop(): Promise<void>;
}

/** Runs the jobs over and over, with some holds cut short. */
export function runJobs({ databaseUrl }: Target, { provider }: Stage): Jobs {
	let going = true;
	const warnings: string[] = [];
	const onnotice = ({ severity, message }: postgres.Notice) => {
		if (severity === 'WARNING') warnings.push(message!);
	};
	const sql = postgres(databaseUrl, { max: 1, onnotice });
	const offers: { token: string; service: string }[] = [];
	const known = new Set<string>();
	const once = async () => {
		await sql`
			with due as (
				update bookings set hold_expires_at = now() - interval '1 second'
				where id in (
					select id from bookings where provider_id = ${provider} and status = 'held' and random() < 0.2 for update skip locked
				)
				returning id
			)
			update occupancies set expires_at = now() - interval '1 second' where booking_id in (select id from due)`;
		for (const name of ['expire holds', 'end waitlist entries', 'offer places']) await runJob(sql, name);
		const rows = await sql<{ token: string; service: string }[]>`
			select private.manage_token(id) as token, service_id as service from bookings
			where provider_id = ${provider} and status = 'held' and waitlist_entry_id is not null`;
		for (const offer of rows.filter(({ token }) => !known.has(token))) {
			known.add(offer.token);
			offers.push(offer);
		}
	};
	const running = (async () => {
		while (going) {
			await once();
			await new Promise((resolve) => setTimeout(resolve, 50));
		}
	})();
	// It is awaited at the end only; until then a failure must not end the process.
	running.catch(() => {});
	return {
		offers: () => offers.splice(0),
		stop: async () => {
			going = false;
			await running.finally(() => sql.end());
			if (warnings.length > 0) throw new Error(warnings.join('; '));
		}
	};
}
