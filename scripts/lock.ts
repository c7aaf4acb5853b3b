import { spawnSync } from 'node:child_process';
import { existsSync, linkSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Failure } from 'supabase-embedded';

/** The process that uses a data folder. Its start time tells it from a later process with the same number. */
interface Holder {
	pid: number;
	started: string;
	/** what it was started as, for example `npm start` */
	command: string;
}

/** When a process began, in whatever form the system tells it; null when there is no such process. */
export function processStart(pid: number): string | null {
	if (existsSync('/proc/self/stat')) {
		try {
			const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
			const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
			return fields[0] === 'Z' ? null : (fields[19] ?? null);
		} catch {
			return null;
		}
	}
	try {
		process.kill(pid, 0);
	} catch {
		return null;
	}
	return process.platform === 'win32'
		? ''
		: spawnSync('ps', ['-o', 'lstart=', '-p', String(pid)], { encoding: 'utf8' }).stdout.trim();
}

function readJson<T>(file: string): T | null {
	try {
		return JSON.parse(readFileSync(file, 'utf8')) as T;
	} catch {
		return null;
	}
}

function alive(holder: Holder | null): holder is Holder {
	return holder !== null && processStart(holder.pid) === holder.started;
}

/** The living process that uses the folder, or null. */
function holder(folder: string): Holder | null {
	const found = readJson<Holder>(join(folder, 'lock.json'));
	return alive(found) ? found : null;
}

/**
 * Takes the data folder for this process and returns how to let it go again.
 * A lock that a dead process left is taken over. Raises a Failure when another copy is running.
 */
export function lockFolder(folder: string, command: string): () => void {
	mkdirSync(folder, { recursive: true });
	const file = join(folder, 'lock.json');
	const draft = `${file}.${process.pid}`;
	const mine = JSON.stringify({ pid: process.pid, started: processStart(process.pid), command });
	writeFileSync(draft, mine);
	try {
		for (let attempt = 0; ; attempt++) {
			try {
				linkSync(draft, file); // all or nothing, so that no one reads half a lock
				break;
			} catch (error) {
				if ((error as NodeJS.ErrnoException).code !== 'EEXIST' || attempt === 5) throw error;
			}
			const other = holder(folder);
			if (other) {
				throw new Failure(
					`Khadamat is already running here (process ${other.pid}, "${other.command}"): stop it with Ctrl-C where it was started, or see its addresses with "npm run -s status".`
				);
			}
			rmSync(file, { force: true });
		}
	} finally {
		rmSync(draft, { force: true });
	}
	return () => {
		if (readJson<Holder>(file)?.pid === process.pid) rmSync(file, { force: true });
	};
}

/** Tells `status` about the platform that runs on this folder, in a file for its owner alone; returns how to take it back. */
export function announce(folder: string, facts: object): () => void {
	const file = join(folder, 'running.json');
	writeFileSync(`${file}.new`, JSON.stringify(facts, null, '\t'), { mode: 0o600 });
	renameSync(`${file}.new`, file);
	return () => rmSync(file, { force: true });
}

/** What the platform running on this folder announced. Raises a Failure when none is, or it is not ready yet. */
export function announced<T>(folder: string): T {
	const running = holder(folder);
	if (!running) throw new Failure('No platform is running. Start one with "npm start" or "npm run dev".');
	const facts = readJson<T>(join(folder, 'running.json'));
	if (!facts) throw new Failure(`The platform (process ${running.pid}) is still starting. Ask again in a moment.`);
	return facts;
}
