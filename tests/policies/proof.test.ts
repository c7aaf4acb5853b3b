import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Sql } from 'postgres';
import {
	account,
	answer,
	database,
	follow,
	newEmail,
	password,
	project,
	proofKey,
	service,
	visitor
} from 'supabase-embedded/testing';
import type { Client } from './people.ts';

let db: Sql;
beforeAll(() => {
	db = database();
});
afterAll(() => db.end());

/** What an account is called whose owner has not said their name. */
const nameFrom = (email: string) => email.split('@')[0]!.replaceAll('.', ' ');

const thief = { full_name: 'Thief', language: 'en', avatar_path: 'x', secret: 'x' };

/** An account at somebody's address as a stranger made it, straight at Auth. */
async function squatted(name: string): Promise<{ email: string; id: string }> {
	const email = newEmail(name);
	const { data, error } = await visitor().auth.signUp({ email, password, options: { data: thief } });
	if (error) throw error;
	return { email, id: data.user!.id };
}

/** Opens a link of a mail, as its owner does. */
async function proven(type: 'signup' | 'recovery' | 'magiclink', email: string): Promise<Client> {
	const { data, error } = await service().auth.admin.generateLink({ type, email, password } as never);
	if (error) throw error;
	const owner = visitor() as Client;
	const opened = await owner.auth.verifyOtp({
		token_hash: data.properties!.hashed_token,
		type: type === 'signup' ? 'email' : type
	});
	if (opened.error) throw opened.error;
	return owner;
}

const signIn = async (email: string, given = password) =>
	(await visitor().auth.signInWithPassword({ email, password: given })).error?.code ?? 'in';

describe('what a stranger typed at sign-up is gone once the owner of the address has proven it', () => {
	test.each(['signup', 'recovery'] as const)('by the link of a mail: %s', async (type) => {
		const { email, id } = await squatted(`proof-${type}`);
		const owner = await proven(type, email);
		expect(await signIn(email)).toBe('invalid_credentials');
		const { data } = await owner.auth.getUser();
		expect(data.user).toMatchObject({ id, email });
		expect(Object.keys(data.user!.user_metadata).filter((key) => key in thief)).toEqual([]);
		expect((await owner.from('profiles').select('full_name, phone, language, avatar_path').single()).data).toEqual({
			full_name: nameFrom(email),
			phone: null,
			language: 'fr',
			avatar_path: null
		});
	});

	test('whoever repeats the sign-up afterwards, and whatever they type', async () => {
		const { email } = await squatted('proof-again');
		await db`update auth.users set confirmation_sent_at = now() - interval '1 hour' where email = ${email}`;
		await visitor().auth.signUp({ email, password: 'another of theirs', options: { data: thief } });
		await proven('signup', email);
		for (const given of [password, 'another of theirs']) expect(await signIn(email, given)).toBe('invalid_credentials');
	});

	test('and Auth, which writes it back from what it has read before, does not bring it back', async () => {
		const { email, id } = await squatted('proof-back');
		const [left] = await db.begin(async (sql) => {
			const [read] = await sql`select raw_user_meta_data as data from auth.users where id = ${id}`;
			await sql`update auth.users set confirmation_token = '', email_confirmed_at = now() where id = ${id}`;
			return sql`
				update auth.users set raw_user_meta_data = ${sql.json({ ...read!.data, email_verified: true })}
				where id = ${id} returning raw_user_meta_data as data, encrypted_password`;
		});
		expect(left).toEqual({
			data: { sub: id, email, email_verified: true, phone_verified: false },
			encrypted_password: null
		});
	});

	test('nor another company’s account that did not vouch for the address', async () => {
		const { id, email } = await squatted('proof-identity');
		await db`
			insert into auth.identities (user_id, provider, provider_id, identity_data, created_at, updated_at)
			values (${id}, 'facebook', ${id}, ${db.json({ sub: id, email, email_verified: false })}, now(), now())`;
		await proven('signup', email);
		expect(await db`select provider from auth.identities where user_id = ${id}`).toEqual([{ provider: 'email' }]);
	});

	test.skipIf(!project.identityUrl)('by the word of Google: then Google’s name counts', async () => {
		const { email, id } = await squatted('proof-google');
		const { verifier, challenge } = proofKey();
		const query = new URLSearchParams({
			provider: 'google',
			redirect_to: `${project.siteUrl}/`,
			code_challenge: challenge,
			code_challenge_method: 's256'
		});
		const page = await follow(`${project.url}/auth/v1/authorize?${query}`);
		const back = await follow(await answer(page, { email, name: 'Owner Herself' }));
		const session = await fetch(`${project.url}/auth/v1/token?grant_type=pkce`, {
			method: 'POST',
			headers: { apikey: project.publishableKey },
			body: JSON.stringify({ auth_code: back.searchParams.get('code'), code_verifier: verifier })
		});
		const { user } = (await session.json()) as { user: { id: string; user_metadata: Record<string, unknown> } };
		expect(user).toMatchObject({ id, user_metadata: { full_name: 'Owner Herself' } });
		expect(user.user_metadata).not.toHaveProperty('secret');
		expect(await signIn(email)).toBe('invalid_credentials');
		expect(await db`select full_name, language from profiles where id = ${id}`).toEqual([
			{ full_name: nameFrom(email), language: 'fr' }
		]);
	});
});

