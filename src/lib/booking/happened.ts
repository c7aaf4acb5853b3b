import type { MessageKey } from '#lib/i18n/messages.ts';

/** The reasons that are ours and not somebody's words, each with its own in `dashboard.event`. */
export const ownReasons = [
	'booked_meanwhile',
	'clocks',
	'code',
	'no_answer',
	'no_thanks',
	'offer_accepted',
	'offered',
	'paid',
	'paid_late',
	'party_restored',
	'proof_wanted',
	'proven',
	'put_back',
	'rescheduled'
] as const;

type OwnReason = (typeof ownReasons)[number];

const isOwn = (reason: string): reason is OwnReason => (ownReasons as readonly string[]).includes(reason);

/** What is said of a step in a booking's history beside its status: a sentence of ours, or what somebody wrote. */
export function happened(event: { reason: string; moved_from: string | null }): MessageKey | { written: string } {
	if (!isOwn(event.reason)) return { written: event.reason };
	return event.reason === 'rescheduled' && event.moved_from
		? 'dashboard.event.moved'
		: `dashboard.event.${event.reason}`;
}
