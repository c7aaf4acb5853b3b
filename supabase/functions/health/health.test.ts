import { expect, test, vi } from 'vitest';
import { health } from './health.ts';

const environment = {
	SUPABASE_URL: 'https://project.example',
	SUPABASE_PUBLISHABLE_KEYS: '{"default":"sb_publishable_x"}',
	SUPABASE_SECRET_KEYS: '{"default":"sb_secret_x"}'
};
const request = (method = 'GET') => new Request('https://project.example/health', { method });

/** A database whose rows have these minutes for zones in 2027. */
const clocks = (ahead: Record<string, number>, server_agrees = true) =>
	Response.json({
		release: '2026f',
		server_agrees,
		samples: Object.entries(ahead).map(([zone, minutes]) => ({ zone, at: '2027-02-20T12:00:00Z', ahead: minutes }))
	});

test('is well when a visitor can ask the database', async () => {
	const send = vi.fn<typeof fetch>(async () => clocks({ UTC: 0, 'Asia/Kathmandu': 345, 'America/St_Johns': -210 }));
	const answer = await health(request(), environment, send);
	expect([answer.status, await answer.json()]).toEqual([
		200,
		{ status: 'ok', database: true, clocks: { release: '2026f', server: 'agrees', runtime: 'agrees' } }
	]);
	expect(send).toHaveBeenCalledWith(
		'https://project.example/rest/v1/rpc/clock_state',
		expect.objectContaining({ headers: { apikey: 'sb_publishable_x' } })
	);
});

test.each([
	['the server', clocks({ UTC: 0 }, false), { server: 'differs', runtime: 'agrees' }],
	['the runtime', clocks({ 'Europe/Paris': 0 }), { server: 'agrees', runtime: 'differs' }],
	['a runtime that lacks a zone', clocks({ 'Mars/Base': 0 }), { server: 'agrees', runtime: 'differs' }]
])('says of %s that it tells another time than the database, and is well', async (_whose, state, said) => {
	const answer = await health(request(), environment, async () => state);
	expect([answer.status, await answer.json()]).toMatchObject([200, { status: 'ok', clocks: said }]);
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
