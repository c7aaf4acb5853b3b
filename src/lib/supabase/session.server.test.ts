import { exportJWK, generateKeyPair, SignJWT } from 'jose';
import type { RequestEvent } from '@sveltejs/kit';
import { beforeEach, describe, expect, test, vi } from 'vitest';

const api = 'https://project.example';
vi.mock('$app/env/private', () => ({ SITE_SECRET: 'site', SUPABASE_SECRET_KEY: '' }));
vi.mock('$app/env/public', () => ({
	PUBLIC_SUPABASE_URL: 'https://project.example',
	PUBLIC_SUPABASE_PUBLISHABLE_KEY: 'sb_publishable_test'
}));

const { openSession } = await import('./session.server.ts');

const auth = await generateKeyPair('ES256');
const anybody = await generateKeyPair('ES256');
const jwks = { keys: [{ ...(await exportJWK(auth.publicKey)), kid: 'auth', alg: 'ES256', use: 'sig' }] };
const now = () => Math.floor(Date.now() / 1000);

/** A session as the cookie has it, whose token ends at an instant in seconds. */
async function session(ends: number, keys = auth) {
	const access_token = await new SignJWT({ sub: 'amina', role: 'authenticated', aud: 'authenticated', session_id: 's' })
		.setProtectedHeader({ alg: 'ES256', kid: 'auth', typ: 'JWT' })
		.setExpirationTime(ends)
		.sign(keys.privateKey);
	const content = {
		access_token,
		refresh_token: 'r',
		expires_at: ends,
		expires_in: 3600,
		token_type: 'bearer',
		user: {}
	};
	return `base64-${Buffer.from(JSON.stringify(content)).toString('base64url')}`;
}

/** A request with its cookies, and what was set of them in its answer. */
function visit(cookie?: string) {
	const cookies = new Map(cookie ? [['khadamat-auth', cookie]] : []);
	const set: Record<string, string> = {};
	const event = {
		url: new URL('https://khadamat.example/account'),
		getClientAddress: () => '203.0.113.7',
		cookies: {
			getAll: () => [...cookies].map(([name, value]) => ({ name, value })),
			set: (name: string, value: string) => void ((set[name] = value), cookies.set(name, value)),
			delete: (name: string) => void ((set[name] = ''), cookies.delete(name))
		}
	};
	return { session: openSession(event as unknown as RequestEvent), set };
}

/** What was asked of the project, by method and path; each test says what renewing a token and counting answer. */
let asked: string[];
let renewal: () => Response | Promise<Response>;
let counting: () => Response;
beforeEach(() => {
	asked = [];
	// auth-js logs what it was refused
	vi.spyOn(console, 'error').mockImplementation(() => {});
	renewal = () => Response.json({}, { status: 500 });
	counting = () => new Response(null, { status: 204 });
	vi.stubGlobal('fetch', async (input: string | URL | Request, init?: RequestInit) => {
		const request = new Request(input, init);
		const path = request.url.slice(api.length);
		if (path.endsWith('/jwks.json')) return Response.json(jwks);
		asked.push(`${request.method} ${path}`);
		if (path.startsWith('/auth/v1/token')) return renewal();
		if (path === '/rest/v1/rpc/count_auth_call') {
			expect(request.headers.get('x-visitor')).toBe('203.0.113.7');
			return counting();
		}
		return Response.json([]);
	});
});

const renew = 'POST /auth/v1/token?grant_type=refresh_token';
const count = 'POST /rest/v1/rpc/count_auth_call';

describe('a session in cookies', () => {
	test('that is good is the account’s, and Auth is asked nothing', async () => {
		const { session: open, set } = visit(await session(now() + 3600));
		expect(await open.getClaims()).toMatchObject({ sub: 'amina' });
		expect(asked).toEqual([]);
		expect(set).toEqual({});
	});

	test.each([
		['with another’s signature', () => session(1, anybody)],
		['that is no token', async () => 'base64-e30'],
		['that is no text of ours', async () => '{"access_token":1}'],
		[
			'with a signature by no key',
			async () =>
				`base64-${Buffer.from(JSON.stringify({ access_token: `${Buffer.from('{"alg":"none"}').toString('base64url')}.e30.`, refresh_token: 'r', expires_at: 1 })).toString('base64url')}`
		],
		[
			'with a signature by a key that is nobody’s secret',
			async () => {
				const token = await new SignJWT({ sub: 'amina' })
					.setProtectedHeader({ alg: 'HS256', kid: 'auth' })
					.sign(new TextEncoder().encode('a secret of at least thirty-two bytes'));
				return `base64-${Buffer.from(JSON.stringify({ access_token: token, refresh_token: 'r', expires_at: 1 })).toString('base64url')}`;
			}
		]
	])('%s is nobody’s: Auth is asked nothing for it, and it is dropped', async (_, forged) => {
		const { session: open, set } = visit(await forged());
		expect(await open.getClaims()).toBeNull();
		await open.supabase.from('profiles').select();
		expect(asked).toEqual(['GET /rest/v1/profiles?select=*']);
		expect(set).toEqual({ 'khadamat-auth': '' });
	});

	test('whose token has ended is renewed, once it was counted for its visitor', async () => {
		const renewed = JSON.parse(
			Buffer.from((await session(now() + 3600)).slice('base64-'.length), 'base64url').toString()
		) as object;
		renewal = () => Response.json(renewed);
		const { session: open, set } = visit(await session(1));
		expect(await open.getClaims()).toMatchObject({ sub: 'amina' });
		expect(asked).toEqual([count, renew]);
		expect(Object.keys(set)).toEqual(['khadamat-auth']);
	});

	const troubles: [string, () => void][] = [
		['Auth has its limit', () => (renewal = () => Response.json({ code: 'over_request_rate_limit' }, { status: 429 }))],
		['Auth fails', () => (renewal = () => Response.json({}, { status: 503 }))],
		['Auth does not answer', () => (renewal = () => Promise.reject(new TypeError('fetch failed')))],
		['the visitor has had their part', () => (counting = () => Response.json({ details: '60' }, { status: 429 }))],
		['the database fails', () => (counting = () => new Response(null, { status: 500 }))]
	];

	test.each(troubles)('stays when %s: the answer is 503, and nothing is done as a visitor', async (_, trouble) => {
		trouble();
		const { session: open, set } = visit(await session(1));
		const { error } = await open.supabase.from('profiles').select();
		expect(error?.message).toBe('rate_limited');
		await expect(open.getClaims()).rejects.toMatchObject({ status: 503 });
		expect(asked.filter((call) => call !== count && call !== renew)).toEqual([]);
		expect(set).toEqual({});
	});

	test.each(troubles)('goes on with a token that is still good for a moment when %s', async (_, trouble) => {
		trouble();
		const { session: open, set } = visit(await session(now() + 60));
		expect(await open.getClaims()).toMatchObject({ sub: 'amina' });
		expect(set).toEqual({});
	});

	test('that Auth ended is dropped', async () => {
		renewal = () => Response.json({ code: 'refresh_token_not_found', msg: 'Invalid Refresh Token' }, { status: 400 });
		const { session: open, set } = visit(await session(1));
		expect(await open.getClaims()).toBeNull();
		expect(set).toEqual({ 'khadamat-auth': '' });
	});
});
