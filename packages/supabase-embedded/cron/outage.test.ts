import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import postgres from 'postgres';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { temporaryPlatform } from '../testing/platform.ts';
import type { Platform } from '../platform.ts';

let platform: Platform;
let sql: postgres.Sql;
beforeAll(async () => {
	platform = await temporaryPlatform();
	sql = postgres(platform.context.databaseUrl('postgres'), { max: 1, onnotice: () => {}, backoff: () => 0.2 });
}, 60_000);
afterAll(async () => {
	await sql.end();
	await platform.close();
});

/** Asks until the database answers again. */
async function again<T>(ask: () => Promise<T>): Promise<T> {
	for (let i = 0; i < 50; i++) {
		try {
			return await ask();
		} catch {
			await new Promise((resolve) => setTimeout(resolve, 200));
		}
	}
	return ask();
}

test('jobs and requests go on after the database was killed', async () => {
	let calls = 0;
	const server = createServer((_request, response) => {
		calls++;
		response.end();
	});
	await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
	const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;

	await sql`create extension pg_cron`;
	await sql`create extension pg_net`;
	await sql`create table ticks (at timestamptz default clock_timestamp())`;
	await sql`select cron.schedule('tick', '1 second', 'insert into public.ticks default values')`;
	await sql`select cron.schedule('long', '1 second', 'select pg_sleep(60)')`;
	await expect.poll(async () => (await sql`select from ticks`).length, { timeout: 5000 }).toBeGreaterThan(0);

	// This platform commits without waiting for the disk; by now the record of the long run has got there.
	await new Promise((resolve) => setTimeout(resolve, 1000));
	process.kill(platform.database.pid()!, 'SIGKILL');
	await new Promise((resolve) => setTimeout(resolve, 200));
	const killed = await again(async () => (await sql<{ now: Date }[]>`select now()`)[0]!.now);
	await expect
		.poll(async () => (await sql`select from ticks where at > ${killed}`).length, { timeout: 10_000 })
		.toBeGreaterThan(1);
	const cut =
		await sql`select status, return_message from cron.job_run_details where command like '%sleep%' and end_time is not null`;
	expect(cut).toEqual([{ status: 'failed', return_message: 'server closed the connection unexpectedly' }]);

	// What is planned and asked for after the outage is noticed too.
	await sql`select net.http_get(${url})`;
	await expect.poll(() => calls, { timeout: 3000 }).toBe(1);
	await sql`select cron.unschedule('tick')`;
	await new Promise((resolve) => setTimeout(resolve, 500));
	const rest = (await sql`select from ticks`).length;
	await new Promise((resolve) => setTimeout(resolve, 1500));
	expect(await sql`select from ticks`).toHaveLength(rest);
	server.close();
}, 60_000);

test('the extensions can be dropped and created again', async () => {
	await sql`drop extension pg_cron`;
	await new Promise((resolve) => setTimeout(resolve, 1500));
	await sql`create extension pg_cron`;
	await sql`select cron.schedule('tick', '1 second', 'insert into public.ticks default values')`;
	const before = (await sql`select from ticks`).length;
	await expect.poll(async () => (await sql`select from ticks`).length, { timeout: 5000 }).toBeGreaterThan(before);
}, 20_000);
