import { FunctionsHttpError } from '@supabase/supabase-js';
import { describe, expect, test } from 'vitest';
import { account, project, service, visitor } from 'supabase-embedded/testing';

/** The status of what an invocation was refused with. */
function refusal({ error }: { error: unknown }): number {
	expect(error).toBeInstanceOf(FunctionsHttpError);
	return ((error as FunctionsHttpError).context as Response).status;
}

describe('health', () => {
	test('answers whoever asks, of the database and its clocks', async () => {
		const answer = await fetch(`${project.url}/functions/v1/health`);
		expect(answer.status).toBe(200);
		const text = await answer.text();
		expect(JSON.parse(text)).toEqual({ status: 'ok', database: true, clocks: expect.any(Object) });
		expect(text).not.toContain('sb_');
	});

	test('is invoked by a visitor', async () => {
		const result = await visitor().functions.invoke('health', { method: 'GET' });
		expect(result).toMatchObject({ data: { status: 'ok' }, error: null });
	});
});

describe('the worker that sends what is due', () => {
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
		expect(refusal(await amina.client.functions.invoke('deliver'))).toBe(403);
	});

	test('works for the secret key', async () => {
		const result = await service().functions.invoke('deliver', { body: {} });
		expect(result).toMatchObject({ data: { claimed: expect.any(Number) }, error: null });
	});
});
