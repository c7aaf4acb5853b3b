import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { openStore } from './store.ts';

let folder: string;
beforeEach(() => {
	folder = mkdtempSync(join(tmpdir(), 'mail-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

const mail = (subject: string) =>
	Buffer.from(`From: a@example.com\r\nTo: b@example.com\r\nSubject: ${subject}\r\n\r\nHello`);

test('keeps its mails and their order across a restart', async () => {
	const store = await openStore(folder);
	await store.add(mail('one'), ['b@example.com']);
	await store.add(mail('two'), ['b@example.com', 'c@example.com']);
	const again = await openStore(folder);
	expect(again.list()).toEqual(store.list());
	expect(again.list().map(({ Subject }) => Subject)).toEqual(['two', 'one']);
	expect(again.find('latest')?.Bcc).toEqual([{ Name: '', Address: 'c@example.com' }]);
});

test('keeps the last 500 and leaves no file of the others', async () => {
	const store = await openStore(folder);
	for (let i = 1; i <= 503; i++) await store.add(mail(String(i)), ['b@example.com']);
	expect(store.list()).toHaveLength(500);
	expect(store.list().at(-1)?.Subject).toBe('4');
	expect(readdirSync(folder)).toHaveLength(1000);
});

test('opens with a mail that was cut off while being written', async () => {
	writeFileSync(join(folder, '000000000001.eml'), 'Subject: half');
	writeFileSync(join(folder, '000000000002.eml'), mail('whole'));
	writeFileSync(join(folder, '000000000002.json'), '{"received":');
	const store = await openStore(folder);
	expect(store.list()).toEqual([]);
	expect(readdirSync(folder)).toEqual([]);
});

test('forgets all when told to', async () => {
	const store = await openStore(folder);
	await store.add(mail('one'), ['b@example.com']);
	store.remove();
	expect(store.list()).toEqual([]);
	expect(readdirSync(folder)).toEqual([]);
});
