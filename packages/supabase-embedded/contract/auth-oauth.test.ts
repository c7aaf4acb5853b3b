import type { SupabaseClient } from '@supabase/supabase-js';
import { describe, expect, test } from 'vitest';
import { answer, follow, proofKey } from '../testing/identity.ts';
import type { Answer } from '../testing/identity.ts';
import { account, newEmail, password, project, service, visitor } from '../testing/project.ts';

const site = 'http://localhost:3000/after';

/** A browser's own client, which keeps the verifier between leaving and coming back. */
function browser(): SupabaseClient {
	const kept = new Map<string, string>();
	return visitor({
		auth: {
			flowType: 'pkce',
			persistSession: true,
			storage: {
				getItem: (key) => kept.get(key) ?? null,
				setItem: (key, value) => void kept.set(key, value),
				removeItem: (key) => void kept.delete(key)
			}
		}
	});
}

/** Goes through a provider with supabase-js up to the address of the site. */
async function through(
	client: SupabaseClient,
	provider: 'google' | 'facebook',
	given: Answer,
	redirectTo = site
): Promise<URL> {
	const { data, error } = await client.auth.signInWithOAuth({
		provider,
		options: { redirectTo, skipBrowserRedirect: true }
	});
	if (error) throw error;
	return follow(await answer(await follow(data.url), given));
}

/** The whole way: to the provider and back with a session. */
async function signIn(provider: 'google' | 'facebook', given: Answer) {
	const client = browser();
	const back = await through(client, provider, given);
	const { data, error } = await client.auth.exchangeCodeForSession(back.searchParams.get('code') ?? '');
	if (error) throw error;
	return { client, ...data };
}

const there = describe.skipIf(!project.identityUrl);

there('a person with an account at Google', () => {
	test('comes back with a code that their own browser trades for a session', async () => {
		const email = newEmail('google');
		const { session, user } = await signIn('google', { email, name: 'Amina Idrissi' });
		expect(user).toMatchObject({
			email,
			app_metadata: { provider: 'google', providers: ['google'] },
			user_metadata: {
				email,
				email_verified: true,
				phone_verified: false,
				full_name: 'Amina Idrissi',
				name: 'Amina Idrissi',
				iss: `${project.identityUrl}/google`
			}
		});
		expect(user.user_metadata.provider_id).toBe(user.user_metadata.sub);
		expect(user.email_confirmed_at).toBeTruthy();
		expect(session.provider_token).toMatch(/^ya29\./);
		const { data } = await visitor().auth.getClaims(session.access_token);
		expect(data!.claims.amr).toMatchObject([{ method: 'oauth' }]);
	});

	test('is the same person the next time, with what the provider says of them now', async () => {
		const email = newEmail('again');
		const first = await signIn('google', { email, name: 'Old Name' });
		const second = await signIn('google', { email, name: 'New Name' });
		expect(second.user.id).toBe(first.user.id);
		expect(second.user.user_metadata.full_name).toBe('New Name');
		expect(second.user.identities).toHaveLength(1);
	});

	test('finds the account they have at the same verified address', async () => {
		const amina = await account('linked');
		const { user } = await signIn('google', { email: amina.email, name: 'Amina' });
		expect(user.id).toBe(amina.id);
		expect(user.app_metadata).toEqual({ provider: 'email', providers: ['email', 'google'] });
		expect((await visitor().auth.signInWithPassword({ email: amina.email, password })).error).toBeNull();
	});

	test('takes over an account that someone registered with their address and never confirmed', async () => {
		const email = newEmail('squatted');
		await visitor().auth.signUp({ email, password, options: { data: { full_name: 'Thief', secret: 'x' } } });
		const { user } = await signIn('google', { email, name: 'Owner' });
		expect(user.app_metadata).toEqual({ provider: 'google', providers: ['google'] });
		expect(user.user_metadata.full_name).toBe('Owner');
		expect(user.user_metadata.secret).toBeUndefined();
		expect(user.identities!.map(({ provider }) => provider)).toEqual(['google']);
		expect((await visitor().auth.signInWithPassword({ email, password })).error).toMatchObject({
			code: 'invalid_credentials'
		});
	});

	test('with an address nobody verified opens nobody’s account, and must confirm a new one', async () => {
		const amina = await account('unproved');
		for (const email of [amina.email, newEmail('unproved-new')]) {
			const back = await through(browser(), 'google', { email, name: 'Someone', verified: false });
			expect(Object.fromEntries(back.searchParams)).toMatchObject({
				error: 'access_denied',
				error_code: 'provider_email_needs_verification'
			});
			expect(back.searchParams.get('error_description')).toContain('Unverified email with google');
		}
		const { data } = await service().auth.admin.getUserById(amina.id);
		expect(data.user!.identities).toHaveLength(1);
	});

	test('who is banned comes back with that', async () => {
		const amina = await account('banned');
		await service().auth.admin.updateUserById(amina.id, { ban_duration: '1h' });
		const back = await through(browser(), 'google', { email: amina.email, name: 'Amina' });
		expect(Object.fromEntries(back.searchParams)).toMatchObject({ error: 'access_denied', error_code: 'user_banned' });
	});

	test('who refuses comes back with that, in the query and in the fragment', async () => {
		const back = await through(browser(), 'google', null);
		expect(back.href.startsWith(site)).toBe(true);
		expect(back.searchParams.get('error')).toBe('access_denied');
		expect(new URLSearchParams(back.hash.slice(1)).get('error')).toBe('access_denied');
	});

	test('without a challenge comes back with the session itself', async () => {
		const begun = `${project.url}/auth/v1/authorize?provider=google&redirect_to=${encodeURIComponent(site)}`;
		const back = await follow(await answer(await follow(begun), { email: newEmail('implicit'), name: 'Amina' }));
		const values = new URLSearchParams(back.hash.slice(1));
		expect((await visitor().auth.getUser(values.get('access_token')!)).error).toBeNull();
		expect(values.get('provider_token')).toBeTruthy();
	});
});

