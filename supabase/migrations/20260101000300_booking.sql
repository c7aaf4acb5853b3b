-- Booking: free time is opening hours less occupancies, and one constraint decides who gets it.

-- A dated occurrence of a session service: a film showing, a course. It takes its room, so that a room is never in two
-- sessions at once. Once planned it changes by move_session and cancel_session alone, which carry along who is booked.
create table public.sessions (
  id uuid primary key default private.new_id(),
  provider_id uuid not null references public.providers (id) on delete cascade,
  service_id uuid not null references public.services (id) on delete cascade,
  -- the room
  resource_id uuid not null references public.resources (id),
  starts_at timestamptz not null,
  ends_at timestamptz not null,
  -- the start on the provider's clocks; kept by a trigger. The default is never seen: it says that callers give none.
  local_starts_at timestamp not null default 'epoch',
  -- places sold at most; for a room with numbered seats, how many those are
  capacity int not null constraint sessions_capacity_range check (capacity between 1 and 10000),
  -- places that bookings hold now; kept by a trigger on these (private.keep_session_places)
  taken int not null default 0,
  active boolean not null default true,
  -- how often it has changed, for calendars; kept by a trigger
  sequence int not null default 0,
  created_at timestamptz not null default now(),
  constraint sessions_in_calendar check (private.in_calendar(starts_at) and private.in_calendar(ends_at)),
  constraint sessions_period_not_empty check (ends_at > starts_at),
  -- a course over some weeks at the most; a guest's link ends a week after it
  constraint sessions_length check (ends_at - starts_at <= interval '62 days'),
  constraint sessions_never_overbooked check (taken between 0 and capacity)
);
create index sessions_service_id on public.sessions (service_id, starts_at);
create index sessions_provider_id on public.sessions (provider_id, starts_at);
create index sessions_resource_id on public.sessions (resource_id);
alter table public.sessions enable row level security;
grant select on public.sessions to anon, authenticated;
grant insert (provider_id, service_id, resource_id, starts_at, ends_at, capacity) on public.sessions to authenticated;
create policy "visitors read sessions of published providers"
  on public.sessions for select to anon using (active and private.is_published(provider_id));
create policy "people read published sessions, members all of theirs"
  on public.sessions for select to authenticated
  using (
    (active and private.is_published(provider_id)) or provider_id in (select private.my_providers_even_suspended())
  );
create policy "owners and managers plan sessions"
  on public.sessions for insert to authenticated
  with check (provider_id in (select private.managed_providers()));
create trigger audit after insert or update or delete on public.sessions
  for each row execute function private.audit('id', 'local_starts_at', 'taken', 'sequence');

-- Who waits for a place that others have: in a session, or at any start within a period. When one comes free it is held
-- for the first of them whom it suits (see the waitlist).
create table public.waitlist_entries (
  id uuid primary key default private.new_id(),
  provider_id uuid not null references public.providers (id) on delete cascade,
  service_id uuid not null references public.services (id) on delete cascade,
  session_id uuid references public.sessions (id) on delete cascade,
  -- the starts that suit; of a session, its time
  period tstzrange not null constraint waitlist_entries_period_bounded check (
    not isempty(period) and private.in_calendar(period)
  ),
  -- the same on the provider's clocks, kept by a trigger; the default is never seen
  local_period tsrange not null default 'empty',
  party_size int not null constraint waitlist_entries_party_size_range check (party_size between 1 and 1000),
  -- lapsed: the time is over, or an offer was not answered in time
  status public.waitlist_status not null default 'waiting',
  customer_id uuid references auth.users (id) on delete cascade,
  customer_name text not null constraint waitlist_entries_customer_name_is_one check (private.name_ok(customer_name)),
  customer_email text not null
    constraint waitlist_entries_customer_email_form check (customer_email = private.email(customer_email)),
  customer_phone text
    constraint waitlist_entries_customer_phone_form check (customer_phone = private.phone(customer_phone)),
  language public.language not null,
  address jsonb constraint waitlist_entries_address_is_one check (private.address_ok(address)),
  created_at timestamptz not null default now()
);
create index waitlist_entries_provider_id on public.waitlist_entries (provider_id);
create index waitlist_entries_service_id on public.waitlist_entries (service_id);
create index waitlist_entries_line on public.waitlist_entries (service_id, created_at, id) where status = 'waiting';
create index waitlist_entries_session_id on public.waitlist_entries (session_id);
create index waitlist_entries_customer_id on public.waitlist_entries (customer_id);
-- One place in the line for each account. Guests' addresses are not proven: each may stand there as often as it is
-- typed, so that nobody learns who waits, and is offered a place once.
create unique index waitlist_entries_once on public.waitlist_entries (service_id, customer_id, lower(period))
  where status = 'waiting';
