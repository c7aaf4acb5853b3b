import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { account, password, project, secondFactor, visitor } from 'supabase-embedded/testing';
import { localInstant, makeNeighbourhood, signing } from './people.ts';
import type { Client, Neighbourhood, Person } from './people.ts';

let here: Neighbourhood;

beforeAll(async () => {
	here = await makeNeighbourhood();
});
afterAll(() => here.close());

/**
 * Has somebody call a limit so often that `left` calls are left to them, in this window and the next. What others left
 * undone in the two sequences that chance gives them is not theirs: tests undo more calls in minutes than people in days.
 */
async function leave(left: number, limit: string, caller: string): Promise<void> {
	await here.db`
		select setval(bucket, base) from private.undone_buckets(${limit}, ${caller}) as u, unnest(u.buckets) as bucket`;
	await here.db`
		insert into private.rate_counters (name, caller, window_start, shard, calls)
		select name, ${caller}, date_bin(per, now(), 'epoch') + n * per, 99, max_calls - ${left}::int
		from private.rate_limits, generate_series(0, 1) as n where name = ${limit}`;
}

const count = (messages: (string | undefined)[], wanted: string) => messages.filter((one) => one === wanted).length;

describe('codes and secrets', () => {
	test('are counted to the call, wrong ones too, and side by side', async () => {
		const guesser = (await account('guesser')) as Person;
		await leave(10, 'promo_code', guesser.id);
		const tries = await Promise.all(
			Array.from({ length: 13 }, (_, n) =>
				guesser.client.rpc('quote_booking', { service_id: here.plumber.service, promo_code: `FAUX${n}` })
			)
		);
		const said = tries.map(({ error }) => error?.message);
		expect([count(said, 'promo_invalid'), count(said, 'rate_limited')]).toEqual([10, 3]);
		// whoever books with one gives it too
		const booked = await guesser.client.rpc('create_booking', {
			service_id: here.plumber.freeService,
			starts_at: await localInstant(here.db, 3, '09:00'),
			promo_code: 'FAUX',
			idempotency_key: randomUUID()
		});
		expect(booked.error?.message).toBe('rate_limited');
		// what takes none goes on
		expect((await guesser.client.rpc('quote_booking', { service_id: here.plumber.service })).error).toBeNull();
	});

	test('are counted however the call is spelt: by another spelling nothing is called', async () => {
		const token_hash = 'f'.repeat(64);
		for (const path of ['rpc/mail%5Flink', '/rpc//mail_link', 'rpc/mail_lin%6B', 'rpc/mail_link/', '%72pc/mail_link'])
			for (const method of ['GET', 'POST']) {
				const answer = await fetch(
					`${project.url}/rest/v1/${path}${method === 'GET' ? `?token_hash=${token_hash}` : ''}`,
					{
						method,
						headers: { apikey: project.publishableKey, 'content-type': 'application/json' },
						...(method === 'POST' && { body: JSON.stringify({ token_hash }) })
					}
				);
				expect([path, method, answer.status]).toEqual([path, method, 404]);
			}
	});

	test('leave nothing in what others share where they are over the limit', async () => {
		const guesser = (await account('over')) as Person;
		await leave(0, 'promo_code', guesser.id);
		const begun = () => here.db`
			select pg_sequence_last_value(bucket) - base as calls
			from private.undone_buckets('promo_code', ${guesser.id}) as u, unnest(u.buckets) as bucket`;
		const before = await begun();
		for (let n = 0; n < 5; n++) {
			const { error } = await guesser.client.rpc('quote_booking', {
				service_id: here.plumber.service,
				promo_code: `FAUX${n}`
			});
			expect(error?.message).toBe('rate_limited');
		}
		expect(await begun()).toEqual(before);
	});

	test('are counted for all accounts of a network together: one more buys no more guesses', async () => {
		const address = `2001:db8:${randomUUID().slice(0, 4)}:${randomUUID().slice(0, 4)}::1`;
		const [network] = await here.db`select private.network(${address}) as name`;
		await leave(1, 'promo_code_network', network!.name as string);
		const at = await signing(here.db);
		const said: (string | undefined)[] = [];
		for (let n = 0; n < 2; n++) {
			const client = visitor({ global: { headers: at(address) } }) as Client;
			await client.auth.signInWithPassword({ email: (await account('one-more')).email, password });
			const { error } = await client.rpc('quote_booking', { service_id: here.plumber.service, promo_code: 'FAUX' });
			said.push(error?.message);
		}
		expect(said).toEqual(['promo_invalid', 'rate_limited']);
	});

	test.each([
		['get_booking', { manage_token: 'wrong' }],
		['cancel_booking', { manage_token: 'wrong' }],
		['reschedule_booking', { manage_token: 'wrong' }],
		['slots_to_move', { manage_token: 'wrong', from_date: '2030-01-01', to_date: '2030-01-01' }],
		['quote_change', { manage_token: 'wrong' }],
		['accept_offer', { manage_token: 'wrong' }],
		['begin_payment', { manage_token: 'wrong', booking_id: null }],
		['booking_calendar', { manage_token: 'wrong' }],
		['leave_waitlist', { manage_token: 'wrong', entry_id: randomUUID() }],
		['confirm_booking', { proof: 'wrong' }]
	] as const)('of bookings are counted by %s', async (name, args) => {
		const guesser = (await account('guesser')) as Person;
		await leave(1, 'booking_secret', guesser.id);
		const said = async () => (await guesser.client.rpc(name, args as never)).error?.message;
		expect([await said(), await said()]).toEqual(['not_found', 'rate_limited']);
	});

	test.each([
		['quote_booking', 'promo_code', 'code', () => ({ service_id: here.plumber.service, promo_code: 'FAUX' })],
		['complete_booking', 'completion_code', 'code', () => ({ booking_id: randomUUID(), completion_code: '000000' })],
		['get_booking', 'booking_secret', 'code', () => ({ manage_token: 'wrong' })],
		['get_invitation', 'invitation_secret', 'pgrst_scalar', () => ({ token: 'wrong' })],
		['accept_invitation', 'invitation_secret', 'pgrst_scalar', () => ({ token: 'wrong' })],
		['use_recovery_code', 'recovery_code', 'pgrst_scalar', () => ({ code: '0000-0000-0000' })]
	] as const)(
		'given to %s are counted though the answer is made to fail, which undoes all else',
		async (name, limit, column, args) => {
			const guesser = (await account('guesser')) as Person;
			for (const from of ['', ' unknown', ' 127.0.0.1']) await leave(3, limit, guesser.id + from);
			const failing = async () => {
				const { error } = await guesser.client.rpc(name, args() as never).select(`${column}::int`);
				return error?.code;
			};
			// Some more than were left are nobody's.
			for (let tried = 0; tried < 14; tried++) await failing();
			// What is over the limit is refused, whether or not its answer could be given.
			expect((await guesser.client.rpc(name, args() as never)).error?.message).toBe('rate_limited');
		}
	);

	test.each(['get_invitation', 'accept_invitation'] as const)('of invitations are counted by %s', async (name) => {
		const guesser = (await account('guesser')) as Person;
		await leave(1, 'invitation_secret', guesser.id);
		const said = async () => (await guesser.client.rpc(name, { token: 'wrong' })).error?.message;
		expect([await said(), await said()]).toEqual(['not_found', 'rate_limited']);
	});

	/** The functions that people may call, with what each takes. */
	async function callable() {
		return here.db<{ name: string; writes: boolean; args: string[] }[]>`
			select p.proname as name, p.provolatile = 'v' as writes,
				coalesce((p.proargnames)[1:p.pronargs], '{}') as args
			from pg_proc p
			where p.pronamespace = 'public'::regnamespace
				and (has_function_privilege('anon', p.oid, 'execute') or has_function_privilege('authenticated', p.oid, 'execute'))
				and p.prorettype <> 'trigger'::regtype
			order by 1`;
	}
	const secret = /^(.*_)?(token|hash|proof|secret|code)$/;

	test('are counted by every function that takes one', async () => {
		const at = await signing(here.db);
		const functions = (await callable()).filter(({ args }) => args.some((name) => secret.test(name)));
		expect(functions.length).toBeGreaterThan(12);
		const { id, email } = await account('counted');
		const address = `2001:db8:${randomUUID().slice(0, 4)}:${randomUUID().slice(0, 4)}::1`;
		const client = visitor({ global: { headers: at(address) } }) as Client;
		await client.auth.signInWithPassword({ email, password });
		const uncounted: string[] = [];
		let before = 0;
		for (const { name, args } of functions) {
			const given = args.map((arg) => [arg, secret.test(arg) ? 'wrong' : null]);
			await client.rpc(name as never, Object.fromEntries(given) as never);
			const [{ times }] = (await here.db`
				select (
					select coalesce(sum(calls), 0)::int from private.rate_counters
					where caller like ${`${id}%`}
				) + (
					select count(*)::int from private.sign_in_attempts where place = private.network(${address})
				) as times`) as [{ times: number }];
			if (times === before) uncounted.push(name);
			before = times;
		}
		expect(uncounted).toEqual([]);
	});

	test('cannot be tried by a GET, which writes no count: no function that may write takes one', async () => {
		const { url, publishableKey } = project;
		for (const { name, args } of (await callable()).filter(({ writes }) => writes)) {
			const asked = new URL(`${url}/rest/v1/rpc/${name}`);
			for (const arg of args) asked.searchParams.set(arg, '1');
			const answer = await fetch(asked, { headers: { apikey: publishableKey } });
			expect([name, answer.status]).toEqual([name, 405]);
		}
	});

	test('are kept as hashes alone, each for one purpose', async () => {
		const { data } = await here.visitor.rpc('create_booking', {
			service_id: here.plumber.freeService,
			starts_at: await localInstant(here.db, 3, '10:00'),
			guest: { name: 'Nadia', email: `nadia-${randomUUID()}@example.com` },
			idempotency_key: randomUUID()
		});
		const kept = await here.db`
			select purpose, hash = sha256(${data!.manage_token!}::bytea) as same, expires_at = b.ends_at + interval '7 days' as week
			from private.bearer_secrets s join bookings b on b.id = s.subject_id where b.id = ${data!.booking_id!}`;
		expect(kept).toEqual([{ purpose: 'manage_booking', same: true, week: true }]);
		const moved = await localInstant(here.db, 9, '10:00');
		await here.visitor.rpc('reschedule_booking', { manage_token: data!.manage_token!, starts_at: moved });
		const [after] = await here.db`
			select expires_at = ${moved}::timestamptz + interval '7 days 1 hour' as moved
			from private.bearer_secrets where subject_id = ${data!.booking_id!}`;
		expect(after!.moved).toBe(true);
	});
});

