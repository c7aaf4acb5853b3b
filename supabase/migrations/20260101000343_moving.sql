-- Another time for a booking, or another number of people: where it may go, what that comes to, and the change itself.
-- What becomes of its money is in the chapter before.

-- The booking whose change is asked for, as its caller stands to it. Raises not_found, and not_allowed for who may only
-- read it, and where the provider is suspended: a promise anew is none that it can make.
create function private.find_changeable(
  booking uuid, token text, out found_booking public.bookings, out viewer public.booking_viewer
)
language plpgsql
stable
security definer
set search_path = ''
as $$
declare
  found_one record;
begin
  select * into found_one from private.find_booking(booking, token);
  found_booking := found_one.found_booking;
  viewer := found_one.viewer;
  if viewer = 'staff' then
    perform private.fail(403, 'not_allowed');
  end if;
  if not private.in_good_standing(found_booking.provider_id) then
    perform private.fail(403, 'not_allowed', 'suspended');
  end if;
end;
$$;

-- Raises what speaks against any change of a booking: invalid_transition, hold_expired, and party_size for a party that
-- it cannot have.
create function private.check_changeable(b public.bookings, s public.services, party int)
returns void
language plpgsql
stable
security definer
set search_path = ''
as $$
begin
  if b.status not in ('held', 'pending', 'confirmed') or b.starts_at <= now() then
    perform private.fail(409, 'invalid_transition', b.status::text);
  end if;
  -- Claiming the new place would end it together with the other lapsed holds there, and free its places twice.
  if b.status = 'held' and b.hold_expires_at <= now() then
    perform private.fail(410, 'hold_expired', null, private.next_free(s.id, now(), b.party_size)::text);
  end if;
  -- what is offered is that place, for as long as an offer stands: taken, it can be changed as any hold
  if b.status = 'held' and b.waitlist_entry_id is not null then
    perform private.fail(409, 'invalid_transition', 'offered');
  end if;
  if b.status = 'pending' and private.overdue_at(b) <= now() then
    perform private.fail(409, 'invalid_transition', 'no_answer');
  end if;
  if party <> b.party_size and (party not between s.min_party and s.max_party or b.seats is not null) then
    perform private.fail(422, 'party_size', 'party_size');
  end if;
end;
$$;

-- The session that a booking goes to when it is moved to a start: several rooms may show it then, and it is one that
-- has the places. Raises not_found.
create function private.session_at(b public.bookings, starts timestamptz, party int)
returns public.sessions
language plpgsql
stable
security definer
set search_path = ''
as $$
declare
  t public.sessions;
begin
  select * into t
  from public.sessions x
  where x.service_id = b.service_id and x.active and x.starts_at = starts
  -- that in which it keeps its place before others
  order by
    private.places_in(x.id, b) >= party desc,
    (x.capacity - x.taken + private.places_in(x.id, b) >= party and private.seats_fit(x, b.seats, b.id)) desc,
    x.id
  limit 1;
  if not found then
    perform private.fail(404, 'not_found', 'starts_at');
  end if;
  return t;
end;
$$;

-- What a change of a booking comes to, in minor units: what it costs then, what of that is paid at the place, what is
-- to be paid online now, and what comes back of what was paid, when it is accepted where it has to be. terms stands for
-- all of that: see private.stamp.
create type public.booking_change as (
  total_minor bigint,
  due_on_site_minor bigint,
  amount_due_minor bigint,
  refund_minor bigint,
  currency text,
  terms text,
  -- of a refusal, else null: see private.refused
  code text,
  message text,
  details text,
  hint text
);

-- That of a booking as private.reprice answers with it.
create function private.change_of(b public.bookings, surplus_minor bigint)
returns public.booking_change
language plpgsql
stable
security definer
set search_path = ''
as $$
declare
  answer public.booking_change;
