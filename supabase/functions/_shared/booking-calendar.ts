import { calendarFile } from './icalendar.ts';
import type { CalendarEvent, ZoneChange } from './icalendar.ts';
import type { One } from './lists.ts';

type Language = One<'language'>;

/** A booking as the database gives it for its customer's calendar (`private.calendar_item`). */
export interface CalendarItem {
	id: string;
	reference: string;
	status: One<'booking_status'>;
	sequence: number;
	updated_at: string;
	local_starts_at: string;
	local_ends_at: string;
	time_zone: string;
	zone_changes: ZoneChange[];
	service: string;
	provider: string;
	phone: string | null;
	location: (string | null)[];
	/** of its page; null where that is a secret */
	path: string | null;
}

const words = {
	fr: { reference: 'Réservation', phone: 'Téléphone', colon: '\u00a0: ', comma: ', ' },
	ar: { reference: 'الحجز', phone: 'الهاتف', colon: ': ', comma: '، ' },
	en: { reference: 'Booking', phone: 'Phone', colon: ': ', comma: ', ' }
};

function statusOf(status: One<'booking_status'>): CalendarEvent['status'] {
	if (status === 'held' || status === 'pending') return 'TENTATIVE';
	return ['cancelled', 'rejected', 'expired'].includes(status) ? 'CANCELLED' : 'CONFIRMED';
}

/** A number, marked as read from the left where the line around it is not. */
const number = (text: string, language: Language) => (language === 'ar' ? `\u2066${text}\u2069` : text);

interface Options {
	language: Language;
	/** where bookings have their page */
	siteUrl?: string;
	now: Date;
	/** of a mail: from whom to whom. It then asks the receiver's calendar to take the event in, or out. */
	mail?: { from: string; to: string };
}

/** A booking as a file for its customer's calendar, and with which method. */
export function bookingCalendar(item: CalendarItem, { language, siteUrl, now, mail }: Options) {
	const { reference, phone, colon, comma } = words[language];
	const status = statusOf(item.status);
	const method = status === 'CANCELLED' ? 'CANCEL' : mail ? 'REQUEST' : 'PUBLISH';
	const content = calendarFile({
		method,
		zones: { [item.time_zone]: item.zone_changes },
		events: [
			{
				id: item.id,
				sequence: item.sequence,
				updatedAt: item.updated_at,
				localStartsAt: item.local_starts_at,
				localEndsAt: item.local_ends_at,
				zone: item.time_zone,
				status,
				summary: `${item.service} · ${item.provider}`,
				location: item.location.filter(Boolean).join(comma),
				description: [
					`${reference}${colon}${number(item.reference, language)}`,
					...(item.phone ? [`${phone}${colon}${number(item.phone, language)}`] : [])
				].join('\n'),
				...(siteUrl && item.path ? { url: new URL(item.path, siteUrl).href } : {}),
				...(mail ? { organizer: mail.from, attendee: mail.to } : {})
			}
		],
		now
	});
	return { method, content } as const;
}
