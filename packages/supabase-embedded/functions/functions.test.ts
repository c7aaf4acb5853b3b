import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { loadKeys } from '../keys.ts';
import type { Keys } from '../keys.ts';
import type { Context } from '../context.ts';
import type { Service } from '../service.ts';
import { defaultPorts, readConfig } from '../settings.ts';
import { contractProject } from '../testing/platform.ts';
import { createFunctions } from './index.ts';

const sources: Record<string, string> = {
	echo: `Deno.serve(async (request) => Response.json({
		method: request.method,
		path: new URL(request.url).pathname + new URL(request.url).search,
		headers: Object.fromEntries(request.headers),
		body: await request.text()
	}, { status: 201, headers: { 'x-made-by': 'echo' } }));`,
	exported: `export default { fetch: () => new Response('exported') };`,
	environment: `Deno.serve(() => Response.json(Deno.env.toObject()));`,
	streaming: `Deno.serve((request) => new Response(request.body));`,
	counting: `let count = 0; Deno.serve(() => new Response(String(++count)));`,
	page: `Deno.serve(() => new Response('<h1>Hello</h1>', { headers: { 'content-type': 'text/html; charset=utf-8' } }));`,
	throwing: `Deno.serve(() => { throw new Error('unhandled'); });`,
	broken: `import { nothing } from './missing.ts'; Deno.serve(() => new Response(nothing));`,
	crashing: `Deno.serve(() => new Promise(() => { setTimeout(() => { throw new Error('outside of the handler'); }, 10); }));`,
	hungry: `Deno.serve(() => { const kept = []; for (;;) kept.push(new Array(100_000).fill(kept.length)); });`,
	spinning: `Deno.serve(() => { for (;;); });`,
	silent: `Deno.serve(() => new Promise(() => {}));`,
	calling: `Deno.serve(async () => {
		const addresses = ['http://169.254.169.254/', 'http://10.0.0.1/', 'http://[::ffff:192.168.0.1]/'];
		const results = await Promise.allSettled(addresses.map((address) => fetch(address)));
		return Response.json(results.map((result) => result.status === 'rejected' && result.reason.name));
	});`,
	reaching: `Deno.serve(async () => {
		const tries = [async () => Deno.readTextFile('/etc/hostname'), async () => Deno.writeTextFile('/tmp/reached', ''), async () => new Deno.Command('/bin/ls').output()];
		const results = await Promise.allSettled(tries.map((attempt) => attempt()));
		return Response.json(results.map((result) => result.status === 'rejected' && result.reason.name));
	});`
};
const closedFunction = 'closed';

let folder: string;
let keys: Keys;
let service: Service;

function write(name: string, source: string): void {
	mkdirSync(join(folder, 'functions', name), { recursive: true });
	writeFileSync(join(folder, 'functions', name, 'index.ts'), source);
}

const call = (path: string, init?: RequestInit): Promise<Response> =>
	Promise.resolve(service.app.request(`http://127.0.0.1:54321/functions/v1/${path}`, init));

beforeAll(async () => {
	folder = mkdtempSync(join(tmpdir(), 'functions-'));
	keys = await loadKeys(folder);
	for (const [name, source] of Object.entries(sources)) write(name, source);
	write(closedFunction, `Deno.serve(() => new Response('open'));`);
	write('disabled', `Deno.serve(() => new Response('open'));`);
	mkdirSync(join(folder, 'functions/_shared'));
	writeFileSync(
		join(folder, 'functions/.env'),
		'MAIL_FROM="Example <hello@example.com>"\nSUPABASE_URL=http://elsewhere\n'
	);
	const config = readConfig(contractProject);
	config.functions = Object.fromEntries(Object.keys(sources).map((name) => [name, { verify_jwt: false }]));
	config.functions.disabled = { verify_jwt: false, enabled: false };
	const context: Context = {
		settings: {
			project: folder,
			brand: 'Example',
			folder,
			ports: defaultPorts,
			config,
			durable: false,
			functionEnvironment: ({ secret }) => ({ OF_THE_PROJECT: `made of ${secret}`, MAIL_FROM: 'overruled' })
		},
		keys,
		apiUrl: 'http://127.0.0.1:54321',
		databaseUrl: (role) => `postgresql://${role}@127.0.0.1/postgres`,
		folder: (name) => {
			mkdirSync(join(folder, name), { recursive: true });
			return join(folder, name);
		},
		log: () => {}
	};
	service = await createFunctions(context, join(folder, 'functions'), {
		memoryMegabytes: 64,
		cpuSeconds: 1,
		answerSeconds: 3,
		idleSeconds: 60
	});
});
afterAll(async () => {
	await service.close();
	rmSync(folder, { recursive: true, force: true });
});