describe('who came by the link of a mail', () => {
	test('chooses a password without an old one, and is told that there is none', async () => {
		const { email } = await squatted('proof-choose');
		const owner = await proven('signup', email);
		expect((await owner.rpc('lacks_password')).data).toBe(true);
		expect((await owner.auth.updateUser({ password: 'chosen by the owner' })).error).toBeNull();
		expect((await owner.rpc('lacks_password')).data).toBe(false);
		expect(await signIn(email, 'chosen by the owner')).toBe('in');
	});

	test('of an account that has a password keeps it and the profile', async () => {
		const amina = await account('proof-kept');
		await amina.client.from('profiles').update({ full_name: 'Amina' }).eq('id', amina.id).throwOnError();
		const again = await proven('magiclink', amina.email);
		expect((await again.rpc('lacks_password')).data).toBe(false);
		expect((await again.from('profiles').select('full_name').single()).data).toEqual({ full_name: 'Amina' });
		expect(await signIn(amina.email)).toBe('in');
	});
});

describe('a link of a mail', () => {
	const hashFor = async (email: string) =>
		(await service().auth.admin.generateLink({ type: 'magiclink', email })).data.properties!.hashed_token;

	test('says whose it is, masked, and is not spent by that', async () => {
		const amina = await account('linked');
		const token_hash = await hashFor(amina.email);
		for (let n = 0; n < 2; n++) {
			const { data } = await (visitor() as Client).rpc('mail_link', { token_hash });
			expect(data).toEqual({ account: amina.id, email: 'l…@example.com' });
		}
		expect((await visitor().auth.verifyOtp({ token_hash, type: 'email' })).error).toBeNull();
		expect((await (visitor() as Client).rpc('mail_link', { token_hash })).data).toBeNull();
	});

	test('that is none says nothing', async () => {
		for (const token_hash of ['', 'x', 'f'.repeat(56)])
			expect((await (visitor() as Client).rpc('mail_link', { token_hash })).data).toBeNull();
	});
});

test('an address that is proven stays so', async () => {
	const amina = await account('stays');
	await expect(db`update auth.users set email_confirmed_at = null where id = ${amina.id}`).rejects.toThrow('proven');
});

describe.skipIf(!project.identityUrl)('another way in', () => {
	/** Somebody agrees at Google, asked by a link that `by` has begun; gives where that leads. */
	async function linked(by: Client, google: { email: string; verified?: boolean }): Promise<URL> {
		const { data, error } = await by.auth.linkIdentity({
			provider: 'google',
			options: { redirectTo: `${project.siteUrl}/`, skipBrowserRedirect: true }
		});
		if (error) throw error;
		return follow(await answer(data.url, { name: 'Somebody', ...google }));
	}
	const waysOf = async (id: string) =>
		(await db`select provider from auth.identities where user_id = ${id} order by created_at`).map(
			(row) => row.provider
		);
	const told = async (address: string) =>
		(await db`select kind from deliveries where recipient = ${address} and kind::text like 'way_in_%' order by id`).map(
			({ kind }) => kind
		);

	test('is added for the account’s own address alone: a stranger’s session makes no other’s its key', async () => {
		const owner = await account('ways');
		for (const google of [{ email: newEmail('thief') }, { email: owner.email, verified: false }]) {
			expect((await linked(owner.client as Client, google)).searchParams.get('error')).not.toBeNull();
		}
		expect(await waysOf(owner.id)).toEqual(['email']);
		expect(await told(owner.email)).toEqual([]);
	});

	test('that is added or removed is told to the owner and stands in the log', async () => {
		const owner = await account('ways-told');
		expect((await linked(owner.client as Client, { email: owner.email })).searchParams.get('error')).toBeNull();
		const { data } = await owner.client.auth.getUserIdentities();
		const google = data!.identities.find(({ provider }) => provider === 'google')!;
		expect((await owner.client.auth.unlinkIdentity(google)).error).toBeNull();
		expect(await told(owner.email)).toEqual(['way_in_added', 'way_in_removed']);
		const logged = await db`
			select action from audit_log
			where table_name = 'auth.identities' and row_id = private.pseudonym(${owner.id})::text order by at`;
		expect(logged.map(({ action }) => action)).toEqual(['way_in_added', 'way_in_removed']);
	});

	test('does not become the account’s address when the one that has it is removed', async () => {
		const owner = await account('ways-kept');
		await linked(owner.client as Client, { email: owner.email });
		// The person has since taken another address at Google.
		await db`
			update auth.identities
			set identity_data = identity_data || ${db.json({ email: newEmail('elsewhere') })}
			where user_id = ${owner.id} and provider = 'google'`;
		const { data } = await owner.client.auth.getUserIdentities();
		const byMail = data!.identities.find(({ provider }) => provider === 'email')!;
		expect((await owner.client.auth.unlinkIdentity(byMail)).error).not.toBeNull();
		expect(await db`select email from auth.users where id = ${owner.id}`).toEqual([{ email: owner.email }]);
	});
});
