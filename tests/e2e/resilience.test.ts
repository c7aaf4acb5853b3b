import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from '@playwright/test';
import { createClient } from '@supabase/supabase-js';
import postgres from 'postgres';

/** `npm start` as a person runs it, with data and ports of its own: seven in a row that nothing else asks for. */
const base = 33_000 - (process.pid % 1000) * 8;
const site = `http://127.0.0.1:${base}`;
let folder: string;
let running: ChildProcess | undefined;
let output = '';

function command(name: string): ChildProcess {
	return spawn(process.execPath, ['scripts/cli.mjs', name], {
		env: { ...process.env, KHADAMAT_FOLDER: folder, KHADAMAT_PORT_BASE: String(base) }
	});
}

/** Runs a command to its end. */
async function outcome(name: string): Promise<{ code: number | null; said: string }> {
	const child = command(name);
	let said = '';
	for (const stream of [child.stdout!, child.stderr!]) stream.on('data', (chunk: Buffer) => (said += chunk.toString()));
	const code = await new Promise<number | null>((resolve) => child.once('close', resolve));
	return { code, said };
}

/** Starts everything and resolves, when its table is there, to the seconds that took. */
async function start(): Promise<number> {
	const begun = Date.now();
	output = '';
	const child = command('start');
	running = child;
	for (const stream of [child.stdout!, child.stderr!])
		stream.on('data', (chunk: Buffer) => (output += chunk.toString()));
	await expect
		.poll(() => (child.exitCode === null ? output : `ended: ${output}`), { timeout: 120_000 })
		.toMatch(/Khadamat is running|^ended/);
	expect(output).toContain('Khadamat is running');
	return (Date.now() - begun) / 1000;
}

async function stop(): Promise<number | null> {
	const child = running!;
	running = undefined;
	const gone = new Promise<number | null>((resolve) => child.once('close', resolve));
	child.kill('SIGINT');
	return gone;
}

const databasePid = () => Number(readFileSync(join(folder, 'postgres/postmaster.pid'), 'utf8').split('\n')[0]);

const facts = () => JSON.parse(readFileSync(join(folder, 'running.json'), 'utf8')) as Record<string, string>;

/** The providers that the public may see: data that the seed made. */
async function providers(): Promise<number> {
	const { API_URL, PUBLISHABLE_KEY } = facts();
	const answer = await fetch(`${API_URL}/rest/v1/providers?select=id&limit=1000`, {
		headers: { apikey: PUBLISHABLE_KEY! }
	});
	expect(answer.status).toBe(200);
	return ((await answer.json()) as unknown[]).length;
}

test.describe.configure({ mode: 'serial', timeout: 150_000 });
test.beforeAll(() => {
	folder = join(mkdtempSync(join(tmpdir(), 'khadamat-start-')), 'data');
});
test.afterAll(async () => {
	if (running?.exitCode === null) await stop();
	rmSync(join(folder, '..'), { recursive: true, force: true });
});

test('a port in use is named in one sentence, and the first start is begun again after it', async () => {
	const other = createServer();
	await new Promise<void>((resolve) => other.listen(base, '127.0.0.1', resolve));
	const { code, said } = await outcome('start');
	other.close();
	expect(code).toBe(1);
	expect(said).toContain(`Port ${base} (site) is in use.`);
	expect(said).not.toMatch(/^\s+at /m);
});

test('the first start brings everything up, and status tells where', async () => {
	await start();
	expect((await fetch(`${site}/`)).status).toBe(200);
	const { code, said } = await outcome('status');
	expect(code).toBe(0);
	expect(said).toContain(`http://localhost:${base}`);
	expect(await providers()).toBeGreaterThanOrEqual(60);
});

test('a second copy is refused in one sentence', async () => {
	const { code, said } = await outcome('start');
	expect(code).toBe(1);
	expect(said.trim().split('\n')).toHaveLength(1);
	expect(said).toContain('already running');
});