describe('a function', () => {
	test('gets method, path, query, headers and body', async () => {
		const answer = await call('echo/deep/path?q=1', { method: 'POST', body: 'سلام', headers: { 'x-own': 'kept' } });
		expect(answer.status).toBe(201);
		expect(answer.headers.get('x-made-by')).toBe('echo');
		const seen = (await answer.json()) as { headers: Record<string, string> };
		expect(seen).toMatchObject({ method: 'POST', path: '/echo/deep/path?q=1', body: 'سلام' });
		expect(seen.headers).toMatchObject({
			'x-own': 'kept',
			'x-forwarded-host': '127.0.0.1:54321',
			'x-forwarded-proto': 'http',
			'x-forwarded-port': '54321'
		});
	});

	test('may export its handler instead of serving', async () => {
		expect(await (await call('exported')).text()).toBe('exported');
	});

	test('finds what hosted functions find in their environment, and nothing of ours', async () => {
		process.env.OF_THE_PLATFORM = 'secret';
		const found = (await (await call('environment')).json()) as Record<string, string>;
		expect(found).toMatchObject({
			SUPABASE_URL: 'http://127.0.0.1:54321',
			SUPABASE_ANON_KEY: keys.anonToken,
			SUPABASE_SERVICE_ROLE_KEY: keys.serviceToken,
			MAIL_FROM: 'Example <hello@example.com>',
			SITE_URL: 'http://localhost:3000',
			OF_THE_PROJECT: `made of ${keys.secret}`
		});
		expect(JSON.parse(found.SUPABASE_SECRET_KEYS!)).toEqual({ default: keys.secret });
		expect(JSON.parse(found.SUPABASE_JWKS!)).toEqual(keys.jwks);
		expect(found.OF_THE_PLATFORM).toBeUndefined();
		expect(found.HOME).toBeUndefined();
	});

	test('streams in both directions', async () => {
		let push!: (text: string) => void;
		let end!: () => void;
		const body = new ReadableStream({
			start(controller) {
				push = (text) => controller.enqueue(new TextEncoder().encode(text));
				end = () => controller.close();
			}
		});
		push('one');
		const answer = await call('streaming', { method: 'POST', body, duplex: 'half' } as RequestInit);
		const reader = answer.body!.pipeThrough(new TextDecoderStream()).getReader();
		expect(await reader.read()).toEqual({ done: false, value: 'one' });
		push('two');
		expect(await reader.read()).toEqual({ done: false, value: 'two' });
		end();
		expect(await reader.read()).toEqual({ done: true, value: undefined });
	});

	test('stays loaded between requests, also when many come at once', async () => {
		const counts = await Promise.all(
			Array.from({ length: 20 }, async () => Number(await (await call('counting')).text()))
		);
		expect(counts.sort((a, b) => a - b)).toEqual(Array.from({ length: 20 }, (_, index) => index + 1));
	});

	test('is loaded anew when its sources change', async () => {
		write('exported', `export default { fetch: () => new Response('changed') };`);
		await expect.poll(async () => (await call('exported')).text()).toBe('changed');
	});

	test('serves no pages', async () => {
		expect((await call('page')).headers.get('content-type')).toBe('text/plain');
	});

	test('can read no files, write none and start nothing', async () => {
		expect(await (await call('reaching')).json()).toEqual(['NotCapable', 'NotCapable', 'NotCapable']);
	});

	test('can reach no private network', async () => {
		expect(await (await call('calling')).json()).toEqual(['NotCapable', 'NotCapable', 'NotCapable']);
	});
});

