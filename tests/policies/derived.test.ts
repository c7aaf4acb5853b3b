import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { account } from 'supabase-embedded/testing';
import { localInstant, makeNeighbourhood } from './people.ts';
import type { Neighbourhood, Person } from './people.ts';

// What is made of other rows says the same whichever of them was there first.

let here: Neighbourhood;
beforeAll(async () => {
	here = await makeNeighbourhood();
});
afterAll(() => here.close());

const orders = <T>(things: T[]): T[][] =>
	things.length < 2
		? [things]
		: things.flatMap((one, i) => orders([...things.slice(0, i), ...things.slice(i + 1)]).map((rest) => [one, ...rest]));

const broken = async (...subjects: string[]) =>
	(
		await here.db<{ rule: string }[]>`
			select rule from private.broken_invariants() where subject_id = any (${subjects}::uuid[]) order by rule`
	).map(({ rule }) => rule);

/** A business without anybody or anything in it. */
async function empty(): Promise<string> {
	const [row] = await here.db<{ id: string }[]>`
		insert into providers (slug, name, category_id, city_slug, district, address, latitude, longitude, status, cancellation_policy_id)
		select 'e-' || gen_random_uuid(), 'Vide', category_id, city_slug, 'Centre', '1', 33.5, -7.6, 'published', cancellation_policy_id
		from providers where id = ${here.plumber.id} returning id`;
	await here.db`insert into provider_members (provider_id, user_id, role) values (${row!.id}, ${here.youssef.id}, 'owner')`;
	return row!.id;
}

const person = async (provider: string, name = 'Salma') => {
	const made = await here.youssef.client
		.from('resources')
		.insert({ provider_id: provider, kind: 'staff', name })
		.select('id')
		.single();
	expect(made.error).toBeNull();
	return made.data!.id;
};
const close = async (provider: string, from: string, to: string, resource: string | null = null) => {
	const made = await here.youssef.client
		.from('closures')
		.insert({ provider_id: provider, resource_id: resource, period: `[${from},${to})` })
		.select('id')
		.single();
	expect(made.error).toBeNull();
	return made.data!.id;
};
/** What closures take of a business, as one stretch for each of its people. */
const taken = async (provider: string) =>
	(
		await here.db<{ name: string; taken: string }[]>`
			select r.name, range_agg(o.period)::text as taken
			from resources r join occupancies o on o.resource_id = r.id and o.closure_id is not null
			where r.provider_id = ${provider} group by r.id order by r.name`
	).map((row) => ({ ...row }));