create index waitlist_entries_email on public.waitlist_entries (service_id, lower(customer_email));
alter table public.waitlist_entries enable row level security;
-- A place in the line is no booking yet: it gives the provider a name, and no way to reach the person.
grant select (
  id, provider_id, service_id, session_id, period, local_period, party_size, status, customer_id, customer_name,
  language,
  created_at
) on public.waitlist_entries to authenticated;
create policy "customers and members read who waits"
  on public.waitlist_entries for select to authenticated
  using (customer_id = (select private.me()) or provider_id in (select private.my_providers()));

-- A claim on a slot. Clients read it through policies and change it through functions alone.
create table public.bookings (
  id uuid primary key default private.new_id(),
  -- what people read out on the phone
  reference text not null unique,
  provider_id uuid not null references public.providers (id),
  service_id uuid not null references public.services (id),
  -- the session whose seats it takes, in that mode
  session_id uuid references public.sessions (id),
  mode public.booking_mode not null,
  status public.booking_status not null,
  -- null for a guest, and after the account is gone
  customer_id uuid references auth.users (id) on delete set null,
  -- as given when booking, so that the provider can reach the customer of this booking and of no other
  customer_name text not null
    constraint bookings_customer_name_length check (char_length(customer_name) between 1 and 120)
    constraint bookings_customer_name_is_one check (private.name_ok(customer_name)),
  customer_email text not null
    constraint bookings_customer_email_form check (customer_email = private.email(customer_email)),
  customer_phone text constraint bookings_customer_phone_form check (customer_phone = private.phone(customer_phone)),
  language public.language not null,
  starts_at timestamptz not null,
  ends_at timestamptz not null,
  -- the promise in the customer's words: it stays true if the zone's rules change later
  local_starts_at timestamp not null,
  time_zone text not null,
  party_size int not null default 1 constraint bookings_party_size_range check (party_size between 1 and 1000),
  -- numbered seats asked for; null where there are none
  seats text[],
  -- where the provider comes to: {"line", "district", "city", "details"}, all text
  address jsonb constraint bookings_address_is_one check (private.address_ok(address)),
  notes text not null default '' constraint bookings_notes_length check (char_length(notes) <= 2000),
  price_minor bigint not null,
  discount_minor bigint not null default 0,
  deposit_minor bigint not null,
  paid_minor bigint not null default 0,
  -- what is to go back or has gone back to the customer
  refund_minor bigint not null default 0,
  currency text not null,
  -- the cancellation policy as it was: {"code", "tiers"}
  policy jsonb not null,
  -- what the policy gave when the customer moved it: moving a booking away does not bring a lost refund back
  refund_cap_percent int not null default 100
    constraint bookings_refund_cap_range check (refund_cap_percent between 0 and 100),
  -- its provider has moved it: until it starts, and at short notice for a day more, its customer may cancel and gets
  -- all back, whatever the policy says (see private.policy_of)
  free_to_cancel boolean not null default false,
  -- of what was paid, what the policy has kept for good, see private.reprice
  forfeited_minor bigint not null default 0
    constraint bookings_forfeited_range check (forfeited_minor between 0 and paid_minor),
  -- what the customer paid at the place, of which their code is the proof
  paid_on_site_minor bigint not null default 0
    constraint bookings_paid_on_site_positive check (paid_on_site_minor >= 0),
  hold_expires_at timestamptz,
  -- until when the provider may answer a pending request; null outside that status
  answer_by timestamptz,
  -- where the deposit grew with a change: until when the rest of it may be paid
  top_up_by timestamptz,
  -- as long as a change is not settled: the booking that it goes back to else, see private.as_it_stood
  before_change jsonb,
  -- the one who waited, where a place was offered
  waitlist_entry_id uuid references public.waitlist_entries (id) on delete set null,
  idempotency_key uuid not null unique,
  -- of what was asked for with that key, see private.request_hash; null for what the platform books itself
  request_hash bytea,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  constraint bookings_period_not_empty check (ends_at > starts_at),
  constraint bookings_money_in_order check (
    price_minor >= 0 and discount_minor between 0 and price_minor
    and deposit_minor between 0 and price_minor - discount_minor
    and paid_minor >= 0 and refund_minor between 0 and paid_minor
  ),
  constraint bookings_session_mode check ((mode = 'session') = (session_id is not null)),
  constraint bookings_hold_has_an_end check ((status <> 'held') or hold_expires_at is not null),
  constraint bookings_top_up_whole check (top_up_by is null or before_change is not null),
  constraint bookings_change_unsettled check (before_change is null or status in ('pending', 'confirmed'))
);
create index bookings_provider_starts on public.bookings (provider_id, starts_at);
create index bookings_customer on public.bookings (customer_id, starts_at) where customer_id is not null;
create index bookings_service_id on public.bookings (service_id, customer_email);
create index bookings_session_id on public.bookings (session_id) where session_id is not null;
create index bookings_holds on public.bookings (hold_expires_at) where status = 'held';
create index bookings_top_ups on public.bookings (top_up_by) where top_up_by is not null;
create index bookings_unsettled on public.bookings (provider_id) where before_change is not null;
create index bookings_requests on public.bookings (least(answer_by, starts_at)) where status = 'pending';
create index bookings_guest_offers on public.bookings (customer_email)
  where waitlist_entry_id is not null and customer_id is null;