describe('the platform answers', () => {
	const problem = async (answer: Response) => [
		answer.status,
		((await answer.json()) as { code: string }).code,
		answer.headers.get('sb-error-code')
	];

	test.each(['nothing', '_shared', '..%2Fecho', 'disabled', ''])('404 for "%s"', async (name) => {
		expect(await problem(await call(name))).toEqual([404, 'NOT_FOUND', 'NOT_FOUND']);
	});

	test('503 when a function cannot start', async () => {
		expect(await problem(await call('broken'))).toEqual([503, 'BOOT_ERROR', 'BOOT_ERROR']);
	});

	test('500 when a handler throws, in the words of the function', async () => {
		const answer = await call('throwing');
		expect([answer.status, await answer.text(), answer.headers.get('sb-error-code')]).toEqual([
			500,
			'Internal Server Error',
			'EDGE_FUNCTION_ERROR'
		]);
	});

	test('500 when the function dies, and the next request finds a new one', async () => {
		expect(await problem(await call('crashing'))).toEqual([500, 'WORKER_ERROR', 'WORKER_ERROR']);
		write('crashing', `Deno.serve(() => new Response('well'));`);
		await expect.poll(async () => (await call('crashing')).text()).toBe('well');
	});

	test('546 when a function takes too much memory', async () => {
		expect(await problem(await call('hungry'))).toEqual([546, 'WORKER_RESOURCE_LIMIT', 'WORKER_RESOURCE_LIMIT']);
	}, 20_000);

	test('546 when a function computes without end', async () => {
		expect(await problem(await call('spinning'))).toEqual([546, 'WORKER_RESOURCE_LIMIT', 'WORKER_RESOURCE_LIMIT']);
	}, 20_000);

	test('504 when a function does not answer', async () => {
		expect(await problem(await call('silent'))).toEqual([504, 'IDLE_TIMEOUT', 'IDLE_TIMEOUT']);
	}, 20_000);
});

describe('a function with verify_jwt', () => {
	const invoke = (authorization?: string, init: RequestInit = {}) =>
		call(closedFunction, {
			...init,
			headers: { apikey: keys.publishable, ...(authorization ? { authorization } : {}) }
		});

	test('runs for a token of the project', async () => {
		expect((await invoke(`Bearer ${await keys.sign({ role: 'authenticated', sub: 'amina' }, 60)}`)).status).toBe(200);
		expect((await invoke(`Bearer ${keys.anonToken}`)).status).toBe(200);
	});

	test('runs for a preflight without any', async () => {
		expect((await invoke(undefined, { method: 'OPTIONS' })).status).toBe(200);
	});

	test('does not run otherwise', async () => {
		const refusal = async (authorization?: string) => {
			const answer = await invoke(authorization);
			return [answer.status, await answer.json()];
		};
		const [head, , signature] = keys.anonToken.split('.');
		const forged = `${head}.${Buffer.from('{"role":"service_role","exp":9999999999}').toString('base64url')}.${signature}`;
		expect(await refusal()).toEqual([
			401,
			{ code: 'UNAUTHORIZED_NO_AUTH_HEADER', message: 'Missing authorization header' }
		]);
		expect(await refusal(`Bearer ${keys.secret}`)).toEqual([
			401,
			{ code: 'UNAUTHORIZED_INVALID_JWT_FORMAT', message: 'Invalid JWT' }
		]);
		expect(await refusal(`Bearer ${forged}`)).toEqual([
			401,
			{ code: 'UNAUTHORIZED_ASYMMETRIC_JWT', message: 'Invalid JWT' }
		]);
		expect(await refusal(`Bearer ${await keys.sign({ role: 'authenticated' }, -60)}`)).toEqual([
			401,
			{ code: 'UNAUTHORIZED_ASYMMETRIC_JWT', message: 'Invalid JWT' }
		]);
	});
});
