import { allOf, perBatch } from '#lib/list/batches.ts';
import { paged, past } from '#lib/list/cursor.ts';
import type { Cursor, Page } from '#lib/list/cursor.ts';
import type { Client, Functions } from '#lib/supabase/client.ts';
import type { Address, Answer, Policy, RefundStep } from '#lib/supabase/database.ts';
import { unwrap } from '#lib/supabase/refusal.ts';
import { addDays } from '#lib/time/zone.ts';
import type { Seat } from './seats.ts';
import { live } from './status.ts';

export type Slot = Functions['available_slots']['Returns'][number];

export type BookingAddress = Address;
export type { Policy, RefundStep };

export type Booking = Answer<'get_booking'>;
export type Quote = Answer<'quote_booking'>;
/** What a change of a booking would come to. */
export type BookingChange = Answer<'quote_change'>;

/** Free slots on local days `from` to `to` (YYYY-MM-DD) in the provider's zone. */
export async function availableSlots(
	client: Client,
	serviceId: string,
	from: string,
	to: string,
	partySize = 1
): Promise<Slot[]> {
	return unwrap(
		await client.rpc('available_slots', { service_id: serviceId, from_date: from, to_date: to, party_size: partySize })
	);
}

/** What a booking would cost for a party, or for the seats that it takes in a session. */
export async function quote(
	client: Client,
	serviceId: string,
	wanted: {
		startsAt?: string;
		sessionId?: string;
		seats?: string[];
		party?: number;
		promoCode?: string;
		/** of the request that is about to book: what it made already is no other booking */
		key?: string;
	}
): Promise<Quote> {
	const answer = await client.rpc('quote_booking', {
		service_id: serviceId,
		starts_at: wanted.startsAt,
		session_id: wanted.sessionId,
		seats: wanted.seats?.length ? wanted.seats : undefined,
		party_size: wanted.party,
		promo_code: wanted.promoCode,
		idempotency_key: wanted.key
	});
	return unwrap(answer);
}

/** When a session of a service starts (an instant), or null when there is none by that id. */
export async function sessionStart(client: Client, serviceId: string, id: string): Promise<string | null> {
	const { data, error } = await client
		.from('sessions')
		.select('starts_at')
		.eq('id', id)
		.eq('service_id', serviceId)
		.maybeSingle();
	return unwrap({ data, error })?.starts_at ?? null;
}

/** A service's sessions on local days `from` to `to` that a party no longer fits in, for who would wait for one. */
export async function fullSessions(client: Client, serviceId: string, from: string, to: string, party: number) {
	const now = new Date().toISOString();
	const sessions = await everyByStart(async (after) => {
		const query = client
			.from('sessions')
			.select('id, starts_at, local_starts_at, capacity, taken')
			.eq('service_id', serviceId)
			.gte('local_starts_at', from)
			.lt('local_starts_at', addDays(to, 1))
			.gt('starts_at', now)
			.order('starts_at')
			.order('id')
			.limit(perBatch);
		return unwrap(await (after ? query.or(past('starts_at', 'gt', after)) : query));
	});
	return sessions.filter(({ capacity, taken }) => capacity - taken < party);
}

export type FullSession = Awaited<ReturnType<typeof fullSessions>>[number];

/**
 * Where a booking may be moved to on local days `from` to `to` in the provider's zone, as if it were not there itself;
 * for another party, or the one it has. Raises Refusal.
 */
export async function slotsToMove(
	client: Client,
	key: { id: string } | { token: string },
	from: string,
	to: string,
	party?: number
): Promise<Slot[]> {
	return unwrap(
		await client.rpc('slots_to_move', {
			...('id' in key ? { booking_id: key.id } : { manage_token: key.token }),
			from_date: from,
			to_date: to,
			party_size: party
		})
	);
}

/** What moving a booking to a start (an instant) and a party would come to. Raises Refusal. */
export async function quoteChange(
	client: Client,
	key: { id: string } | { token: string },
	startsAt: string,
	party: number
): Promise<BookingChange> {
	const answer = await client.rpc('quote_change', {
		...('id' in key ? { booking_id: key.id } : { manage_token: key.token }),
		starts_at: startsAt,
		party_size: party
	});
	return unwrap(answer);
}

/** The seat map of a session, row by row; empty where its places have no numbers. */
export async function sessionSeats(client: Client, sessionId: string): Promise<Seat[]> {
	return unwrap(await client.rpc('session_seats', { session_id: sessionId }));
}

/** A booking by its id, for an account it concerns, or by a guest's secret token. Raises Refusal `not_found`. */
export async function get(client: Client, key: { id: string } | { token: string }): Promise<Booking> {
	const answer = await client.rpc('get_booking', 'id' in key ? { booking_id: key.id } : { manage_token: key.token });
	return unwrap(answer);
}

