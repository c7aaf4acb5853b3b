import { spawn } from 'node:child_process';
import type { StdioOptions } from 'node:child_process';
import { root } from './settings.ts';
import type { Lifetime } from './lifetime.ts';

interface Options {
	environment?: Record<string, string>;
	/** true: nothing is shown, the output is only returned */
	quiet?: boolean;
	/** where it runs; the project's root when not said */
	folder?: string;
	/** milliseconds after which the program is ended */
	limit?: number;
}

export interface Outcome {
	code: number;
	/** what a quiet program wrote, errors included, in the order it came */
	output: string;
	/** what a quiet program wrote to its standard output alone */
	stdout: string;
}

/**
 * Runs a program of the project's own packages to its end; it is ended early when the command is asked to stop.
 * A program that cannot be started counts as one that ended with code 127.
 */
export function runProgram(
	lifetime: Lifetime,
	program: string,
	args: string[],
	options: Options = {}
): Promise<Outcome> {
	lifetime.check();
	const stdio: StdioOptions = options.quiet ? ['ignore', 'pipe', 'pipe'] : ['ignore', 'inherit', 'inherit'];
	return new Promise((resolve) => {
		const child = spawn(program, args, {
			cwd: options.folder ?? root,
			stdio,
			env: { ...process.env, ...options.environment }
		});
		let output = '';
		let stdout = '';
		child.stdout?.setEncoding('utf8').on('data', (text: string) => {
			output += text;
			stdout += text;
		});
		child.stderr?.setEncoding('utf8').on('data', (text: string) => (output += text));

		const end = () => child.kill('SIGTERM');
		lifetime.signal.addEventListener('abort', end, { once: true });
		const timer = options.limit === undefined ? undefined : setTimeout(end, options.limit);
		const finish = (code: number) => {
			clearTimeout(timer);
			lifetime.signal.removeEventListener('abort', end);
			resolve({ code, output, stdout });
		};
		child.once('error', (error) => {
			output += error.message;
			finish(127);
		});
		child.once('close', (code) => finish(code ?? 1));
	});
}
