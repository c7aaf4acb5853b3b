-- What can be done with a booking once it is there: see it, cancel it, move it along.

-- A booking as its caller may see it. viewer: customer, guest, provider or staff. next_statuses: where the caller
-- may move it now. refund_if_cancelled_minor: what would come back if it were cancelled now.
create type public.booking_details as (
  id uuid,
  reference text,
  status text,
  mode text,
  viewer text,
  next_statuses text[],
  provider_id uuid,
  provider_slug text,
  provider_name text,
  provider_name_ar text,
  provider_phone text,
  provider_address text,
  service_id uuid,
  service_name_fr text,
  service_name_ar text,
  service_name_en text,
  service_place text,
  resources text[],
  session_id uuid,
  seats text[],
  starts_at timestamptz,
  ends_at timestamptz,
  local_starts_at timestamp,
  time_zone text,
  party_size int,
  customer_id uuid,
  customer_name text,
  customer_email text,
  customer_phone text,
  address jsonb,
  notes text,
  price_minor bigint,
  discount_minor bigint,
  -- the price less the discount
  total_minor bigint,
  deposit_minor bigint,
  -- all that came, of which refund_minor goes back or has gone
  paid_minor bigint,
  -- what is to be paid online now
  amount_due_minor bigint,
  refund_minor bigint,
  refund_if_cancelled_minor bigint,
  currency text,
  policy jsonb,
  -- what its customer gets back until when, see private.refund_steps
  refunds jsonb,
  -- true where the provider moved it, and its customer may still cancel with everything back
  free_to_cancel boolean,
  -- of a change that its provider has not accepted yet: when it starts else, on the provider's clocks
  local_stands_at timestamp,
  hold_expires_at timestamptz,
  -- of a pending request: until when the provider may answer
  answer_by timestamptz,
  -- until when the rest of a deposit that grew with the party may be paid; else the number of people goes back
  top_up_by timestamptz,
  -- true where one who waited was offered the place and has not answered
  offered boolean,
  -- true where a guest's booking waits for the click in their mail: see private.waits_for_proof
  unproven boolean,
  -- what the customer still pays at the place, and has paid there
  due_on_site_minor bigint,
  paid_on_site_minor bigint,
  -- what the customer tells when the work is done and paid; for the customer alone
  completion_code text,
  payment_failure text,
  -- what was said when it was rejected or cancelled
  end_reason text,
  created_at timestamptz,
  -- of a refusal, else null: see private.refused
  code text,
  message text,
  details text,
  hint text
);

-- How the caller stands to a booking; null for a stranger. An account's own booking needs no token. The team of a
-- suspended provider stands to it as strangers do, but for `reading` alone.
create function private.booking_viewer(b public.bookings, token text, reading boolean default false)
returns text
language sql
stable
security definer
set search_path = ''
as $$
  select case
    when b.customer_id = (select private.me()) then 'customer'
    when private.is_member(b.provider_id)
      or (reading and b.provider_id in (select private.my_providers_even_suspended())) then 'provider'
    when b.id = private.open_secret('manage_booking', token) then 'guest'
    when private.may('bookings.read') then 'staff'
  end;
$$;

-- Finds a booking by id or by a guest's token and tells how the caller stands to it. Raises not_found for a booking
-- that is not there and for one that is nobody's business alike.
create function private.find_booking(
  booking uuid, token text, reading boolean default false, out found_booking public.bookings, out viewer text
)
language plpgsql
stable
security definer
set search_path = ''
as $$
declare
  wanted uuid := coalesce(booking, private.open_secret('manage_booking', token));
begin
  select * into found_booking
  from public.bookings b
  where b.id = wanted;
  viewer := private.booking_viewer(found_booking, token, reading);
  -- platform staff read every booking, but not one that is not there
  if found_booking.id is null or viewer is null then
    perform private.fail(404, 'not_found');
  end if;
end;
$$;

-- The customer's one-time code for a job that is paid at the place: six digits, derived, so that none is stored.
create function private.completion_code(booking uuid)
returns text
language plpgsql
stable
security definer
set search_path = ''
as $$
begin
  return lpad(
    (
      ('x' || encode(
        substring(
          extensions.hmac(
            convert_to('completion ' || booking, 'UTF8'),
            decode((select value from private.settings where name = 'link_secret'), 'hex'), 'sha256'
          )
          from 1 for 6
        ),
        'hex'
      ))::bit(48)::bigint % 1000000
    )::text,
    6, '0'
  );
