import type { Sql } from 'postgres';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { account, database, newEmail, password, service, visitor } from '../testing/project.ts';

let sql: Sql;

beforeAll(async () => {
	sql = database();
	await sql.unsafe(`
		create table if not exists public.contract_people (id uuid primary key references auth.users on delete cascade, name text, kind text);
		alter table public.contract_people enable row level security;
		create or replace function public.contract_welcome() returns trigger
		language plpgsql security definer set search_path = ''
		as $$
		begin
			if new.raw_user_meta_data ->> 'contract_name' = 'nobody' then
				raise exception 'not welcome';
			end if;
			insert into public.contract_people values (new.id, new.raw_user_meta_data ->> 'contract_name', jsonb_typeof(new.raw_user_meta_data));
			return new;
		end
		$$;
		revoke execute on function public.contract_welcome() from public, anon, authenticated;
		create or replace trigger contract_welcome after insert on auth.users
			for each row when (new.raw_user_meta_data ? 'contract_name') execute function public.contract_welcome();
	`);
});

afterAll(async () => {
	await sql.unsafe(
		'drop trigger contract_welcome on auth.users; drop function public.contract_welcome(); drop table public.contract_people;'
	);
	await sql.end();
});

describe('a trigger of the project on new accounts', () => {
	test('reads the metadata of a sign-up as a JSON object', async () => {
		const { data } = await visitor().auth.signUp({
			email: newEmail('hook'),
			password,
			options: { data: { contract_name: 'Houda' } }
		});
		const [row] = await sql`select * from public.contract_people where id = ${data.user!.id}`;
		expect(row).toMatchObject({ name: 'Houda', kind: 'object' });
	});

	test('reads the metadata of an account made by the service role', async () => {
		const { data } = await service().auth.admin.createUser({
			email: newEmail('hook'),
			password,
			user_metadata: { contract_name: 'Said' }
		});
		const [row] = await sql`select * from public.contract_people where id = ${data.user!.id}`;
		expect(row).toMatchObject({ name: 'Said', kind: 'object' });
	});

	test('that raises undoes the sign-up', async () => {
		const email = newEmail('refused');
		const { error } = await visitor().auth.signUp({ email, password, options: { data: { contract_name: 'nobody' } } });
		expect(error).toMatchObject({ status: 500, message: 'Database error saving new user' });
		expect(await sql`select 1 from auth.users where email = ${email}`).toHaveLength(0);
	});

	test('sees its rows go with the account', async () => {
		const { data } = await service().auth.admin.createUser({
			email: newEmail('hook'),
			password,
			user_metadata: { contract_name: 'Gone' }
		});
		await service().auth.admin.deleteUser(data.user!.id);
		expect(await sql`select 1 from public.contract_people where id = ${data.user!.id}`).toHaveLength(0);
	});
});

describe('a seed', () => {
	test('may insert accounts with hashes of pgcrypto, which then sign in', async () => {
		const email = newEmail('seeded');
		const id = crypto.randomUUID();
		await sql`
			insert into auth.users (
				instance_id, id, aud, role, email, encrypted_password, email_confirmed_at, raw_app_meta_data, raw_user_meta_data,
				created_at, updated_at, confirmation_token, recovery_token, email_change, email_change_token_new
			) values (
				'00000000-0000-0000-0000-000000000000', ${id}, 'authenticated', 'authenticated', ${email},
				extensions.crypt(${password}, extensions.gen_salt('bf')), now(),
				'{"provider":"email","providers":["email"]}', '{"full_name":"Seeded"}', now(), now(), '', '', '', ''
			)`;
		await sql`
			insert into auth.identities (provider_id, user_id, identity_data, provider, last_sign_in_at, created_at, updated_at)
			values (${id}, ${id}, ${sql.json({ sub: id, email })}, 'email', now(), now(), now())`;
		const { data, error } = await visitor().auth.signInWithPassword({ email, password });
		expect(error).toBeNull();
		expect(data.user).toMatchObject({ id, user_metadata: { full_name: 'Seeded' } });
		expect(data.user!.identities).toHaveLength(1);
	});

	test('that leaves a token null makes an account that Auth cannot read', async () => {
		const email = newEmail('broken');
		await sql`
			insert into auth.users (instance_id, id, aud, role, email, encrypted_password, email_confirmed_at)
			values ('00000000-0000-0000-0000-000000000000', gen_random_uuid(), 'authenticated', 'authenticated', ${email}, 'x', now())`;
		const { error } = await visitor().auth.signInWithPassword({ email, password });
		await sql`delete from auth.users where email = ${email}`;
		expect(error).toMatchObject({ status: 500, message: 'Database error querying schema' });
	});
});

describe('the functions of the schema auth', () => {
	test('say who the request speaks for', async () => {
		const claims = {
			sub: crypto.randomUUID(),
			role: 'authenticated',
			email: 'someone@example.com',
			app_metadata: { plan: 'pro' }
		};
		const [row] = await sql.begin(async (transaction) => {
			await transaction`select set_config('request.jwt.claims', ${JSON.stringify(claims)}, true)`;
			await transaction`set local role authenticated`;
			return transaction`select auth.uid(), auth.role(), auth.email(), auth.jwt()`;
		});
		expect(row).toEqual({ uid: claims.sub, role: 'authenticated', email: claims.email, jwt: claims });
	});

	test('say nobody when there is no token', async () => {
		const [row] = await sql.begin(async (transaction) => {
			await transaction`set local role anon`;
			return transaction`select auth.uid(), auth.role(), auth.email(), auth.jwt()`;
		});
		expect(row).toEqual({ uid: null, role: null, email: null, jwt: null });
	});
});

describe('the tables of the schema auth', () => {
	test.each(['anon', 'authenticated', 'service_role'])('are closed to %s', async (role) => {
		for (const table of ['users', 'sessions', 'refresh_tokens', 'identities', 'one_time_tokens', 'mfa_factors']) {
			const attempt = sql.begin(async (transaction) => {
				await transaction`set local role ${transaction(role)}`;
				await transaction`select 1 from ${transaction(`auth.${table}`)}`;
			});
			await expect(attempt).rejects.toMatchObject({ code: '42501' });
		}
	});

	test.each([
		'alter table auth.users add column mine text',
		'alter table auth.users disable row level security',
		'create index mine on auth.users (created_at)',
		'drop table auth.mfa_challenges',
		'drop function auth.email()',
		'create table auth.mine (id int)'
	])('are not the project’s to alter: %s', async (statement) => {
		await expect(sql.unsafe(statement)).rejects.toMatchObject({ code: '42501' });
	});

	test('keep one line of each sign-in', async () => {
		const { id } = await account('audited');
		const rows =
			await sql`select payload from auth.audit_log_entries where payload ->> 'actor_id' = ${id} and payload ->> 'action' = 'login'`;
		expect(rows).toHaveLength(1);
	});
});
