import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { account, codeFor, password, secondFactor, visitor } from 'supabase-embedded/testing';
import { makeNeighbourhood } from './people.ts';
import type { Client, Neighbourhood, Person } from './people.ts';

let here: Neighbourhood;
let root: Person;

/** Somebody of the platform's staff, at aal2 unless said otherwise. */
async function staff(role: string, proven = true): Promise<Person> {
	const person = (await account(role)) as Person;
	await here.db`insert into user_roles (user_id, role) values (${person.id}, ${role})`;
	if (proven) await secondFactor(person.client);
	return person;
}

/** Another browser of the same person, with the password alone. */
async function elsewhere(person: Person): Promise<Client> {
	const client = visitor();
	const { error } = await client.auth.signInWithPassword({ email: person.email, password });
	if (error) throw error;
	return client as Client;
}

/** Entries about a row, accounts by their own ids again, and with what is kept apart. */
const entries = (row: string, action: string) =>
	here.db`
		select p.account_id as actor_id, a.actor_role, a.old_values, a.new_values,
			(select v.address from audit_personal v where v.entry_id = a.id and v.address is not null) as address,
			(select v.new_values from audit_personal v where v.entry_id = a.id and v.new_values is not null) as personal
		from audit_log a left join private.pseudonyms p on p.id = a.actor_id
		where a.action = ${action} and a.row_id = (
			select coalesce(r.id || substr(${row}::text, 37), ${row})
			from (select) as none left join private.pseudonyms r on r.account_id::text = left(${row}, 36)
		)`;

beforeAll(async () => {
	here = await makeNeighbourhood();
	root = await staff('super_admin');
});
afterAll(() => here.close());

describe('a platform role', () => {
	test('is given and taken by those whose role says so, and works and ends at once', async () => {
		const person = (await account('nadia')) as Person;
		await secondFactor(person.client);
		const sees = async () => (await person.client.from('bookings').select('id').limit(1)).error;
		expect((await person.client.rpc('find_accounts')).error?.message).toBe('not_allowed');

		const given = await here.admin.client.rpc('grant_role', { user_id: person.id, role: 'moderator' });
		expect(given.error).toBeNull();
		expect(await sees()).toBeNull();
		expect((await person.client.from('role_permissions').select('role')).data!.length).toBeGreaterThan(0);
		expect((await here.admin.client.rpc('revoke_role', { user_id: person.id, role: 'moderator' })).error).toBeNull();
		expect((await person.client.from('role_permissions').select('role')).data).toEqual([]);

		const [entry] = await entries(`${person.id}/moderator`, 'insert');
		expect(entry).toMatchObject({ actor_id: here.admin.id, actor_role: 'admin' });
		expect(entry!.address).toBeTruthy();
	});

	test('higher than one’s own reach is refused, and one’s own is nobody’s to change', async () => {
		const person = (await account('climber')) as Person;
		const climbs: [Person, string, string][] = [
			[here.admin, person.id, 'admin'],
			[here.admin, person.id, 'super_admin'],
			[here.admin, here.admin.id, 'moderator'],
			[here.moderator, person.id, 'moderator'],
			[here.amina, here.amina.id, 'super_admin'],
			[root, root.id, 'admin']
		];
		for (const [who, user_id, role] of climbs) {
			const { error } = await who.client.rpc('grant_role', { user_id, role });
			expect([role, error?.message]).toEqual([role, 'not_allowed']);
		}
		expect((await here.visitor.rpc('grant_role', { user_id: person.id, role: 'admin' })).error?.code).toBe('42501');
		for (const who of [here.admin, root, here.amina]) {
			const { error } = await who.client.from('user_roles').insert({ user_id: person.id, role: 'admin' });
			expect(error?.code).toBe('42501');
		}
		expect((await root.client.rpc('grant_role', { user_id: person.id, role: 'king' })).error).toMatchObject({
			message: 'invalid_input',
			details: 'role'
		});
		expect((await root.client.rpc('grant_role', { user_id: randomUUID(), role: 'admin' })).error?.message).toBe(
			'not_found'
		);
	});

	test('opens nothing without the second factor', async () => {
		const hasty = await staff('admin', false);
		expect((await hasty.client.from('audit_log').select('id').limit(1)).data).toEqual([]);
		expect((await hasty.client.rpc('find_accounts')).error?.message).toBe('step_up_required');
		expect((await hasty.client.rpc('grant_role', { user_id: here.amina.id, role: 'moderator' })).error?.message).toBe(
			'step_up_required'
		);
	});

	test('of the last super admin cannot be removed, not even by the database’s owner', async () => {
		await expect(here.db`delete from user_roles where role = 'super_admin'`).rejects.toThrow('not_allowed');
		const second = await staff('super_admin');
		expect((await root.client.rpc('revoke_role', { user_id: second.id, role: 'super_admin' })).error).toBeNull();
	});
});