end;
$$;

-- What is to be paid online now, in minor units: the deposit of a hold, or the rest of one that grew with the party.
create function private.amount_due(b public.bookings)
returns bigint
language sql
stable
set search_path = ''
as $$
  select case
    when b.status = 'held' or (b.status in ('pending', 'confirmed') and b.top_up_by > now())
      then greatest(b.deposit_minor - (b.paid_minor - b.refund_minor), 0)
    else 0
  end;
$$;

-- What is still to be paid at the place, in minor units: the total less what was paid and what is to be paid online.
create function private.due_on_site(b public.bookings)
returns bigint
language sql
stable
set search_path = ''
as $$
  select case
    when b.status in ('expired', 'cancelled', 'rejected', 'no_show') then 0
    else greatest(
      b.price_minor - b.discount_minor - (b.paid_minor - b.refund_minor) - private.amount_due(b) - b.paid_on_site_minor, 0
    )
  end;
$$;

create function private.describe_booking(b public.bookings, viewer text)
returns public.booking_details
language plpgsql
stable
security definer
set search_path = ''
as $$
declare
  answer public.booking_details;
  due_on_site bigint := private.due_on_site(b);
  stands boolean := private.in_good_standing(b.provider_id);
  -- staff of the platform read who people are, what they wrote and how to reach them with a reason alone: see
  -- reveal_booking_contact
  reachable boolean := viewer <> 'staff'
    and (viewer <> 'provider' or (stands and private.contact_is_open(b.status, b.ends_at)));
begin
  select
    b.id, b.reference, b.status, b.mode, viewer,
    array(
      select t.to_status
      from public.booking_transitions t
      where t.from_status = b.status
        and t.actor = case viewer when 'guest' then 'customer' else viewer end
        -- at a suspended provider customers may cancel, and that is all
        and (stands or (viewer <> 'provider' and t.to_status = 'cancelled'))
        and (
          t.condition is null
          or (t.condition = 'before_start' and now() < b.starts_at)
          or (t.condition = 'near_start' and now() >= b.starts_at - interval '30 minutes')
          or (t.condition = 'after_start' and now() >= b.starts_at)
          or (t.condition = 'offer' and b.waitlist_entry_id is not null and b.deposit_minor = b.paid_minor)
        )
      order by t.to_status
    ),
    p.id, p.slug, p.name, p.name_ar, p.phone, concat_ws(', ', p.address, p.district),
    s.id, s.name_fr, s.name_ar, s.name_en, s.place,
    array(
      select r.name
      from public.occupancies o
      join public.resources r on r.id = o.resource_id
      where o.booking_id = b.id
      order by r.position, r.name collate "und-x-icu"
    ),
    b.session_id, b.seats,
    b.starts_at, b.ends_at, b.local_starts_at, b.time_zone, b.party_size, b.customer_id,
    case when viewer <> 'staff' then b.customer_name end,
    case when reachable then b.customer_email end, case when reachable then b.customer_phone end,
    case when reachable then b.address end, case when viewer = 'staff' then '' else b.notes end, b.price_minor,
    b.discount_minor, b.price_minor - b.discount_minor, b.deposit_minor, b.paid_minor, private.amount_due(b),
    b.refund_minor,
    private.refundable(b, viewer = 'provider') * private.refund_share(b, viewer = 'provider') / 100,
    b.currency, b.policy,
    private.refund_steps(
      private.policy_of(b), b.starts_at, b.time_zone, private.refundable(b, false), b.refund_cap_percent
    ),
    b.free_to_cancel and b.starts_at > now() and b.status in ('held', 'pending', 'confirmed', 'in_progress'),
    private.to_local(private.stands_at(b), b.time_zone),
    b.hold_expires_at, b.answer_by, case when private.amount_due(b) > 0 then b.top_up_by end,
    b.status = 'held' and b.waitlist_entry_id is not null,
    private.waits_for_proof(b),
    due_on_site, b.paid_on_site_minor,
    case
      when viewer in ('customer', 'guest') and due_on_site > 0 and b.status in ('confirmed', 'in_progress')
        then private.completion_code(b.id)
    end,
    private.payment_failure(b.id),
    case when b.status in ('rejected', 'cancelled') and viewer <> 'staff' then
      (
        select nullif(nullif(e.reason, ''), 'no_thanks')
        from public.booking_events e
        where e.booking_id = b.id and e.to_status = b.status and e.actor <> 'system'
        order by e.created_at desc
        limit 1
      )
    end,
    b.created_at, null, null, null, null
  into answer
  from public.providers p, public.services s
  where p.id = b.provider_id and s.id = b.service_id;
  return answer;
