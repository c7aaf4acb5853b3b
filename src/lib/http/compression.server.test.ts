import { brotliDecompressSync, gunzipSync } from 'node:zlib';
import type { RequestEvent } from '@sveltejs/kit';
import { describe, expect, test } from 'vitest';
import { chooseEncoding, compress } from './compression.server.ts';

describe('a browser accepts', () => {
	test.each([
		['gzip, deflate, br, zstd', 'br'],
		['gzip', 'gzip'],
		['br;q=0, gzip', 'gzip'],
		['*', 'br'],
		['identity', null],
		['', null],
		[null, null]
	])('%s: %s', (header, encoding) => expect(chooseEncoding(header)).toBe(encoding));
});

const page = '<p>خدمات</p>'.repeat(500);

/** Sends an answer through the hook as a browser with this Accept-Encoding would get it. */
function send(response: Response, acceptEncoding = 'gzip, br'): Promise<Response> {
	const request = new Request('http://site/', { headers: { 'accept-encoding': acceptEncoding } });
	return Promise.resolve(compress({ event: { request } as RequestEvent, resolve: async () => response }));
}

describe('an answer', () => {
	test('that is whole is packed with its length', async () => {
		const response = await send(new Response(page, { headers: { 'content-type': 'text/html', etag: '"x"' } }));
		const body = Buffer.from(await response.arrayBuffer());
		expect(response.headers.get('content-encoding')).toBe('br');
		expect(response.headers.get('content-length')).toBe(String(body.length));
		expect(brotliDecompressSync(body).toString()).toBe(page);
	});

	test('that is still being written is packed as it comes', async () => {
		const stream = new Blob([page]).stream();
		const response = await send(new Response(stream, { headers: { 'content-type': 'text/html' } }), 'gzip');
		expect(response.headers.get('content-encoding')).toBe('gzip');
		expect(gunzipSync(Buffer.from(await response.arrayBuffer())).toString()).toBe(page);
	});

	test.each([
		['an image', { 'content-type': 'image/png', etag: '"x"' }],
		['a stream of events', { 'content-type': 'text/event-stream' }],
		['something packed already', { 'content-type': 'text/html', 'content-encoding': 'gzip' }]
	])('that is %s stays as it is', async (_, headers) => {
		const response = await send(new Response(page, { headers }));
		expect(response.headers.get('content-encoding')).toBe(headers['content-encoding' as never] ?? null);
		expect(await response.text()).toBe(page);
	});
});
