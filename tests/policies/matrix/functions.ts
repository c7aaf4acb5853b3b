import { calls } from './calls/index.ts';
import { callers } from './notation.ts';
import type { Caller, Line, Mark } from './notation.ts';
import { clientOf } from './tables.ts';
import type { Scene } from './scene.ts';

const marks: Record<string, Mark> = {
	not_found: '?',
	not_allowed: '!',
	step_up_required: '2',
	invalid_input: '×',
	invalid_transition: '#',
	last_owner: '#'
};

type Failed = { code?: string; message: string } | null;

/** The mark of an answer; null where none fits. */
function markOf(data: unknown, error: Failed, caller: Caller): Mark | null {
	if (error === null) return Array.isArray(data) && data.length === 0 ? '0' : '✓';
	if (error.code === '42501') return '·';
	// whose session was ended is refused before anything is looked at
	if (caller === 'blocked' && error.message === 'session_ended') return '·';
	return marks[error.message] ?? null;
}

async function look({ db }: Scene, [table, id]: [string, string]): Promise<string> {
	const [row] = await db<{ seen: string }[]>`
		select to_jsonb(t)::text as seen from ${db(`public.${table}`)} t where id = ${id}`;
	return row?.seen ?? 'gone';
}

async function tryCell(scene: Scene, name: string, line: Line, caller: Caller): Promise<string | null> {
	const prepare = calls[name]?.[line.what];
	if (!prepare) throw new Error(`calls/ does not say how ${name} is called: ${line.what}.`);
	const { args, untouched, from } = await prepare(scene, clientOf(scene, caller), caller);
	const before = untouched && (await look(scene, untouched));
	const call = scene.as[caller].rpc(name, args);
	for (const [header, value] of Object.entries(from ?? {})) call.setHeader(header, value);
	const { data, error } = await call;
	const mark = markOf(data, error, caller);
	const cell = `${name}, ${line.what}: ${caller}`;
	if (mark !== line.marks[caller])
		return `${cell}: declared ${line.marks[caller]}, answered ${mark ?? `${error?.code} ${error?.message}`}`;
	if (untouched && error && before !== (await look(scene, untouched)))
		return `${cell}: was refused, and changed something`;
	return null;
}

/** All cells of one line of a function. Returns what was not as declared. */
export async function tryCall(scene: Scene, name: string, line: Line): Promise<string[]> {
	await scene.makeRoom();
	const surprises = await Promise.all(callers.map((caller) => tryCell(scene, name, line, caller)));
	return surprises.filter((one) => one !== null);
}
