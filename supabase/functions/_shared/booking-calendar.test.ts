import { describe, expect, test } from 'vitest';
import { bookingCalendar } from './booking-calendar.ts';
import type { CalendarItem } from './booking-calendar.ts';

const item: CalendarItem = {
	id: 'b1',
	reference: 'KH7Q4M2',
	status: 'confirmed',
	sequence: 2,
	updated_at: '2026-11-20T10:00:00.123+00:00',
	local_starts_at: '2026-12-01T10:30:00',
	local_ends_at: '2026-12-01T11:30:00',
	time_zone: 'Africa/Casablanca',
	zone_changes: [{ local: '2026-09-20T02:00:00', before: 60, ahead: 0 }],
	service: 'Fuite; robinet, évier',
	provider: 'Plomberie Maârif',
	phone: '+212600000001',
	location: ['3, rue des Orangers', null, 'Casablanca'],
	path: '/bookings/b1'
};
const options = { language: 'fr' as const, siteUrl: 'https://khadamat.example', now: new Date('2026-11-28T12:00:00Z') };
const unfolded = (file: string) => file.replaceAll('\r\n ', '').split('\r\n');
const linesOf = (change: Partial<CalendarItem> = {}, more = {}) =>
	unfolded(bookingCalendar({ ...item, ...change }, { ...options, ...more }).content);

test('a booking is at its promised local time, with the clocks of its zone', () => {
	expect(linesOf()).toEqual([
		'BEGIN:VCALENDAR',
		'VERSION:2.0',
		'PRODID:-//Khadamat//Bookings//EN',
		'METHOD:PUBLISH',
		'BEGIN:VTIMEZONE',
		'TZID:Africa/Casablanca',
		'BEGIN:STANDARD',
		'DTSTART:20260920T020000',
		'TZOFFSETFROM:+0100',
		'TZOFFSETTO:+0000',
		'END:STANDARD',
		'END:VTIMEZONE',
		'BEGIN:VEVENT',
		'UID:b1@khadamat',
		'DTSTAMP:20261128T120000Z',
		'SEQUENCE:2',
		'DTSTART;TZID=Africa/Casablanca:20261201T103000',
		'DTEND;TZID=Africa/Casablanca:20261201T113000',
		'SUMMARY:Fuite\\; robinet\\, évier · Plomberie Maârif',
		'LOCATION:3\\, rue des Orangers\\, Casablanca',
		'DESCRIPTION:Réservation\u00a0: KH7Q4M2\\nTéléphone\u00a0: +212600000001',
		'STATUS:CONFIRMED',
		'LAST-MODIFIED:20261120T100000Z',
		'URL:https://khadamat.example/bookings/b1',
		'END:VEVENT',
		'END:VCALENDAR',
		''
	]);
});

test('clocks that are put forward, and zones behind UTC or half an hour off, are written as such', () => {
	const zone_changes = [
		{ local: '2026-11-01T02:00:00', before: -240, ahead: -300 },
		{ local: '2027-03-14T02:00:00', before: -300, ahead: -240 },
		{ local: '2027-03-15T02:00:00', before: 345, ahead: 630 }
	];
	const lines = linesOf({ time_zone: 'America/New_York', zone_changes });
	expect(lines.filter((line) => /^(BEGIN:(STAND|DAY)|TZOFF|DTSTART:)/.test(line))).toEqual([
		'BEGIN:STANDARD',
		'DTSTART:20261101T020000',
		'TZOFFSETFROM:-0400',
		'TZOFFSETTO:-0500',
		'BEGIN:DAYLIGHT',
		'DTSTART:20270314T020000',
		'TZOFFSETFROM:-0500',
		'TZOFFSETTO:-0400',
		'BEGIN:DAYLIGHT',
		'DTSTART:20270315T020000',
		'TZOFFSETFROM:+0545',
		'TZOFFSETTO:+1030'
	]);
});

describe('how it stands', () => {
	test.each([
		['held', 'TENTATIVE', 'PUBLISH', 'REQUEST'],
		['pending', 'TENTATIVE', 'PUBLISH', 'REQUEST'],
		['confirmed', 'CONFIRMED', 'PUBLISH', 'REQUEST'],
		['in_progress', 'CONFIRMED', 'PUBLISH', 'REQUEST'],
		['completed', 'CONFIRMED', 'PUBLISH', 'REQUEST'],
		['no_show', 'CONFIRMED', 'PUBLISH', 'REQUEST'],
		['cancelled', 'CANCELLED', 'CANCEL', 'CANCEL'],
		['rejected', 'CANCELLED', 'CANCEL', 'CANCEL'],
		['expired', 'CANCELLED', 'CANCEL', 'CANCEL']
	])('%s is %s, on the page %s, in a mail %s', (status, shown, onPage, inMail) => {
		expect(linesOf({ status })).toEqual(expect.arrayContaining([`STATUS:${shown}`, `METHOD:${onPage}`]));
		const mail = { from: 'hello@khadamat.example', to: 'amina@example.com' };
		expect(bookingCalendar({ ...item, status }, { ...options, mail }).method).toBe(inMail);
		expect(linesOf({ status }, { mail })).toEqual(
			expect.arrayContaining([
				`STATUS:${shown}`,
				`METHOD:${inMail}`,
				'ORGANIZER:mailto:hello@khadamat.example',
				'ATTENDEE;PARTSTAT=ACCEPTED;RSVP=FALSE:mailto:amina@example.com'
			])
		);
	});
});

test('a guest’s secret address is in no calendar, and no text makes a line of its own', () => {
	const file = bookingCalendar({ ...item, path: null, service: 'a\r\nEND:VEVENT\u0000\u202eb' }, options).content;
	expect(file).not.toMatch(/URL/);
	expect(unfolded(file).filter((line) => line === 'END:VEVENT')).toHaveLength(1);
	expect(file).not.toMatch(/[^\P{Cc}\r\n]/u);
});
