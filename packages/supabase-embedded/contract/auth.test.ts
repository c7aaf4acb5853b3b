import { describe, expect, test } from 'vitest';
import { account, newEmail, password, project, service, visitor } from '../testing/project.ts';

const auth = (path: string, init: RequestInit = {}) =>
	fetch(`${project.url}/auth/v1${path}`, {
		...init,
		headers: { apikey: project.publishableKey, 'content-type': 'application/json', ...init.headers }
	});

describe('signing up', () => {
	test('gives an account without a session until the address is confirmed', async () => {
		const email = newEmail('amina');
		const { data, error } = await visitor().auth.signUp({ email, password, options: { data: { full_name: 'Amina' } } });
		expect(error).toBeNull();
		expect(data.session).toBeNull();
		expect(data.user).toMatchObject({
			email,
			aud: 'authenticated',
			role: 'authenticated',
			user_metadata: { full_name: 'Amina' }
		});
		expect(data.user!.identities).toHaveLength(1);
		expect(data.user!.email_confirmed_at).toBeUndefined();
	});

	test('keeps the address in lower case', async () => {
		const email = newEmail('Karim');
		const { data } = await visitor().auth.signUp({ email: email.toUpperCase(), password });
		expect(data.user!.email).toBe(email.toLowerCase());
	});

	test('with a confirmed address looks like a new account and gives nothing away', async () => {
		const known = await account('known');
		const { data, error } = await visitor().auth.signUp({
			email: known.email,
			password: 'another password',
			options: { data: { full_name: 'X' } }
		});
		expect(error).toBeNull();
		expect(data.session).toBeNull();
		expect(data.user!.identities).toEqual([]);
		expect(data.user!.id).not.toBe(known.id);
		expect((await visitor().auth.signInWithPassword({ email: known.email, password })).error).toBeNull();
	});

	test('refuses a short password with its reason', async () => {
		const { error } = await visitor().auth.signUp({ email: newEmail('short'), password: 'abc' });
		expect(error).toMatchObject({ code: 'weak_password', status: 422, reasons: ['length'] });
	});

	test('refuses what is no address', async () => {
		const { error } = await visitor().auth.signUp({ email: 'not an address', password });
		expect(error).toMatchObject({ code: 'validation_failed', status: 400 });
	});

	test('refuses half of a PKCE challenge', async () => {
		const answer = await auth('/signup', {
			method: 'POST',
			body: JSON.stringify({ email: newEmail('half'), password, code_challenge: 'a'.repeat(43) })
		});
		expect(answer.status).toBe(400);
		expect(await answer.json()).toMatchObject({ code: 400, error_code: 'validation_failed' });
	});

	test('anonymously is refused where it is not enabled', async () => {
		const { error } = await visitor().auth.signInAnonymously();
		expect(error).toMatchObject({ code: 'anonymous_provider_disabled', status: 422 });
	});

	test('twice at the same moment makes one account', async () => {
		const email = newEmail('twice');
		const answers = await Promise.all([1, 2, 3].map(() => visitor().auth.signUp({ email, password })));
		expect(answers.some(({ error }) => error === null)).toBe(true);
		for (const { error } of answers) if (error) expect(error.code).toBe('over_email_send_rate_limit');
		const { data } = await service().auth.admin.listUsers({ perPage: 200 });
		expect(data.users.filter((user) => user.email === email)).toHaveLength(1);
	});
});

