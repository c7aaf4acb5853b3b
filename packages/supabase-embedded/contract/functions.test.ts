import { FunctionsHttpError } from '@supabase/supabase-js';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { account, database, project, service, visitor } from '../testing/project.ts';

// Runs against a project to which the functions of supabase/functions are deployed.
const sql = database();
/** What `health` reads and `deliver` claims; a project without our migrations has neither. */
let migrated: boolean;
beforeAll(async () => {
	const [found] = await sql<{ migrated: boolean }[]>`
		select to_regclass('public.categories') is not null and to_regprocedure('public.claim_deliveries(integer)') is not null as migrated
	`;
	migrated = found!.migrated;
});
afterAll(() => sql.end());

/** The status of what an invocation was refused with. */
function refusal({ error }: { error: unknown }): number {
	expect(error).toBeInstanceOf(FunctionsHttpError);
	return ((error as FunctionsHttpError).context as Response).status;
}

describe('an open function', () => {
	test('answers without any key', async () => {
		const answer = await fetch(`${project.url}/functions/v1/health`);
		expect(answer.status).toBe(migrated ? 200 : 503);
		expect(await answer.json()).toEqual(
			migrated
				? { status: 'ok', database: true, clocks: expect.any(Object) }
				: { status: 'unavailable', database: false }
		);
	});

	test('is invoked by a visitor', async () => {
		const result = await visitor().functions.invoke('health', { method: 'GET' });
		if (migrated) expect(result).toMatchObject({ data: { status: 'ok' }, error: null });
		else expect(refusal(result)).toBe(503);
	});

	test('says nothing of its secrets', async () => {
		const answer = await fetch(`${project.url}/functions/v1/health`);
		expect(await answer.text()).not.toContain('sb_');
	});

	test('answers a preflight itself, before anyone asks for a key', async () => {
		const answer = await fetch(`${project.url}/functions/v1/health`, {
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

describe('a worker', () => {
	test('is closed to a visitor', async () => {
		expect(refusal(await visitor().functions.invoke('deliver'))).toBe(401);
		expect((await fetch(`${project.url}/functions/v1/deliver`, { method: 'POST' })).status).toBe(401);
	});

	test('is closed to a made-up token', async () => {
		const result = await visitor().functions.invoke('deliver', { headers: { authorization: 'Bearer made.up.token' } });
		expect(refusal(result)).toBe(401);
	});

	test('is closed to a person who is signed in', async () => {
		const amina = await account('amina');
		const result = await amina.client.functions.invoke('deliver');
		expect(refusal(result)).toBe(403);
	});

	test('works for the secret key', async () => {
		const result = await service().functions.invoke('deliver', { body: {} });
		if (migrated) expect(result).toMatchObject({ data: { claimed: expect.any(Number) }, error: null });
		else expect(refusal(result)).toBe(502);
	});
});

describe('a function that is not there', () => {
	test('is not found', async () => {
		const result = await visitor().functions.invoke('contract_nothing');
		expect(refusal(result)).toBe(404);
		expect(await ((result.error as FunctionsHttpError).context as Response).json()).toEqual({
			code: 'NOT_FOUND',
			message: 'Requested function was not found'
		});
	});
});
