import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { Failure } from 'supabase-embedded';

/** Which part of the house a process is, by its command line; the first that fits. */
const parts: [string, RegExp][] = [
	['Postgres', /postgres/],
	['edge functions (Deno)', /deno/],
	['site', /\/build\b/],
	['embedded platform', /main\.ts/]
];

interface Process {
	pid: number;
	parent: number;
	command: string;
}

function processes(): Process[] {
	return readdirSync('/proc')
		.filter((name) => /^\d+$/.test(name))
		.flatMap((name) => {
			try {
				const stat = readFileSync(`/proc/${name}/stat`, 'utf8');
				const parent = Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1]);
				const command = readFileSync(`/proc/${name}/cmdline`, 'utf8').replaceAll('\0', ' ').trim();
				return [{ pid: Number(name), parent, command }];
			} catch {
				return []; // it ended meanwhile
			}
		});
}

/** Memory of one process in bytes: what is shared counts by its share, so that the sum is true. */
function proportionalSize(pid: number): number {
	try {
		const rollup = readFileSync(`/proc/${pid}/smaps_rollup`, 'utf8');
		return Number(/^Pss:\s+(\d+) kB$/m.exec(rollup)?.[1] ?? 0) * 1024;
	} catch {
		return 0;
	}
}

export interface Memory {
	part: string;
	processes: number;
	bytes: number;
}

/** Memory of a process and all that it started, by part of the house. Raises a Failure where there is no /proc. */
export function memoryOf(pid: number): Memory[] {
	if (!existsSync('/proc/self/smaps_rollup')) throw new Failure('Memory can be measured on Linux only.');
	const all = processes();
	const tree = (root: number): Process[] => [
		...all.filter((one) => one.pid === root),
		...all.filter((one) => one.parent === root).flatMap((one) => tree(one.pid))
	];
	const found = tree(pid).map((one) => ({
		part: parts.find(([, form]) => form.test(one.command))?.[0] ?? one.command.slice(0, 40),
		bytes: proportionalSize(one.pid)
	}));
	return [...Map.groupBy(found, ({ part }) => part)].map(([part, members]) => ({
		part,
		processes: members.length,
		bytes: members.reduce((sum, { bytes }) => sum + bytes, 0)
	}));
}