describe('signing in with a password', () => {
	test('gives a session', async () => {
		const { email, id } = await account('karim');
		const { data, error } = await visitor().auth.signInWithPassword({ email: email.toUpperCase(), password });
		expect(error).toBeNull();
		expect(data.session).toMatchObject({ token_type: 'bearer', expires_in: 3600 });
		expect(data.session!.refresh_token).toMatch(/^\S{12,}$/);
		expect(data.user).toMatchObject({ id, email, role: 'authenticated', is_anonymous: false });
		expect(data.user!.last_sign_in_at).toBeTruthy();
	});

	test('refuses a wrong password', async () => {
		const { email } = await account('wrong');
		const { error } = await visitor().auth.signInWithPassword({ email, password: 'not this one' });
		expect(error).toMatchObject({ code: 'invalid_credentials', status: 400, message: 'Invalid login credentials' });
	});

	test('refuses an unknown address in the same words', async () => {
		const { error } = await visitor().auth.signInWithPassword({ email: newEmail('nobody'), password });
		expect(error).toMatchObject({ code: 'invalid_credentials', status: 400, message: 'Invalid login credentials' });
	});

	test('refuses an address that is not confirmed', async () => {
		const email = newEmail('unconfirmed');
		await visitor().auth.signUp({ email, password });
		const { error } = await visitor().auth.signInWithPassword({ email, password });
		expect(error).toMatchObject({ code: 'email_not_confirmed', status: 400 });
	});

	test('refuses a telephone number where that is not enabled', async () => {
		const { error } = await visitor().auth.signInWithPassword({ phone: '212600000000', password });
		expect(error?.code).toBe('phone_provider_disabled');
	});

	test('refuses an unknown grant', async () => {
		const answer = await auth('/token?grant_type=wish', { method: 'POST', body: '{}' });
		expect(answer.status).toBe(400);
	});

	test('refuses a body that is no JSON', async () => {
		const answer = await auth('/token?grant_type=password', { method: 'POST', body: '{' });
		expect(answer.status).toBe(400);
		expect(await answer.json()).toMatchObject({ code: 400, error_code: 'bad_json' });
	});

	test('words its errors by the API version asked for', async () => {
		const body = JSON.stringify({ email: newEmail('nobody'), password });
		const old = await auth('/token?grant_type=password', { method: 'POST', body });
		expect(await old.json()).toEqual({
			code: 400,
			error_code: 'invalid_credentials',
			msg: 'Invalid login credentials'
		});
		const current = await auth('/token?grant_type=password', {
			method: 'POST',
			body,
			headers: { 'x-supabase-api-version': '2024-01-01' }
		});
		expect(current.headers.get('x-supabase-api-version')).toBe('2024-01-01');
		expect(await current.json()).toEqual({ code: 'invalid_credentials', message: 'Invalid login credentials' });
	});
});

describe('an access token', () => {
	test('says who, how and until when', async () => {
		const { client, id, email } = await account('claims');
		const { data, error } = await client.auth.getClaims();
		expect(error).toBeNull();
		const now = Date.now() / 1000;
		expect(data!.claims).toMatchObject({
			sub: id,
			aud: 'authenticated',
			role: 'authenticated',
			email,
			phone: '',
			iss: `${project.url}/auth/v1`,
			aal: 'aal1',
			is_anonymous: false,
			app_metadata: { provider: 'email', providers: ['email'] },
			user_metadata: { email_verified: true }
		});
		expect(data!.claims.amr).toMatchObject([{ method: 'password' }]);
		expect(data!.claims.session_id).toMatch(/^[0-9a-f-]{36}$/);
		expect(data!.claims.exp - now).toBeGreaterThan(3500);
	});

	test('is signed by a key of the published set', async () => {
		const { client } = await account('signed');
		const { data } = await client.auth.getClaims();
		expect(data!.header.alg).toBe('ES256');
		const { keys } = (await (await fetch(`${project.url}/auth/v1/.well-known/jwks.json`)).json()) as {
			keys: { kid: string; d?: string }[];
		};
		expect(keys.map(({ kid }) => kid)).toContain(data!.header.kid);
		expect(keys.every(({ d }) => d === undefined)).toBe(true);
	});

	test('with a changed signature is refused', async () => {
		const { client } = await account('forged');
		const token = (await client.auth.getSession()).data.session!.access_token;
		const forged = token.slice(0, -8) + (token.endsWith('AAAAAAAA') ? 'BBBBBBBB' : 'AAAAAAAA');
		const { error } = await visitor().auth.getUser(forged);
		expect(error).toMatchObject({ code: 'bad_jwt', status: 403 });
	});

	test('is needed to read one’s account: an API key is not enough', async () => {
		const keyOnly = await auth('/user', { headers: { authorization: `Bearer ${project.publishableKey}` } });
		expect(keyOnly.status).toBe(403);
		expect(await keyOnly.json()).toMatchObject({ error_code: 'bad_jwt' });
	});
});

