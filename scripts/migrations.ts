import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import postgres from 'postgres';
import { Failure } from 'supabase-embedded';
import type { Facts } from './facts.ts';
import type { Lifetime } from './lifetime.ts';
import { runProgram } from './programs.ts';
import type { Outcome } from './programs.ts';
import { root, siteSecret } from './settings.ts';

const migrations = join(root, 'supabase/migrations');
const photos = join(root, 'supabase/seed/photos.ts');

/** Keeps the Supabase CLI from asking, reporting or looking for updates: it works without the internet. */
const cliEnvironment = {
	DO_NOT_TRACK: '1',
	SUPABASE_TELEMETRY_DISABLED: '1',
	SUPABASE_NO_UPDATE_NOTIFIER: '1',
	SUPABASE_NO_KEYRING: '1',
	NO_COLOR: '1'
};

/** Content hash of each migration, by file name. */
export function migrationHashes(): Record<string, string> {
	if (!existsSync(migrations)) return {};
	const names = readdirSync(migrations)
		.filter((name) => name.endsWith('.sql'))
		.sort();
	return Object.fromEntries(
		names.map((name) => [
			name,
			createHash('sha256')
				.update(readFileSync(join(migrations, name)))
				.digest('hex')
		])
	);
}

/** Name of the first migration that was applied in another form than it has now; null when all agree. */
export function firstChange(applied: Record<string, string>, present: Record<string, string>): string | null {
	return Object.keys(applied).find((name) => applied[name] !== present[name]) ?? null;
}

/** What the CLI says when it fails, without its progress: its own error lines, or else its last line. */
export function cliError(output: string): string {
	const lines = output
		.split('\n')
		.map((line) => line.trim())
		.filter(Boolean);
	const from = lines.findIndex((line) => /^(ERROR|Error|error|failed|unexpected)\b/.test(line));
	return (from < 0 ? lines.slice(-1) : lines.slice(from))
		.filter((line) => !/--debug|create-ticket/.test(line))
		.join('\n');
}

let target: Promise<(databaseUrl: string) => string> | undefined;

/** How the installed CLI is told which database to work on: the flag has another name since version 3. */
function cliTarget(lifetime: Lifetime): Promise<(databaseUrl: string) => string> {
	target ??= runProgram(lifetime, 'supabase', ['--version'], { quiet: true, environment: cliEnvironment }).then(
		({ code, stdout }) => {
			lifetime.check();
			if (code !== 0)
				throw new Failure(
					'The Supabase CLI is missing. Run "npm ci" to install it; optional packages must not be left out.'
				);
			const flag = Number.parseInt(stdout.trim()) >= 3 ? '--remote' : '--db-url';
			return (databaseUrl) => `${flag}=${databaseUrl}`;
		}
	);
	return target;
}

/** Runs the Supabase CLI on a database without its noise. Raises a Failure when there is no CLI. */
export async function supabase(lifetime: Lifetime, databaseUrl: string, args: string[]): Promise<Outcome> {
	const on = await cliTarget(lifetime);
	const outcome = await runProgram(
		lifetime,
		'supabase',
		[...args, on(databaseUrl), '--agent', 'no', '--workdir', root],
		{
			quiet: true,
			environment: cliEnvironment
		}
	);
	lifetime.check();
	return outcome;
}

/** Tells the database where its edge functions and the site are, as the deploy guide does for a hosted project. */
async function configure(facts: Facts): Promise<void> {
	const sql = postgres(facts.DB_URL, { max: 1, onnotice: () => {} });
	const settings = {
		functions_url: `${facts.API_URL}/functions/v1`,
		secret_key: facts.SECRET_KEY,
		site_url: facts.SITE_URL,
		site_secret: siteSecret(facts.SECRET_KEY)
	};
	try {
		for (const [name, value] of Object.entries(settings)) await sql`select private.configure(${name}, ${value})`;
	} finally {
		await sql.end();
	}
}

/** Applies what is not applied yet; on a new database the seed too, with the pictures that go into storage. */
export async function migrate(lifetime: Lifetime, facts: Facts, seed: boolean): Promise<void> {
	if (Object.keys(migrationHashes()).length > 0) {
		const push = ['db', 'push', '--yes', '--include-all', ...(seed ? ['--include-seed'] : [])];
		const { code, output } = await supabase(lifetime, facts.DB_URL, push);
		if (code !== 0) throw new Failure(`The migrations could not be applied:\n${cliError(output)}`);
		await configure(facts);
	}
	if (seed && existsSync(photos)) {
		const { code, output } = await runProgram(lifetime, process.execPath, [photos], {
			quiet: true,
			environment: { SUPABASE_URL: facts.API_URL, SUPABASE_SECRET_KEY: facts.SECRET_KEY }
		});
		lifetime.check();
		if (code !== 0) throw new Failure(`The pictures of the seed could not be stored:\n${output.trim()}`);
	}
}

/** Keeps in the data folder which migrations its database has. */
export function recordMigrations(folder: string): void {
	const file = join(folder, 'migrations.json');
	writeFileSync(`${file}.new`, JSON.stringify(migrationHashes(), null, '\t'));
	renameSync(`${file}.new`, file);
}