describe('an answer does not tell', () => {
	test('whether a promo code is unknown or used up, or who has used it', async () => {
		const code = (values: Record<string, unknown>) =>
			here.youssef.client.from('promo_codes').insert({ provider_id: here.plumber.id, percent: 10, ...values } as never);
		await code({ code: 'CHACUN' });
		await code({ code: 'UNSEUL', max_uses: 1, max_uses_each: null });
		const email = `salma-${randomUUID()}@example.com`;
		const service_id = here.plumber.freeService;
		for (const [promo_code, time] of [
			['CHACUN', '11:00'],
			['UNSEUL', '12:00']
		] as const) {
			const { error } = await here.visitor.rpc('create_booking', {
				service_id,
				starts_at: await localInstant(here.db, 3, time),
				guest: { name: 'Salma', email },
				promo_code,
				idempotency_key: randomUUID()
			});
			expect(error).toBeNull();
		}
		const quote = (promo_code: string, guest?: object, client: Client = here.visitor) =>
			client.rpc('quote_booking', { service_id, promo_code, guest } as never);
		const [used, fresh] = await Promise.all([
			quote('CHACUN', { email }),
			quote('CHACUN', { email: `x-${randomUUID()}@example.com` })
		]);
		expect(used.data).toEqual(fresh.data);
		expect(used.data!.discount_minor).toBe(1500);
		expect((await quote('UNSEUL')).error).toEqual((await quote('INCONNU')).error);
		// an account is told of itself
		await here.amina.client.rpc('create_booking', {
			service_id,
			starts_at: await localInstant(here.db, 3, '13:00'),
			promo_code: 'CHACUN',
			idempotency_key: randomUUID()
		});
		expect((await quote('CHACUN', undefined, here.amina.client)).error).toEqual((await quote('INCONNU')).error);
	});

	test('whether an address waits already', async () => {
		const at = await localInstant(here.db, 20, '09:00');
		const join = async (email: string) => {
			const { data } = await here.visitor.rpc('join_waitlist', {
				service_id: here.salon.service,
				period: `[${at},${new Date(Date.parse(at) + 60_000).toISOString()})`,
				guest: { name: 'Hind', email, address: { line: '3 rue des Orangers' } }
			} as never);
			return data!;
		};
		const email = `hind-${randomUUID()}@example.com`;
		const [first, again] = [await join(email), await join(email.toUpperCase())];
		const other = await join(`x-${randomUUID()}@example.com`);
		const shape = ({ ahead, ...rest }: typeof first) => ({
			ahead,
			...Object.fromEntries(Object.entries(rest).map(([name, value]) => [name, value === null ? null : typeof value]))
		});
		expect(shape(again)).toEqual({ ...shape(first), ahead: 1 });
		expect(shape(other)).toEqual({ ...shape(first), ahead: 2 });
		for (const { entry_id, manage_token } of [first, again]) {
			const left = await here.visitor.rpc('leave_waitlist', { entry_id: entry_id!, manage_token: manage_token! });
			expect(left.error).toBeNull();
		}
	});
});

