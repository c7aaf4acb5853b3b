import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { calendarFile, escaped } from '../_shared/icalendar.ts';
import { calendar, entityTag, secretOf } from './feed.ts';
import type { Booking, Feed } from './feed.ts';

const booking: Booking = {
	id: 'b1',
	mode: 'appointment',
	reference: 'KH-7Q4M2',
	status: 'confirmed',
	sequence: 1,
	local_starts_at: '2026-11-21T08:00:00',
	local_ends_at: '2026-11-21T09:00:00',
	time_zone: 'Africa/Casablanca',
	updated_at: '2026-11-20T10:00:00.123456+00:00',
	service: 'Fuite; robinet, évier',
	customer_name: 'Amina',
	customer_phone: '+212600000001',
	address: { line: '3, rue des Orangers', district: 'Maârif', city: 'Casablanca', details: '2e étage' },
	notes: 'ligne 1\nligne 2',
	party_size: 1,
	resources: ['Karim', 'Saïd']
};
const feedOf = (change: Partial<Booking> = {}, language: Feed['language'] = 'fr'): Feed => ({
	provider: 'Plomberie, Maârif',
	time_zone: 'Africa/Casablanca',
	zones: { 'Africa/Casablanca': [{ local: '2026-09-20T02:00:00', before: 60, ahead: 0 }] },
	language,
	events: [{ ...booking, ...change }]
});
const at = { siteUrl: 'https://khadamat.example', now: new Date('2026-11-20T12:00:00Z') };
const unfolded = (file: string) => file.replaceAll('\r\n ', '').split('\r\n');
const octets = (line: string) => new TextEncoder().encode(line).length;

describe('a file', () => {
	test('has lines of at most 75 octets that unfold to what was written', () => {
		fc.assert(
			fc.property(fc.string({ unit: 'grapheme', maxLength: 300 }), (text) => {
				const line = `SUMMARY:${escaped(text)}`;
				const file = calendarFile({ method: 'PUBLISH', properties: [line], zones: {}, events: [], now: at.now });
				for (const piece of file.split('\r\n')) expect(octets(piece)).toBeLessThanOrEqual(75);
				expect(unfolded(file)[4]).toBe(line);
			})
		);
	});

	test('is told apart by a text in no way: neither a line nor a property of its own', () => {
		const file = calendar(feedOf({ notes: 'a\r\nEND:VEVENT\rX:y\u0000\u000b' }), at);
		expect(unfolded(file).filter((line) => line === 'END:VEVENT')).toHaveLength(1);
		expect(file).not.toMatch(/[^\P{Cc}\r\n]/u);
	});
});

describe('a booking in the feed', () => {
	test('is an event with what its provider needs', () => {
		expect(unfolded(calendar(feedOf(), at))).toEqual([
			'BEGIN:VCALENDAR',
			'VERSION:2.0',
			'PRODID:-//Khadamat//Bookings//EN',
			'METHOD:PUBLISH',
			'NAME:Plomberie\\, Maârif · Khadamat',
			'X-WR-CALNAME:Plomberie\\, Maârif · Khadamat',
			'X-WR-TIMEZONE:Africa/Casablanca',
			'REFRESH-INTERVAL;VALUE=DURATION:PT15M',
			'X-PUBLISHED-TTL:PT15M',
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
			'DTSTAMP:20261120T120000Z',
			'SEQUENCE:1',
			'DTSTART;TZID=Africa/Casablanca:20261121T080000',
			'DTEND;TZID=Africa/Casablanca:20261121T090000',
			'SUMMARY:Amina · Fuite\\; robinet\\, évier',
			'LOCATION:3\\, rue des Orangers\\, Maârif\\, Casablanca',
			'DESCRIPTION:Réservation\u00a0: KH-7Q4M2\\nStatut\u00a0: confirmée\\nTéléphone\u00a0: +212600000001' +
				'\\nÉquipe\u00a0: Karim\\, Saïd\\nAccès\u00a0: 2e étage\\nMessage\u00a0: ligne 1\\nligne 2',
			'STATUS:CONFIRMED',
			'LAST-MODIFIED:20261120T100000Z',
			'URL:https://khadamat.example/dashboard/bookings/b1',
			'END:VEVENT',
			'END:VCALENDAR',
			''
		]);
	});

	test.each([
		['fr', 'À confirmer\u00a0: Amina · Fuite\\; robinet\\, évier', '/dashboard'],
		['ar', 'في انتظار التأكيد: Amina · Fuite\\; robinet\\, évier', '/ar/dashboard'],
		['en', 'To confirm: Amina · Fuite\\; robinet\\, évier', '/en/dashboard']
	] as const)('that waits for an answer says so in %s', (language, summary, path) => {
		const lines = unfolded(calendar(feedOf({ status: 'pending' }, language), at));
		expect(lines).toContain('STATUS:TENTATIVE');
		expect(lines).toContain(`SUMMARY:${summary}`);
		expect(lines).toContain(`URL:https://khadamat.example${path}/bookings/b1`);
	});

	test('leaves out what there is not', () => {
		const file = calendar(feedOf({ customer_phone: null, address: null, notes: '', resources: [] }, 'en'), {
			...at,
			siteUrl: undefined
		});
		expect(unfolded(file)).toContain('DESCRIPTION:Booking: KH-7Q4M2\\nStatus: confirmed');
		expect(file).not.toMatch(/LOCATION|URL/);
	});

	test('for a table says for how many', () => {
		const file = calendar(feedOf({ mode: 'table', party_size: 1, resources: ['T4'] }, 'en'), at);
		expect(unfolded(file).join()).toContain('People: 1\\nTable: T4');
	});
});

test('a session tells its room and how full it is', () => {
	const { id, sequence, local_starts_at, local_ends_at, time_zone } = booking;
	const when = { sequence, local_starts_at, local_ends_at, time_zone };
	const file = calendar(
		{
			...feedOf(),
			events: [{ mode: 'session', id, ...when, service: 'Film', room: 'Salle 1', taken: 4, capacity: 6 }]
		},
		at
	);
	expect(unfolded(file)).toEqual(
		expect.arrayContaining(['SUMMARY:Film', 'LOCATION:Salle 1', 'DESCRIPTION:Places réservées\u00a0: 4/6'])
	);
});

test('the same content has the same tag whenever it is made, another one another', async () => {
	const tag = (feed: Feed, now: string) => entityTag(calendar(feed, { ...at, now: new Date(now) }));
	const first = await tag(feedOf(), '2026-11-20T12:00:00Z');
	expect(first).toMatch(/^W\/"[\w+/]{24}"$/);
	expect(await tag(feedOf(), '2026-11-21T12:00:00Z')).toBe(first);
	expect(await tag(feedOf({ notes: 'x' }), '2026-11-20T12:00:00Z')).not.toBe(first);
});

test.each([
	['as a parameter', '/calendar?secret=SECRET', true],
	['as a file', '/calendar/SECRET.ics', true],
	['as a path', '/calendar/SECRET', true],
	['not at all', '/calendar', false],
	['in another form', '/calendar/SECRETx.ics', false],
	['followed by something', '/calendar/SECRET.ics/x', false]
])('a secret given %s', (_how, path, found) => {
	const secret = 'aZ0_-'.repeat(8) + 'abc';
	expect(secretOf(`http://host${path.replace('SECRET', secret)}`)).toBe(found ? secret : null);
});
