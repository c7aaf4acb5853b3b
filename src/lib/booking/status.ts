import type { MessageKey } from '#lib/i18n/messages.ts';
import type { One } from '#lib/supabase/lists.ts';
import type { Tone } from '#lib/ui/tone.ts';

export type BookingStatus = One<'booking_status'>;

/** How each status looks; its words are `booking.status.<status>`. */
export const statusTones: Record<BookingStatus, Tone> = {
	held: 'warning',
	pending: 'info',
	confirmed: 'success',
	in_progress: 'primary',
	completed: 'neutral',
	expired: 'neutral',
	cancelled: 'neutral',
	rejected: 'danger',
	no_show: 'danger'
};

/** What a status is called on the provider's side, where a request is something to answer. */
export function providerStatus(status: BookingStatus): MessageKey {
	return status === 'pending' ? 'dashboard.pending' : `booking.status.${status}`;
}

/** Those in which a booking still takes its place. */
export const live: readonly BookingStatus[] = ['held', 'pending', 'confirmed', 'in_progress'];

export function isLive(status: BookingStatus): boolean {
	return live.includes(status);
}

/** True while a booking may be moved to another time; the database decides. */
export function isMovable(
	{ status, starts_at, offered }: { status: string; starts_at: string; offered?: boolean },
	now: Date
): boolean {
	return ['held', 'pending', 'confirmed'].includes(status) && !offered && Date.parse(starts_at) > now.getTime();
}

const failures = [
	'insufficient_funds',
	'expired_card',
	'incorrect_cvc',
	'authentication_required',
	'payment_intent_authentication_failure'
] as const;

/** The name of the sentence for the card network's word: those that people can act on, and one for all others. */
export function paymentProblem(code: string): (typeof failures)[number] | 'card_declined' {
	return failures.find((failure) => failure === code) ?? 'card_declined';
}
