import { createHmac, randomInt, randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { project, visitor } from 'supabase-embedded/testing';
import { localInstant, makeNeighbourhood, signing } from './people.ts';
import type { Neighbourhood } from './people.ts';

let here: Neighbourhood;
const guest = { name: 'Zoubida', email: 'zoubida@example.com' };

beforeAll(async () => {
	here = await makeNeighbourhood();
});
afterAll(() => here.close());

async function book(days: number, time: string): Promise<string> {
	const { data, error } = await here.visitor.rpc('create_booking', {
		service_id: here.plumber.freeService,
		starts_at: await localInstant(here.db, days, time),
		guest,
		idempotency_key: randomUUID()
	});
	expect(error).toBeNull();
	return data!.booking_id!;
}

/** The rules that a row breaks now. */
async function broken(subject: string): Promise<string[]> {
	const rows = await here.db<{ rule: string }[]>`
		select rule from private.broken_invariants() where subject_id = ${subject} order by rule`;
	return rows.map(({ rule }) => rule);
}

describe('the invariant checker', () => {
	test('finds nothing in what the seed and the functions wrote', async () => {
		const id = await book(3, '09:00');
		await here.youssef.client.rpc('transition_booking', { booking_id: id, to_status: 'confirmed' });
		expect(await broken(id)).toEqual([]);
		const seeded = await here.db`
			select i.* from private.broken_invariants() i
			join bookings b on b.id = i.subject_id
			join providers p on p.id = b.provider_id
			where p.city_slug <> 'testville'`;
		expect(seeded).toEqual([]);
		const around = await here.db`
			select i.* from private.broken_invariants() i
			where i.subject_id in (
				select p.id from providers p where p.city_slug <> 'testville'
				union all select x.id from sessions x join providers p on p.id = x.provider_id where p.city_slug <> 'testville'
				union all select x.id from closures x join providers p on p.id = x.provider_id where p.city_slug <> 'testville'
				union all select x.id from resources x join providers p on p.id = x.provider_id where p.city_slug <> 'testville'
				union all select x.id from promo_codes x join providers p on p.id = x.provider_id where p.city_slug <> 'testville'
			)`;
		expect(around).toEqual([]);
	});

	test.each<[string, string, (id: string) => Promise<unknown>]>([
		['booking_without_place', '10:00', (id) => here.db`delete from occupancies where booking_id = ${id}`],
		['history', '11:00', (id) => here.db`update bookings set status = 'confirmed' where id = ${id}`],
		['paid', '12:00', (id) => here.db`update bookings set paid_minor = 100 where id = ${id}`]
	])('finds %s', async (rule, time, damage) => {
		const id = await book(4, time);
		await damage(id);
		expect(await broken(id)).toEqual([rule]);
	});

	test('finds a place that outlived its booking, and seats counted wrongly', async () => {
		const id = await book(5, '09:00');
		await here.db`update bookings set status = 'cancelled' where id = ${id}`;
		const [place] = await here.db`select id from occupancies where booking_id = ${id}`;
		expect(await broken(place!.id as string)).toEqual(['place_without_booking']);
		const [room] = await here.db`
			insert into resources (provider_id, kind, name, capacity) values (${here.plumber.id}, 'room', 'R', 9) returning id`;
		const [service] = await here.db`
			insert into services (provider_id, mode, name_fr, duration_minutes, price_minor)
			values (${here.plumber.id}, 'session', 'Stage', 60, 0) returning id`;
		const [session] = await here.db`
			insert into sessions (provider_id, service_id, resource_id, starts_at, ends_at, capacity)
			values (${here.plumber.id}, ${service!.id}, ${room!.id}, now() + interval '2 days', now() + interval '3 days', 5)
			returning id`;
		expect(await broken(session!.id as string)).toEqual([]);
		await here.db`update sessions set taken = 2 where id = ${session!.id}`;
		expect(await broken(session!.id as string)).toEqual(['session_count']);
		await here.db`delete from occupancies where session_id = ${session!.id}`;
		expect(await broken(session!.id as string)).toEqual(['session_count', 'session_without_room']);
	});

	test('finds what is not at the time of its session, and what is left of one that is called off', async () => {
		const [session] = await here.db<{ id: string; service_id: string }[]>`
			with room as (
				insert into resources (provider_id, kind, name, capacity) values (${here.plumber.id}, 'room', 'R', 9) returning id
			), service as (
				insert into services (provider_id, mode, name_fr, duration_minutes, price_minor)
				values (${here.plumber.id}, 'session', 'Stage', 60, 0) returning id
			)
			insert into sessions (provider_id, service_id, resource_id, starts_at, ends_at, capacity)
			select ${here.plumber.id}, s.id, r.id, now() + interval '5 days', now() + interval '6 days', 5 from room r, service s
			returning id, service_id`;
		const { id, service_id } = session!;
		const { data, error } = await here.visitor.rpc('create_booking', {
			service_id,
			session_id: id,
			guest,
			idempotency_key: randomUUID()
		});
		expect(error).toBeNull();
		const joined = await here.visitor.rpc('join_waitlist', { service_id, session_id: id, guest });
		const [booking, entry] = [data!.booking_id!, joined.data!.entry_id!];
		for (const one of [id, booking, entry]) expect(await broken(one)).toEqual([]);
		await here.db`update sessions set starts_at = starts_at + interval '1 hour' where id = ${id}`;
		expect(await broken(booking)).toEqual(['session_time']);
		expect(await broken(entry)).toEqual(['session_time']);
		await here.db`update sessions set starts_at = starts_at - interval '1 hour' where id = ${id}`;
		await here.db`update sessions set ends_at = ends_at + interval '1 hour' where id = ${id}`;
		expect(await broken(booking)).toEqual(['session_time']);
		await here.db`update sessions set active = false, ends_at = ends_at - interval '1 hour' where id = ${id}`;
		expect(await broken(id)).toEqual(['called_off']);
		await here.db`update sessions set active = true where id = ${id}`;
		const called = await here.youssef.client.rpc('cancel_session', { session_id: id });
		expect(called.data).toMatchObject({ bookings: 1, waiting: 1 });
		for (const one of [id, booking, entry]) expect(await broken(one)).toEqual([]);
	});

	test('keeps a finding until it is gone; staff alone read them', async () => {
		const id = await book(6, '09:00');
		await here.db`update bookings set paid_minor = 100 where id = ${id}`;
		await here.db`select private.check_invariants()`;
		await here.db`select private.check_invariants()`;
		const findings = async (client: typeof here.visitor) =>
			(await client.from('invariant_findings').select('rule, resolved_at').eq('subject_id', id)).data;
		expect(await findings(here.admin.client)).toEqual([{ rule: 'paid', resolved_at: null }]);
		expect(await findings(here.moderator.client)).toEqual([]);
		expect(await findings(here.youssef.client)).toEqual([]);
		expect(await findings(here.visitor)).toBeNull();
		await here.db`update bookings set paid_minor = 0 where id = ${id}`;
		await here.db`select private.check_invariants()`;
		expect((await findings(here.admin.client))![0]!.resolved_at).not.toBeNull();
	});
});

describe('why a time is not free', () => {
	const why = async (
		client: typeof here.visitor,
		starts_at: string,
		party_size = 1,
		service = here.plumber.freeService
	) => (await client.rpc('explain_slot', { service_id: service, starts_at, party_size })).data;

	test('a free one has no reason', async () => {
		expect(await why(here.visitor, await localInstant(here.db, 9, '09:00'))).toEqual([]);
	});

	test('hours, notice, horizon and party', async () => {
		expect(await why(here.visitor, await localInstant(here.db, 9, '07:00'))).toEqual(['outside_hours']);
		expect(await why(here.visitor, await localInstant(here.db, -1, '09:00'))).toEqual(['too_soon']);
		expect(await why(here.visitor, await localInstant(here.db, 90, '09:00'))).toEqual(['too_far']);
		expect(await why(here.visitor, await localInstant(here.db, 9, '09:00'), 2)).toEqual(['limit']);
	});

	test('what stands in the way is told to members; visitors hear that it is taken', async () => {
		const { db, plumber, visitor, youssef, bilal } = here;
		const at = await localInstant(db, 10, '09:00');
		await book(10, '09:00');
		await book(10, '09:00');
		expect(await why(visitor, at)).toEqual(['taken']);
		expect(await why(youssef.client, at)).toEqual(['taken']);

		const [buffered] = await db`
			insert into services (provider_id, name_fr, duration_minutes, price_minor, buffer_before_minutes)
			values (${plumber.id}, 'Avec trajet', 60, 0, 60) returning id`;
		await db`insert into service_resources select ${buffered!.id}, unnest(${plumber.staff}::uuid[])`;
		const after = await localInstant(db, 10, '10:00');
		expect(await why(youssef.client, after, 1, buffered!.id as string)).toEqual(['buffer']);
		expect(await why(bilal.client, after, 1, buffered!.id as string)).toEqual(['taken']);

		await db`
			insert into closures (provider_id, period)
			select ${plumber.id}, tstzrange(${at}::timestamptz + interval '4 hours', ${at}::timestamptz + interval '6 hours')`;
		const closed = new Date(Date.parse(at) + 4 * 3_600_000).toISOString();
		expect(await why(youssef.client, closed)).toEqual(['closure']);
		expect(await why(visitor, closed)).toEqual(['taken']);
	});
});

describe('a refused call', () => {
	test('counts against the limit like any other, and writes nothing else', async () => {
		const { db, bilal, plumber } = here;
		const counted = async () => {
			const [row] = await db`
				select coalesce(sum(calls), 0)::int as calls from private.rate_counters
				where name = 'create_booking' and caller = ${bilal.id}`;
			return row!.calls as number;
		};
		const at = await localInstant(db, 12, '09:00');
		const bad: Record<string, unknown>[] = [
			{ service_id: randomUUID() },
			{ starts_at: await localInstant(db, -2, '09:00') },
			{ party_size: 0 },
			{ party_size: 10_000 },
			{ notes: 'x'.repeat(1_000_000) },
			{ seats: ['A1'] },
			{ session_id: randomUUID() },
			{ guest: { phone: 'call me' } }
		];
		const before = await counted();
		const seen: string[] = [];
		for (const wrong of bad) {
			const { error, status } = await bilal.client.rpc('create_booking', {
				service_id: plumber.freeService,
				starts_at: at,
				idempotency_key: randomUUID(),
				...wrong
			} as never);
			expect(error!.code).toBe(`PT${status}`);
			seen.push(`${status} ${error!.message}`);
		}
		expect(seen).toEqual([
			'404 not_found',
			'422 too_soon',
			'422 party_size',
			'422 party_size',
			'422 invalid_input',
			'422 invalid_input',
			'422 invalid_input',
			'422 invalid_input'
		]);
		expect((await counted()) - before).toBe(bad.length);
		expect(await db`select id from bookings where customer_id = ${bilal.id}`).toEqual([]);
	});

	test('raises where no request is answered, so that nothing half done stays', async () => {
		await expect(
			here.db`select create_booking(service_id => ${randomUUID()}, idempotency_key => ${randomUUID()})`
		).rejects.toThrow('not_found');
	});

	/** What the database takes a request with these headers for. */
	const callerOf = (headers: Record<string, string>) =>
		here.db.begin(async (sql) => {
			await sql`select set_config('request.headers', ${JSON.stringify(headers)}, true)`;
			return (await sql`select private.caller()`)[0]!.caller as string;
		});

	test('of a visitor counts for the address that the site or a function signed, and for no other that is claimed', async () => {
		const at = await signing(here.db);
		const gateway = { 'cf-connecting-ip': '198.51.100.7' };
		expect(await callerOf({ ...gateway, ...at('192.0.2.4') })).toBe('192.0.2.4');
		const key = createHmac('sha256', project.secretKey).update('192.0.2.4').digest('hex');
		expect(await callerOf({ ...gateway, 'x-visitor': '192.0.2.4', 'x-visitor-signature': key })).toBe('192.0.2.4');
		const visitor = { 'x-visitor': '192.0.2.4' };
		const empty = createHmac('sha256', '').update('192.0.2.4').digest('hex');
		for (const signature of [at('192.0.2.5')['x-visitor-signature'], empty, '', 'guessed']) {
			expect(await callerOf({ ...gateway, ...visitor, 'x-visitor-signature': signature })).toBe('198.51.100.7');
		}
		expect(await callerOf({ ...gateway, ...visitor })).toBe('198.51.100.7');
	});

	test('counts for what the proxy in front says, in its own header and at the end of a list alone', async () => {
		const claimed = { 'x-forwarded-for': '192.0.2.1', 'x-real-ip': '192.0.2.1', forwarded: 'for=192.0.2.1' };
		expect(await callerOf({ ...claimed, 'cf-connecting-ip': '198.51.100.7' })).toBe('198.51.100.7');
		expect(await callerOf(claimed)).toBe('unknown');
		await here.db
			.begin(async (sql) => {
				await sql`select private.configure('address_header', 'x-forwarded-for')`;
				await sql`select set_config('request.headers', '{"x-forwarded-for": "192.0.2.1, 198.51.100.7"}', true)`;
				expect((await sql`select private.caller()`)[0]).toEqual({ caller: '198.51.100.7' });
				throw new Error('undo');
			})
			.catch((error: Error) => expect(error.message).toBe('undo'));
	});

	test.each([
		['2001:db8:1:2:3:4:5:6', '2001:db8:1:2::/64'],
		['2001:0DB8:0001:0002::ffff', '2001:db8:1:2::/64'],
		['fe80::1%eth0', 'fe80::/64'],
		['::ffff:198.51.100.7', '198.51.100.7'],
		['::ffff:c633:6407', '198.51.100.7'],
		[' 198.51.100.7 ', '198.51.100.7'],
		['198.51.100.0/24', 'unknown'],
		['198.51.100.7:443', 'unknown'],
		['', 'unknown']
	])('from %s counts for %s: all that one line has is one', async (address, network) => {
		const at = await signing(here.db);
		expect(await callerOf(at(address))).toBe(network);
	});

	test('is not believed what a client says to the gateway of its address', async () => {
		const claims = ['x-forwarded-for', 'cf-connecting-ip', 'x-real-ip', 'true-client-ip', 'x-client-ip', 'forwarded'];
		const address = `192.0.2.${randomInt(1, 255)}`;
		const liar = visitor({ global: { headers: Object.fromEntries(claims.map((name) => [name, address])) } });
		await liar.rpc('leave_waitlist', { entry_id: randomUUID() });
		const counted = await here.db`select from private.rate_counters where caller in (${address}, 'unknown')`;
		expect(counted).toHaveLength(0);
	});

	test('above the limit is told when to come back', async () => {
		const { db } = here;
		const name = `test-${randomUUID()}`;
		await db`insert into private.rate_limits (name, max_calls, per) values (${name}, 3, '1 hour')`;
		for (let n = 0; n < 3; n++) await db`select private.count_call(${name})`;
		const refused = await db`select private.count_call(${name})`.catch((error: unknown) => error);
		expect(refused).toMatchObject({ code: 'PT429', message: 'rate_limited' });
		expect(Number((refused as { detail: string }).detail)).toBeGreaterThan(0);
		await db`delete from private.rate_limits where name = ${name}`;
	});

	test('that lasts holds too for calls that are undone', async () => {
		const { db } = here;
		const name = `test-${randomUUID()}`;
		await db`
			insert into private.rate_limits (name, max_calls, per, exact, lasting) values (${name}, 3, '1 hour', true, true)`;
		const undone = () =>
			db.begin(async (sql) => {
				const [row] = await sql`select private.over_limit(${name}, 'somebody') as wait`;
				throw row!.wait === null ? new Error('passed') : new Error('limited');
			});
		const said: string[] = [];
		for (let n = 0; n < 60; n++) await undone().catch((error: Error) => said.push(error.message));
		const passed = said.filter((word) => word === 'passed').length;
		// Three and the eight that are nobody's; twice, should a new quarter of an hour begin meanwhile.
		expect(passed).toBeGreaterThan(2);
		expect(passed).toBeLessThanOrEqual(22);
		await db`delete from private.rate_limits where name = ${name}`;
	});

	test('holds for all that visitors write from an address, and for nothing that they read', async () => {
		const address = `203.0.113.${randomInt(1, 255)}`;
		const busy = visitor({ global: { headers: (await signing(here.db))(address) } });
		await here.db`
			insert into private.rate_counters (name, caller, window_start, shard, calls)
			select name, ${address}, date_bin(per, now(), 'epoch') + n * per, 99, max_calls
			from private.rate_limits, generate_series(0, 1) as n where name = 'visitor_writes'`;
		const written = await busy.rpc('leave_waitlist', { entry_id: randomUUID() });
		expect(written.error).toMatchObject({ code: 'PT429', message: 'rate_limited' });
		expect(Number(written.error!.details)).toBeGreaterThan(0);
		expect((await busy.from('categories').select('id').limit(1)).error).toBeNull();
		expect((await busy.rpc('search_providers')).error).toBeNull();
	});
});