describe('a closure of the whole business', () => {
	test('holds for who joins later, and all closures come to the same in any order', async () => {
		const [a, b, c] = await Promise.all(['00:00', '12:00', '18:00'].map((time) => localInstant(here.db, 20, time)));
		const d = await localInstant(here.db, 22, '00:00');
		const outcomes = new Set<string>();
		for (const order of orders(['whole', 'overlapping', 'Salma', 'Yassine'])) {
			const provider = await empty();
			const made: string[] = [];
			for (const step of order) {
				if (step === 'whole') made.push(await close(provider, a!, c!));
				else if (step === 'overlapping') made.push(await close(provider, b!, d));
				else await person(provider, step);
			}
			outcomes.add(JSON.stringify(await taken(provider)));
			expect(await broken(...made)).toEqual([]);
		}
		expect(outcomes.size).toBe(1);
		expect([...outcomes][0]).toMatch(/Salma.*Yassine/);
	});

	test('comes to the same entered with others at once as one by one, and they are told as one', async () => {
		const at = await Promise.all([...'01234567'].map((n) => localInstant(here.db, 23 + Number(n), '00:00')));
		// of all, of one within it, across its end, of the other beside, and one that the first has whole
		const wanted: [number, number, string | null][] = [
			[1, 4, null],
			[0, 2, 'Salma'],
			[3, 6, null],
			[5, 7, 'Yassine'],
			[2, 3, 'Yassine']
		];
		const outcomes: unknown[] = [];
		for (const together of [false, true]) {
			const provider = await empty();
			const people: Record<string, string> = {};
			for (const name of ['Salma', 'Yassine']) people[name] = await person(provider, name);
			const rows = wanted.map(([from, to, name]) => ({
				...{ provider_id: provider, resource_id: name && people[name]!, period: `[${at[from]},${at[to]})` }
			}));
			for (const part of together ? [rows] : rows.map((row) => [row]))
				expect((await here.youssef.client.from('closures').insert(part)).error).toBeNull();
			outcomes.push(await taken(provider));
			const [told] = await here.db<{ times: number }[]>`
				select count(*)::int as times from realtime.messages
				where topic = ${`provider:${provider}`} and event = 'calendar_changed'`;
			expect(told!.times).toBe(together ? 1 : wanted.length);
			const closures = await here.db<{ id: string }[]>`select id from closures where provider_id = ${provider}`;
			expect(await broken(...closures.map(({ id }) => id))).toEqual([]);
		}
		expect(outcomes[0]).toHaveLength(2);
		expect(outcomes[1]).toEqual(outcomes[0]);
	});

	test('keeps shut what another closure, taken back, had shut too', async () => {
		const provider = await empty();
		const salma = await person(provider);
		const [a, b, c] = await Promise.all(['08:00', '12:00', '18:00'].map((time) => localInstant(here.db, 21, time)));
		const own = await close(provider, a!, b!, salma);
		const whole = await close(provider, a!, c!);
		const shut = await taken(provider);
		expect((await here.youssef.client.from('closures').delete().eq('id', own)).error).toBeNull();
		expect(await taken(provider)).toEqual(shut);
		expect((await here.youssef.client.from('closures').delete().eq('id', whole)).error).toBeNull();
		expect(await taken(provider)).toEqual([]);
	});

	test('is refused with all that were entered at once where one of them meets a booking', async () => {
		const { data } = await here.visitor.rpc('create_booking', {
			service_id: here.plumber.freeService,
			starts_at: await localInstant(here.db, 26, '10:00'),
			guest: { name: 'Rita', email: 'rita-closures@example.com' },
			idempotency_key: randomUUID()
		} as never);
		expect(data!.booking_id).toBeTruthy();
		const rows = await Promise.all(
			[25, 26, 27].map(async (day) => ({
				provider_id: here.plumber.id,
				period: `[${await localInstant(here.db, day, '08:00')},${await localInstant(here.db, day, '20:00')})`
			}))
		);
		expect((await here.youssef.client.from('closures').insert(rows)).error).toMatchObject({ message: 'slot_taken' });
		expect(await here.db`select from closures where provider_id = ${here.plumber.id}`).toHaveLength(0);
	});

	test('is refused where a booking is promised, and not by a hold that has lapsed', async () => {
		const { db, plumber, youssef, visitor } = here;
		const book = async (time: string) => {
			const { data, error } = await visitor.rpc('create_booking', {
				service_id: plumber.freeService,
				starts_at: await localInstant(db, 23, time),
				guest: { name: 'Zoubida', email: `z-${randomUUID()}@example.com` },
				idempotency_key: randomUUID()
			});
			expect(error).toBeNull();
			return data!.booking_id!;
		};
		const shut = async (from: string, to: string) =>
			(
				await youssef.client.from('closures').insert({
					provider_id: plumber.id,
					period: `[${await localInstant(db, 23, from)},${await localInstant(db, 23, to)})`
				})
			).error?.message ?? null;
		await book('09:00');
		expect(await shut('08:00', '12:00')).toBe('slot_taken');
		const lapsed = await book('15:00');
		await db`update bookings set status = 'held', hold_expires_at = now() - interval '1 minute' where id = ${lapsed}`;
		await db`update occupancies set expires_at = now() - interval '1 minute' where booking_id = ${lapsed}`;
		await db`insert into booking_events (booking_id, to_status, actor) values (${lapsed}, 'held', 'system')`;
		expect(await shut('14:00', '18:00')).toBeNull();
	});

	test('shuts the time of a booking that stood in it, once that is cancelled', async () => {
		const { db } = here;
		const provider = await empty();
		const salma = await person(provider);
		const [from, to] = [await localInstant(db, 24, '08:00'), await localInstant(db, 24, '18:00')];
		const closure = await close(provider, from, to);
		const shut = await taken(provider);
		// as after new rules of a zone have brought the two together
		const [hole] = await db<{ period: string }[]>`
			select tstzrange(lower(period) + interval '1 hour', lower(period) + interval '2 hours')::text as period
			from closures where id = ${closure}`;
		const [service] = await db`
			insert into services (provider_id, name_fr, duration_minutes, price_minor) values (${provider}, 'Visite', 60, 0) returning id`;
		const [booking] = await db<{ id: string }[]>`
			insert into bookings (reference, provider_id, service_id, mode, status, customer_name, customer_email, language, starts_at,
				ends_at, local_starts_at, time_zone, price_minor, deposit_minor, currency, policy, idempotency_key)
			select ${`T${randomUUID().slice(0, 8)}`}, ${provider}, ${service!.id}, 'appointment', 'confirmed', 'Zoubida',
				'zoubida@example.com', 'fr', lower(x), upper(x), private.to_local(lower(x), 'Africa/Casablanca'), 'Africa/Casablanca',
				0, 0, 'MAD', '{"tiers": []}', gen_random_uuid()
			from (select ${hole!.period}::tstzrange as x) as h returning id`;
		await db.begin(async (sql) => {
			await sql`select set_config('khadamat.rederiving', 'on', true)`;
			await sql`delete from occupancies where closure_id = ${closure}`;
			await sql`
				insert into occupancies (resource_id, period, booking_id) values (${salma}, ${hole!.period}::tstzrange, ${booking!.id})`;
			await sql`select private.fill_closures(array[${salma}]::uuid[], ${hole!.period}::tstzrange::tstzmultirange)`;
		});
		expect(await broken(closure)).toEqual([]);
		expect(await taken(provider)).not.toEqual(shut);
		await db`select private.set_status(${booking!.id}, 'cancelled', 'provider')`;
		expect(await taken(provider)).toEqual(shut);
	});

	test('is found by the checker where it does not take what it closes, and where it takes more', async () => {
		const { db } = here;
		const provider = await empty();
		await person(provider);
		const closure = await close(provider, await localInstant(db, 25, '08:00'), await localInstant(db, 25, '18:00'));
		const [place] = await db<{ id: string }[]>`
			update occupancies set period = tstzrange(lower(period) + interval '1 hour', upper(period) + interval '1 hour')
			where closure_id = ${closure} returning id`;
		expect(await broken(closure)).toEqual(['closure_without_place']);
		expect(await broken(place!.id)).toEqual(['place_beyond_closure']);
	});
});

