import { FunctionsHttpError } from '@supabase/supabase-js';
import { describe, expect, test } from 'vitest';
import { account, project, service, visitor } from '../testing/project.ts';

// Runs against a project to which the functions of contract/project are deployed: `open` has verify_jwt = false, of
// `closed` nothing is said.

interface Refusal {
	status: number;
	body: unknown;
}

/** What an invocation was refused with. */
async function refusal({ error }: { error: unknown }): Promise<Refusal> {
	expect(error).toBeInstanceOf(FunctionsHttpError);
	const response = (error as FunctionsHttpError).context as Response;
	return { status: response.status, body: await response.json() };
}

describe('an open function', () => {
	test('answers without any key, and knows its project', async () => {
		const answer = await fetch(`${project.url}/functions/v1/open`);
		expect(answer.status).toBe(200);
		expect(await answer.json()).toEqual({ url: project.url, method: 'GET' });
	});

	test('is invoked by a visitor', async () => {
		const result = await visitor().functions.invoke('open', { body: {} });
		expect(result).toMatchObject({ data: { method: 'POST' }, error: null });
	});

	test('answers a preflight itself, before anyone asks for a key', async () => {
		const answer = await fetch(`${project.url}/functions/v1/open`, {
			method: 'OPTIONS',
			headers: {
				origin: 'https://example.com',
				'access-control-request-method': 'POST',
				'access-control-request-headers': 'authorization,apikey'
			}
		});
		expect(answer.status).toBe(200);
		expect(answer.headers.get('access-control-allow-origin')).toBe('*');
		expect(answer.headers.get('access-control-allow-headers')).toContain('authorization');
	});
});

describe('a function that asks for a token', () => {
	test('is closed to who has none', async () => {
		const answer = await fetch(`${project.url}/functions/v1/closed`, {
			method: 'POST',
			headers: { apikey: project.publishableKey }
		});
		expect([answer.status, await answer.json()]).toEqual([
			401,
			{ code: 'UNAUTHORIZED_NO_AUTH_HEADER', message: 'Missing authorization header' }
		]);
	});

	test('is closed to API keys, which are no tokens', async () => {
		for (const client of [visitor(), service()]) {
			const { status } = await refusal(await client.functions.invoke('closed'));
			expect(status).toBe(401);
		}
	});

	test('is closed to a made-up token', async () => {
		const result = await visitor().functions.invoke('closed', { headers: { authorization: 'Bearer made.up.token' } });
		expect(await refusal(result)).toEqual({
			status: 401,
			body: { code: 'UNAUTHORIZED_INVALID_JWT_FORMAT', message: 'Invalid JWT' }
		});
	});

	test('runs for a person who is signed in', async () => {
		const amina = await account('amina');
		expect(await amina.client.functions.invoke('closed')).toMatchObject({ data: { reached: true }, error: null });
	});
});

describe('a function that is not there', () => {
	test('is not found', async () => {
		expect(await refusal(await visitor().functions.invoke('contract_nothing'))).toEqual({
			status: 404,
			body: { code: 'NOT_FOUND', message: 'Requested function was not found' }
		});
	});
});
