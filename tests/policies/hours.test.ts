import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { makeNeighbourhood } from './people.ts';
import type { Neighbourhood } from './people.ts';

let here: Neighbourhood;
/** a Monday some weeks from now */
let monday: string;

beforeAll(async () => {
	here = await makeNeighbourhood();
	const [row] = await here.db`select (date_trunc('week', now()) + interval '3 weeks')::date::text as day`;
	monday = row!.day as string;
	await here.db`update services set horizon_days = 700, step_minutes = 60 where id = ${here.salon.service}`;
});
afterAll(() => here.close());

function plus(day: string, days: number): string {
	return new Date(Date.parse(`${day}T00:00Z`) + days * 86_400_000).toISOString().slice(0, 10);
}

/** Clock times that are offered on a day, and their instants. */
async function offered(day: string, service = here.salon.service): Promise<{ times: string[]; instants: number[] }> {
	const { data, error } = await here.visitor.rpc('available_slots', {
		service_id: service,
		from_date: day,
		to_date: day
	});
	expect(error).toBeNull();
	return {
		times: data!.map(({ local_starts_at }) => local_starts_at.slice(11, 16)),
		instants: data!.map(({ starts_at }) => Date.parse(starts_at))
	};
}

/** Replaces the salon's week: the same interval every day. */
async function week(opens: string, closes: string, zone = 'Africa/Casablanca'): Promise<void> {
	const { db, salon } = here;
	await db`delete from opening_hours where provider_id = ${salon.id} and profile_id is null`;
	await db`update providers set time_zone = ${zone} where id = ${salon.id}`;
	await db`
		insert into opening_hours (provider_id, weekday, opens, closes)
		select ${salon.id}, day, ${opens}, ${closes} from generate_series(1, 7) as day`;
}