test('who stays signed in while Auth takes nobody more is asked for a moment’s patience, and stays signed in', async () => {
	const { API_URL, PUBLISHABLE_KEY, SECRET_KEY, DB_URL } = facts();
	const keep = { auth: { persistSession: false, autoRefreshToken: false } };
	const given = { email: 'patient@example.com', password: 'correct horse battery' };
	await createClient(API_URL!, SECRET_KEY!, keep).auth.admin.createUser({ ...given, email_confirm: true });
	const { data } = await createClient(API_URL!, PUBLISHABLE_KEY!, keep).auth.signInWithPassword(given);
	const session = Buffer.from(JSON.stringify({ ...data.session!, expires_at: 1 })).toString('base64url');
	const open = (language: string) =>
		fetch(`${site}/${language}/account`, {
			headers: { cookie: `khadamat-auth=base64-${session}`, accept: 'text/html' },
			redirect: 'manual'
		});

	const sql = postgres(DB_URL!, { max: 1, onnotice: () => {} });
	await sql`
		insert into private.rate_counters (name, caller, window_start, shard, calls)
		select name, address, date_bin(per, now(), 'epoch') + n * per, 99, 2000000
		from private.rate_limits, generate_series(0, 1) as n, unnest(array['127.0.0.1', '::/64']) as address
		where name = 'auth_token'`;
	const held = await open('en');
	expect(held.status).toBe(503);
	expect(held.headers.getSetCookie().filter((cookie) => cookie.startsWith('khadamat-auth'))).toEqual([]);
	const page = await held.text();
	for (const sentence of ['Réessayez dans un instant', 'حاولوا مرة أخرى بعد لحظات', 'Try again in a moment'])
		expect(page).toContain(sentence);
	await sql`delete from private.rate_counters where name = 'auth_token'`;
	await expect.poll(async () => (await open('en')).status).toBe(200);
	expect(await (await open('en')).text()).toContain('patient@example.com');
	await sql.end();
});

test('the site answers again within 15 seconds after the database was killed, and nothing acknowledged is lost', async () => {
	const { API_URL, PUBLISHABLE_KEY, DB_URL } = facts();
	const sql = postgres(DB_URL!, { max: 1, onnotice: () => {}, backoff: () => 0.1 });
	await sql`update private.rate_limits set max_calls = 1000000`;
	const client = createClient(API_URL!, PUBLISHABLE_KEY!);
	const starts = await sql<{ service_id: string; starts_at: Date }[]>`
		select s.id as service_id, f.starts_at
		from public.services s, private.free_slots(s.id, current_date + 2, current_date + 12) f
		order by extract(epoch from f.starts_at)::bigint % 7, s.id, f.starts_at`;

	const acknowledged: string[] = [];
	let refused = 0;
	let writing = true;
	const write = async () => {
		while (writing) {
			const next = starts.shift()!;
			const { data } = await client.rpc('create_booking', {
				service_id: next.service_id,
				starts_at: next.starts_at.toISOString(),
				guest: { name: 'Guest', email: 'guest@example.com' },
				idempotency_key: randomUUID()
			});
			const id = (data as { booking_id: string } | null)?.booking_id;
			if (id) acknowledged.push(id);
			else refused++;
		}
	};
	const writers = Array.from({ length: 4 }, write);
	await expect.poll(() => acknowledged.length, { timeout: 20_000 }).toBeGreaterThan(50);
	const before = acknowledged.length;
	process.kill(databasePid(), 'SIGKILL');
	const begun = Date.now();
	await expect
		// An address that was not asked for before: the site keeps its pages for a moment.
		.poll(async () => (await fetch(`${site}/en?at=${Date.now()}`).catch(() => ({ status: 0 }))).status, {
			timeout: 15_000
		})
		.toBe(200);
	await expect.poll(() => acknowledged.length, { timeout: 15_000 }).toBeGreaterThan(before + 20);
	expect(Date.now() - begun).toBeLessThan(15_000);
	writing = false;
	await Promise.all(writers);

	const [{ kept }] = (await sql`select count(*)::int as kept from public.bookings where id = any(${acknowledged})`) as [
		{ kept: number }
	];
	expect(kept).toBe(acknowledged.length);
	// Those in flight when it died were refused, none in silence.
	expect(refused).toBeGreaterThan(0);
	await sql.end();
});

test('Ctrl-C stops everything, and a second start is quick and has its data', async () => {
	const before = await providers();
	const pid = databasePid();
	expect(await stop()).toBe(0);
	expect(() => process.kill(pid, 0)).toThrow();
	expect(existsSync(join(folder, 'lock.json'))).toBe(false);
	await expect(fetch(`${site}/`)).rejects.toThrow();

	expect(await start()).toBeLessThan(30);
	expect(await providers()).toBe(before);
	expect(await stop()).toBe(0);
	const { code, said } = await outcome('status');
	expect(code).toBe(1);
	expect(said).toContain('No platform is running');
});

test('after this process was killed outright the next start takes over', async () => {
	await start();
	const pid = (JSON.parse(readFileSync(join(folder, 'lock.json'), 'utf8')) as { pid: number }).pid;
	const killed = running!;
	running = undefined;
	const gone = new Promise((resolve) => killed.once('close', resolve));
	process.kill(pid, 'SIGKILL');
	await gone;
	expect(await start()).toBeLessThan(30);
	expect(await stop()).toBe(0);
});