end;
$$;

create function private.get_booking(booking_id uuid, manage_token text)
returns public.booking_details
language plpgsql
stable
security definer
set search_path = ''
as $$
declare
  found_one record;
begin
  select * into found_one from private.find_booking(booking_id, manage_token, reading => true);
  return private.describe_booking(found_one.found_booking, found_one.viewer);
end;
$$;

-- The booking as its caller may see it, by id for those it concerns or by a guest's secret token. Raises not_found,
-- rate_limited (tokens are counted, right and wrong ones).
create function public.get_booking(booking_id uuid default null, manage_token text default null)
returns public.booking_details
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
    return private.get_booking(booking_id, manage_token);
  exception
    when others then
      get stacked diagnostics message = message_text, details = pg_exception_detail, hint = pg_exception_hint;
      return jsonb_populate_record(null::public.booking_details, private.refused(sqlstate, message, details, hint));
  end;
end;
$$;
grant execute on function private.get_booking(uuid, text) to anon, authenticated;
grant execute on function public.get_booking(uuid, text) to anon, authenticated;

-- How to reach the customer of a booking.
create type public.booking_contact as (
  booking_id uuid,
  email text,
  phone text,
  address jsonb
);

create function private.booking_contacts(booking_ids uuid[])
returns setof public.booking_contact
language sql
stable
security definer
set search_path = ''
as $$
  select b.id, b.customer_email, b.customer_phone, b.address
  from public.bookings b
  where b.id = any (booking_ids)
    and (
      b.customer_id = (select private.me())
      or (
        b.provider_id in (select private.my_providers())
        and private.contact_is_open(b.status, b.ends_at)
      )
    );
$$;

-- How to reach the customers of several bookings, for lists: one array of public.booking_contact, of those that are the
-- caller's own, or of the caller's provider while the booking links the two (see private.contact_is_open).
create function public.booking_contacts(booking_ids uuid[])
returns jsonb
language sql
stable
set search_path = ''
as $$
  select coalesce(jsonb_agg(to_jsonb(c)), '[]') from private.booking_contacts(booking_ids) c;
$$;
grant execute on function private.booking_contacts(uuid[]) to authenticated;
grant execute on function public.booking_contacts(uuid[]) to authenticated;

create function private.find_bookings(q text)
returns table (
  id uuid, reference text, status text, local_starts_at timestamp, provider_name text, provider_name_ar text
)
language plpgsql
stable
security definer
set search_path = ''
as $$
#variable_conflict use_column
begin
  perform private.require_permission('bookings.read');
  return query
    select b.id, b.reference, b.status, b.local_starts_at, p.name, p.name_ar
    from public.bookings b
    join public.providers p on p.id = b.provider_id
    where b.reference = upper(regexp_replace(q, '\s', '', 'g'));
end;
$$;

-- Bookings by their whole reference, as people read it out, for staff of the platform: not whose they are. No row where
-- there is none. Raises not_allowed, step_up_required.
create function public.find_bookings(q text)
returns table (
  id uuid, reference text, status text, local_starts_at timestamp, provider_name text, provider_name_ar text
)
language sql
stable
set search_path = ''
as $$
  select * from private.find_bookings(q);
$$;
grant execute on function private.find_bookings(text) to authenticated;
grant execute on function public.find_bookings(text) to authenticated;

insert into private.rate_limits (name, max_calls, per, lasting) values ('reveal_contact', 20, '1 hour', true);

-- Whose contact data staff have asked for, with a reason: for five minutes from then on they may read it.
create table private.revealed_bookings (
  account_id uuid not null references auth.users (id) on delete cascade,
  booking_id uuid not null references public.bookings (id) on delete cascade,
  revealed_at timestamptz not null default now(),
  primary key (account_id, booking_id)
);
create index revealed_bookings_booking_id on private.revealed_bookings (booking_id);
alter table private.revealed_bookings enable row level security;

create function private.reveal_booking_contact(booking uuid, reason text)
returns void
language plpgsql
volatile
security definer
set search_path = ''
as $$
declare
  b public.bookings;
