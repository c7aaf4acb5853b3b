import { orError } from '#lib/http/refused.server.ts';
import type { Language } from '#lib/i18n/languages.ts';
import type { Client } from '#lib/supabase/client.ts';
import { unwrap } from '#lib/supabase/refusal.ts';
// the one writer of calendar files, which the functions share
import { bookingCalendar } from '../../../supabase/functions/_shared/booking-calendar.ts';

async function item(client: Client, key: { id: string } | { token: string }, language: Language) {
	const answer = await client.rpc('booking_calendar', {
		...('id' in key ? { booking_id: key.id } : { manage_token: key.token }),
		language
	});
	return unwrap(answer);
}

/** The answer with which a browser offers to add a booking to the calendar, or to take a cancelled one out of it. */
export async function calendarFile(
	client: Client,
	key: { id: string } | { token: string },
	{ language, siteUrl }: { language: Language; siteUrl: string }
) {
	const booking = await orError(item(client, key, language));
	const { content } = bookingCalendar(booking, { language, siteUrl, now: new Date() });
	return new Response(content, {
		headers: {
			'content-type': 'text/calendar; charset=utf-8',
			'content-disposition': `attachment; filename="khadamat-${booking.reference}.ics"`,
			'cache-control': 'private, no-store'
		}
	});
}
