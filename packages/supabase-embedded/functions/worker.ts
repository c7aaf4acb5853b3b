import { spawn } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { request } from 'node:http';
import type { IncomingMessage, OutgoingHttpHeaders } from 'node:http';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { pathToFileURL } from 'node:url';
import { freePorts } from '../ports.ts';
import { listening } from '../postgres/server.ts';
import { findDeno } from './deno.ts';

/** Why a function gave no answer; the names are the platform's error codes. */
export type Reason = 'BOOT_ERROR' | 'WORKER_RESOURCE_LIMIT' | 'WORKER_ERROR' | 'IDLE_TIMEOUT';

export class WorkerFailure extends Error {
	readonly reason: Reason;
	constructor(reason: Reason) {
		super(reason);
		this.reason = reason;
	}
}

/** What a function may use. Hosted: 256 MB, 2 s of CPU, 150 s without an answer. */
export interface Limits {
	memoryMegabytes: number;
	/** seconds of CPU in which no request was finished; above the hosted figure, since this machine is slower than theirs */
	cpuSeconds: number;
	/** seconds in which a request must be answered */
	answerSeconds: number;
	/** seconds without a request after which the process is ended */
	idleSeconds: number;
}

export const hostedLimits: Limits = { memoryMegabytes: 256, cpuSeconds: 10, answerSeconds: 150, idleSeconds: 300 };

interface Options {
	name: string;
	/** the project's root, whose `node_modules` hold the functions' packages */
	project: string;
	/** the folder of all functions */
	folder: string;
	environment: Record<string, string>;
	/** where Deno may keep its compiled code */
	cache: string;
	limits: Limits;
	log(line: string): void;
	onEnd(): void;
}

/** One function's process. It takes requests from the moment it is made, and answers them when it is ready. */
export interface Worker {
	fetch(request: Request, path: string, headers: OutgoingHttpHeaders): Promise<IncomingMessage>;
	/** Ends it as soon as its requests are answered. */
	retire(): void;
	/** Ends it now; resolves when it is gone. */
	end(): Promise<void>;
}

/**
 * Networks that a function has no business in, whatever leads it there: Deno looks at the address that it connects to. Not
 * the machine itself, where the platform's other services are; IPv6 ranges it does not know how to refuse.
 */
const privateNetworks = [
	'0.0.0.0/8',
	'10.0.0.0/8',
	'100.64.0.0/10',
	'169.254.0.0/16',
	'172.16.0.0/12',
	'192.0.0.0/24',
	'192.168.0.0/16',
	'198.18.0.0/15',
	'224.0.0.0/4',
	'240.0.0.0/4'
];

const bootSeconds = 30;

/** Seconds of CPU that a process has used; null where the system does not tell. */
function cpuSeconds(pid: number): number | null {
	try {
		// The name in brackets may hold spaces; user and system time are the 12th and 13th field after it, in 1/100 s.
		const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]!.split(' ');
		return (Number(fields[11]) + Number(fields[12])) / 100;
	} catch {
		return null;
	}
}

