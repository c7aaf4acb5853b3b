import { mkdirSync, mkdtempSync, rmSync, statSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { Files } from './files.ts';

const version = '01890f5e-7a2c-7c3d-9e4f-0123456789ab';
let folder: string;
beforeEach(() => (folder = mkdtempSync(join(tmpdir(), 'files-'))));
afterEach(() => rmSync(folder, { recursive: true, force: true }));

test.skipIf(process.platform !== 'linux')(
	'a file for which there is no room is refused in words that name no folder',
	() => {
		mkdirSync(join(folder, '01'));
		symlinkSync('/dev/full', join(folder, '01', version));
		const write = () => new Files(folder).write(version, new Uint8Array([1]));
		expect(write).toThrow(expect.objectContaining({ statusCode: 507, code: 'InsufficientStorage' }));
		expect(write).not.toThrow(folder);
	}
);

test.skipIf(process.platform === 'win32')('a file is its owner’s alone', () => {
	new Files(folder).write(version, new Uint8Array([1]));
	expect(statSync(join(folder, '01', version)).mode & 0o777).toBe(0o600);
});
