import type { MessageKey } from '#lib/i18n/messages.ts';
import type { Client } from '#lib/supabase/client.ts';
import { Refusal, unwrap } from '#lib/supabase/refusal.ts';
import type { Answer } from '#lib/supabase/database.ts';
import type { Json } from '#lib/supabase/types.ts';
import type { Booking } from './queries.ts';
import type { BookingStatus } from './status.ts';
import type { BookingForm } from './schema.ts';

export type CreatedBooking = Answer<'create_booking'>;

/** What is booked: a start of a service, or a session of it with numbered seats or without. */
export interface Wanted {
	serviceId: string;
	/** an instant; not for a session */
	startsAt?: string;
	sessionId?: string;
	/** labels; they say how many come */
	seats?: string[];
	/** how many, where no seats say it */
	party: number;
	promo?: string;
	language: string;
	form: Omit<BookingForm, 'party' | 'again'>;
}

/** Books. The same key gives the same booking back. Raises Refusal with the codes of `create_booking`. */
export async function create(client: Client, wanted: Wanted): Promise<CreatedBooking> {
	const { key, terms, notes, line, district, city, details, name, email, phone } = wanted.form;
	const answer = await client.rpc('create_booking', {
		service_id: wanted.serviceId,
		starts_at: wanted.sessionId ? undefined : wanted.startsAt,
		session_id: wanted.sessionId,
		seats: wanted.seats?.length ? wanted.seats : undefined,
		party_size: wanted.party,
		promo_code: wanted.promo,
		idempotency_key: key,
		guest: { name, email, phone, language: wanted.language },
		address: (line ? { line, district, city, details } : null) as Json,
		notes,
		expected_terms: terms
	});
	return unwrap(answer);
}

/** Proves a guest's address by the secret of the mail, and with it the booking that was held for it. */
export async function confirm(client: Client, proof: string): Promise<CreatedBooking> {
	return unwrap(await client.rpc('confirm_booking', { proof }));
}

/**
 * Has the link of a booking sent to its own address, where `contact` is what it was made with; says nothing of whether it is.
 * Raises Refusal: invalid_input, rate_limited.
 */
export async function sendLink(client: Client, asked: { reference: string; contact: string }): Promise<void> {
	unwrap(await client.rpc('send_booking_link', asked));
}

/**
 * Cancels, by id or by a guest's token; the answer's `refund_minor` is what comes back. Raises Refusal `price_changed`,
 * with nothing done, where that is not `expectedRefund` (minor units), which was shown.
 */
export async function cancel(
	client: Client,
	key: { id: string } | { token: string },
	{ reason = '', expectedRefund }: { reason?: string; expectedRefund?: number } = {}
): Promise<Booking> {
	const answer = await client.rpc('cancel_booking', {
		...('id' in key ? { booking_id: key.id } : { manage_token: key.token }),
		reason,
		expected_refund_minor: expectedRefund
	});
	return unwrap(answer);
}

/**
 * Moves a booking to another start (an instant) and party, in one step, on the terms that `quoteChange` said of it. Raises
 * Refusal; the booking then stays as it was.
 */
export async function reschedule(
	client: Client,
	key: { id: string } | { token: string },
	{ startsAt, party, terms }: { startsAt: string; party: number; terms: string }
): Promise<Booking> {
	const answer = await client.rpc('reschedule_booking', {
		...('id' in key ? { booking_id: key.id } : { manage_token: key.token }),
		starts_at: startsAt,
		party_size: party,
		expected_terms: terms
	});
	return unwrap(answer);
}

/** Moves a booking along as a member of its provider. */
export async function transition(client: Client, id: string, to: BookingStatus, reason = ''): Promise<Booking> {
	return unwrap(await client.rpc('transition_booking', { booking_id: id, to_status: to, reason }));
}

/**
 * Moves many bookings along, each by itself: one that is refused does not hold up the rest.
 * Returns those moved, and those refused with the sentence to show.
 */
export async function transitionEach(
	client: Client,
	ids: string[],
	to: BookingStatus,
	reason = ''
): Promise<{ moved: string[]; refused: { id: string; problem: MessageKey }[] }> {
	const answer: Awaited<ReturnType<typeof transitionEach>> = { moved: [], refused: [] };
	for (const id of new Set(ids)) {
		try {
			await transition(client, id, to, reason);
			answer.moved.push(id);
		} catch (failure) {
			if (!(failure instanceof Refusal)) throw failure;
			answer.refused.push({ id, problem: failure.error.key });
		}
	}
	return answer;
}

/** Closes a booking as done and paid at the place, by the code that the customer told. */
export async function complete(client: Client, id: string, code: string): Promise<Booking> {
	return unwrap(await client.rpc('complete_booking', { booking_id: id, completion_code: code }));
}

/** Takes a guest's booking into the caller's account, by its secret; gives its id. Raises Refusal: not_found, not_allowed. */
export async function claim(client: Client, token: string): Promise<string> {
	return unwrap(await client.rpc('claim_booking', { manage_token: token }));
}
