import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { account, password, secondFactor, service } from 'supabase-embedded/testing';
import { localInstant, makeNeighbourhood } from './people.ts';
import type { Neighbourhood, Person } from './people.ts';

let here: Neighbourhood;
let booking: string;
const street = `9 rue des Secrets ${randomUUID().slice(0, 8)}`;

beforeAll(async () => {
	here = await makeNeighbourhood();
	const made = await here.amina.client.rpc('create_booking', {
		service_id: here.plumber.service,
		starts_at: await localInstant(here.db, 9, '10:00'),
		address: { line: street },
		notes: 'Appelez le +212611223344',
		guest: { phone: '+212699887766' },
		idempotency_key: randomUUID()
	});
	expect(made.error).toBeNull();
	booking = made.data!.booking_id!;
});
afterAll(() => here.close());

const logged = (action: string, row: string) => here.db`
	select p.account_id as actor, a.new_values,
		(select v.new_values from audit_personal v where v.entry_id = a.id and v.new_values is not null) as personal
	from audit_log a join private.pseudonyms p on p.id = a.actor_id
	where a.action = ${action} and a.row_id = ${row} order by a.at desc`;

describe('how to reach a customer', () => {
	test('is told to staff of the platform by no list and by no look at a booking', async () => {
		const { client } = here.moderator;
		const seen = await client.rpc('get_booking', { booking_id: booking });
		expect(seen.data).toMatchObject({ viewer: 'staff', customer_email: null, customer_phone: null, address: null });
		const listed = await client.rpc('booking_contacts', { booking_ids: [booking] });
		expect(listed.data).toEqual([]);
		const text = JSON.stringify([seen.data, listed.data]);
		for (const value of [here.amina.email, '+212699887766', '+212611223344', street]) expect(text).not.toContain(value);
		for (const column of ['customer_email', 'customer_phone', 'address'])
			expect((await client.from('bookings').select(column).limit(1)).error?.code).toBe('42501');
		expect((await here.admin.client.from('profiles').select('id, phone')).data).toMatchObject([{ id: here.admin.id }]);
		expect((await here.amina.client.rpc('get_booking', { booking_id: booking })).data).toMatchObject({
			customer_email: here.amina.email
		});
	});

	test('is in no list that staff of the platform can read, nor is their name or what they wrote', async () => {
		for (const { client } of [here.moderator, here.admin]) {
			for (const table of ['bookings', 'booking_events', 'booking_seats', 'promo_redemptions'] as const)
				expect((await client.from(table).select('*', { head: true, count: 'exact' })).count ?? 0).toBe(0);
			expect((await client.from('bookings').select('customer_name, notes')).data).toEqual([]);
			const seen = await client.rpc('get_booking', { booking_id: booking });
			expect(seen.data).toMatchObject({ viewer: 'staff', customer_name: null, notes: '', end_reason: null });
			const found = await client.rpc('find_bookings', { q: ` ${seen.data!.reference!.toLowerCase()} ` });
			expect(found.data).toMatchObject([{ id: booking, status: 'held', provider_name: 'Plomberie' }]);
			expect(JSON.stringify([seen.data, found.data])).not.toContain('amina');
		}
		expect((await here.moderator.client.rpc('find_bookings', { q: 'KHNONE' })).data).toEqual([]);
		for (const who of [here.amina, here.youssef])
			expect((await who.client.rpc('find_bookings', { q: 'KHNONE' })).error?.message).toBe('not_allowed');
	});

	test('is told for a reason, which the log keeps with who asked', async () => {
		const { client, id } = here.moderator;
		const read = () => client.rpc('revealed_contact', { booking_id: booking });
		expect((await read()).data).toEqual([]);
		const asked = await client.rpc('reveal_booking_contact', { booking_id: booking, reason: ' litige 4711 ' });
		expect(asked.error).toBeNull();
		expect((await read()).data).toMatchObject([
			{ email: here.amina.email, phone: '+212699887766', address: { line: street }, notes: 'Appelez le +212611223344' }
		]);
		expect(await logged('revealed', booking)).toMatchObject([{ actor: id, personal: { reason: 'litige 4711' } }]);
		for (const reason of ['', '  ', 'x'.repeat(501)])
			expect((await client.rpc('reveal_booking_contact', { booking_id: booking, reason })).error).toMatchObject({
				message: 'invalid_input',
				details: 'reason'
			});
		for (const who of [here.amina, here.youssef, here.zineb])
			expect(
				(await who.client.rpc('reveal_booking_contact', { booking_id: booking, reason: 'curious' })).error?.message
			).toBe('not_allowed');
	});

	test('is told a few times an hour to each of the staff', async () => {
		await here.db`
			insert into private.rate_counters (name, caller, window_start, shard, calls)
			select name, ${here.admin.id}, date_bin(per, now(), 'epoch') + n * per, 99, max_calls
			from private.rate_limits, generate_series(0, 1) as n where name = 'reveal_contact'`;
		const asked = await here.admin.client.rpc('reveal_booking_contact', { booking_id: booking, reason: 'litige' });
		expect(asked.error?.message).toBe('rate_limited');
		await here.db`delete from private.rate_counters where name = 'reveal_contact' and caller = ${here.admin.id}`;
	});
});

