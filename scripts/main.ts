import { Failure } from 'supabase-embedded';

/** Each command is a module with a function `run(args)` that resolves to the exit code. */
const commands: Record<string, () => Promise<{ run(args: string[]): Promise<number> }>> = {
	start: () => import('./start.ts'),
	dev: () => import('./dev.ts'),
	status: () => import('./status.ts'),
	lint: () => import('./lint.ts'),
	types: () => import('./types.ts'),
	test: () => import('./test.ts'),
	bench: () => import('../tests/bench/main.ts'),
	load: () => import('./load.ts'),
	clocks: () => import('./clocks/index.ts'),
	matrix: () => import('../tests/policies/matrix/publish.ts')
};

const [name = '', ...args] = process.argv.slice(2);
const command = commands[name];

try {
	if (!command) throw new Failure(`There is no command "${name}". There are: ${Object.keys(commands).join(', ')}.`);
	process.exitCode = await (await command()).run(args);
} catch (error) {
	console.error(error instanceof Failure ? error.message : error);
	process.exitCode = 1;
}
// A connection that a library keeps open must not keep the command alive when its work is done.
process.exit();
