-- Lists: each has its home here, as an enum, and everything else takes its values from it; types for the site are made
-- from these (npm run types). In the order in which people meet them, which is how they are sorted. Lists whose rows
-- carry more, or that people edit, are tables of their own: currencies, trades, towns, permissions, limits.

-- the languages that people are spoken to in
create type public.language as enum ('fr', 'ar', 'en');

-- what people may do for the platform, and for a business
create type public.platform_role as enum ('moderator', 'admin', 'super_admin');
create type public.member_role as enum ('owner', 'manager', 'staff');

create type public.provider_status as enum ('draft', 'published', 'suspended');
-- whether a request is a booking at once, or when somebody says so
create type public.approval as enum ('automatic', 'manual');
create type public.document_kind as enum ('identity', 'registration', 'address', 'other');
create type public.verification_status as enum ('waiting', 'accepted', 'refused');
create type public.start_request_status as enum ('waiting', 'accepted', 'declined');

-- how a service is booked, what it costs once for, where it takes place, and what it takes
create type public.booking_mode as enum ('appointment', 'table', 'session');
create type public.price_per as enum ('booking', 'person');
-- customer: the provider comes; provider: the customer comes
create type public.service_place as enum ('customer', 'provider');
create type public.resource_kind as enum ('staff', 'table', 'room');

create type public.booking_status as enum (
  -- waits for its deposit or its proof, and takes a place until then
  'held',
  -- waits for the provider's answer
  'pending', 'confirmed', 'in_progress', 'completed', 'no_show',
  -- takes no place any more
  'expired', 'cancelled', 'rejected'
);
-- who moves a booking along
create type public.booking_actor as enum ('customer', 'provider', 'system');
-- as whom somebody looks at a booking
create type public.booking_viewer as enum ('customer', 'guest', 'provider', 'staff');
-- when a step of the status machine is open, see public.booking_transitions
create type public.transition_condition as enum (
  'before_start', 'may_leave', 'near_start', 'after_start', 'hold_lapsed', 'answer_overdue', 'rescheduled', 'put_back',
  'called_off', 'booked_meanwhile', 'offer'
);
create type public.waitlist_status as enum (
  'waiting', 'offered', 'accepted', 'declined',
  -- the time is over, or an offer was not answered in time
  'lapsed', 'left'
);
-- what new clocks did to what was promised
create type public.clash_kind as enum ('overlap', 'skipped');

create type public.payment_status as enum ('open', 'succeeded', 'expired', 'unexpected');
create type public.refund_status as enum ('queued', 'sending', 'pending', 'succeeded', 'failed', 'canceled');
-- suspense: money that was never a booking's
create type public.ledger_account as enum ('stripe', 'provider', 'suspense');

-- who wrote in a conversation
create type public.message_side as enum ('customer', 'provider');
create type public.delivery_channel as enum ('email', 'push', 'sms');
create type public.delivery_status as enum ('queued', 'sending', 'sent', 'failed', 'skipped');
-- what people are told, in the bell, by mail, or both
create type public.notification_kind as enum (
  'booking_received', 'booking_to_prove', 'booking_of_account', 'booking_link', 'booking_confirmed', 'booking_rejected',
  'booking_unanswered', 'booking_cancelled', 'booking_cancelled_by_provider', 'booking_moved',
  'booking_moved_by_provider', 'booking_put_back', 'party_changed', 'party_changed_by_provider', 'party_restored',
  'waitlist_offer', 'waitlist_moved', 'waitlist_called_off', 'payment_returned', 'place_lost', 'refund_made',
  'booking_requested', 'booking_made', 'booking_cancelled_by_customer', 'booking_moved_by_customer',
  'booking_party_changed', 'booking_party_restored', 'change_undone', 'request_lapsed', 'clock_clash', 'refund_failed',
  'late_payment', 'refund_by_platform', 'payment_disputed', 'message_received', 'team_invitation', 'ownership_received',
  'verification_accepted', 'verification_refused', 'start_request_accepted', 'start_request_declined', 'email_changed',
  'password_changed', 'way_in_added', 'way_in_removed', 'second_factor_added', 'second_factor_removed',
  'recovery_codes_made'
);

-- what the secret of a link opens: a guest's booking; the same, to prove the address it was made with; a guest's place
-- in a waiting line; an invitation; a calendar feed
create type private.link_purpose as enum (
  'manage_booking', 'prove_booking', 'leave_waitlist', 'join_team', 'read_calendar'
);

-- The value of a list that is written like a text, or null where there is none: `list` is null, of the list's type.
create function private.one_of(value text, list anyenum)
returns anyenum
language sql
immutable
set search_path = ''
as $$
  select e from unnest(enum_range(list)) as e where e::text = value;
$$;
grant execute on function private.one_of(text, anyenum) to anon, authenticated, service_role;