there('a person with an account at Facebook', () => {
	test('comes back with what its graph says', async () => {
		const email = newEmail('facebook');
		const { user } = await signIn('facebook', { email, name: 'Amina Idrissi' });
		expect(user).toMatchObject({
			email,
			app_metadata: { provider: 'facebook', providers: ['facebook'] },
			user_metadata: { full_name: 'Amina Idrissi', nickname: 'Amina Idrissi', email_verified: true }
		});
	});

	test('is the person of the same address at Google', async () => {
		const email = newEmail('both');
		const one = await signIn('google', { email, name: 'Amina' });
		const two = await signIn('facebook', { email, name: 'Amina' });
		expect(two.user.id).toBe(one.user.id);
		expect(two.user.app_metadata.providers).toEqual(['google', 'facebook']);
	});

	test('who gives no address cannot sign in', async () => {
		const back = await through(browser(), 'facebook', { email: newEmail('none'), name: 'Amina', verified: false });
		expect(Object.fromEntries(back.searchParams)).toMatchObject({
			error: 'server_error',
			error_code: 'unexpected_failure',
			error_description: 'Error getting user email from external provider'
		});
	});
});

there('a way through a provider', () => {
	const start = async (query: Record<string, string>) => {
		const parameters = new URLSearchParams({ provider: 'google', redirect_to: site, ...query });
		return fetch(`${project.url}/auth/v1/authorize?${parameters}`, { redirect: 'manual' });
	};

	test('hands on what the site asks for, and nothing that is not its to say', async () => {
		const forged = { state: 'forged', redirect_uri: 'https://evil.example/', client_id: 'other' };
		const begun = await start({ scopes: 'calendar drive', prompt: 'consent', ...forged });
		const location = new URL(begun.headers.get('location')!);
		expect(location.searchParams.get('scope')).toBe('openid email profile calendar drive');
		expect(location.searchParams.get('prompt')).toBe('consent');
		expect(location.searchParams.get('state')).not.toBe('forged');
		expect(location.searchParams.get('redirect_uri')).toBe(`${project.url}/auth/v1/callback`);
	});

	test('goes back to the site itself when the address is not allowed', async () => {
		const { challenge } = proofKey();
		const begun = await start({
			redirect_to: 'https://evil.example/',
			code_challenge: challenge,
			code_challenge_method: 's256'
		});
		const back = await follow(await answer(begun.headers.get('location')!, { email: newEmail('stray'), name: 'A' }));
		expect(back.origin).toBe(new URL(project.siteUrl).origin);
	});

	test('is gone once', async () => {
		const { challenge } = proofKey();
		const begun = await start({ code_challenge: challenge, code_challenge_method: 's256' });
		const callback = await answer(begun.headers.get('location')!, { email: newEmail('twice'), name: 'A' });
		expect((await follow(callback)).searchParams.get('code')).toBeTruthy();
		const second = await follow(callback);
		expect(second.searchParams.get('error_code')).toBe('flow_state_already_used');
	});

	test.each([
		['', 'bad_oauth_callback'],
		['?state=nonsense', 'bad_oauth_state'],
		['?state=00000000-0000-4000-8000-000000000000', 'bad_oauth_state']
	])('back with "%s" leads to the site with %s', async (query, code) => {
		const back = await follow(`${project.url}/auth/v1/callback${query}`);
		expect(back.origin).toBe(new URL(project.siteUrl).origin);
		expect(back.searchParams.get('error_code')).toBe(code);
	});

	test('back with a code the provider does not know is refused', async () => {
		const { challenge } = proofKey();
		const begun = await start({ code_challenge: challenge, code_challenge_method: 's256' });
		const state = new URL(begun.headers.get('location')!).searchParams.get('state')!;
		const back = await follow(`${project.url}/auth/v1/callback?code=forged&state=${state}`);
		expect(Object.fromEntries(back.searchParams)).toMatchObject({
			error: 'server_error',
			error_code: 'unexpected_failure',
			error_description: 'Unable to exchange external code: forg'
		});
	});

	test('needs the verifier of the browser that began it', async () => {
		const back = await through(browser(), 'google', { email: newEmail('stolen'), name: 'A' });
		const answer = await fetch(`${project.url}/auth/v1/token?grant_type=pkce`, {
			method: 'POST',
			headers: { apikey: project.publishableKey, 'content-type': 'application/json' },
			body: JSON.stringify({ auth_code: back.searchParams.get('code'), code_verifier: proofKey().verifier })
		});
		expect(await answer.json()).toMatchObject({ error_code: 'bad_code_verifier' });
	});

	test('to a provider that nobody knows is refused', async () => {
		const answer = await start({ provider: 'nobody' });
		expect(answer.status).toBe(400);
		expect(await answer.json()).toMatchObject({ msg: 'Unsupported provider: Provider nobody could not be found' });
	});
});

