import type { Cursor } from './cursor.ts';

/** How many rows are asked for at once where all of a list are wanted: an answer holds 1,000 at most. */
export const perBatch = 500;

/**
 * All rows of a list in batches, each after the last of the one before: none twice, none left out. `ask` gives the first
 * `perBatch` rows after a cursor, or from the beginning.
 */
export async function* batchesOf<Row>(
	ask: (after: Cursor | null) => Promise<Row[]>,
	cursorOf: (row: Row) => Cursor
): AsyncGenerator<Row[]> {
	let after: Cursor | null = null;
	for (;;) {
		const rows: Row[] = await ask(after);
		if (rows.length > 0) yield rows;
		if (rows.length < perBatch) return;
		after = cursorOf(rows.at(-1)!);
	}
}

/** The same as one list. */
export async function allOf<Row>(...list: Parameters<typeof batchesOf<Row>>): Promise<Row[]> {
	const all: Row[] = [];
	for await (const rows of batchesOf(...list)) all.push(...rows);
	return all;
}
