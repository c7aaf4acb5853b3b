import { request } from 'node:http';
import { text as readText } from 'node:stream/consumers';
import { describe, expect, test } from 'vitest';
import { database, newEmail, password, project, service, visitor } from '../testing/project.ts';

type HookName = 'password_verification_attempt' | 'mfa_verification_attempt';

/** Whether the fixture's functions answer for the project, rather than those of its own migrations or none. */
async function hasContractHooks(): Promise<boolean> {
	if (!project.identityUrl) return false;
	const sql = database();
	const [row] = await sql`
		select bool_and(obj_description(to_regprocedure(format('private.%I(jsonb)', hook)), 'pg_proc') = 'contract') as ours
		from unnest(array['before_user_created', 'password_verification_attempt', 'mfa_verification_attempt']) hook`;
	await sql.end();
	return row?.ours === true;
}

/** An account for which one of the project's hooks answers as told, by whether what was tried was right. */
async function accountWith(
	wish: Record<string, unknown>,
	hook: HookName = 'password_verification_attempt'
): Promise<string> {
	const email = newEmail('hook');
	const made = await service().auth.admin.createUser({
		email,
		password,
		email_confirm: true,
		user_metadata: { contract_hooks: { [hook]: wish } }
	});
	if (made.error) throw made.error;
	return email;
}

const ours = await hasContractHooks();

const attempt = async (email: string, given = password) =>
	(await visitor().auth.signInWithPassword({ email, password: given })).error;

describe.skipIf(!ours)('the project’s own function, asked before each new account,', () => {
	const signUp = async (contract_hooks: Record<string, unknown>) => {
		const email = newEmail('hook');
		const { error } = await visitor().auth.signUp({ email, password, options: { data: { contract_hooks } } });
		return { email, error };
	};
	const exists = async (email: string) => {
		const sql = database();
		const found = await sql`select from auth.users where email = ${email}`;
		await sql.end();
		return found.length > 0;
	};

	test('may let it be made', async () => {
		const { email, error } = await signUp({});
		expect([error, await exists(email)]).toEqual([null, true]);
	});

	test('may refuse it with a status of its own, and there is none', async () => {
		const { email, error } = await signUp({ before_user_created: { error: { http_code: 429, message: 'slowly' } } });
		expect(error).toMatchObject({ status: 429, message: 'slowly' });
		expect(await exists(email)).toBe(false);
	});

	test('is told who it will be and from where', async () => {
		const { email, error } = await signUp({ tell: true });
		expect(error!.message).toMatch(new RegExp(`^before-user-created [0-9a-f.:]+ ${email} email$`));
	});

	test('is asked where a link to sign in makes one, and not where the service role does', async () => {
		const hooks = { contract_hooks: { before_user_created: { error: { http_code: 403, message: 'nobody new' } } } };
		const asked = await visitor().auth.signInWithOtp({ email: newEmail('hook'), options: { data: hooks } });
		expect(asked.error).toMatchObject({ status: 403, message: 'nobody new' });
		const made = await service().auth.admin.createUser({ email: newEmail('hook'), password, user_metadata: hooks });
		expect(made.error).toBeNull();
	});
});

describe.skipIf(!ours)('the project’s own function, asked after each password,', () => {
	test('may let go on: a right password opens, a wrong one does not', async () => {
		const email = await accountWith({});
		expect(await attempt(email)).toBeNull();
		expect(await attempt(email, 'wrong')).toMatchObject({ code: 'invalid_credentials', status: 400 });
	});

	test('may reject even the right one, in its own words', async () => {
		const email = await accountWith({ true: { decision: 'reject', message: 'Invalid login credentials' } });
		expect(await attempt(email)).toMatchObject({
			code: 'invalid_credentials',
			status: 400,
			message: 'Invalid login credentials'
		});
	});

	test('has usual words when it says none', async () => {
		const email = await accountWith({ false: { decision: 'reject' } });
		expect(await attempt(email, 'wrong')).toMatchObject({
			code: 'invalid_credentials',
			message: 'Further password verification attempts will be rejected.'
		});
	});

	test('may end the sessions of the account', async () => {
		const email = await accountWith({ false: { decision: 'reject', should_logout_user: true } });
		const client = visitor();
		await client.auth.signInWithPassword({ email, password });
		await attempt(email, 'wrong');
		expect((await client.auth.getUser()).error).toMatchObject({ name: 'AuthSessionMissingError' });
	});

	test('may answer with an error and a status of its own', async () => {
		const email = await accountWith({ true: { error: { http_code: 429, message: 'slowly' } } });
		expect(await attempt(email)).toMatchObject({ status: 429, message: 'slowly' });
	});

	test('that fails lets nobody in', async () => {
		const email = await accountWith({ raise: 'broken' });
		expect(await attempt(email)).toMatchObject({ status: 500 });
	});
});