describe('the list of accounts', () => {
	test('leaves none out on its pages, also where several came at the same moment', async () => {
		const family = await Promise.all(['twin', 'twin', 'twin'].map((name) => account(name)));
		const surname = `Twins ${randomUUID()}`;
		for (const { id } of family) {
			await here.db`update profiles set full_name = ${surname} where id = ${id}`;
			await here.db`update auth.users set created_at = '2026-01-01 09:00Z' where id = ${id}`;
		}
		const found: string[] = [];
		let last: { created_at: string; id: string } | undefined;
		do {
			await here.admin.client.rpc('note_reading', { subject: 'accounts' }).throwOnError();
			const { data } = await here.admin.client.rpc('find_accounts', {
				q: surname,
				after: last?.created_at,
				after_id: last?.id,
				page_size: 2
			});
			last = data!.at(-1);
			found.push(...data!.map(({ id }) => id));
		} while (last && found.length < 10);
		expect(found.sort()).toEqual(family.map(({ id }) => id).sort());
	});
});

describe('suspending an account', () => {
	test('ends its sessions and lets none open, until it is restored', async () => {
		const person = (await account('rude')) as Person;
		const reasonless = await here.admin.client.rpc('suspend_account', { user_id: person.id, reason: ' ' });
		expect(reasonless.error).toMatchObject({ message: 'invalid_input', details: 'reason' });
		expect(
			(await here.admin.client.rpc('suspend_account', { user_id: person.id, reason: 'insults' })).error
		).toBeNull();
		expect((await person.client.from('profiles').select('id')).error?.message).toBe('session_ended');
		await expect(elsewhere(person)).rejects.toMatchObject({ code: 'user_banned' });
		await here.admin.client.rpc('note_reading', { subject: 'accounts' }).throwOnError();
		expect((await here.admin.client.rpc('find_accounts', { q: person.email })).data).toMatchObject([
			{ id: person.id, suspended: true }
		]);
		const [entry] = await entries(person.id, 'suspended');
		expect(entry).toMatchObject({ actor_id: here.admin.id, new_values: null, personal: { reason: 'insults' } });

		expect((await here.admin.client.rpc('restore_account', { user_id: person.id })).error).toBeNull();
		expect((await (await elsewhere(person)).from('profiles').select('id')).data).toHaveLength(1);
	});

	test('is for those who may, and never for oneself or one above', async () => {
		for (const [who, user_id] of [
			[here.moderator, here.bilal.id],
			[here.bilal, here.amina.id],
			[here.admin, here.admin.id],
			[here.admin, root.id]
		] as const) {
			expect((await who.client.rpc('suspend_account', { user_id, reason: 'x' })).error?.message).toBe('not_allowed');
		}
	});
});

describe('a session', () => {
	test('is in its person’s list, and ends from there at once', async () => {
		const person = (await account('traveller')) as Person;
		const phone = await elsewhere(person);
		await phone.rpc('note_session', { user_agent: 'Mozilla/5.0 (phone)' });
		const listed = await person.client.rpc('my_sessions');
		expect(listed.data).toHaveLength(2);
		expect(listed.data![0]).toMatchObject({ current: true });
		const other = listed.data!.find(({ current }) => !current)!;
		expect(other).toMatchObject({ user_agent: 'Mozilla/5.0 (phone)', second_factor: false });

		expect((await here.bilal.client.rpc('end_session', { session_id: other.id })).error?.message).toBe('not_found');
		expect((await person.client.rpc('end_session', { session_id: other.id })).error).toBeNull();
		expect((await phone.from('profiles').select('id')).error).toMatchObject({
			code: 'PT401',
			message: 'session_ended'
		});
		expect((await phone.auth.refreshSession()).error).not.toBeNull();

		const [tablet, laptop] = [await elsewhere(person), await elsewhere(person)];
		expect((await person.client.rpc('end_other_sessions')).data).toBe(2);
		for (const gone of [tablet, laptop]) expect((await gone.rpc('my_sessions')).error?.message).toBe('session_ended');
		expect((await person.client.rpc('my_sessions')).data).toHaveLength(1);
	});

	test('without the second factor its account has set up is nobody’s', async () => {
		const person = (await account('careful')) as Person;
		const { id, secret } = await secondFactor(person.client);
		const half = await elsewhere(person);
		for (const asked of [
			half.from('profiles').select('id'),
			half.rpc('my_sessions'),
			half.rpc('send_message', { provider_id: here.plumber.id, body: 'x' })
		]) {
			expect((await asked).error?.message).toBe('second_factor_required');
		}
		// what is not REST either: files and live channels ask the policies
		const file = await half.storage
			.from('avatars')
			.upload(`${person.id}/a.webp`, new Blob(['x'], { type: 'image/webp' }));
		expect(file.error).not.toBeNull();
		expect((await half.auth.mfa.challengeAndVerify({ factorId: id, code: codeFor(secret) })).error).toBeNull();
		expect((await half.from('profiles').select('id')).data).toHaveLength(1);
	});
});

