import type { RequestEvent } from '@sveltejs/kit';
import { Refusal } from '#lib/supabase/refusal.ts';
import { get, quote } from './queries.ts';
import type { Booking } from './queries.ts';
import { isLive } from './status.ts';

// Whether somebody books the same once more is asked where they can know it: an account of the database, a guest of their
// own browser alone. The database tells nobody that an address has a booking.

const cookie = 'khadamat-booked';
const most = 5;
const days = 30;

/** A start of a service, or a session of it, for how many. */
export interface Choice {
	serviceId: string;
	startsAt?: string;
	sessionId?: string;
	seats?: string[];
	party?: number;
}

/** A booking that is on at the time of another: its reference for the account whose it is, null for a guest's device. */
export type Already = { reference: string | null };

/** A guest's bookings made here: the key of the request that made each, and its secret. The latest comes first. */
function kept({ cookies }: Pick<RequestEvent, 'cookies'>): { key: string; token: string }[] {
	return (cookies.get(cookie) ?? '')
		.split(' ')
		.map((entry) => entry.split(':'))
		.flatMap(([key, token]) => (key && token ? [{ key, token }] : []))
		.slice(0, most);
}

/** Remembers a guest's booking on this device, out of reach of scripts; the database says at each look what became of it. */
export function rememberBooked(event: Pick<RequestEvent, 'cookies' | 'url'>, key: string, token: string): void {
	const entries = [{ key, token }, ...kept(event).filter((one) => one.token !== token)].slice(0, most);
	event.cookies.set(cookie, entries.map((one) => `${one.key}:${one.token}`).join(' '), {
		path: '/',
		httpOnly: true,
		sameSite: 'lax',
		secure: event.url.protocol === 'https:',
		maxAge: days * 24 * 3600
	});
}

function meets(booking: Booking, { serviceId, startsAt, sessionId }: Choice): boolean {
	if (booking.service_id !== serviceId || !isLive(booking.status)) return false;
	if (booking.status === 'held' && Date.parse(booking.hold_expires_at ?? '') <= Date.now()) return false;
	if (sessionId) return booking.session_id === sessionId;
	// of one service all take equally long
	const length = Date.parse(booking.ends_at) - Date.parse(booking.starts_at);
	return startsAt !== undefined && Math.abs(Date.parse(startsAt) - Date.parse(booking.starts_at)) < length;
}

/** Whether a guest has booked the same on this device. What the request of the same `key` made is no other booking. */
export async function bookedHere(
	event: Pick<RequestEvent, 'cookies' | 'locals'>,
	choice: Choice,
	key?: string
): Promise<Already | null> {
	for (const one of kept(event)) {
		if (one.key === key) continue;
		try {
			if (meets(await get(event.locals.supabase, { token: one.token }), choice)) return { reference: null };
		} catch (failure) {
			if (!(failure instanceof Refusal)) throw failure;
		}
	}
	return null;
}

/** Whether whoever is about to book has the same already, as an account or on this device. */
export async function alreadyBooked(
	event: Pick<RequestEvent, 'cookies' | 'locals'>,
	{ serviceId, ...choice }: Choice,
	key: string
): Promise<Already | null> {
	const { supabase, getClaims } = event.locals;
	if (await getClaims()) {
		try {
			const { already_booked: reference } = await quote(supabase, serviceId, { ...choice, key });
			if (reference) return { reference };
		} catch (failure) {
			// what cannot be had is refused by booking it
			if (!(failure instanceof Refusal)) throw failure;
		}
	}
	return bookedHere(event, { serviceId, ...choice }, key);
}
