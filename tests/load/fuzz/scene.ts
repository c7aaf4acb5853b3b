import { randomUUID } from 'node:crypto';
import { decodeJwt } from 'jose';
import { Secret, TOTP } from 'otpauth';
import type { Sql } from 'postgres';
import { makeStage, planSession, startAt } from '../stage.ts';
import type { Stage } from '../stage.ts';

/** Where the calls go, and what is needed to make people and places there. */
export interface Project {
	facts: { API_URL: string; PUBLISHABLE_KEY: string; SECRET_KEY: string };
	sql: Sql;
}

export const callers = ['visitor', 'customer', 'owner', 'staff', 'newcomer', 'admin'] as const;
export type CallerName = (typeof callers)[number];

export interface Caller {
	/** null for the visitor */
	id: string | null;
	email: string;
	/** what goes into `Authorization`; null for the visitor */
	token: string | null;
	/** what a browser that is signed in holds beside it */
	refreshToken: string | null;
	/** how Auth keeps the password: another, when somebody changed it */
	hash?: string;
	/** the authenticator app of those whose sessions are raised by it */
	factor?: { id: string; secret: string };
}

/** Real values by name, for calls that say only "the third booking": lists keep their order when they are made anew. */
export type Pools = Map<string, unknown[]>;

/**
 * People who call, with a business of two of them; beside them a business with its owner and a customer who never call,
 * and whatever else the project holds. What those own must stay as it is.
 */
export interface Scene {
	project: Project;
	callers: Record<CallerName, Caller>;
	/** the accounts and the businesses of those who call */
	own: { accounts: Set<string>; providers: Set<string> };
	pools: Pools;
	/** the password of all accounts, which each refresh sets again */
	password: string;
	/** Makes anew what calls use up: bookings in each state, tokens, keys, and tokens of accounts. */
	refresh(): Promise<void>;
}

const password = 'correct horse battery';

/** Asks for JSON. Raises when it is refused. */
async function ask<T>({ facts }: Project, path: string, token: string, body: unknown): Promise<T> {
	const answer = await fetch(facts.API_URL + path, {
		method: 'POST',
		headers: {
			apikey: token.startsWith('sb_') ? token : facts.PUBLISHABLE_KEY,
			'content-type': 'application/json',
			...(token.startsWith('sb_') ? {} : { authorization: `Bearer ${token}` })
		},
		body: JSON.stringify(body)
	});
	const json = (await answer.json()) as T;
	if (!answer.ok) throw new Error(`${path} answered ${answer.status} ${JSON.stringify(json)}`);
	return json;
}

interface Session {
	access_token: string;
	refresh_token: string;
}

/** Signs in; those who have an authenticator app give its code too. */
async function signIn(project: Project, who: Caller): Promise<void> {
	const { PUBLISHABLE_KEY } = project.facts;
	const credentials = { email: who.email, password };
	let session = await ask<Session>(project, '/auth/v1/token?grant_type=password', PUBLISHABLE_KEY, credentials);
	if (who.factor) {
		// Calls may have taken the app away, or set up another.
		const kept = await project.sql`
			with others as (delete from auth.mfa_factors where user_id = ${who.id} and id <> ${who.factor.id})
			select id from auth.mfa_factors where id = ${who.factor.id}`;
		if (kept.length === 0) {
			const made = await ask<{ id: string; totp: { secret: string } }>(
				project,
				'/auth/v1/factors',
				session.access_token,
				{ factor_type: 'totp', friendly_name: 'phone' }
			);
			who.factor = { id: made.id, secret: made.totp.secret };
		}
		const path = `/auth/v1/factors/${who.factor.id}`;
		const { id } = await ask<{ id: string }>(project, `${path}/challenge`, session.access_token, {});
		const code = new TOTP({ secret: Secret.fromBase32(who.factor.secret) }).generate();
		session = await ask(project, `${path}/verify`, session.access_token, { challenge_id: id, code });
	}
	const [row] = await project.sql`select encrypted_password as hash from auth.users where id = ${who.id}`;
	Object.assign(who, { token: session.access_token, refreshToken: session.refresh_token, hash: row?.hash });
}

/** Has a session raised by an authenticator app, which is set up first. */
async function raise(project: Project, who: Caller): Promise<void> {
	who.factor = { id: randomUUID(), secret: '' };
	await signIn(project, who);
}

/**
 * Gives accounts back the address and the password that a form may have changed, and a session where theirs has ended;
 * one that was deleted is made anew.
 */
