import { existsSync, watch } from 'node:fs';
import type { OutgoingHttpHeaders } from 'node:http';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { Hono } from 'hono';
import type { Context as Exchange } from 'hono';
import type { Context } from '../context.ts';
import type { Env, Service } from '../service.ts';
import { functionEnvironment } from './environment.ts';
import { refuse } from './token.ts';
import { hostedLimits, startWorker, WorkerFailure } from './worker.ts';
import type { Limits, Reason, Worker } from './worker.ts';

const failures: Record<Reason, { status: number; message: string }> = {
	BOOT_ERROR: { status: 503, message: 'Function failed to start (please check logs)' },
	WORKER_RESOURCE_LIMIT: {
		status: 546,
		message: 'Function failed due to not having enough compute resources (please check logs)'
	},
	WORKER_ERROR: { status: 500, message: 'Function exited due to an error (please check logs)' },
	IDLE_TIMEOUT: { status: 504, message: 'Request idle timeout limit (150s) reached' }
};

/** Of one hop, not of the message (RFC 9110, 7.6.1). */
const hopByHop = [
	'connection',
	'keep-alive',
	'proxy-authenticate',
	'proxy-authorization',
	'te',
	'trailer',
	'transfer-encoding',
	'upgrade'
];

function failure(code: string, message: string, status: number): Response {
	return Response.json(
		{ code, message },
		{ status, headers: { 'sb-error-code': code, 'access-control-expose-headers': 'sb-error-code' } }
	);
}

/** The request's headers as a function sees them behind the gateway. */
function forwarded(exchange: Exchange<Env>): OutgoingHttpHeaders {
	const headers: OutgoingHttpHeaders = Object.fromEntries(
		[...exchange.req.raw.headers].filter(([name]) => !hopByHop.includes(name))
	);
	const url = new URL(exchange.req.url);
	headers['x-forwarded-proto'] ??= url.protocol.slice(0, -1);
	headers['x-forwarded-host'] ??= url.host;
	headers['x-forwarded-port'] ??= url.port || (url.protocol === 'https:' ? '443' : '80');
	return headers;
}

/** The function's answer, changed in what a hosted project changes. */
function answer(exchange: Exchange<Env>, incoming: Awaited<ReturnType<Worker['fetch']>>): Response {
	const headers = new Headers();
	for (let i = 0; i < incoming.rawHeaders.length; i += 2) {
		const name = incoming.rawHeaders[i]!;
		if (!hopByHop.includes(name.toLowerCase())) headers.append(name, incoming.rawHeaders[i + 1]!);
	}
	const status = incoming.statusCode!;
	if (status >= 500) {
		headers.set('sb-error-code', 'EDGE_FUNCTION_ERROR');
		headers.append('access-control-expose-headers', 'sb-error-code');
	}
	// Pages are not served from a project's own address.
	if (exchange.req.method === 'GET' && headers.get('content-type')?.startsWith('text/html'))
		headers.set('content-type', 'text/plain');
	if ([101, 204, 205, 304].includes(status) || exchange.req.method === 'HEAD') {
		incoming.resume();
		return new Response(null, { status, headers });
	}
	return new Response(Readable.toWeb(incoming) as ReadableStream, { status, headers });
}

/**
 * Serves the functions of the project as hosted projects do: each in a Deno process of its own, started by its
 * first request, ended when idle, and started anew when it died or its sources changed.
 * CORS is the functions' own affair; the gateway adds nothing.
 */
export async function createFunctions(
	context: Context,
	folder = join(context.settings.project, 'supabase/functions'),
	limits: Limits = hostedLimits
): Promise<Service> {
	const workers = new Map<string, Promise<Worker>>();
	/** those that still answer what they had taken on when they were replaced */
	const all = new Set<Promise<Worker>>();
	let closed = false;

	function worker(name: string): Promise<Worker> {
		const running = workers.get(name);
		if (running) return running;
		const forget = () => {
			all.delete(started);
			if (workers.get(name) === started) workers.delete(name);
		};
		const started: Promise<Worker> = startWorker({
			name,
			project: context.settings.project,
			folder,
			limits,
			environment: functionEnvironment(context, folder),
			cache: context.folder('deno'),
			log: (line) => context.log('functions', `${name}: ${line}`),
			onEnd: () => forget()
		});
		started.catch(forget);
		workers.set(name, started);
		all.add(started);
		return started;
	}

	function retire(name: string): void {
		void workers.get(name)?.then(
			(running) => running.retire(),
			() => {}
		);
		workers.delete(name);
	}

	function serves(name: string): boolean {
		return (
			/^[A-Za-z][\w-]*$/.test(name) &&
			context.settings.config.functions?.[name]?.enabled !== false &&
			existsSync(join(folder, name, 'index.ts'))
		);
	}

	async function handle(exchange: Exchange<Env>): Promise<Response> {
		const { pathname, search } = new URL(exchange.req.url);
		const path = pathname.replace(/^\/functions\/v1/, '');
		const name = path.split('/')[1] ?? '';
		if (closed || !serves(name)) return failure('NOT_FOUND', 'Requested function was not found', 404);
		if (exchange.req.method !== 'OPTIONS' && context.settings.config.functions?.[name]?.verify_jwt !== false) {
			const refusal = await refuse(context.keys, exchange.req.header('authorization'));
			if (refusal) return failure(refusal.code, refusal.message, 401);
		}
		try {
			const running = await worker(name);
			return answer(exchange, await running.fetch(exchange.req.raw, path + search, forwarded(exchange)));
		} catch (error) {
			if (!(error instanceof WorkerFailure)) context.log('functions', `${name}: ${(error as Error).message}`);
			const reason = error instanceof WorkerFailure ? error.reason : 'BOOT_ERROR';
			return failure(reason, failures[reason].message, failures[reason].status);
		}
	}

	const watcher = existsSync(folder)
		? watch(folder, { recursive: true }, (_event, file) => {
				const name = file?.split(/[/\\]/)[0];
				if (name && !name.startsWith('_') && !name.startsWith('.')) retire(name);
				else for (const each of [...workers.keys()]) retire(each);
			})
		: null;
	watcher?.on('error', (error) => context.log('functions', `changes of the sources are not noticed: ${error.message}`));

	const app = new Hono<Env>();
	app.all('*', handle);
	return {
		app,
		close: async () => {
			closed = true;
			watcher?.close();
			await Promise.all(
				[...all].map((started) =>
					started.then(
						(running) => running.end(),
						() => {}
					)
				)
			);
		}
	};
}
