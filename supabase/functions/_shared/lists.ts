// The lists of the database (its enums), each in its order. Made by "npm run types".

export const approval = ['automatic', 'manual'] as const;
export const booking_actor = ['customer', 'provider', 'system'] as const;
export const booking_mode = ['appointment', 'table', 'session'] as const;
export const booking_status = [
	'held',
	'pending',
	'confirmed',
	'in_progress',
	'completed',
	'no_show',
	'expired',
	'cancelled',
	'rejected'
] as const;
export const booking_viewer = ['customer', 'guest', 'provider', 'staff'] as const;
export const clash_kind = ['overlap', 'skipped'] as const;
export const delivery_channel = ['email', 'push', 'sms'] as const;
export const delivery_status = ['queued', 'sending', 'sent', 'failed', 'skipped'] as const;
export const document_kind = ['identity', 'registration', 'address', 'other'] as const;
export const language = ['fr', 'ar', 'en'] as const;
export const ledger_account = ['stripe', 'provider', 'suspense'] as const;
export const member_role = ['owner', 'manager', 'staff'] as const;
export const message_side = ['customer', 'provider'] as const;
export const notification_kind = [
	'booking_received',
	'booking_to_prove',
	'booking_of_account',
	'booking_link',
	'booking_confirmed',
	'booking_rejected',
	'booking_unanswered',
	'booking_cancelled',
	'booking_cancelled_by_provider',
	'booking_moved',
	'booking_moved_by_provider',
	'booking_put_back',
	'party_changed',
	'party_changed_by_provider',
	'party_restored',
	'waitlist_offer',
	'waitlist_moved',
	'waitlist_called_off',
	'payment_returned',
	'place_lost',
	'refund_made',
	'booking_requested',
	'booking_made',
	'booking_cancelled_by_customer',
	'booking_moved_by_customer',
	'booking_party_changed',
	'booking_party_restored',
	'change_undone',
	'request_lapsed',
	'clock_clash',
	'refund_failed',
	'late_payment',
	'refund_by_platform',
	'payment_disputed',
	'message_received',
	'team_invitation',
	'ownership_received',
	'verification_accepted',
	'verification_refused',
	'start_request_accepted',
	'start_request_declined',
	'email_changed',
	'password_changed',
	'way_in_added',
	'way_in_removed',
	'second_factor_added',
	'second_factor_removed',
	'recovery_codes_made'
] as const;
export const payment_status = ['open', 'succeeded', 'expired', 'unexpected'] as const;
export const platform_role = ['moderator', 'admin', 'super_admin'] as const;
export const price_per = ['booking', 'person'] as const;
export const provider_status = ['draft', 'published', 'suspended'] as const;
export const refund_status = ['queued', 'sending', 'pending', 'succeeded', 'failed', 'canceled'] as const;
export const resource_kind = ['staff', 'table', 'room'] as const;
export const service_place = ['customer', 'provider'] as const;
export const start_request_status = ['waiting', 'accepted', 'declined'] as const;
export const transition_condition = [
	'before_start',
	'may_leave',
	'near_start',
	'after_start',
	'hold_lapsed',
	'answer_overdue',
	'rescheduled',
	'put_back',
	'called_off',
	'booked_meanwhile',
	'offer'
] as const;
export const verification_status = ['waiting', 'accepted', 'refused'] as const;
export const waitlist_status = ['waiting', 'offered', 'accepted', 'declined', 'lapsed', 'left'] as const;

interface Lists {
	approval: (typeof approval)[number];
	booking_actor: (typeof booking_actor)[number];
	booking_mode: (typeof booking_mode)[number];
	booking_status: (typeof booking_status)[number];
	booking_viewer: (typeof booking_viewer)[number];
	clash_kind: (typeof clash_kind)[number];
	delivery_channel: (typeof delivery_channel)[number];
	delivery_status: (typeof delivery_status)[number];
	document_kind: (typeof document_kind)[number];
	language: (typeof language)[number];
	ledger_account: (typeof ledger_account)[number];
	member_role: (typeof member_role)[number];
	message_side: (typeof message_side)[number];
	notification_kind: (typeof notification_kind)[number];
	payment_status: (typeof payment_status)[number];
	platform_role: (typeof platform_role)[number];
	price_per: (typeof price_per)[number];
	provider_status: (typeof provider_status)[number];
	refund_status: (typeof refund_status)[number];
	resource_kind: (typeof resource_kind)[number];
	service_place: (typeof service_place)[number];
	start_request_status: (typeof start_request_status)[number];
	transition_condition: (typeof transition_condition)[number];
	verification_status: (typeof verification_status)[number];
	waitlist_status: (typeof waitlist_status)[number];
}
/** One of the values of a list: `One<'booking_status'>`. */
export type One<Name extends keyof Lists> = Lists[Name];
