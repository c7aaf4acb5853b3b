import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { makeNeighbourhood } from './people.ts';
import type { Neighbourhood } from './people.ts';

let here: Neighbourhood;
beforeAll(async () => {
	here = await makeNeighbourhood();
});
afterAll(() => here.close());

const instant = async (local: string, zone: string, choice = 'first') => {
	const [row] = await here.db<
		{ at: Date | null }[]
	>`select private.to_instant(${local}::timestamp, ${zone}, ${choice}) as at`;
	return row!.at?.toISOString().slice(0, 16) ?? null;
};
const local = async (at: string, zone: string) =>
	(await here.db`select to_char(private.to_local(${at}::timestamptz, ${zone}), 'YYYY-MM-DD"T"HH24:MI') as local`)[0]!
		.local as string | null;

describe('local times and instants', () => {
	test.each([
		['Africa/Casablanca', '2026-09-19T10:30', '2026-09-19T09:30'],
		['Africa/Casablanca', '2026-09-20T00:59', '2026-09-19T23:59'],
		['Africa/Casablanca', '2026-09-20T02:00', '2026-09-20T02:00'],
		['Africa/Casablanca', '2026-12-01T10:30', '2026-12-01T10:30'],
		['Africa/Casablanca', '2027-02-20T10:30', '2027-02-20T10:30'],
		['Africa/El_Aaiun', '2027-02-20T10:30', '2027-02-20T10:30'],
		['Europe/Paris', '2027-07-01T12:00', '2027-07-01T10:00'],
		['America/New_York', '2027-01-01T12:00', '2027-01-01T17:00'],
		['Asia/Kathmandu', '2027-01-01T00:10', '2026-12-31T18:25'],
		['Asia/Katmandu', '2027-01-01T00:10', '2026-12-31T18:25']
	])('in %s %s is %s', async (zone, shown, at) => {
		expect(await instant(shown, zone)).toBe(at);
		expect(await local(`${at}Z`, zone)).toBe(shown);
	});

	test.each([
		['Africa/Casablanca', '2026-09-20T01:30', '2026-09-20T00:30', '2026-09-20T01:30'],
		['Europe/Paris', '2027-10-31T02:30', '2027-10-31T00:30', '2027-10-31T01:30'],
		['America/New_York', '2027-11-07T01:30', '2027-11-07T05:30', '2027-11-07T06:30'],
		['Australia/Lord_Howe', '2027-04-04T01:45', '2027-04-03T14:45', '2027-04-03T15:15']
	])('in %s %s occurs twice: the first unless told', async (zone, shown, first, second) => {
		expect([await instant(shown, zone), await instant(shown, zone, 'second')]).toEqual([first, second]);
		expect([await local(`${first}Z`, zone), await local(`${second}Z`, zone)]).toEqual([shown, shown]);
	});

	test.each([
		['Europe/Paris', '2027-03-28T02:00', '2027-03-28T01:00'],
		['Europe/Paris', '2027-03-28T02:59', '2027-03-28T01:00'],
		['America/New_York', '2027-03-14T02:30', '2027-03-14T07:00'],
		['Australia/Lord_Howe', '2027-10-03T02:15', '2027-10-02T15:30']
	])('in %s %s does not occur: as the end of hours it is the change', async (zone, shown, change) => {
		expect([await instant(shown, zone), await instant(shown, zone, 'edge')]).toEqual([null, change]);
	});

	test('a day has the hours that its clocks go through', async () => {
		const [row] = await here.db<{ hours: number[] }[]>`
			select array_agg(extract(epoch from upper(d) - lower(d))::float8 / 3600 order by n) as hours
			from (values
				(1, '2026-09-20'::date, 'Africa/Casablanca'), (2, '2026-09-21', 'Africa/Casablanca'),
				(3, '2027-03-28', 'Europe/Paris'), (4, '2027-10-31', 'Europe/Paris'), (5, '2027-10-03', 'Australia/Lord_Howe')
			) as x (n, day, zone), private.local_day(x.day, x.zone) as d`;
		expect(row!.hours).toEqual([25, 24, 23, 25, 23.5]);
	});

	test('a business is in a zone whose clocks are known, and in no other', async () => {
		const inZone = (zone: string) => here.db`update providers set time_zone = ${zone} where id = ${here.salon.id}`;
		await expect(inZone('Mars/Base')).rejects.toThrow('invalid_input');
		await inZone('Asia/Kathmandu');
		await inZone('Africa/Casablanca');
	});
});

