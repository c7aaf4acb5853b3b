import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { TransactionSql } from 'postgres';
import { account, newEmail, password, secondFactor, service, visitor } from 'supabase-embedded/testing';
import { localInstant, makeNeighbourhood } from './people.ts';
import type { Neighbourhood, Person } from './people.ts';

let here: Neighbourhood;

beforeAll(async () => {
	here = await makeNeighbourhood();
});
afterAll(() => here.close());

/** What is hers and nobody else's: each must be gone from every table. */
const secrets = () => {
	const mark = randomUUID().slice(0, 8);
	return {
		name: `Khadija "K" Zerhouni ${mark}`,
		phone: `+2126${String(Math.floor(Math.random() * 1e8)).padStart(8, '0')}`,
		street: `12 rue ${mark} du Puits`,
		notes: `Sonner deux fois ${mark}`,
		reason: `Ma fille ${mark} est malade`,
		message: `Bonjour, c’est ${mark}`
	};
};

/** What the business wrote to her, which is the business's. */
const answer = 'Nous passerons lundi matin.';

/** Somebody who has left something everywhere, with a booking that was cancelled. */
async function somebody(hers: ReturnType<typeof secrets>): Promise<Person & { booking: string }> {
	const person = (await account('khadija')) as Person;
	await person.client
		.from('profiles')
		.update({ full_name: hers.name, phone: hers.phone, language: 'fr' })
		.eq('id', person.id);
	await person.client.auth.updateUser({ data: { full_name: hers.name } });
	const made = await person.client.rpc('create_booking', {
		service_id: here.plumber.service,
		starts_at: await localInstant(here.db, 4, '11:00'),
		address: { line: hers.street, district: 'Maârif', city: 'Casablanca' },
		notes: hers.notes,
		guest: { phone: hers.phone },
		idempotency_key: randomUUID()
	});
	expect(made.error).toBeNull();
	const booking = made.data!.booking_id!;
	await here.db`update bookings set status = 'pending', hold_expires_at = null where id = ${booking}`;
	await here.db`
		insert into booking_events (booking_id, from_status, to_status, actor) values (${booking}, 'held', 'pending', 'system')`;
	await person.client.rpc('send_message', { provider_id: here.plumber.id, body: hers.message });
	await here.youssef.client.rpc('send_message', {
		conversation_id: (await person.client.from('conversations').select('id').single()).data!.id,
		body: answer
	});
	await person.client.rpc('cancel_booking', { booking_id: booking, reason: hers.reason });
	await here.db`
		insert into reviews (booking_id, provider_id, author_id, author_name, rating, language)
		values (${booking}, ${here.plumber.id}, ${person.id}, ${hers.name}, 5, 'fr')`;
	await here.db`
		insert into invitations (provider_id, email, role)
		values (${here.salon.id}, ${person.email}, 'staff')`;
	await here.db`insert into provider_members (provider_id, user_id, role) values (${here.salon.id}, ${person.id}, 'manager')`;
	await here.db`
		insert into resources (provider_id, kind, name) values (${here.salon.id}, 'staff', ${hers.name})`;
	await here.db`update resources set user_id = ${person.id} where provider_id = ${here.salon.id} and name = ${hers.name}`;
	await person.client.from('provider_documents').insert({
		provider_id: here.salon.id,
		kind: 'identity',
		path: `${here.salon.id}/${person.id}.webp`
	});
	await person.client.rpc('note_session', { user_agent: 'Khadija’s phone' });
	await here.db`insert into private.recovery_codes (user_id, code_hash) values (${person.id}, '\\x00')`;
	return { ...person, booking };
}

/** Tables in which a text stands, in any column. */
async function tablesWith(text: string): Promise<string[]> {
	const tables = await here.db<{ name: string }[]>`
		select format('%I.%I', n.nspname, c.relname) as name
		from pg_class c join pg_namespace n on n.oid = c.relnamespace
		where c.relkind = 'r' and n.nspname in ('public', 'private', 'auth', 'storage', 'realtime', 'net', 'cron')
		order by 1`;
	const found: string[] = [];
	for (const { name } of tables) {
		// as rows write themselves: quotes doubled in a row's text, escaped in JSON
		const [row] = await here.db.unsafe(
			`select exists (select from ${name} as t where strpos(translate(t::text, '"\\', ''), translate($1, '"\\', '')) > 0) as there`,
			[text]
		);
		if (row!.there) found.push(name);
	}
	return found;
}

