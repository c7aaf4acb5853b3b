import type { SupabaseClient } from '@supabase/supabase-js';
import { describe, expect, test } from 'vitest';
import { account, codeFor, password, visitor } from '../testing/project.ts';

async function enrolled(client: SupabaseClient, friendlyName = 'phone') {
	const { data, error } = await client.auth.mfa.enroll({ factorType: 'totp', friendlyName });
	if (error) throw error;
	return data;
}

async function protectedAccount(name: string) {
	const person = await account(name);
	const factor = await enrolled(person.client);
	const { error } = await person.client.auth.mfa.challengeAndVerify({
		factorId: factor.id,
		code: codeFor(factor.totp.secret)
	});
	if (error) throw error;
	return { ...person, factor };
}

describe('a second factor', () => {
	test('is enrolled with a picture and an address for the authenticator', async () => {
		const { client, email } = await account('enrol');
		const { totp, type } = await enrolled(client);
		expect(type).toBe('totp');
		expect(totp.qr_code).toMatch(/^data:image\/svg\+xml;utf-8,<svg/);
		expect(totp.uri).toContain(encodeURIComponent(email));
		expect(new URL(totp.uri).searchParams.get('secret')).toBe(totp.secret);
	});

	test('raises the session once its code is right', async () => {
		const { client } = await protectedAccount('raise');
		const { data } = await client.auth.mfa.getAuthenticatorAssuranceLevel();
		expect(data).toMatchObject({ currentLevel: 'aal2', nextLevel: 'aal2' });
		expect(
			data!.currentAuthenticationMethods.map((entry) => (typeof entry === 'string' ? entry : entry.method)).sort()
		).toEqual(['password', 'totp']);
	});

	test('keeps the session raised when it is refreshed', async () => {
		const { client } = await protectedAccount('stay');
		await client.auth.refreshSession();
		expect((await client.auth.mfa.getAuthenticatorAssuranceLevel()).data!.currentLevel).toBe('aal2');
	});

	test('is asked for at the next sign-in', async () => {
		const { email } = await protectedAccount('next');
		const client = visitor();
		await client.auth.signInWithPassword({ email, password });
		expect((await client.auth.mfa.getAuthenticatorAssuranceLevel()).data).toMatchObject({
			currentLevel: 'aal1',
			nextLevel: 'aal2'
		});
	});

	test('refuses a wrong code', async () => {
		const { client } = await account('wrong-code');
		const factor = await enrolled(client);
		const right = codeFor(factor.totp.secret);
		const wrong = String((Number(right) + 500_000) % 1_000_000).padStart(6, '0');
		const { error } = await client.auth.mfa.challengeAndVerify({ factorId: factor.id, code: wrong });
		expect(error).toMatchObject({ code: 'mfa_verification_failed', status: 422 });
	});

	test('takes the answer to a challenge once', async () => {
		const { client, factor } = await protectedAccount('answered');
		const { data: challenge } = await client.auth.mfa.challenge({ factorId: factor.id });
		const answer = { factorId: factor.id, challengeId: challenge!.id, code: codeFor(factor.totp.secret) };
		expect((await client.auth.mfa.verify(answer)).error).toBeNull();
		expect((await client.auth.mfa.verify(answer)).error?.status).toBe(422);
	});

	test('ends the sessions that were signed in with the password alone', async () => {
		const { client, email } = await account('other-device');
		const elsewhere = visitor();
		await elsewhere.auth.signInWithPassword({ email, password });
		const factor = await enrolled(client);
		await client.auth.mfa.challengeAndVerify({ factorId: factor.id, code: codeFor(factor.totp.secret) });
		expect((await elsewhere.auth.getUser()).error).not.toBeNull();
	});

	test('is needed to change the password of an account that has one', async () => {
		const { email } = await protectedAccount('guarded');
		const client = visitor();
		await client.auth.signInWithPassword({ email, password });
		expect((await client.auth.updateUser({ password: 'a whole new password' })).error).toMatchObject({
			code: 'insufficient_aal',
			status: 401
		});
	});

	test('is removed by a raised session alone', async () => {
		const { client, email, factor } = await protectedAccount('remove');
		const weak = visitor();
		await weak.auth.signInWithPassword({ email, password });
		expect((await weak.auth.mfa.unenroll({ factorId: factor.id })).error?.code).toBe('insufficient_aal');
		expect((await client.auth.mfa.unenroll({ factorId: factor.id })).error).toBeNull();
		expect((await client.auth.mfa.listFactors()).data!.all).toEqual([]);
	});

	test('cannot be enrolled twice by one name', async () => {
		const { client } = await account('names');
		await enrolled(client, 'my phone');
		expect((await client.auth.mfa.enroll({ factorType: 'totp', friendlyName: 'my phone' })).error?.code).toBe(
			'mfa_factor_name_conflict'
		);
	});

	test('of another account cannot be used', async () => {
		const [{ factor }, other] = await Promise.all([protectedAccount('owner'), account('thief')]);
		expect((await other.client.auth.mfa.challenge({ factorId: factor.id })).error?.code).toBe('mfa_factor_not_found');
		expect((await other.client.auth.mfa.unenroll({ factorId: factor.id })).error?.code).toBe('mfa_factor_not_found');
	});
});