create index bookings_waitlist_entry_id on public.bookings (waitlist_entry_id) where waitlist_entry_id is not null;
alter table public.bookings enable row level security;
-- How to reach the customer (customer_email, customer_phone, address) goes through get_booking and booking_contacts,
-- which know when the provider's right to it ends.
grant select (
  id, reference, provider_id, service_id, session_id, mode, status, customer_id, customer_name,
  language, starts_at, ends_at, local_starts_at, time_zone, party_size, seats, notes, price_minor, discount_minor,
  deposit_minor, paid_minor, refund_minor, paid_on_site_minor, currency, policy, refund_cap_percent, free_to_cancel,
  forfeited_minor, hold_expires_at, answer_by, top_up_by, waitlist_entry_id, created_at, updated_at
) on public.bookings to authenticated;

create trigger touch before update on public.bookings
  for each row execute function private.touch();
create trigger clean_text before insert or update of notes on public.bookings
  for each row execute function private.clean_text('notes');

-- True while a booking links its customer and its provider, so that the provider may reach the customer: from the
-- request on, and for thirty days after it took place, for what was forgotten and for the invoice.
create function private.contact_is_open(status public.booking_status, ends_at timestamptz)
returns boolean
language plpgsql
stable
set search_path = ''
as $$
begin
  return status in ('pending', 'confirmed', 'in_progress')
    or (status in ('completed', 'no_show') and ends_at > now() - interval '30 days');
end;
$$;

-- Staff of the platform have find_bookings and get_booking, which leave out who the customer is and what they wrote.
create policy "customers and members read their bookings"
  on public.bookings for select to authenticated
  using (
    customer_id = (select private.me()) or provider_id in (select private.my_providers_even_suspended())
  );

-- Everything that takes a resource for a period, with its buffers. The exclusion constraint is the one place where
-- double booking is decided; whatever else checks, checks for a better message.
create table public.occupancies (
  id uuid primary key default private.new_id(),
  resource_id uuid not null references public.resources (id) on delete cascade,
  period tstzrange not null,
  booking_id uuid references public.bookings (id) on delete cascade,
  session_id uuid references public.sessions (id) on delete cascade,
  closure_id uuid references public.closures (id) on delete cascade,
  -- end of a hold: from then on anybody who wants the place may remove it
  expires_at timestamptz,
  -- of a booking whose change is not settled: what it has left and may go back to, see private.occupy
  kept boolean not null default false,
  constraint occupancies_one_owner check (num_nonnulls(booking_id, session_id, closure_id) = 1),
  constraint occupancies_period_bounded check (
    not isempty(period) and lower(period) is not null and upper(period) is not null
  ),
  constraint occupancies_never_overlap exclude using gist (resource_id with =, period with &&)
);
create index occupancies_booking_id on public.occupancies (booking_id) where booking_id is not null;
create index occupancies_session_id on public.occupancies (session_id) where session_id is not null;
create index occupancies_closure_id on public.occupancies (closure_id) where closure_id is not null;
alter table public.occupancies enable row level security;
grant select on public.occupancies to authenticated;

