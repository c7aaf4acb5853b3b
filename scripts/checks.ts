import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Failure } from 'supabase-embedded';
import { root } from './settings.ts';
import type { Lifetime } from './lifetime.ts';
import { supabase } from './migrations.ts';
import { runProgram } from './programs.ts';
import { sqlFaults } from './sql.ts';
import { failure } from './tally.ts';
import type { Tally } from './tally.ts';
import { checkTypes } from './types.ts';

/** A check that either holds or says why not. */
interface Result {
	name: string;
	/** null when it holds */
	complaint: string | null;
}

async function program(lifetime: Lifetime, name: string, command: string, args: string[]): Promise<Result> {
	const { code, output } = await runProgram(lifetime, command, args, { quiet: true, environment: { NO_COLOR: '1' } });
	lifetime.check();
	return { name, complaint: code === 0 ? null : output.trim() };
}

/** Prints each result and counts it as one test. */
export function report(results: Result[]): Tally {
	for (const { name, complaint } of results) {
		console.log(complaint === null ? `✓ ${name}` : `✗ ${name}\n${complaint}\n`);
	}
	const failures = results.flatMap(({ name, complaint }) => (complaint === null ? [] : [failure(name, complaint)]));
	return { passed: results.length - failures.length, failed: failures.length, skipped: 0, failures };
}

/** The rules of the schema's sources that no tool knows. */
function sqlRules(chapters: string[]): Result {
	const complaints = chapters.flatMap((chapter) =>
		sqlFaults(readFileSync(join(root, chapter), 'utf8')).map(({ line, fault }) => `${chapter}:${line}: ${fault}`)
	);
	return { name: 'names, lines and comments of the schema', complaint: complaints.join('\n') || null };
}

/** Lint, who may import what, what nobody uses, the rules of SQL, and formatting. */
export async function lint(lifetime: Lifetime): Promise<Result[]> {
	const chapters = readdirSync(join(root, 'supabase/migrations')).map((name) => `supabase/migrations/${name}`);
	return [
		sqlRules(chapters),
		await program(lifetime, 'squawk', 'squawk', chapters),
		await program(lifetime, 'eslint', 'eslint', ['.']),
		await program(lifetime, 'dependency-cruiser', 'depcruise', [
			'src',
			'packages',
			'scripts',
			'supabase/functions',
			'tests'
		]),
		await program(lifetime, 'knip', 'knip', ['--no-config-hints']),
		await program(lifetime, 'prettier', 'prettier', ['--check', '--log-level', 'warn', '.'])
	];
}

/** The types of the site, and of all that Node runs beside it. */
export async function sourceTypes(lifetime: Lifetime): Promise<Result[]> {
	const results: Result[] = [];
	if (existsSync(join(root, 'src'))) {
		const sync = await program(lifetime, 'svelte-kit sync', 'svelte-kit', ['sync']);
		if (sync.complaint !== null) results.push(sync);
		results.push(await program(lifetime, 'svelte-check', 'svelte-check', ['--fail-on-warnings', '--output', 'human']));
	}
	results.push(await program(lifetime, 'tsc', 'tsc', ['--project', 'tsconfig.node.json']));
	return results;
}

/** The generated types are current, and Supabase's advisors have no error and no warning. */
export async function databaseChecks(lifetime: Lifetime, databaseUrl: string): Promise<Result[]> {
	const results: Result[] = [];
	if (existsSync(join(root, 'src'))) {
		const complaint = await checkTypes(lifetime, databaseUrl).then(
			() => null,
			(error: Error) => {
				if (error instanceof Failure) return error.message;
				throw error;
			}
		);
		results.push({ name: 'generated types', complaint });
	}
	const advice = await supabase(lifetime, databaseUrl, [
		'db',
		'advisors',
		'--type',
		'all',
		'--level',
		'warn',
		'--fail-on',
		'warn'
	]);
	results.push({ name: 'supabase db advisors', complaint: advice.code === 0 ? null : advice.output.trim() });
	return results;
}
