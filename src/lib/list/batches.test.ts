import { expect, test } from 'vitest';
import { allOf, perBatch } from './batches.ts';

const list = (length: number) => Array.from({ length }, (_, n) => ({ at: String(n).padStart(6, '0'), id: `row ${n}` }));

test.each([0, 1, perBatch - 1, perBatch, perBatch + 1, 3 * perBatch])(
	'a list of %i rows is read whole, none twice',
	async (length) => {
		const rows = list(length);
		const read = await allOf(
			async (after) => rows.filter(({ at }) => !after || at > after.at).slice(0, perBatch),
			(row) => row
		);
		expect(read).toEqual(rows);
	}
);
