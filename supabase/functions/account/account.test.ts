import { strFromU8, unzipSync } from 'fflate';
import { describe, expect, test } from 'vitest';
import { archive } from './archive.ts';
import { remove } from './deletion.ts';
import type { Bucket } from './deletion.ts';

test('an export is a ZIP with a file of JSON for each part', () => {
	const parts = { 'profile.json': { full_name: 'Amina — أمينة' }, 'bookings.json': [] };
	const files = unzipSync(archive(parts, new Date('2026-11-21T08:00:00Z')));
	expect(
		Object.fromEntries(Object.entries(files).map(([name, bytes]) => [name, JSON.parse(strFromU8(bytes))]))
	).toEqual(parts);
});

describe('removing files', () => {
	const bucketOf = (names: string[]): Bucket & { names: string[] } => ({
		names,
		async list(folder, { limit }) {
			const inside = names.filter((name) => name.startsWith(`${folder}/`)).slice(0, limit);
			return { data: inside.map((name) => ({ name: name.slice(folder.length + 1) })), error: null };
		},
		async remove(paths) {
			for (const path of paths) names.splice(names.indexOf(path), 1);
			return { error: null };
		}
	});

	test('takes all that is in a folder, however many, and no other', async () => {
		const bucket = bucketOf([...Array.from({ length: 230 }, (_, n) => `amina/${n}.webp`), 'youssef/1.webp']);
		await remove(bucket, 'amina/');
		expect(bucket.names).toEqual(['youssef/1.webp']);
	});

	test('takes one file alone', async () => {
		const bucket = bucketOf(['amina/1.webp', 'amina/2.webp']);
		await remove(bucket, 'amina/1.webp');
		expect(bucket.names).toEqual(['amina/2.webp']);
	});

	test('of a folder that cannot be read fails, so that it is tried again', async () => {
		const failing = { ...bucketOf([]), list: async () => ({ data: null, error: new Error('away') }) };
		await expect(remove(failing, 'amina/')).rejects.toThrow('away');
	});
});
