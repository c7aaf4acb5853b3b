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

describe('the coming seven days, as everybody reads them', () => {
	const read = async () => {
		const { data, error } = await here.visitor.rpc('provider_hours', { provider_id: here.salon.id });
		expect(error).toBeNull();
		return data as {
			days: { day: string; intervals: [string, string][] }[];
			profiles: { name: string; starts_on: string; ends_on: string }[];
		};
	};

	test('have the usual week, special days and times of the year in them, and name those that come', async () => {
		const { db, salon } = here;
		await week('09:00', '18:00');
		const plain = await read();
		expect(plain.days).toHaveLength(7);
		for (const { intervals } of plain.days) expect(intervals).toEqual([['09:00', '18:00']]);
		const [day] = plain.days.map((one) => one.day);
		const [profile] = await db`
			insert into hour_profiles (provider_id, name, starts_on, ends_on)
			values (${salon.id}, 'Ramadan', ${plus(day!, 2)}, ${plus(day!, 20)}) returning id`;
		await db`
			insert into opening_hours (provider_id, profile_id, weekday, opens, closes)
			select ${salon.id}, ${profile!.id}, n, '20:00', '01:00' from generate_series(1, 7) as n`;
		await db`insert into special_days (provider_id, day, opens, closes) values
			(${salon.id}, ${plus(day!, 1)}, null, null), (${salon.id}, ${plus(day!, 3)}, '10:00', '12:00')`;
		const { days, profiles } = await read();
		expect(days.map(({ intervals }) => intervals.map(([opens, closes]) => `${opens}-${closes}`).join())).toEqual([
			'09:00-18:00',
			'',
			'20:00-01:00',
			'10:00-12:00',
			'20:00-01:00',
			'20:00-01:00',
			'20:00-01:00'
		]);
		expect(profiles).toEqual([{ name: 'Ramadan', starts_on: plus(day!, 2), ends_on: plus(day!, 20) }]);
		await db`delete from special_days where provider_id = ${salon.id}`;
		await db`delete from hour_profiles where id = ${profile!.id}`;
	});
});

// Around the clock, a step of half an hour: as many slots as the day has half hours, none twice, each under its local time.
describe.each([
	// Ramadan 2027: Morocco's clocks no longer change for it
	['Africa/Casablanca', '2027-02-07', 24],
	['Africa/Casablanca', '2027-03-14', 24],
	['Europe/Paris', '2027-03-28', 23],
	['Europe/Paris', '2027-10-31', 25],
	['America/New_York', '2027-03-14', 23],
	['America/New_York', '2027-11-07', 25],
	['Australia/Lord_Howe', '2027-04-04', 24.5],
	['Australia/Lord_Howe', '2027-10-03', 23.5],
	['Asia/Kathmandu', '2027-03-14', 24]
])('in %s on %s', (zone, change, hours) => {
	test('each day has a slot in each of its half hours', async () => {
		await week('00:00', '00:00', zone);
		await here.db`update services set step_minutes = 30, duration_minutes = 30 where id = ${here.salon.service}`;
		for (const [offset, length] of [
			[-1, 24],
			[0, hours],
			[1, 24]
		] as const) {
			const day = plus(change, offset);
			const { instants, times } = await offered(day);
			expect(instants).toHaveLength(length * 2);
			for (const [n, instant] of instants.entries()) if (n > 0) expect(instant - instants[n - 1]!).toBe(1_800_000);
			expect(times[0]).toBe('00:00');
			expect(times.at(-1)).toBe('23:30');
		}
	});
});

describe('a night on which clocks change', () => {
	const times = async (opens: string, closes: string, day: string, zone: string) => {
		await week(opens, closes, zone);
		await here.db`update services set step_minutes = 30, duration_minutes = 30 where id = ${here.salon.service}`;
		return (await offered(day)).times.filter((time) => time < '05:00');
	};

	test('offers no time that clocks skip: hours that begin in it begin with the change, and end with it likewise', async () => {
		expect(await times('02:30', '04:00', '2027-03-28', 'Europe/Paris')).toEqual(['03:00', '03:30']);
		expect(await times('01:00', '02:30', '2027-03-28', 'Europe/Paris')).toEqual(['01:00', '01:30']);
	});

	test('offers what clocks show twice twice, told apart by the instant', async () => {
		expect(await times('01:30', '03:30', '2027-10-31', 'Europe/Paris')).toEqual([
			'01:30',
			'02:00',
			'02:30',
			'02:00',
			'02:30',
			'03:00'
		]);
		// hours that end within it end the first time
		expect(await times('01:30', '02:30', '2027-10-31', 'Europe/Paris')).toEqual(['01:30', '02:00']);
	});

	test('leaves a business open across it closed when its hours say so', async () => {
		const { instants } = await offeredAcross('22:00', '03:00', '2027-03-27', 'Europe/Paris');
		// 22:00 to 03:00 is four hours on that night
		expect(instants).toHaveLength(8);
	});

	async function offeredAcross(opens: string, closes: string, day: string, zone: string) {
		await week(opens, closes, zone);
		const [evening, night] = [await offered(day), await offered(plus(day, 1))];
		const instants = [
			...evening.instants.filter((_, n) => evening.times[n]! >= '12:00'),
			...night.instants.filter((_, n) => night.times[n]! < '12:00')
		];
		return { instants };
	}
});
