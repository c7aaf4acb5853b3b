import { createServer } from 'node:http';
import type { IncomingMessage, Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { database, project } from '../testing/project.ts';

interface Seen {
	method: string;
	url: string;
	headers: IncomingMessage['headers'];
	body: string;
}

interface Answer {
	status_code: number | null;
	content_type: string | null;
	headers: Record<string, string> | null;
	content: string | null;
	timed_out: boolean;
	error_msg: string | null;
}

// A hosted project cannot reach a server on this machine.
describe.skipIf(!project.mailUrl)('net', () => {
	const sql = database();
	const seen: Seen[] = [];
	let server: Server;
	let url: string;

	beforeAll(async () => {
		await sql`create extension if not exists pg_net`;
		server = createServer((request, response) => {
			let body = '';
			request.on('data', (chunk: Buffer) => (body += chunk.toString()));
			request.on('end', () => {
				seen.push({ method: request.method!, url: request.url!, headers: request.headers, body });
				if (request.url === '/silent') return;
				if (request.url === '/moved') response.writeHead(302, { location: '/arrived' });
				else
					response.writeHead(request.url === '/teapot' ? 418 : 200, {
						'content-type': 'application/json; charset=utf-8',
						'x-kind': 'contract'
					});
				response.end('{"answer":"oui – نعم"}');
			});
		});
		await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
		url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
	});
	afterAll(async () => {
		server.closeAllConnections();
		server.close();
		await sql.end();
	});

	async function answer(id: string): Promise<Answer> {
		const started = Date.now();
		for (;;) {
			const [found] = await sql<Answer[]>`select * from net._http_response where id = ${id}`;
			if (found) return found;
			if (Date.now() - started > 8000) throw new Error('No answer within 8 s.');
			await new Promise((resolve) => setTimeout(resolve, 50));
		}
	}
	const request = async (call: Promise<{ id: string }[]>) => answer((await call)[0]!.id);
	const at = (path: string) => seen.filter((entry) => entry.url === path);

	test('posts JSON with the headers given and keeps the answer', async () => {
		const got = await request(sql`
			select net.http_post(${`${url}/post`}, ${sql.json({ city: 'Casablanca', name: 'سباك' })}, headers := '{"apikey": "key"}') as id
		`);
		expect(got).toMatchObject({
			status_code: 200,
			content: '{"answer":"oui – نعم"}',
			content_type: 'application/json; charset=utf-8',
			timed_out: false,
			error_msg: null
		});
		expect(got.headers).toMatchObject({ 'x-kind': 'contract' });
		const [sent] = at('/post');
		expect(sent).toMatchObject({ method: 'POST', headers: { 'content-type': 'application/json', apikey: 'key' } });
		expect(JSON.parse(sent!.body)).toEqual({ city: 'Casablanca', name: 'سباك' });
	});

	test('gets with parameters encoded', async () => {
		await request(
			sql`select net.http_get(${`${url}/get?a=1`}, ${sql.json({ q: 'thé & menthe', ville: 'Fès' })}) as id`
		);
		const [sent] = seen.filter((entry) => entry.url.startsWith('/get'));
		expect(sent!.method).toBe('GET');
		expect([...new URL(sent!.url, url).searchParams]).toEqual([
			['a', '1'],
			['q', 'thé & menthe'],
			['ville', 'Fès']
		]);
		expect(sent!.url).toContain('%26');
	});

	test('deletes', async () => {
		await request(sql`select net.http_delete(${`${url}/gone`}) as id`);
		expect(at('/gone')).toMatchObject([{ method: 'DELETE' }]);
	});

	test('keeps an answer that is no success as an answer', async () => {
		expect(await request(sql`select net.http_get(${`${url}/teapot`}) as id`)).toMatchObject({
			status_code: 418,
			error_msg: null
		});
	});

	test('follows redirects', async () => {
		expect(await request(sql`select net.http_get(${`${url}/moved`}) as id`)).toMatchObject({ status_code: 200 });
		expect(at('/arrived')).toHaveLength(1);
	});

	test('gives up after the time allowed', async () => {
		const got = await request(sql`select net.http_get(${`${url}/silent`}, timeout_milliseconds := 300) as id`);
		expect(got).toMatchObject({ status_code: null, timed_out: true });
		expect(got.error_msg).toMatch(/^Timeout of 300 ms reached/);
	});

	test('records that nobody answers there', async () => {
		const got = await request(sql`select net.http_get('http://127.0.0.1:9/') as id`);
		expect(got.status_code).toBeNull();
		expect(got.error_msg).not.toBeNull();
	});

	test('sends after the commit, and nothing after a roll-back', async () => {
		await sql
			.begin(async (transaction) => {
				await transaction`select net.http_get(${`${url}/rolled-back`})`;
				throw new Error('undo');
			})
			.catch(() => {});
		await sql.begin(async (transaction) => {
			await transaction`select net.http_get(${`${url}/committed`})`;
			await new Promise((resolve) => setTimeout(resolve, 400));
			expect(at('/committed')).toHaveLength(0);
		});
		await expect.poll(() => at('/committed').length).toBe(1);
		expect(at('/rolled-back')).toHaveLength(0);
	});

	test('sends each of many once', async () => {
		await sql`select net.http_post(${`${url}/many`}, jsonb_build_object('n', n)) from generate_series(1, 300) as n`;
		await expect.poll(() => at('/many').length, { timeout: 10_000 }).toBe(300);
		await new Promise((resolve) => setTimeout(resolve, 300));
		expect(new Set(at('/many').map(({ body }) => body)).size).toBe(300);
		expect(at('/many')).toHaveLength(300);
	});

	test('refuses a post that is not JSON', async () => {
		await expect(sql`select net.http_post(${url}, headers := '{"Content-Type": "text/plain"}')`).rejects.toMatchObject({
			message: 'Content-Type header must be "application/json"'
		});
	});

	test('is called by a job on its schedule', async () => {
		await sql`create extension if not exists pg_cron`;
		await sql`select cron.schedule('contract_call', '1 second', ${`select net.http_post('${url}/called', '{"batch": 20}')`})`;
		await expect.poll(() => at('/called').length, { timeout: 8000 }).toBeGreaterThan(0);
		await sql`select cron.unschedule('contract_call')`;
	});
});
