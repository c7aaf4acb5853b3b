import fc from 'fast-check';
import postgres from 'postgres';
import { callsOf, describe, written, writesOf } from './calls.ts';
import type { Call } from './calls.ts';
import { routinesOf, tablesOf } from './catalog.ts';
import { judgeAnswer } from './judge.ts';
import type { Answer } from './judge.ts';
import { watch } from './reach.ts';
import type { Watch } from './reach.ts';
import { makeScene } from './scene.ts';
import type { Project, Scene } from './scene.ts';
import { atOnce } from '../ask.ts';
import type { Ground } from '../stage.ts';

/** What is called over and over: a function, a table. */
export interface Subject {
	name: string;
	kind: 'function' | 'table';
	/** whether some caller may call it, or write to it, at all */
	open: boolean;
	calls: fc.Arbitrary<Call>;
}

/** How a subject stood it. */
export interface Finding {
	subject: string;
	runs: number;
	/** how many calls ended with which status */
	statuses: Map<number, number>;
	/** the smallest call found that breaks a rule, with how to make it again; null when none did */
	breach: string | null;
}

/** Fuzzing of one project; `close` takes its triggers away again. */
export interface Fuzz {
	subjects: Subject[];
	/** Makes `runs` calls of a subject; the same seed gives the same ones. */
	run(subject: Subject, runs: number, seed: number): Promise<Finding>;
	/** Ends it. Gives what calls wrote that were refused, and should not have. */
	close(): Promise<string[]>;
}

/** How many subjects are called side by side. */
export const lanes = 4;

/** So many calls, then all that they used up is made anew. */
const between = 200;

async function send(
	scene: Scene,
	call: Call,
	mark: string
): Promise<{ answer: Answer; sent: ReturnType<typeof written> }> {
	const sent = written(scene, call, mark);
	const { url, ...request } = sent;
	const response = await fetch(url, { ...request, signal: AbortSignal.timeout(30_000) });
	const contentType = response.headers.get('content-type') ?? '';
	return { answer: { status: response.status, contentType, body: await response.text() }, sent };
}

/** Makes a scene in the project and finds what is to be called there. */
export async function startFuzz(project: Project, dbUrl: string): Promise<Fuzz> {
	const scene = await makeScene(project);
	const sql = postgres(dbUrl, { max: 4, onnotice: () => {} });
	const guard: Watch = await watch(scene, sql);
	const subjects: Subject[] = [
		...(await routinesOf(sql)).map((routine): Subject => ({ ...routine, kind: 'function', calls: callsOf(routine) })),
		...(await tablesOf(sql)).map((table): Subject => ({
			name: table.name,
			kind: 'table',
			open: table.granted.length > 0,
			calls: writesOf(table)
		}))
	];
	let count = 0;
	let refreshing = Promise.resolve();
	let since = 0;

	/** Makes anew what calls used up, when it is time to; calls of other subjects wait meanwhile. */
	const keepFresh = () => {
		if (++since > between) {
			since = 0;
			refreshing = scene.refresh();
		}
		return refreshing;
	};

	const run = async (subject: Subject, runs: number, seed: number): Promise<Finding> => {
		const statuses = new Map<number, number>();
		const holds = async (call: Call) => {
			await keepFresh();
			const mark = `${subject.name} ${++count}`;
			const { answer, sent } = await send(scene, call, mark);
			statuses.set(answer.status, (statuses.get(answer.status) ?? 0) + 1);
			const wrong = judgeAnswer(answer, { kind: subject.kind, sent, queried: sent.url.includes('?') });
			if (wrong) throw new Error(wrong);
			if (answer.status < 300 && sent.method !== 'GET' && sent.method !== 'HEAD') {
				const breaches = await guard.judge(mark);
				if (breaches.length > 0) throw new Error(`it wrote what is not theirs: ${breaches.join('; ')}`);
			}
		};
		const result = await fc.check(fc.asyncProperty(subject.calls, holds), { seed, numRuns: runs });
		const breach = result.failed
			? `${(result.errorInstance as Error).message}\n  ${describe(result.counterexample![0])}\n  again: npm run load -- fuzz ${runs} ${seed} ${subject.name}`
			: null;
		return { subject: subject.name, runs: result.numRuns, statuses, breach };
	};

	return {
		subjects,
		run,
		close: async () => {
			const left = await guard.rest();
			await guard.close();
			await sql.end();
			return left;
		}
	};
}

/** How a subject stood it, in a line; what it did wrong below. */
function tell({ subject, kind, runs, statuses, breach }: Finding & { kind: string }): string {
	const answers = [...statuses].toSorted(([a], [b]) => a - b).map(([status, count]) => `${status} ${count}`);
	return `  ${kind} ${subject}: ${runs} calls; ${answers.join(', ')}${breach ? `\n  ✗ ${breach}` : ''}`;
}

/**
 * Random calls of each function and table that REST exposes. `sizes`: calls of each, first seed, and names (or beginnings
 * of them, with commas between) of what to call; all without. Returns the number of breaches.
 */
export async function proveFuzz({ facts, sql, check }: Ground, sizes: string[]): Promise<number> {
	const [calls = '10000', seed = '1', only = ''] = sizes;
	const fuzz = await startFuzz({ facts, sql }, facts.DB_URL);
	const chosen = fuzz.subjects.filter(({ name }) => only.split(',').some((start) => name.startsWith(start)));
	let breaches = 0;
	await atOnce(
		lanes,
		chosen.map((subject) => async () => {
			check();
			const finding = await fuzz.run(subject, Number(calls), Number(seed));
			if (finding.breach) breaches++;
			console.log(tell({ ...finding, kind: subject.kind }));
		})
	);
	const left = await fuzz.close();
	for (const breach of left) console.log(`  ✗ refused, and yet it wrote: ${breach}`);
	return breaches + left.length;
}
