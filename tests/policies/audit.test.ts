import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { account, service } from 'supabase-embedded/testing';
import { makeNeighbourhood } from './people.ts';
import type { Neighbourhood, Person } from './people.ts';

let here: Neighbourhood;

beforeAll(async () => {
	here = await makeNeighbourhood();
});
afterAll(() => here.close());

/** Text and JSON in tables that are logged which is neither personal nor an account: codes, states, words of the product. */
const plain = [
	'user_roles role',
	'role_permissions role',
	'role_permissions permission',
	'provider_members role',
	'settings name',
	'rate_limits name',
	'cancellation_policies code',
	'cancellation_policies tiers',
	'providers city_slug',
	'providers time_zone',
	'providers currency',
	'providers status',
	'providers approval',
	'services mode',
	'services price_per',
	'services place',
	'resources kind',
	'invitations role',
	'provider_documents kind',
	'verifications status',
	'start_requests status',
	'start_requests city_slug',
	'promo_codes code',
	'payments currency',
	'payments language',
	'payments status',
	'payments failure_code',
	'payments stripe_session_id',
	'payments stripe_payment_intent',
	'refunds account',
	'refunds reason',
	'refunds status',
	'refunds stripe_refund_id',
	'templates kind',
	'templates language',
	'templates subject',
	'templates body',
	'templates button'
];

