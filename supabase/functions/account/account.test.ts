import { strFromU8, unzipSync } from 'fflate';
import { describe, expect, test } from 'vitest';
import { archive } from './archive.ts';
import { assertFree, empty } from './deletion.ts';
import type { Bucket } from './deletion.ts';

test('an export is a ZIP with a file of JSON for each part', () => {
	const parts = { 'profile.json': { full_name: 'Amina — أمينة' }, 'bookings.json': [] };
	const files = unzipSync(archive(parts, new Date('2026-11-21T08:00:00Z')));
	expect(
		Object.fromEntries(Object.entries(files).map(([name, bytes]) => [name, JSON.parse(strFromU8(bytes))]))
	).toEqual(parts);
});

describe('a deletion', () => {
	test.each([
		[
			{ last_owner_of: ['Dar Zitoun'], upcoming_bookings: 2 },
			{ status: 409, code: 'last_owner' }
		],
		[
			{ last_owner_of: [], upcoming_bookings: 1 },
			{ status: 409, code: 'invalid_transition' }
		]
	])('with %o in its way is refused', (obstacles, refusal) => {
		expect(() => assertFree(obstacles)).toThrow(expect.objectContaining(refusal));
	});

	test('with nothing in its way may go on', () => {
		expect(() => assertFree({ last_owner_of: [], upcoming_bookings: 0 })).not.toThrow();
	});
});

describe('emptying a folder', () => {
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

	test('removes all of its files, however many, and no other', async () => {
		const bucket = bucketOf([...Array.from({ length: 230 }, (_, n) => `amina/${n}.webp`), 'youssef/1.webp']);
		await empty(bucket, 'amina');
		expect(bucket.names).toEqual(['youssef/1.webp']);
	});

	test('that cannot be read fails, so that no account goes without its files', async () => {
		const failing = { ...bucketOf([]), list: async () => ({ data: null, error: new Error('away') }) };
		await expect(empty(failing, 'amina')).rejects.toThrow('away');
	});
});
