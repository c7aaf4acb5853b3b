import { describe, expect, test } from 'vitest';
import { instantOf, lastDay, localDate, localOf, localTextIn } from './clocks.ts';

const casablanca = 'Africa/Casablanca';

describe('a local time and its instant', () => {
	test.each([
		[casablanca, '2026-09-19', '10:30', '2026-09-19T09:30:00.000Z'],
		// put back at two: what clocks show twice is the first of the two
		[casablanca, '2026-09-20', '01:30', '2026-09-20T00:30:00.000Z'],
		[casablanca, '2026-09-20', '02:00', '2026-09-20T02:00:00.000Z'],
		[casablanca, '2026-12-01', '10:30', '2026-12-01T10:30:00.000Z'],
		// the next Ramadan, for which clocks no longer change
		[casablanca, '2027-02-20', '10:30', '2027-02-20T10:30:00.000Z'],
		// put forward at two: what clocks skip is the moment of the change
		['Europe/Paris', '2027-03-28', '02:30', '2027-03-28T01:00:00.000Z'],
		['Europe/Paris', '2027-03-28', '03:00', '2027-03-28T01:00:00.000Z'],
		['Europe/Paris', '2027-10-31', '02:30', '2027-10-31T00:30:00.000Z'],
		['Europe/Paris', '2027-10-31', '03:00', '2027-10-31T02:00:00.000Z'],
		['America/New_York', '2027-03-14', '02:30', '2027-03-14T07:00:00.000Z'],
		['America/New_York', '2027-11-07', '01:30', '2027-11-07T05:30:00.000Z'],
		// half an hour
		['Australia/Lord_Howe', '2027-04-04', '01:45', '2027-04-03T14:45:00.000Z'],
		['Australia/Lord_Howe', '2027-10-03', '02:45', '2027-10-02T15:45:00.000Z'],
		['Asia/Kathmandu', '2027-01-01', '00:10', '2026-12-31T18:25:00.000Z'],
		['UTC', '2027-01-01', '00:10', '2027-01-01T00:10:00.000Z']
	])('in %s on %s at %s', (zone, date, time, instant) => {
		expect(instantOf(date, time, zone).toISOString()).toBe(instant);
	});

	test('the other way round', () => {
		expect(localOf('2026-09-20T00:59:00Z', casablanca)).toEqual({ date: '2026-09-20', time: '01:59' });
		expect(localOf('2026-09-20T01:00:00Z', casablanca)).toEqual({ date: '2026-09-20', time: '01:00' });
		expect(localTextIn('2027-10-02T15:29:59Z', 'Australia/Lord_Howe')).toBe('2027-10-03T01:59:59');
		expect(localTextIn('2027-10-02T15:30:00Z', 'Australia/Lord_Howe')).toBe('2027-10-03T02:30:00');
		expect(localDate('2026-05-20T23:30:00Z', casablanca)).toBe('2026-05-21');
	});

	test('of a zone that there is not is an error', () => {
		expect(() => localDate(0, 'Mars/Base')).toThrow('There is no time zone Mars/Base.');
	});
});

test('the days of a period are those between its midnights, across a change too', () => {
	const midnight = (day: string) => instantOf(day, '00:00', 'Europe/Paris');
	expect(localDate(midnight('2027-10-30'), 'Europe/Paris')).toBe('2027-10-30');
	expect(lastDay(midnight('2027-11-01'), 'Europe/Paris')).toBe('2027-10-31');
});