describe.skipIf(!ours)('the project’s own function, asked after each code of a second factor,', () => {
	/** A session that has set up a factor and gives a code that is wrong. */
	async function wrongCodeWith(wish: Record<string, unknown>) {
		const client = visitor();
		await client.auth.signInWithPassword({ email: await accountWith(wish, 'mfa_verification_attempt'), password });
		const { data } = await client.auth.mfa.enroll({ factorType: 'totp', friendlyName: 'phone' });
		const { error } = await client.auth.mfa.challengeAndVerify({ factorId: data!.id, code: '000000' });
		return { client, error };
	}

	test('may let go on: a wrong code is a wrong code, and the session stays', async () => {
		const { client, error } = await wrongCodeWith({});
		expect(error).toMatchObject({ code: 'mfa_verification_failed', status: 422 });
		expect((await client.auth.getUser()).error).toBeNull();
	});

	test('may reject, which ends the account’s sessions', async () => {
		const { client, error } = await wrongCodeWith({ false: { decision: 'reject' } });
		expect(error).toMatchObject({ code: 'mfa_verification_rejected', status: 403 });
		expect((await client.auth.getUser()).error).toMatchObject({ name: 'AuthSessionMissingError' });
	});

	test('may answer with an error and a status of its own', async () => {
		const { error } = await wrongCodeWith({ false: { error: { http_code: 429, message: 'slowly' } } });
		expect(error).toMatchObject({ status: 429, message: 'slowly' });
	});
});

// Only where one can call from another address than all other tests do, which would be shut out for minutes: a machine has
// more than one of its own, macOS does not.
describe.skipIf(!project.identityUrl || process.platform === 'darwin')('one address', () => {
	const claims = ['x-forwarded-for', 'cf-connecting-ip', 'x-real-ip', 'sb-forwarded-for'];
	const verify = (localAddress: string, claimed: string, apikey = project.publishableKey) =>
		new Promise<{ status: number; body: string }>((resolve, reject) => {
			const headers = {
				apikey,
				authorization: `Bearer ${project.publishableKey}`,
				...Object.fromEntries(claims.map((name) => [name, claimed]))
			};
			const asked = request(
				`${project.url}/auth/v1/verify`,
				{ method: 'POST', localAddress, headers },
				async (answer) => resolve({ status: answer.statusCode!, body: await readText(answer) })
			);
			asked.once('error', reject);
			asked.end(JSON.stringify({ type: 'email', token_hash: 'none' }));
		});

	test('may ask only so often, whatever it says to be, and does not count for another', async () => {
		const answers = await Promise.all(Array.from({ length: 120 }, (_, n) => verify('127.0.0.7', `203.0.113.${n + 1}`)));
		const refused = answers.filter(({ status }) => status === 429);
		expect(refused.length).toBeGreaterThan(30);
		expect(answers.filter(({ status }) => status === 403).length).toBeGreaterThanOrEqual(30);
		expect(JSON.parse(refused[0]!.body)).toMatchObject({
			error_code: 'over_request_rate_limit',
			msg: 'Request rate limit reached'
		});
		expect((await verify('127.0.0.8', '203.0.113.1')).status).toBe(403);
	});

	test('may ask for others, each of whom counts, where it has the secret key', async () => {
		const ask = (claimed: string, key?: string) => verify('127.0.0.9', claimed, key);
		const answers = await Promise.all(Array.from({ length: 120 }, () => ask('2001:db8::7', project.secretKey)));
		expect(answers.filter(({ status }) => status === 429).length).toBeGreaterThan(30);
		expect((await ask('2001:db8::8', project.secretKey)).status).toBe(403);
		expect((await ask('2001:db8::7')).status).toBe(403);
	});
});
