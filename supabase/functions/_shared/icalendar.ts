/** A text as a property's value: what has a meaning there is escaped, what may not stand there is a space (RFC 5545, 3.3.11). */
export function escaped(text: string): string {
	return text
		.replace(/[\\;,]/g, '\\$&')
		.replace(/\r\n|\r|\n/g, '\\n')
		.replace(/\p{Cc}/gu, ' ');
}

/** An instant, as its value is written in UTC. */
function instant(at: string | Date): string {
	return new Date(at).toISOString().replace(/[-:]|\.\d{3}/g, '');
}

/** How many octets a character takes in UTF-8. */
function octetsOf(character: string): number {
	const point = character.codePointAt(0)!;
	if (point < 0x80) return 1;
	if (point < 0x800) return 2;
	return point < 0x10000 ? 3 : 4;
}

/** A line in pieces of at most 75 octets, each further one after a space; never cut inside a character (RFC 5545, 3.1). */
function folded(line: string): string {
	let answer = '';
	let octets = 0;
	for (const character of line) {
		const size = octetsOf(character);
		if (octets + size > 75) {
			answer += '\r\n ';
			octets = 1;
		}
		answer += character;
		octets += size;
	}
	return answer;
}

/** A local time of the database (`2026-12-01T10:30:00`), as its value is written beside a zone. */
const localTime = (local: string) => local.slice(0, 19).replace(/[-:]/g, '');

/** Minutes ahead of UTC as an offset: +0100. */
function offset(minutes: number): string {
	const all = Math.abs(minutes);
	const pair = (value: number) => String(value).padStart(2, '0');
	return `${minutes < 0 ? '-' : '+'}${pair(Math.floor(all / 60))}${pair(all % 60)}`;
}

/** A change of a zone's clocks, as the database function `private.zone_changes` gives it; minutes ahead of UTC. */
export interface ZoneChange {
	/** what clocks showed until then */
	local: string;
	before: number;
	ahead: number;
}

/** A zone's clocks by data of our own, so that a calendar whose own are older shows the promised time all the same. */
function zoneLines(zone: string, changes: ZoneChange[]): string[] {
	const observances = changes.flatMap(({ local, before, ahead }) => {
		const kind = ahead > before ? 'DAYLIGHT' : 'STANDARD';
		return [
			`BEGIN:${kind}`,
			`DTSTART:${localTime(local)}`,
			`TZOFFSETFROM:${offset(before)}`,
			`TZOFFSETTO:${offset(ahead)}`,
			`END:${kind}`
		];
	});
	return ['BEGIN:VTIMEZONE', `TZID:${zone}`, ...observances, 'END:VTIMEZONE'];
}

/** What a calendar shows. Texts are as people write them; times are the provider's local times. */
export interface CalendarEvent {
	id: string;
	/** how often it has changed since it was made */
	sequence: number;
	/** instants; of a session nobody knows when it changed */
	updatedAt?: string;
	localStartsAt: string;
	localEndsAt: string;
	zone: string;
	status: 'TENTATIVE' | 'CONFIRMED' | 'CANCELLED';
	summary: string;
	location: string;
	description: string;
	url?: string;
	/** who asks whom, in a mail */
	organizer?: string;
	attendee?: string;
}

function eventLines(event: CalendarEvent, now: Date): string[] {
	return [
		'BEGIN:VEVENT',
		`UID:${event.id}@khadamat`,
		`DTSTAMP:${instant(now)}`,
		`SEQUENCE:${event.sequence}`,
		`DTSTART;TZID=${event.zone}:${localTime(event.localStartsAt)}`,
		`DTEND;TZID=${event.zone}:${localTime(event.localEndsAt)}`,
		`SUMMARY:${escaped(event.summary)}`,
		...(event.location ? [`LOCATION:${escaped(event.location)}`] : []),
		`DESCRIPTION:${escaped(event.description)}`,
		`STATUS:${event.status}`,
		...(event.updatedAt ? [`LAST-MODIFIED:${instant(event.updatedAt)}`] : []),
		...(event.organizer ? [`ORGANIZER:mailto:${event.organizer}`] : []),
		...(event.attendee ? [`ATTENDEE;PARTSTAT=ACCEPTED;RSVP=FALSE:mailto:${event.attendee}`] : []),
		...(event.url ? [`URL:${event.url}`] : []),
		'END:VEVENT'
	];
}

interface CalendarFile {
	/** PUBLISH shows, REQUEST (in mails) puts into the receiver's calendar, CANCEL takes out of it */
	method: 'PUBLISH' | 'REQUEST' | 'CANCEL';
	/** properties of the whole, as lines with their texts escaped */
	properties?: string[];
	/** the clocks of every zone that an event is in */
	zones: Record<string, ZoneChange[]>;
	events: CalendarEvent[];
	/** the making of this file, which alone differs between two of the same content */
	now: Date;
}

/** An iCalendar file (RFC 5545): the one writer for feeds, pages and mails. */
export function calendarFile({ method, properties = [], zones, events, now }: CalendarFile): string {
	const lines = [
		'BEGIN:VCALENDAR',
		'VERSION:2.0',
		'PRODID:-//Khadamat//Bookings//EN',
		`METHOD:${method}`,
		...properties,
		...Object.entries(zones).flatMap(([zone, changes]) => zoneLines(zone, changes)),
		...events.flatMap((event) => eventLines(event, now)),
		'END:VCALENDAR'
	];
	return lines.map((line) => `${folded(line)}\r\n`).join('');
}