/** Rows of all tables as text, but for those in which the account stands by its own id, and for what jobs and workers mark. */
async function rowsOfOthers(db: TransactionSql, id: string): Promise<Map<string, string[]>> {
	const tables = await db<{ name: string }[]>`
		select format('%I.%I', n.nspname, c.relname) as name
		from pg_class c join pg_namespace n on n.oid = c.relnamespace
		where c.relkind = 'r' and n.nspname in ('public', 'private', 'realtime', 'storage')
			and c.relname not in (
				'deliveries', 'rate_counters', 'busy_workers', 'rate_limits', 'file_removals', 'link_requests', 'waitlist_passes'
			)
		order by 1`;
	const rows = new Map<string, string[]>();
	for (const { name } of tables) {
		const found = await db.unsafe<{ row: string }[]>(
			`select t::text as row from ${name} as t where strpos(t::text, $1) = 0`,
			[id]
		);
		rows.set(
			name,
			found.map(({ row }) => row)
		);
	}
	return rows;
}

describe('what is there of an account', () => {
	test('is given to it whole, and nothing of others', async () => {
		const hers = secrets();
		const person = await somebody(hers);
		const { data, error } = await person.client.rpc('export_my_data');
		expect(error).toBeNull();
		const files = data as Record<string, unknown>;
		expect(Object.keys(files).sort()).toEqual([
			'account.json',
			'audit.json',
			'bookings.json',
			'conversations.json',
			'notifications.json',
			'profile.json',
			'reviews.json',
			'roles.json',
			'sessions.json',
			'start_requests.json',
			'teams.json',
			'waitlist.json'
		]);
		const text = JSON.stringify(files);
		for (const value of Object.values(hers)) expect(text).toContain(JSON.stringify(value).slice(1, -1));
		for (const other of [here.amina.email, here.youssef.email]) expect(text).not.toContain(other);
		expect(text).not.toMatch(/token_hash|code_hash|encrypted_password/);
		expect((await here.visitor.rpc('export_my_data')).error?.code).toBe('42501');
	});
});

