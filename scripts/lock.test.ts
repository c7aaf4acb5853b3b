import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { announce, announced, lockFolder, processStart } from './lock.ts';

let folder: string;
const lock = (facts: object) =>
	writeFileSync(join(folder, 'lock.json'), JSON.stringify({ command: 'npm start', ...facts }));

beforeEach(() => {
	folder = mkdtempSync(join(tmpdir(), 'khadamat-lock-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

describe('the lock on a data folder', () => {
	test('refuses a second copy in one sentence', () => {
		const unlock = lockFolder(folder, 'npm start');
		expect(() => lockFolder(folder, 'npm run dev')).toThrow(
			`already running here (process ${process.pid}, "npm start")`
		);
		unlock();
		lockFolder(folder, 'npm run dev')();
		expect(existsSync(join(folder, 'lock.json'))).toBe(false);
	});

	test('is taken over from a process that died', async () => {
		const child = spawn(process.execPath, ['-e', '']);
		const started = processStart(child.pid!);
		await once(child, 'close');
		lock({ pid: child.pid, started });
		expect(() => lockFolder(folder, 'npm start')).not.toThrow();
	});

	test('is taken over when its number belongs to a later process', () => {
		lock({ pid: process.pid, started: 'long ago' });
		expect(() => lockFolder(folder, 'npm start')).not.toThrow();
	});

	test('is taken over when it cannot be read', () => {
		writeFileSync(join(folder, 'lock.json'), '{"pid":');
		expect(() => lockFolder(folder, 'npm start')).not.toThrow();
	});
});

describe('what a running platform announces', () => {
	test('is there while it runs', () => {
		const unlock = lockFolder(folder, 'npm start');
		expect(() => announced(folder)).toThrow('still starting');
		const withdraw = announce(folder, { SITE_URL: 'http://localhost:3000' });
		expect(announced(folder)).toEqual({ SITE_URL: 'http://localhost:3000' });
		withdraw();
		unlock();
		expect(() => announced(folder)).toThrow('No platform is running');
	});

	test('is not believed after a crash', () => {
		announce(folder, { SITE_URL: 'http://localhost:3000' });
		lock({ pid: process.pid, started: 'long ago' });
		expect(() => announced(folder)).toThrow('No platform is running');
	});
});