begin
  b.refund_minor := b.refund_minor + surplus_minor;
  -- that is of the change before
  b.before_change := null;
  answer.total_minor := b.price_minor - b.discount_minor;
  answer.due_on_site_minor := private.due_on_site(b);
  answer.amount_due_minor := private.amount_due(b);
  answer.refund_minor := surplus_minor;
  answer.currency := b.currency;
  -- a session may move meanwhile, a service be shortened, what is paid now be given up by what cost nothing before, and
  -- the policy take its next step
  answer.terms := private.stamp(
    jsonb_build_object(
      'change', to_jsonb(answer), 'starts_at', b.starts_at, 'ends_at', b.ends_at, 'forfeited', b.forfeited_minor,
      'cap', b.refund_cap_percent, 'free', b.free_to_cancel
    )
  );
  return answer;
end;
$$;

-- Raises too_soon where a business brings forward to the next half hour what it has promised for later: nobody gets
-- there, nor reads of it. What begins later than promised may do so at any time.
create function private.check_move_notice(before timestamptz, at timestamptz)
returns void
language plpgsql
stable
set search_path = ''
as $$
begin
  if at < before and at < now() + interval '30 minutes' then
    perform private.fail(422, 'too_soon', 'starts_at');
  end if;
end;
$$;

-- The booking as it was accepted, where a change to that start and party takes back one that was asked for; null for
-- another.
create function private.taken_back(b public.bookings, starts timestamptz, party int)
returns public.bookings
language plpgsql
stable
security definer
set search_path = ''
as $$
declare
  stands public.bookings := private.undone(b);
begin
  return case when stands.starts_at = starts and stands.party_size = party then stands end;
end;
$$;

-- The terms of a booking that is moved: what a customer does brings no lost refund back, and what the provider does
-- takes none away; of what nothing is paid for none is lost.
create function private.moved(b public.bookings, was public.bookings, by_provider boolean)
returns public.bookings
language plpgsql
stable
security definer
set search_path = ''
as $$
begin
  b.free_to_cancel := by_provider;
  b.refund_cap_percent := case
    when by_provider then 100
    when was.paid_minor <= was.refund_minor then was.refund_cap_percent
    else private.refund_share(was, false)
  end;
  return b;
end;
$$;

create function private.reschedule_booking(
  booking_id uuid, manage_token text, starts_at timestamptz, party_size int, expected_terms text
)
returns public.booking_details
language plpgsql
security definer
set search_path = ''
as $$
declare
  found_one record;
  b public.bookings;
  s public.services;
  t public.sessions;
  zone text;
  starts timestamptz;
  party int;
  moving boolean;
  -- the tables that it has, those that it may have, those that it gets, and for how long
  own uuid[];
  open uuid[];
  chosen uuid[];
  kept tstzrange;
  acting public.booking_actor;
  was public.bookings;
  back public.bookings;
  before jsonb;
  asked_again boolean;
  requested boolean;
  priced record;
  change public.booking_change;
