import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { completeData, prepareData } from './data.ts';

let folder: string;
let said: string[];
const prepare = (fresh = false) => prepareData(folder, fresh, (sentence) => said.push(sentence));

/** What a finished first start leaves, as far as it is looked at. */
async function complete(): Promise<void> {
	await prepare();
	mkdirSync(join(folder, 'postgres/global'), { recursive: true });
	for (const name of ['postgres/PG_VERSION', 'postgres/global/pg_control', 'platform-version']) {
		writeFileSync(join(folder, name), '17');
	}
	writeFileSync(join(folder, 'keys.json'), '{}');
	completeData(folder);
}

beforeEach(() => {
	folder = mkdtempSync(join(tmpdir(), 'khadamat-data-'));
	said = [];
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

describe('the data folder', () => {
	test('an empty one has its first start', async () => {
		expect(await prepare()).toEqual({ first: true });
		expect(said).toEqual([]);
	});

	test('a complete one is used as it is', async () => {
		await complete();
		expect(await prepare()).toEqual({ first: false });
		expect(said).toEqual([]);
	});

	test.each([
		['before the database was made', 'postgres.new/PG_VERSION'],
		['before the migrations were in', 'postgres/PG_VERSION'],
		['while its keys were written', 'keys.json']
	])('a first start that was cut off %s is begun again', async (_when, leftover) => {
		await prepare();
		mkdirSync(join(folder, leftover, '..'), { recursive: true });
		writeFileSync(join(folder, leftover), '{');
		expect(await prepare()).toEqual({ first: true });
		expect(said.join()).toMatch(/cut off/);
		expect(existsSync(join(folder, leftover))).toBe(false);
	});

	test.each(['postgres/PG_VERSION', 'postgres/global/pg_control', 'keys.json', 'migrations.json', 'platform-version'])(
		'one that lost %s is refused in words and left alone',
		async (name) => {
			await complete();
			rmSync(join(folder, name));
			await expect(prepare()).rejects.toThrow(`is incomplete (${name})`);
			expect(existsSync(join(folder, 'postgres'))).toBe(true);
		}
	);

	test('one whose keys cannot be read is refused in words', async () => {
		await complete();
		writeFileSync(join(folder, 'keys.json'), '{"publishable":');
		await expect(prepare()).rejects.toThrow('is incomplete (keys.json)');
	});

	test('one made by a migration that was edited since is refused with the way out', async () => {
		await complete();
		writeFileSync(join(folder, 'migrations.json'), '{"20200101000000_gone.sql":"abc"}');
		await expect(prepare()).rejects.toThrow(/20200101000000_gone\.sql.*npm start -- --fresh/);
	});

	test('one that is to be made afresh is emptied, and says so', async () => {
		await complete();
		writeFileSync(join(folder, 'lock.json'), '{}');
		expect(await prepare(true)).toEqual({ first: true });
		expect(said.join()).toMatch(/Deleting/);
		expect(existsSync(join(folder, 'postgres'))).toBe(false);
		expect(existsSync(join(folder, 'lock.json'))).toBe(true);
	});
});
