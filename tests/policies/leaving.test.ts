import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { account, secondFactor } from 'supabase-embedded/testing';
import { localInstant, makeNeighbourhood } from './people.ts';
import type { Neighbourhood, Person } from './people.ts';

let here: Neighbourhood;
beforeAll(async () => {
	here = await makeNeighbourhood();
	await Promise.all([here.youssef, here.zineb].map(({ client }) => secondFactor(client)));
});
afterAll(() => here.close());

type Answer = { data?: unknown; error: { code: string; message: string } | null };

/** Makes a call while an account is being deleted, which ends once the call waits for it, or has not had to. */
async function whileLeaving(who: Person, call: () => PromiseLike<Answer>): Promise<Answer> {
	let answer: PromiseLike<Answer> | undefined;
	await here.db.begin(async (sql) => {
		const [{ pid }] = await sql<[{ pid: number }]>`select pg_backend_pid() as pid`;
		await sql`delete from auth.users where id = ${who.id}`;
		let answered = false;
		answer = Promise.resolve(call()).finally(() => (answered = true));
		await expect
			.poll(
				async () =>
					answered ||
					(await here.db`select from pg_stat_activity where ${pid} = any (pg_blocking_pids(pid))`).length > 0,
				{ timeout: 10_000, interval: 50 }
			)
			.toBe(true);
	});
	return answer!;
}

const book = (day: number, more: object = {}) =>
	localInstant(here.db, day, '10:00').then((starts_at) =>
		here.visitor.rpc('create_booking', {
			service_id: here.plumber.freeService,
			starts_at,
			guest: { name: 'Driss', email: `driss-${day}@example.com` },
			idempotency_key: randomUUID(),
			...more
		} as never)
	);

/** How often somebody was told of a booking: in the bell, by mail. */
async function told(booking: string, who: Person): Promise<number[]> {
	const [row] = await here.db`
		select
			(select count(*)::int from notifications where booking_id = ${booking} and user_id = ${who.id}) as bell,
			(select count(*)::int from deliveries where booking_id = ${booking} and account_id = ${who.id}) as mail`;
	return [row!.bell as number, row!.mail as number];
}

describe('while an account is being deleted', () => {
	test('a booking of whom it would have been told is made, and told to the others', async () => {
		const leaving = (await account('leaving')) as Person;
		await here.db`
			insert into provider_members (provider_id, user_id, role) values (${here.plumber.id}, ${leaving.id}, 'manager')`;
		const made = (await whileLeaving(leaving, () => book(5))) as { data: { booking_id: string }; error: unknown };
		expect(made.error).toBeNull();
		expect(await told(made.data.booking_id, leaving)).toEqual([0, 0]);
		expect(await told(made.data.booking_id, here.youssef)).toEqual([1, 1]);
	});

	test('what it let go is offered to the next who waits', async () => {
		const { db, plumber } = here;
		const [service] = await db`
			insert into services (provider_id, name_fr, duration_minutes, price_minor) values (${plumber.id}, 'Conseil', 60, 0)
			returning id`;
		await db`insert into service_resources (service_id, resource_id) values (${service!.id}, ${plumber.staff[0]!})`;
		const taken = await book(6, { service_id: service!.id });
		const period = `[${await localInstant(db, 6, '10:00')},${await localInstant(db, 6, '11:00')})`;
		const leaving = (await account('waiting')) as Person;
		for (const { client } of [leaving, here.bilal]) {
			const joined = await client.rpc('join_waitlist', { service_id: service!.id, period });
			expect(joined.error).toBeNull();
		}
		const { manage_token } = taken.data as unknown as { manage_token: string };
		const gone = await whileLeaving(leaving, () => here.visitor.rpc('cancel_booking', { manage_token }));
		expect(gone.error).toBeNull();
		const offers = await db`
			select customer_id from bookings where service_id = ${service!.id} and waitlist_entry_id is not null`;
		expect(offers).toEqual([{ customer_id: here.bilal.id }]);
	});

	/** What somebody does to the account in that moment, and what is said of it. */
	const deeds: [string, string | null, (who: Person) => PromiseLike<Answer>][] = [
		[
			'a role is given to it',
			'not_found',
			({ id }) => here.admin.client.rpc('grant_role', { user_id: id, role: 'moderator' })
		],
		[
			'it is suspended',
			'not_found',
			({ id }) => here.admin.client.rpc('suspend_account', { user_id: id, reason: 'Fraude' })
		],
		[
			'its address is invited elsewhere',
			null,
			({ email }) => here.zineb.client.rpc('invite_member', { provider_id: here.salon.id, email, role: 'staff' })
		],
		[
			'its part in the team is changed',
			'not_found',
			({ id }) =>
				here.youssef.client.rpc('set_member_role', {
					provider_id: here.plumber.id,
					user_id: id,
					role: 'manager'
				} as never)
		],
		[
			'it is put behind a member of staff',
			'invalid_input',
			({ id }) => here.youssef.client.rpc('assign_resource', { resource_id: here.plumber.staff[1]!, user_id: id })
		]
	];
	test.each(deeds)('%s: %s', async (_, said, deed) => {
		const leaving = (await account('leaving')) as Person;
		await here.db`
			insert into provider_members (provider_id, user_id, role) values (${here.plumber.id}, ${leaving.id}, 'staff')`;
		expect((await whileLeaving(leaving, () => deed(leaving))).error?.message ?? null).toBe(said);
	});
});