/** Starts a function in a Deno of its own, with a clean environment and no more rights than it has when hosted. */
export async function startWorker(options: Options): Promise<Worker> {
	const { name, folder, limits } = options;
	const own = join(folder, name);
	const [port] = (await freePorts(1)) as [number];
	const config = join(own, 'deno.json');
	const child = spawn(
		findDeno(),
		[
			'run',
			'--no-prompt',
			'--quiet',
			'--no-check',
			'--no-lock',
			'--cached-only',
			'--node-modules-dir=manual',
			...(existsSync(config) ? ['--config', config] : ['--no-config']),
			'--allow-net',
			`--deny-net=${privateNetworks.join(',')}`,
			'--allow-env',
			'--allow-sys',
			`--allow-read=${folder},${join(options.project, 'node_modules')}`,
			`--v8-flags=--max-old-space-size=${limits.memoryMegabytes}`,
			join(import.meta.dirname, 'bootstrap.js'),
			pathToFileURL(join(own, 'index.ts')).href
		],
		{
			cwd: options.project,
			stdio: ['pipe', 'pipe', 'pipe'],
			env: {
				...(process.env.SystemRoot ? { SystemRoot: process.env.SystemRoot } : {}),
				...options.environment,
				DENO_DIR: options.cache,
				DENO_NO_UPDATE_CHECK: '1',
				DENO_SERVE_ADDRESS: `tcp:127.0.0.1:${port}`,
				NO_COLOR: '1'
			}
		}
	);

	let ready = false;
	let retired = false;
	let ended: Reason | null = null;
	let outOfMemory = false;
	let under = 0;
	let cpuAtStart = 0;
	let idle: NodeJS.Timeout | undefined;

	const print = (chunk: Buffer) => {
		for (const line of chunk.toString().split('\n'))
			if (line.trim() !== '' && !line.startsWith('Listening on ')) options.log(line);
	};
	child.stdin.on('error', () => {});
	child.stdout.on('data', print);
	child.stderr.on('data', (chunk: Buffer) => {
		outOfMemory ||= /heap (out of memory|limit)/i.test(chunk.toString());
		print(chunk);
	});

	const gone = new Promise<void>((resolve) => {
		const finish = () => {
			ended ??= outOfMemory ? 'WORKER_RESOURCE_LIMIT' : ready ? 'WORKER_ERROR' : 'BOOT_ERROR';
			clearTimeout(idle);
			clearInterval(watch);
			options.onEnd();
			resolve();
		};
		child.once('exit', finish);
		child.once('error', (error) => {
			options.log(error.message);
			finish();
		});
	});
	const kill = (reason: Reason) => {
		ended ??= reason;
		child.kill('SIGKILL');
	};

	/** A function that computes without end never yields, so it is its process that is watched. */
	const watch = setInterval(() => {
		if (under === 0 || !child.pid) return;
		const used = cpuSeconds(child.pid);
		if (used !== null && used - cpuAtStart > limits.cpuSeconds) kill('WORKER_RESOURCE_LIMIT');
	}, 500);

	const booted = (async () => {
		const started = Date.now();
		while (ended === null && !(await listening(port))) {
			if (Date.now() - started > bootSeconds * 1000) kill('BOOT_ERROR');
			await new Promise((resolve) => setTimeout(resolve, 10));
		}
		if (ended !== null) throw new WorkerFailure(ended);
		ready = true;
	})();
	booted.catch(() => {});

	const settle = () => {
		under--;
		cpuAtStart = (child.pid && cpuSeconds(child.pid)) || 0;
		if (under > 0) return;
		if (retired) child.kill('SIGTERM');
		else {
			idle = setTimeout(() => {
				// Given up first, so that a request which comes now starts a new process instead of meeting this one's end.
				options.onEnd();
				child.kill('SIGTERM');
			}, limits.idleSeconds * 1000);
		}
	};

	async function answer(incoming: Request, path: string, headers: OutgoingHttpHeaders): Promise<IncomingMessage> {
		await booted;
		return new Promise((resolve, reject) => {
			const outgoing = request({ host: '127.0.0.1', port, path, method: incoming.method, headers, agent: false });
			const late = setTimeout(() => {
				reject(new WorkerFailure('IDLE_TIMEOUT'));
				outgoing.destroy();
			}, limits.answerSeconds * 1000);
			outgoing.once('response', (response) => {
				clearTimeout(late);
				resolve(response);
			});
			outgoing.once('error', () => {
				clearTimeout(late);
				// The socket breaks a moment before the process is known to have ended.
				void Promise.race([gone, new Promise((done) => setTimeout(done, 1000))]).then(() =>
					reject(new WorkerFailure(ended ?? 'WORKER_ERROR'))
				);
			});
			incoming.signal.addEventListener('abort', () => outgoing.destroy());
			if (incoming.body) {
				const body = Readable.fromWeb(incoming.body as never);
				body.once('error', () => outgoing.destroy());
				body.pipe(outgoing);
			} else outgoing.end();
		});
	}

	return {
		async fetch(incoming, path, headers) {
			if (under++ === 0) cpuAtStart = (child.pid && cpuSeconds(child.pid)) || 0;
			clearTimeout(idle);
			try {
				const response = await answer(incoming, path, headers);
				response.once('close', settle);
				return response;
			} catch (error) {
				settle();
				throw error;
			}
		},
		retire: () => {
			retired = true;
			if (under === 0) child.kill('SIGTERM');
		},
		end: () => {
			ended ??= 'WORKER_ERROR';
			child.kill('SIGKILL');
			return gone;
		}
	};
}
