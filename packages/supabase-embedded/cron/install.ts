import { existsSync, readdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { Failure } from '../failure.ts';
import { findBinaries } from '../postgres/server.ts';

const sources = join(import.meta.dirname, 'extensions');

/**
 * Puts the stand-ins for pg_cron and pg_net among the server's extensions, so that `create extension` finds them.
 * Files that are already right are left alone, so that this also runs where packages may not be written.
 */
export async function installExtensions(): Promise<void> {
	const native = join(dirname((await findBinaries()).postgres), '..');
	const folder = [join(native, 'share/postgresql/extension'), join(native, 'share/extension')].find((path) =>
		existsSync(join(path, 'plpgsql.control'))
	);
	if (!folder)
		throw new Failure(`The extensions of Postgres are missing under ${native}. Run "npm ci" to install them again.`);
	for (const name of readdirSync(sources)) {
		const source = readFileSync(join(sources, name), 'utf8');
		const target = join(folder, name);
		if (existsSync(target) && readFileSync(target, 'utf8') === source) continue;
		try {
			// Renamed into place: another platform of this project may be reading the file.
			writeFileSync(`${target}.${process.pid}`, source, { mode: 0o644 });
			renameSync(`${target}.${process.pid}`, target);
		} catch (error) {
			throw new Failure(`${name} could not be written to ${folder}: ${(error as Error).message}`);
		}
	}
}
