import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Failure } from 'supabase-embedded';
import type { Backend } from './backend.ts';
import type { Lifetime } from './lifetime.ts';
import { runProgram } from './programs.ts';
import { root, siteSecret } from './settings.ts';

const stamp = join(root, 'build/.sources');

/** All that a build is made of. */
const sources = ['src', 'static', 'vite.config.ts', 'tsconfig.json', 'package.json', 'package-lock.json'];

function sourcesHash(): string {
	const hash = createHash('sha256');
	const add = (path: string) =>
		hash
			.update(path)
			.update('\0')
			.update(readFileSync(join(root, path)))
			.update('\0');
	for (const source of sources) {
		if (!existsSync(join(root, source))) continue;
		if (/\.\w+$/.test(source)) add(source);
		else {
			const files = readdirSync(join(root, source), { recursive: true, withFileTypes: true }).filter((entry) =>
				entry.isFile()
			);
			for (const path of files.map((file) => join(file.parentPath, file.name).slice(root.length + 1)).sort()) add(path);
		}
	}
	return hash.digest('hex');
}

/** Builds the site when its sources are not those of the last build. Raises a Failure with what the build said. */
export async function buildSite(lifetime: Lifetime, say: (sentence: string) => void): Promise<void> {
	const hash = sourcesHash();
	if (existsSync(stamp) && readFileSync(stamp, 'utf8') === hash) return;
	say('Building the site …');
	const { code, output } = await runProgram(lifetime, 'vite', ['build', '--logLevel', 'warn'], { quiet: true });
	lifetime.check();
	if (code !== 0) throw new Failure(`The site could not be built:\n${output.trim()}`);
	writeFileSync(stamp, hash);
}

export interface Site {
	/** process id of the one that serves, for whoever wants to measure it or to see it restarted */
	pid(): number | undefined;
	close(): Promise<void>;
}

interface Server {
	program: string;
	args: string[];
	environment: Record<string, string>;
	log: (line: string) => void;
}

/** Keeps the site's server running until `close`: one that ends by itself is started again, ever more slowly. */
function keepRunning(server: Server): Site {
	let child: ChildProcess | undefined;
	let closing = false;
	let retry: NodeJS.Timeout | undefined;
	let quickEnds = 0;

	const launch = () => {
		const begun = Date.now();
		const started = spawn(server.program, server.args, {
			cwd: root,
			// In a process group of its own: Ctrl-C is for us to answer, which then close it first.
			detached: true,
			stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
			env: { ...process.env, ...server.environment }
		});
		child = started;
		for (const stream of [started.stdout!, started.stderr!]) {
			stream.setEncoding('utf8').on('data', (text: string) => text.trimEnd().split('\n').forEach(server.log));
		}
		const ended = (how: string) => {
			if (closing || child !== started) return;
			child = undefined;
			quickEnds = Date.now() - begun > 10_000 ? 0 : quickEnds + 1;
			server.log(`the site's process ended (${how}); starting it again`);
			retry = setTimeout(launch, Math.min(200 * 2 ** quickEnds, 5000));
		};
		started.once('error', (error) => ended(error.message));
		started.once('exit', (code, signal) => ended(signal ?? `code ${code}`));
	};
	launch();

	return {
		pid: () => child?.pid,
		close: async () => {
			closing = true;
			clearTimeout(retry);
			const running = child;
			if (!running || running.exitCode !== null || running.signalCode !== null) return;
			const gone = new Promise((resolve) => running.once('exit', resolve));
			running.kill('SIGTERM');
			const giveUp = setTimeout(() => running.kill('SIGKILL'), 5000);
			await gone;
			clearTimeout(giveUp);
		}
	};
}

/** Waits until the address answers without an error of its own. Raises a Failure after a minute. */
async function untilAnswers(lifetime: Lifetime, url: string, lastLine: () => string): Promise<void> {
	let saw = '';
	for (const begun = Date.now(); Date.now() - begun < 60_000;) {
		lifetime.check();
		try {
			const answer = await fetch(url, { signal: AbortSignal.timeout(10_000), redirect: 'manual' });
			await answer.body?.cancel();
			if (answer.status < 500) return;
			saw = `it answers ${answer.status}`;
		} catch {
			saw = 'nothing answers';
		}
		await new Promise((resolve) => setTimeout(resolve, 200));
	}
	throw new Failure(`The site did not start within a minute (${saw}). Its last line: ${lastLine()}`);
}

/** What the site must know of the platform: the same values as for any Supabase project. */
function siteEnvironment({ apiUrl, keys, settings }: Backend): Record<string, string> {
	return {
		PUBLIC_SUPABASE_URL: apiUrl,
		PUBLIC_SUPABASE_PUBLISHABLE_KEY: keys.publishable,
		SITE_SECRET: siteSecret(keys.secret),
		// this platform's, whatever the environment has of another's
		SUPABASE_SECRET_KEY: keys.secret,
		HOST: '127.0.0.1',
		PORT: String(settings.ports.site)
	};
}

async function serve(
	lifetime: Lifetime,
	backend: Backend,
	server: Pick<Server, 'args' | 'environment'>
): Promise<Site> {
	let lastLine = '(none)';
	const log = (line: string) => {
		lastLine = line;
		backend.log('site', line);
	};
	const site = keepRunning({
		program: process.execPath,
		args: server.args,
		environment: { ...siteEnvironment(backend), ...server.environment },
		log
	});
	lifetime.defer(() => site.close());
	await untilAnswers(lifetime, `http://127.0.0.1:${backend.settings.ports.site}/`, () => lastLine);
	return site;
}

/** Serves the production build as on any host, in a process of its own that stays within 256 MB; resolves when it answers. */
export function startSite(lifetime: Lifetime, backend: Backend): Promise<Site> {
	const preload = join(root, 'scripts/plain-http.ts');
	return serve(lifetime, backend, {
		args: [
			'--disable-warning=ExperimentalWarning',
			'--max-old-space-size=160',
			'--import',
			preload,
			join(root, 'build/index.js')
		],
		environment: {
			NODE_ENV: 'production',
			PROTOCOL_HEADER: 'x-forwarded-proto',
			SHUTDOWN_TIMEOUT: '2',
			// pictures and documents of 10 MB, and the form around them
			BODY_SIZE_LIMIT: '11M'
		}
	});
}

/** Serves the sources with hot reload; resolves when it answers. */
export function startDevelopmentSite(lifetime: Lifetime, backend: Backend): Promise<Site> {
	const port = String(backend.settings.ports.site);
	return serve(lifetime, backend, {
		args: [
			join(root, 'node_modules/vite/bin/vite.js'),
			'dev',
			'--host',
			'127.0.0.1',
			'--port',
			port,
			'--strictPort',
			'--clearScreen',
			'false'
		],
		environment: {}
	});
}
