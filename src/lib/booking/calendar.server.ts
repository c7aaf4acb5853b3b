import { orError } from '#lib/http/refused.server.ts';
import { localised } from '#lib/i18n/localised.ts';
import type { Language } from '#lib/i18n/languages.ts';
import type { Client } from '#lib/supabase/client.ts';
import { icalendar } from './calendar.ts';
import { get } from './queries.ts';

/** The answer with which a browser offers to add a booking to the calendar. */
export async function calendarFile(client: Client, key: { id: string } | { token: string }, language: Language) {
	const booking = await orError(get(client, key));
	const provider = localised({ name: booking.provider_name, name_ar: booking.provider_name_ar }, 'name', language);
	const service = localised(
		{ name_fr: booking.service_name_fr, name_ar: booking.service_name_ar, name_en: booking.service_name_en },
		'name',
		language
	);
	const text = icalendar({
		uid: `${booking.id}@khadamat`,
		startsAt: booking.starts_at,
		endsAt: booking.ends_at,
		changedAt: booking.created_at,
		summary: `${service} · ${provider}`,
		location: booking.address?.line ?? booking.provider_address,
		description: booking.reference,
		cancelled: ['cancelled', 'rejected', 'expired'].includes(booking.status)
	});
	return new Response(text, {
		headers: {
			'content-type': 'text/calendar; charset=utf-8',
			'content-disposition': `attachment; filename="khadamat-${booking.reference}.ics"`,
			'cache-control': 'private, no-store'
		}
	});
}
