import { platformEnvironment, runProgram, temporaryPlatform } from './environment.ts';

/** `test platform [vitest's arguments]`: the contract, on a project given by the environment or on one made for it. */
export async function run(args: string[]): Promise<number> {
	const [project = 'platform', ...rest] = args;
	const vitest = ['run', '--project', project, ...rest];
	if (process.env.SUPABASE_URL) return runProgram('vitest', vitest);
	const platform = await temporaryPlatform(Boolean(process.env.VERBOSE));
	try {
		return await runProgram('vitest', vitest, platformEnvironment(platform));
	} finally {
		await platform.close();
	}
}