async function restore(project: Project, accounts: Caller[]): Promise<void> {
	const { facts, sql } = project;
	const rows = await sql<{ id: string; email: string; hash: string; free: boolean; sessions: string[] }[]>`
		select u.id, u.email, u.encrypted_password as hash, u.banned_until is null as free,
			array(select s.id from auth.sessions s where s.user_id = u.id and s.created_at > now() - interval '30 minutes') as sessions
		from auth.users u where u.id in ${sql(accounts.map(({ id }) => id!))}`;
	await Promise.all(
		accounts.map(async (who) => {
			const row = rows.find(({ id }) => id === who.id);
			if (!row) {
				Object.assign(who, await person(project, who.email.split('.')[0]!));
				if (who.factor) await raise(project, who);
				return;
			}
			if (row.email !== who.email || row.hash !== who.hash || !row.free) {
				const answer = await fetch(`${facts.API_URL}/auth/v1/admin/users/${who.id}`, {
					method: 'PUT',
					headers: { apikey: facts.SECRET_KEY, 'content-type': 'application/json' },
					body: JSON.stringify({ email: who.email, password, email_confirm: true, ban_duration: 'none' })
				});
				if (!answer.ok) throw new Error(`an account could not be restored: ${answer.status} ${await answer.text()}`);
			} else if (row.sessions.includes(String(decodeJwt(who.token!).session_id))) return;
			await signIn(project, who);
		})
	);
}

async function person(project: Project, name: string): Promise<Caller> {
	const email = `${name}.${randomUUID().slice(0, 8)}@example.com`;
	const { id } = await ask<{ id: string }>(project, '/auth/v1/admin/users', project.facts.SECRET_KEY, {
		email,
		password,
		email_confirm: true,
		user_metadata: { full_name: name }
	});
	const who: Caller = { id, email, token: null, refreshToken: null };
	await signIn(project, who);
	return who;
}

interface Booked {
	booking_id: string;
	manage_token: string | null;
}

/** Books as an account or, without one, as a guest; null where it is refused, since calls may have taken the place or closed it. */
async function book(project: Project, who: Caller, what: Record<string, unknown>): Promise<Booked | null> {
	try {
		return await ask(project, '/rest/v1/rpc/create_booking', who.token ?? project.facts.PUBLISHABLE_KEY, {
			guest: { name: 'Driss', email: 'driss@example.com', phone: '0612345678', language: 'fr' },
			idempotency_key: randomUUID(),
			...what
		});
	} catch (error) {
		if (/answered 4/.test((error as Error).message)) return null;
		throw error;
	}
}

/** What stands at a business before anybody calls: a row in each table that its owner may write. */
async function furnish(sql: Sql, { provider, film, room }: Stage): Promise<void> {
	await sql`
		insert into hour_profiles (provider_id, name, starts_on, ends_on)
		values (${provider}, 'Été', '2030-07-01', '2030-08-31')`;
	await sql`
		insert into special_days (provider_id, day, opens, closes) values (${provider}, '2030-01-11', '10:00', '12:00')`;
	await sql`
		insert into closures (provider_id, period, reason)
		values (${provider}, tstzrange('2030-02-01', '2030-02-03'), 'Travaux')`;
	const photo = `${provider}/${crypto.randomUUID()}`;
	await sql`
		insert into storage.objects (bucket_id, name)
		select 'photos', ${photo} || '/' || width || '.webp' from unnest(array[480, 960, 1440]) as width`;
	await sql`
		insert into photos (provider_id, path, width, height, alt_fr, alt_ar, alt_en, position)
		values (${provider}, ${photo}, 800, 600, 'Façade', 'واجهة', 'Front', 1)`;
	await sql`
		insert into promo_codes (provider_id, code, percent) values (${provider}, ${`FUZZ${provider.slice(-4).toUpperCase()}`}, 10)`;
	await sql`
		update seats set category = 'front' where resource_id = ${room.numbered} and label in ('A1', 'A2')`;
	await sql`
		insert into seat_prices (provider_id, service_id, category, price_minor) values (${provider}, ${film}, 'front', 12000)`;
}

/** Writes down the ids of a table, those of the callers' own business first, so that a place in the list keeps its meaning. */
async function idsOf(sql: Sql, table: string, providers: string[]): Promise<string[]> {
	const [mine, theirs] = providers as [string, string];
	const rows = await sql<{ id: string }[]>`
		(select id from ${sql(table)} where provider_id = ${mine} order by id limit 8)
		union all (select id from ${sql(table)} where provider_id = ${theirs} order by id limit 4)
		union all (select id from ${sql(table)} where provider_id not in (${mine}, ${theirs}) order by id limit 2)`;
	return rows.map(({ id }) => id);
}

