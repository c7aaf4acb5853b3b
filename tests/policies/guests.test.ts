import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { newEmail, password, service } from 'supabase-embedded/testing';
import { names } from '../../src/lib/form/name.cases.ts';
import { runJob } from '../load/jobs.ts';
import { localInstant, makeNeighbourhood } from './people.ts';
import type { Neighbourhood } from './people.ts';

let here: Neighbourhood;

beforeAll(async () => {
	here = await makeNeighbourhood();
	await here.db`update providers set approval = 'automatic' where id = ${here.plumber.id}`;
});
afterAll(() => here.close());

let hour = 8;
/** Books the plumber's service that nothing is paid for in advance, as a guest, each time an hour later. */
async function book(guest: { email: string; phone?: string }, days = 4, name = 'Nadia') {
	return here.visitor.rpc('create_booking', {
		service_id: here.plumber.freeService,
		starts_at: await localInstant(here.db, days, `${hour++}:00`),
		guest: { name, ...guest },
		idempotency_key: randomUUID()
	});
}

const someone = () => ({ email: `nadia-${randomUUID()}@example.com` });

/** Has the first bookings of a guest count as made, so that `left` more are confirmed at once. */
async function leave(left: number, limit: string, key: string): Promise<void> {
	await here.db`
		insert into private.rate_counters (name, caller, window_start, shard, calls)
		select name, ${key}, date_bin(per, now(), 'epoch') + n * per, 99, max_calls - ${left}::int
		from private.rate_limits, generate_series(0, 1) as n where name = ${limit}`;
}

const keyOf = async (contact: string) =>
	(await here.db<{ key: string }[]>`select private.contact_key(${contact}) as key`)[0]!.key;

/** The proof that the mail to a guest's address carries. */
async function proofIn(email: string): Promise<string> {
	const [mail] = await here.db<{ proof: string }[]>`
		select private.proof_token(booking_id) as proof from deliveries
		where recipient = ${email} and kind = 'booking_to_prove' and data ->> 'link' like '%/confirm-booking/{proof_token}'`;
	return mail!.proof;
}

/** A booking that waits for its guest's proof. */
async function unproven(days?: number) {
	const guest = someone();
	await leave(0, 'guest_booking_email', await keyOf(guest.email));
	const { data } = await book(guest, days);
	return { ...data!, email: guest.email };
}

describe('a guest who pays nothing in advance', () => {
	test('is confirmed at once the first times, whether or not the address is theirs; then by the click in the mail', async () => {
		const guest = someone();
		await leave(2, 'guest_booking_email', await keyOf(guest.email));
		const made = [await book(guest), await book(guest), await book(guest)].map(({ data }) => data!);
		expect(made.map(({ status }) => status)).toEqual(['confirmed', 'confirmed', 'held']);
		expect(made[2]).toMatchObject({ amount_due_minor: 0, hold_expires_at: expect.any(String) });
		const told = await here.youssef.client.from('notifications').select('id').eq('booking_id', made[2]!.booking_id!);
		expect(told.data).toEqual([]);

		const { data: seen } = await here.visitor.rpc('get_booking', { manage_token: made[2]!.manage_token! });
		expect(seen).toMatchObject({ status: 'held', unproven: true, next_statuses: ['cancelled'] });
		// what the answer of booking gave is no proof of the mailbox
		for (const proof of [made[2]!.manage_token!, 'guessed']) {
			expect((await here.visitor.rpc('confirm_booking', { proof })).error?.message).toBe('not_found');
		}
		const accepted = await here.visitor.rpc('accept_offer', { manage_token: made[2]!.manage_token! });
		expect(accepted.error?.message).toBe('invalid_transition');
		const payment = await here.visitor.rpc('begin_payment', {
			booking_id: made[2]!.booking_id!,
			manage_token: made[2]!.manage_token!
		});
		expect(payment.error?.message).toBe('invalid_transition');

		const proof = await proofIn(guest.email);
		const { data: confirmed } = await here.visitor.rpc('confirm_booking', { proof });
		expect(confirmed).toMatchObject({
			status: 'confirmed',
			manage_token: made[2]!.manage_token,
			hold_expires_at: null
		});
		expect((await here.visitor.rpc('confirm_booking', { proof })).data).toEqual(confirmed);
		const mails = await here.db`
			select kind from deliveries where recipient = ${guest.email} order by created_at`;
		expect(mails.map(({ kind }) => kind as string).toSorted()).toEqual([
			'booking_confirmed',
			'booking_confirmed',
			'booking_confirmed',
			'booking_to_prove'
		]);
		const then = await here.youssef.client.from('notifications').select('kind').eq('booking_id', made[2]!.booking_id!);
		expect(then.data).toEqual([{ kind: 'booking_made' }]);
	});

	test('is counted by mail address, phone, and the calendar that is filled, however it is written', async () => {
		const phone = `+2126${String(Date.now()).slice(-8)}`;
		await leave(0, 'guest_booking_phone', await keyOf(phone));
		expect((await book({ ...someone(), phone: `0${phone.slice(4)}` })).data?.status).toBe('held');
		const { email } = someone();
		await leave(0, 'guest_booking_email', await keyOf(email));
		expect((await book({ email: ` ${email.toUpperCase()} ` })).data?.status).toBe('held');
		await leave(0, 'guest_booking_provider', here.plumber.id);
		const statuses = [(await book(someone())).data?.status];
		const account = await here.amina.client.rpc('create_booking', {
			service_id: here.plumber.freeService,
			starts_at: await localInstant(here.db, 4, `${hour++}:00`),
			idempotency_key: randomUUID()
		});
		await here.db`delete from private.rate_counters where caller = ${here.plumber.id}`;
		// an account has proven its address
		expect([...statuses, account.data?.status]).toEqual(['held', 'confirmed']);
		hour = 8;
	});

	test('counts exactly, also side by side', async () => {
		const guest = someone();
		await leave(2, 'guest_booking_email', await keyOf(guest.email));
		const made = await Promise.all(Array.from({ length: 6 }, () => book(guest, 5)));
		expect(made.filter(({ data }) => data?.status === 'confirmed')).toHaveLength(2);
		hour = 8;
	});

	test('holds a place for half an hour, which is then free again', async () => {
		const made = await unproven(6);
		const proof = await proofIn(made.email);
		await here.db`update bookings set hold_expires_at = now() - interval '1 second' where id = ${made.booking_id}`;
		await here.db`update occupancies set expires_at = now() - interval '1 second' where booking_id = ${made.booking_id}`;
		const late = await here.visitor.rpc('confirm_booking', { proof });
		expect(late.error).toMatchObject({ code: 'PT410', message: 'hold_expired' });
		expect(JSON.parse(late.error!.hint)).toHaveLength(3);
		await runJob(here.db, 'expire holds');
		const { data } = await here.visitor.rpc('get_booking', { manage_token: made.manage_token! });
		expect(data).toMatchObject({ status: 'expired', resources: [], unproven: false });
		expect((await here.visitor.rpc('confirm_booking', { proof })).error?.message).toBe('invalid_transition');
	});

	test('cannot hold many places without a proof', async () => {
		const guest = someone();
		const key = await keyOf(guest.email);
		await leave(0, 'guest_booking_email', key);
		await leave(1, 'guest_hold_email', key);
		expect((await book(guest, 7)).data?.status).toBe('held');
		expect((await book(guest, 7)).error?.message).toBe('rate_limited');
		hour = 8;
	});
});

