import { kinds, lines } from '../notation.ts';
import type { Domain } from '../notation.ts';

/** What hangs on a booking is read by whoever reads the booking, and written by functions alone. */
const withTheBooking = kinds`
	          anonymous client other blocked owner manager staff rival moderator admin
	of the client’s booking
	  select      ·       ✓      ·      ·      ✓      ✓      ✓     ·       ·       ·
	of a guest’s booking
	  select      ·       ·      ·      ·      ✓      ✓      ✓     ·       ·       ·
	of the client’s booking with a suspended provider
	  select      ·       ✓      ·      ·      ✓      ✓      ✓     ·       ·       ·
`;

export const booking: Domain = {
	title: 'Booking',
	tables: {
		sessions: {
			about: 'Dated occurrences: a showing, a course. Planned by their owners, then changed by functions alone.',
			columns: `id provider_id service_id resource_id starts_at ends_at local_starts_at capacity taken active sequence
				created_at`,
			anon: { select: 'all' },
			authenticated: {
				select: 'all',
				insert: 'provider_id service_id resource_id starts_at ends_at capacity'
			},
			rows: kinds`
				          anonymous client other blocked owner manager staff rival moderator admin
				of a published provider
				  select      ✓       ✓      ✓      ·      ✓      ✓      ✓     ✓       ✓       ✓
				  insert      ·       ·      ·      ·      ✓      ✓      ·     ·       ·       ·
				of a published provider, inactive
				  select      ·       ·      ·      ·      ✓      ✓      ✓     ·       ·       ·
				  insert      ·       ·      ·      ·      ✓      ✓      ·     ·       ·       ·
				of a draft
				  select      ·       ·      ·      ·      ✓      ✓      ✓     ·       ·       ·
				  insert      ·       ·      ·      ·      ✓      ✓      ·     ·       ·       ·
				of a suspended provider
				  select      ·       ·      ·      ·      ✓      ✓      ✓     ·       ·       ·
			`
		},
		bookings: {
			about: `Claims on a place. The customer’s contact goes through functions, which know when the provider’s right to it ends;
				staff of the platform have functions alone.`,
			columns: `id reference provider_id service_id session_id mode status customer_id customer_name customer_email
				customer_phone language starts_at ends_at local_starts_at time_zone party_size seats address notes price_minor
				discount_minor deposit_minor paid_minor refund_minor currency policy refund_cap_percent free_to_cancel
				forfeited_minor paid_on_site_minor hold_expires_at answer_by top_up_by before_change waitlist_entry_id idempotency_key request_hash created_at updated_at`,
			authenticated: {
				select: `all but customer_email customer_phone address before_change idempotency_key request_hash`
			},
			rows: kinds`
				          anonymous client other blocked owner manager staff rival moderator admin
				the client’s
				  select      ·       ✓      ·      ·      ✓      ✓      ✓     ·       ·       ·
				a guest’s
				  select      ·       ·      ·      ·      ✓      ✓      ✓     ·       ·       ·
				the client’s, with a suspended provider
				  select      ·       ✓      ·      ·      ✓      ✓      ✓     ·       ·       ·
			`
		},
		booking_events: {
			about: 'What happened to a booking.',
			columns: 'id booking_id from_status to_status actor actor_id reason moved_from created_at',
			authenticated: { select: 'all' },
			rows: withTheBooking
		},
		booking_seats: {
			about: 'The numbered seats it holds.',
			columns: 'session_id seat booking_id',
			authenticated: { select: 'all' },
			rows: withTheBooking
		},
		booking_transitions: {
			about: 'The status machine, as data.',
			columns: 'from_status to_status actor condition',
			anon: { select: 'all' },
			authenticated: { select: 'all' },
			rows: kinds`
				          anonymous client other blocked owner manager staff rival moderator admin
				any
				  select      ✓       ✓      ✓      ·      ✓      ✓      ✓     ✓       ✓       ✓
			`
		},
		occupancies: {
			about: 'What takes a resource, and for how long. Others see free slots, never who took the rest.',
			columns: 'id resource_id period booking_id session_id closure_id expires_at kept',
			authenticated: { select: 'all' },
			rows: kinds`
				          anonymous client other blocked owner manager staff rival moderator admin
				by the client’s booking
				  select      ·       ·      ·      ·      ✓      ✓      ✓     ·       ·       ·
				by the client’s booking with a suspended provider
				  select      ·       ·      ·      ·      ✓      ✓      ✓     ·       ·       ·
			`
		},
		waitlist_entries: {
			about: 'Who waits for a place, by name: to reach them there has to be a booking.',
			columns: `id provider_id service_id session_id period local_period party_size status customer_id customer_name customer_email
				customer_phone language address created_at`,
			authenticated: { select: 'all but customer_email customer_phone address' },
			rows: kinds`
				          anonymous client other blocked owner manager staff rival moderator admin
				the client’s
				  select      ·       ✓      ·      ·      ✓      ✓      ✓     ·       ·       ·
				a guest’s
				  select      ·       ·      ·      ·      ✓      ✓      ✓     ·       ·       ·
				the client’s, with a suspended provider
				  select      ·       ✓      ·      ·      ·      ·      ·     ·       ·       ·
			`
		},
		clock_clashes: {
			about: 'What its owner has to settle after a country changed its clocks.',
			columns: `id provider_id kind booking_id session_id closure_id other_booking_id local_starts_at created_at`,
			authenticated: { select: 'all', delete: true },
			rows: kinds`
				          anonymous client other blocked owner manager staff rival moderator admin
				of the client’s booking
				  select      ·       ·      ·      ·      ✓      ✓      ·     ·       ·       ·
				  delete      ·       ·      ·      ·      ✓      ✓      ·     ·       ·       ·
				of a guest’s booking
				  select      ·       ·      ·      ·      ✓      ✓      ·     ·       ·       ·
				  delete      ·       ·      ·      ·      ✓      ✓      ·     ·       ·       ·
			`
		},
		calendar_feeds: {
			about: 'Secret addresses of members’ calendars: nobody’s but through functions.',
			columns: 'id provider_id user_id created_at',
			rows: kinds`
				the owner’s
			`
		}
	},
	functions: {
		available_slots: {
			about: 'Free times of a service.',
			for: 'everyone',
			calls: lines`
				                                    anonymous client other blocked owner manager staff rival moderator admin
				a published provider’s service          ✓       ✓      ✓      ·      ✓      ✓      ✓     ✓       ✓       ✓
				an inactive service                     ?       ?      ?      ·      0      0      0     ?       ?       ?
				a draft’s service                       ?       ?      ?      ·      0      0      0     ?       ?       ?
			`
		},
		session_seats: {
			about: 'The seat map of a session.',
			for: 'everyone',
			calls: lines`
				                                    anonymous client other blocked owner manager staff rival moderator admin
				a published provider’s session          ✓       ✓      ✓      ·      ✓      ✓      ✓     ✓       ✓       ✓
				an inactive session                     ?       ?      ?      ·      ?      ?      ?     ?       ?       ?
				a draft’s session                       ?       ?      ?      ·      ?      ?      ?     ?       ?       ?
			`
		},
		explain_slot: {
			about: 'Why a time is not free.',
			for: 'everyone',
			calls: lines`
				                                    anonymous client other blocked owner manager staff rival moderator admin
				a published provider’s service          ✓       ✓      ✓      ·      ✓      ✓      ✓     ✓       ✓       ✓
				an inactive service                     ?       ?      ?      ·      ?      ?      ?     ?       ?       ?
				a draft’s service                       ?       ?      ?      ·      ?      ?      ?     ?       ?       ?
			`
		},
		quote_booking: {
			about: 'What a booking would cost.',
			for: 'everyone',
			calls: lines`
				                                    anonymous client other blocked owner manager staff rival moderator admin
				a published provider’s service          ✓       ✓      ✓      ·      ✓      ✓      ✓     ✓       ✓       ✓
				an inactive service                     ?       ?      ?      ·      ?      ?      ?     ?       ?       ?
				a draft’s service                       ?       ?      ?      ·      ?      ?      ?     ?       ?       ?
			`
		},
		create_booking: {
			about: 'Books.',
			for: 'everyone',
			calls: lines`
				                                    anonymous client other blocked owner manager staff rival moderator admin
				a published provider’s service          ✓       ✓      ✓      ·      ✓      ✓      ✓     ✓       ✓       ✓
				an inactive service                     ?       ?      ?      ·      ?      ?      ?     ?       ?       ?
				a draft’s service                       ?       ?      ?      ·      ?      ?      ?     ?       ?       ?
			`
		},
		confirm_booking: {
			about: 'Proves the address that a guest’s held booking was made with, by the secret of the mail.',
			for: 'everyone',
			calls: lines`
				                                    anonymous client other blocked owner manager staff rival moderator admin
				by its secret                           ✓       ✓      ✓      ·      ✓      ✓      ✓     ✓       ✓       ✓
				by the secret of the guest’s link       ?       ?      ?      ·      ?      ?      ?     ?       ?       ?
				of a suspended provider                 !       !      !      ·      !      !      !     !       !       !
			`
		},
		send_booking_link: {
			about: 'Has a booking’s link sent to its own address; answers the same whether or not there is such a booking.',
			for: 'everyone',
			calls: lines`
				                                    anonymous client other blocked owner manager staff rival moderator admin
				a guest’s, with its address             ✓       ✓      ✓      ·      ✓      ✓      ✓     ✓       ✓       ✓
				a guest’s, with another address         ✓       ✓      ✓      ·      ✓      ✓      ✓     ✓       ✓       ✓
				one that is not there                   ✓       ✓      ✓      ·      ✓      ✓      ✓     ✓       ✓       ✓
				no reference                            ×       ×      ×      ·      ×      ×      ×     ×       ×       ×
			`
		},
		get_booking: {
			about: 'A booking, as its caller may see it.',
			for: 'everyone',
			calls: lines`
				                                    anonymous client other blocked owner manager staff rival moderator admin
				the client’s                            ?       ✓      ?      ·      ✓      ✓      ✓     ?       ✓       ✓
				a guest’s                               ?       ?      ?      ·      ✓      ✓      ✓     ?       ✓       ✓
				a guest’s, by its secret                ✓       ✓      ✓      ·      ✓      ✓      ✓     ✓       ✓       ✓
				a guest’s, by a wrong secret            ?       ?      ?      ·      ?      ?      ?     ?       ?       ?
				a guest’s, by an ended secret           ?       ?      ?      ·      ?      ?      ?     ?       ?       ?
				a guest’s, by another’s purpose         ?       ?      ?      ·      ?      ?      ?     ?       ?       ?
				the client’s, suspended provider        ?       ✓      ?      ·      ✓      ✓      ✓     ?       ✓       ✓
				a guest’s secret, suspended provider    ✓       ✓      ✓      ·      ✓      ✓      ✓     ✓       ✓       ✓
				one that is not there                   ?       ?      ?      ·      ?      ?      ?     ?       ?       ?
			`
		},
		booking_contacts: {
			about: 'How to reach the customers of bookings, while a booking links them with the provider.',
			for: 'accounts',
			calls: lines`
				                                    anonymous client other blocked owner manager staff rival moderator admin
				the client’s, to come                   ·       ✓      0      ·      ✓      ✓      ✓     0       0       0
				the client’s, a month ago               ·       ✓      0      ·      0      0      0     0       0       0
				the client’s, cancelled                 ·       ✓      0      ·      0      0      0     0       0       0
				a guest’s, to come                      ·       0      0      ·      ✓      ✓      ✓     0       0       0
				the client’s, suspended provider        ·       ✓      0      ·      0      0      0     0       0       0
			`
		},
		find_bookings: {
			about: 'Finds bookings by their reference, without whose they are.',
			for: 'accounts',
			calls: lines`
				                          anonymous client other blocked owner manager staff rival moderator admin
				the client’s                  ·       !      !      ·      !      !      !     !       ✓       ✓
			`
		},
		reveal_booking_contact: {
			about: 'Opens how to reach a booking’s customer to staff who say why; the log keeps it first.',
			for: 'accounts',
			calls: lines`
				                                    anonymous client other blocked owner manager staff rival moderator admin
				the client’s                            ·       !      !      ·      !      !      !     !       ✓       ✓
			`
		},
		revealed_contact: {
			about: 'How to reach the customer, once it is opened.',
			for: 'accounts',
			calls: lines`
				                                    anonymous client other blocked owner manager staff rival moderator admin
				the client’s                            ·       !      !      ·      !      !      !     !       0       0
				the client’s, opened by the admin       ·       !      !      ·      !      !      !     !       0       ✓
			`
		},
		claim_booking: {
			about: 'Takes a guest’s booking into the account whose proven address it was made with.',
			for: 'accounts',
			calls: lines`
				                                    anonymous client other blocked owner manager staff rival moderator admin
				with the client’s address               ·       ✓      !      ·      !      !      !     !       !       !
				by a wrong secret                       ·       ?      ?      ·      ?      ?      ?     ?       ?       ?
			`
		},
		cancel_booking: {
			about: 'Cancels, with what the policy gives back.',
			for: 'everyone',
			calls: lines`
				                                    anonymous client other blocked owner manager staff rival moderator admin
				the client’s                            ?       ✓      ?      ·      ✓      ✓      ✓     ?       !       !
				a guest’s                               ?       ?      ?      ·      ✓      ✓      ✓     ?       !       !
				a guest’s, by its secret                ✓       ✓      ✓      ·      ✓      ✓      ✓     ✓       ✓       ✓
				the client’s, suspended provider        ?       ✓      ?      ·      ?      ?      ?     ?       !       !
				a guest’s secret, suspended provider    ✓       ✓      ✓      ·      ✓      ✓      ✓     ✓       ✓       ✓
			`
		},
		next_moves: {
			about: 'What it may become, for lists; that staff may make nothing of it is an answer too.',
			for: 'accounts',
			calls: lines`
				                          anonymous client other blocked owner manager staff rival moderator admin
				the client’s                  ·       ✓      0      ·      ✓      ✓      ✓     0       ✓       ✓
			`
		},
		reschedule_booking: {
			about: 'Moves it, in one step.',
			for: 'everyone',
			calls: lines`
				                                    anonymous client other blocked owner manager staff rival moderator admin
				the client’s                            ?       ✓      ?      ·      ✓      ✓      ✓     ?       !       !
				a guest’s                               ?       ?      ?      ·      ✓      ✓      ✓     ?       !       !
				a guest’s, by its secret                ✓       ✓      ✓      ·      ✓      ✓      ✓     ✓       ✓       ✓
				the client’s, suspended provider        ?       !      ?      ·      ?      ?      ?     ?       !       !
			`
		},
		quote_change: {
			about: 'What moving it would come to.',
			for: 'everyone',
			calls: lines`
				                                    anonymous client other blocked owner manager staff rival moderator admin
				the client’s                            ?       ✓      ?      ·      ✓      ✓      ✓     ?       !       !
				a guest’s                               ?       ?      ?      ·      ✓      ✓      ✓     ?       !       !
				a guest’s, by its secret                ✓       ✓      ✓      ·      ✓      ✓      ✓     ✓       ✓       ✓
				the client’s, suspended provider        ?       !      ?      ·      ?      ?      ?     ?       !       !
			`
		},
		slots_to_move: {
			about: 'Where it may be moved to.',
			for: 'everyone',
			calls: lines`
				                                    anonymous client other blocked owner manager staff rival moderator admin
				the client’s                            ?       ✓      ?      ·      ✓      ✓      ✓     ?       !       !
				a guest’s                               ?       ?      ?      ·      ✓      ✓      ✓     ?       !       !
				a guest’s, by its secret                ✓       ✓      ✓      ·      ✓      ✓      ✓     ✓       ✓       ✓
				the client’s, suspended provider        ?       !      ?      ·      ?      ?      ?     ?       !       !
			`
		},
		move_session: {
			about: 'Moves a session with all who are booked in it or wait for it.',
			for: 'accounts',
			calls: lines`
				                                    anonymous client other blocked owner manager staff rival moderator admin
				of the provider                         ·       ?      ?      ·      ✓      ✓      !     ?       ?       ?
				of a suspended provider                 ·       ?      ?      ·      !      !      !     ?       ?       ?
			`
		},
		cancel_session: {
			about: 'Calls a session off: all who are booked in it get everything back.',
			for: 'accounts',
			calls: lines`
				                                    anonymous client other blocked owner manager staff rival moderator admin
				of the provider                         ·       ?      ?      ·      ✓      ✓      !     ?       ?       ?
				of a suspended provider                 ·       ?      ?      ·      !      !      !     ?       ?       ?
			`
		},
		transition_booking: {
			about: 'Accepts, declines, starts or ends it, as one of the provider’s people.',
			for: 'accounts',
			calls: lines`
				                                    anonymous client other blocked owner manager staff rival moderator admin
				the client’s, confirming                ·       ?      ?      ·      ✓      ✓      ✓     ?       ?       ?
				the client’s, suspended provider        ·       ?      ?      ·      ?      ?      ?     ?       ?       ?
			`
		},
		complete_booking: {
			about: 'Closes it with the customer’s code.',
			for: 'accounts',
			calls: lines`
				                                    anonymous client other blocked owner manager staff rival moderator admin
				the client’s, with the code             ·       ?      ?      ·      ✓      ✓      ✓     ?       ?       ?
				the client’s, suspended provider        ·       ?      ?      ·      ?      ?      ?     ?       ?       ?
			`
		},
		join_waitlist: {
			about: 'Gets in line for a place.',
			for: 'everyone',
			calls: lines`
				                                    anonymous client other blocked owner manager staff rival moderator admin
				a published provider’s service          ✓       ✓      ✓      ·      ✓      ✓      ✓     ✓       ✓       ✓
				an inactive service                     ?       ?      ?      ·      ?      ?      ?     ?       ?       ?
				a draft’s service                       ?       ?      ?      ·      ?      ?      ?     ?       ?       ?
			`
		},
		leave_waitlist: {
			about: 'Leaves it.',
			for: 'everyone',
			calls: lines`
				                                    anonymous client other blocked owner manager staff rival moderator admin
				the client’s place                      ?       ✓      ?      ·      ?      ?      ?     ?       ?       ?
				a guest’s, by its secret                ✓       ✓      ✓      ·      ✓      ✓      ✓     ✓       ✓       ✓
				a guest’s, by a wrong secret            ?       ?      ?      ·      ?      ?      ?     ?       ?       ?
			`
		},
		accept_offer: {
			about: 'Takes an offered place.',
			for: 'everyone',
			calls: lines`
				                                    anonymous client other blocked owner manager staff rival moderator admin
				the client’s                            ?       ✓      ?      ·      !      !      !     ?       !       !
				a guest’s, by its secret                ✓       ✓      ✓      ·      !      !      !     ✓       ✓       ✓
				the client’s, suspended provider        ?       !      ?      ·      ?      ?      ?     ?       !       !
			`
		},
		my_calendar_feed: {
			about: 'The secret address of the caller’s own calendar at a provider.',
			for: 'accounts',
			calls: lines`
				                                    anonymous client other blocked owner manager staff rival moderator admin
				of the provider                         ·       ?      ?      ·      ✓      ✓      ✓     ?       ?       ?
				of a suspended provider                 ·       ?      ?      ·      !      !      !     ?       ?       ?
			`
		},
		renew_calendar_feed: {
			about: 'Another one in its place.',
			for: 'accounts',
			calls: lines`
				                                    anonymous client other blocked owner manager staff rival moderator admin
				of the provider                         ·       ?      ?      ·      ✓      ✓      ✓     ?       ?       ?
				of a suspended provider                 ·       ?      ?      ·      !      !      !     ?       ?       ?
			`
		},
		booking_calendar: {
			about: 'A booking for its customer’s calendar.',
			for: 'everyone',
			calls: lines`
				                                    anonymous client other blocked owner manager staff rival moderator admin
				the client’s                            ?       ✓      ?      ·      ?      ?      ?     ?       ?       ?
				a guest’s                               ?       ?      ?      ·      ?      ?      ?     ?       ?       ?
				a guest’s, by its secret                ✓       ✓      ✓      ·      ?      ?      ?     ✓       ✓       ✓
			`
		},
		calendar_feed: { about: 'What is in a calendar, by its secret.', for: 'secret key' }
	}
};