describe('a booking in Morocco', () => {
	test('at 10:30 is at 10:30 UTC, and keeps its promise in words and columns', async () => {
		const [day] = await here.db`select (private.to_local(now(), 'Africa/Casablanca')::date + 5)::text as day`;
		const { data: slots } = await here.visitor.rpc('available_slots', {
			service_id: here.plumber.freeService,
			from_date: day!.day as string,
			to_date: day!.day as string
		});
		const slot = slots!.find(({ local_starts_at }) => local_starts_at.endsWith('T10:30:00'))!;
		expect(Date.parse(slot.starts_at)).toBe(Date.parse(`${slot.local_starts_at}Z`));
	});

	test('is told by servers as by the product, over all the years to come', async () => {
		const differing = await here.db`
			select * from private.clock_differences(array(select distinct time_zone from public.providers))`;
		const [state] = await here.db`select public.clock_state() as state`;
		// A hosted server may be behind; then it is said, and nothing follows from it.
		if (differing.length === 0) expect(state!.state).toMatchObject({ release: expect.stringMatching(/^20\d\d[a-z]$/) });
		else expect(await here.db`select from private.broken_invariants() where rule = 'clocks_of_server'`).not.toEqual([]);
	});
});

// A zone that is nobody else's in these tests, five hours ahead of UTC until its government thinks again.
const zone = 'Indian/Kerguelen';
const day = 86_400_000;
/** midnight on the islands, twenty days from now */
const midnight = Math.floor(Date.now() / day) * day + 20 * day - 5 * 3_600_000;
const at = (hour: number) => new Date(midnight + hour * 3_600_000).toISOString();

async function load(changes: [string, number][]): Promise<{ moved: number; clashes: number }> {
	const groups = [{ zones: [zone], at: changes.map(([from]) => from), ahead: changes.map(([, ahead]) => ahead) }];
	const [row] = await here.db<{ moved: number; clashes: number }[]>`
		select * from private.load_clocks((select release from private.clock_release), ${here.db.json(groups)})`;
	return row!;
}

async function book(hour: number): Promise<string> {
	const { data, error } = await here.visitor.rpc('create_booking', {
		service_id: here.salon.service,
		starts_at: at(hour),
		guest: { name: 'Zoubida', email: `zoubida-${randomUUID()}@example.com` },
		idempotency_key: randomUUID()
	});
	expect(error).toBeNull();
	return data!.booking_id!;
}

interface Stored {
	starts: string;
	shown: string;
	taken: string;
}
async function stored(id: string): Promise<Stored> {
	const [row] = await here.db<Stored[]>`
		select
			to_char(starts_at at time zone 'UTC', 'DD"T"HH24:MI') as starts, to_char(local_starts_at, 'HH24:MI') as shown,
			(
				select string_agg(to_char(lower(period) at time zone 'UTC', 'HH24:MI') || '-' || to_char(upper(period) at time zone 'UTC', 'HH24:MI'), ' ')
				from occupancies o where o.booking_id = b.id
			) as taken
		from bookings b where id = ${id}`;
	return row!;
}
const utc = (hour: number, length = 0) => new Date(midnight + (hour + length) * 3_600_000).toISOString().slice(11, 16);
const told = async (id: string) =>
	Number(
		(
			await here.db`select count(*) from deliveries where dedupe_key like 'email:%' and data ->> 'reference' = (select reference from bookings where id = ${id})`
		)[0]!.count
	);

