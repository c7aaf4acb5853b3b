import { randomUUID } from 'node:crypto';
import type { Sql } from 'postgres';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { account, database, password, secondFactor, visitor } from 'supabase-embedded/testing';
import { errorStatuses } from '../../src/lib/supabase/errors.ts';
import type { ErrorCode } from '../../src/lib/supabase/errors.ts';
import { runJob } from '../load/jobs.ts';
import { makeStage, planSession, startAt } from '../load/stage.ts';
import type { Stage } from '../load/stage.ts';
import { signing } from './people.ts';
import type { Client, Person } from './people.ts';

let sql: Sql;
let stage: Stage;
let admin: Person;
/** a guest with an address of her own, so that what she is counted for is hers alone */
let zoubida: Client;
const address = `203.0.${Math.floor(Math.random() * 256)}.${Math.floor(Math.random() * 256)}`;
const guest = { name: 'Zoubida', email: `zoubida.${randomUUID()}@example.com` };
let hour = 0;

/** A start that no other test here uses. */
const nextStart = () => startAt(sql, 3 + Math.floor(hour / 10), 9 + (hour++ % 10));

beforeAll(async () => {
	sql = database();
	await sql`update private.rate_limits set max_calls = 1000000`;
	stage = await makeStage(sql);
	admin = await account('admin');
	await sql`insert into user_roles (user_id, role) values (${admin.id}, 'admin')`;
	await secondFactor(admin.client);
	zoubida = visitor({ global: { headers: (await signing(sql))(address) } }) as Client;
});
afterAll(() => sql.end());

const book = (values: Record<string, unknown>, client = zoubida) =>
	client.rpc('create_booking', {
		service_id: stage.appointment,
		guest,
		idempotency_key: randomUUID(),
		...values
	} as never);

/** A booking that succeeds, as what it gives its guest. */
async function booked(values: Record<string, unknown>) {
	const { data, error } = await book(values);
	expect(error).toBeNull();
	return { booking_id: data!.booking_id!, manage_token: data!.manage_token! };
}

type Refusal = PromiseLike<{
	status: number;
	error: { code: string; message: string; details: string | null; hint: string | null } | null;
}>;

/** Somebody with a business of their own, the second factor given. */
async function ownerOfNew() {
	const owner = (await account('owner')) as Person;
	const [city] = await sql`select city_slug, category_id from providers where id = ${stage.provider}`;
	const [category] = await sql`select slug from categories where id = ${city!.category_id}`;
	const { data } = await owner.client.rpc('start_provider', {
		business: {
			name: 'Chez Omar',
			category_slug: category!.slug,
			city_slug: city!.city_slug,
			district: 'Centre',
			address: '1 rue des Essais'
		},
		service: { name: 'Coupe', duration_minutes: 30, price_minor: 10000, place: 'provider' },
		hours: [{ weekday: 1, opens: '09:00', closes: '18:00' }]
	});
	await secondFactor(owner.client);
	return { ...owner, provider: data![0]!.provider_id };
}

