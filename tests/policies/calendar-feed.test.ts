import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { account, project, service } from 'supabase-embedded/testing';
import { localInstant, makeNeighbourhood } from './people.ts';
import type { Client, Neighbourhood, Person } from './people.ts';

let here: Neighbourhood;
/** a manager at the plumber's */
let salma: Person;
/** bookings of the plumber's: one that Karim does, one that Saïd does */
let karims: { id: string; reference: string };
let saids: { id: string; reference: string };
const notes =
	'Fuite; évier, cuisine\nsonner deux fois\\ إصلاح تسرب الماء في المطبخ، الطابق الثاني، الباب الأزرق على اليسار';

beforeAll(async () => {
	here = await makeNeighbourhood();
	const { db, plumber, karim } = here;
	salma = (await account('salma')) as Person;
	await db`insert into provider_members (provider_id, user_id, role) values (${plumber.id}, ${salma.id}, 'manager')`;
	await db`update resources set user_id = ${karim.id} where id = ${plumber.staff[0]!}`;
	await db`update providers set approval = 'automatic' where id = ${plumber.id}`;
	await db`update profiles set full_name = 'أمينة, Amina', phone = '+212600000001' where id = ${here.amina.id}`;
	const at = await localInstant(db, 3, '10:00');
	// Both at the same time, so that each of the staff has one, Karim the first.
	karims = await book(at, notes);
	saids = await book(at);
});
afterAll(() => here.close());

/** A confirmed booking of Amina's at the plumber's. */
async function book(starts_at: string, notes = '', service_id = here.plumber.freeService) {
	const { data } = await here.amina.client.rpc('create_booking', {
		service_id,
		starts_at,
		notes,
		address: { line: '3, rue des Orangers', district: 'Maârif', city: 'Casablanca' },
		idempotency_key: randomUUID()
	});
	return { id: data!.booking_id!, reference: data!.reference! };
}

async function secretOf(client: Client, provider = here.plumber.id): Promise<string> {
	const { data, error } = await client.rpc('my_calendar_feed', { provider_id: provider });
	if (error) throw error;
	return data;
}

const fetchFeed = (secret: string, init: RequestInit = {}) =>
	fetch(`${project.url}/functions/v1/calendar/${secret}.ics`, init);

/** The events of a feed by their UID, each with its properties as they stand in the file. */
async function events(secret: string): Promise<Map<string, Map<string, string>>> {
	const answer = await fetchFeed(secret);
	expect([answer.status, answer.headers.get('content-type')]).toEqual([200, 'text/calendar; charset=utf-8']);
	const lines = (await answer.text()).replaceAll('\r\n ', '').split('\r\n');
	const found = new Map<string, Map<string, string>>();
	let event = new Map<string, string>();
	for (const line of lines) {
		const [, name, value] = /^([A-Z-]+)(?:;[^:]*)?:(.*)$/.exec(line) ?? [];
		if (line === 'BEGIN:VEVENT') event = new Map();
		else if (line === 'END:VEVENT') found.set(event.get('UID')!, event);
		else if (name) event.set(name, value!);
	}
	return found;
}

const uid = ({ id }: { id: string }) => `${id}@khadamat`;

