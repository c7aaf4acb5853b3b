import { existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Failure } from 'supabase-embedded';
import { contractEnvironment, temporaryPlatform } from 'supabase-embedded/temporary';
import type { Backend } from './backend.ts';
import { ensureBrowser } from './browser.ts';
import { databaseChecks, lint, report, sourceTypes } from './checks.ts';
import { factsOf } from './facts.ts';
import { withLifetime } from './lifetime.ts';
import type { Lifetime } from './lifetime.ts';
import { migrate } from './migrations.ts';
import { runProgram } from './programs.ts';
import { root } from './settings.ts';
import { buildSite, startSite } from './site.ts';
import { failure, nothing, playwrightTally, readTally, sum, vitestTally } from './tally.ts';
import type { Tally } from './tally.ts';
import { aloud, temporaryBackend, testEnvironment } from './temporary.ts';

/** Where a part's words go: to the screen, or kept until their turn comes. */
type Say = (text: string) => void;

const say: Say = (sentence) => console.log(sentence);

/** What services said that no test asks for: why something was not answered, once the backend is gone that could tell. */
const troubles: string[] = [];

/** Keeps the last of it. Services speak of what fails in them alone, the database of every statement that is refused. */
function hear(service: string, line: string): void {
	if (['functions', 'stripe'].includes(service)) return;
	if (service === 'postgres' && !/FATAL|PANIC|deadlock/.test(line)) return;
	troubles.push(`${new Date().toISOString().slice(11, 19)} [${service}] ${line}`);
	if (troubles.length > 60) troubles.shift();
}

/** A part of the run under its heading. What is foreseeable and keeps it from running is said and counts as one failure. */
async function part(name: string, run: () => Promise<Tally>, say: Say): Promise<Tally> {
	say(`\n── ${name} ──`);
	const begun = Date.now();
	let tally: Tally;
	try {
		tally = await run();
	} catch (error) {
		if (!(error instanceof Failure)) throw error;
		say(error.message);
		tally = { ...nothing, failed: 1, failures: [failure(name, error.message)] };
	}
	const skipped = tally.skipped > 0 ? `, ${tally.skipped} skipped` : '';
	say(
		`${name}: ${tally.passed} passed, ${tally.failed} failed${skipped} (${Math.round((Date.now() - begun) / 1000)} s)`
	);
	return tally;
}

/** Where the runners put their reports; removed with the command. */
function reportFolder(lifetime: Lifetime): string {
	const folder = mkdtempSync(join(tmpdir(), 'khadamat-reports-'));
	lifetime.defer(() => rmSync(folder, { recursive: true, force: true }));
	return folder;
}

async function vitest(
	lifetime: Lifetime,
	reports: string,
	project: string,
	args: string[],
	environment: Record<string, string> = {},
	kept?: Say
): Promise<Tally> {
	const file = join(reports, `${project}.json`);
	const all = [
		'run',
		'--project',
		project,
		'--reporter=default',
		'--reporter=json',
		`--outputFile.json=${file}`,
		...args
	];
	const { code, output } = await runProgram(lifetime, 'vitest', all, { environment, quiet: Boolean(kept) });
	lifetime.check();
	kept?.(output);
	return readTally(`Vitest (${project})`, file, code, vitestTally);
}

async function playwright(
	lifetime: Lifetime,
	reports: string,
	args: string[],
	environment: Record<string, string>
): Promise<Tally> {
	const file = join(reports, 'e2e.json');
	const browser = await ensureBrowser(lifetime);
	const { code } = await runProgram(lifetime, 'playwright', ['test', '--reporter=list,json', ...args], {
		environment: { ...environment, CHROMIUM_PATH: browser, PLAYWRIGHT_JSON_OUTPUT_FILE: file }
	});
	lifetime.check();
	return readTally('Playwright', file, code, playwrightTally);
}

/** A temporary backend with the migrations in it, and the seed where it is wanted. */
async function migratedBackend(lifetime: Lifetime, seed: boolean): Promise<Backend> {
	const backend = await lifetime.own(temporaryBackend(hear));
	await migrate(lifetime, factsOf(backend), seed);
	return backend;
}

async function site(lifetime: Lifetime, backend: Backend): Promise<void> {
	await buildSite(lifetime, say);
	await startSite(lifetime, backend);
}

/** True when there are tests of a kind: every kind has its folder. */
function exists(kind: string): boolean {
	const folder = join(root, 'tests', kind);
	return existsSync(folder) && readdirSync(folder).length > 0;
}