/** How each code comes about. */
const refusals: Record<ErrorCode, () => Promise<Awaited<Refusal>>> = {
	slot_taken: async () => {
		const starts_at = await nextStart();
		await booked({ starts_at });
		return book({ starts_at });
	},
	seat_taken: async () => {
		const session_id = await planSession(sql, stage, 'film', await nextStart(), 6);
		await booked({ service_id: stage.film, session_id, seats: ['A1', 'A2'] });
		return book({ service_id: stage.film, session_id, seats: ['A2', 'A3'] });
	},
	session_full: async () => {
		const session_id = await planSession(sql, stage, 'course', await nextStart(), 3);
		await booked({ service_id: stage.course, session_id, party_size: 2 });
		return book({ service_id: stage.course, session_id, party_size: 2 });
	},
	outside_hours: async () => book({ starts_at: await startAt(sql, 3, 23) }),
	too_soon: async () => book({ starts_at: await startAt(sql, -1, 10) }),
	too_far: async () => book({ starts_at: await startAt(sql, 90, 10) }),
	party_size: async () => book({ starts_at: await nextStart(), party_size: 2 }),
	hold_expired: async () => {
		const mine = await booked({ service_id: stage.deposit, starts_at: await nextStart() });
		await sql`update bookings set hold_expires_at = now() - interval '1 second' where id = ${mine.booking_id}`;
		return zoubida.rpc('begin_payment', mine);
	},
	not_allowed: async () => {
		const { booking_id } = await booked({ starts_at: await nextStart() });
		return admin.client.rpc('cancel_booking', { booking_id });
	},
	not_found: async () => zoubida.rpc('cancel_booking', { manage_token: 'made-up' }),
	invalid_transition: async () => {
		const { manage_token } = await booked({ starts_at: await nextStart() });
		await zoubida.rpc('cancel_booking', { manage_token });
		return zoubida.rpc('cancel_booking', { manage_token });
	},
	price_changed: async () => book({ starts_at: await nextStart(), expected_total_minor: 1 }),
	idempotency_mismatch: async () => {
		const idempotency_key = randomUUID();
		await booked({ starts_at: await nextStart(), idempotency_key });
		return book({ starts_at: await nextStart(), idempotency_key });
	},
	promo_invalid: async () => book({ starts_at: await nextStart(), promo_code: 'NOPE' }),
	rate_limited: async () => {
		const busy = await account('busy');
		await sql`
			insert into private.rate_counters (name, caller, window_start, shard, calls)
			select name, ${busy.id}, date_bin(per, now(), 'epoch') + n * per, 99, max_calls
			from private.rate_limits, generate_series(0, 1) as n where name = 'create_booking'`;
		return book({ starts_at: await nextStart() }, busy.client as Client);
	},
	invalid_input: async () => book({ starts_at: await nextStart(), guest: { ...guest, phone: 'call me' } }),
	limit_reached: async () => {
		const owner = await ownerOfNew();
		const name = 'x';
		return owner.client
			.from('resources')
			.insert(Array.from({ length: 200 }, () => ({ provider_id: owner.provider, kind: 'staff', name }))) as never;
	},
	already_member: async () => {
		const owner = await ownerOfNew();
		return owner.client.rpc('invite_member', { provider_id: owner.provider, email: owner.email, role: 'staff' });
	},
	last_owner: async () => {
		const owner = await ownerOfNew();
		return owner.client.rpc('leave_provider', { provider_id: owner.provider });
	},
	session_ended: async () => {
		const gone = await account('gone');
		await sql`delete from auth.sessions where user_id = ${gone.id}`;
		return gone.client.from('profiles').select('id') as unknown as Refusal;
	},
	second_factor_required: async () => {
		const { email, client } = await account('careful');
		await secondFactor(client);
		const elsewhere = visitor();
		await elsewhere.auth.signInWithPassword({ email, password });
		return elsewhere.from('profiles').select('id') as unknown as Refusal;
	},
	step_up_required: async () => {
		const hasty = await account('hasty');
		await sql`insert into user_roles (user_id, role) values (${hasty.id}, 'admin')`;
		return hasty.client.rpc('find_accounts');
	}
};

/** Codes of a refused place: they say when one is free. */
const places: ErrorCode[] = ['slot_taken', 'seat_taken', 'session_full', 'outside_hours', 'too_soon', 'too_far'];

describe('every code', () => {
	test.each(Object.keys(errorStatuses) as ErrorCode[])('%s comes with its status', async (code) => {
		const { error, status } = await refusals[code]();
		expect(error).toMatchObject({ message: code, code: `PT${errorStatuses[code]}` });
		expect(status).toBe(errorStatuses[code]);
		if (code === 'rate_limited') expect(Number(error!.details)).toBeGreaterThan(0);
		if (places.includes(code)) {
			const next = JSON.parse(error!.hint!) as string[];
			expect(next.length).toBeLessThanOrEqual(3);
			for (const instant of next) expect(instant).toMatch(/T\d\d:\d\d:\d\d[+-]\d\d:\d\d$/);
		}
	});
});