describe('who has a feed', () => {
	test('members, each their own, the same as long as they do not renew it', async () => {
		const all = [here.youssef, salma, here.karim];
		const secrets = await Promise.all(all.map(({ client }) => secretOf(client)));
		expect(new Set(secrets).size).toBe(3);
		for (const secret of secrets) expect(secret).toMatch(/^[\w-]{43}$/);
		expect(await Promise.all(all.map(({ client }) => secretOf(client)))).toEqual(secrets);
	});

	test('ten first calls at once make one feed', async () => {
		const secrets = await Promise.all(Array.from({ length: 10 }, () => secretOf(here.zineb.client, here.salon.id)));
		expect(new Set(secrets).size).toBe(1);
	});

	test('nobody else', async () => {
		for (const name of ['my_calendar_feed', 'renew_calendar_feed'] as const) {
			for (const person of [here.amina, here.zineb, here.moderator, here.admin]) {
				const { error } = await person.client.rpc(name, { provider_id: here.plumber.id });
				expect(error).toMatchObject({ code: 'PT404', message: 'not_found' });
			}
			const { error } = await here.visitor.rpc(name, { provider_id: here.plumber.id });
			expect(error?.code).toBe('42501');
		}
	});

	test('and its row and its content are reached through the address alone', async () => {
		const secret = await secretOf(here.youssef.client);
		for (const client of [here.visitor, here.youssef.client, here.admin.client]) {
			const rows = await client.from('calendar_feeds').select('id');
			expect(rows.error?.code).toBe('42501');
			const content = await client.rpc('calendar_feed', { secret });
			expect(content.error?.code).toBe('42501');
		}
		const { data } = await service().rpc('calendar_feed', { secret });
		expect(data).toMatchObject({ provider: 'Plomberie', time_zone: 'Africa/Casablanca', language: 'fr' });
	});
});

