import type { Booking } from '#lib/booking/queries.ts';
import type { Client } from '#lib/supabase/client.ts';
import { unwrap } from '#lib/supabase/refusal.ts';
import type { Answer } from '#lib/supabase/database.ts';
import { instantOf } from '#lib/time/clocks.ts';
import { addDays } from '#lib/time/zone.ts';
import type { JoinForm } from './schema.ts';

export type WaitlistPlace = Answer<'join_waitlist'>;

/**
 * Waits for a place, in a session or on some local days of `zone`; with the `token` of a guest's place in that line it
 * changes that one. Raises Refusal with the codes of `join_waitlist`.
 */
export async function join(
	client: Client,
	wanted: { serviceId: string; sessionId?: string; zone: string; language: string; form: JoinForm; token?: string }
): Promise<WaitlistPlace> {
	const { from, to, party, line, district, city, details, ...contact } = wanted.form;
	const midnight = (day: string) => instantOf(day, '00:00', wanted.zone).toISOString();
	const answer = await client.rpc('join_waitlist', {
		service_id: wanted.serviceId,
		session_id: wanted.sessionId,
		period: wanted.sessionId ? undefined : `[${midnight(from)},${midnight(addDays(to, 1))})`,
		party_size: party,
		guest: {
			...contact,
			language: wanted.language,
			...(wanted.token && { manage_token: wanted.token }),
			...(line && { address: { line, district, city, details } })
		}
	});
	return unwrap(answer);
}

/** Leaves the line as the account that joined it. */
export async function leave(client: Client, entryId: string): Promise<void> {
	unwrap(await client.rpc('leave_waitlist', { entry_id: entryId }));
}

/** Takes an offered place that needs no deposit. Raises Refusal with the codes of `accept_offer`. */
export async function acceptOffer(client: Client, key: { id: string } | { token: string }): Promise<Booking> {
	const answer = await client.rpc('accept_offer', 'id' in key ? { booking_id: key.id } : { manage_token: key.token });
	return unwrap(answer);
}