/** What anybody's call may have written: rows of the business and of its bookings, and mails to its guest. */
async function rows(): Promise<unknown> {
	const [counts] = await sql`
		with mine as (select * from bookings where provider_id = ${stage.provider})
		select
			(select count(*) from mine) as bookings,
			(select count(*) from booking_events where booking_id in (select id from mine)) as events,
			(select count(*) from occupancies where booking_id in (select id from mine)) as places,
			(select count(*) from booking_seats where booking_id in (select id from mine)) as seats,
			(select coalesce(sum(taken), 0) from sessions where provider_id = ${stage.provider}) as taken,
			(select count(*) from payments where booking_id in (select id from mine)) as payments,
			(select count(*) from waitlist_entries where provider_id = ${stage.provider}) as waiting,
			(select count(*) from deliveries where recipient = ${guest.email}) as mails,
			(select max(updated_at) from mine) as changed`;
	return counts;
}

async function counted(limit: string): Promise<number> {
	const [row] = await sql<{ calls: number }[]>`
		select coalesce(sum(calls), 0)::int as calls from private.rate_counters
		where name = ${limit} and caller = ${address.split(',')[0]!}`;
	return row!.calls;
}

describe('bad input of a guest gives its code, writes nothing, and costs her limit', () => {
	let session_id: string;
	let starts_at: string;
	beforeAll(async () => {
		const at = await nextStart();
		session_id = await planSession(sql, stage, 'film', at, 6);
		starts_at = await nextStart();
	});
	const seat = (seats: unknown) => book({ service_id: stage.film, session_id, seats });

	test.each<[string, string, string, string, () => Refusal]>([
		[
			'an unknown service',
			'create_booking',
			'not_found',
			'service_id',
			() => book({ service_id: randomUUID(), starts_at })
		],
		['a past time', 'create_booking', 'too_soon', 'starts_at', () => book({ starts_at: '2020-01-01T10:00:00Z' })],
		['a party of nobody', 'create_booking', 'party_size', 'party_size', () => book({ starts_at, party_size: 0 })],
		[
			'a party of ten thousand',
			'create_booking',
			'party_size',
			'party_size',
			() => book({ starts_at, party_size: 10_000 })
		],
		['fewer than nobody', 'create_booking', 'party_size', 'party_size', () => book({ starts_at, party_size: -1 })],
		['a seat that the room does not have', 'create_booking', 'invalid_input', 'seats', () => seat(['Z9'])],
		['one seat twice', 'create_booking', 'invalid_input', 'seats', () => seat(['A1', 'A1'])],
		['no seats where they are numbered', 'create_booking', 'invalid_input', 'seats', () => seat(null)],
		['an empty list of seats', 'create_booking', 'party_size', 'party_size', () => seat([])],
		[
			'a session that is not there',
			'create_booking',
			'invalid_input',
			'seats',
			() => book({ service_id: stage.film, session_id: randomUUID(), seats: ['A1'] })
		],
		[
			'a session of another service',
			'create_booking',
			'not_found',
			'session_id',
			() => book({ service_id: stage.course, session_id })
		],
		['a session for an appointment', 'create_booking', 'invalid_input', 'seats', () => book({ session_id, starts_at })],
		['no time', 'create_booking', 'invalid_input', 'starts_at', () => book({})],
		[
			'a megabyte of notes',
			'create_booking',
			'invalid_input',
			'notes',
			() => book({ starts_at, notes: 'x'.repeat(1_000_000) })
		],
		[
			'a malformed phone',
			'create_booking',
			'invalid_input',
			'phone',
			() => book({ starts_at, guest: { ...guest, phone: '12' } })
		],
		[
			'a guest who is not an object',
			'create_booking',
			'invalid_input',
			'guest',
			() => book({ starts_at, guest: 'me' })
		],
		['no guest', 'create_booking', 'invalid_input', 'name', () => book({ starts_at, guest: null })],
		['no key', 'create_booking', 'invalid_input', 'idempotency_key', () => book({ starts_at, idempotency_key: null })],
		[
			'a wrong token to cancel',
			'change_booking',
			'not_found',
			'',
			() => zoubida.rpc('cancel_booking', { manage_token: 'x'.repeat(43) })
		],
		[
			'a wrong token to move',
			'change_booking',
			'not_found',
			'',
			() => zoubida.rpc('reschedule_booking', { manage_token: '', starts_at })
		],
		['no token at all', 'change_booking', 'not_found', '', () => zoubida.rpc('cancel_booking', {})],
		[
			'waiting for no time',
			'join_waitlist',
			'invalid_input',
			'period',
			() => zoubida.rpc('join_waitlist', { service_id: stage.appointment, guest })
		]
	])('%s', async (_, limit, code, field, call) => {
		const [before, calls] = [await rows(), await counted(limit)];
		const { error, status } = await call();
		expect(error).toMatchObject({ message: code, code: `PT${status}`, details: field });
		expect(await rows()).toEqual(before);
		expect(await counted(limit)).toBe(calls + 1);
	});
});

