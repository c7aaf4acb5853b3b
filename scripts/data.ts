import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { endLeftover, Failure } from 'supabase-embedded';
import { firstChange, migrationHashes, recordMigrations } from './migrations.ts';

/** What to do about data that cannot be gone on with. */
export const remake = 'To remake all data from the seed: npm start -- --fresh';

/** Present from the beginning of a folder's first start to its end: what is in such a folder is nobody's work yet. */
const unfinished = 'first-start';

function empty(folder: string): void {
	for (const name of readdirSync(folder)) {
		if (name !== 'lock.json') rmSync(join(folder, name), { recursive: true, force: true });
	}
}

function readable(file: string): boolean {
	try {
		JSON.parse(readFileSync(file, 'utf8'));
		return true;
	} catch {
		return false;
	}
}

/** Raises a Failure for data that was complete once and is not any more, or that other migrations made. */
function check(folder: string): void {
	const needed = [
		'postgres/PG_VERSION',
		'postgres/global/pg_control',
		'keys.json',
		'migrations.json',
		'platform-version'
	];
	const damaged = needed.find((name) => {
		const file = join(folder, name);
		return !existsSync(file) || (name.endsWith('.json') && !readable(file));
	});
	if (damaged)
		throw new Failure(`The data in ${folder} is incomplete (${damaged}). Put it back from a backup. ${remake}`);

	const applied = JSON.parse(readFileSync(join(folder, 'migrations.json'), 'utf8')) as Record<string, string>;
	const changed = firstChange(applied, migrationHashes());
	if (changed)
		throw new Failure(`The migration ${changed} is not what it was when the data in ${folder} was made. ${remake}`);
}

/**
 * Makes the data folder ready for a start; `say` hears about what is thrown away. The folder must be locked.
 * A first start that was cut off is begun again, since its data is only the seed. Data that was complete is never
 * touched: what cannot be used is refused by a Failure.
 */
export async function prepareData(
	folder: string,
	fresh: boolean,
	say: (sentence: string) => void
): Promise<{ first: boolean }> {
	mkdirSync(folder, { recursive: true });
	// The database of a start that was killed outlives it, and holds its data and its port.
	await endLeftover(join(folder, 'postgres'));
	if (fresh && existsSync(join(folder, 'postgres'))) {
		say(`Deleting the data in ${folder}, as asked.`);
		empty(folder);
	} else if (existsSync(join(folder, unfinished))) {
		say('The first start was cut off before it was done; beginning it again.');
		empty(folder);
	}
	if (existsSync(join(folder, 'postgres'))) {
		check(folder);
		return { first: false };
	}
	writeFileSync(join(folder, unfinished), '');
	return { first: true };
}

/** Says that the folder's data is complete with the migrations as they are now. */
export function completeData(folder: string): void {
	recordMigrations(folder);
	rmSync(join(folder, unfinished), { force: true });
}