/** What needs no demo, one after the other; its words are kept, since the rest speaks meanwhile. */
async function ground(lifetime: Lifetime, reports: string, keep: Say): Promise<Tally[]> {
	return [
		await part('Unit tests', () => vitest(lifetime, reports, 'unit', ['--project', 'tools'], {}, keep), keep),
		await part(
			'Platform contract',
			async () => {
				// On a project of its own: the contract is about Supabase's defaults, which our migrations tighten.
				const platform = await temporaryPlatform(aloud(hear));
				try {
					return await vitest(lifetime, reports, 'platform', [], contractEnvironment(platform), keep);
				} finally {
					await platform.close();
				}
			},
			keep
		),
		await part(
			'First deployment',
			async () => {
				const empty = await migratedBackend(lifetime, false);
				try {
					return await vitest(lifetime, reports, 'deployment', [], testEnvironment(empty), keep);
				} finally {
					await empty.close();
				}
			},
			keep
		)
	];
}

/** Everything, in the order in which a mistake is cheapest to find; what shares nothing runs side by side, one on each core. */
async function all(lifetime: Lifetime): Promise<Tally> {
	const reports = reportFolder(lifetime);
	const tallies: Tally[] = [];
	const add = async (name: string, run: () => Promise<Tally>) => void tallies.push(await part(name, run, say));

	// Each says its piece when its turn comes.
	const linted = existsSync(join(root, 'eslint.config.js')) ? lint(lifetime) : null;
	const typed = sourceTypes(lifetime);
	for (const running of [linted, typed]) running?.catch(() => {});
	if (linted) await add('Lint', async () => report(await linted));
	await add('Types', async () => report(await typed));

	const kept: string[] = [];
	const below = ground(lifetime, reports, (text) => kept.push(text));
	below.catch(() => {});

	let backend: Backend | undefined;
	await add('Database', async () => {
		backend = await migratedBackend(lifetime, true);
		return report(await databaseChecks(lifetime, factsOf(backend).DB_URL));
	});
	const environment = backend && testEnvironment(backend);
	if (environment && exists('policies'))
		await add('Policies', () => vitest(lifetime, reports, 'policies', [], environment));
	tallies.push(...(await below));
	for (const text of kept) say(text);

	if (!backend || !environment) {
		say('\nWithout its database nothing further could be tested.');
		return sum(tallies);
	}
	const ready = backend;
	if (exists('e2e')) {
		await add('End to end', async () => {
			await site(lifetime, ready);
			return playwright(lifetime, reports, [], environment);
		});
	}
	return sum(tallies);
}

/** One kind alone: on the project that the environment names, or on a temporary one made as that kind needs it. */
async function one(lifetime: Lifetime, kind: string, args: string[]): Promise<Tally> {
	const reports = reportFolder(lifetime);
	const given = Boolean(process.env.SUPABASE_URL);
	let environment: Record<string, string> = {};
	if (!given && kind === 'platform') {
		environment = contractEnvironment(await lifetime.own(temporaryPlatform(aloud(hear))));
	} else if (!given) {
		const backend = await migratedBackend(lifetime, kind !== 'deployment');
		environment = testEnvironment(backend);
		if (kind === 'e2e') await site(lifetime, backend);
	}
	if (kind === 'e2e') {
		if (given && !process.env.SITE_URL)
			throw new Failure('Set SITE_URL too: the address of a site that runs on that project.');
		return playwright(lifetime, reports, args, environment);
	}
	return vitest(lifetime, reports, kind, args, environment);
}

/** `test [platform|deployment|policies|e2e [the runner's arguments]]`. The last line of a whole run is its total. */
export function run(args: string[]): Promise<number> {
	const [kind, ...rest] = args;
	if (kind !== undefined && !['platform', 'deployment', 'policies', 'e2e'].includes(kind)) {
		throw new Failure(
			`There are no tests of the kind "${kind}". There are: platform, deployment, policies, e2e; without a word, all.`
		);
	}
	return withLifetime(async (lifetime) => {
		const total = kind === undefined ? await all(lifetime) : await one(lifetime, kind, rest);
		// The total is the last word: what stopping has to say comes before it.
		await lifetime.close();
		for (const text of total.failures) say(`✗ ${text}`);
		if (total.failed > 0 && troubles.length > 0) say(['\nMeanwhile services said:', ...troubles].join('\n'));
		if (kind === undefined) say(`\n${total.passed} passed, ${total.failed} failed`);
		return total.failed === 0 ? 0 : 1;
	}, 130);
}