describe('deleting an account', () => {
	test('waits for bookings to come, and for another owner of a provider', async () => {
		const person = (await account('busy')) as Person;
		const made = await person.client.rpc('create_booking', {
			service_id: here.plumber.freeService,
			starts_at: await localInstant(here.db, 5, '16:00'),
			idempotency_key: randomUUID()
		});
		const asked = await person.client.rpc('account_deletion_obstacles');
		expect(asked.data).toEqual({ last_owner_of: [], upcoming_bookings: 1 });
		const refused = await person.client.rpc('delete_my_account');
		expect(refused.error).toMatchObject({ message: 'invalid_transition', details: 'bookings' });
		await person.client.rpc('cancel_booking', { booking_id: made.data!.booking_id! });
		expect((await person.client.rpc('delete_my_account')).error).toBeNull();

		expect((await here.zineb.client.rpc('account_deletion_obstacles')).data).toMatchObject({
			last_owner_of: ['Salon']
		});
		expect((await here.zineb.client.rpc('delete_my_account')).error?.message).toBe('last_owner');
	});

	test('leaves nothing personal in any table, and keeps what the law keeps without a name', async () => {
		const hers = secrets();
		const person = await somebody(hers);
		for (const value of Object.values(hers)) expect(await tablesWith(value)).not.toEqual([]);
		expect((await person.client.rpc('delete_my_account')).error).toBeNull();

		for (const value of [...Object.values(hers), person.email])
			expect([value, await tablesWith(value)]).toEqual([value, []]);
		const [kept] = await here.db`
			select customer_id, customer_name, status, price_minor from bookings where id = ${person.booking}`;
		expect(kept).toMatchObject({ customer_id: null, customer_name: '—', status: 'cancelled', price_minor: '25000' });
		const steps = await here.db`select to_status from booking_events where booking_id = ${person.booking}`;
		expect(steps.length).toBeGreaterThanOrEqual(3);

		const messages = await here.db`
			select m.side, m.body from messages m join conversations c on c.id = m.conversation_id
			where c.provider_id = ${here.plumber.id} and c.customer_id is null`;
		expect(messages).toEqual([{ side: 'provider', body: answer }]);

		const afterwards = await person.client.from('bookings').select('id');
		expect(afterwards.error).toMatchObject({ message: 'session_ended' });
	});

	test('takes the name off the calendar of a team that it has left, unless another has taken it', async () => {
		const [left, followed] = [(await account('left')) as Person, (await account('followed')) as Person];
		const posts: string[] = [];
		for (const who of [left, followed]) {
			const [post] = await here.db`
				insert into resources (provider_id, kind, name) values (${here.plumber.id}, 'staff', 'Khadija Parti') returning id`;
			posts.push(post!.id as string);
			await here.db`
				insert into provider_members (provider_id, user_id, role) values (${here.plumber.id}, ${who.id}, 'staff')`;
			const assigned = await here.youssef.client.rpc('assign_resource', {
				resource_id: posts.at(-1)!,
				user_id: who.id
			});
			expect(assigned.error).toBeNull();
			expect((await who.client.rpc('leave_provider', { provider_id: here.plumber.id })).error).toBeNull();
		}
		await here.youssef.client.from('resources').update({ name: 'Saïd' }).eq('id', posts[1]!);
		for (const who of [left, followed]) expect((await who.client.rpc('delete_my_account')).error).toBeNull();
		const kept = await here.db`select name from resources where id = any (${posts}) order by id`;
		expect(kept).toEqual([{ name: '—' }, { name: 'Saïd' }]);
		const logged = await here.db`
			select from audit_personal p join audit_log l on l.id = p.entry_id
			where l.row_id = ${posts[0]!} and (p.new_values::text || coalesce(p.old_values::text, '')) like '%Khadija Parti%'`;
		expect(logged).toEqual([]);
	});

	test('forgets from where it was signed in to, and what was tried for it', async () => {
		const person = (await account('places')) as Person;
		const [row] = await here.db<{ key: Buffer }[]>`select private.key_of(${person.id}) as key`;
		await here.db`insert into private.known_places (account, place) values (${row!.key}, '192.0.2.7')`;
		await here.db`
			insert into private.sign_in_attempts (kind, account, place) values ('password', ${row!.key}, '192.0.2.7')`;
		expect((await person.client.rpc('delete_my_account')).error).toBeNull();
		const left = await here.db`
			select account from private.known_places where account = ${row!.key}
			union all select account from private.sign_in_attempts where account = ${row!.key}`;
		expect(left).toEqual([]);
	});

	test('leaves nobody to write to in the place of its address', async () => {
		const [mail] = await here.db`
			insert into deliveries (channel, kind, recipient, language, dedupe_key)
			values ('email', 'booking_confirmed', 'deleted@account.invalid', 'fr', ${randomUUID()}) returning status, error`;
		expect(mail).toEqual({ status: 'skipped', error: 'rejected: no mail address' });
	});

	test.each(['e', 'admin', '%', '—', 'a'])('by somebody named “%s” changes no row of others', async (name) => {
		// an unhappy choice of words all around
		await here.amina.client.from('profiles').update({ full_name: 'admin e % a —' }).eq('id', here.amina.id);
		await here.amina.client.rpc('send_message', { provider_id: here.plumber.id, body: 'admin e % a —' });
		const made = await here.amina.client.rpc('create_booking', {
			service_id: here.plumber.freeService,
			starts_at: await localInstant(here.db, 6, '10:00'),
			notes: 'admin e % a —',
			idempotency_key: randomUUID()
		});
		if (made.data?.booking_id) await here.amina.client.rpc('cancel_booking', { booking_id: made.data.booking_id });

		const person = (await account('short')) as Person;
		await person.client.from('profiles').update({ full_name: name }).eq('id', person.id);
		await here.db`update auth.users set raw_user_meta_data = '{}' where id = ${person.id}`;
		const { data: session } = await person.client.auth.getSession();
		const claims = session.session!.access_token.split('.')[1]!;
		// what jobs and workers do at that moment is not seen from within
		await here.db.begin('isolation level repeatable read', async (tx) => {
			const before = await rowsOfOthers(tx, person.id);
			await tx`
				select
					set_config('request.jwt.claims', ${Buffer.from(claims, 'base64url').toString()}, true),
					set_config('role', 'authenticated', true)`;
			await tx`select public.delete_my_account()`;
			await tx`reset role`;
			const after = await rowsOfOthers(tx, person.id);
			for (const [table, rows] of before) {
				const there = new Set(after.get(table));
				expect([table, rows.filter((row) => !there.has(row))]).toEqual([table, []]);
			}
		});
		expect((await here.db`select from auth.users where id = ${person.id}`).length).toBe(0);
	});

	test('leaves alone what strangers did under its address, typed by a guest', async () => {
		const victim = (await account('victim')) as Person;
		const made = await here.visitor.rpc('create_booking', {
			service_id: here.plumber.freeService,
			starts_at: await localInstant(here.db, 7, '10:00'),
			guest: { name: 'Somebody else', email: victim.email, phone: '+212612345678' },
			idempotency_key: randomUUID()
		});
		const joined = await here.visitor.rpc('join_waitlist', {
			service_id: here.plumber.freeService,
			period: `[${await localInstant(here.db, 7, '09:00')},${await localInstant(here.db, 7, '18:00')})`,
			guest: { name: 'Somebody else', email: victim.email }
		});
		expect(joined.error).toBeNull();
		// the worker sends the mails meanwhile, in any order
		const seen = () => here.db`
			select to_jsonb(b) as row from bookings b where id = ${made.data!.booking_id!}
			union all select to_jsonb(w) from waitlist_entries w where lower(customer_email) = ${victim.email}
			union all select to_jsonb(d) - array['status', 'attempts', 'next_attempt_at', 'sent_at', 'external_id'] from deliveries d where booking_id = ${made.data!.booking_id!}
			order by row`;
		const before = await seen();
		expect((await victim.client.rpc('delete_my_account')).error).toBeNull();
		expect(await seen()).toEqual(before);
		const still = await here.visitor.rpc('get_booking', { manage_token: made.data!.manage_token! });
		expect(still.data).toMatchObject({ customer_name: 'Somebody else', viewer: 'guest' });
	});

	test('takes along a guest’s booking that its owner has claimed, whose link ends', async () => {
		const person = (await account('guest')) as Person;
		const made = await here.visitor.rpc('create_booking', {
			service_id: here.plumber.freeService,
			starts_at: await localInstant(here.db, 8, '10:00'),
			guest: { name: 'Guest', email: person.email },
			idempotency_key: randomUUID()
		});
		const manage_token = made.data!.manage_token!;
		const booking_id = made.data!.booking_id!;
		expect((await here.bilal.client.rpc('claim_booking', { manage_token })).error).toMatchObject({
			message: 'not_allowed',
			details: 'email'
		});
		expect((await person.client.rpc('claim_booking', { manage_token })).data).toBe(booking_id);
		expect((await here.visitor.rpc('get_booking', { manage_token })).error?.message).toBe('not_found');
		expect((await person.client.rpc('get_booking', { booking_id })).data).toMatchObject({ viewer: 'customer' });
		expect((await person.client.rpc('delete_my_account')).error?.message).toBe('invalid_transition');
		await person.client.rpc('cancel_booking', { booking_id });
		expect((await person.client.rpc('delete_my_account')).error).toBeNull();
		expect(await tablesWith(person.email)).toEqual([]);
	});

	test('is done by nobody who has a role on the platform', async () => {
		const person = (await account('boss')) as Person;
		await here.db`insert into user_roles (user_id, role) values (${person.id}, 'super_admin')`;
		await secondFactor(person.client);
		expect((await person.client.rpc('delete_my_account')).error).toMatchObject({
			message: 'not_allowed',
			details: 'platform_role'
		});
	});

	test('asks for a proof of the last quarter of an hour, by the second factor where there is one', async () => {
		const person = (await account('stale')) as Person;
		const claims = (age: string, method: string) => here.db`
			update auth.mfa_amr_claims c set updated_at = now() - ${age}::interval
			from auth.sessions s
			where s.id = c.session_id and s.user_id = ${person.id} and (${method} = '' or c.authentication_method = ${method})`;
		await claims('16 minutes', '');
		expect((await person.client.rpc('recently_proven')).data).toBe(false);
		expect((await person.client.rpc('delete_my_account')).error).toMatchObject({
			code: 'PT403',
			message: 'step_up_required'
		});
		await secondFactor(person.client);
		await claims('16 minutes', 'totp');
		await claims('0 minutes', 'password');
		expect((await person.client.rpc('delete_my_account')).error?.message).toBe('step_up_required');
		await claims('0 minutes', 'totp');
		expect((await person.client.rpc('delete_my_account')).error).toBeNull();
	});

	test('leaves no file in public, also when it is asked of the database alone', async () => {
		const person = (await account('portrait')) as Person;
		const path = `${person.id}/${randomUUID()}.webp`;
		const picture = new Blob([new Uint8Array([1, 2, 3])], { type: 'image/webp' });
		// as the site puts it there
		expect((await service().storage.from('avatars').upload(path, picture)).error).toBeNull();
		const address = person.client.storage.from('avatars').getPublicUrl(path).data.publicUrl;
		expect((await fetch(address)).status).toBe(200);
		expect((await person.client.rpc('delete_my_account')).error).toBeNull();
		const done = await service().functions.invoke('account', { body: {} });
		expect(done.error).toBeNull();
		// The database wakes the same worker: whichever of the two claimed the row reports it done in its own time.
		const waiting = () => here.db`select from private.file_removals where path = ${`${person.id}/`}`;
		await expect.poll(waiting).toEqual([]);
		expect((await fetch(`${address}?${randomUUID()}`)).status).not.toBe(200);
	});

	test('takes the address of an invitation that is older than the account out of the log too', async () => {
		const email = newEmail('invited');
		await secondFactor(here.youssef.client);
		const invited = await here.youssef.client.rpc('invite_member', {
			provider_id: here.plumber.id,
			email,
			role: 'staff'
		});
		expect(invited.error).toBeNull();
		await service().auth.admin.createUser({ email, password, email_confirm: true });
		const client = visitor() as Person['client'];
		expect((await client.auth.signInWithPassword({ email, password })).error).toBeNull();
		const [mail] = await here.db<{ token: string }[]>`
			select private.invitation_token(invitation_id) as token from deliveries
			where recipient = ${email} and kind = 'team_invitation'`;
		const accepted = await client.rpc('accept_invitation', { token: mail!.token });
		expect(accepted.error).toBeNull();
		expect((await client.rpc('delete_my_account')).error).toBeNull();
		expect(await tablesWith(email)).toEqual([]);
	});

	test('comes by itself to an address that nobody proved in a week, with what was typed into it', async () => {
		const ages = { old: 8, young: 6 };
		const made = await Promise.all(
			Object.entries(ages).map(async ([name, days]) => {
				const email = newEmail(`unproven-${name}`);
				const { data } = await visitor().auth.signUp({
					email,
					password,
					options: { data: { full_name: `Typed ${email}` } }
				});
				await here.db`update auth.users set created_at = now() - make_interval(days => ${days}) where id = ${data.user!.id}`;
				return email;
			})
		);
		const proven = (await account('proven')) as Person;
		await here.db`update auth.users set created_at = now() - interval '9 days' where id = ${proven.id}`;
		await here.db`select private.forget_unproven_accounts()`;
		const left =
			await here.db`select email from auth.users where email = any (${[...made, proven.email]}) order by email`;
		expect(left.map(({ email }) => email as string)).toEqual([proven.email, made[1]].sort());
		expect(await tablesWith(made[0]!)).toEqual([]);
	});

	test('erases as much when the platform’s own interface deletes the account', async () => {
		const hers = secrets();
		const person = await somebody(hers);
		expect((await service().auth.admin.deleteUser(person.id)).error).toBeNull();
		for (const value of Object.values(hers)) expect([value, await tablesWith(value)]).toEqual([value, []]);
	});
});