create policy "members read what takes their resources"
  on public.occupancies for select to authenticated
  using (
    resource_id in (
      select r.id from public.resources r where r.provider_id in (select private.my_providers_even_suspended())
    )
  );

-- Numbered seats that bookings hold; the key is what makes a seat sold twice impossible.
create table public.booking_seats (
  session_id uuid not null references public.sessions (id) on delete cascade,
  seat text not null,
  booking_id uuid not null references public.bookings (id) on delete cascade,
  primary key (session_id, seat)
);
create index booking_seats_booking_id on public.booking_seats (booking_id);
alter table public.booking_seats enable row level security;
grant select on public.booking_seats to authenticated;
create policy "those who read a booking read its seats"
  on public.booking_seats for select to authenticated
  using (booking_id in (select b.id from public.bookings b));

-- The status machine as data: who may move a booking from where to where, and when. condition (private.open_while):
-- before_start and after_start compare now with the start, may_leave as private.leaving_time says; near_start asks that
-- it is half an hour away at the most; hold_lapsed compares with the end of the hold, answer_overdue with the
-- provider's deadline, at the latest the start; rescheduled holds within a change of time alone, put_back where a
-- change of what was confirmed comes to nothing, called_off where the whole session is, booked_meanwhile for a place
-- that was offered to one who has another by now, offer for a place that was offered to one who waited and needs no
-- deposit.
create table public.booking_transitions (
  from_status public.booking_status not null,
  to_status public.booking_status not null,
  actor public.booking_actor not null,
  condition public.transition_condition,
  primary key (from_status, to_status, actor)
);
alter table public.booking_transitions enable row level security;
grant select on public.booking_transitions to anon, authenticated;
create policy "everyone reads the status machine"
  on public.booking_transitions for select to anon, authenticated using (true);

insert into public.booking_transitions (from_status, to_status, actor, condition)
values
  -- nobody is promised, nor pays for, what has begun
  ('held', 'pending', 'system', 'before_start'),
  ('held', 'confirmed', 'system', 'before_start'),
  ('held', 'expired', 'system', 'hold_lapsed'),
  ('held', 'cancelled', 'customer', null),
  ('held', 'cancelled', 'provider', 'called_off'),
  ('held', 'cancelled', 'system', 'booked_meanwhile'),
  ('held', 'pending', 'customer', 'offer'),
  ('held', 'confirmed', 'customer', 'offer'),
  ('expired', 'pending', 'system', 'before_start'),
  ('expired', 'confirmed', 'system', 'before_start'),
  ('pending', 'confirmed', 'provider', 'before_start'),
  ('pending', 'confirmed', 'system', 'put_back'),
  ('pending', 'rejected', 'provider', null),
  ('pending', 'rejected', 'system', 'answer_overdue'),
  ('pending', 'cancelled', 'customer', null),
  ('pending', 'cancelled', 'provider', 'called_off'),
  ('confirmed', 'in_progress', 'provider', 'near_start'),
  ('confirmed', 'completed', 'provider', 'after_start'),
  ('confirmed', 'no_show', 'provider', 'after_start'),
  ('confirmed', 'cancelled', 'customer', 'may_leave'),
  -- who accepts each request accepts the new time too
  ('confirmed', 'pending', 'customer', 'rescheduled'),
  ('confirmed', 'cancelled', 'provider', null),
  ('in_progress', 'completed', 'provider', null),
  -- whoever begins or ends a job takes no customer's way out
  ('in_progress', 'cancelled', 'customer', 'may_leave'),
  ('completed', 'cancelled', 'customer', 'may_leave'),
  ('in_progress', 'cancelled', 'provider', 'called_off');