describe('the log', () => {
	test('is changed, shortened or emptied by no role, the database’s owner and the secret key included', async () => {
		await here.youssef.client.from('services').update({ name_fr: 'Débouchage' }).eq('id', here.plumber.service);
		const key = service();
		const none = randomUUID();
		for (const attempt of [
			key.from('audit_log').insert({ actor_role: 'system', action: 'x', table_name: 'x', row_id: 'x' }),
			key.from('audit_log').update({ action: 'nothing' }).neq('action', ''),
			key.from('audit_log').delete().neq('action', ''),
			key.from('audit_personal').update({ address: null }).neq('id', none),
			key.from('audit_personal').delete().neq('id', none),
			here.admin.client.from('audit_log').delete().neq('action', ''),
			here.admin.client.from('audit_personal').delete().neq('id', none)
		])
			expect((await attempt).error?.code).toBe('42501');

		const since = new Date(Date.now() - 1000);
		const sums = () =>
			here.db`select md5(string_agg(a::text, '' order by a.id)) from audit_log a where a.at < ${since}`;
		const before = await sums();
		for (const statement of [
			`update audit_log set action = 'nothing'`,
			`delete from audit_log`,
			`truncate audit_log cascade`,
			`update audit_personal set address = null`,
			`delete from audit_personal`,
			`truncate audit_personal`,
			`delete from private.pseudonyms`,
			`update private.pseudonyms set account_id = '${here.amina.id}'`,
			`truncate private.pseudonyms cascade`,
			`truncate ledger_entries cascade`
		])
			await expect(here.db.unsafe(statement), statement).rejects.toMatchObject({ code: '42501' });
		expect(await sums()).toEqual(before);
		// nor where ordinary triggers are put aside, as for a replica
		const ordinary = await here.db`
			select tgrelid::regclass::text as name, tgname from pg_trigger
			where tgname in ('append_only', 'never_emptied') and tgenabled <> 'A'`;
		expect(ordinary).toEqual([]);
	});

	test('holds what is personal apart, under whose it is', async () => {
		const name = `Plomberie ${randomUUID().slice(0, 8)}`;
		await here.youssef.client.from('providers').update({ name, answer_hours: 12 }).eq('id', here.plumber.id);
		const { data } = await here.admin.client
			.from('audit_log')
			.select('id, old_values, new_values')
			.eq('table_name', 'public.providers')
			.eq('row_id', here.plumber.id)
			.eq('action', 'update')
			.order('at', { ascending: false })
			.limit(1);
		const [entry] = data!;
		expect(entry).toMatchObject({ old_values: { answer_hours: 24 }, new_values: { answer_hours: 12 } });
		const parts = await here.db`
			select account_id, provider_id, address, new_values from audit_personal where entry_id = ${entry!.id}`;
		expect([...parts]).toContainEqual({
			account_id: null,
			provider_id: here.plumber.id,
			address: null,
			new_values: { name }
		});
		expect(parts.find(({ address }) => address !== null)).toMatchObject({ account_id: here.youssef.id });
	});

	test('keeps who read its personal part, and of which entries', async () => {
		const [entry] = await here.db<{ id: string }[]>`
			select a.id from audit_log a
			where a.row_id = ${here.plumber.id} and exists (select from audit_personal v where v.entry_id = a.id) limit 1`;
		for (const { client } of [here.moderator, here.youssef])
			expect((await client.rpc('audit_details', { entries: [entry!.id] })).error?.message).toBe('not_allowed');
		expect((await here.admin.client.from('audit_personal' as never).select()).error?.code).toBe('42501');
		await here.admin.client.rpc('note_reading', { subject: 'audit' }).throwOnError();
		const { data } = await here.admin.client.rpc('audit_details', { entries: [entry!.id, randomUUID()] });
		expect(data!.map(({ entry_id }) => entry_id)).toContain(entry!.id);
		const logged = await here.db`
			select new_values from audit_log
			where action = 'read' and table_name = 'public.audit_personal' and row_id = ${entry!.id}`;
		expect(logged).toEqual([{ new_values: { entries: [entry!.id] } }]);
	});

	test('knows of each column of a logged table whether it is personal, and which name accounts', async () => {
		const columns = await here.db<{ name: string; refers: boolean; args: string }[]>`
			select c.relname || ' ' || a.attname as name, encode(t.tgargs, 'escape') as args,
				exists (
					select from pg_constraint f
					where f.conrelid = c.oid and f.contype = 'f' and f.confrelid = 'auth.users'::regclass and a.attnum = any (f.conkey)
				) as refers
			from pg_trigger t
			join pg_class c on c.oid = t.tgrelid
			join pg_attribute a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
			where t.tgfoid = 'private.audit'::regproc
				and (
					a.atttypid in ('text'::regtype, 'jsonb'::regtype, 'bytea'::regtype)
					or exists (
						select from pg_constraint f
						where f.conrelid = c.oid and f.contype = 'f' and f.confrelid = 'auth.users'::regclass and a.attnum = any (f.conkey)
					)
				)`;
		const unknown = columns.filter(({ name, refers, args }) => {
			const column = name.split(' ')[1]!;
			const [, ...said] = args.split('\\000');
			const list = (word: string) =>
				(said.find((one) => one.startsWith(`${word}: `)) ?? '').slice(word.length + 2).split(',');
			if (refers) return !list('accounts').includes(column);
			return !list('personal').includes(column) && !said.includes(column) && !plain.includes(name);
		});
		expect(unknown.map(({ name }) => name)).toEqual([]);
	});

	test('names a person by a pseudonym, which admins can look up until the account is gone', async () => {
		const person = (await account('leaver')) as Person;
		await here.admin.client.rpc('suspend_account', { user_id: person.id, reason: 'insults' });
		await here.admin.client.rpc('restore_account', { user_id: person.id });
		const known = await here.admin.client.rpc('people_in_audit', { accounts: [person.id] });
		const { pseudonym } = known.data![0]!;
		expect(pseudonym).not.toBe(person.id);
		for (const client of [here.moderator.client, here.youssef.client])
			expect((await client.rpc('people_in_audit', { accounts: [person.id] })).error?.message).toBe('not_allowed');

		await service().auth.admin.deleteUser(person.id);
		expect((await here.admin.client.rpc('people_in_audit', { pseudonyms: [pseudonym] })).data).toEqual([]);
		const left = await here.db`
			select a.action, a.new_values, (select count(*)::int from audit_personal v where v.entry_id = a.id and v.new_values is not null) as personal
			from audit_log a where a.row_id = ${pseudonym} order by a.at`;
		expect(left).toMatchObject([
			{ action: 'suspended', personal: 0 },
			{ action: 'restored', personal: 0 },
			{ action: 'delete', personal: 0 }
		]);
	});
});
