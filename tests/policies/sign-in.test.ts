import { randomBytes, randomInt } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Sql } from 'postgres';
import {
	account,
	codeFor,
	database,
	newEmail,
	password,
	secondFactor,
	service,
	visitor
} from 'supabase-embedded/testing';
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
const begin = async (who: Client, email: string, kind: Kind = 'attempt_sign_in', device?: string) =>
	(await who.rpc(kind, { email, device })).error;

/** A sign-in as the site makes it: first asked, then tried, and noted once in. */
async function signIn(who: Client, email: string, given: string, device?: string) {
	const refused = await begin(who, email, 'attempt_sign_in', device);
	if (refused) return refused;
	const { error } = await who.auth.signInWithPassword({ email, password: given });
	if (!error) await who.rpc('note_session', { user_agent: 'Trial', device }).throwOnError();
	return error;
}

async function times(count: number, what: (n: number) => Promise<unknown>): Promise<void> {
	for (let n = 0; n < count; n++) await what(n);
}

/** Lets so much time pass for the attempts on an account. */
const pass = (email: string, interval: string) => db`
	update private.sign_in_attempts set at = at - ${interval}::interval where account = private.account_key(${email})`;

/** Attempts on an account from a place of each, none of which it knows, as many as there are. */
const besiege = (email: string, count: number, kind: 'sign_in' | 'recovery' = 'sign_in') => db`
	insert into private.sign_in_attempts (kind, account, place, tries)
	select ${kind}, private.account_key(${email}), '2001:db8:' || to_hex(n) || '::/64', 1
	from generate_series(1, ${count}::int) as n`;

const limited = { code: 'PT429', message: 'rate_limited' };

