import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { format, resolveConfig } from 'prettier';
import { Failure } from 'supabase-embedded';
import { factsOf } from './facts.ts';
import { withLifetime } from './lifetime.ts';
import type { Lifetime } from './lifetime.ts';
import { cliError, migrate, supabase } from './migrations.ts';
import { root } from './settings.ts';
import { temporaryBackend } from './temporary.ts';

const typesFile = join(root, 'src/lib/supabase/types.ts');
/** beside the edge functions, which can read nothing of the site's */
const listsFile = join(root, 'supabase/functions/_shared/lists.ts');

/** The enums each by itself, so that a page carries those alone that it reads. */
function listsIn(constants: string): string {
	const lists = [...constants.matchAll(/"?(\w+)"?:\s*(\[[^\]]*\])/g)];
	return [
		'// The lists of the database (its enums), each in its order. Made by "npm run types".',
		'',
		...lists.map(([, name, values]) => `export const ${name} = ${values} as const;`),
		'',
		'interface Lists {',
		...lists.map(([, name]) => `${name}: (typeof ${name})[number];`),
		'}',
		"/** One of the values of a list: `One<'booking_status'>`. */",
		'export type One<Name extends keyof Lists> = Lists[Name];'
	].join('\n');
}

/** TypeScript of the schema `public` of a migrated database, as it is to be committed. */
async function generateTypes(lifetime: Lifetime, databaseUrl: string): Promise<[file: string, text: string][]> {
	const { code, output, stdout } = await supabase(lifetime, databaseUrl, [
		'gen',
		'types',
		'--lang',
		'typescript',
		'--schema',
		'public'
	]);
	if (code !== 0) throw new Failure(`The types could not be generated:\n${cliError(output)}`);
	const [types = '', constants] = stdout.split('export const Constants');
	if (!constants) throw new Failure('The generated types hold no enums.');
	const options = { ...(await resolveConfig(typesFile)), parser: 'typescript' };
	return [
		[typesFile, await format(types, options)],
		[listsFile, await format(listsIn(constants), options)]
	];
}

/** Raises a Failure when the committed types are not those of the database. */
export async function checkTypes(lifetime: Lifetime, databaseUrl: string): Promise<void> {
	for (const [file, text] of await generateTypes(lifetime, databaseUrl))
		if (!existsSync(file) || readFileSync(file, 'utf8') !== text)
			throw new Failure(`${relative(root, file)} is not what the migrations make: run "npm run types" and commit it.`);
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
		for (const [file, text] of await generateTypes(lifetime, facts.DB_URL)) writeFileSync(file, text);
		return 0;
	}, 130);
}
