import { randomUUID } from 'node:crypto';
import type { Sql, TransactionSql } from 'postgres';
import { minute } from './clock.ts';
import type { Clock } from './clock.ts';
import type { Scene } from './scene.ts';

/** Providers without anything, by zone: making one is slow, so cases borrow them inside transactions. */
export type Providers = Map<string, string>;

export async function removeProviders(sql: Sql, providers: Providers): Promise<void> {
	const gone = await sql<{ category_id: string }[]>`
		delete from providers where id = any (${[...providers.values()]}::uuid[]) returning category_id`;
	await sql`delete from categories where id = any (${gone.map((row) => row.category_id)}::uuid[])`;
}

export async function makeProviders(sql: Sql, zones: Iterable<string>): Promise<Providers> {
	const mark = randomUUID().slice(0, 8);
	await sql`
		insert into cities (slug, name_fr, name_ar, name_en, latitude, longitude)
		values ('testville', 'Testville', 'تستفيل', 'Testville', 33.5, -7.6) on conflict do nothing`;
	await sql`
		insert into categories (slug, name_fr, name_ar, name_en, icon)
		values (${`slots-${mark}`}, 'Essais', 'تجارب', 'Trials', 'wrench')`;
	const providers: Providers = new Map();
	for (const zone of zones) {
		const [row] = await sql<{ id: string }[]>`
			insert into providers (
				slug, name, category_id, city_slug, district, address, latitude, longitude, status, approval, time_zone,
				cancellation_policy_id
			)
			select ${`slots-${mark}-${providers.size}`}, 'Horaires', c.id, 'testville', 'Centre', '1 rue des Essais', 33.5, -7.6,
				'published', 'automatic', ${zone}, p.id
			from cancellation_policies p, categories c where p.code = 'moderate' and c.slug = ${`slots-${mark}`} returning id`;
		providers.set(zone, row!.id);
	}
	return providers;
}

const clockTime = (minutes: number) =>
	`${String(Math.floor(minutes / 60)).padStart(2, '0')}:${String(minutes % 60).padStart(2, '0')}`;
const iso = (instant: number) => new Date(instant).toISOString();
const range = (from: number, to: number) => `[${iso(from)},${iso(to)})`;

/** Ids of what was written, by the scene's indexes. */
export interface Written {
	service: string;
	sessions: string[];
}

