import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Sql } from 'postgres';
import { account, codeFor, database, newEmail, password, secondFactor, service, visitor } from '../platform/project.ts';
import { signing } from './people.ts';
import type { At, Client } from './people.ts';

let db: Sql;
let at: At;
beforeAll(async () => {
	db = database();
	at = await signing(db);
});
afterAll(() => db.end());

let last = 0;
/** Somebody at an address of their own. */
const somebody = (address = `198.51.100.${++last}`) => visitor({ global: { headers: at(address) } }) as Client;

type Kind = 'attempt_sign_in' | 'attempt_recovery';
const begin = async (who: Client, email: string, kind: Kind = 'attempt_sign_in') =>
	(await who.rpc(kind, { email })).error;

/** A sign-in as the site makes it: first asked, then tried. */
async function signIn(who: Client, email: string, given: string) {
	const refused = await begin(who, email);
	return refused ?? (await who.auth.signInWithPassword({ email, password: given })).error;
}

async function times(count: number, what: () => Promise<unknown>): Promise<void> {
	for (let n = 0; n < count; n++) await what();
}

/** Lets so much time pass for the attempts on an account. */
const pass = (email: string, interval: string) => db`
	update private.sign_in_attempts set at = at - ${interval}::interval where account = private.account_key(${email})`;

describe('the site asks before each password', () => {
	test('and is told to wait after ten wrong ones for an account, from wherever they come', async () => {
		const amina = await account('amina');
		await times(10, () => signIn(somebody(), amina.email, 'wrong'));
		const refused = (await begin(somebody(), amina.email))!;
		expect(refused).toMatchObject({ code: 'PT429', message: 'rate_limited' });
		expect(Number(refused.details)).toBeGreaterThan(14 * 60);
		expect(Number(refused.details)).toBeLessThanOrEqual(15 * 60);
	});

	test('and is told so of an address that has no account in the same words', async () => {
		const email = newEmail('nobody');
		await times(10, () => signIn(somebody(), email, 'wrong'));
		expect(await begin(somebody(), email)).toMatchObject({ code: 'PT429', message: 'rate_limited' });
	});

	test('and after ten wrong ones from one address, for whatever accounts', async () => {
		const guesser = somebody();
		for (let n = 0; n < 10; n++) await signIn(guesser, newEmail('any'), 'wrong');
		expect(await begin(guesser, newEmail('any'))).toMatchObject({ message: 'rate_limited' });
		expect(await begin(somebody(), newEmail('any'))).toBeNull();
	});

	test('however the address is written', async () => {
		const email = newEmail('letters');
		await times(10, () => begin(somebody(), ` ${email.toUpperCase()} `));
		expect(await begin(somebody(), email)).toMatchObject({ message: 'rate_limited' });
	});

	test('and may again once the first is 15 minutes past', async () => {
		const email = newEmail('later');
		await times(10, () => begin(somebody(), email));
		await pass(email, '14 minutes');
		expect(Number((await begin(somebody(), email))!.details)).toBeLessThanOrEqual(60);
		await pass(email, '1 minute');
		expect(await begin(somebody(), email)).toBeNull();
	});

	test('of many at once no more than ten pass', async () => {
		const email = newEmail('at-once');
		const answers = await Promise.all(Array.from({ length: 30 }, () => begin(somebody(), email)));
		expect(answers.filter((error) => error === null)).toHaveLength(10);
	});

	test('and an address that is none is refused, and not noted', async () => {
		const who = somebody();
		for (const email of ['', 'nonsense', `${'x'.repeat(400)}@example.com`]) {
			expect(await begin(who, email)).toMatchObject({ message: 'invalid_input', details: 'email' });
		}
		expect((await who.rpc('attempt_sign_in', { email: null as never })).error).toMatchObject({
			message: 'invalid_input'
		});
	});
});

describe('a right password', () => {
	test('is not counted, however often it is given', async () => {
		const amina = await account('often');
		const home = somebody();
		await times(12, async () => expect(await signIn(home, amina.email, password)).toBeNull());
	});

	test('takes back the mistakes of the same person, and nobody else’s', async () => {
		const amina = await account('mistaken');
		const [home, stranger] = [somebody(), somebody()];
		await times(4, () => signIn(home, amina.email, 'wrong'));
		await times(5, () => signIn(stranger, amina.email, 'wrong'));
		expect(await signIn(home, amina.email, password)).toBeNull();
		const [left] = await db`
			select count(*)::int as count from private.sign_in_attempts where account = private.account_key(${amina.email})`;
		expect(left!.count).toBe(5);
	});

	test('of one account opens nothing to who guesses at another', async () => {
		const [own, victim] = [await account('own'), await account('victim')];
		const guesser = somebody();
		for (let n = 0; n < 10; n++) {
			await signIn(guesser, victim.email, 'wrong');
			await signIn(guesser, own.email, password);
		}
		expect(await begin(guesser, newEmail('another'))).toMatchObject({ message: 'rate_limited' });
	});
});

