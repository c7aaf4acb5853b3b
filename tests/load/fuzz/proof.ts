import fc from 'fast-check';
import postgres from 'postgres';
import { callsOf, describe, written, writesOf } from './calls.ts';
import type { Call } from './calls.ts';
import { routinesOf, tablesOf } from './catalog.ts';
import { judgeAnswer } from './judge.ts';
import { targetsOf } from './site.ts';
import type { Post } from './site.ts';
import { watch } from './reach.ts';
import type { Watch } from './reach.ts';
import { makeScene } from './scene.ts';
import type { Project, Scene } from './scene.ts';
import { atOnce } from '../ask.ts';
import type { Ground } from '../stage.ts';

/** What is called over and over: a function or a table of REST, a form or a page of the site. */
export interface Subject {
	name: string;
	kind: 'function' | 'table' | 'form' | 'page';
	/** whether some caller may call it, or write to it, at all */
	open: boolean;
	calls: fc.Arbitrary<unknown>;
	/** Makes one call. Gives its status, and what is wrong with the answer or with what it wrote. */
	attempt(call: unknown, mark: string): Promise<{ status: number; wrong: string | null }>;
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

/** How many calls are under way at once in a short run; the full one has more, as some forms let each caller wait. */
export const lanes = 4;
const manyLanes = 12;

/** The calls of one subject are made in parts of this size, side by side too. */
const part = 250;

/** So many calls, then all that they used up is made anew. */
const between = 400;

/** Makes one call of REST and judges its answer, and what it wrote. */
async function callRest(scene: Scene, guard: Watch, kind: 'function' | 'table', call: Call, mark: string) {
	const sent = written(scene, call, mark);
	const { url, ...request } = sent;
	const response = await fetch(url, { ...request, signal: AbortSignal.timeout(30_000) });
	const { status, headers } = response;
	const answer = { status, contentType: headers.get('content-type') ?? '', body: await response.text() };
	const wrong = judgeAnswer(answer, { kind, sent, queried: url.includes('?') });
	if (wrong || status >= 300 || sent.method === 'GET' || sent.method === 'HEAD') return { status, wrong };
	return { status, wrong: told(await guard.judge(mark)) };
}

const told = (breaches: string[]) =>
	breaches.length === 0 ? null : `it wrote what is not theirs: ${breaches.join('; ')}`;

/**
 * Makes a scene in the project and finds what is to be called there: what REST exposes, and, where `site` is the address
 * of one that runs on it and has nobody else as its visitors, the site's forms and pages.
 */
export async function startFuzz(project: Project, dbUrl: string, site?: string): Promise<Fuzz> {
	const scene = await makeScene(project);
	const sql = postgres(dbUrl, { max: 4, onnotice: () => {} });
	const guard = await watch(scene, sql, site !== undefined);
	const targets = site === undefined ? [] : await targetsOf(scene, site);
	const subjects: Subject[] = [
		...(await routinesOf(sql)).map((routine): Subject => ({
			...routine,
			kind: 'function',
			calls: callsOf(routine),
			attempt: (call, mark) => callRest(scene, guard, 'function', call as Call, mark)
		})),
		...(await tablesOf(sql)).map((table): Subject => ({
			name: table.name,
			kind: 'table',
			open: table.granted.length > 0,
			calls: writesOf(table),
			attempt: (call, mark) => callRest(scene, guard, 'table', call as Call, mark)
		})),
		...targets.map(({ name, kind, posts, send }): Subject => ({
			name,
			kind,
			open: true,
			calls: posts,
			attempt: async (post) => {
				const { status, wrong } = await send(post as Post);
				// The site's own requests carry no mark.
				return { status, wrong: wrong ?? told(await guard.judge('')) };
			}
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
		const holds = async (call: unknown) => {
			await keepFresh();
			const { status, wrong } = await subject.attempt(call, `${subject.name} ${++count}`);
			statuses.set(status, (statuses.get(status) ?? 0) + 1);
			if (wrong) throw new Error(wrong);
		};
		const result = await fc.check(fc.asyncProperty(subject.calls, holds), { seed, numRuns: runs });
		const breach = result.failed
			? `${(result.errorInstance as Error).message}\n  ${describe(result.counterexample![0])}\n  again: npm run load -- fuzz ${runs} ${seed} '${subject.name}'`
			: null;
		return { subject: subject.name, runs: result.numRuns, statuses, breach };
	};

	return {
		subjects,
		run,
		close: async () => {
			const left = await guard.rest();
			await guard.close();
			// Some calls said that they came from this machine, where the next tests sign in.
			await sql`delete from private.sign_in_attempts where place in ('127.0.0.1', '::/64')`;
			await sql.end();
			return left;
		}
	};
}

/** How a subject stood it, in a line. */
function tell({ subject, kind, runs, statuses }: Finding & { kind: string }): string {
	const answers = [...statuses].toSorted(([a], [b]) => a - b).map(([status, count]) => `${status} ${count}`);
	return `  ${kind} ${subject}: ${runs} calls; ${answers.join(', ')}`;
}

/**
 * Random calls of each function and table that REST exposes, and of each form and page of the site. `sizes`: calls of
 * each, first seed (each part of 250 has the next), and kinds or names (or beginnings of them), with commas between, of what to call; all without.
 * Returns the number of breaches.
 */
export async function proveFuzz({ facts, sql, check }: Ground, sizes: string[]): Promise<number> {
	const [calls = '10000', seed = '1', only = ''] = sizes;
	const fuzz = await startFuzz({ facts, sql }, facts.DB_URL, facts.SITE_URL);
	const chosen = fuzz.subjects.filter(({ name, kind }) =>
		only.split(',').some((start) => kind === start || name.startsWith(start))
	);
	const parts = Array.from({ length: Math.ceil(Number(calls) / part) }, (_, n) => n);
	let breaches = 0;
	const totals = new Map<Subject, Finding & { left: number }>();
	// Part by part over all subjects, so that what is called side by side differs.
	const tasks = parts.flatMap((n) => chosen.map((subject) => ({ subject, n })));
	await atOnce(
		manyLanes,
		tasks.map(({ subject, n }) => async () => {
			check();
			const runs = Math.min(part, Number(calls) - n * part);
			const finding = await fuzz.run(subject, runs, Number(seed) + n);
			const total = totals.get(subject) ?? { ...finding, runs: 0, statuses: new Map(), left: parts.length };
			totals.set(subject, total);
			total.left--;
			total.runs += finding.runs;
			for (const [status, count] of finding.statuses)
				total.statuses.set(status, (total.statuses.get(status) ?? 0) + count);
			if (finding.breach) {
				breaches++;
				console.log(`  ✗ ${subject.kind} ${finding.subject}: ${finding.breach}`);
			}
			if (total.left === 0) console.log(tell({ ...total, kind: subject.kind }));
		})
	);
	const left = await fuzz.close();
	for (const breach of left) console.log(`  ✗ refused, and yet it wrote: ${breach}`);
	return breaches + left.length;
}
