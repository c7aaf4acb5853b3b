import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { format, resolveConfig } from 'prettier';
import { Failure } from 'supabase-embedded';
import { factsOf } from './facts.ts';
import { withLifetime } from './lifetime.ts';
import type { Lifetime } from './lifetime.ts';
import { cliError, migrate, supabase } from './migrations.ts';
import { root } from './settings.ts';
import { temporaryBackend } from './temporary.ts';

const file = join(root, 'src/lib/supabase/types.ts');

/** TypeScript types of the schema `public` of a migrated database, as they are to be committed. */
export async function generateTypes(lifetime: Lifetime, databaseUrl: string): Promise<string> {
	const { code, output, stdout } = await supabase(lifetime, databaseUrl, [
		'gen',
		'types',
		'--lang',
		'typescript',
		'--schema',
		'public'
	]);
	if (code !== 0) throw new Failure(`The types could not be generated:\n${cliError(output)}`);
	return format(stdout, { ...(await resolveConfig(file)), parser: 'typescript' });
}

/** Raises a Failure when the committed types are not those of the database. */
export async function checkTypes(lifetime: Lifetime, databaseUrl: string): Promise<void> {
	const types = await generateTypes(lifetime, databaseUrl);
	if (!existsSync(file) || readFileSync(file, 'utf8') !== types) {
		throw new Failure('src/lib/supabase/types.ts is not what the migrations make: run "npm run types" and commit it.');
	}
}

/** `types [--check]`: writes the types of the migrated database, or says whether the committed ones are current. */
export function run(args: string[]): Promise<number> {
	return withLifetime(async (lifetime) => {
		const facts = factsOf(await lifetime.own(temporaryBackend()));
		await migrate(lifetime, facts, false);
		if (args.includes('--check')) {
			await checkTypes(lifetime, facts.DB_URL);
			return 0;
		}
		const types = await generateTypes(lifetime, facts.DB_URL);
		mkdirSync(dirname(file), { recursive: true });
		writeFileSync(file, types);
		return 0;
	}, 130);
}