there('an account’s identities', () => {
	test('are linked and unlinked by the person', async () => {
		const amina = await account('links');
		const other = newEmail('other');
		const { data, error } = await amina.client.auth.linkIdentity({
			provider: 'google',
			options: { redirectTo: site, skipBrowserRedirect: true }
		});
		expect(error).toBeNull();
		const back = await follow(await answer(data.url!, { email: other, name: 'Amina' }));
		expect(back.searchParams.get('error')).toBeNull();

		const linked = (await amina.client.auth.getUserIdentities()).data!.identities;
		expect(linked.map(({ provider }) => provider)).toEqual(['email', 'google']);
		expect((await signIn('google', { email: other, name: 'Amina' })).user.id).toBe(amina.id);

		const google = linked.find(({ provider }) => provider === 'google')!;
		expect((await amina.client.auth.unlinkIdentity(google)).error).toBeNull();
		const left = (await amina.client.auth.getUser()).data.user!;
		expect(left.app_metadata.providers).toEqual(['email']);
		expect(left.email).toBe(amina.email);
		const last = await amina.client.auth.unlinkIdentity(left.identities![0]!);
		expect(last.error).toMatchObject({ code: 'single_identity_not_deletable', status: 422 });
		expect((await amina.client.auth.unlinkIdentity(google)).error).not.toBeNull();
	});

	test('cannot be those of another account', async () => {
		const email = newEmail('taken');
		await signIn('google', { email, name: 'Amina' });
		const bilal = await account('bilal');
		const { data } = await bilal.client.auth.linkIdentity({
			provider: 'google',
			options: { redirectTo: site, skipBrowserRedirect: true }
		});
		const back = await follow(await answer(data.url!, { email, name: 'Amina' }));
		expect(back.searchParams.get('error_code')).toBe('identity_already_exists');
	});

	test('are not a visitor’s to link', async () => {
		const answer = await fetch(`${project.url}/auth/v1/user/identities/authorize?provider=google`, {
			headers: { apikey: project.publishableKey },
			redirect: 'manual'
		});
		expect(answer.status).toBe(403);
	});
});

there('the double of Google', () => {
	test('says of itself what a client of OpenID Connect must know', async () => {
		const google = `${project.identityUrl}/google`;
		const about = await (await fetch(`${google}/.well-known/openid-configuration`)).json();
		expect(about).toMatchObject({ issuer: google, authorization_endpoint: `${google}/authorize` });
		const { keys } = (await (await fetch(about.jwks_uri)).json()) as { keys: { kid: string; d?: string }[] };
		expect(keys[0]!.kid).toBeTruthy();
		expect(keys[0]!.d).toBeUndefined();
	});

	test('sends nobody to an address it does not know', async () => {
		const page = new URL(
			(await fetch(`${project.url}/auth/v1/authorize?provider=google`, { redirect: 'manual' })).headers.get('location')!
		);
		page.searchParams.set('redirect_uri', 'https://evil.example/');
		const shown = await fetch(page, { redirect: 'manual' });
		expect(shown.status).toBe(400);
		expect(await shown.text()).toContain('redirect_uri_mismatch');
	});

	test('gives tokens to its client alone', async () => {
		const answer = await fetch(`${project.identityUrl}/google/token`, {
			method: 'POST',
			body: new URLSearchParams({ grant_type: 'authorization_code', code: 'x', client_id: 'embedded-google' })
		});
		expect(answer.status).toBe(401);
		expect(await answer.json()).toMatchObject({ error: 'invalid_client' });
	});
});