test('a lapsed hold cannot be moved, and its places are freed once', async () => {
	await sql`update services set deposit_percent = 30 where id = ${stage.course}`;
	const [at, to] = [await nextStart(), await nextStart()];
	const [from, other] = [
		await planSession(sql, stage, 'course', at, 5),
		await planSession(sql, stage, 'course', to, 5)
	];
	const mine = await booked({ service_id: stage.course, session_id: from, party_size: 2 });
	await sql`update bookings set hold_expires_at = now() - interval '1 second' where id = ${mine.booking_id}`;
	for (const starts_at of [at, to]) {
		const { error } = await zoubida.rpc('reschedule_booking', { manage_token: mine.manage_token, starts_at });
		expect(error).toMatchObject({ code: 'PT410', message: 'hold_expired' });
	}
	const taken = async () =>
		(await sql`select taken from sessions where id in (${from}, ${other}) order by starts_at`).map(
			(row) => row.taken as number
		);
	expect(await taken()).toEqual([2, 0]);
	await runJob(sql, 'expire holds');
	expect(await taken()).toEqual([0, 0]);
});

describe('a booking of a session, where two rooms show the same at once', () => {
	let rooms: { own: string; beside: string; at: string; later: string };
	beforeAll(async () => {
		const at = await nextStart();
		const own = await planSession(sql, stage, 'film', at, 6);
		const [room] = await sql`
			insert into resources (provider_id, kind, name, capacity) values (${stage.provider}, 'room', 'Salle 3', 6) returning id`;
		await sql`
			insert into seats (provider_id, resource_id, label, row_number, column_number)
			select ${stage.provider}, ${room!.id}, 'B' || n, 1, n from generate_series(1, 6) as n`;
		const inOther = async (starts: string) => {
			const [row] = await sql`
				insert into sessions (provider_id, service_id, resource_id, starts_at, ends_at, capacity)
				values (${stage.provider}, ${stage.film}, ${room!.id}, ${starts}, ${starts}::timestamptz + interval '1 hour', 6)
				returning id`;
			return row!.id as string;
		};
		rooms = { own, at, beside: await inOther(at), later: await nextStart() };
		await inOther(rooms.later);
	});

	test('stays in its own when it is moved to the same time', async () => {
		for (const [session_id, seat] of [
			[rooms.own, 'A1'],
			[rooms.beside, 'B1']
		]) {
			const mine = await booked({ service_id: stage.film, session_id, seats: [seat] });
			const moved = await zoubida.rpc('reschedule_booking', { manage_token: mine.manage_token, starts_at: rooms.at });
			expect(moved.data).toMatchObject({ session_id, seats: [seat] });
		}
	});

	test('is not moved to seats that the other room does not have', async () => {
		const mine = await booked({ service_id: stage.film, session_id: rooms.own, seats: ['A2'] });
		const moved = await zoubida.rpc('reschedule_booking', { manage_token: mine.manage_token, starts_at: rooms.later });
		expect(moved.error).toMatchObject({ code: 'PT422', message: 'invalid_input', details: 'seats' });
		const [row] = await sql`select session_id, seat from booking_seats where booking_id = ${mine.booking_id}`;
		expect(row).toEqual({ session_id: rooms.own, seat: 'A2' });
	});
});
