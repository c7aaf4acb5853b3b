import { mkdtempSync, readFileSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { impersonal, openLog } from './log.ts';

let folder: string;
beforeEach(() => (folder = mkdtempSync(join(tmpdir(), 'log-'))));
afterEach(() => rmSync(folder, { recursive: true, force: true }));

test.each([
	['a token eyJhbGciOi.eyJzdWIiOi.c2lnbmF0dXJl in it', 'a token ‹token› in it'],
	['authorization: Bearer abc.def', 'authorization: Bearer ‹token›'],
	['key sb_secret_0123abc, sk_test_x1, whsec_9f', 'key ‹key›, ‹key›, ‹key›'],
	['GET /rest/v1/bookings?manage_token=eq.x&select=* failed', 'GET /rest/v1/bookings?… failed'],
	['550 <amina.b+x@mail.example.ma> unknown', '550 <‹address›> unknown'],
	['Key (phone)=(+212612345678) exists', 'Key (phone)=(‹phone›) exists'],
	['call 06 12 34 56 78 or 0612345678', 'call ‹phone› or ‹phone›'],
	['/b/Zm9vYmFyYmF6cXV4MTIzNDU2Nzg5 is gone', '/b/‹secret› is gone'],
	[`/calendar/${'0123456789abcdef'.repeat(2)}.ics`, '/calendar/‹secret›.ics']
])('%s is kept as %s', (line, kept) => expect(impersonal(line)).toBe(kept));

test.each([
	'2026-11-28 21:18:15.123 UTC [1234] LOG:  database system is ready to accept connections',
	'TypeError: x is not a function\n    at handle (file:///srv/site/build/server/chunks/hooks.server.js:12:7)',
	'booking 01890f5e-7a2c-7c3d-9e4f-0123456789ab moved',
	'why? nobody knows'
])('%s is kept as it is', (line) => expect(impersonal(line)).toBe(line));

test('a log is its owner’s alone, and goes on where it was', () => {
	const file = join(folder, 'platform.log');
	writeFileSync(file, 'before\n', { mode: 0o644 });
	openLog(file, () => {})('site', 'after');
	expect(readFileSync(file, 'utf8')).toMatch(/^before\n\S+ \[site\] after\n$/);
	openLog(join(folder, 'new.log'), () => {})('site', 'first');
	if (process.platform === 'win32') return;
	for (const name of ['platform.log', 'new.log']) expect(statSync(join(folder, name)).mode & 0o777).toBe(0o600);
});

test('a log that has grown large is put aside', () => {
	const file = join(folder, 'platform.log');
	writeFileSync(file, 'x'.repeat(6 * 1024 * 1024));
	openLog(file, () => {})('site', 'anew');
	expect(readFileSync(file, 'utf8')).toMatch(/^\S+ \[site\] anew\n$/);
	expect(statSync(`${file}.1`).size).toBe(6 * 1024 * 1024);
});

test.skipIf(process.platform !== 'linux')('a log without room is said once, and ends nothing', () => {
	const file = join(folder, 'platform.log');
	symlinkSync('/dev/full', file);
	const said: string[] = [];
	const log = openLog(file, (sentence) => said.push(sentence));
	for (const line of ['one', 'two']) log('site', line);
	expect(said).toEqual(['The log cannot be written (ENOSPC, the disk is full); what runs goes on.']);
});