describe('what staff read of people and papers', () => {
	test('is told only when the log has it already: no answer that fails tells it first', async () => {
		const { client, id } = here.admin;
		await here.db`delete from private.readings where account_id = ${id}`;
		const words: string[] = [];
		/** A call whose answer cannot be given: what it wrote is undone. */
		const failing = async (name: string, args: object, column: string) => {
			const { error } = await client.rpc(name as 'find_accounts', args).select(`${column}::int`);
			words.push(JSON.stringify(error));
		};
		await failing('find_accounts', {}, 'email');
		await failing('provider_owners', { provider_id: here.salon.id }, 'email');
		await failing('revealed_contact', { booking_id: booking }, 'email');
		await failing('reveal_booking_contact', { booking_id: booking, reason: 'litige' }, 'email');
		expect(words.filter((one) => one.includes('@'))).toEqual([]);
		expect((await client.rpc('find_accounts')).error).toMatchObject({
			message: 'not_allowed',
			details: 'note_reading'
		});
		const before = (await logged('read', '*')).length;
		await client.rpc('note_reading', { subject: 'accounts' }).throwOnError();
		await client.rpc('note_reading', { subject: 'accounts' }).throwOnError();
		expect((await logged('read', '*')).length).toBe(before + 1);
		expect((await client.rpc('find_accounts')).error).toBeNull();
	});

	test('is in the log: accounts found, owners shown, documents opened', async () => {
		const [pseudonym] = (await here.db`select private.pseudonym(${here.zineb.id}) as id`) as unknown as [
			{ id: string }
		];
		await here.admin.client.rpc('note_reading', { subject: 'accounts' }).throwOnError();
		await here.admin.client.rpc('find_accounts', { q: here.zineb.email }).throwOnError();
		const [found] = await logged('read', '');
		expect(found).toMatchObject({ actor: here.admin.id, new_values: { accounts: [pseudonym.id] } });
		await here.moderator.client.rpc('note_reading', { subject: 'owners' }).throwOnError();
		await here.moderator.client.rpc('provider_owners', { provider_id: here.salon.id }).throwOnError();
		expect(await logged('read', here.salon.id)).toMatchObject([
			{ actor: here.moderator.id, new_values: { accounts: [pseudonym.id] } }
		]);
	});

	test('of a document is its file for five minutes once it is opened, and none other', async () => {
		const files = service().storage.from('documents');
		const paths = [1, 2].map(() => `${here.salon.id}/${randomUUID()}.webp`);
		const ids: string[] = [];
		for (const path of paths) {
			await files.upload(path, new Blob([new Uint8Array([1])], { type: 'image/webp' }));
			const [row] = await here.db<{ id: string }[]>`
				insert into provider_documents (provider_id, kind, path) values (${here.salon.id}, 'other', ${path}) returning id`;
			ids.push(row!.id);
		}
		const { client, id } = here.moderator;
		const reads = async (path: string) => (await client.storage.from('documents').download(path)).error === null;
		expect(await reads(paths[0]!)).toBe(false);
		expect((await client.rpc('open_document', { document_id: ids[0]! })).data).toBe(paths[0]);
		expect(await reads(paths[0]!)).toBe(true);
		expect(await reads(paths[1]!)).toBe(false);
		expect(await logged('read', ids[0]!)).toMatchObject([{ actor: id }]);
		await here.db`update private.opened_documents set opened_at = now() - interval '6 minutes' where account_id = ${id}`;
		expect(await reads(paths[0]!)).toBe(false);
		expect((await here.youssef.client.rpc('open_document', { document_id: ids[0]! })).error?.message).toBe(
			'not_allowed'
		);
	});
});

