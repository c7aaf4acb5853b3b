import { chmodSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { endLeftover } from '../postgres/server.ts';

/** True when a process has the number. */
function runs(pid: number): boolean {
	try {
		process.kill(pid, 0);
		return true;
	} catch (error) {
		return (error as NodeJS.ErrnoException).code === 'EPERM';
	}
}

/**
 * A folder for a platform whose data is thrown away: `remove` leaves nothing behind, and neither does an early end. What
 * a killed process of the same prefix left, its database too, is removed first.
 */
export async function temporaryFolder(prefix: string): Promise<{ path: string; remove(): void }> {
	for (const name of readdirSync(tmpdir())) {
		const owner = name.startsWith(`${prefix}-`) && /^(\d+)-/.exec(name.slice(prefix.length + 1))?.[1];
		if (!owner || runs(Number(owner))) continue;
		await endLeftover(join(tmpdir(), name, 'postgres'));
		rmSync(join(tmpdir(), name), { recursive: true, force: true });
	}
	const path = mkdtempSync(join(tmpdir(), `${prefix}-${process.pid}-`));
	const clear = () => rmSync(path, { recursive: true, force: true, maxRetries: 3 });
	process.once('exit', clear);
	chmodSync(path, 0o711); // the account Postgres runs under when we are root must get in
	return {
		path,
		remove: () => {
			clear();
			process.off('exit', clear);
		}
	};
}