describe('what is in it', () => {
	test('owners and managers have all bookings, staff those that are theirs', async () => {
		for (const { client } of [here.youssef, salma]) {
			const seen = await events(await secretOf(client));
			expect([seen.has(uid(karims)), seen.has(uid(saids))]).toEqual([true, true]);
		}
		const seen = await events(await secretOf(here.karim.client));
		expect([...seen.keys()]).toEqual([uid(karims)]);
	});

	test('each with its customer, and texts of any script and form', async () => {
		const starts = await localInstant(here.db, 3, '10:00');
		const event = (await events(await secretOf(here.karim.client))).get(uid(karims))!;
		expect(event.get('SUMMARY')).toBe('أمينة\\, Amina · Sans acompte');
		expect(event.get('DTSTART')).toBe(starts.replace(/[-:]|\.\d{3}Z/g, ''));
		expect(event.get('SEQUENCE')).toMatch(/^\d+$/);
		expect(event.get('STATUS')).toBe('CONFIRMED');
		expect(event.get('LAST-MODIFIED')).toMatch(/^\d{8}T\d{6}Z$/);
		const description = event.get('DESCRIPTION')!;
		expect(description).toContain(karims.reference);
		expect(description).toContain('+212600000001');
		expect(description).toContain('Karim');
		expect(description.endsWith(notes.replace(/[\\;,]/g, '\\$&').replaceAll('\n', '\\n'))).toBe(true);
		expect(event.has('LOCATION')).toBe(false);
	});

	test('in lines of at most 75 octets, under the name of the business, to be asked again in a quarter of an hour', async () => {
		const text = await (await fetchFeed(await secretOf(here.youssef.client))).text();
		expect(text.endsWith('END:VCALENDAR\r\n')).toBe(true);
		for (const line of text.split('\r\n')) expect(Buffer.byteLength(line)).toBeLessThanOrEqual(75);
		expect(text).toContain('METHOD:PUBLISH\r\n');
		expect(text).toContain('X-WR-CALNAME:Plomberie · Khadamat\r\n');
		expect(text).toContain('REFRESH-INTERVAL;VALUE=DURATION:PT15M\r\n');
	});

	test('a request is tentative, a hold is not there, in the member’s language', async () => {
		await here.db`update providers set approval = 'manual' where id = ${here.plumber.id}`;
		const request = await book(await localInstant(here.db, 4, '10:00'));
		const hold = await book(await localInstant(here.db, 4, '12:00'), '', here.plumber.service);
		const { client, id } = here.youssef;
		await here.db`update profiles set language = 'ar' where id = ${id}`;
		const seen = await events(await secretOf(client));
		expect(seen.get(uid(request))!.get('STATUS')).toBe('TENTATIVE');
		expect(seen.get(uid(request))!.get('SUMMARY')).toMatch(/^في انتظار التأكيد: /);
		expect(seen.has(uid(hold))).toBe(false);
		await here.db`update profiles set language = 'fr' where id = ${id}`;

		await client.rpc('transition_booking', { booking_id: request.id, to_status: 'confirmed' });
		expect((await events(await secretOf(client))).get(uid(request))!.get('STATUS')).toBe('CONFIRMED');
	});

	test('a cancelled booking disappears', async () => {
		const booking = await book(await localInstant(here.db, 5, '10:00'));
		const secret = await secretOf(here.youssef.client);
		expect((await events(secret)).has(uid(booking))).toBe(true);
		await here.amina.client.rpc('cancel_booking', { booking_id: booking.id });
		expect((await events(secret)).has(uid(booking))).toBe(false);
	});

	test('neither what is long over nor what is far ahead', async () => {
		const booking = await book(await localInstant(here.db, 6, '10:00'));
		const secret = await secretOf(here.youssef.client);
		const move = (days: number) =>
			here.db`
				update bookings
				set starts_at = now() + make_interval(days => ${days}), ends_at = now() + make_interval(days => ${days}, hours => 1)
				where id = ${booking.id}`;
		for (const [days, there] of [
			[-31, false],
			[-29, true],
			[399, true],
			[401, false]
		] as const) {
			await move(days);
			expect([days, (await events(secret)).has(uid(booking))]).toEqual([days, there]);
		}
	});

	test('a session is one event, with its places and without its customers', async () => {
		const { db, salon, zineb } = here;
		const [film] = await db`
			insert into services (provider_id, mode, name_fr, duration_minutes, price_minor, price_per, max_party, notice_minutes)
			values (${salon.id}, 'session', 'Ciné-club', 120, 4000, 'person', 6, 0) returning id`;
		const [room] = await db`
			insert into resources (provider_id, kind, name, capacity) values (${salon.id}, 'room', 'Salle 1', 30) returning id`;
		const starts = await localInstant(db, 5, '20:00');
		const { data: session } = await zineb.client
			.from('sessions')
			.insert({
				provider_id: salon.id,
				service_id: film!.id,
				resource_id: room!.id,
				starts_at: starts,
				ends_at: new Date(Date.parse(starts) + 7_200_000).toISOString(),
				capacity: 30
			})
			.select('id')
			.single();
		const booked = await here.visitor.rpc('create_booking', {
			service_id: film!.id,
			session_id: session!.id,
			party_size: 4,
			guest: { name: 'Zoubida', email: 'zoubida@example.com' },
			idempotency_key: randomUUID()
		});
		expect(booked.error).toBeNull();
		const secret = await secretOf(zineb.client, salon.id);
		const seen = await events(secret);
		expect([...seen.keys()]).toEqual([uid(session!)]);
		expect(seen.get(uid(session!))!.get('SUMMARY')).toBe('Ciné-club');
		expect(seen.get(uid(session!))!.get('LOCATION')).toBe('Salle 1');
		expect(seen.get(uid(session!))!.get('DESCRIPTION')).toContain('4/30');
		expect(await (await fetchFeed(secret)).text()).not.toContain('Zoubida');
		expect((await zineb.client.rpc('cancel_session', { session_id: session!.id })).error).toBeNull();
		expect((await events(secret)).size).toBe(0);
	});

	test('the thousand and first booking too, up to two thousand, those next to now', async () => {
		const { db, salon, zineb } = here;
		await db`
			insert into bookings (
				reference, provider_id, service_id, mode, status, customer_name, customer_email, language, starts_at, ends_at,
				local_starts_at, time_zone, price_minor, deposit_minor, currency, policy, idempotency_key
			)
			select
				'F-' || n || '-' || left(${salon.id}::text, 8), ${salon.id}, ${salon.service}, 'appointment', 'confirmed', 'Client ' || n,
				'client@example.com', 'fr', now() + make_interval(hours => n), now() + make_interval(hours => n + 1),
				private.to_local(now() + make_interval(hours => n), 'Africa/Casablanca'), 'Africa/Casablanca', 0, 0, 'MAD', '{}', gen_random_uuid()
			from generate_series(1, 2100) as n`;
		const names = [...(await events(await secretOf(zineb.client, salon.id))).values()].map((one) =>
			one.get('SUMMARY')!
		);
		expect(names).toHaveLength(2000);
		expect(names.at(0)).toMatch(/^Client 1 /);
		expect(names.at(-1)).toMatch(/^Client 2000 /);
		await db`delete from bookings where provider_id = ${salon.id} and reference like 'F-%'`;
	});
});

