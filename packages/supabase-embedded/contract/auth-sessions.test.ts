import { describe, expect, test } from 'vitest';
import { account, database, password, project, service, visitor } from '../testing/project.ts';

const refresh = (token: string) => visitor().auth.refreshSession({ refresh_token: token });

async function signedIn(name: string) {
	const person = await account(name);
	const session = (await person.client.auth.getSession()).data.session!;
	return { ...person, session };
}

async function secondDevice(email: string) {
	const client = visitor();
	await client.auth.signInWithPassword({ email, password });
	return { client, session: (await client.auth.getSession()).data.session! };
}

/** Pretends that the trades of a session’s tokens happened a minute ago. */
async function age(userId: string): Promise<void> {
	const sql = database();
	await sql`update auth.refresh_tokens set updated_at = updated_at - interval '1 minute' where user_id = ${userId}`;
	await sql.end();
}

describe('refreshing a session', () => {
	test('gives a new pair of tokens for the same session', async () => {
		const { session, id } = await signedIn('refresh');
		const { data, error } = await refresh(session.refresh_token);
		expect(error).toBeNull();
		expect(data.session!.refresh_token).not.toBe(session.refresh_token);
		expect(data.user!.id).toBe(id);
		const claims = (token: string) =>
			JSON.parse(atob(token.split('.')[1]!.replaceAll('-', '+').replaceAll('_', '/'))) as { session_id: string };
		expect(claims(data.session!.access_token).session_id).toBe(claims(session.access_token).session_id);
	});

	test('shows changed metadata in the new token', async () => {
		const { session, id } = await signedIn('fresh-claims');
		await service().auth.admin.updateUserById(id, { app_metadata: { plan: 'premium' } });
		const { data } = await refresh(session.refresh_token);
		const { data: claims } = await visitor().auth.getClaims(data.session!.access_token);
		expect(claims!.claims.app_metadata).toMatchObject({ plan: 'premium', provider: 'email' });
	});

	test('twice at once with one token works both times and gives the same active token', async () => {
		const { session } = await signedIn('tabs');
		const answers = await Promise.all([1, 2, 3, 4, 5].map(() => refresh(session.refresh_token)));
		expect(answers.map(({ error }) => error)).toEqual([null, null, null, null, null]);
		expect(new Set(answers.map(({ data }) => data.session!.refresh_token)).size).toBe(1);
	});

	test('again with the parent of the active token gives the active token, however late', async () => {
		const { session, id } = await signedIn('lost-answer');
		const first = await refresh(session.refresh_token);
		await age(id);
		const again = await refresh(session.refresh_token);
		expect(again.error).toBeNull();
		expect(again.data.session!.refresh_token).toBe(first.data.session!.refresh_token);
	});

	test('with a token traded long ago is taken for theft and ends the whole family', async () => {
		const { session, id } = await signedIn('stolen');
		const second = (await refresh(session.refresh_token)).data.session!;
		const third = (await refresh(second.refresh_token)).data.session!;
		await age(id);
		expect((await refresh(session.refresh_token)).error).toMatchObject({
			code: 'refresh_token_already_used',
			status: 400
		});
		expect((await refresh(third.refresh_token)).error?.code).toBe('refresh_token_already_used');
	});

	test('with a token nobody gave out is refused', async () => {
		expect((await refresh('aaaaaaaaaaaa')).error).toMatchObject({ code: 'refresh_token_not_found', status: 400 });
	});

	test('is refused to a banned account', async () => {
		const { session, id } = await signedIn('banned-refresh');
		await service().auth.admin.updateUserById(id, { ban_duration: '1h' });
		expect((await refresh(session.refresh_token)).error?.code).toBe('user_banned');
	});
});

describe('signing out', () => {
	test('globally ends every session', async () => {
		const one = await signedIn('global');
		const two = await secondDevice(one.email);
		expect((await one.client.auth.signOut({ scope: 'global' })).error).toBeNull();
		for (const session of [one.session, two.session]) {
			expect((await visitor().auth.getUser(session.access_token)).error?.name).toBe('AuthSessionMissingError');
			expect((await refresh(session.refresh_token)).error?.code).toBe('refresh_token_not_found');
		}
	});

	test('locally ends this session alone', async () => {
		const one = await signedIn('local');
		const two = await secondDevice(one.email);
		await one.client.auth.signOut({ scope: 'local' });
		expect((await refresh(one.session.refresh_token)).error).not.toBeNull();
		expect((await refresh(two.session.refresh_token)).error).toBeNull();
	});

	test('elsewhere ends the others and keeps this one', async () => {
		const one = await signedIn('others');
		const two = await secondDevice(one.email);
		await one.client.auth.signOut({ scope: 'others' });
		expect((await one.client.auth.getUser()).error).toBeNull();
		expect((await refresh(two.session.refresh_token)).error).not.toBeNull();
	});

	test('by the service role ends a person’s sessions', async () => {
		const { session } = await signedIn('kicked');
		expect((await service().auth.admin.signOut(session.access_token, 'global')).error).toBeNull();
		expect((await refresh(session.refresh_token)).error).not.toBeNull();
	});

	test('refuses an unknown scope', async () => {
		const { session } = await signedIn('scope');
		const headers = { apikey: project.publishableKey, authorization: `Bearer ${session.access_token}` };
		const answer = await fetch(`${project.url}/auth/v1/logout?scope=mine`, { method: 'POST', headers });
		expect(answer.status).toBe(400);
	});
});

describe('a session that ended', () => {
	test('by a new password elsewhere: the others are out, this one stays', async () => {
		const one = await signedIn('new-password');
		const two = await secondDevice(one.email);
		await one.client.auth.updateUser({ password: 'a whole new password', current_password: password });
		expect((await one.client.auth.getUser()).error).toBeNull();
		expect((await visitor().auth.getUser(two.session.access_token)).error?.name).toBe('AuthSessionMissingError');
	});

	test('by a ban: the access token is refused at once', async () => {
		const { client, id } = await signedIn('banned');
		await service().auth.admin.updateUserById(id, { ban_duration: '1h' });
		expect((await client.auth.getUser()).error).toMatchObject({ code: 'user_banned', status: 403 });
	});

	test('by deletion: the account is unknown', async () => {
		const { client, id } = await signedIn('deleted');
		await service().auth.admin.deleteUser(id);
		expect((await client.auth.getUser()).error).toMatchObject({ code: 'user_not_found', status: 403 });
	});

	test('cannot be used to change the account', async () => {
		const { session } = await signedIn('ended');
		await visitor().auth.admin.signOut(session.access_token, 'global');
		const answer = await fetch(`${project.url}/auth/v1/user`, {
			method: 'PUT',
			headers: {
				apikey: project.publishableKey,
				authorization: `Bearer ${session.access_token}`,
				'content-type': 'application/json'
			},
			body: JSON.stringify({ data: { x: 1 } })
		});
		expect(answer.status).toBe(403);
		expect(await answer.json()).toMatchObject({ error_code: 'session_not_found' });
	});
});
