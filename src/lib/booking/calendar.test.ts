import { expect, test } from 'vitest';
import { icalendar } from './calendar.ts';

const event = {
	uid: 'a@khadamat',
	startsAt: '2026-11-21T08:00:00+00:00',
	endsAt: '2026-11-21T09:00:00+00:00',
	changedAt: '2026-11-20T10:00:00.123+00:00',
	summary: 'Fuite; robinet, évier',
	location: '3 rue des Orangers, Casablanca',
	description: 'ligne 1\nligne 2',
	cancelled: false
};

test('times are UTC instants, texts are escaped', () => {
	const text = icalendar(event);
	expect(text).toContain('DTSTART:20261121T080000Z\r\n');
	expect(text).toContain('DTSTAMP:20261120T100000Z\r\n');
	expect(text).toContain('SUMMARY:Fuite\\; robinet\\, évier\r\n');
	expect(text).toContain('DESCRIPTION:ligne 1\\nligne 2\r\n');
});

test('no line is longer than 75 octets, and none is cut inside a character', () => {
	const summary = 'إصلاح تسرب الماء '.repeat(10);
	const lines = icalendar({ ...event, summary }).split('\r\n');
	for (const line of lines) expect(new TextEncoder().encode(line).length).toBeLessThanOrEqual(75);
	expect(lines.join('\r\n').replaceAll('\r\n ', '')).toContain(summary);
});