describe('the address', () => {
	test('answers anybody who has it, in both forms, and nothing but reading', async () => {
		const secret = await secretOf(here.karim.client);
		const asked = await fetch(`${project.url}/functions/v1/calendar?secret=${secret}`);
		expect(asked.status).toBe(200);
		expect(asked.headers.get('cache-control')).toBe('private, no-cache');
		expect((await fetchFeed(secret, { method: 'HEAD' })).status).toBe(200);
		expect((await fetchFeed(secret, { method: 'POST' })).status).toBe(405);
	});

	test('is answered shortly while nothing changed', async () => {
		const secret = await secretOf(here.karim.client);
		const etag = (await fetchFeed(secret)).headers.get('etag')!;
		const again = await fetchFeed(secret, { headers: { 'if-none-match': `"x", ${etag}` } });
		expect([again.status, again.headers.get('etag'), await again.text()]).toEqual([304, etag, '']);
		await here.db`update bookings set notes = notes || '.' where id = ${karims.id}`;
		expect((await fetchFeed(secret, { headers: { 'if-none-match': etag } })).status).toBe(200);
		await here.db`update bookings set notes = ${notes} where id = ${karims.id}`;
	});

	test('with any other secret finds nothing, in the same words', async () => {
		const answers = await Promise.all(
			['', 'x', 'A'.repeat(43), `${await secretOf(here.karim.client)}A`, encodeURIComponent("' or true --")].map(
				async (secret) => {
					const answer = await fetchFeed(secret);
					return [answer.status, answer.headers.get('content-type'), await answer.text()].join();
				}
			)
		);
		expect(new Set(answers)).toEqual(new Set(['404,text/plain; charset=utf-8,Not found\n']));
	});

	test('stops when it is renewed, and only then', async () => {
		const { client } = here.karim;
		const [before, others] = [await secretOf(client), await secretOf(here.youssef.client)];
		const { data: after } = await client.rpc('renew_calendar_feed', { provider_id: here.plumber.id });
		expect(await secretOf(client)).toBe(after);
		const statuses = await Promise.all([before, after!, others].map(async (one) => (await fetchFeed(one)).status));
		expect(statuses).toEqual([404, 200, 200]);
	});

	test('follows the member’s role, stops when they leave, and does not come back with them', async () => {
		const { db, plumber } = here;
		const secret = await secretOf(salma.client);
		expect((await events(secret)).has(uid(saids))).toBe(true);
		await db`update provider_members set role = 'staff' where user_id = ${salma.id}`;
		expect((await events(secret)).size).toBe(0);
		await db`delete from provider_members where user_id = ${salma.id}`;
		expect((await fetchFeed(secret)).status).toBe(404);
		await db`insert into provider_members (provider_id, user_id, role) values (${plumber.id}, ${salma.id}, 'manager')`;
		expect((await fetchFeed(secret)).status).toBe(404);
		expect(await secretOf(salma.client)).not.toBe(secret);
	});
});

test('asking and renewing are limited', async () => {
	const [row] =
		await here.db`select array_agg(name order by name) as names from private.rate_limits where name like '%calendar_feed'`;
	expect(row!.names).toEqual(['calendar_feed', 'renew_calendar_feed']);
	const counted = await here.db`
		select distinct name from private.rate_counters where caller = ${here.karim.id} and name like '%calendar_feed' order by 1`;
	expect(counted.map(({ name }) => name)).toEqual(['calendar_feed', 'renew_calendar_feed']);
});