describe('when a country changes its clocks between booking and visit', () => {
	beforeAll(async () => {
		const { db, salon } = here;
		await load([['-infinity', 300]]);
		await db`update providers set time_zone = ${zone}, approval = 'automatic' where id = ${salon.id}`;
		await db`delete from opening_hours where provider_id = ${salon.id}`;
		await db`
			insert into opening_hours (provider_id, weekday, opens, closes)
			select ${salon.id}, day, '00:00', '00:00' from generate_series(1, 7) as day`;
		await db`delete from resources where provider_id = ${salon.id} and position = 2`;
		await db`update services set deposit_percent = 0, place = 'provider', step_minutes = 30, notice_minutes = 0 where id = ${salon.service}`;
	});

	test('the promised local time stays, all that hangs on it follows, and nobody is told', async () => {
		const { db, salon, visitor } = here;
		const [first, next] = [await book(10), await book(11)];
		await db`update bookings set status = 'pending', answer_by = starts_at where id = ${next}`;
		await db`insert into booking_events (booking_id, to_status, actor) values (${next}, 'pending', 'system')`;
		const [closure] = await db`
			insert into closures (provider_id, period) values (${salon.id}, tstzrange(${at(14)}, ${at(15)})) returning id`;
		const waiting = await visitor.rpc('join_waitlist', {
			service_id: salon.service,
			period: `[${at(10)},${at(12)})`,
			guest: { name: 'Rachid', email: `rachid-${randomUUID()}@example.com` }
		});
		expect(waiting.error).toBeNull();
		const before = [await told(first), await told(next)];

		expect(
			await load([
				['-infinity', 300],
				[at(-24), 240]
			])
		).toEqual({ moved: 3, clashes: 0 });

		expect(await stored(first)).toMatchObject({ shown: '10:00', taken: `${utc(11)}-${utc(12)}` });
		expect(await stored(next)).toMatchObject({ shown: '11:00', taken: `${utc(12)}-${utc(13)}` });
		const [row] = await db`
			select b.answer_by = b.starts_at as answer,
				(select num_nulls(x.answer_by, x.hold_expires_at, x.top_up_by) = 3 from bookings x where x.id = ${first}) as settled,
				(select lower(c.period) = ${at(15)} and c.local_starts_at::time = '14:00' from closures c where c.id = ${closure!.id}) as closure,
				(select lower(o.period) = ${at(15)} from occupancies o where o.closure_id = ${closure!.id}) as closed,
				(select lower(w.period) = ${at(11)} and upper(w.period) = ${at(13)} and lower(w.local_period)::time = '10:00'
					from waitlist_entries w where w.provider_id = b.provider_id) as waiting
			from bookings b where b.id = ${next}`;
		expect(row).toEqual({ answer: true, settled: true, closure: true, closed: true, waiting: true });
		// what waits for nothing does not begin to
		const [waits] = await db`select answer_by, hold_expires_at, top_up_by from bookings where id = ${first}`;
		expect(waits).toEqual({ answer_by: null, hold_expires_at: null, top_up_by: null });
		expect([await told(first), await told(next)]).toEqual(before);
		const steps = await db`select reason from booking_events where booking_id = ${first} order by created_at`;
		expect(steps.map(({ reason }) => reason as string)).toEqual(['', 'clocks']);
		const broken = await db`
			select rule from private.broken_invariants() where subject_id = any (${[first, next, closure!.id as string]}::uuid[])`;
		expect(broken).toEqual([]);
		// and once more changes nothing
		expect((await db`select * from private.rederive_instants()`)[0]).toEqual({ moved: 0, clashes: 0 });
	});

	test('what meets another across the change keeps what is left, and is listed for the owner', async () => {
		const { db, salon, zineb, youssef } = here;
		await load([['-infinity', 300]]);
		// 04:30 to 05:30 stays before the change at 05:00; 06:00 then comes an hour earlier
		const [before, after] = [await book(4.5), await book(6)];
		const outcome = await load([
			['-infinity', 300],
			[at(5), 360]
		]);
		expect(outcome.clashes).toBe(1);
		expect(await stored(before)).toMatchObject({ shown: '04:30', taken: `${utc(4.5)}-${utc(5.5)}` });
		expect(await stored(after)).toMatchObject({ shown: '06:00', taken: `${utc(5.5)}-${utc(6)}` });
		const { data } = await zineb.client.from('clock_clashes').select('kind, booking_id, other_booking_id');
		expect(data).toEqual([{ kind: 'overlap', booking_id: after, other_booking_id: before }]);
		expect((await youssef.client.from('clock_clashes').select('id').eq('provider_id', salon.id)).data).toEqual([]);
		// who may settle it is told in the bell and by mail, once
		const mails = () => db`
			select recipient, data ->> 'count' as count from deliveries
			where kind = 'clock_clash' and data ->> 'provider_id' = ${salon.id}`;
		expect(await mails()).toEqual([{ recipient: zineb.email, count: '1' }]);
		expect((await zineb.client.from('notifications').select('id').eq('kind', 'clock_clash')).data).toHaveLength(1);
		await db`select * from private.rederive_instants()`;
		expect(await mails()).toHaveLength(1);
		expect(await db`select rule from private.broken_invariants() where subject_id = ${after}`).toEqual([
			{ rule: 'booking_without_place' }
		]);
		await db`delete from clock_clashes where provider_id = ${salon.id}`;
	});

	test('a closure that meets a promise leaves it its place, and has it once the booking is gone', async () => {
		const { db, salon, zineb } = here;
		await load([['-infinity', 300]]);
		// 07:30 to 08:30 stays before the change at 08:00, and what was shut from 09:00 on comes an hour earlier
		const booked = await book(31.5);
		const [closure] = await db<{ id: string }[]>`
			insert into closures (provider_id, period) values (${salon.id}, tstzrange(${at(33)}, ${at(34)})) returning id`;
		await load([
			['-infinity', 300],
			[at(32), 360]
		]);
		const shut = async () => {
			const [row] = await db<{ from: Date; to: Date }[]>`
				select min(lower(period)) as from, max(upper(period)) as to from occupancies where closure_id = ${closure!.id}`;
			return [row!.from.toISOString(), row!.to.toISOString()];
		};
		const instant = (hours: number) => new Date(at(hours)).toISOString();
		expect(await shut()).toEqual([instant(32.5), instant(33)]);
		const { data } = await zineb.client.from('clock_clashes').select('kind, closure_id, other_booking_id');
		expect(data).toEqual([{ kind: 'overlap', closure_id: closure!.id, other_booking_id: booked }]);
		const broken = () => db`
			select rule from private.broken_invariants() where subject_id in (${booked}, ${closure!.id})`;
		expect(await broken()).toEqual([]);
		await db`select private.set_status(${booked}, 'cancelled', 'customer')`;
		expect(await shut()).toEqual([instant(32), instant(33)]);
		expect(await broken()).toEqual([]);
		await db`delete from closures where id = ${closure!.id}`;
		await db`delete from clock_clashes where provider_id = ${salon.id}`;
	});

	test.each([
		['both times', 57, 58, 60.5, [59, 61.5]],
		['the one that it asks for alone', 83, 82, 84.5, [82, 85.5]],
		['the one that it keeps alone', 108, 109.5, 106, [110.5, 106]],
		['both, an hour apart', 129, 130, 131, [131, 132]]
	])('a change that waits for its answer keeps its way back: %s', async (_, from, kept, wanted, after) => {
		const { db, salon, amina, zineb } = here;
		await load([['-infinity', 300]]);
		const { data, error } = await amina.client.rpc('create_booking', {
			service_id: salon.service,
			starts_at: at(kept),
			idempotency_key: randomUUID()
		});
		expect(error).toBeNull();
		const id = data!.booking_id!;
		await db`update providers set approval = 'manual' where id = ${salon.id}`;
		try {
			const moved = await amina.client.rpc('reschedule_booking', { booking_id: id, starts_at: at(wanted) });
			expect(moved.data).toMatchObject({ status: 'pending' });
		} finally {
			await db`update providers set approval = 'automatic' where id = ${salon.id}`;
		}
		const places = async () =>
			Object.fromEntries(
				(
					await db<
						{ kept: boolean; at: Date }[]
					>`select kept, lower(period) as at from occupancies where booking_id = ${id}`
				).map((row) => [row.kept, row.at.toISOString()])
			);
		const instant = (hour: number) => new Date(at(hour)).toISOString();
		const broken = () => db`select rule from private.broken_invariants() where subject_id = ${id}`;
		await load([
			['-infinity', 300],
			[at(from), 240]
		]);
		expect(await places()).toEqual({ true: instant(after[0]!), false: instant(after[1]!) });
		expect(await broken()).toEqual([]);
		const { data: back } = await zineb.client.rpc('transition_booking', { booking_id: id, to_status: 'rejected' });
		expect(new Date(back!.starts_at!).toISOString()).toBe(instant(after[0]!));
		expect(await places()).toEqual({ false: instant(after[0]!) });
		expect(await broken()).toEqual([]);
		expect(await db`select id from clock_clashes where provider_id = ${salon.id}`).toEqual([]);
		await db`select private.set_status(${id}, 'cancelled', 'customer')`;
	});

	test('the place that a change keeps gives way to what is promised, and the owner is told', async () => {
		const { db, salon, amina, zineb } = here;
		await load([['-infinity', 300]]);
		// 04:30 to 05:30 is kept before the change at 05:00; what is promised for 06:00 then comes an hour earlier
		const id = (
			await amina.client.rpc('create_booking', {
				service_id: salon.service,
				starts_at: at(148.5),
				idempotency_key: randomUUID()
			})
		).data!.booking_id!;
		await db`update providers set approval = 'manual' where id = ${salon.id}`;
		await amina.client.rpc('reschedule_booking', { booking_id: id, starts_at: at(158) });
		await db`update providers set approval = 'automatic' where id = ${salon.id}`;
		const other = await book(150);
		await load([
			['-infinity', 300],
			[at(149), 360]
		]);
		expect(
			await db`select kind, booking_id, other_booking_id from clock_clashes where provider_id = ${salon.id}`
		).toEqual([{ kind: 'overlap', booking_id: id, other_booking_id: other }]);
		const broken = () => db`select rule from private.broken_invariants() where subject_id in (${id}, ${other})`;
		expect(await broken()).toEqual([]);
		await zineb.client.rpc('transition_booking', { booking_id: id, to_status: 'rejected' });
		expect(await stored(id)).toMatchObject({ taken: `${utc(148.5)}-${utc(149)}` });
		expect(await broken()).toEqual([{ rule: 'booking_without_place' }]);
		await db`delete from clock_clashes where provider_id = ${salon.id}`;
		for (const one of [id, other]) await db`select private.set_status(${one}, 'cancelled', 'customer')`;
	});

	test('a time that the new clocks skip becomes the moment of the change, and the customer is told', async () => {
		const { db, salon } = here;
		await load([['-infinity', 300]]);
		const skipped = await book(20.5);
		const mails = await told(skipped);
		await load([
			['-infinity', 300],
			[at(20), 360]
		]);
		expect(await stored(skipped)).toMatchObject({ shown: '21:00', taken: `${utc(20)}-${utc(21)}` });
		expect(await told(skipped)).toBe(mails + 1);
		expect(await db`select kind from clock_clashes where booking_id = ${skipped}`).toEqual([{ kind: 'skipped' }]);
		expect(await db`select rule from private.broken_invariants() where subject_id = ${skipped}`).toEqual([]);
		await db`delete from clock_clashes where provider_id = ${salon.id}`;
	});

	test('what fails of one business is found, and the others follow the clocks all the same', async () => {
		const { db, salon, plumber } = here;
		const [odd] = await db`
			insert into waitlist_entries (
				provider_id, service_id, period, customer_name, customer_email, language, party_size
			)
			values (
				${plumber.id}, ${plumber.service}, tstzrange(now() + interval '1 day', now() + interval '2 days'), 'Odd',
				${`odd-${randomUUID()}@example.com`}, 'fr', 1
			)
			returning id`;
		// as no row can be written any more
		await db`update waitlist_entries set local_period = tsrange(lower(local_period), 'infinity') where id = ${odd!.id}`;
		const [sound] = await db`
			insert into waitlist_entries (
				provider_id, service_id, period, customer_name, customer_email, language, party_size
			)
			values (
				${salon.id}, ${salon.service}, tstzrange(now() + interval '1 day', now() + interval '2 days'), 'Sound',
				${`sound-${randomUUID()}@example.com`}, 'fr', 1
			)
			returning id, lower(period) as at`;
		await db`
			update waitlist_entries
			set local_period = tsrange(lower(local_period) + interval '1 hour', upper(local_period) + interval '1 hour')
			where id = ${sound!.id}`;
		await db`select * from private.rederive_instants()`;
		const [after] = await db`select lower(period) as at from waitlist_entries where id = ${sound!.id}`;
		expect((after!.at as Date).getTime() - (sound!.at as Date).getTime()).toBe(3_600_000);
		const found = await db`
			select details ->> 'sqlstate' as sqlstate from invariant_findings
			where rule = 'clocks_not_followed' and subject_id = ${plumber.id} and resolved_at is null`;
		expect(found).toEqual([{ sqlstate: '23514' }]);
		await db`delete from waitlist_entries where id in ${db([odd!.id as string, sound!.id as string])}`;
	});

	test('an instant that no longer shows what was promised is found', async () => {
		const { db } = here;
		const booking = await book(1);
		await db`update bookings set local_starts_at = local_starts_at + interval '1 hour' where id = ${booking}`;
		expect(await db`select rule from private.broken_invariants() where subject_id = ${booking}`).toEqual([
			{ rule: 'promised_time' }
		]);
	});
});