-- What happened to a booking, in order; written by the functions that change it.
create table public.booking_events (
  id uuid primary key default private.new_id(),
  booking_id uuid not null references public.bookings (id) on delete cascade,
  from_status public.booking_status,
  to_status public.booking_status not null,
  actor public.booking_actor not null,
  actor_id uuid references auth.users (id) on delete set null,
  -- what the system does has one of these; what people do has what they wrote, or code, offer_accepted, no_thanks,
  -- rescheduled
  reason text not null default ''
    constraint booking_events_reason_length check (char_length(reason) <= 500)
    constraint booking_events_reason_known check (
      actor <> 'system' or reason in (
        '', 'offered', 'proof_wanted', 'proven', 'paid', 'paid_late', 'no_answer', 'booked_meanwhile', 'put_back',
        'party_restored', 'rescheduled', 'clocks'
      )
    ),
  -- of a change of time: when it was to start before
  moved_from timestamptz,
  -- not the transaction's time: one that waits for another would be written before it
  created_at timestamptz not null default clock_timestamp()
);
create index booking_events_booking_id on public.booking_events (booking_id, created_at);
create index booking_events_actor_id on public.booking_events (actor_id) where actor_id is not null;
alter table public.booking_events enable row level security;
grant select on public.booking_events to authenticated;
create trigger clean_text before insert or update of reason on public.booking_events
  for each row execute function private.clean_text('reason');
-- A team whose provider is suspended reads what has become of its bookings, and no more what customers write to it.
create policy "those who read a booking read its history"
  on public.booking_events for select to authenticated
  using (
    booking_id in (select b.id from public.bookings b)
    and (
      actor <> 'customer'
      or reason = ''
      or exists (
        select
        from public.bookings b
        where b.id = booking_id
          and (b.customer_id = (select private.me()) or b.provider_id in (select private.my_providers()))
      )
    )
  );

-- Gives coming closures what is theirs of some resources within periods: all that nothing else stands on. Where two
-- close the same time the older has it, and what was promised stays (a booking that new rules of a zone have brought
-- into a closure). Says the same whatever was there first; the caller holds the resources' locks.
create function private.fill_closures(resources uuid[], within tstzmultirange)
returns void
language plpgsql
security definer
set search_path = ''
as $$
declare
  c record;
begin
  for c in
    select x.id, x.period, r.id as resource_id
    from public.resources r
    join public.closures x on x.provider_id = r.provider_id and (x.resource_id is null or x.resource_id = r.id)
    where r.id = any (resources) and x.period && within and upper(x.period) > now() - interval '1 day'
    order by x.created_at, x.id, r.id
  loop
    insert into public.occupancies (resource_id, period, closure_id)
    select c.resource_id, piece, c.id
    from unnest(
      tstzmultirange(c.period) - coalesce(
        (
          select range_agg(o.period)
          from public.occupancies o
          where o.resource_id = c.resource_id and o.period && c.period
        ),
        '{}'
      )
    ) as piece;
  end loop;
end;
$$;

-- A closure takes the resource it names, or all of its provider's. Raises slot_taken where a booking or a session
-- stands. The provider's row is locked by who closes and by who adds a resource, so that neither misses the other. All
-- that one statement enters is looked at once: a year's closures, one by one, would each go over the others again.
create function private.occupy_closures()
returns trigger
language plpgsql
security definer
set search_path = ''
as $$
declare
  closed uuid[];
begin
  -- like sessions: the business before its places
  perform private.lock_provider(a.provider_id)
  from (select distinct x.provider_id from added x order by x.provider_id) as a;
  closed := array(
    select r.id
    from public.resources r
    where exists (
      select from added a where a.provider_id = r.provider_id and (a.resource_id is null or a.resource_id = r.id)
    )
  );
  perform from public.resources r where r.id = any (closed) order by r.id for no key update;
  perform private.expire_holds(
    array(
      select r.id
      from public.resources r
      where r.provider_id = a.provider_id and (a.resource_id is null or a.resource_id = r.id)
    ),
    a.period
  )
  from added a;
  if exists (
    select
    from added a
    join public.resources r on r.provider_id = a.provider_id and (a.resource_id is null or a.resource_id = r.id)
    -- limited, so that each is looked up by the index: nothing is known of how many were added
    cross join lateral (
      select
      from public.occupancies o
      where o.resource_id = r.id and o.period && a.period and o.closure_id is null
      limit 1
    ) as taken
  ) then
    perform private.fail(409, 'slot_taken', 'period');
  end if;
  perform private.fill_closures(closed, (select range_agg(a.period) from added a));
  return null;
end;
$$;
create trigger occupy after insert on public.closures
  referencing new table as added for each statement execute function private.occupy_closures();

-- Who joins later is closed when all of the business is.
create function private.close_new_resource()
returns trigger
language plpgsql
security definer
set search_path = ''
as $$
begin
  perform private.lock_provider(new.provider_id);
  perform private.fill_closures(array[new.id], tstzmultirange(tstzrange(now() - interval '1 day', null)));
  return null;
