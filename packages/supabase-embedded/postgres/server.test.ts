import { chmodSync, existsSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import postgres from 'postgres';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { freePorts } from '../ports.ts';
import { databaseUrl } from './bootstrap.ts';
import { characterTypes, startServer } from './server.ts';
import type { Server } from './server.ts';

const password = 'not a secret';
const folder = mkdtempSync(join(tmpdir(), 'embedded-postgres-'));
let port: number;
let server: Server;

const said: string[] = [];
const start = () =>
	startServer({
		...{ folder: join(folder, 'postgres'), port, password, durable: true },
		log: (line) => said.push(line)
	});

async function query<T extends object>(text: string): Promise<T[]> {
	const sql = postgres(databaseUrl(port, password, 'supabase_admin'), { max: 1, onnotice: () => {} });
	try {
		return [...(await sql.unsafe<T[]>(text))];
	} finally {
		await sql.end({ timeout: 1 });
	}
}

async function untilAnswers(limit: number): Promise<number> {
	const begun = Date.now();
	for (;;) {
		try {
			await query('select 1');
			return Date.now() - begun;
		} catch (error) {
			if (Date.now() - begun > limit) throw error;
			await new Promise((resolve) => setTimeout(resolve, 50));
		}
	}
}

beforeAll(async () => {
	[port] = (await freePorts(1)) as [number];
	// A half-made cluster of an earlier try, in a folder that is closed to the account Postgres may run under.
	mkdirSync(join(folder, 'postgres.new'), { recursive: true });
	chmodSync(folder, 0o700);
	server = await start();
}, 60_000);

afterAll(async () => {
	await server.stop();
	rmSync(folder, { recursive: true, force: true });
}, 30_000);

describe('the database server', () => {
	test('is made whole, whatever an earlier try left', () => {
		expect(existsSync(join(folder, 'postgres.new'))).toBe(false);
		expect(existsSync(join(folder, 'postgres.password'))).toBe(false);
	});

	test('has a character type of UTF-8, and case and order that are the same on every machine', async () => {
		const [made] = await query<{ datctype: string }>(
			'select datctype, datcollate, datlocprovider, datlocale from pg_database where datname = current_database()'
		);
		expect(characterTypes).toContain(made!.datctype);
		expect(made).toMatchObject({ datcollate: 'C', datlocprovider: 'b', datlocale: 'C.UTF-8' });
		expect(await query("select lower('ÉCLAIR') as word")).toEqual([{ word: 'éclair' }]);
	});

	test('says nothing in its log of what it was sent', async () => {
		await query('create table people (email text primary key, born date)');
		const planted = 'planted@example.com';
		await query(`insert into people values ('${planted}')`);
		for (const wrong of [
			`insert into people values ('${planted}')`,
			`select '${planted}'::uuid`,
			`select from nowhere where email = '${planted}'`,
			`do $$ begin raise warning '${planted}'; raise exception '${planted}' using detail = '${planted}'; end $$`,
			`insert into people values ('other', '${planted}')`
		]) {
			await expect(query(wrong)).rejects.toThrow();
		}
		await query(`select pg_sleep(0.1), '${planted}'`);
		expect(said.join('\n')).toContain('ready to accept connections');
		expect(said.filter((line) => line.includes('planted') || /STATEMENT|DETAIL|CONTEXT/.test(line))).toEqual([]);
	});

	test('is started again when it is killed, and what was committed is there', async () => {
		await query('create table kept (id int)');
		const session = postgres(databaseUrl(port, password, 'supabase_admin'), { max: 1 });
		await session`select 1`;
		const busy = session`select pg_sleep(60)`.catch(() => 'cut off');
		for (let id = 1; id <= 20; id++) await query(`insert into kept values (${id})`);
		process.kill(server.pid()!, 'SIGKILL');
		expect(await busy).toBe('cut off');
		await session.end({ timeout: 1 });
		expect(await untilAnswers(15_000)).toBeLessThan(15_000);
		expect(await query('select count(*)::int as count from kept')).toEqual([{ count: 20 }]);
	}, 30_000);

	test('keeps its data over a stop and a start', async () => {
		await server.stop();
		server = await start();
		expect(await query('select count(*)::int as count from kept')).toEqual([{ count: 20 }]);
	}, 30_000);

	test('refuses a folder that holds something else', async () => {
		const other = join(folder, 'other');
		mkdirSync(other);
		const started = startServer({ folder: other, port, password, durable: false, log: () => {} });
		await expect(started).rejects.toThrow('holds no database');
	});
});