begin
  perform private.require_permission('bookings.read');
  if coalesce(char_length(trim(reason)), 0) not between 3 and 500 then
    perform private.fail(422, 'invalid_input', 'reason');
  end if;
  select * into b from public.bookings x where x.id = booking;
  if b.id is null then
    perform private.fail(404, 'not_found');
  end if;
  perform private.count_call('reveal_contact');
  perform private.record(
    private.me(), 'revealed', 'public.bookings', b.id::text, b.provider_id,
    person => b.customer_id, personal_new => jsonb_build_object('reason', trim(reason))
  );
  insert into private.revealed_bookings as r (account_id, booking_id)
  values (private.me(), b.id)
  on conflict (account_id, booking_id) do update set revealed_at = now();
end;
$$;

-- Opens how to reach the customer of a booking to staff of the platform who say why (3 to 500 signs): the log keeps who
-- asked, for which booking and for what reason, before anything is told (see private.readings). Twenty an hour. Raises
-- not_allowed, step_up_required, invalid_input (reason), not_found, rate_limited.
create function public.reveal_booking_contact(booking_id uuid, reason text)
returns void
language sql
volatile
set search_path = ''
as $$
  select private.reveal_booking_contact(booking_id, reason);
$$;
grant execute on function private.reveal_booking_contact(uuid, text) to authenticated;
grant execute on function public.reveal_booking_contact(uuid, text) to authenticated;

create function private.revealed_contact(booking uuid)
returns table (customer_name text, email text, phone text, address jsonb, notes text)
language plpgsql
stable
security definer
set search_path = ''
as $$
begin
  perform private.require_permission('bookings.read');
  return query
    select b.customer_name, b.customer_email, b.customer_phone, b.address, b.notes
    from public.bookings b
    join private.revealed_bookings r on r.booking_id = b.id
    where b.id = booking and r.account_id = private.me() and r.revealed_at > now() - interval '5 minutes';
end;
$$;

-- How to reach the customer of a booking that reveal_booking_contact has opened to the caller; no row of any other. Raises
-- not_allowed, step_up_required.
create function public.revealed_contact(booking_id uuid)
returns table (customer_name text, email text, phone text, address jsonb, notes text)
language sql
stable
set search_path = ''
as $$
  select * from private.revealed_contact(booking_id);
$$;
grant execute on function private.revealed_contact(uuid) to authenticated;
grant execute on function public.revealed_contact(uuid) to authenticated;

create function private.cancel_booking(booking_id uuid, manage_token text, reason text)
returns public.booking_details
language plpgsql
security definer
set search_path = ''
as $$
declare
  found_one record;
  b public.bookings;
begin
  select * into found_one from private.find_booking(booking_id, manage_token);
  if found_one.viewer = 'staff' then
    perform private.fail(403, 'not_allowed');
  end if;
  b := private.set_status(
    (found_one.found_booking).id, 'cancelled',
    case when found_one.viewer = 'provider' then 'provider' else 'customer' end, reason
  );
  b := private.pay_back(
    b, found_one.viewer = 'provider', private.refund_share(b, found_one.viewer = 'provider'),
    'cancelled_by_' || found_one.viewer
  );
  perform private.close_offer(b.waitlist_entry_id, 'declined');
  perform private.offer_places(b.service_id, b.session_id);
  return private.describe_booking(b, found_one.viewer);
end;
$$;