/** Rows of a person that somebody else may be changing, who tells them of it at the end. */
const held: Record<string, (who: Person) => PromiseLike<unknown>> = {
	bookings: async (who) => {
		const made = await who.client.rpc('create_booking', {
			service_id: here.plumber.freeService,
			starts_at: await localInstant(here.db, 8, '10:00'),
			idempotency_key: randomUUID()
		});
		return here.db`update bookings set status = 'completed' where id = ${made.data!.booking_id!}`;
	},
	conversations: (who) => who.client.rpc('send_message', { provider_id: here.plumber.id, body: 'Bonjour' }),
	invitations: ({ email }) =>
		here.youssef.client.rpc('invite_member', { provider_id: here.plumber.id, email, role: 'staff' }),
	start_requests: (who) => who.client.rpc('request_town', { town: 'Aïn Leuh' }),
	waitlist_entries: async (who) =>
		who.client.rpc('join_waitlist', {
			service_id: here.plumber.freeService,
			period: `[${await localInstant(here.db, 9, '09:00')},${await localInstant(here.db, 9, '18:00')})`
		}),
	provider_members: ({ id }) =>
		here.db`insert into provider_members (provider_id, user_id, role) values (${here.plumber.id}, ${id}, 'staff')`,
	resources: async ({ id }) => here.db`update resources set user_id = ${id} where id = ${here.plumber.staff[1]!}`,
	reviews: async (who) => {
		const [booking] = await here.db`
			insert into bookings (
				reference, provider_id, service_id, mode, status, customer_name, customer_email, language, starts_at, ends_at,
				local_starts_at, time_zone, party_size, price_minor, deposit_minor, currency, policy, idempotency_key
			)
			values (
				${`KH${randomUUID().slice(0, 8)}`}, ${here.plumber.id}, ${here.plumber.freeService}, 'appointment', 'completed', 'Rita',
				'rita@example.com', 'fr', now() - interval '2 days', now() - interval '47 hours', now() - interval '2 days',
				'Africa/Casablanca', 1, 0, 0, 'MAD', '{}', gen_random_uuid()
			)
			returning id`;
		return here.db`
			insert into reviews (booking_id, provider_id, author_id, author_name, rating, language)
			values (${booking!.id}, ${here.plumber.id}, ${who.id}, 'Rita', 5, 'fr')`;
	},
	provider_documents: async ({ id }) => {
		const path = `${here.plumber.id}/${randomUUID()}.pdf`;
		await here.db`insert into storage.objects (bucket_id, name) values ('documents', ${path})`;
		return here.db`
			insert into provider_documents (provider_id, kind, path, submitted_by)
			values (${here.plumber.id}, 'identity', ${path}, ${id})`;
	},
	verifications: ({ id }) =>
		here.db`
			insert into verifications (provider_id, status, decided_by, decided_at)
			values (${here.plumber.id}, 'refused', ${id}, now())`
};

/** Rows that nobody holds who tells their owner of something else: they come and go with the account, or with a call. */
const unheld = new Set(
	`profiles user_roles notifications deliveries messages conversation_reads booking_events audit_personal
	private.pseudonyms private.session_places private.proofs private.readings private.opened_documents private.recovery_codes private.revealed_bookings private.bearer_secrets`.split(
		/\s+/
	)
);

describe('deleting an account waits for who is about to tell it of its', () => {
	test('rows in every table that names accounts', async () => {
		const named = await here.db<{ table: string }[]>`
			select distinct conrelid::regclass::text as table from pg_constraint
			where contype = 'f' and confrelid = 'auth.users'::regclass and connamespace in ('public'::regnamespace, 'private'::regnamespace)`;
		const all = named.map(({ table }) => table);
		expect(all.filter((table) => !(table in held) && !unheld.has(table))).toEqual([]);
		expect(Object.keys(held).filter((table) => !all.includes(table))).toEqual([]);
	});

	test.each(Object.keys(held))('%s, and nobody for nobody', async (table) => {
		const leaving = (await account('leaving')) as Person;
		await held[table]!(leaving);
		let deleted: PromiseLike<Answer> | undefined;
		await here.db.begin(async (sql) => {
			const columns = await sql<{ name: string }[]>`
				select a.attname as name from pg_constraint c join pg_attribute a on a.attrelid = c.conrelid and a.attnum = c.conkey[1]
				where c.contype = 'f' and c.confrelid = 'auth.users'::regclass and c.conrelid = ${table}::regclass`;
			const mine = columns.map(({ name }) => `${name} = '${leaving.id}'`).join(' or ');
			expect(await sql.unsafe(`select from ${table} where ${mine} for update`)).not.toHaveLength(0);
			deleted = Promise.resolve(leaving.client.rpc('delete_my_account'));
			await expect
				.poll(
					async () =>
						(
							await here.db`select from pg_stat_activity where wait_event_type = 'Lock' and query like '%delete_my_account%'`
						).length,
					{ timeout: 10_000, interval: 50 }
				)
				.toBe(1);
			await sql`insert into notifications (user_id, kind) values (${leaving.id}, 'verification_accepted')`;
		});
		expect((await deleted!).error).toBeNull();
		expect(await here.db`select from auth.users where id = ${leaving.id}`).toEqual([]);
	});
});
