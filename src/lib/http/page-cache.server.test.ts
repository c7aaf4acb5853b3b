import type { RequestEvent } from '@sveltejs/kit';
import { beforeEach, expect, test, vi } from 'vitest';
import { cachePages } from './page-cache.server.ts';

const keep = cachePages(
	new Map([
		['/[[lang=lang]]/(site)', new Set<string>()],
		['/[[lang=lang]]/(site)/search', new Set(['q', 'sort', 'city'])]
	])
);

vi.useFakeTimers({ toFake: ['Date', 'setTimeout'] });

let host = 0;
beforeEach(() => void host++);

interface Visit {
	path?: string;
	route?: string;
	cookie?: string;
	accepts?: Record<string, string>;
	protocol?: 'http' | 'https';
	data?: boolean;
	method?: string;
	answer?: () => Promise<Response> | Response;
}

let made = 0;

const page = (text: string, headers: Record<string, string> = {}) =>
	new Response(text, { headers: { 'content-type': 'text/html; charset=utf-8', ...headers } });

/** Asks for a page as a browser would; each one that is made says which it is. */
async function visit(of: Visit = {}): Promise<string> {
	const { path = '/', route = '', cookie = '', accepts = {}, protocol = 'http', data = false, method, answer } = of;
	const url = new URL(path, `${protocol}://site-${host}`);
	const request = new Request(url, { method, headers: { ...(cookie && { cookie }), ...accepts } });
	const cookies = cookie.split('; ').map((pair) => ({ name: pair.split('=')[0] }));
	const event = {
		request,
		url,
		route: { id: `/[[lang=lang]]/(site)${route}` },
		isDataRequest: data,
		cookies: { getAll: () => cookies }
	} as unknown as RequestEvent;
	const resolve = () => Promise.resolve(answer ? answer() : page(`page ${++made}`));
	return (await keep({ event, resolve })).text();
}

test('the next visitor gets the page that was made a moment ago, and a new one after five seconds', async () => {
	const first = await visit();
	expect(await visit()).toBe(first);
	vi.advanceTimersByTime(4900);
	expect(await visit()).toBe(first);
	vi.advanceTimersByTime(200);
	expect(await visit()).not.toBe(first);
});

test('of many at once the first has it made, and the others wait for it', async () => {
	const answers = await Promise.all(Array.from({ length: 20 }, () => visit()));
	expect(new Set(answers).size).toBe(1);
});

test.each<[string, Visit]>([
	['of another address', { path: '/search?q=x', route: '/search' }],
	['over another protocol', { protocol: 'https' }],
	['with other cookies', { cookie: 'theme=dark' }],
	['in another language', { accepts: { 'accept-language': 'ar' } }],
	['packed in another way', { accepts: { 'accept-encoding': 'br' } }]
])('a page %s is another page', async (_, other) => {
	const first = await visit();
	const second = await visit(other);
	expect(second).not.toBe(first);
	expect(await visit(other)).toBe(second);
});

test.each<[string, Visit]>([
	['who is signed in', { cookie: 'khadamat-auth.0=x' }],
	['of any other route', { route: '/bookings' }],
	['who asks for data', { data: true }],
	['who names the parts of a page', { accepts: { 'x-sveltekit-invalidated': '000' } }],
	['who asks for a part', { accepts: { range: 'bytes=0-9' } }],
	['who asks for what the page does not know', { path: '/?q=x' }],
	['who asks for it with a word of their own', { path: '/search?q=x&utm=y', route: '/search' }],
	['who asks twice in one address', { path: '/search?q=x&q=y', route: '/search' }],
	['who asks at length', { path: `/search?q=${'x'.repeat(2000)}`, route: '/search' }],
	['with a heap of cookies', { cookie: `a=${'x'.repeat(2000)}` }]
])('nothing is kept for or from one %s', async (_, visitor) => {
	const first = await visit(visitor);
	expect(await visit(visitor)).not.toBe(first);
});

test.each<[string, () => Response]>([
	['that is none', () => new Response('lost', { status: 404, headers: { 'content-type': 'text/html' } })],
	['of another type', () => new Response('{}', { headers: { 'content-type': 'application/json' } })],
	['that sets a cookie', () => page('chosen', { 'set-cookie': 'a=b' })],
	['that is not to be kept', () => page('own', { 'cache-control': 'private, no-store' })]
])('a page %s is not kept', async (_, answer) => {
	await visit({ answer });
	expect(await visit()).toMatch(/^page /);
});

test('a page that could not be made fails for its visitor alone', async () => {
	const failing = visit({ answer: () => Promise.reject(new Error('away')) });
	const waiting = visit();
	await expect(failing).rejects.toThrow('away');
	expect(await waiting).toMatch(/^page /);
});
