import type { RequestEvent } from '@sveltejs/kit';
import { beforeEach, expect, test, vi } from 'vitest';
import { keepPages } from './kept-pages.server.ts';

vi.useFakeTimers({ toFake: ['Date', 'setTimeout'] });

let host = 0;
beforeEach(() => void host++);

interface Visit {
	path?: string;
	route?: string;
	cookie?: string;
	accepts?: Record<string, string>;
	answer?: () => Promise<Response> | Response;
}

let made = 0;

/** Asks for a page as a browser would; each one that is made says which it is. */
async function visit({ path = '/', route = '', cookie = '', accepts = {}, answer }: Visit = {}): Promise<string> {
	const url = new URL(path, `http://site-${host}`);
	const request = new Request(url, { headers: { ...(cookie && { cookie }), ...accepts } });
	const cookies = cookie.split('; ').map((pair) => ({ name: pair.split('=')[0] }));
	const event = {
		request,
		url,
		route: { id: `/[[lang=lang]]/(site)${route}` },
		isDataRequest: false,
		cookies: { getAll: () => cookies }
	} as unknown as RequestEvent;
	const resolve = () => Promise.resolve(answer ? answer() : new Response(`page ${++made}`));
	return (await keepPages({ event, resolve })).text();
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
	['of another address', { path: '/?q=x' }],
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
	['of any other route', { route: '/bookings' }]
])('nothing is kept for or from one %s', async (_, visitor) => {
	const first = await visit(visitor);
	expect(await visit(visitor)).not.toBe(first);
});

test('an answer that is no page, or sets a cookie, is not kept', async () => {
	await visit({ answer: () => new Response('lost', { status: 404 }) });
	await visit({ answer: () => new Response('chosen', { headers: { 'set-cookie': 'a=b' } }) });
	expect(await visit()).toMatch(/^page /);
});

test('a page that could not be made fails for its visitor alone', async () => {
	const failing = visit({ answer: () => Promise.reject(new Error('away')) });
	const waiting = visit();
	await expect(failing).rejects.toThrow('away');
	expect(await waiting).toMatch(/^page /);
});