begin
  select * into found_one from private.find_changeable(booking_id, manage_token);
  acting := private.actor_of(found_one.viewer);
  select * into b from public.bookings x where x.id = (found_one.found_booking).id for update;
  -- only now: before the lock another move may have been under way
  was := b;
  select * into s from public.services x where x.id = b.service_id;
  select p.time_zone into zone from public.providers p where p.id = b.provider_id;
  starts := coalesce(reschedule_booking.starts_at, b.starts_at);
  moving := starts <> b.starts_at;
  party := coalesce(reschedule_booking.party_size, b.party_size);
  -- What it has and what it wants, locked together.
  if s.mode = 'session' then
    perform private.lock_sessions(
      b, array(select x.id from public.sessions x where moving and x.service_id = s.id and x.starts_at = starts)
    );
  else
    perform private.lock_resources(s.id);
  end if;
  perform private.check_changeable(b, s, party);
  if not private.in_calendar(starts) then
    perform private.fail(422, 'invalid_input', 'starts_at');
  end if;
  if not moving and party = b.party_size then
    return private.describe_booking(b, found_one.viewer);
  end if;
  if acting = 'provider' then
    perform private.check_move_notice(b.starts_at, starts);
  end if;
  back := private.taken_back(was, starts, party);
  if back.id is not null then
    change := private.change_of(back, (private.paid_since(was, private.accepted(was))).here);
    if change.terms <> expected_terms then
      perform private.fail(409, 'price_changed', 'expected_terms', change.total_minor::text);
    end if;
    perform private.put_back(was);
    perform private.offer_places(was);
    select * into b from public.bookings x where x.id = was.id;
    return private.describe_booking(b, found_one.viewer);
  end if;
  asked_again := private.asks_again(was, acting, moving, party);
  requested := asked_again or private.accepted(was) is not null;
  -- what was paid for last
  before := case when was.top_up_by is null then private.as_it_stood(was) else was.before_change end;
  -- What it has is free to itself: refused, it keeps it. Who works on an appointment does so for as many as come.
  if s.mode = 'session' then
    t.id := b.session_id;
    t := private.claim_session(
      s, case when moving then (private.session_at(b, starts, party)).id else b.session_id end, b.seats, party, was
    );
    if moving then
      perform private.check_notice(s, t.starts_at, party, b.id);
      b.session_id := t.id;
      b.starts_at := t.starts_at;
      b.ends_at := t.ends_at;
    end if;
  elsif moving then
    kept := private.period_taken(s, starts, null);
    chosen := private.claim_resources(
      s, private.check_start(s, starts, zone, party, b.id), starts, zone, party, kept, b.id
    );
    b.starts_at := starts;
    b.ends_at := starts + make_interval(mins => s.duration_minutes);
  elsif s.mode = 'table' then
    select array_agg(o.resource_id), range_merge(range_agg(o.period)) into own, kept
    from public.occupancies o
    where o.booking_id = b.id and not o.kept;
    -- A table that is open then, or its own; where hours have changed and none is open, it is a guest all the same.
    open := private.open_resources(s, zone, starts);
    open := case when open = '{}' then private.resources_of(s.id) else open || own end;
    chosen := private.claim_resources(s, open, starts, zone, party, kept, b.id);
  end if;
  if moving then
    b.local_starts_at := private.to_local(b.starts_at, zone);
    b.time_zone := zone;
    b := private.moved(b, was, acting = 'provider');
  end if;
  priced := private.reprice(b, was, party, acting = 'provider', requested);
  b := priced.b;
  if acting = 'customer' and b.top_up_by is not null and was.top_up_by is null then
    -- more places that nothing is paid for
    perform private.require_hold(b.customer_id, b.provider_id);
  end if;
  if acting = 'customer' and moving and b.status in ('pending', 'confirmed') and b.paid_minor <= b.refund_minor then
    perform private.require_unpaid(b.customer_id, b.provider_id, b.starts_at, b.ends_at, b.id);
  end if;
  change := private.change_of(b, priced.surplus_minor);
  if change.terms <> expected_terms then
    perform private.fail(409, 'price_changed', 'expected_terms', change.total_minor::text);
  end if;
  if asked_again then
    -- first: what it may go back to is kept for a request
    b.status := (private.set_status(b.id, 'pending', 'customer', 'rescheduled')).status;
  end if;
  update public.bookings x
  set
    session_id = b.session_id, starts_at = b.starts_at, ends_at = b.ends_at, local_starts_at = b.local_starts_at,
    time_zone = b.time_zone, party_size = party, price_minor = b.price_minor, discount_minor = b.discount_minor,
    deposit_minor = b.deposit_minor, top_up_by = b.top_up_by,
    forfeited_minor = case when requested then x.forfeited_minor else b.forfeited_minor end,
    refund_cap_percent = b.refund_cap_percent, free_to_cancel = b.free_to_cancel,
    before_change = case
      when b.top_up_by is not null then before
      when requested then coalesce(private.accepted(was), before) || jsonb_build_object(
        'returns', jsonb_build_object('share', priced.share)
      )
    end,
    -- a request for another time is another request
    answer_by = case
      when asked_again then private.answer_by(b.provider_id, b.starts_at, was.starts_at)
      when moving and b.status = 'pending' and acting = 'customer'
        then private.answer_by(b.provider_id, b.starts_at, private.stands_at(was))
      else b.answer_by
    end
  where x.id = b.id
  returning * into b;
  if chosen is not null then
    perform private.occupy(b, chosen, kept);
  end if;
  if not asked_again then
    insert into public.booking_events (booking_id, from_status, to_status, actor, actor_id, reason, moved_from)
    values (
      b.id, b.status, b.status, acting, (select private.me()), 'rescheduled', nullif(was.starts_at, b.starts_at)
    );
  end if;
  b := private.even_out(
    b, case when requested then 0 else priced.surplus_minor end, case when requested then 0 else priced.later_minor end
  );
  perform private.offer_places(was);
  return private.describe_booking(b, found_one.viewer);