describe('one’s own account', () => {
	test('can be read', async () => {
		const { client, id, email } = await account('reader');
		const { data } = await client.auth.getUser();
		expect(data.user).toMatchObject({ id, email });
		expect(data.user!.identities![0]).toMatchObject({
			provider: 'email',
			user_id: id,
			identity_data: { email, sub: id }
		});
	});

	test('takes new metadata beside the old, and loses a key set to null', async () => {
		const { client } = await account('metadata');
		await client.auth.updateUser({ data: { language: 'ar', city: 'Fès' } });
		const { data, error } = await client.auth.updateUser({ data: { city: null, name: 'Zineb' } });
		expect(error).toBeNull();
		expect(data.user!.user_metadata).toMatchObject({ language: 'ar', name: 'Zineb' });
		expect(data.user!.user_metadata).not.toHaveProperty('city');
	});

	test('takes a new password, which signs in, while the old one does not', async () => {
		const { client, email } = await account('changer');
		const { error } = await client.auth.updateUser({ password: 'a whole new password', current_password: password });
		expect(error).toBeNull();
		expect((await visitor().auth.signInWithPassword({ email, password })).error?.code).toBe('invalid_credentials');
		expect((await visitor().auth.signInWithPassword({ email, password: 'a whole new password' })).error).toBeNull();
	});

	test('refuses a new password from who does not know the present one', async () => {
		const { client, email } = await account('stolen');
		const wish = { password: 'a whole new password' };
		expect((await client.auth.updateUser(wish)).error?.code).toBe('current_password_required');
		expect((await client.auth.updateUser({ ...wish, current_password: 'a guess' })).error?.code).toBe(
			'current_password_invalid'
		);
		expect((await visitor().auth.signInWithPassword({ email, password })).error).toBeNull();
	});

	test('refuses the password it has', async () => {
		const { client } = await account('same');
		expect((await client.auth.updateUser({ password, current_password: password })).error).toMatchObject({
			code: 'same_password',
			status: 422
		});
	});

	test('refuses a weak new password', async () => {
		const { client } = await account('weak');
		expect((await client.auth.updateUser({ password: 'abc' })).error?.code).toBe('weak_password');
	});

	test('refuses an address that another account has', async () => {
		const [one, other] = await Promise.all([account('one'), account('other')]);
		expect((await one.client.auth.updateUser({ email: other.email })).error).toMatchObject({
			code: 'email_exists',
			status: 422
		});
	});

	test('does not let its owner write the app metadata', async () => {
		const { client } = await account('climber');
		const token = (await client.auth.getSession()).data.session!.access_token;
		const answer = await auth('/user', {
			method: 'PUT',
			headers: { authorization: `Bearer ${token}` },
			body: JSON.stringify({ app_metadata: { role: 'admin' } })
		});
		expect(answer.status).toBe(403);
		expect((await client.auth.getUser()).data.user!.app_metadata).not.toHaveProperty('role');
	});
});

describe('the service', () => {
	test('is healthy', async () => {
		const answer = await auth('/health');
		expect(await answer.json()).toMatchObject({ name: 'GoTrue' });
	});

	test('tells what is enabled', async () => {
		const answer = await auth('/settings');
		expect(await answer.json()).toMatchObject({
			external: { email: true, github: false, anonymous_users: false },
			disable_signup: false,
			mailer_autoconfirm: false
		});
	});

	test('refuses a provider that is not enabled', async () => {
		const answer = await fetch(`${project.url}/auth/v1/authorize?provider=github`, { redirect: 'manual' });
		expect(answer.status).toBe(400);
		expect(await answer.json()).toMatchObject({
			error_code: 'validation_failed',
			msg: 'Unsupported provider: provider is not enabled'
		});
	});
});
