import { calendarFile, escaped } from '../_shared/icalendar.ts';
import type { CalendarEvent, ZoneChange } from '../_shared/icalendar.ts';
import { wordsIn } from './words.ts';
import type { Language, Status } from './words.ts';

interface Period {
	id: string;
	/** how often it has changed */
	sequence: number;
	local_starts_at: string;
	local_ends_at: string;
	time_zone: string;
	/** in the feed's language */
	service: string;
}

export interface Booking extends Period {
	mode: 'appointment' | 'table';
	reference: string;
	status: Status;
	updated_at: string;
	customer_name: string;
	customer_phone: string | null;
	address: { line?: string; district?: string; city?: string; details?: string } | null;
	notes: string;
	party_size: number;
	resources: string[];
}

/** A dated session, of whose customers nothing is told but how many places they have. */
export interface Session extends Period {
	mode: 'session';
	room: string;
	taken: number;
	capacity: number;
}

/** What the database function `calendar_feed` gives. */
export interface Feed {
	provider: string;
	time_zone: string;
	/** the clocks of each zone that an event is in */
	zones: Record<string, ZoneChange[]>;
	language: Language;
	events: (Booking | Session)[];
}

/** What differs between events: what a reader sees. */
type Shown = Pick<CalendarEvent, 'summary' | 'location' | 'description' | 'status' | 'updatedAt' | 'url'>;

/** A number, marked as read from the left where the line around it is not. */
const number = (text: string, language: Language) => (language === 'ar' ? `\u2066${text}\u2069` : text);

const joined = (parts: (string | null | undefined)[], separator: string) => parts.filter(Boolean).join(separator);

function booking(event: Booking, language: Language, siteUrl: string | undefined): Shown {
	const words = wordsIn[language];
	const { address, status } = event;
	const line = (label: string, value: string | number | null | undefined) =>
		value ? `${label}${words.colon}${value}` : '';
	const name = `${event.customer_name} · ${event.service}`;
	const page = `${language === 'fr' ? '' : `/${language}`}/dashboard/bookings/${event.id}`;
	return {
		summary: status === 'pending' ? line(words.pending, name) : name,
		location: joined([address?.line, address?.district, address?.city], words.comma),
		description: joined(
			[
				line(words.reference, number(event.reference, language)),
				line(words.state, words.status[status]),
				line(words.phone, event.customer_phone && number(event.customer_phone, language)),
				line(words.people, event.mode === 'table' || event.party_size > 1 ? event.party_size : null),
				line(words.resources[event.mode], event.resources.join(words.comma)),
				line(words.access, address?.details),
				line(words.notes, event.notes)
			],
			'\n'
		),
		status: status === 'pending' ? 'TENTATIVE' : 'CONFIRMED',
		updatedAt: event.updated_at,
		...(siteUrl ? { url: new URL(page, siteUrl).href } : {})
	};
}

function session(event: Session, language: Language): Shown {
	const words = wordsIn[language];
	return {
		summary: event.service,
		location: event.room,
		description: `${words.places}${words.colon}${number(`${event.taken}/${event.capacity}`, language)}`,
		status: 'CONFIRMED'
	};
}

/**
 * A member's feed as an iCalendar file. `siteUrl` is where bookings have their page; `now` is the making of this file, which
 * alone differs between two of the same content. A booking has the same name here as in its customer's file, so that a
 * calendar that has both knows it is one event.
 */
export function calendar(feed: Feed, { siteUrl, now }: { siteUrl: string | undefined; now: Date }): string {
	const name = escaped(`${feed.provider} · Khadamat`);
	return calendarFile({
		method: 'PUBLISH',
		properties: [
			`NAME:${name}`,
			`X-WR-CALNAME:${name}`,
			`X-WR-TIMEZONE:${feed.time_zone}`,
			'REFRESH-INTERVAL;VALUE=DURATION:PT15M',
			'X-PUBLISHED-TTL:PT15M'
		],
		zones: feed.zones,
		events: feed.events.map((event) => ({
			id: event.id,
			sequence: event.sequence,
			localStartsAt: event.local_starts_at,
			localEndsAt: event.local_ends_at,
			zone: event.time_zone,
			...(event.mode === 'session' ? session(event, feed.language) : booking(event, feed.language, siteUrl))
		})),
		now
	});
}

/** Names the content of a file, whenever it was made: the same content, the same tag. Weak, as the octets differ. */
export async function entityTag(file: string): Promise<string> {
	const content = new TextEncoder().encode(file.replace(/^DTSTAMP:.*\r\n/gm, ''));
	const digest = new Uint8Array(await crypto.subtle.digest('SHA-256', content));
	return `W/"${btoa(String.fromCharCode(...digest.slice(0, 18)))}"`;
}

/** The secret in an address of the function: `?secret=…`, or `…/<secret>.ics` for programs that want the ending. */
export function secretOf(address: string): string | null {
	const { pathname, searchParams } = new URL(address);
	const secret = searchParams.get('secret') ?? /\/calendar\/([^/]+?)(?:\.ics)?$/.exec(pathname)?.[1];
	return secret && /^[\w-]{43}$/.test(secret) ? secret : null;
}
