import type { Sql } from 'postgres';

const day = 24 * 3600 * 1000;
const interval = 4 * 3600 * 1000;

const dateOf = (time: number) => new Date(time).toISOString().slice(0, 10);
const nameOf = (date: string) => `messages_${date.replaceAll('-', '_')}`;

/** The daily partitions that must exist at a time (UTC): yesterday to three days ahead. */
export function wanted(now: number): { name: string; from: string; to: string }[] {
	return [-1, 0, 1, 2, 3].map((offset) => {
		const from = dateOf(now + offset * day);
		return { name: nameOf(from), from, to: dateOf(now + (offset + 1) * day) };
	});
}

/** Those of the given partitions whose last row is older than the retention. */
export function outdated(names: string[], now: number, retentionHours: number): string[] {
	return names.filter((name) => {
		const date = /^messages_(\d{4})_(\d{2})_(\d{2})$/.exec(name);
		if (!date) return false;
		const end = Date.UTC(Number(date[1]), Number(date[2]) - 1, Number(date[3])) + day;
		return end <= now - retentionHours * 3600 * 1000;
	});
}

/** Adds the partitions that are missing and drops the outdated ones. Without today's, nothing can be sent or joined. */
async function keepPartitions(sql: Sql, retentionHours: number, now = Date.now()): Promise<void> {
	const rows = await sql<{ name: string }[]>`
		select c.relname as name from pg_inherits i join pg_class c on c.oid = i.inhrelid
		where i.inhparent = 'realtime.messages'::regclass`;
	const present = new Set(rows.map(({ name }) => name));
	for (const { name, from, to } of wanted(now).filter(({ name }) => !present.has(name))) {
		await sql.begin(async (transaction) => {
			await transaction.unsafe(`
				create table if not exists realtime.${name} partition of realtime.messages for values from ('${from}') to ('${to}');
				alter table realtime.${name} owner to supabase_realtime_admin;
				alter table realtime.${name} enable row level security;`);
		});
	}
	for (const name of outdated([...present], now, retentionHours))
		await sql.unsafe(`drop table if exists realtime.${name}`);
}

/** Keeps the partitions at the start, every four hours, and whenever asked. One run at a time. */
export async function startJanitor(
	sql: Sql,
	retentionHours: number,
	log: (line: string) => void
): Promise<{ run(): Promise<void>; stop(): void }> {
	let running: Promise<void> | undefined;
	const run = () =>
		(running ??= keepPartitions(sql, retentionHours)
			.catch((error: Error) => log(`the partitions of realtime.messages could not be kept: ${error.message}`))
			.finally(() => (running = undefined)));
	const timer = setInterval(() => void run(), interval);
	timer.unref();
	await run();
	return { run, stop: () => clearInterval(timer) };
}