export async function makeScene(project: Project): Promise<Scene> {
	const { sql } = project;
	const [customer, owner, staff, newcomer, admin, bilal, zineb] = (await Promise.all(
		['amina', 'youssef', 'karim', 'nour', 'hicham', 'bilal', 'zineb'].map((name) => person(project, name))
	)) as [Caller, Caller, Caller, Caller, Caller, Caller, Caller];
	const visitor: Caller = { id: null, email: 'driss@example.com', token: null, refreshToken: null };
	for (const who of [owner, admin]) await raise(project, who);
	const mine = await makeStage(sql);
	const theirs = await makeStage(sql);
	await sql`
		insert into provider_members (provider_id, user_id, role)
		values (${mine.provider}, ${owner.id}, 'owner'), (${mine.provider}, ${staff.id}, 'staff'),
			(${theirs.provider}, ${zineb.id}, 'owner')`;
	for (const stage of [mine, theirs]) await furnish(sql, stage);

	const starts: string[] = [];
	for (let n = 0; n < 22; n++) starts.push(await startAt(sql, 5 + Math.floor(n / 2), 9 + (n % 2) * 5));
	const films = [await startAt(sql, 3, 10), await startAt(sql, 4, 10)] as const;
	const sessions = [
		await planSession(sql, mine, 'film', films[0], 6),
		await planSession(sql, mine, 'course', films[1], 6),
		await planSession(sql, theirs, 'film', films[0], 6),
		// full, so that no place of it ever comes to who waits
		await planSession(sql, theirs, 'course', films[1], 1)
	] as [string, string, string, string];
	// Of the two who never call.
	const kept = await book(project, bilal, { service_id: theirs.course, session_id: sessions[3] });
	await book(project, bilal, { service_id: theirs.appointment, starts_at: await startAt(sql, 2, 9) });
	await ask(project, '/rest/v1/rpc/join_waitlist', bilal.token!, {
		service_id: theirs.course,
		session_id: sessions[3]
	});
	await ask(project, '/rest/v1/rpc/send_message', bilal.token!, { provider_id: theirs.provider, body: 'Salam' });
	await ask(project, '/rest/v1/rpc/my_calendar_feed', zineb.token!, { provider_id: theirs.provider });
	// And of those who call.
	for (const who of [customer, newcomer]) {
		await ask(project, '/rest/v1/rpc/send_message', who.token!, { provider_id: mine.provider, body: 'Bonjour' });
	}

	const providers = [mine.provider, theirs.provider];
	const pools: Pools = new Map<string, unknown[]>();
	for (const [name, values] of Object.entries({
		providers,
		services: [
			...[mine.appointment, mine.deposit, mine.table, mine.tables, mine.film, mine.course],
			...[theirs.appointment, theirs.film]
		],
		sessions,
		slugs: (await sql`select slug from providers order by id in ${sql(providers)} desc limit 4`).map(
			({ slug }) => slug
		),
		categories: (await sql`select slug from categories order by slug limit 6`).map(({ slug }) => slug),
		cities: (await sql`select slug from cities order by slug limit 6`).map(({ slug }) => slug),
		codes: (await sql`select code from promo_codes where provider_id in ${sql(providers)}`).map(({ code }) => code)
	}))
		pools.set(name, values);

	const tables = ['resources', 'hour_profiles', 'opening_hours', 'special_days', 'closures', 'photos', 'promo_codes'];
	const refresh = async () => {
		const accounts = [customer, owner, staff, newcomer, admin, bilal, zineb];
		await restore(project, accounts);
		for (const { id } of accounts.slice(0, 5)) scene.own.accounts.add(id!);
		pools.set(
			'users',
			accounts.map(({ id }) => id)
		);
		pools.set(
			'addresses',
			accounts.map(({ email }) => email)
		);
		// Never without the role in between: what a call under way writes is judged by the roles of that moment.
		await sql`
			delete from user_roles
			where user_id in ${sql(pools.get('users') as string[])} and (user_id, role) <> (${admin.id}, 'admin')`;
		// Calls that are still under way may be deleting their accounts.
		await sql`
			insert into user_roles (user_id, role) select id, 'admin' from auth.users where id = ${admin.id} for key share
			on conflict do nothing`;
		await sql`
			with gone as (
				update bookings set status = 'cancelled'
				where provider_id = ${mine.provider} and status in ('held', 'pending', 'confirmed', 'in_progress') returning id
			)
			delete from occupancies where booking_id in (select id from gone)`;
		await sql`
			insert into provider_members (provider_id, user_id, role)
			select ${mine.provider}, id, case id when ${owner.id} then 'owner'::member_role else 'staff' end
			from auth.users where id in (${owner.id}, ${staff.id}) for key share
			on conflict (provider_id, user_id) do update set role = excluded.role`;
		await sql`
			delete from provider_members
			where provider_id = ${mine.provider} and user_id not in (${owner.id}, ${staff.id})`;
		await sql`
			update sessions set active = false where provider_id = ${mine.provider}`;
		// Back where they were, unless calls have closed the room then.
		for (const [n, at] of films.entries()) {
			await sql`
				update sessions set active = true, starts_at = ${at}, ends_at = ${at}::timestamptz + interval '1 hour'
				where id = ${sessions[n]!}`.catch((error: Error) => {
				if (error.message !== 'slot_taken') throw error;
			});
		}
		await sql`update services set active = true where provider_id = ${mine.provider}`;
		await sql`
			update providers set status = 'published', approval = 'automatic', verified_at = null where id in ${sql(providers)}`;
		await sql`delete from verifications where provider_id in ${sql(providers)}`;
		pools.set(
			'verifications',
			(
				await sql`
					insert into verifications (provider_id) select id from providers where id in ${sql(providers)} returning id`
			).map(({ id }) => id as string)
		);
		await sql`delete from invitations where provider_id in ${sql(providers)}`;
		// One for somebody who calls, one for somebody who does not: its link is in the wrong hands.
		const invited = [
			[mine.provider, newcomer.email],
			[theirs.provider, bilal.email]
		] as const;
		const invitations = [];
		for (const [provider, email] of invited) {
			const [invitation] = await sql<{ id: string; token: string }[]>`
				insert into invitations (provider_id, email, role) values (${provider}, ${email}, 'manager')
				returning id, private.invitation_token(id) as token`;
			invitations.push(invitation!);
		}
		pools.set(
			'invitations',
			invitations.map(({ id }) => id)
		);
		pools.set(
			'invitation_tokens',
			invitations.map(({ token }) => token)
		);
		await sql`
			delete from waitlist_entries where provider_id = ${mine.provider} and status in ('waiting', 'offered')`;
		const wishes: [Caller, Record<string, unknown>][] = [
			[customer, { service_id: mine.appointment, starts_at: starts[0] }],
			[customer, { service_id: mine.deposit, starts_at: starts[1] }],
			[customer, { service_id: mine.table, starts_at: starts[2], party_size: 2 }],
			[visitor, { service_id: mine.appointment, starts_at: starts[3] }],
			[visitor, { service_id: mine.deposit, starts_at: starts[4] }],
			[visitor, { service_id: mine.film, session_id: sessions[0], seats: ['A1', 'A2'] }],
			[newcomer, { service_id: mine.course, session_id: sessions[1], party_size: 2 }]
		];
		const made = await Promise.all(wishes.map(([who, what]) => book(project, who, what)));
		const ids = made.flatMap((one) => (one ? [one.booking_id] : []));
		if (ids[0]) await sql`update bookings set status = 'pending' where id = ${ids[0]}`;
		pools.set('bookings', [...ids, kept?.booking_id]);
		pools.set(
			'tokens',
			made.flatMap((one) => (one?.manage_token ? [one.manage_token] : []))
		);
		pools.set('starts', [...starts, ...films]);
		const days = starts.map((start) => start.slice(0, 10));
		pools.set('dates', [...new Set(days)]);
		pools.set('ranges', [`["${starts[0]}","${starts[7]}")`, `["${starts[2]}","${starts[3]}"]`]);
		pools.set('keys', [randomUUID(), randomUUID(), randomUUID()]);
		pools.set(
			'conversations',
			(
				await sql`
					select id from conversations where provider_id in ${sql(providers)}
					order by provider_id = ${mine.provider} desc, created_at limit 6`
			).map(({ id }) => id as string)
		);
		pools.set(
			'waitlist_entries',
			(await sql`select id from waitlist_entries where provider_id in ${sql(providers)} order by id limit 6`).map(
				({ id }) => id as string
			)
		);
		for (const table of tables) pools.set(table, await idsOf(sql, table, providers));
		pools.set(
			'ids',
			[...pools].flatMap(([name, ids]) =>
				['users', 'providers', 'verifications', 'invitations', ...tables].includes(name) ? ids : []
			)
		);
	};
	const scene: Scene = {
		project,
		callers: { visitor, customer, owner, staff, newcomer, admin },
		own: {
			accounts: new Set([customer, owner, staff, newcomer, admin].map(({ id }) => id!)),
			providers: new Set([mine.provider])
		},
		pools,
		password,
		refresh
	};
	await refresh();
	return scene;
}
