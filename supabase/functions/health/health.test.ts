import { expect, test, vi } from 'vitest';
import { health } from './health.ts';

const environment = {
	SUPABASE_URL: 'https://project.example',
	SUPABASE_PUBLISHABLE_KEYS: '{"default":"sb_publishable_x"}',
	SUPABASE_SECRET_KEYS: '{"default":"sb_secret_x"}'
};
const request = (method = 'GET') => new Request('https://project.example/health', { method });

test('is well when a visitor can read the catalogue', async () => {
	const send = vi.fn<typeof fetch>(async () => Response.json([]));
	const answer = await health(request(), environment, send);
	expect([answer.status, await answer.json()]).toEqual([200, { status: 'ok', database: true }]);
	expect(send).toHaveBeenCalledWith(
		'https://project.example/rest/v1/categories?select=id&limit=1',
		expect.objectContaining({ headers: { apikey: 'sb_publishable_x' } })
	);
});

test.each([
	['answers with an error', async () => new Response(null, { status: 500 })],
	['does not answer', () => Promise.reject(new TypeError('connection refused'))]
])('is unavailable when REST %s', async (_case, send) => {
	const answer = await health(request(), environment, send);
	expect([answer.status, await answer.json()]).toEqual([503, { status: 'unavailable', database: false }]);
});

test('answers a preflight without asking anyone', async () => {
	const send = vi.fn<typeof fetch>();
	const answer = await health(request('OPTIONS'), environment, send);
	expect([answer.status, answer.headers.get('access-control-allow-origin')]).toEqual([200, '*']);
	expect(send).not.toHaveBeenCalled();
});
