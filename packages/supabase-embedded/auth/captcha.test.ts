import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { Hono } from 'hono';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Env } from '../service.ts';
import { assertHuman } from './captcha.ts';
import { readCaptcha } from './configuration.ts';
import type { AuthError } from './errors.ts';
import { errorResponse } from './errors.ts';
import type { Auth } from './service.ts';

/** A provider that knows one good token, and says what it was asked. */
const asked: Record<string, string>[] = [];
const provider = createServer(async (request, answer) => {
	const form = Object.fromEntries(new URLSearchParams(await text(request)));
	asked.push(form);
	if (form.response === 'broken') return answer.end('<html>');
	const success = form.response === 'a person';
	answer.end(JSON.stringify(success ? { success } : { success, 'error-codes': ['invalid-input-response'] }));
});

let url: string;
beforeAll(async () => {
	await new Promise<void>((resolve) => provider.listen(0, '127.0.0.1', resolve));
	url = `http://127.0.0.1:${(provider.address() as AddressInfo).port}/siteverify`;
});
afterAll(() => new Promise((resolve) => provider.close(resolve)));

/** Calls the part of the service that stands before its endpoints. */
async function call(
	path: string,
	token?: string,
	captcha: { secret: string; url: string } | null = { secret: 's', url },
	role = 'anon'
) {
	const auth = { configuration: { captcha }, keys: { verify: () => Promise.resolve({ role }) } } as unknown as Auth;
	const app = new Hono<Env>();
	app.use(async (request, next) => {
		request.set('caller', { token: 'given', claims: { role } } as never);
		await next();
	});
	app.post('*', async (request) => {
		await assertHuman(auth, request);
		// whoever comes after reads the body too
		return request.json(await request.req.json());
	});
	app.onError((error, request) => errorResponse(request, error as AuthError));
	const body = JSON.stringify({ email: 'a@example.com', gotrue_meta_security: { captcha_token: token } });
	const headers = { authorization: 'Bearer given' };
	const answer = await app.request(path, { method: 'POST', body, headers });
	return { status: answer.status, body: (await answer.json()) as Record<string, unknown> };
}

describe('where a captcha is asked for', () => {
	test('a token that the provider accepts opens, and it is told the secret, the token and the caller’s address', async () => {
		expect(await call('/signup', ' a person ')).toMatchObject({ status: 200, body: { email: 'a@example.com' } });
		expect(asked.at(-1)).toEqual({ secret: 's', response: 'a person', remoteip: '127.0.0.1' });
	});

	test.each([
		['none', undefined, 'no captcha_token found'],
		['a wrong one', 'a machine', 'invalid-input-response']
	])('%s is refused in words', async (_, token, why) => {
		expect(await call('/otp', token)).toEqual({
			status: 400,
			body: { code: 400, error_code: 'captcha_failed', msg: `captcha protection: request disallowed (${why})` }
		});
	});

	test('a password needs one, what renews a session or trades a code does not', async () => {
		expect((await call('/token?grant_type=password')).status).toBe(400);
		for (const grant of ['refresh_token', 'pkce', 'id_token'])
			expect((await call(`/token?grant_type=${grant}`)).status).toBe(200);
	});

	test('the service role needs none', async () => {
		expect((await call('/recover', undefined, undefined, 'service_role')).status).toBe(200);
	});

	test('nobody is let through by a provider that does not answer as one', async () => {
		expect((await call('/signup', 'broken')).status).toBe(500);
		expect((await call('/signup', 'a person', { secret: 's', url: 'http://127.0.0.1:1/' })).status).toBe(500);
	});

	test('nothing is asked where none is configured', async () => {
		expect((await call('/signup', undefined, null)).status).toBe(200);
	});

	test('a provider that nobody knows, and one without a secret, are refused at the start', () => {
		expect(readCaptcha('turnstile', ' s ')).toMatchObject({ secret: 's' });
		expect(() => readCaptcha('other', 's')).toThrow('"other" is not known');
		expect(() => readCaptcha('hcaptcha', '')).toThrow('without a secret');
	});
});
