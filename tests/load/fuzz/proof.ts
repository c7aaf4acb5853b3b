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

/** What is called over and over: a function, a table. */
export interface Subject {
	name: string;
	kind: 'function' | 'table';
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
	close(): Promise<void>;
}

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
		...(await routinesOf(sql)).map((routine): Subject => ({
			name: routine.name,
			kind: 'function',
			calls: callsOf(routine)
		})),
		...(await tablesOf(sql)).map((table): Subject => ({ name: table.name, kind: 'table', calls: writesOf(table) }))
	];
	let count = 0;

	const run = async (subject: Subject, runs: number, seed: number): Promise<Finding> => {
		const statuses = new Map<number, number>();
		let made = 0;
		const holds = async (call: Call) => {
			if (made++ % between === 0) await scene.refresh();
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
		const left = await guard.rest();
		const failure = result.failed
			? `${(result.errorInstance as Error).message}\n  ${describe(result.counterexample![0])}\n  again: npm run load -- fuzz ${runs} ${seed} ${subject.name}`
			: left.length > 0
				? `a refused call wrote what is not theirs: ${left.join('; ')}`
				: null;
		return { subject: subject.name, runs: result.numRuns, statuses, breach: failure };
	};

	return {
		subjects,
		run,
		close: async () => {
			await guard.close();
			await sql.end();
		}
	};
}
