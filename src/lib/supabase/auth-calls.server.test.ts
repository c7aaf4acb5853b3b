import { beforeEach, describe, expect, test, vi } from 'vitest';

const api = 'https://project.example';
vi.mock('$app/env/private', () => ({ SITE_SECRET: 'site', SUPABASE_SECRET_KEY: 'sb_secret_test' }));
vi.mock('$app/env/public', () => ({
	PUBLIC_SUPABASE_URL: 'https://project.example',
	PUBLIC_SUPABASE_PUBLISHABLE_KEY: 'sb_publishable_test'
}));

const { countingFetch } = await import('./auth-calls.server.ts');

let asked: Request[];
let counting: () => Response;
beforeEach(() => {
	asked = [];
	counting = () => new Response(null, { status: 204 });
	vi.stubGlobal('fetch', async (input: string | URL | Request, init?: RequestInit) => {
		const request = new Request(input, init);
		asked.push(request);
		return request.url.endsWith('/rpc/count_auth_call') ? counting() : Response.json({});
	});
});

const ask = countingFetch({ getClientAddress: () => '203.0.113.7' }, () => {});
const headers = { apikey: 'sb_publishable_test', authorization: 'Bearer amina' };
const call = (method: string, path: string) => ask(api + path, { method, headers });
const paths = () => asked.map(({ url }) => url.slice(api.length));

describe('what the site asks Auth', () => {
	test.each([
		['POST', '/auth/v1/token?grant_type=password', 'token'],
		['POST', '/auth/v1/token?grant_type=pkce', 'token'],
		['POST', '/auth/v1/verify', 'verify'],
		['POST', '/auth/v1/otp', 'mail'],
		['POST', '/auth/v1/recover', 'mail'],
		['PUT', '/auth/v1/user', 'user'],
		['POST', '/auth/v1/factors/6f/challenge', 'factor']
	])('by %s %s is counted first as %s, for the account that asks', async (method, path, operation) => {
		await call(method, path);
		expect(paths()).toEqual(['/rest/v1/rpc/count_auth_call', path]);
		expect(await asked[0]!.json()).toEqual({ operation });
		expect(asked[0]!.headers.get('authorization')).toBe('Bearer amina');
		expect(asked[0]!.headers.get('x-visitor')).toBe('203.0.113.7');
	});

	test.each([
		['GET', '/auth/v1/user'],
		['POST', '/auth/v1/logout?scope=local'],
		['POST', '/auth/v1/factors/6f/verify']
	])('by %s %s is not: Auth does not count it, or it has been already', async (method, path) => {
		await call(method, path);
		expect(paths()).toEqual([path]);
	});

	test('says for whom, by the secret key, which vouches for the address alone', async () => {
		await call('PUT', '/auth/v1/user');
		const { headers: sent } = asked[1]!;
		expect(sent.get('sb-forwarded-for')).toBe('203.0.113.7');
		expect(sent.get('apikey')).toBe('sb_secret_test');
		expect(sent.get('authorization')).toBe('Bearer amina');
		await ask(`${api}/auth/v1/otp`, { method: 'POST' });
		expect(asked[3]!.headers.get('authorization')).toBe('Bearer sb_publishable_test');
	});

	test('is all that is done with the secret key', async () => {
		await call('GET', '/rest/v1/profiles');
		await call('POST', '/functions/v1/account');
		await ask('https://elsewhere.example/auth/v1/user', { method: 'PUT', headers });
		expect(asked).toHaveLength(3);
		for (const request of asked) expect([...request.headers.values()].join()).not.toContain('sb_secret');
	});

	test.each([
		[200, true],
		[400, true],
		[403, true],
		[401, false],
		[429, false],
		[503, false]
	])('for a session’s next token is the session’s own matter when it is answered by %i: %s', async (status, own) => {
		vi.stubGlobal('fetch', async (input: string | URL | Request) =>
			String(input).endsWith('/count_auth_call') ? counting() : Response.json({}, { status })
		);
		const failed = vi.fn();
		const renew = countingFetch({ getClientAddress: () => '203.0.113.7' }, failed);
		const answer = await renew(`${api}/auth/v1/token?grant_type=refresh_token`, { method: 'POST', headers });
		expect([answer.status, failed.mock.calls.length]).toEqual(own ? [status, 0] : [429, 1]);
	});

	test.each([
		[429, 429, 'over_request_rate_limit'],
		[401, 403, 'session_not_found'],
		[500, 503, 'unexpected_failure']
	])('is not asked when counting is answered by %i', async (counted, status, error_code) => {
		counting = () => Response.json({ message: 'refused' }, { status: counted });
		const answer = await call('PUT', '/auth/v1/user');
		expect(answer.status).toBe(status);
		expect(await answer.json()).toMatchObject({ error_code });
		expect(paths()).toEqual(['/rest/v1/rpc/count_auth_call']);
	});
});