end;
$$;

-- Moves a booking to another start (of a session service: another session, with the same seats) or another party size,
-- in one step: never a moment without a place, and refused it keeps the one it has. Where the provider accepts each
-- request it waits for them again, but for fewer people at the same time, and stays as it was if they do not
-- (private.turn_down), or where it goes back to that; a time that the provider chose, and a number of people that makes
-- it dearer, the customer may decline until then, with all back. For its money see private.reprice: more people cost
-- what they cost today, those who stay what was agreed; what is to be paid more and is not undoes the change after half
-- an hour. What stays is not asked anew: with its start, another party needs but the places for it, and with its party
-- too nothing happens at all. A new start is by the hours and clocks of the business as they are now. expected_terms is
-- what quote_change said of it: where that has changed since, nothing is; null changes at any price. Raises
-- price_changed (the hint is the total now), not_found, not_allowed, invalid_transition, hold_expired, party_size, and
-- what create_booking raises for the new place and of too many that are not paid for.
create function public.reschedule_booking(
  booking_id uuid default null, manage_token text default null, starts_at timestamptz default null,
  party_size int default null, expected_terms text default null
)
returns public.booking_details
language plpgsql
set search_path = ''
as $$
declare
  message text;
  details text;
  hint text;
begin
  perform private.count_call('change_booking');
  if manage_token is not null then
    perform private.count_call('booking_secret');
  end if;
  begin
    return private.reschedule_booking(booking_id, manage_token, starts_at, party_size, expected_terms);
  exception
    when others then
      get stacked diagnostics message = message_text, details = pg_exception_detail, hint = pg_exception_hint;
      return jsonb_populate_record(null::public.booking_details, private.refused(sqlstate, message, details, hint));
  end;
end;
$$;
grant execute on function private.reschedule_booking(uuid, text, timestamptz, int, text) to anon, authenticated;
grant execute on function public.reschedule_booking(uuid, text, timestamptz, int, text) to anon, authenticated;

create function private.slots_to_move(
  from_date date, to_date date, booking_id uuid, manage_token text, party_size int
)
returns jsonb
language plpgsql
stable
security definer
set search_path = ''
as $$
declare
  found_one record;
  b public.bookings;
  s public.services;
  party int;
begin
  perform private.check_days(from_date, to_date);
  select * into found_one from private.find_changeable(booking_id, manage_token);
  b := found_one.found_booking;
  select * into s from public.services x where x.id = b.service_id;
  party := coalesce(slots_to_move.party_size, b.party_size);
  perform private.check_changeable(b, s, party);
  perform private.check_reach(s, from_date, to_date);
  return (
    select coalesce(jsonb_agg(to_jsonb(f) order by f.starts_at, f.session_id), '[]')
    from private.free_slots(s.id, from_date, to_date, party, b.id) f
  );
end;
$$;