describe('the site asks before each password', () => {
	test('and is told to wait after ten wrong ones for an account, longer with each that follows', async () => {
		const amina = await account('amina');
		const home = somebody();
		await times(10, () => signIn(home, amina.email, 'wrong'));
		for (const minutes of [15, 30, 60, 60]) {
			const refused = (await begin(home, amina.email))!;
			expect(refused).toMatchObject(limited);
			expect(Number(refused.details)).toBeGreaterThan((minutes - 1) * 60);
			expect(Number(refused.details)).toBeLessThanOrEqual(minutes * 60);
			await pass(amina.email, `${minutes} minutes`);
			expect(await begin(home, amina.email)).toBeNull();
		}
	});

	test('and is told so of an address that has no account in the same words', async () => {
		const email = newEmail('nobody');
		const who = somebody();
		await times(10, () => signIn(who, email, 'wrong'));
		expect(await begin(who, email)).toMatchObject(limited);
	});

	test('and after a hundred from one network, for whatever accounts', async () => {
		const guesser = somebody();
		await times(100, () => begin(guesser, newEmail('any')));
		expect(await begin(guesser, newEmail('any'))).toMatchObject(limited);
		expect(await begin(somebody(), newEmail('any'))).toBeNull();
	});

	test('however the address is written, and from whichever of a line’s addresses', async () => {
		const email = newEmail('letters');
		const line = `2001:db8:${randomInt(65_536).toString(16)}:7`;
		await times(10, (n) => begin(somebody(`${line}::${n + 1}`), ` ${email.toUpperCase()} `));
		expect(await begin(somebody(`${line}:ffff::1`), email)).toMatchObject(limited);
		expect(await begin(somebody(`${line.slice(0, -1)}8::1`), email)).toBeNull();
	});

	test('of many at once no more than ten pass', async () => {
		const email = newEmail('at-once');
		const who = somebody();
		const answers = await Promise.all(Array.from({ length: 30 }, () => begin(who, email)));
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

describe('a stranger’s tries do not keep the owner out', () => {
	test('who signs in from another network, and gets a link there', async () => {
		const amina = await account('besieged');
		const stranger = somebody();
		await times(12, () => begin(stranger, amina.email));
		await times(4, () => begin(stranger, amina.email, 'attempt_recovery'));
		await db`
			insert into private.sign_in_attempts (kind, account, wrong)
			select 'sign_in', private.account_key(${amina.email}), true from generate_series(1, 12)`;
		const home = somebody();
		expect(await begin(home, amina.email, 'attempt_recovery')).toBeNull();
		expect(await signIn(home, amina.email, password)).toBeNull();
	});

	test('who signs in on a device of hers, though the stranger is in the same network', async () => {
		const amina = await account('cafe');
		const device = randomBytes(32).toString('base64url');
		const café = somebody();
		expect(await signIn(café, amina.email, password, device)).toBeNull();
		await times(10, () => begin(café, amina.email));
		expect(await begin(café, amina.email)).toMatchObject(limited);
		expect(await begin(café, amina.email, 'attempt_sign_in', randomBytes(32).toString('base64url'))).toMatchObject(
			limited
		);
		expect(await signIn(café, amina.email, password, device)).toBeNull();
		// Nor may the device guess for ever, nor is it known for anybody else.
		await times(10, () => begin(café, amina.email, 'attempt_sign_in', device));
		expect(await begin(café, amina.email, 'attempt_sign_in', device)).toMatchObject(limited);
	});

	test('from many networks at once slow down only who comes from one that the account does not know', async () => {
		const amina = await account('storm');
		const home = somebody();
		expect(await signIn(home, amina.email, password)).toBeNull();
		await besiege(amina.email, 33);
		const refused = (await begin(somebody(), amina.email))!;
		expect(refused).toMatchObject(limited);
		expect(Number(refused.details)).toBeGreaterThan(7 * 60);
		expect(Number(refused.details)).toBeLessThanOrEqual(8 * 60);
		expect(await signIn(home, amina.email, password)).toBeNull();
		await besiege(amina.email, 10, 'recovery');
		expect(await begin(somebody(), amina.email, 'attempt_recovery')).toMatchObject(limited);
		expect(await begin(home, amina.email, 'attempt_recovery')).toBeNull();
	});

	test('by asking Auth in between do not spend what the site has begun', async () => {
		const amina = await account('between');
		const home = somebody();
		await times(10, () => visitor().auth.signInWithPassword({ email: amina.email, password: 'wrong' }));
		expect(await begin(home, amina.email)).toBeNull();
		await visitor().auth.signInWithPassword({ email: amina.email, password: 'wrong' });
		expect((await home.auth.signInWithPassword({ email: amina.email, password })).error).toBeNull();
	});

	test('and begun once by the site give no more than three guesses at Auth', async () => {
		const amina = await account('begun-once');
		await times(10, () => visitor().auth.signInWithPassword({ email: amina.email, password: 'wrong' }));
		await begin(somebody(), amina.email);
		await times(3, () => visitor().auth.signInWithPassword({ email: amina.email, password: 'wrong' }));
		expect((await visitor().auth.signInWithPassword({ email: amina.email, password })).error?.code).toBe(
			'invalid_credentials'
		);
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
		await times(10, async () => {
			await signIn(guesser, victim.email, 'wrong');
			await signIn(guesser, own.email, password);
		});
		expect(await begin(guesser, victim.email)).toMatchObject(limited);
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
		await pass(amina.email, '1 day');
		expect(await direct(amina.email, password)).toBeNull();
	});

	test('does not lengthen the wait by trying on', async () => {
		const amina = await account('trying-on');
		await times(10, () => direct(amina.email, 'wrong'));
		await pass(amina.email, '23 hours');
		await times(5, () => direct(amina.email, 'wrong'));
		await pass(amina.email, '1 hour');
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

describe('new accounts', () => {
	/** What Auth is told before it makes one, from a place by which nobody else comes. */
	const before = async (sql: Sql, email: string, address: string, provider = 'email') => {
		const event = { metadata: { ip_address: address }, user: { email, app_metadata: { provider } } };
		const [row] = await sql<{ answer: { error?: { http_code: number } } }[]>`
			select private.before_user_created(${sql.json(event)}) as answer`;
		return row!.answer.error?.http_code ?? null;
	};
	/** Has so many more calls be left of a limit, in this window and the next. */
	const leave = (sql: Sql, left: number, limit: string, caller: string) => sql`
		insert into private.rate_counters (name, caller, window_start, shard, calls)
		select name, ${caller}, date_bin(per, now(), 'epoch') + n * per, 99, max_calls - ${left}::int
		from private.rate_limits, generate_series(0, 1) as n where name = ${limit}`;
	/** Does what counts for everybody, and takes it back. */
	const apart = (work: (sql: Sql) => Promise<void>) =>
		db
			.begin(async (sql) => {
				await work(sql as unknown as Sql);
				throw new Error('taken back');
			})
			.catch((error: Error) => expect(error.message).toBe('taken back'));
	const line = () => `2001:db8:${randomInt(65_536).toString(16)}:${randomInt(65_536).toString(16)}`;

	test('that nobody asked the site for are counted by place, those by another company apart', async () => {
		const here = line();
		await leave(db, 2, 'new_account', `${here}::/64`);
		await leave(db, 1, 'new_account_direct_network', `${here}::/64`);
		const said = [];
		for (const [n, provider] of ['email', 'email', 'google', 'facebook', 'google'].entries())
			said.push(await before(db, newEmail('new'), `${here}::${n}`, provider));
		// whoever tries by mail keeps nobody else of the place from Google
		expect(said).toEqual([null, 429, null, null, 429]);
		expect(await before(db, newEmail('new'), `${line()}::1`, 'google')).toBeNull();
	});

	test('by mail past the site are counted over all places too, since a place may be made up; by Google they are not', () =>
		apart(async (sql) => {
			// what other files ask of Auth meanwhile
			await sql`delete from private.rate_counters where name = 'new_account_direct'`;
			await leave(sql, 1, 'new_account_direct', 'everybody');
			expect(await before(sql, newEmail('new'), `${line()}::1`)).toBeNull();
			expect(await before(sql, newEmail('new'), `${line()}::1`)).toBe(429);
			expect(await before(sql, newEmail('new'), `${line()}::1`, 'google')).toBeNull();
		}));

	test('that were asked of the site are not held up by them: they are counted where it asked', () =>
		apart(async (sql) => {
			const [mine, another] = [newEmail('new'), newEmail('new')];
			await leave(sql, 0, 'new_account_direct_network', '127.0.0.1');
			await leave(sql, 0, 'new_account_direct', 'everybody');
			expect(await begin(somebody(), mine, 'attempt_recovery')).toBeNull();
			expect(await before(sql, mine.toUpperCase(), '127.0.0.1')).toBeNull();
			expect(await before(sql, another, '127.0.0.1')).toBe(429);
			await sql`update private.sign_in_attempts set at = at - interval '1 minute' where account = private.account_key(${mine})`;
			expect(await before(sql, mine, '127.0.0.1')).toBe(429);
		}));

	test('are asked for by Auth itself', async () => {
		const counted = async () => {
			const [row] = await db<{ calls: number }[]>`
				select coalesce(sum(calls), 0)::int as calls from private.rate_counters where name = 'new_account_direct'`;
			return row!.calls;
		};
		const earlier = await counted();
		expect((await visitor().auth.signUp({ email: newEmail('direct'), password })).error).toBeNull();
		expect(await counted()).toBeGreaterThan(earlier);
	});
});

describe('links by mail', () => {
	test('are sent three times in an hour to an address, known or not', async () => {
		for (const email of [(await account('known')).email, newEmail('unknown')]) {
			const who = somebody();
			await times(3, async () => expect(await begin(who, email, 'attempt_recovery')).toBeNull());
			const refused = (await begin(who, email, 'attempt_recovery'))!;
			expect(refused).toMatchObject(limited);
			expect(Number(refused.details)).toBeGreaterThan(55 * 60);
		}
	});

	test('are sent forty times in an hour from one network, so that nobody empties the platform’s mails', async () => {
		const flooder = somebody();
		await times(40, () => begin(flooder, newEmail('flooded'), 'attempt_recovery'));
		expect(await begin(flooder, newEmail('flooded'), 'attempt_recovery')).toMatchObject(limited);
		expect(await begin(somebody(), newEmail('flooded'), 'attempt_recovery')).toBeNull();
	});

	test('are held from nobody by questions that no mail followed, from however many places', async () => {
		for (const email of [(await account('asked-for')).email, newEmail('asked-for-nobody')]) {
			await times(12, () => begin(somebody(), email, 'attempt_recovery'));
			expect(await begin(somebody(), email, 'attempt_recovery')).toBeNull();
		}
	});

	test('are sent each five minutes at most to who has had ten, so that nobody floods a box or keeps its owner from theirs', async () => {
		const amina = await account('flooded-box');
		for (const email of [amina.email, newEmail('flooded-new-box')]) {
			await times(10, async () => {
				expect(await begin(somebody(), email, 'attempt_recovery')).toBeNull();
				const sent = await visitor().auth.signInWithOtp({ email });
				expect(sent.error).toBeNull();
				// Auth's own pause between two mails to an address
				await db`
					update auth.users set recovery_sent_at = recovery_sent_at - interval '1 minute',
						confirmation_sent_at = confirmation_sent_at - interval '1 minute' where email = ${email}`;
			});
			const refused = (await begin(somebody(), email, 'attempt_recovery'))!;
			expect(refused).toMatchObject(limited);
			expect(Number(refused.details)).toBeLessThanOrEqual(300);
			await pass(email, '5 minutes');
			expect(await begin(somebody(), email, 'attempt_recovery')).toBeNull();
		}
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

/** A session of an account, for somebody who knows its password and comes from an address of their own. */
async function withPassword(email: string): Promise<Client> {
	const who = somebody();
	await who.auth.signInWithPassword({ email, password });
	return who;
}

describe('codes of a second factor', () => {
	const code = async (who: Client, factorId: string, given: string) =>
		(await who.auth.mfa.challengeAndVerify({ factorId, code: given })).error;
	/** A code given as the site does: first asked, then tried, and noted once right. */
	async function give(who: Client, factorId: string, given: string, device?: string) {
		const held = await who.rpc('attempt_second_factor', { device });
		const error = held.error ?? (await code(who, factorId, given));
		if (!error) await who.rpc('note_session', { user_agent: 'Trial', device }).throwOnError();
		return error;
	}

	test('cannot be guessed past the site: after ten wrong ones in a day a right one waits too, and open sessions go on', async () => {
		const { client, email } = await account('guessed');
		const { id, secret } = await secondFactor(client);
		const guesser = await withPassword(email);
		await times(10, async () => expect((await code(guesser, id, '000000'))?.code).toBe('mfa_verification_failed'));
		expect(await code(guesser, id, codeFor(secret))).toMatchObject({ status: 429 });
		expect((await client.from('profiles').select('id')).data).toHaveLength(1);
		await pass(email, '1 day');
		expect(await code(guesser, id, codeFor(secret))).toBeNull();
	});

	test('nor on the site: after ten wrong ones from one place it holds, for longer with each that follows', async () => {
		const { client, email } = await account('guessed-here');
		const { id } = await secondFactor(client);
		const guesser = await withPassword(email);
		await times(10, async () => expect((await give(guesser, id, '000000'))?.code).toBe('mfa_verification_failed'));
		expect(await give(guesser, id, '000000')).toMatchObject(limited);
		await pass(email, '15 minutes');
		expect(await give(guesser, id, '000000')).toMatchObject({ code: 'mfa_verification_failed' });
		const refused = await give(guesser, id, '000000');
		expect(Number((refused as { details?: string }).details)).toBeGreaterThan(29 * 60);
	});

	test('nor from many places: no more than eighty a day pass from those that the account does not know', async () => {
		const { client, email } = await account('guessed-everywhere');
		await secondFactor(client);
		const guesser = await withPassword(email);
		let places = 0;
		const ask = async () => {
			const asked = guesser.rpc('attempt_second_factor');
			for (const [name, value] of Object.entries(at(`2001:db8:77:${(++places).toString(16)}::1`)))
				asked.setHeader(name, value);
			return (await asked).error;
		};
		let passed = 0;
		for (let minute = 0; minute < 24 * 60; minute += 30) {
			while ((await ask()) === null) passed++;
			await pass(email, '30 minutes');
		}
		expect(passed).toBeGreaterThan(20);
		expect(passed).toBeLessThanOrEqual(80);
	}, 60_000);

	test('are asked of the owner as ever, whatever somebody who knows the password has tried elsewhere', async () => {
		const { client, email } = await account('kept-in');
		const { id, secret } = await secondFactor(client);
		const thief = await withPassword(email);
		await times(12, () => code(thief, id, '000000'));
		await times(12, () => give(thief, id, '000000'));
		const owner = await withPassword(email);
		expect(await give(owner, id, codeFor(secret))).toBeNull();
	});

	test('are asked of the owner on a device of hers, though the thief is in the same network', async () => {
		const { client, email } = await account('kept-in-cafe');
		const { id, secret } = await secondFactor(client);
		const device = randomBytes(32).toString('base64url');
		const café = await withPassword(email);
		expect(await give(café, id, codeFor(secret), device)).toBeNull();
		const thief = visitor({ global: { headers: at(`198.51.100.${last}`) } }) as Client;
		await thief.auth.signInWithPassword({ email, password });
		await times(10, () => give(thief, id, '000000'));
		expect(await give(thief, id, codeFor(secret))).toMatchObject(limited);
		await café.auth.signInWithPassword({ email, password });
		expect(await give(café, id, codeFor(secret), device)).toBeNull();
	});

	test('begun once by the site are good for one at Auth', async () => {
		const { client, email } = await account('begun-code');
		const { id, secret } = await secondFactor(client);
		const guesser = await withPassword(email);
		await times(10, () => code(guesser, id, '000000'));
		await guesser.rpc('attempt_second_factor');
		expect((await code(guesser, id, '000000'))?.code).toBe('mfa_verification_failed');
		expect(await code(guesser, id, codeFor(secret))).toMatchObject({ status: 429 });
	});

	test('nor can those be guessed that stand in for it: of many at once no more than ten are looked at', async () => {
		const { client } = await account('recovering');
		const answers = await Promise.all(
			Array.from({ length: 30 }, async (_, n) => (await client.rpc('use_recovery_code', { code: `guess ${n}` })).error)
		);
		expect(answers.filter((error) => error?.message === 'invalid_input')).toHaveLength(10);
		expect(answers.filter((error) => error?.message === 'rate_limited')).toHaveLength(20);
	});

	test('nor are those kept from the owner by who guesses at them elsewhere', async () => {
		const { client, email } = await account('recovering-owner');
		await secondFactor(client);
		const { data: codes } = await client.rpc('make_recovery_codes').throwOnError();
		const thief = await withPassword(email);
		await times(11, async () => thief.rpc('use_recovery_code', { code: 'guess' }));
		expect((await thief.rpc('use_recovery_code', { code: codes![0]! })).error).toMatchObject(limited);
		const owner = await withPassword(email);
		expect((await owner.rpc('use_recovery_code', { code: codes![0]! })).error).toBeNull();
	});
});

describe('what the site asks Auth', () => {
	const count = async (who: Client, operation: string) => (await who.rpc('count_auth_call', { operation })).error;
	/** Uses up what a caller may ask, in this window and the next. */
	const useUp = (limit: string, caller: string) => db`
		insert into private.rate_counters (name, caller, window_start, shard, calls)
		select name, ${caller}, date_bin(per, now(), 'epoch') + n * per, 99, 2000000
		from private.rate_limits, generate_series(0, 1) as n where name = ${limit}`;

	test.each(['user', 'factor'])(
		'as %s is counted for an account in a network, and for the network',
		async (operation) => {
			const address = `2001:db8:${randomInt(65_536).toString(16)}:${randomInt(65_536).toString(16)}::1`;
			const [{ network }] = (await db`select private.network(${address}) as network`) as unknown as [
				{ network: string }
			];
			const people = await Promise.all(['one', 'other'].map((name) => account(`asking-${name}`)));
			const [one, other] = await Promise.all(
				people.map(async ({ email }) => {
					const who = somebody(address);
					await who.auth.signInWithPassword({ email, password });
					return who;
				})
			);
			await useUp(`auth_${operation}_account`, `${people[0]!.id} ${network}`);
			expect(await count(one!, operation)).toMatchObject(limited);
			// neither is who else is there held up, nor the account elsewhere
			expect(await count(other!, operation)).toBeNull();
			expect(await count(await withPassword(people[0]!.email), operation)).toBeNull();
			await useUp(`auth_${operation}`, network);
			expect(await count(other!, operation)).toMatchObject(limited);
			expect(await count(somebody(), operation)).toBeNull();
		}
	);

	test('is counted to the call', async () => {
		const address = `2001:db8:${randomInt(65_536).toString(16)}:${randomInt(65_536).toString(16)}::1`;
		for (const operation of ['token', 'verify', 'mail']) {
			expect(await count(somebody(address), operation)).toBeNull();
			expect(await count(somebody(address), operation)).toBeNull();
		}
		const counted = await db`
			select name, sum(calls)::int as calls from private.rate_counters
			where caller = private.network(${address}) and name like 'auth%' group by name order by name`;
		expect(counted.map(({ name, calls }) => [name, calls])).toEqual([
			['auth_mail', 2],
			['auth_token', 2],
			['auth_verify', 2]
		]);
	});

	test('is counted though the second factor is missing, and not for a session that has ended', async () => {
		const { client, email } = await account('unproven');
		await secondFactor(client);
		const unproven = await withPassword(email);
		expect(await count(unproven, 'factor')).toBeNull();
		await db`delete from auth.sessions s using auth.users u where s.user_id = u.id and u.email = ${email}`;
		expect(await count(unproven, 'factor')).toMatchObject({ message: 'session_ended' });
	});

	test.each(['', 'nonsense', null])('is counted as what there is alone: not as %j', async (operation) => {
		expect(await count(somebody(), operation as never)).toMatchObject({
			message: 'invalid_input',
			details: 'operation'
		});
	});
});