/** Writes a scene; the caller takes it back with the transaction. Statements go out together, one round trip in all. */
export async function writeScene(
	sql: TransactionSql,
	scene: Scene,
	clock: Clock,
	provider: string,
	now: number
): Promise<Written> {
	const { service: s, mode } = scene;
	const service = randomUUID();
	const room = randomUUID();
	const resources = scene.resources.map(() => randomUUID());
	const resource = (n: number | null) => (n === null ? null : resources[n]!);
	const profile = randomUUID();
	const sessions = scene.sessions.map(() => randomUUID());
	const work: Promise<unknown>[] = [];
	const send = (query: PromiseLike<unknown>) => void work.push(Promise.resolve(query));

	send(sql`
		insert into services (
			id, provider_id, mode, name_fr, duration_minutes, buffer_before_minutes, buffer_after_minutes, step_minutes,
			notice_minutes, horizon_days, price_minor, min_party, max_party, staff_needed
		)
		values (
			${service}, ${provider}, ${mode}, 'Essai', ${s.duration}, ${s.before}, ${s.after}, ${s.step}, ${s.notice},
			${s.horizon}, 0, ${s.minParty}, ${s.maxParty}, ${s.staff}
		)`);
	const things = scene.resources.map((one, n) => ({
		id: resources[n]!,
		kind: mode === 'table' ? 'table' : 'staff',
		name: `R${n}`,
		capacity: one.capacity,
		active: one.active
	}));
	if (mode === 'session') things.push({ id: room, kind: 'room', name: 'Salle', capacity: 100, active: true });
	send(sql`
		insert into resources (id, provider_id, kind, name, capacity, active)
		select id, ${provider}, kind, name, capacity, active
		from jsonb_to_recordset(${sql.json(things)}) as x (id uuid, kind resource_kind, name text, capacity int, active boolean)`);
	const links = resources.filter((_, n) => scene.resources[n]!.serves);
	send(sql`insert into service_resources select ${service}, unnest(${links}::uuid[])`);
	if (scene.profile) {
		send(sql`
			insert into hour_profiles (id, provider_id, name, starts_on, ends_on)
			values (${profile}, ${provider}, 'Ramadan', ${scene.profile.from}, ${scene.profile.to})`);
	}
	const hours = scene.hours.map((one) => ({
		resource_id: resource(one.resource),
		profile_id: one.inProfile ? profile : null,
		weekday: one.weekday,
		opens: clockTime(one.opens),
		closes: clockTime(one.closes),
		valid_from: one.from,
		valid_to: one.to
	}));
	send(sql`
		insert into opening_hours (provider_id, resource_id, profile_id, weekday, opens, closes, valid_from, valid_to)
		select ${provider}, x.* from jsonb_to_recordset(${sql.json(hours)}) as x (
			resource_id uuid, profile_id uuid, weekday int, opens time, closes time, valid_from date, valid_to date
		)`);
	if (scene.special.length > 0) {
		const special = scene.special.map((one) => ({
			resource_id: resource(one.resource),
			day: one.day,
			opens: one.hours && clockTime(one.hours.opens),
			closes: one.hours && clockTime(one.hours.closes)
		}));
		send(sql`
			insert into special_days (provider_id, resource_id, day, opens, closes)
			select ${provider}, x.* from jsonb_to_recordset(${sql.json(special)}) as x (
				resource_id uuid, day date, opens time, closes time
			)`);
	}
	if (scene.neighbours.length > 0) {
		const pairs = scene.neighbours.map((pair) => {
			const [a, b] = pair.map((n) => resources[n]!).toSorted();
			return { a, b };
		});
		send(sql`
			insert into table_neighbours (provider_id, resource_id, neighbour_id)
			select ${provider}, a, b from jsonb_to_recordset(${sql.json(pairs)}) as x (a uuid, b uuid)`);
	}
	// Closures before bookings: a closure of everybody names no resource.
	const everybody = scene.resources.length + (mode === 'session' ? 1 : 0);
	for (const one of scene.taken.filter(({ kind }) => kind === 'closure')) {
		const whom = one.resources.length === everybody ? null : resource(one.resources[0]!);
		send(sql`
			insert into closures (provider_id, resource_id, period)
			values (${provider}, ${whom}, ${range(one.from, one.to)}::tstzrange)`);
	}
	for (const [n, one] of scene.sessions.entries()) {
		send(sql`
			insert into sessions (id, provider_id, service_id, resource_id, starts_at, ends_at, capacity, active)
			values (
				${sessions[n]!}, ${provider}, ${service}, ${room}, ${iso(one.starts)}, ${iso(one.ends)}, ${one.capacity},
				${one.active}
			)`);
	}
	const bookings = [
		...scene.taken
			.filter(({ kind }) => kind !== 'closure')
			.map((one) => ({
				kind: one.kind,
				from: one.from,
				to: one.to,
				party: 1,
				session: null,
				resources: one.resources
			})),
		...scene.sessions.flatMap((one, n) =>
			one.bookings.map(({ kind, party }) => ({
				kind,
				from: one.starts,
				to: one.ends,
				party,
				session: sessions[n]!,
				resources: []
			}))
		)
	]
		.map((one) => ({
			id: randomUUID(),
			key: randomUUID(),
			session: one.session,
			// nobody is held for beyond the start: what has begun was booked
			status: one.kind === 'booking' || (one.kind === 'hold' && one.from <= now) ? 'confirmed' : 'held',
			from: iso(one.from),
			to: iso(one.to),
			party: one.party,
			expires: iso(one.kind === 'hold' ? Math.min(now + 5 * minute, one.from) : now - 5 * minute),
			resources: one.resources.map((n) => resources[n]!)
		}))
		.map((one) => (one.status === 'held' ? one : { ...one, expires: null }));
	if (bookings.length > 0) {
		send(sql`
			insert into bookings (
				id, reference, provider_id, service_id, session_id, mode, status, customer_name, customer_email, language, starts_at,
				ends_at, local_starts_at, time_zone, party_size, price_minor, deposit_minor, currency, policy, hold_expires_at,
				idempotency_key
			)
			select
				id, id::text, ${provider}, ${service}, session, ${mode}, status, 'Zoubida', 'zoubida@example.com', 'fr', "from", "to",
				private.to_local("from", ${clock.zone}), ${clock.zone}, party, 0, 0, 'MAD', '{}', expires, key
			from jsonb_to_recordset(${sql.json(bookings)}) as x (
				id uuid, key uuid, session uuid, status booking_status, "from" timestamptz, "to" timestamptz, party int, expires timestamptz
			)`);
		send(sql`
			insert into occupancies (resource_id, period, booking_id, expires_at)
			select r::uuid, tstzrange("from", "to"), id, expires
			from jsonb_to_recordset(${sql.json(bookings)}) as x (
				id uuid, "from" timestamptz, "to" timestamptz, expires timestamptz, resources jsonb
			), jsonb_array_elements_text(resources) as r`);
	}
	await Promise.all(work);
	return { service, sessions };
}
