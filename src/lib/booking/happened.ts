import type { MessageKey } from '#lib/i18n/messages.ts';

/** The reasons that the database gives for what the system does, each with its words in `dashboard.event`. */
export const systemReasons = [
	'booked_meanwhile',
	'clocks',
	'no_answer',
	'offered',
	'paid',
	'paid_late',
	'party_restored',
	'proof_wanted',
	'proven',
	'put_back',
	'rescheduled'
] as const;

/** Likewise for what people do; all else they wrote themselves. */
export const peopleReasons = ['code', 'no_thanks', 'offer_accepted', 'rescheduled'] as const;

/** What is said of a step in a booking's history beside its status: a sentence of ours, or what somebody wrote. */
export function happened({
	actor,
	reason,
	moved_from
}: {
	actor: string;
	reason: string;
	moved_from: string | null;
}): MessageKey | { written: string } {
	// Who writes "paid" as a reason for leaving has not paid: of people's words fewer are ours.
	const own = (actor === 'system' ? systemReasons : peopleReasons).find((one) => one === reason);
	if (!own) return { written: reason };
	// the system changes nothing but the time
	return own === 'rescheduled' && (moved_from || actor === 'system')
		? 'dashboard.event.moved'
		: `dashboard.event.${own}`;
}