describe('a session', () => {
	const show = async (capacity: number, room: string, service: string, provider: string, days = 30, hours = 0) => {
		const [row] = await here.db<{ id: string }[]>`
			insert into sessions (provider_id, service_id, resource_id, starts_at, ends_at, capacity)
			select ${provider}, ${service}, ${room}, x.at, x.at + interval '1 hour', ${capacity}
			from (select ${await localInstant(here.db, days, '10:00')}::timestamptz + ${hours} * interval '1 hour' as at) as x
			returning id`;
		return row!.id;
	};
	const stage = async (capacity = 9) => {
		const provider = await empty();
		const [room] = await here.db<{ id: string }[]>`
			insert into resources (provider_id, kind, name, capacity) values (${provider}, 'room', 'Salle', ${capacity}) returning id`;
		const [service] = await here.db<{ id: string }[]>`
			insert into services (provider_id, mode, name_fr, duration_minutes, price_minor, max_party)
			values (${provider}, 'session', 'Stage', 60, 10000, 9) returning id`;
		return { provider, room: room!.id, service: service!.id };
	};
	const seats = (provider: string, room: string, labels: string[], row = 1) =>
		here.youssef.client.from('seats').insert(
			labels.map((label, i) => ({
				provider_id: provider,
				resource_id: room,
				label,
				row_number: row,
				column_number: i + 1
			}))
		);
	const book = (session: string, service: string, more: { seats?: string[]; party_size?: number }) =>
		here.visitor.rpc('create_booking', {
			service_id: service,
			session_id: session,
			guest: { name: 'Zoubida', email: `z-${randomUUID()}@example.com` },
			idempotency_key: randomUUID(),
			...more
		});

	test('keeps its room as long as its service now says', async () => {
		const { provider, room, service } = await stage();
		const [one, two] = [await show(5, room, service, provider), await show(5, room, service, provider, 30, 2)];
		const { client } = here.youssef;
		const buffers = (before: number, after: number) =>
			client
				.from('services')
				.update({ buffer_before_minutes: before, buffer_after_minutes: after })
				.eq('id', service)
				.then(({ error }) => error?.message ?? null);
		expect(await buffers(0, 60)).toBeNull();
		// neither alone has room beside the other's buffer as it was
		expect(await buffers(60, 0)).toBeNull();
		expect(await broken(one, two)).toEqual([]);
		expect(await buffers(45, 45)).toBe('slot_taken');
		expect(await broken(one, two)).toEqual([]);
		await here.db`update occupancies set period = tstzrange(lower(period), upper(period) - interval '5 minutes') where session_id = ${one}`;
		expect(await broken(one)).toEqual(['session_without_room']);
	});

	test('sells the seats its room has, planned before or after they are put in', async () => {
		const { provider, room, service } = await stage();
		const early = await show(5, room, service, provider);
		expect((await seats(provider, room, ['A1', 'A2', 'A3'])).error).toBeNull();
		const late = await show(3, room, service, provider, 31);
		const capacities = await here.db`select capacity from sessions where id in (${early}, ${late})`;
		expect(capacities.map(({ capacity }) => capacity as number)).toEqual([3, 3]);
		expect((await book(early, service, { seats: ['A2'] })).error).toBeNull();
		const remove = (label: string) =>
			here.youssef.client.from('seats').delete().eq('resource_id', room).eq('label', label);
		expect((await remove('A2')).error?.message).toBe('seat_taken');
		expect((await remove('A1')).error).toBeNull();
		expect((await here.db`select capacity from sessions where id = ${early}`)[0]!.capacity).toBe(2);
		expect(await broken(early, late)).toEqual([]);
		await here.db`update sessions set capacity = 4 where id = ${late}`;
		expect(await broken(late)).toEqual(['session_and_room']);
	});

	test('of which places are sold by count is given no numbered seats, and no seat gets another name', async () => {
		const { provider, room, service } = await stage();
		const session = await show(5, room, service, provider);
		expect((await book(session, service, { party_size: 2 })).error).toBeNull();
		expect((await seats(provider, room, ['A1', 'A2', 'A3', 'A4', 'A5'])).error?.message).toBe('invalid_transition');
		expect((await here.youssef.client.from('seats').update({ label: 'Z' }).eq('resource_id', room)).error?.code).toBe(
			'42501'
		);
	});

	test('sells no more than its room holds when that becomes smaller', async () => {
		const { provider, room, service } = await stage();
		const session = await show(6, room, service, provider);
		expect((await book(session, service, { party_size: 3 })).error).toBeNull();
		const resize = (capacity: number) => here.youssef.client.from('resources').update({ capacity }).eq('id', room);
		expect((await resize(2)).error?.message).toBe('invalid_input');
		expect((await resize(4)).error).toBeNull();
		expect((await here.db`select capacity from sessions where id = ${session}`)[0]!.capacity).toBe(4);
		expect(await broken(session)).toEqual([]);
	});
});