describe('names', () => {
	test('are the same for the database as for the site', async () => {
		const all = [...names.good, ...names.bad];
		const [row] = await here.db<{ good: string[] }[]>`
			select array_agg(name order by n) filter (where private.name_ok(name)) as good
			from unnest(${all}::text[]) with ordinality as t (name, n)`;
		expect(row!.good).toEqual(names.good);
	});

	test('with a web address or with what is not to be seen are stored nowhere', async () => {
		for (const name of ['Gagnez sur evil.example', '\u202Egnp.exe', '\u200B']) {
			expect((await book(someone(), 8, name)).error).toMatchObject({ message: 'invalid_input', details: 'name' });
			const waiting = await here.visitor.rpc('join_waitlist', {
				service_id: here.plumber.freeService,
				period: `[${await localInstant(here.db, 8, '09:00')},${await localInstant(here.db, 8, '10:00')})`,
				guest: { name, ...someone() }
			} as never);
			expect(waiting.error).toMatchObject({ message: 'invalid_input', details: 'name' });
			const written = [
				await here.amina.client.from('profiles').update({ full_name: name }).eq('id', here.amina.id),
				await here.youssef.client
					.from('providers')
					.update({ name: `${name} xx` })
					.eq('id', here.plumber.id),
				await here.youssef.client
					.from('services')
					.update({ name_ar: `${name} xx` })
					.eq('id', here.plumber.service)
			];
			// two signs more make something to see of the last one
			const codes = written.map(({ error }) => error?.code);
			expect(codes).toEqual(name === '\u200B' ? ['23514', undefined, undefined] : ['23514', '23514', '23514']);
			const staff = await here.youssef.client
				.from('resources')
				.insert({ provider_id: here.plumber.id, kind: 'staff', name });
			expect(staff.error?.code).toBe('23514');
		}
	});

	test('that Auth passes on with a new account are taken for one, or left out', async () => {
		const nameOf = async (full_name: string) => {
			const made = await service().auth.admin.createUser({
				email: newEmail('leila'),
				password,
				email_confirm: true,
				user_metadata: { full_name }
			});
			const [row] = await here.db<{ full_name: string }[]>`
				select full_name from profiles where id = ${made.data.user!.id}`;
			return row!.full_name;
		};
		expect(await nameOf(' Leïla Bennani ')).toBe('Leïla Bennani');
		expect(await nameOf('Gagnez sur evil.example')).toMatch(/^leila /);
	});
});
