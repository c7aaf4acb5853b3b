import type { Routes } from '#lib/routes.ts';
import type { Json } from '#lib/supabase/types.ts';

/** What the database writes notifications of, and on which page each is followed up. */
export const kinds = {
	booking_received: 'booking',
	booking_confirmed: 'booking',
	booking_rejected: 'booking',
	booking_cancelled: 'booking',
	booking_cancelled_by_provider: 'booking',
	booking_moved: 'booking',
	booking_moved_by_provider: 'booking',
	booking_unanswered: 'booking',
	waitlist_offer: 'booking',
	waitlist_moved: 'service',
	waitlist_called_off: 'service',
	payment_returned: 'booking',
	place_lost: 'booking',
	refund_made: 'booking',
	refund_failed: 'booking',
	party_restored: 'booking',
	booking_put_back: 'booking',
	party_changed: 'booking',
	party_changed_by_provider: 'booking',
	booking_requested: 'dashboard',
	booking_made: 'dashboard',
	booking_cancelled_by_customer: 'dashboard',
	booking_moved_by_customer: 'dashboard',
	request_lapsed: 'dashboard',
	late_payment: 'dashboard',
	refund_by_platform: 'dashboard',
	payment_disputed: 'dashboard',
	booking_party_restored: 'dashboard',
	change_undone: 'dashboard',
	booking_party_changed: 'dashboard',
	message_received: 'conversation',
	second_factor_removed: 'security',
	ownership_received: 'team',
	verification_accepted: 'verification',
	verification_refused: 'verification',
	clock_clash: 'overview',
	start_request_accepted: 'start',
	start_request_declined: 'start'
} as const;

export type Kind = keyof typeof kinds;

/** A value of a notification's `data` as text; empty where there is none. */
export function dataText(data: Json, name: string): string {
	const value = typeof data === 'object' && data !== null && !Array.isArray(data) ? data[name] : null;
	return typeof value === 'string' ? value : '';
}

/** A value of a notification's `data` as a number; null where there is none. */
export function dataNumber(data: Json, name: string): number | null {
	const value = typeof data === 'object' && data !== null && !Array.isArray(data) ? data[name] : null;
	return typeof value === 'number' ? value : null;
}

/** Where a notification leads: the customer's or the provider's page of its booking, its conversation, or a service. */
export function addressOf(
	notification: { kind: string; data: Json; booking_id: string | null },
	to: Pick<
		Routes,
		| 'booking'
		| 'book'
		| 'dashboard'
		| 'dashboardBooking'
		| 'conversation'
		| 'security'
		| 'team'
		| 'verification'
		| 'becomeProvider'
	>
): string {
	switch (kinds[notification.kind as Kind]) {
		case 'service':
			return to.book(dataText(notification.data, 'service_id'));
		case 'conversation':
			return to.conversation(dataText(notification.data, 'conversation_id'));
		case 'dashboard':
			return to.dashboardBooking(notification.booking_id ?? '');
		case 'security':
			return to.security();
		case 'team':
			return to.team();
		case 'verification':
			return to.verification();
		case 'overview':
			return to.dashboard(dataText(notification.data, 'provider_slug'));
		case 'start':
			return to.becomeProvider('where');
		default:
			return to.booking(notification.booking_id ?? '');
	}
}