describe('who goes to Auth without asking', () => {
	const direct = async (email: string, given: string) =>
		(await visitor().auth.signInWithPassword({ email, password: given })).error;

	test('is answered as for a wrong password after ten of them, though it is right', async () => {
		const amina = await account('direct');
		const wrong: unknown[] = [];
		await times(10, async () => wrong.push(await direct(amina.email, 'wrong')));
		expect(await direct(amina.email, password)).toEqual(wrong[0]);
		expect(await direct(amina.email, 'wrong')).toEqual(wrong[0]);
		await pass(amina.email, '15 minutes');
		expect(await direct(amina.email, password)).toBeNull();
	});

	test('does not lengthen the wait by trying on', async () => {
		const amina = await account('trying-on');
		await times(10, () => direct(amina.email, 'wrong'));
		await pass(amina.email, '10 minutes');
		await times(5, () => direct(amina.email, 'wrong'));
		await pass(amina.email, '5 minutes');
		expect(await direct(amina.email, password)).toBeNull();
	});

	test('ends no session that exists, and closes no other way in', async () => {
		const amina = await account('inside');
		await times(10, () => direct(amina.email, 'wrong'));
		expect((await amina.client.auth.getUser()).error).toBeNull();
		expect((await amina.client.auth.refreshSession()).error).toBeNull();
		const { data } = await service().auth.admin.generateLink({ type: 'magiclink', email: amina.email });
		const opened = await visitor().auth.verifyOtp({ type: 'email', token_hash: data.properties!.hashed_token });
		expect(opened.error).toBeNull();
	});

	test('learns nothing from the site’s question: it is answered the same for nobody’s address', async () => {
		const amina = await account('asked');
		await times(10, () => direct(amina.email, 'wrong'));
		expect(await begin(somebody(), amina.email)).toBeNull();
	});
});

describe('links by mail', () => {
	test('are sent three times in an hour to an address, known or not, and from an address', async () => {
		const [known, unknown] = [(await account('known')).email, newEmail('unknown')];
		for (const email of [known, unknown]) {
			await times(3, async () => expect(await begin(somebody(), email, 'attempt_recovery')).toBeNull());
			const refused = (await begin(somebody(), email, 'attempt_recovery'))!;
			expect(refused).toMatchObject({ message: 'rate_limited' });
			expect(Number(refused.details)).toBeGreaterThan(55 * 60);
		}
		const flooder = somebody();
		for (let n = 0; n < 3; n++) await begin(flooder, newEmail('flooded'), 'attempt_recovery');
		expect(await begin(flooder, newEmail('flooded'), 'attempt_recovery')).toMatchObject({ message: 'rate_limited' });
	});

	test('do not count as passwords', async () => {
		const email = newEmail('apart');
		const who = somebody();
		await times(3, () => begin(who, email, 'attempt_recovery'));
		expect(await begin(who, email)).toBeNull();
	});
});

test('nobody but Auth tells whether a password was right', async () => {
	const amina = await account('teller');
	for (const who of [visitor(), amina.client, service()]) {
		const { error } = await who.rpc('password_verification_attempt', { event: { user_id: amina.id, valid: true } });
		expect(error!.code).toBe('PGRST202');
	}
	const rights = await db`
		select r.name, has_function_privilege(r.name, 'private.password_verification_attempt(jsonb)', 'execute') as may
		from unnest(array['anon', 'authenticated', 'service_role', 'supabase_auth_admin']) as r (name)`;
	expect(Object.fromEntries(rights.map(({ name, may }) => [name, may]))).toEqual({
		anon: false,
		authenticated: false,
		service_role: false,
		supabase_auth_admin: true
	});
});

test('what is noted names nobody', async () => {
	const email = newEmail('named');
	await begin(somebody(), email);
	const rows = await db`select a::text as line from private.sign_in_attempts a`;
	expect(rows.some(({ line }) => (line as string).includes(email.split('@')[0]!))).toBe(false);
});

describe('codes of a second factor', () => {
	test('cannot be guessed: after ten wrong ones a right one waits too, and open sessions go on', async () => {
		const { client, email } = await account('guessed');
		const { id: factorId, secret } = await secondFactor(client);
		const guesser = somebody();
		await guesser.auth.signInWithPassword({ email, password });
		const give = async (code: string) => (await guesser.auth.mfa.challengeAndVerify({ factorId, code })).error;
		for (let n = 0; n < 10; n++) expect((await give('000000'))?.code).toBe('mfa_verification_failed');
		expect(await give(codeFor(secret))).toMatchObject({ status: 429 });
		expect((await client.from('profiles').select('id')).data).toHaveLength(1);
		await pass(email, '16 minutes');
		expect(await give(codeFor(secret))).toBeNull();
	});
});