describe('what is found of a business', () => {
	test('follows its services, seats and city, and the checker compares', async () => {
		const { db } = here;
		const provider = await empty();
		const services = await db<{ id: string }[]>`
			insert into services (provider_id, mode, name_fr, duration_minutes, price_minor)
			values (${provider}, 'session', 'Aquarelle', 60, 20000), (${provider}, 'session', 'Poterie', 60, 30000) returning id`;
		const shown = async () =>
			(
				await db`select price_from_minor::int as price, search_text like '%aquarelle%' as found from providers where id = ${provider}`
			)[0];
		expect(await shown()).toEqual({ price: 20000, found: true });
		await db`
			insert into seat_prices (provider_id, service_id, category, price_minor)
			values (${provider}, ${services[1]!.id}, 'balcony', 12000)`;
		expect(await shown()).toEqual({ price: 12000, found: true });
		await db`update services set active = false where provider_id = ${provider} and name_fr = 'Aquarelle'`;
		expect(await shown()).toEqual({ price: 12000, found: false });
		await db`delete from seat_prices where provider_id = ${provider}`;
		expect(await shown()).toEqual({ price: 30000, found: false });
		expect(await broken(provider)).toEqual([]);
		await db`update providers set price_from_minor = 1, rating = 5, rating_count = 9, search_text = 'x' where id = ${provider}`;
		expect(await broken(provider)).toEqual(['price_from', 'rating', 'search_text']);
	});

	test('stands where its city is until somebody has moved it', async () => {
		const { db } = here;
		const slug = `v-${randomUUID()}`;
		await db`
			insert into cities (slug, name_fr, name_ar, name_en, latitude, longitude) values (${slug}, 'V', 'ف', 'V', 30, -8)`;
		const [follows, moved] = [await empty(), await empty()];
		await db`update providers set city_slug = ${slug}, latitude = 30, longitude = -8 where id in (${follows}, ${moved})`;
		await db`update providers set latitude = 30.01 where id = ${moved}`;
		await db`update cities set latitude = 31 where slug = ${slug}`;
		const [row] = await db`
			select (select latitude from providers where id = ${follows}) as follows,
				(select latitude from providers where id = ${moved}) as moved`;
		expect(row).toEqual({ follows: 31, moved: 30.01 });
	});
});

