import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { Failure } from 'supabase-embedded';
import type { Lifetime } from '../../scripts/lifetime.ts';
import { runProgram } from '../../scripts/programs.ts';
import { root } from '../../scripts/settings.ts';

const folder = join(root, 'tests/bench/bare');

/** Builds and serves the smallest SvelteKit page there is, the measure of ours. Ends with the lifetime. */
export async function serveBarePage(lifetime: Lifetime, port: number): Promise<string> {
	const build = await runProgram(lifetime, 'vite', ['build', '--logLevel', 'warn'], { quiet: true, folder });
	lifetime.check();
	if (build.code !== 0) throw new Failure(`The bare page could not be built:\n${build.output.trim()}`);

	const child = spawn(process.execPath, ['build'], {
		cwd: folder,
		stdio: 'ignore',
		env: { ...process.env, HOST: '127.0.0.1', PORT: String(port) }
	});
	lifetime.defer(() => void child.kill('SIGTERM'));
	const address = `http://127.0.0.1:${port}/`;
	for (const begun = Date.now(); Date.now() - begun < 20_000;) {
		lifetime.check();
		if (
			await fetch(address).then(
				({ ok }) => ok,
				() => false
			)
		)
			return address;
		await new Promise((resolve) => setTimeout(resolve, 100));
	}
	throw new Failure('The bare page does not answer.');
}
