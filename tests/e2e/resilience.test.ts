import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from '@playwright/test';

/** `npm start` as a person runs it, with data and ports of its own: seven in a row that nothing else asks for. */
const base = 33_000 - (process.pid % 1000) * 8;
const site = `http://127.0.0.1:${base}`;
let folder: string;
let running: ChildProcess | undefined;
let output = '';

function command(name: string): ChildProcess {
	return spawn(process.execPath, ['local/cli.mjs', name], {
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

/** The providers that the public may see: data that the seed made. */
async function providers(): Promise<number> {
	const { API_URL, PUBLISHABLE_KEY } = JSON.parse(readFileSync(join(folder, 'running.json'), 'utf8')) as Record<
		string,
		string
	>;
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

test('the site answers again within 15 seconds after the database was killed', async () => {
	const before = await providers();
	process.kill(databasePid(), 'SIGKILL');
	const begun = Date.now();
	await expect
		.poll(async () => (await fetch(`${site}/`).catch(() => ({ status: 0 }))).status, { timeout: 15_000 })
		.toBe(200);
	await expect
		.poll(async () => providers().catch(() => 0), { timeout: Math.max(1, 15_000 - (Date.now() - begun)) })
		.toBe(before);
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