describe('nobody', () => {
	test('decides about a business they work for, restoring it neither', async () => {
		const person = (await account('judge')) as Person;
		await here.db`insert into user_roles (user_id, role) values (${person.id}, 'moderator')`;
		await here.db`insert into provider_members (provider_id, user_id, role) values (${here.salon.id}, ${person.id}, 'staff')`;
		await secondFactor(person.client);
		const own = { message: 'not_allowed', details: 'own_business' };
		const suspend = await person.client.rpc('suspend_provider', { provider_id: here.salon.id, reason: 'x' });
		expect(suspend.error).toMatchObject(own);
		await here.moderator.client.rpc('suspend_provider', { provider_id: here.salon.id, reason: 'essai' });
		expect((await person.client.rpc('restore_provider', { provider_id: here.salon.id })).error).toMatchObject(own);
		// Nor once they have left it, if only for a moment.
		await here.db`delete from provider_members where provider_id = ${here.salon.id} and user_id = ${person.id}`;
		expect((await person.client.rpc('restore_provider', { provider_id: here.salon.id })).error).toMatchObject(own);
		expect((await here.moderator.client.rpc('restore_provider', { provider_id: here.salon.id })).error).toBeNull();
	});

	test('keeps the second factor by an old token: the session’s own level counts', async () => {
		const person = (await account('former')) as Person;
		await here.db`insert into user_roles (user_id, role) values (${person.id}, 'admin')`;
		await secondFactor(person.client);
		expect((await person.client.rpc('second_factor_given')).data).toBe(true);
		expect((await person.client.rpc('note_reading', { subject: 'accounts' })).error).toBeNull();
		expect((await person.client.rpc('find_accounts', { q: person.email })).error).toBeNull();
		const token = (await person.client.auth.getSession()).data.session!.access_token;
		expect(JSON.parse(atob(token.split('.')[1]!))).toMatchObject({ aal: 'aal2' });

		// with another factor still set up nothing is answered at all; with none, nothing that asks for one
		await here.db`update auth.sessions set aal = 'aal1' where user_id = ${person.id}`;
		expect((await person.client.rpc('find_accounts')).error?.message).toBe('second_factor_required');
		await here.db`delete from auth.mfa_factors where user_id = ${person.id}`;
		expect((await person.client.rpc('second_factor_given')).data).toBe(false);
		expect((await person.client.rpc('find_accounts')).error?.message).toBe('step_up_required');
		expect((await person.client.rpc('make_recovery_codes')).error?.message).toBe('step_up_required');
		expect((await person.client.from('audit_log').select('id').limit(1)).data).toEqual([]);
	});
});

describe('who holds an address', () => {
	const mailsTo = (address: string) => here.db`
		select kind, language from deliveries where recipient = ${address} and kind in
			('password_changed', 'email_changed', 'second_factor_added', 'second_factor_removed') order by id`;

	test('is told by mail of a new password, a factor added or removed, and of another address the old and the new', async () => {
		const person = (await account('watchful')) as Person;
		const changed = await person.client.auth.updateUser({ password: `${password}-2`, current_password: password });
		expect(changed.error).toBeNull();
		const { id } = await secondFactor(person.client);
		expect((await person.client.auth.mfa.unenroll({ factorId: id })).error).toBeNull();
		expect((await mailsTo(person.email)).map(({ kind }) => kind)).toEqual([
			'password_changed',
			'second_factor_added',
			'second_factor_removed'
		]);
		const next = `new-${person.email}`;
		expect((await service().auth.admin.updateUserById(person.id, { email: next })).error).toBeNull();
		expect((await mailsTo(person.email)).at(-1)).toMatchObject({ kind: 'email_changed' });
		expect(await mailsTo(next)).toMatchObject([{ kind: 'email_changed' }]);
		const words = await here.db`
			select kind, count(*)::int as languages from templates
			where kind in ('password_changed', 'email_changed', 'second_factor_added', 'second_factor_removed') group by kind`;
		expect(words.map(({ languages }) => languages)).toEqual([3, 3, 3, 3]);
	});
});
