interface Event {
	uid: string;
	/** instants */
	startsAt: string;
	endsAt: string;
	changedAt: string;
	summary: string;
	location: string;
	description: string;
	cancelled: boolean;
}

/** RFC 5545, 3.3.11: what must be escaped in a text. */
const escape = (text: string) => text.replace(/[\\;,]/g, '\\$&').replace(/\r?\n/g, '\\n');
const instant = (iso: string) => new Date(iso).toISOString().replace(/[-:]|\.\d{3}/g, '');

/** RFC 5545, 3.1: lines of at most 75 octets, carried on after a space; never cut inside a character. */
function fold(line: string): string {
	const encoder = new TextEncoder();
	let folded = '';
	let octets = 0;
	for (const character of line) {
		const size = encoder.encode(character).length;
		if (octets + size > 75) {
			folded += '\r\n ';
			octets = 1;
		}
		folded += character;
		octets += size;
	}
	return folded;
}

/** One event as an iCalendar file. Times are instants, so every calendar shows them right in its own zone. */
export function icalendar(event: Event): string {
	return [
		'BEGIN:VCALENDAR',
		'VERSION:2.0',
		'PRODID:-//Khadamat//Bookings//EN',
		'METHOD:PUBLISH',
		'BEGIN:VEVENT',
		`UID:${event.uid}`,
		`DTSTAMP:${instant(event.changedAt)}`,
		`DTSTART:${instant(event.startsAt)}`,
		`DTEND:${instant(event.endsAt)}`,
		`SUMMARY:${escape(event.summary)}`,
		`LOCATION:${escape(event.location)}`,
		`DESCRIPTION:${escape(event.description)}`,
		`STATUS:${event.cancelled ? 'CANCELLED' : 'CONFIRMED'}`,
		'END:VEVENT',
		'END:VCALENDAR',
		''
	]
		.map(fold)
		.join('\r\n');
}
