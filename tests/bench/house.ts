import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { Failure } from 'supabase-embedded';
import type { Facts } from '../../scripts/facts.ts';
import { announced } from '../../scripts/lock.ts';
import { root } from '../../scripts/settings.ts';

/** `npm start`, running. */
export interface House {
	pid: number;
	/** from the command to the sentence that it is running */
	seconds: number;
	facts: Facts;
	close(): Promise<void>;
}

/** Starts what `npm start` starts, with its data in `folder` and seven ports from `base` on. Raises a Failure when it ends. */
export async function startHouse(folder: string, base: number): Promise<House> {
	const begun = Date.now();
	const child = spawn(process.execPath, [join(root, 'scripts/main.ts'), 'start'], {
		cwd: root,
		stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
		env: { ...process.env, KHADAMAT_FOLDER: folder, KHADAMAT_PORT_BASE: String(base) }
	});
	const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()));
	let said = '';
	await new Promise<void>((resolve, reject) => {
		const hear = (text: string) => {
			said += text;
			if (said.includes('Khadamat is running')) resolve();
		};
		for (const stream of [child.stdout!, child.stderr!]) stream.setEncoding('utf8').on('data', hear);
		void ended.then(() => reject(new Failure(`The product did not start: ${said.trim()}`)));
	});
	return {
		pid: child.pid!,
		seconds: (Date.now() - begun) / 1000,
		facts: announced<Facts>(folder),
		close: async () => {
			child.kill('SIGINT');
			await ended;
		}
	};
}