end;
$$;
create trigger close_new_resource after insert on public.resources
  for each row execute function private.close_new_resource();

-- What is left of a closed time (by another closure that is taken back, by a booking that stood in it) is closed.
create function private.close_what_is_left()
returns trigger
language plpgsql
security definer
set search_path = ''
as $$
declare
  freed record;
begin
  -- what follows new rules of a zone closes everything at its end
  if private.rederiving() then
    return null;
  end if;
  for freed in
    select l.resource_id, range_agg(l.period) as periods
    from left_places l
    join public.resources r on r.id = l.resource_id
    where exists (
      select
      from public.closures c
      where c.provider_id = r.provider_id and c.period && l.period and (c.resource_id is null or c.resource_id = r.id)
    )
    group by l.resource_id
    order by l.resource_id
  loop
    perform from public.resources r where r.id = freed.resource_id for no key update;
    perform private.fill_closures(array[freed.resource_id], freed.periods);
  end loop;
  return null;
end;
$$;
create trigger close_what_is_left after delete on public.occupancies
  referencing old table as left_places for each statement execute function private.close_what_is_left();

-- Keeps the period that was asked for in the business's own time, beside its instants.
create function private.localise_waitlist_entry()
returns trigger
language plpgsql
security definer
set search_path = ''
as $$
begin
  select tsrange(
    private.to_local(lower(new.period), p.time_zone), private.to_local(upper(new.period), p.time_zone),
    case when lower_inc(new.period) then '[' else '(' end || case when upper_inc(new.period) then ']' else ')' end
  )
  into new.local_period
  from public.providers p
  where p.id = new.provider_id;
  return new;
end;
$$;
create trigger localise before insert or update of period on public.waitlist_entries
  for each row execute function private.localise_waitlist_entry();

-- Keeps a session's promised start in the business's own time, and counts its changes for calendars (RFC 5545,
-- SEQUENCE).
create function private.localise_session()
returns trigger
language plpgsql
security definer
set search_path = ''
as $$
begin
  select private.to_local(new.starts_at, p.time_zone) into new.local_starts_at
  from public.providers p
  where p.id = new.provider_id;
  if tg_op = 'UPDATE' then
    new.sequence := old.sequence + 1;
  end if;
  return new;
end;
$$;
create trigger localise before insert or update of starts_at, ends_at, active on public.sessions
  for each row execute function private.localise_session();

-- A session takes its room for its time, with the service's buffers. Raises slot_taken where something else has it, and
-- of one that is planned anew invalid_input for a room that has fewer seats than it would sell.
create function private.occupy_session()
returns trigger
language plpgsql
security definer
set search_path = ''
as $$
declare
  service public.services;
  seats int;
  wanted tstzrange;
begin
  -- what follows new rules of a zone takes its room there, whatever is in the way (see private.rederive_provider)
  if private.rederiving() then
    return null;
  end if;
  select * into service from public.services s where s.id = new.service_id;
  if tg_op = 'INSERT' then
    if service.provider_id is distinct from new.provider_id or service.mode <> 'session' then
      perform private.fail(422, 'invalid_input', 'service_id');
    end if;
    seats := (select count(*) from public.seats s where s.resource_id = new.resource_id);
    if not exists (
      select from public.resources r
      where r.id = new.resource_id and r.provider_id = new.provider_id and r.kind = 'room'
        and r.capacity >= new.capacity
    ) or (seats > 0 and seats <> new.capacity) then
      perform private.fail(422, 'invalid_input', 'capacity');
    end if;
  end if;
  perform from public.resources r where r.id = new.resource_id for no key update;
  delete from public.occupancies o where o.session_id = new.id;
  if new.active then
    wanted := private.period_taken(service, new.starts_at, new.ends_at);
    perform private.expire_holds(array[new.resource_id], wanted);
    insert into public.occupancies (resource_id, period, session_id) values (new.resource_id, wanted, new.id);
  end if;
  return null;
exception
  when exclusion_violation then
    perform private.fail(409, 'slot_taken', 'starts_at');
    return null;
end;
$$;
create trigger occupy after insert or update of starts_at, ends_at, resource_id, active on public.sessions
  for each row execute function private.occupy_session();