const listed =
	`id, reference, status, starts_at, ends_at, local_starts_at, time_zone, price_minor, deposit_minor, paid_minor, currency,
	customer_name, notes, hold_expires_at, created_at,
	service:services(id, name_fr, name_ar, name_en),
	provider:providers(id, slug, name, name_ar, district)` as const;

/** All of a list that goes by starts; see `allOf`. */
const everyByStart = <Row extends { starts_at: string; id: string }>(ask: (after: Cursor | null) => Promise<Row[]>) =>
	allOf(ask, ({ starts_at, id }) => ({ at: starts_at, id }));

/** The signed-in customer's bookings that still take their place and are not over, the earliest start first. */
export function listUpcoming(client: Client, customerId: string, now: string) {
	return everyByStart(async (after) => {
		const query = client
			.from('bookings')
			.select(listed)
			.eq('customer_id', customerId)
			.in('status', live)
			.gt('ends_at', now)
			.order('starts_at')
			.order('id')
			.limit(perBatch);
		return unwrap(await (after ? query.or(past('starts_at', 'gt', after)) : query));
	});
}

/** A page of the customer's other bookings, the latest start first. */
export async function listPast(client: Client, customerId: string, now: string, after?: Cursor) {
	const query = client
		.from('bookings')
		.select(listed)
		.eq('customer_id', customerId)
		.or(`ends_at.lte."${now}",status.not.in.(${live.join()})`)
		.order('starts_at', { ascending: false })
		.order('id', { ascending: false })
		.limit(pastPerPage + 1);
	const rows = unwrap(await (after ? query.or(past('starts_at', 'lt', after)) : query));
	const page: Page<(typeof rows)[number]> = paged(rows, pastPerPage, ({ starts_at, id }) => ({ at: starts_at, id }));
	return page;
}

const pastPerPage = 25;

/** A provider's bookings that start in [from, to) (instants), the earliest first. Holds are not shown to providers. */
export async function listForProvider(client: Client, providerId: string, from: string, to: string) {
	const rows = await everyByStart(async (after) => {
		const query = client
			.from('bookings')
			.select(listed)
			.eq('provider_id', providerId)
			.gte('starts_at', from)
			.lt('starts_at', to)
			.not('status', 'in', '(held,expired)')
			.order('starts_at')
			.order('id')
			.limit(perBatch);
		return unwrap(await (after ? query.or(past('starts_at', 'gt', after)) : query));
	});
	return withMoves(client, await withContacts(client, rows));
}

/** A provider's requests that wait for an answer, the earliest start first. */
export async function listPending(client: Client, providerId: string) {
	const rows = await everyByStart(async (after) => {
		const query = client
			.from('bookings')
			.select(listed)
			.eq('provider_id', providerId)
			.eq('status', 'pending')
			.order('starts_at')
			.order('id')
			.limit(perBatch);
		return unwrap(await (after ? query.or(past('starts_at', 'gt', after)) : query));
	});
	return withMoves(client, await withContacts(client, rows));
}

/** Adds to bookings what they may become for the caller, and from when until when. */
export async function withMoves<Row extends { id: string }>(client: Client, rows: Row[]) {
	if (rows.length === 0) return [];
	const found = unwrap(await client.rpc('next_moves', { booking_ids: rows.map(({ id }) => id) }));
	const moves = new Map(found.map(({ booking_id, moves }) => [booking_id, moves]));
	return rows.map((row) => ({ ...row, next_moves: moves.get(row.id) ?? [] }));
}

/** Adds to bookings how their customers are reached; null where the provider's right to know it has ended. */
export async function withContacts<Row extends { id: string }>(client: Client, rows: Row[]) {
	if (rows.length === 0) return [];
	const found = unwrap(await client.rpc('booking_contacts', { booking_ids: rows.map(({ id }) => id) }));
	const contacts = new Map(found.map((contact) => [contact.booking_id, contact]));
	return rows.map((row) => {
		const contact = contacts.get(row.id);
		return {
			...row,
			customer_email: contact?.email ?? null,
			customer_phone: contact?.phone ?? null,
			address: (contact?.address ?? null) as BookingAddress | null
		};
	});
}

/** A booking in a customer's list. */
export type BookingRow = Awaited<ReturnType<typeof listUpcoming>>[number];
/** A booking in a provider's list. */
export type AgendaRow = Awaited<ReturnType<typeof listForProvider>>[number];

/** What happened to a booking, in order. */
export async function history(client: Client, bookingId: string) {
	return unwrap(
		await client
			.from('booking_events')
			.select('id, from_status, to_status, actor, reason, moved_from, created_at')
			.eq('booking_id', bookingId)
			.order('created_at')
	);
}
