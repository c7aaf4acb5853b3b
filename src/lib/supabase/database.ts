import type { CalendarItem } from '../../../supabase/functions/_shared/booking-calendar.ts';
import type { Database as Generated } from './types.ts';

type Schema = Generated['public'];
type Composites = Schema['CompositeTypes'];

/**
 * A composite type as our functions fill it: Postgres cannot say which attributes are never null, so the caller names
 * those that may be.
 */
export type Filled<Row, MayBeNull extends keyof Row = never> = {
	[Key in keyof Row]: Key extends MayBeNull ? Row[Key] : NonNullable<Row[Key]>;
};

/** session_id is there for who asked about a service of sessions, null for all others. */
type Slot = Filled<Composites['slot']>;

/** What a booking may become for whoever asks, from when until when; null where there is no such end. */
export interface NextMove {
	to: Schema['Enums']['booking_status'];
	opens: string | null;
	closes: string | null;
}

/** What is in the one array with which functions answer whose rows would be too many: to the generator it is some JSON. */
interface Arrays {
	available_slots: Slot;
	slots_to_move: Slot;
	session_seats: Filled<Composites['session_seat']>;
	next_moves: { booking_id: string; moves: NextMove[] };
	booking_contacts: Filled<Composites['booking_contact'], 'phone' | 'address'>;
}

/** Where a provider comes to. */
export interface Address {
	line: string;
	district?: string;
	city?: string;
	details?: string;
}

export interface Policy {
	code: string;
	tiers: { hours_before: number; refund_percent: number }[];
}

/** What comes back (minor units) if one cancels before a moment, told on the provider's clocks. */
export interface RefundStep {
	until: string;
	until_local: string;
	refund_percent: number;
	refund_minor: number;
}

type Details = Filled<
	Composites['booking_details'],
	| 'provider_name_ar'
	| 'provider_phone'
	| 'service_name_ar'
	| 'service_name_en'
	| 'customer_id'
	| 'customer_phone'
	| 'address'
	| 'hold_expires_at'
	| 'answer_by'
	| 'local_stands_at'
	| 'top_up_by'
	| 'completion_code'
	| 'session_id'
	| 'seats'
	| 'payment_failure'
	| 'end_reason'
>;

/** A booking as its viewer may see it; sums in minor units, times as instants. */
type Booking = Omit<Details, 'address' | 'policy' | 'refunds'> & {
	address: Address | null;
	policy: Policy;
	refunds: RefundStep[];
};

/** A place in the line: how many are before it; an entry's id and token for those who may leave it. */
type WaitlistPlace = Filled<
	Composites['waitlist_place'],
	'entry_id' | 'manage_token' | 'code' | 'message' | 'details' | 'hint'
>;

/** When a business is open from today on, and the times of the year with hours of their own that are near. */
interface Hours {
	days: { day: string; intervals: [opens: string, closes: string][] }[];
	profiles: { name: string; starts_on: string; ends_on: string }[];
}

/** What an invitation's link stands for. */
interface Invitation {
	provider_id: string;
	provider_name: string;
	provider_name_ar: string | null;
	role: Schema['Enums']['member_role'];
	/** whether the caller's account has proved the address */
	mine: boolean;
	/** the address it was sent to; masked unless it is the caller's */
	email: string;
	/** who sent it; null for others than whom it was sent to, and when that account is gone */
	invited_by: string | null;
	expires_at: string;
}

/** What stands in the way of deleting an account: providers that would be left without an owner, by name. */
interface DeletionObstacles {
	last_owner_of: string[];
	upcoming_bookings: number;
}

type CreatedBooking = Filled<Composites['created_booking'], 'manage_token' | 'hold_expires_at'>;

/** What functions answer with, where the generator knows a composite that may be null all over, or some JSON. */
interface Answers {
	get_booking: Booking;
	cancel_booking: Booking;
	reschedule_booking: Booking;
	transition_booking: Booking;
	complete_booking: Booking;
	accept_offer: Booking;
	create_booking: CreatedBooking;
	confirm_booking: CreatedBooking;
	/** `refunds` is null as long as no start is named */
	quote_booking: Omit<Filled<Composites['booking_quote'], 'already_booked'>, 'policy' | 'refunds'> & {
		policy: Policy;
		refunds: RefundStep[] | null;
	};
	/** in minor units */
	quote_change: Filled<Composites['booking_change']>;
	join_waitlist: WaitlistPlace;
	provider_hours: Hours;
	get_invitation: Invitation[];
	booking_calendar: CalendarItem;
	account_deletion_obstacles: DeletionObstacles;
	claim_booking: string;
}

/** The answer of a function, by its name. */
export type Answer<Name extends keyof Answers> = Answers[Name];

/** The database as the generator knows it, with what functions answer with. */
export type Database = Omit<Generated, 'public'> & {
	public: Omit<Schema, 'Functions'> & {
		Functions: Omit<Schema['Functions'], keyof Arrays | keyof Answers> & {
			[Name in keyof Arrays]: Omit<Schema['Functions'][Name], 'Returns'> & { Returns: Arrays[Name][] };
		} & {
			[Name in keyof Answers]: Omit<Schema['Functions'][Name], 'Returns'> & { Returns: Answers[Name] };
		};
	};
};