-- Where a booking may go to on local days from_date to to_date (at most 62 days) of its provider's zone, for the party
-- it has or another: an array of public.slot as available_slots gives it, computed as if the booking itself were not
-- there, so its own time is among them. One with seats goes where the same are free. Raises what reschedule_booking
-- raises before it looks at the new place: invalid_input, not_found, not_allowed, invalid_transition, hold_expired,
-- party_size; and rate_limited (tokens are counted, right and wrong ones).
create function public.slots_to_move(
  from_date date, to_date date, booking_id uuid default null, manage_token text default null,
  party_size int default null
)
returns jsonb
language plpgsql
set search_path = ''
as $$
declare
  message text;
  details text;
  hint text;
begin
  if manage_token is not null then
    perform private.count_call('booking_secret');
  end if;
  begin
    return private.slots_to_move(from_date, to_date, booking_id, manage_token, party_size);
  exception
    when others then
      get stacked diagnostics message = message_text, details = pg_exception_detail, hint = pg_exception_hint;
      return private.refused(sqlstate, message, details, hint);
  end;
end;
$$;
grant execute on function private.slots_to_move(date, date, uuid, text, int) to anon, authenticated;
grant execute on function public.slots_to_move(date, date, uuid, text, int) to anon, authenticated;

create function private.quote_change(booking_id uuid, manage_token text, starts_at timestamptz, party_size int)
returns public.booking_change
language plpgsql
stable
security definer
set search_path = ''
as $$
declare
  found_one record;
  b public.bookings;
  was public.bookings;
  back public.bookings;
  s public.services;
  starts timestamptz;
  party int;
  priced record;
begin
  select * into found_one from private.find_changeable(booking_id, manage_token);
  b := found_one.found_booking;
  was := b;
  select * into s from public.services x where x.id = b.service_id;
  starts := coalesce(quote_change.starts_at, b.starts_at);
  party := coalesce(quote_change.party_size, b.party_size);
  perform private.check_changeable(b, s, party);
  if not private.in_calendar(starts) then
    perform private.fail(422, 'invalid_input', 'starts_at');
  end if;
  back := private.taken_back(was, starts, party);
  if back.id is not null then
    return private.change_of(back, (private.paid_since(was, private.accepted(was))).here);
  end if;
  if starts <> b.starts_at and b.session_id is not null then
    select t.id, t.ends_at into b.session_id, b.ends_at from private.session_at(b, starts, party) t;
  elsif starts <> b.starts_at then
    b.ends_at := starts + make_interval(mins => s.duration_minutes);
  end if;
  b.starts_at := starts;
  if starts <> was.starts_at then
    b := private.moved(b, was, found_one.viewer = 'provider');
  end if;
  priced := private.reprice(
    b, was, party, found_one.viewer = 'provider',
    private.accepted(was) is not null or private.asks_again(
      was, private.actor_of(found_one.viewer), starts <> was.starts_at, party
    )
  );
  return private.change_of(priced.b, priced.surplus_minor);
end;
$$;

-- What reschedule_booking with the same parameters would come to; writes nothing, and does not ask whether the place is
-- free. Raises not_found, not_allowed, invalid_transition, hold_expired, party_size, invalid_input; and rate_limited
-- (tokens are counted, right and wrong ones).
create function public.quote_change(
  booking_id uuid default null, manage_token text default null, starts_at timestamptz default null,
  party_size int default null
)
returns public.booking_change
language plpgsql
set search_path = ''
as $$
declare
  message text;
  details text;
  hint text;
begin
  if manage_token is not null then
    perform private.count_call('booking_secret');
  end if;
  begin
    return private.quote_change(booking_id, manage_token, starts_at, party_size);
  exception
    when others then
      get stacked diagnostics message = message_text, details = pg_exception_detail, hint = pg_exception_hint;
      return jsonb_populate_record(null::public.booking_change, private.refused(sqlstate, message, details, hint));
  end;
end;
$$;
grant execute on function private.quote_change(uuid, text, timestamptz, int) to anon, authenticated;
grant execute on function public.quote_change(uuid, text, timestamptz, int) to anon, authenticated;
