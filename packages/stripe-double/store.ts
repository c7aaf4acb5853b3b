import { appendFileSync, existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

interface Row {
	id: string;
}

/** Rows of one kind, in the order they were made. What is read is the row itself: change it by `put` alone. */
export interface Table<T extends Row> {
	get(id: string): T | undefined;
	/** Adds or replaces, in memory and on disk. */
	put(row: T): T;
	delete(id: string): void;
	all(): T[];
}

type Line = [table: string, row: Row] | [table: string, deletedId: string];

/** A journal of rows: one line of JSON for each change, so that whatever was answered outlives the process. */
export interface Store {
	table<T extends Row>(name: string): Table<T>;
}

/** Opens the journal of a folder. A last line cut short by a crash is left out. */
export function openStore(folder: string): Store {
	const file = join(folder, 'journal.jsonl');
	const tables = new Map<string, Map<string, Row>>();
	const rows = (name: string) => {
		const found = tables.get(name) ?? new Map<string, Row>();
		tables.set(name, found);
		return found;
	};

	if (existsSync(file)) {
		const whole = readFileSync(file, 'utf8').split('\n').slice(0, -1);
		for (const line of whole) {
			const [name, change] = JSON.parse(line) as Line;
			if (typeof change === 'string') rows(name).delete(change);
			else rows(name).set(change.id, change);
		}
	}
	// One line a row is enough to start from.
	const lines = [...tables].flatMap(([name, found]) =>
		[...found.values()].map((row) => `${JSON.stringify([name, row])}\n`)
	);
	writeFileSync(`${file}.new`, lines.join(''), { mode: 0o600 });
	renameSync(`${file}.new`, file);

	const write = (line: Line) => appendFileSync(file, `${JSON.stringify(line)}\n`);
	return {
		table: <T extends Row>(name: string): Table<T> => {
			const found = rows(name) as Map<string, T>;
			return {
				get: (id) => found.get(id),
				put: (row) => {
					found.set(row.id, row);
					write([name, row]);
					return row;
				},
				delete: (id) => {
					if (found.delete(id)) write([name, id]);
				},
				all: () => [...found.values()]
			};
		}
	};
}