describe('the secrets of links in mails', () => {
	const guest = { name: 'Hiba', email: `hiba-${randomUUID().slice(0, 8)}@example.com` };
	const kinds = ['booking_received', 'booking_to_prove', 'team_invitation'] as const;
	const secrets: Record<string, string> = {};
	const subjects: Record<string, string> = {};
	beforeAll(async () => {
		const made = await here.visitor.rpc('create_booking', {
			service_id: here.plumber.freeService,
			starts_at: await localInstant(here.db, 12, '09:00'),
			guest,
			idempotency_key: randomUUID()
		} as never);
		subjects.booking = made.data!.booking_id!;
		secrets.booking_received = made.data!.manage_token!;
		await here.db`
			select private.mail_customer(b, 'booking_to_prove', '{}', b.id::text) from bookings b where id = ${subjects.booking}`;
		const [proof] = await here.db`select private.proof_token(${subjects.booking}) as token`;
		secrets.booking_to_prove = proof!.token as string;
		await secondFactor(here.zineb.client);
		const invited = await here.zineb.client.rpc('invite_member', {
			provider_id: here.salon.id,
			email: guest.email,
			role: 'staff'
		});
		expect(invited.error).toBeNull();
		subjects.invitation = invited.data!;
		const [invitation] = await here.db`select private.invitation_token(${subjects.invitation}) as token`;
		secrets.team_invitation = invitation!.token as string;
	});
	const rows = () => here.db<{ kind: string; status: string; data: string }[]>`
		select kind, status, data::text as data from deliveries
		where booking_id = ${subjects.booking!} or invitation_id = ${subjects.invitation!}`;

	test('stand in no row of deliveries, neither before they are sent nor after', async () => {
		const all = Object.values(secrets);
		const before = await rows();
		expect(before.map(({ kind }) => kind)).toEqual(expect.arrayContaining([...kinds]));
		expect(before.filter(({ data }) => all.some((secret) => data.includes(secret)))).toEqual([]);
		// before all that other tests have to send
		await here.db`
			update deliveries set next_attempt_at = '2000-01-01'
			where status = 'queued' and (booking_id = ${subjects.booking!} or invitation_id = ${subjects.invitation!})`;
		await expect
			.poll(async () => (await rows()).every(({ status }) => status === 'sent'), { timeout: 15_000, interval: 200 })
			.toBe(true);
		const kept = await here.db<{ row: string }[]>`select to_jsonb(d)::text as row from deliveries d`;
		expect(kept.filter(({ row }) => all.some((secret) => row.includes(secret)))).toEqual([]);
	});

	test.each(kinds)('are in the mail that goes out: %s', async (kind) => {
		const mail = await here.db
			.begin(async (sql) => {
				await sql`
					insert into deliveries (channel, kind, recipient, booking_id, invitation_id, language, data, dedupe_key)
					select channel, kind, recipient, booking_id, invitation_id, language, data, dedupe_key || ' again'
					from deliveries
					where kind = ${kind} and recipient = ${guest.email}`;
				await sql`delete from deliveries where status in ('queued', 'sending') and dedupe_key not like '% again'`;
				throw (await sql`select body_html, body_text from private.claim_deliveries(20)`)[0]!;
			})
			.catch((undone: { body_html: string; body_text: string }) => undone);
		expect(mail.body_text).toContain(`/${secrets[kind]}`);
		expect(mail.body_html).toContain(`/${secrets[kind]}"`);
		expect(mail.body_html + mail.body_text).not.toMatch(/[{}]/);
	});
});
