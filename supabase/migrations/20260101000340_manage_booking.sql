-- What can be done with a booking once it is there: see it, cancel it, move it along. Another time and another number
-- of people: see the chapter on moving.

-- A booking as its caller may see it. viewer: customer, guest, provider or staff. next_statuses: where the caller
-- may move it now. refund_if_cancelled_minor: what would come back if it were cancelled now.
create type public.booking_details as (
  id uuid,
  reference text,
  status public.booking_status,
  mode public.booking_mode,
  viewer public.booking_viewer,
  next_statuses public.booking_status[],
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
  service_place public.service_place,
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

-- As whom somebody moves a booking along who looks at it; staff of the platform do not.
create function private.actor_of(viewer public.booking_viewer)
returns public.booking_actor
language sql
immutable
set search_path = ''
as $$
  select case
    when viewer in ('customer', 'guest') then 'customer'::public.booking_actor when viewer = 'provider' then 'provider'
  end;
$$;

-- How the caller stands to a booking; null for a stranger. An account's own booking needs no token. The team of a
-- suspended provider stands to it as strangers do, but for `reading` alone.
create function private.booking_viewer(b public.bookings, token text, reading boolean default false)
returns public.booking_viewer
language sql
stable
security definer
set search_path = ''
as $$
  select case
    when b.customer_id = (select private.me()) then 'customer'::public.booking_viewer
    when private.is_member(b.provider_id)
      or (reading and b.provider_id in (select private.my_providers_even_suspended())) then 'provider'
    when b.id = private.open_secret('manage_booking', token) then 'guest'
    when private.may('bookings.read') then 'staff'
  end;
$$;

-- Finds a booking by id or by a guest's token and tells how the caller stands to it. Raises not_found for a booking
-- that is not there and for one that is nobody's business alike.
create function private.find_booking(
  booking uuid, token text, reading boolean default false,
  out found_booking public.bookings, out viewer public.booking_viewer
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

-- What is to be paid online now, in minor units: the deposit of a hold, or the rest of one that grew with the party. A
-- last digit that cannot be charged is paid at the place.
create function private.amount_due(b public.bookings)
returns bigint
language sql
stable
set search_path = ''
as $$
  select case
    when b.status = 'held' or (b.status in ('pending', 'confirmed') and b.top_up_by > now())
      then private.chargeable(greatest(b.deposit_minor - private.kept(b), 0), b.currency)
    else 0
  end;
$$;

-- What is still to be paid at the place, in minor units: the total less what was paid (but for what goes back when the
-- change is accepted) and what is to be paid online.
create function private.due_on_site(b public.bookings)
returns bigint
language plpgsql
stable
set search_path = ''
as $$
begin
  return case
    when b.status in ('expired', 'cancelled', 'rejected', 'no_show') then 0
    else greatest(
      b.price_minor - b.discount_minor - private.kept(b) - private.amount_due(b) - b.paid_on_site_minor
        + case
          when b.status = 'pending' and b.top_up_by is null
            then (private.given_up(b, coalesce((b.before_change #>> '{returns,share}')::int, 0))).surplus_minor
          else 0
        end,
      0
    )
  end;
end;
$$;

-- The booking that a customer leaves who cancels, with what was paid for a change of it that nobody accepted, in minor
-- units, as given back: that goes back in any case.
create function private.left_by_customer(b public.bookings, out stands public.bookings, out since bigint)
language plpgsql
stable
security definer
set search_path = ''
as $$
begin
  stands := private.undone(b);
  since := 0;
  if stands.id is null then
    stands := b;
    return;
  end if;
  since := (private.paid_since(b, private.accepted(b))).here;
  stands.refund_minor := stands.refund_minor + since;
end;
$$;

-- What comes back, in minor units, if a booking is cancelled now by its provider, or by its customer.
create function private.refund_if_cancelled(b public.bookings, by_provider boolean)
returns bigint
language plpgsql
stable
security definer
set search_path = ''
as $$
declare
  lets_down boolean := by_provider or private.let_down(b);
  share int := private.refund_share(b, by_provider);
  leaves record;
begin
  if lets_down then
    return private.share_of(private.refundable(b, true), share, b.currency);
  end if;
  leaves := private.left_by_customer(b);
  return leaves.since + private.share_of(private.refundable(leaves.stands, false), share, b.currency);
end;
$$;

-- Where somebody may move a booking who looks at it as `viewer`, from when until when.
create function private.moves_of(b public.bookings, viewer public.booking_viewer)
returns table (to_status public.booking_status, open tstzrange)
language plpgsql
stable
security definer
set search_path = ''
as $$
#variable_conflict use_column
declare
  stands boolean := private.in_good_standing(b.provider_id);
begin
  return query
    select t.to_status, w.open
    from public.booking_transitions t
    cross join lateral (select private.open_while(b, t.condition)) as w (open)
    where t.from_status = b.status and t.actor = private.actor_of(viewer) and not isempty(w.open)
      -- at a suspended provider customers may cancel, and that is all
      and (stands or (viewer <> 'provider' and t.to_status = 'cancelled'));
end;
$$;

-- That of several bookings, as [{"to", "opens", "closes"}], for those who stand to them somehow.
create function private.next_moves(booking_ids uuid[])
returns table (booking_id uuid, moves jsonb)
language plpgsql
stable
security definer
set search_path = ''
as $$
#variable_conflict use_column
begin
  return query
    select
      b.id,
      coalesce(
        jsonb_agg(
          jsonb_build_object('to', m.to_status, 'opens', lower(m.open), 'closes', upper(m.open)) order by m.to_status
        ) filter (where m.to_status is not null),
        '[]'
      )
    from public.bookings b
    cross join lateral (select private.booking_viewer(b, null)) as v (viewer)
    left join lateral private.moves_of(b, v.viewer) m on true
    where b.id = any (booking_ids) and v.viewer is not null
    group by b.id;
end;
$$;

-- What some bookings may become for the caller, for lists: one array of {"booking_id", "moves": [{"to", "opens",
-- "closes"}]}, null where there is no such end; nothing of those that are not the caller's to see.
create function public.next_moves(booking_ids uuid[])
returns jsonb
language sql
stable
set search_path = ''
as $$
  select coalesce(jsonb_agg(to_jsonb(m)), '[]') from private.next_moves(booking_ids) m;
$$;
grant execute on function private.next_moves(uuid[]) to authenticated;
grant execute on function public.next_moves(uuid[]) to authenticated;

-- A booking as its viewer may see it: 'customer', 'guest', 'provider' or 'staff'. The answer of every function that
-- gives a booking.
create function private.describe_booking(b public.bookings, viewer public.booking_viewer)
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
  leaves record := private.left_by_customer(b);
  -- staff of the platform read who people are, what they wrote and how to reach them with a reason alone: see
  -- reveal_booking_contact
  reachable boolean := viewer <> 'staff'
    and (viewer <> 'provider' or (stands and private.contact_is_open(b.status, b.ends_at)));
begin
  select
    b.id, b.reference, b.status, b.mode, viewer,
    array(select m.to_status from private.moves_of(b, viewer) m where now() <@ m.open order by m.to_status),
    p.id, p.slug, p.name, p.name_ar, p.phone, concat_ws(', ', p.address, p.district),
    s.id, s.name_fr, s.name_ar, s.name_en, s.place,
    array(
      select r.name
      from public.occupancies o
      join public.resources r on r.id = o.resource_id
      where o.booking_id = b.id and not o.kept
      order by r.position, r.name collate "und-x-icu"
    ),
    b.session_id, b.seats,
    b.starts_at, b.ends_at, b.local_starts_at, b.time_zone, b.party_size, b.customer_id,
    case when viewer <> 'staff' then b.customer_name end,
    case when reachable then b.customer_email end, case when reachable then b.customer_phone end,
    case when reachable then b.address end, case when viewer = 'staff' then '' else b.notes end, b.price_minor,
    b.discount_minor, b.price_minor - b.discount_minor, b.deposit_minor, b.paid_minor, private.amount_due(b),
    b.refund_minor,
    private.refund_if_cancelled(b, viewer = 'provider'),
    b.currency, b.policy,
    private.refund_steps(
      private.policy_of(leaves.stands), (leaves.stands).starts_at, b.time_zone,
      private.refundable(leaves.stands, false), b.currency, (leaves.stands).refund_cap_percent, leaves.since
    ),
    b.free_to_cancel and now() <@ private.leaving_time(b)
      and b.status in ('held', 'pending', 'confirmed', 'in_progress', 'completed'),
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
  id uuid, reference text, status public.booking_status, local_starts_at timestamp, provider_name text,
  provider_name_ar text
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
  id uuid, reference text, status public.booking_status, local_starts_at timestamp, provider_name text,
  provider_name_ar text
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

-- How to reach the customer of a booking that reveal_booking_contact has opened to the caller; no row of any other.
-- Raises not_allowed, step_up_required.
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

create function private.cancel_booking(
  booking_id uuid, manage_token text, reason text, expected_refund_minor bigint
)
returns public.booking_details
language plpgsql
security definer
set search_path = ''
as $$
declare
  found_one record;
  b public.bookings;
  was public.bookings;
  by_provider boolean;
  share int;
  back bigint;
begin
  select * into found_one from private.find_booking(booking_id, manage_token);
  by_provider := found_one.viewer = 'provider';
  if found_one.viewer = 'staff' then
    perform private.fail(403, 'not_allowed');
  end if;
  select * into b from public.bookings x where x.id = (found_one.found_booking).id for update;
  share := private.refund_share(b, by_provider);
  back := private.refund_if_cancelled(b, by_provider);
  if b.status in ('held', 'pending', 'confirmed', 'in_progress', 'completed') and back <> expected_refund_minor then
    perform private.fail(409, 'price_changed', 'expected_refund_minor', back::text);
  end if;
  by_provider := by_provider or private.let_down(b);
  was := b;
  -- the change of what was accepted comes to nothing first
  if not by_provider and private.put_back(b) then
    select * into b from public.bookings x where x.id = b.id;
  end if;
  b := private.set_status(
    b.id, 'cancelled', private.actor_of(found_one.viewer), reason
  );
  b := private.pay_back(b, by_provider, share, 'cancelled_by_' || found_one.viewer);
  perform private.close_offer(b.waitlist_entry_id, 'declined');
  perform private.offer_places(was);
  return private.describe_booking(b, found_one.viewer);
end;
$$;

-- Cancels, as the customer, the guest with the token, or the provider, and asks for the refund that the booking's
-- own policy gives (all of it when the provider cancels, had moved it, or has not accepted it yet).
-- expected_refund_minor is what was said to come back, refund_if_cancelled_minor of the booking: where that is another
-- sum by now, nothing is cancelled; null cancels whatever comes back. Raises price_changed (the hint is the sum now),
-- not_found, not_allowed, invalid_transition.
create function public.cancel_booking(
  booking_id uuid default null, manage_token text default null, reason text default '',
  expected_refund_minor bigint default null
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
    return private.cancel_booking(booking_id, manage_token, reason, expected_refund_minor);
  exception
    when others then
      get stacked diagnostics message = message_text, details = pg_exception_detail, hint = pg_exception_hint;
      return jsonb_populate_record(null::public.booking_details, private.refused(sqlstate, message, details, hint));
  end;
end;
$$;
grant execute on function private.cancel_booking(uuid, text, text, bigint) to anon, authenticated;
grant execute on function public.cancel_booking(uuid, text, text, bigint) to anon, authenticated;

create function private.transition_booking(booking_id uuid, to_status text, reason text)
returns public.booking_details
language plpgsql
security definer
set search_path = ''
as $$
declare
  b public.bookings;
  was public.bookings;
begin
  select * into b from public.bookings x where x.id = transition_booking.booking_id;
  if b.id is null or not private.is_member(b.provider_id) then
    perform private.fail(404, 'not_found');
  end if;
  if to_status = 'cancelled' then
    return private.cancel_booking(booking_id, null, reason, null);
  end if;
  if to_status = 'rejected' then
    -- first, so that what describes it sees it
    b := private.turn_down(b.id, 'provider', reason, 'rejected');
    return private.describe_booking(b, 'provider');
  end if;
  select * into was from public.bookings x where x.id = b.id for update;
  b := private.set_status(b.id, private.one_of(to_status, null::public.booking_status), 'provider', reason);
  if was.before_change is distinct from b.before_change then
    perform private.offer_places(was);
  end if;
  if b.status = 'no_show' and private.moved_at_short_notice(b) then
    b := private.give_all_back(b, 'moved_at_short_notice');
  end if;
  return private.describe_booking(b, 'provider');
end;
$$;

-- Moves a booking along, as a member of its provider: confirmed, rejected, in_progress, completed, no_show, cancelled.
-- Rejecting the change of a booking that was confirmed leaves it confirmed as it was (see private.turn_down). Raises
-- not_found, invalid_transition.
create function public.transition_booking(booking_id uuid, to_status text, reason text default '')
returns public.booking_details
language sql
set search_path = ''
as $$
  select private.transition_booking(booking_id, to_status, reason);
$$;
grant execute on function private.transition_booking(uuid, text, text) to authenticated;
grant execute on function public.transition_booking(uuid, text, text) to authenticated;
