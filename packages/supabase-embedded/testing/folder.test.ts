import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { expect, test } from 'vitest';
import { temporaryFolder } from './folder.ts';

// A prefix of this test's own.
const unique = mkdtempSync(join(tmpdir(), 'folder-test-'));
rmSync(unique, { recursive: true });
const prefix = basename(unique);

test('a temporary folder is gone when it is removed, and takes along what a killed process left', async () => {
	const { pid } = spawnSync(process.execPath, ['--version']);
	const [left, other] = [`${prefix}-${pid}-a`, `${prefix}-named`].map((name) => join(tmpdir(), name)) as [
		string,
		string
	];
	mkdirSync(left);
	mkdirSync(other);
	const first = await temporaryFolder(prefix);
	const second = await temporaryFolder(prefix);
	expect([left, other, first.path, second.path].map((path) => existsSync(path))).toEqual([false, true, true, true]);
	expect(statSync(first.path).mode & 0o777).toBe(0o711);
	for (const { remove } of [first, second]) remove();
	rmSync(other, { recursive: true });
	expect([first.path, second.path].map((path) => existsSync(path))).toEqual([false, false]);
});