-- Cancels, as the customer, the guest with the token, or the provider, and asks for the refund that the booking's
-- own policy gives (all of it when the provider cancels, or had moved it). Raises not_found, not_allowed,
-- invalid_transition.
create function public.cancel_booking(
  booking_id uuid default null, manage_token text default null, reason text default ''
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
    return private.cancel_booking(booking_id, manage_token, reason);
  exception
    when others then
      get stacked diagnostics message = message_text, details = pg_exception_detail, hint = pg_exception_hint;
      return jsonb_populate_record(null::public.booking_details, private.refused(sqlstate, message, details, hint));
  end;
end;
$$;
grant execute on function private.cancel_booking(uuid, text, text) to anon, authenticated;
grant execute on function public.cancel_booking(uuid, text, text) to anon, authenticated;

-- The booking whose change is asked for, as its caller stands to it. Raises not_found, and not_allowed for who may only
-- read it, and where the provider is suspended: a promise anew is none that it can make.
create function private.find_changeable(
  booking uuid, token text, out found_booking public.bookings, out viewer text
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

-- Raises what speaks against any change of a booking: invalid_transition, hold_expired, and party_size for a party that it
-- cannot have.
create function private.check_changeable(b public.bookings, s public.services, party int)
returns void
language plpgsql
stable
security definer
set search_path = ''
as $$
begin
  if b.status not in ('held', 'pending', 'confirmed') or b.starts_at <= now() then
    perform private.fail(409, 'invalid_transition', b.status);
  end if;
  -- Claiming the new place would end it together with the other lapsed holds there, and free its places twice.
  if b.status = 'held' and b.hold_expires_at <= now() then
    perform private.fail(410, 'hold_expired', null, private.next_free(s.id, now(), b.party_size)::text);
  end if;
  if party <> b.party_size and (party not between s.min_party and s.max_party or b.seats is not null) then
    perform private.fail(422, 'party_size', 'party_size');
  end if;
end;
$$;

create function private.reschedule_booking(
  booking_id uuid, manage_token text, starts_at timestamptz, party_size int
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
  -- where the start stays: the tables it has, and those it may have, and for how long
  own uuid[];
  open uuid[];
  kept tstzrange;
  chosen uuid[];
  acting text;
  was public.bookings;
  before jsonb;
  asked_again boolean;
  priced record;
begin
  select * into found_one from private.find_changeable(booking_id, manage_token);
  acting := case found_one.viewer when 'provider' then 'provider' else 'customer' end;
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
    perform from public.sessions x
    where x.id = b.session_id or (moving and x.service_id = s.id and x.starts_at = starts)
    order by x.id
    for no key update;
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
  before := coalesce(b.before_change, private.as_it_stood(b));
  -- What it has is let go and the new place taken in one transaction: refused, it keeps what it had. Who works on an
  -- appointment does so for as many as come.
  if moving or s.mode <> 'appointment' then
    select array_agg(o.resource_id), range_merge(range_agg(o.period)) into own, kept
    from public.occupancies o
    where o.booking_id = b.id;
    perform private.release(b);
  end if;
  if s.mode = 'session' then
    t.id := b.session_id;
    if moving then
      select * into t
      from public.sessions x
      where x.service_id = s.id and x.active and x.starts_at = starts
      -- several rooms may show it then: one that has the places
      order by x.capacity - x.taken >= party and private.seats_fit(x, b.seats, b.id) desc, x.id
      limit 1;
      if not found then
        perform private.fail(404, 'not_found', 'starts_at');
      end if;
    end if;
    t := private.claim_session(s, t.id, b.seats, party);
    if moving then
      perform private.check_notice(s, t.starts_at, party);
      b.session_id := t.id;
      b.starts_at := t.starts_at;
      b.ends_at := t.ends_at;
    end if;
  elsif moving then
    chosen := private.claim_resources(s, private.check_start(s, starts, zone, party), starts, zone, party);
    kept := null;
    b.starts_at := starts;
    b.ends_at := starts + make_interval(mins => s.duration_minutes);
  elsif s.mode = 'table' then
    -- A table that is open then, or its own; where hours have changed and none is open, it is a guest all the same.
    open := private.open_resources(s, zone, starts);
    open := case when open = '{}' then private.resources_of(s.id) else open || own end;
    chosen := private.claim_resources(s, open, starts, zone, party, kept);
  end if;
  if moving then
    b.local_starts_at := private.to_local(b.starts_at, zone);
    b.time_zone := zone;
    -- what a customer does brings no lost refund back, and what the provider does takes none away
    b.free_to_cancel := acting = 'provider';
    b.refund_cap_percent := case when b.free_to_cancel then 100 else private.refund_share(was, false) end;
  end if;
  priced := private.reprice(b, was, party, acting = 'provider');
  b := priced.b;
  asked_again := acting = 'customer' and b.status = 'confirmed'
    and (select p.approval from public.providers p where p.id = b.provider_id) = 'manual';
  update public.bookings x
  set
    session_id = b.session_id, starts_at = b.starts_at, ends_at = b.ends_at, local_starts_at = b.local_starts_at,
    time_zone = b.time_zone, party_size = party, price_minor = b.price_minor, discount_minor = b.discount_minor,
    deposit_minor = b.deposit_minor, top_up_by = b.top_up_by, forfeited_minor = b.forfeited_minor,
    refund_cap_percent = b.refund_cap_percent, free_to_cancel = b.free_to_cancel,
    before_change = case
      when b.top_up_by is not null or asked_again or private.stands_at(was) is not null then before
    end,
    -- a request for another time is another request
    answer_by = case
      when moving and b.status = 'pending' and acting = 'customer' then private.answer_by(b.provider_id, b.starts_at)
      else b.answer_by
    end
  where x.id = b.id
  returning * into b;
  if moving or s.mode <> 'appointment' then
    perform private.occupy(b, s, chosen, b.seats, kept);
  end if;
  if asked_again then
    b := private.set_status(b.id, 'pending', 'customer', 'rescheduled');
  else
    insert into public.booking_events (booking_id, from_status, to_status, actor, actor_id, reason, moved_from)
    values (
      b.id, b.status, b.status, acting, (select private.me()), 'rescheduled', nullif(was.starts_at, b.starts_at)
    );
  end if;
  b := private.even_out(b, priced.surplus_minor, priced.later_minor);
  perform private.offer_places(s.id, was.session_id);
  return private.describe_booking(b, found_one.viewer);
end;
$$;

-- Moves a booking to another start (of a session service: another session, with the same seats) or another party size,
-- in one step: never a moment without a place, and refused it keeps the one it has. Where the provider accepts each
-- request it waits for them again, and stays as it was if they do not (private.turn_down); a time that the provider chose
-- the customer may decline until then, with all back. For its money see private.reprice: more people cost what they cost
-- today, those who stay what was agreed; what is to be paid more and is not undoes the change after half an hour. What
-- stays is not asked anew: with its start, another party needs but the places for it, and with its party too nothing
-- happens at all. A new start is by the hours and clocks of the business as they are now. Raises not_found, not_allowed,
-- invalid_transition, hold_expired, party_size, and what create_booking raises for the new place.
create function public.reschedule_booking(
  booking_id uuid default null, manage_token text default null, starts_at timestamptz default null,
  party_size int default null
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
    return private.reschedule_booking(booking_id, manage_token, starts_at, party_size);
  exception
    when others then
      get stacked diagnostics message = message_text, details = pg_exception_detail, hint = pg_exception_hint;
      return jsonb_populate_record(null::public.booking_details, private.refused(sqlstate, message, details, hint));
  end;
end;
$$;
grant execute on function private.reschedule_booking(uuid, text, timestamptz, int) to anon, authenticated;
grant execute on function public.reschedule_booking(uuid, text, timestamptz, int) to anon, authenticated;

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

-- Where a booking may go to on local days from_date to to_date (at most 62 days) of its provider's zone, for the party it
-- has or another: an array of public.slot as available_slots gives it, computed as if the booking itself were not there, so
-- its own time is among them. One with seats goes where the same are free. Raises what reschedule_booking raises before it
-- looks at the new place: invalid_input, not_found, not_allowed, invalid_transition, hold_expired, party_size; and
-- rate_limited (tokens are counted, right and wrong ones).
create function public.slots_to_move(
  from_date date, to_date date, booking_id uuid default null, manage_token text default null, party_size int default null
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

create function private.transition_booking(booking_id uuid, to_status text, reason text)
returns public.booking_details
language plpgsql
security definer
set search_path = ''
as $$
declare
  b public.bookings;
begin
  select * into b from public.bookings x where x.id = transition_booking.booking_id;
  if b.id is null or not private.is_member(b.provider_id) then
    perform private.fail(404, 'not_found');
  end if;
  if to_status = 'cancelled' then
    return private.cancel_booking(booking_id, null, reason);
  end if;
  if to_status = 'rejected' then
    return private.describe_booking(private.turn_down(b.id, 'provider', reason, 'rejected'), 'provider');
  end if;
  b := private.set_status(b.id, to_status, 'provider', reason);
  if b.status = 'no_show' and private.moved_at_short_notice(b) then
    b := private.give_all_back(b, 'moved_at_short_notice');
  end if;
  return private.describe_booking(b, 'provider');
end;
$$;

-- Moves a booking along, as a member of its provider: confirmed, rejected, in_progress, completed, no_show, cancelled.
-- Rejecting the change of a booking that was confirmed leaves it confirmed as it was (see private.turn_down). Raises not_found, invalid_transition.
create function public.transition_booking(booking_id uuid, to_status text, reason text default '')
returns public.booking_details
language sql
set search_path = ''
as $$
  select private.transition_booking(booking_id, to_status, reason);
$$;
grant execute on function private.transition_booking(uuid, text, text) to authenticated;
grant execute on function public.transition_booking(uuid, text, text) to authenticated;