describe('a business that gets another zone', () => {
	test('keeps what it promised on its clocks, codes and closures too', async () => {
		const { db, visitor } = here;
		const provider = await empty();
		const salma = await person(provider);
		const [service] = await db`
			insert into services (provider_id, name_fr, duration_minutes, price_minor, step_minutes)
			values (${provider}, 'Visite', 60, 0, 60) returning id`;
		await db`insert into service_resources values (${service!.id}, ${salma})`;
		await db`
			insert into opening_hours (provider_id, weekday, opens, closes)
			select ${provider}, day, '08:00', '20:00' from generate_series(1, 7) as day`;
		const made = await visitor.rpc('create_booking', {
			service_id: service!.id as string,
			starts_at: await localInstant(db, 12, '10:00'),
			guest: { name: 'Zoubida', email: `z-${randomUUID()}@example.com` },
			idempotency_key: randomUUID()
		});
		expect(made.error).toBeNull();
		const closure = await close(provider, await localInstant(db, 13, '00:00'), await localInstant(db, 14, '00:00'));
		const { data: code } = await here.youssef.client
			.from('promo_codes')
			.insert({ provider_id: provider, code: 'ETE', percent: 10, valid_to: await localInstant(db, 40, '00:00') })
			.select('id')
			.single();
		await db`update providers set time_zone = 'Asia/Dubai' where id = ${provider}`;
		const [row] = await db`
			select
				(select private.to_local(b.starts_at, 'Asia/Dubai')::time::text from bookings b where b.id = ${made.data!.booking_id!}) as booking,
				(select private.to_local(lower(c.period), 'Asia/Dubai')::time::text from closures c where c.id = ${closure}) as closure,
				(select private.to_local(p.valid_to, 'Asia/Dubai')::time::text from promo_codes p where p.id = ${code!.id}) as code`;
		expect(row).toEqual({ booking: '10:00:00', closure: '00:00:00', code: '00:00:00' });
		expect(await broken(made.data!.booking_id!, closure, code!.id)).toEqual([]);
		await db`update promo_codes set local_valid_to = local_valid_to + interval '1 hour' where id = ${code!.id}`;
		expect(await broken(code!.id)).toEqual(['promised_time']);
	});

	test('gets no other currency while it has prices', async () => {
		const refused = here.db`update providers set currency = 'EUR' where id = ${here.plumber.id}`;
		await expect(refused).rejects.toThrow('invalid_input');
		const provider = await empty();
		await here.db`update providers set currency = 'EUR' where id = ${provider}`;
	});
});

describe('a link', () => {
	test('of a guest who waits works as long as what they wait for, and not when it is an account’s', async () => {
		const { db, visitor, plumber } = here;
		const { data, error } = await visitor.rpc('join_waitlist', {
			service_id: plumber.freeService,
			period: `[${await localInstant(db, 33, '00:00')},${await localInstant(db, 34, '00:00')})`,
			guest: { name: 'Rachid', email: `rachid-${randomUUID()}@example.com` }
		});
		expect(error).toBeNull();
		const id = data!.entry_id!;
		await db`update waitlist_entries set period = tstzrange(lower(period), upper(period) + interval '1 hour') where id = ${id}`;
		expect(await broken(id)).toEqual([]);
		await db`update private.bearer_secrets set expires_at = now() where subject_id = ${id}`;
		expect(await broken(id)).toEqual(['secret_outlives']);
		await db`update waitlist_entries set customer_id = ${here.bilal.id} where id = ${id}`;
		expect(await db`select from private.bearer_secrets where subject_id = ${id}`).toEqual([]);
	});
});

test('a calendar is a member’s or nobody’s, and the checker says where not', async () => {
	const stranger = (await account('stranger')) as Person;
	await here.db`update resources set user_id = ${stranger.id} where id = ${here.plumber.staff[0]!}`;
	expect(await broken(here.plumber.staff[0]!)).toEqual(['calendar_of_stranger']);
	await here.db`update resources set user_id = null where id = ${here.plumber.staff[0]!}`;
});
