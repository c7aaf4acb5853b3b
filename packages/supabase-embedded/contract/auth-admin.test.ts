import { createClient } from '@supabase/supabase-js';
import { createHash } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { account, newEmail, password, project, service, visitor } from '../testing/project.ts';

const admin = service().auth.admin;

describe('the service role', () => {
	test('makes a confirmed account with metadata', async () => {
		const email = newEmail('made');
		const { data, error } = await admin.createUser({
			email,
			password,
			email_confirm: true,
			user_metadata: { full_name: 'Made' },
			app_metadata: { plan: 'pro' }
		});
		expect(error).toBeNull();
		expect(data.user).toMatchObject({
			email,
			user_metadata: { full_name: 'Made' },
			app_metadata: { plan: 'pro', provider: 'email', providers: ['email'] }
		});
		expect(data.user!.email_confirmed_at).toBeTruthy();
		expect((await visitor().auth.signInWithPassword({ email, password })).error).toBeNull();
	});

	test('makes an account with an id of its own choice', async () => {
		const id = crypto.randomUUID();
		expect((await admin.createUser({ id, email: newEmail('chosen'), password })).data.user!.id).toBe(id);
	});

	test('cannot make an account twice', async () => {
		const { email } = await account('first');
		expect((await admin.createUser({ email, password })).error).toMatchObject({ code: 'email_exists', status: 422 });
	});

	test('finds an account by its id', async () => {
		const { id, email } = await account('found');
		expect((await admin.getUserById(id)).data.user).toMatchObject({ id, email });
		expect((await admin.getUserById(crypto.randomUUID())).error).toMatchObject({ code: 'user_not_found', status: 404 });
	});

	test('lists accounts page by page', async () => {
		await Promise.all([account('a'), account('b'), account('c')]);
		const first = await admin.listUsers({ page: 1, perPage: 2 });
		expect(first.error).toBeNull();
		expect(first.data.users).toHaveLength(2);
		expect(first.data).toMatchObject({ nextPage: 2 });
		expect((first.data as { total: number }).total).toBeGreaterThanOrEqual(3);
		const second = await admin.listUsers({ page: 2, perPage: 2 });
		expect(second.data.users[0]!.id).not.toBe(first.data.users[0]!.id);
	});

	test('changes address, password and metadata at once', async () => {
		const { id } = await account('changed');
		const email = newEmail('changed-to');
		const { data, error } = await admin.updateUserById(id, {
			email,
			email_confirm: true,
			password: 'set by the admin',
			user_metadata: { note: 1 }
		});
		expect(error).toBeNull();
		expect(data.user).toMatchObject({ email, user_metadata: { note: 1 } });
		expect(data.user!.identities![0]!.identity_data).toMatchObject({ email });
		expect((await visitor().auth.signInWithPassword({ email, password: 'set by the admin' })).error).toBeNull();
	});

	test('bans an account for a time, and lifts the ban', async () => {
		const { id, email } = await account('naughty');
		const banned = await admin.updateUserById(id, { ban_duration: '24h' });
		expect(new Date((banned.data.user as unknown as { banned_until: string }).banned_until).getTime()).toBeGreaterThan(
			Date.now() + 86_000_000
		);
		expect((await visitor().auth.signInWithPassword({ email, password })).error).toMatchObject({
			code: 'user_banned',
			status: 400
		});
		await admin.updateUserById(id, { ban_duration: 'none' });
		expect((await visitor().auth.signInWithPassword({ email, password })).error).toBeNull();
	});

	test('cannot ban for a time that is none', async () => {
		const { id } = await account('odd');
		expect((await admin.updateUserById(id, { ban_duration: 'tomorrow' })).error?.code).toBe('validation_failed');
	});

	test('deletes an account, whose address is then free', async () => {
		const { id, email } = await account('gone');
		expect((await admin.deleteUser(id)).error).toBeNull();
		expect((await admin.getUserById(id)).error?.code).toBe('user_not_found');
		expect((await admin.createUser({ email, password })).error).toBeNull();
	});

	test('deletes softly: the row stays, the person is gone from it', async () => {
		const { id, email } = await account('soft');
		expect((await admin.deleteUser(id, true)).error).toBeNull();
		const { data } = await admin.getUserById(id);
		expect(data.user!.deleted_at).toBeTruthy();
		expect(data.user!.email).toBe(
			createHash('sha256')
				.update(id + email)
				.digest('base64url')
		);
		expect(data.user!.user_metadata).toEqual({});
		expect((await visitor().auth.signInWithPassword({ email, password })).error?.code).toBe('invalid_credentials');
	});

	test('makes a recovery link without sending it', async () => {
		const { email, id } = await account('link');
		const { data, error } = await admin.generateLink({
			type: 'recovery',
			email,
			options: { redirectTo: 'http://localhost:3000/new-password' }
		});
		expect(error).toBeNull();
		expect(data.user!.id).toBe(id);
		const link = new URL(data.properties!.action_link);
		expect(link.searchParams.get('token')).toBe(data.properties!.hashed_token);
		expect(link.searchParams.get('redirect_to')).toBe('http://localhost:3000/new-password');
		const verified = await visitor().auth.verifyOtp({ token_hash: data.properties!.hashed_token, type: 'recovery' });
		expect(verified.data.user!.id).toBe(id);
	});

	test('makes a sign-up link, and its code confirms the account', async () => {
		const email = newEmail('linked');
		const { data } = await admin.generateLink({
			type: 'signup',
			email,
			password,
			options: { data: { full_name: 'L' } }
		});
		expect(data.user!.user_metadata).toMatchObject({ full_name: 'L' });
		const { error } = await visitor().auth.verifyOtp({ email, token: data.properties!.email_otp, type: 'email' });
		expect(error).toBeNull();
	});

	test('gets no link for an unknown address', async () => {
		expect((await admin.generateLink({ type: 'recovery', email: newEmail('nobody') })).error).toMatchObject({
			code: 'user_not_found',
			status: 404
		});
	});
});

describe('anyone else', () => {
	test('with the publishable key cannot manage accounts', async () => {
		const { data, error } = await visitor().auth.admin.listUsers();
		expect(error).toMatchObject({ code: 'not_admin', status: 403 });
		expect(data.users).toEqual([]);
	});

	test('with the secret key as `apikey` alone is the service role', async () => {
		const answer = await fetch(`${project.url}/auth/v1/admin/users`, { headers: { apikey: project.secretKey } });
		expect(answer.status).toBe(200);
	});

	test('signed in cannot read, change or delete another’s account', async () => {
		const [one, other] = await Promise.all([account('one'), account('other')]);
		const token = (await one.client.auth.getSession()).data.session!.access_token;
		const climber = createClient(project.url, project.publishableKey, {
			auth: { persistSession: false, autoRefreshToken: false },
			global: { headers: { Authorization: `Bearer ${token}` } }
		}).auth.admin;
		expect((await climber.getUserById(other.id)).error?.code).toBe('not_admin');
		expect((await climber.updateUserById(other.id, { password: 'mine now, thanks' })).error?.code).toBe('not_admin');
		expect((await climber.deleteUser(other.id)).error?.code).toBe('not_admin');
		expect((await climber.generateLink({ type: 'recovery', email: other.email })).error?.code).toBe('not_admin');
		expect((await visitor().auth.signInWithPassword({ email: other.email, password })).error).toBeNull();
	});
});