describe('opening hours', () => {
	test('several intervals a day, and one past midnight, whose small hours belong to the next day', async () => {
		await week('22:00', '02:00');
		await here.db`
			insert into opening_hours (provider_id, weekday, opens, closes) values (${here.salon.id}, 1, '09:00', '11:00')`;
		expect((await offered(monday)).times).toEqual(['00:00', '01:00', '09:00', '10:00', '22:00', '23:00']);
		expect((await offered(plus(monday, 1))).times).toEqual(['00:00', '01:00', '22:00', '23:00']);
	});

	test('that touch or overlap are one: a service may run from one into the other, and steps go on', async () => {
		const { db, salon } = here;
		await db`update services set duration_minutes = 180, step_minutes = 60 where id = ${salon.service}`;
		try {
			await week('09:00', '12:00');
			await db`
				insert into opening_hours (provider_id, weekday, opens, closes)
				values (${salon.id}, 1, '12:00', '17:00'), (${salon.id}, 2, '11:30', '14:00')`;
			expect((await offered(monday)).times).toEqual(['09:00', '10:00', '11:00', '12:00', '13:00', '14:00']);
			expect((await offered(plus(monday, 1))).times).toEqual(['09:00', '10:00', '11:00']);

			await week('00:00', '24:00');
			const hours = Array.from({ length: 24 }, (_, n) => `${String(n).padStart(2, '0')}:00`);
			expect((await offered(monday)).times).toEqual(hours);

			// a step that no day divides is counted from each midnight, whatever days are asked about
			await db`update services set step_minutes = 420 where id = ${salon.service}`;
			expect((await offered(plus(monday, 3))).times).toEqual(['00:00', '07:00', '14:00', '21:00']);
			const { data } = await here.visitor.rpc('available_slots', {
				service_id: salon.service,
				from_date: monday,
				to_date: plus(monday, 3)
			});
			expect(data!.map(({ local_starts_at }) => local_starts_at.slice(11, 16)).slice(-4)).toEqual([
				'00:00',
				'07:00',
				'14:00',
				'21:00'
			]);
		} finally {
			await db`update services set duration_minutes = 60, step_minutes = 60 where id = ${salon.service}`;
		}
	});

	test('hold between their dates only', async () => {
		await week('09:00', '11:00');
		await here.db`
			insert into opening_hours (provider_id, weekday, opens, closes, valid_from, valid_to)
			values (${here.salon.id}, 1, '14:00', '15:00', ${plus(monday, 7)}, ${plus(monday, 13)})`;
		expect((await offered(monday)).times).toEqual(['09:00', '10:00']);
		expect((await offered(plus(monday, 7))).times).toEqual(['09:00', '10:00', '14:00']);
		expect((await offered(plus(monday, 14))).times).toEqual(['09:00', '10:00']);
	});

	test('a profile with dates takes the place of the week, and closes the days that it leaves out', async () => {
		await week('09:00', '11:00');
		const { db, salon } = here;
		const [profile] = await db`
			insert into hour_profiles (provider_id, name, starts_on, ends_on)
			values (${salon.id}, 'Ramadan', ${plus(monday, 21)}, ${plus(monday, 27)}) returning id`;
		await db`
			insert into opening_hours (provider_id, profile_id, weekday, opens, closes)
			values (${salon.id}, ${profile!.id}, 1, '20:00', '22:00')`;
		expect((await offered(plus(monday, 20))).times).toEqual(['09:00', '10:00']);
		expect((await offered(plus(monday, 21))).times).toEqual(['20:00', '21:00']);
		expect((await offered(plus(monday, 22))).times).toEqual([]);
		expect((await offered(plus(monday, 28))).times).toEqual(['09:00', '10:00']);
		const second = await here.zineb.client
			.from('hour_profiles')
			.insert({ provider_id: salon.id, name: 'Été', starts_on: plus(monday, 27), ends_on: plus(monday, 40) });
		expect(second.error?.code).toBe('23P01');
		expect(
			(
				await here.youssef.client
					.from('hour_profiles')
					.delete()
					.eq('id', profile!.id as string)
			).error
		).toBeNull();
		expect((await db`select from hour_profiles where id = ${profile!.id}`).length).toBe(1);
		await db`delete from hour_profiles where id = ${profile!.id}`;
	});

	test('a special day goes before both; without times it is closed; a resource’s own goes before the provider’s', async () => {
		await week('09:00', '11:00');
		const { db, salon } = here;
		const staff = await db<
			{ id: string }[]
		>`select id from resources where provider_id = ${salon.id} order by position`;
		await db`insert into special_days (provider_id, day, opens, closes) values
			(${salon.id}, ${plus(monday, 2)}, '15:00', '16:00'), (${salon.id}, ${plus(monday, 3)}, null, null)`;
		await db`insert into special_days (provider_id, resource_id, day, opens, closes) values
			(${salon.id}, ${staff[0]!.id}, ${plus(monday, 3)}, '12:00', '13:00')`;
		expect((await offered(plus(monday, 2))).times).toEqual(['15:00']);
		expect((await offered(plus(monday, 3))).times).toEqual(['12:00']);
		await db`delete from special_days where provider_id = ${salon.id}`;
	});

	test('a closure of one resource leaves the other', async () => {
		await week('09:00', '10:00');
		const { db, salon } = here;
		const free = async () => {
			const { data } = await here.visitor.rpc('available_slots', {
				service_id: salon.service,
				from_date: monday,
				to_date: monday
			});
			return data!.map((slot) => slot.free);
		};
		const before = await free();
		await db`
			insert into closures (provider_id, resource_id, period)
			select ${salon.id}, id, tstzrange(${monday}::date, ${monday}::date + 2) from resources
			where provider_id = ${salon.id} order by position limit 1`;
		expect(before).toEqual([2]);
		expect(await free()).toEqual([1]);
	});
});

// Around the clock, a step an hour: as many slots as the day has hours, none twice. Morocco leaves its usual offset for
// Ramadan and comes back; what the server's own zone data says of these days is asked of it, since it may be newer.
describe.each([
	['Africa/Casablanca', '2027-02-07'],
	['Africa/Casablanca', '2027-03-14'],
	['Europe/Paris', '2027-03-28'],
	['Europe/Paris', '2027-10-31']
])('in %s around the change of %s', (zone, change) => {
	test.each([-1, 0, 1])('day %i has a slot in each of its hours', async (offset) => {
		await week('00:00', '00:00', zone);
		const day = plus(change, offset);
		const [row] = await here.db`
			select extract(epoch from (${day}::date + 1)::timestamp at time zone ${zone} - ${day}::date::timestamp at time zone ${zone})::int / 3600 as hours`;
		const { instants } = await offered(day);
		expect(instants).toHaveLength(row!.hours as number);
		expect(new Set(instants).size).toBe(instants.length);
		for (const [n, instant] of instants.entries()) if (n > 0) expect(instant - instants[n - 1]!).toBe(3_600_000);
		if (zone === 'Europe/Paris') expect(row!.hours).toBe(offset !== 0 ? 24 : change === '2027-03-28' ? 23 : 25);
	});
});