describe('recovery codes', () => {
	test('are ten, made with the second factor, and void when made again', async () => {
		const person = (await account('prudent')) as Person;
		expect((await person.client.rpc('make_recovery_codes')).error?.message).toBe('step_up_required');
		await secondFactor(person.client);
		const first = (await person.client.rpc('make_recovery_codes')).data!;
		expect(new Set(first).size).toBe(10);
		for (const code of first) expect(code).toMatch(/^[0-9A-HJKMNP-TV-Z]{4}(-[0-9A-HJKMNP-TV-Z]{4}){2}$/);
		await person.client.rpc('make_recovery_codes');
		const half = await elsewhere(person);
		expect((await half.rpc('use_recovery_code', { code: first[0]! })).error).toMatchObject({
			message: 'invalid_input',
			details: 'code'
		});
		expect((await person.client.rpc('recovery_codes_left')).data).toBe(10);
	});

	test('let in without the phone, once: the factor and the other sessions are gone, and the person is told', async () => {
		const person = (await account('unlucky')) as Person;
		await secondFactor(person.client);
		const [code] = (await person.client.rpc('make_recovery_codes')).data!;
		const half = await elsewhere(person);
		const typed = code!.toLowerCase().replaceAll('-', ' ');
		expect(await half.rpc('use_recovery_code', { code: typed })).toMatchObject({ error: null, data: null });
		expect((await half.from('profiles').select('id')).data).toHaveLength(1);
		expect((await half.auth.mfa.listFactors()).data?.all).toEqual([]);
		expect((await person.client.from('profiles').select('id')).error?.message).toBe('session_ended');
		expect((await half.from('notifications').select('kind')).data).toEqual([{ kind: 'second_factor_removed' }]);
		expect((await half.rpc('use_recovery_code', { code: code! })).error?.message).toBe('invalid_input');
		expect(await entries(person.id, 'second_factor_removed')).toHaveLength(1);
	});

	test('cannot be guessed: wrong ones are counted', async () => {
		const person = (await account('guesser')) as Person;
		for (let n = 0; n < 10; n++)
			expect((await person.client.rpc('use_recovery_code', { code: 'x' })).error?.message).toBe('invalid_input');
		expect((await person.client.rpc('use_recovery_code', { code: 'x' })).error?.message).toBe('rate_limited');
	});
});

describe('the audit log', () => {
	test('keeps who changed what from what to what, without secrets, and is read by admins alone', async () => {
		await here.youssef.client.from('services').update({ price_minor: 26000 }).eq('id', here.plumber.service);
		const { data } = await here.admin.client
			.from('audit_log')
			.select('actor_role, action, old_values, new_values, provider_id')
			.eq('table_name', 'public.services')
			.eq('row_id', here.plumber.service)
			.eq('action', 'update');
		expect(data).toEqual([
			{
				actor_role: 'owner',
				action: 'update',
				old_values: { price_minor: 25000 },
				new_values: { price_minor: 26000 },
				provider_id: here.plumber.id
			}
		]);
		for (const client of [here.moderator.client, here.youssef.client, here.amina.client]) {
			expect((await client.from('audit_log').select('id').limit(1)).data).toEqual([]);
		}
		expect((await here.visitor.from('audit_log').select('id')).error?.code).toBe('42501');
		const [leaks] = await here.db`
			select count(*)::int as count from audit_log
			where concat(old_values, new_values) ~ 'token_hash|secret_hash|"value"|encrypted'`;
		expect(leaks!.count).toBe(0);
	});
});