-- Coming sessions keep the room as long as their service now says: new buffers are theirs too, while a booking keeps
-- what it was promised. Raises slot_taken where the time before or after one belongs to something else.
create function private.keep_session_buffers()
returns trigger
language plpgsql
security definer
set search_path = ''
as $$
begin
  perform from public.resources r
  where r.id in (
    select s.resource_id from public.sessions s where s.service_id = new.id and s.active and s.ends_at > now()
  )
  order by r.id
  for no key update;
  delete from public.occupancies o
  using public.sessions s
  where o.session_id = s.id and s.service_id = new.id and s.active and s.ends_at > now();
  insert into public.occupancies (resource_id, period, session_id)
  select s.resource_id, private.period_taken(new, s.starts_at, s.ends_at), s.id
  from public.sessions s
  where s.service_id = new.id and s.active and s.ends_at > now();
  return null;
exception
  when exclusion_violation then
    perform private.fail(409, 'slot_taken', 'buffer_after_minutes');
    return null;
end;
$$;
create trigger keep_session_buffers after update of buffer_before_minutes, buffer_after_minutes on public.services
  for each row
  when (
    new.mode = 'session'
    and (old.buffer_before_minutes, old.buffer_after_minutes) <> (new.buffer_before_minutes, new.buffer_after_minutes)
  )
  execute function private.keep_session_buffers();

-- Coming sessions of a room with numbered seats sell those it has. Raises seat_taken for a seat that is sold,
-- invalid_transition (seats) where places of the room were sold by count, invalid_input (capacity) for more seats than
-- the room holds.
create function private.keep_session_seats()
returns trigger
language plpgsql
security definer
set search_path = ''
as $$
declare
  room record;
begin
  for room in
    select r.id, r.provider_id, r.capacity, (select count(*) from public.seats e where e.resource_id = r.id) as seats
    from public.resources r
    where r.id in (select c.resource_id from changed_seats c)
    order by r.id
  loop
    -- like everyone who changes sessions: the business before them
    perform private.lock_provider(room.provider_id);
    perform from public.sessions s where s.resource_id = room.id and s.ends_at > now() order by s.id for no key update;
    -- without a session nothing is sold yet, and planning one asks for all of this
    continue when not found;
    if exists (
      select
      from public.sessions s
      join public.booking_seats t on t.session_id = s.id
      where s.resource_id = room.id and s.ends_at > now()
        and not exists (select from public.seats e where e.resource_id = room.id and e.label = t.seat)
    ) then
      perform private.fail(409, 'seat_taken', 'label');
    end if;
    continue when room.seats = 0;
    if exists (
      select
      from public.sessions s
      where s.resource_id = room.id and s.ends_at > now()
        and s.taken > (select count(*) from public.booking_seats t where t.session_id = s.id)
    ) then
      perform private.fail(409, 'invalid_transition', 'seats');
    end if;
    if room.seats > room.capacity then
      perform private.fail(422, 'invalid_input', 'capacity');
    end if;
    update public.sessions s
    set capacity = room.seats
    where s.resource_id = room.id and s.ends_at > now() and s.capacity <> room.seats;
  end loop;
  return null;
end;
$$;
create trigger keep_session_seats_added after insert on public.seats
  referencing new table as changed_seats for each statement execute function private.keep_session_seats();
create trigger keep_session_seats_removed after delete on public.seats
  referencing old table as changed_seats for each statement execute function private.keep_session_seats();

-- A room that becomes smaller sells less in its coming sessions. Raises invalid_input (capacity) where more is sold, or
-- where it has more seats.
create function private.keep_session_capacity()
returns trigger
language plpgsql
security definer
set search_path = ''
as $$
begin
  perform from public.sessions s where s.resource_id = new.id and s.ends_at > now() order by s.id for no key update;
  if exists (
    select from public.sessions s where s.resource_id = new.id and s.ends_at > now() and s.taken > new.capacity
  )
    or (select count(*) from public.seats e where e.resource_id = new.id) > new.capacity
  then
    perform private.fail(422, 'invalid_input', 'capacity');
  end if;
  update public.sessions s
  set capacity = new.capacity
  where s.resource_id = new.id and s.ends_at > now() and s.capacity > new.capacity;
  return null;
end;
$$;
create trigger keep_session_capacity after update of capacity on public.resources
  for each row when (new.kind = 'room' and new.capacity < old.capacity)
    execute function private.keep_session_capacity();
