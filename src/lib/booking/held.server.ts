import type { RequestEvent } from '@sveltejs/kit';
import { routesIn } from '#lib/routes.ts';
import { Refusal } from '#lib/supabase/refusal.ts';
import { get } from './queries.ts';

/** A place that this browser holds, as the wizard of its service tells its own place from one that others have. */
export interface Held {
	/** address of the booking's page, where it is paid or let go */
	page: string;
	starts_at: string;
	session_id: string | null;
	local_starts_at: string;
	hold_expires_at: string;
}

const cookie = 'khadamat-held';
const ofGuest = 'guest:';

/**
 * Remembers a booking that somebody leaves to pay for, until its hold ends (an ISO instant). `token` is a guest's secret: it
 * stays out of reach of scripts, and the database says at each look what it still opens.
 */
export function remember({ cookies, url }: RequestEvent, made: { id: string; token?: string; until: string }): void {
	const maxAge = Math.ceil((Date.parse(made.until) - Date.now()) / 1000);
	cookies.set(cookie, made.token ? ofGuest + made.token : made.id, {
		path: '/',
		httpOnly: true,
		sameSite: 'lax',
		secure: url.protocol === 'https:',
		maxAge: Math.max(0, maxAge)
	});
}

/** The place of a service that this browser holds and has not paid for, or null. */
export async function heldIn({ cookies, locals }: RequestEvent, serviceId: string): Promise<Held | null> {
	const kept = cookies.get(cookie);
	if (!kept) return null;
	const token = kept.startsWith(ofGuest) ? kept.slice(ofGuest.length) : null;
	try {
		const booking = await get(locals.supabase, token ? { token } : { id: kept });
		const { starts_at, session_id, local_starts_at, hold_expires_at } = booking;
		if (booking.service_id !== serviceId || booking.status !== 'held' || !hold_expires_at) return null;
		if (booking.amount_due_minor === 0 || Date.parse(hold_expires_at) <= Date.now()) return null;
		const to = routesIn(locals.language);
		const page = token ? to.guestBooking(token) : to.booking(booking.id);
		return { page, starts_at, session_id, local_starts_at, hold_expires_at };
	} catch (failure) {
		if (!(failure instanceof Refusal)) throw failure;
		return null;
	}
}
