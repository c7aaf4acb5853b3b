-- Booking: free time is opening hours less occupancies, and one constraint decides who gets it.

-- A claim on a slot. Clients read it through policies and change it through functions alone.
create table public.bookings (
  id uuid primary key default private.new_id(),
  -- what people read out on the phone
  reference text not null unique,
  provider_id uuid not null references public.providers (id),
  service_id uuid not null references public.services (id),
  mode text not null constraint bookings_mode_known check (mode in ('appointment', 'table', 'session')),
  status text not null constraint bookings_status_known check (
    status in (
      'held', 'pending', 'confirmed', 'in_progress', 'completed', 'expired', 'cancelled', 'rejected', 'no_show'
    )
  ),
  -- null for a guest, and after the account is gone
  customer_id uuid references auth.users (id) on delete set null,
  -- as given when booking, so that the provider can reach the customer of this booking and of no other
  customer_name text not null constraint bookings_customer_name_length check (char_length(customer_name) between 1 and 120),
  customer_email text not null constraint bookings_customer_email_length check (char_length(customer_email) between 3 and 254),
  customer_phone text constraint bookings_customer_phone_form check (customer_phone ~ '^\+[1-9][0-9]{7,14}$'),
  language text not null constraint bookings_language_known check (language in ('fr', 'ar', 'en')),
  starts_at timestamptz not null,
  ends_at timestamptz not null,
  -- the promise in the customer's words: it stays true if the zone's rules change later
  local_starts_at timestamp not null,
  time_zone text not null,
  party_size int not null default 1 constraint bookings_party_size_range check (party_size between 1 and 1000),
  -- where the provider comes to: {"line", "district", "city", "details"}, all text
  address jsonb,
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
  hold_expires_at timestamptz,
  idempotency_key uuid not null unique,
  manage_token_hash bytea,
  manage_token_expires_at timestamptz,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  constraint bookings_period_not_empty check (ends_at > starts_at),
  constraint bookings_money_in_order check (
    price_minor >= 0 and discount_minor between 0 and price_minor
    and deposit_minor between 0 and price_minor - discount_minor
    and paid_minor >= 0 and refund_minor between 0 and paid_minor
  ),
  constraint bookings_hold_has_an_end check ((status <> 'held') or hold_expires_at is not null)
);
create index bookings_provider_starts on public.bookings (provider_id, starts_at);
create index bookings_customer on public.bookings (customer_id, starts_at);
create index bookings_service_id on public.bookings (service_id);
create index bookings_holds on public.bookings (hold_expires_at) where status = 'held';
alter table public.bookings enable row level security;
grant select (
  id, reference, provider_id, service_id, mode, status, customer_id, customer_name, customer_email, customer_phone,
  language, starts_at, ends_at, local_starts_at, time_zone, party_size, address, notes, price_minor, discount_minor,
  deposit_minor, paid_minor, refund_minor, currency, policy, hold_expires_at, created_at, updated_at
) on public.bookings to authenticated;

create trigger touch before update on public.bookings
  for each row execute function private.touch();

create policy "customers and members read their bookings"
  on public.bookings for select to authenticated
  using (
    customer_id = (select auth.uid())
    or provider_id in (select private.my_providers())
    or (select private.may('bookings.read'))
  );

-- Everything that takes a resource for a period, with its buffers. The exclusion constraint is the one place where
-- double booking is decided; whatever else checks, checks for a better message.
create table public.occupancies (
  id uuid primary key default private.new_id(),
  resource_id uuid not null references public.resources (id) on delete cascade,
  period tstzrange not null,
  booking_id uuid references public.bookings (id) on delete cascade,
  closure_id uuid references public.closures (id) on delete cascade,
  -- end of a hold: from then on anybody who wants the place may remove it
  expires_at timestamptz,
  constraint occupancies_one_owner check (num_nonnulls(booking_id, closure_id) = 1),
  constraint occupancies_period_bounded check (
    not isempty(period) and lower(period) is not null and upper(period) is not null
  ),
  constraint occupancies_never_overlap exclude using gist (resource_id with =, period with &&)
);
create index occupancies_booking_id on public.occupancies (booking_id);
create index occupancies_closure_id on public.occupancies (closure_id);
alter table public.occupancies enable row level security;
grant select on public.occupancies to authenticated;

create policy "members read what takes their resources"
  on public.occupancies for select to authenticated
  using (
    resource_id in (select r.id from public.resources r where r.provider_id in (select private.my_providers()))
  );

-- The status machine as data: who may move a booking from where to where, and when.
-- condition: before_start and after_start compare now with the start; hold_lapsed with the end of the hold.
create table public.booking_transitions (
  from_status text not null,
  to_status text not null,
  actor text not null constraint booking_transitions_actor_known check (actor in ('customer', 'provider', 'system')),
  condition text constraint booking_transitions_condition_known check (
    condition in ('before_start', 'after_start', 'hold_lapsed')
  ),
  primary key (from_status, to_status, actor)
);
alter table public.booking_transitions enable row level security;
grant select on public.booking_transitions to anon, authenticated;
create policy "everyone reads the status machine"
  on public.booking_transitions for select to anon, authenticated using (true);

insert into public.booking_transitions (from_status, to_status, actor, condition)
values
  ('held', 'pending', 'system', null),
  ('held', 'confirmed', 'system', null),
  ('held', 'expired', 'system', 'hold_lapsed'),
  ('held', 'cancelled', 'customer', null),
  ('expired', 'pending', 'system', 'before_start'),
  ('expired', 'confirmed', 'system', 'before_start'),
  ('pending', 'confirmed', 'provider', null),
  ('pending', 'rejected', 'provider', null),
  ('pending', 'cancelled', 'customer', null),
  ('confirmed', 'in_progress', 'provider', null),
  ('confirmed', 'completed', 'provider', 'after_start'),
  ('confirmed', 'no_show', 'provider', 'after_start'),
  ('confirmed', 'cancelled', 'customer', 'before_start'),
  ('confirmed', 'cancelled', 'provider', null),
  ('in_progress', 'completed', 'provider', null);

-- What happened to a booking, in order; written by private.set_status alone.
create table public.booking_events (
  id uuid primary key default private.new_id(),
  booking_id uuid not null references public.bookings (id) on delete cascade,
  from_status text,
  to_status text not null,
  actor text not null,
  actor_id uuid references auth.users (id) on delete set null,
  reason text not null default '' constraint booking_events_reason_length check (char_length(reason) <= 500),
  created_at timestamptz not null default now()
);
create index booking_events_booking_id on public.booking_events (booking_id, created_at);
create index booking_events_actor_id on public.booking_events (actor_id);
alter table public.booking_events enable row level security;
grant select on public.booking_events to authenticated;
create policy "those who read a booking read its history"
  on public.booking_events for select to authenticated
  using (booking_id in (select b.id from public.bookings b));

-- A closure takes the resource it names, or all of its provider's. Raises slot_taken where a booking stands.
create function private.occupy_closure()
returns trigger
language plpgsql
security definer
set search_path = ''
as $$
begin
  perform from public.resources r
  where r.provider_id = new.provider_id and (new.resource_id is null or r.id = new.resource_id)
  order by r.id
  for no key update;
  insert into public.occupancies (resource_id, period, closure_id)
  select r.id, new.period, new.id
  from public.resources r
  where r.provider_id = new.provider_id and (new.resource_id is null or r.id = new.resource_id);
  return null;
exception
  when exclusion_violation then
    perform private.fail(409, 'slot_taken', 'period');
    return null;
end;
$$;
create trigger occupy after insert on public.closures
  for each row execute function private.occupy_closure();

-- Starts that the hours allow, for each resource of a service, on local days of the provider's zone; whether they
-- are free is not asked here. Stepping is in elapsed time from opening, so a day of 23 or 25 hours comes out right.
create function private.open_starts(wanted uuid, from_date date, to_date date)
returns table (resource_id uuid, starts_at timestamptz)
language plpgsql
stable
security definer
set search_path = ''
as $$
#variable_conflict use_column
declare
  service public.services;
  zone text;
begin
  select s.* into service from public.services s where s.id = wanted and s.active;
  select p.time_zone into zone from public.providers p where p.id = service.provider_id and p.status = 'published';
  if zone is null then
    return;
  end if;
  return query
    select distinct c.id, t.starts_at
    from (
      select
        r.id,
        case when exists (select from public.opening_hours h where h.resource_id = r.id) then r.id end as hours_of
      from public.service_resources l
      join public.resources r on r.id = l.resource_id
      where l.service_id = service.id and r.active
    ) c
    -- the evening before may run past midnight into the first day
    cross join generate_series(from_date - 1, to_date, interval '1 day') as d (day)
    join public.opening_hours h
      on h.provider_id = service.provider_id
      and h.weekday = extract(isodow from d.day)
      and h.resource_id is not distinct from c.hours_of
      and (h.valid_from is null or h.valid_from <= d.day::date)
      and (h.valid_to is null or h.valid_to >= d.day::date)
    cross join lateral generate_series(
      (d.day::date + h.opens) at time zone zone,
      (d.day::date + h.closes + case when h.closes <= h.opens then interval '1 day' else interval '0' end)
        at time zone zone - make_interval(mins => service.duration_minutes),
      make_interval(mins => service.step_minutes)
    ) as t (starts_at)
    where (t.starts_at at time zone zone)::date between from_date and to_date;
end;
$$;

-- Free slots of an appointment service, as available_slots gives them. In plpgsql, as open_starts above: a search asks
-- for dozens of services at once, and a function in SQL with a search path of its own is planned anew at each call.
create function private.free_slots(wanted uuid, from_date date, to_date date)
returns table (starts_at timestamptz, ends_at timestamptz, free int, local_starts_at timestamp)
language plpgsql
stable
security definer
set search_path = ''
as $$
#variable_conflict use_column
declare
  service public.services;
  zone text;
  duration interval;
  before interval;
  after interval;
begin
  select s.* into service from public.services s where s.id = wanted;
  select p.time_zone into zone from public.providers p where p.id = service.provider_id;
  duration := make_interval(mins => service.duration_minutes);
  before := make_interval(mins => service.buffer_before_minutes);
  after := make_interval(mins => service.buffer_after_minutes);
  return query
    with starts as materialized (
      select o.resource_id, o.starts_at
      from private.open_starts(wanted, from_date, to_date) o
      where o.starts_at between now() + make_interval(mins => service.notice_minutes)
        and now() + make_interval(days => service.horizon_days)
    ),
    -- For each resource the starts that would overlap something, as one multirange: cheaper than a look-up a slot.
    busy as (
      select
        o.resource_id,
        range_agg(tstzrange(lower(o.period) - duration - after, upper(o.period) + before, '()')) as starts
      from public.occupancies o
      where o.resource_id = any (array(select distinct x.resource_id from starts x))
        and o.period && (select tstzrange(min(x.starts_at) - before, max(x.starts_at) + duration + after) from starts x)
        and (o.expires_at is null or o.expires_at > now())
      group by o.resource_id
    )
    select t.starts_at, t.starts_at + duration, (count(*) / service.staff_needed)::int, t.starts_at at time zone zone
    from starts t
    left join busy b on b.resource_id = t.resource_id
    where b.starts is null or not (b.starts @> t.starts_at)
    group by t.starts_at
    having count(*) >= service.staff_needed
    order by t.starts_at;
end;
$$;

-- The first free start of any of a provider's appointment services on local days from_date to to_date, or no row.
-- Day by day, since most are free on the first.
create function private.first_free(provider uuid, from_date date, to_date date)
returns table (starts_at timestamptz, local_starts_at timestamp)
language plpgsql
stable
security definer
set search_path = ''
as $$
#variable_conflict use_column
begin
  for day in 0 .. to_date - from_date loop
    return query
      select f.starts_at, f.local_starts_at
      from public.services s, private.free_slots(s.id, from_date + day, from_date + day) f
      where s.provider_id = provider and s.active and s.mode = 'appointment'
      order by f.starts_at
      limit 1;
    exit when found;
  end loop;
end;
$$;

-- +01:00 for an hour ahead of UTC.
create function private.offset_text(ahead interval)
returns text
language sql
immutable
set search_path = ''
as $$
  select case when ahead < interval '0' then '-' else '+' end
    || to_char(case when ahead < interval '0' then -ahead else ahead end, 'HH24:MI');
$$;

-- The next free starts from an instant on, at most `how_many`, looking four weeks ahead: a JSON array of instants,
-- each written with the offset of the provider's zone, so that its clock time can be read off.
create function private.next_free(wanted uuid, since timestamptz, how_many int default 3)
returns jsonb
language sql
stable
security definer
set search_path = ''
as $$
  select coalesce(
    jsonb_agg(
      to_char(f.local_starts_at, 'YYYY-MM-DD"T"HH24:MI:SS')
        || private.offset_text(f.local_starts_at - f.starts_at at time zone 'UTC')
      order by f.starts_at
    ),
    '[]'::jsonb
  )
  from (
    select s.starts_at, s.local_starts_at
    from private.free_slots(wanted, greatest(since, now())::date, greatest(since, now())::date + 28) s
    where s.starts_at >= since
    order by s.starts_at
    limit how_many
  ) f;
$$;

-- Free slots of a service on local days from_date to to_date (at most 62 days) of its provider's zone.
-- free: how many bookings of the service still fit at that start. local_starts_at: what the provider's clocks show
-- then; screens show this one, since their own zone data may be older or newer than the server's.
-- Raises invalid_input, not_found.
create function public.available_slots(service_id uuid, from_date date, to_date date, party_size int default 1)
returns table (starts_at timestamptz, ends_at timestamptz, free int, local_starts_at timestamp)
language plpgsql
stable
set search_path = ''
as $$
begin
  if from_date is null or to_date is null or to_date < from_date or to_date - from_date > 62 then
    perform private.fail(422, 'invalid_input', 'to_date');
  end if;
  if party_size is null or party_size < 1 or party_size > 1000 then
    perform private.fail(422, 'party_size', 'party_size');
  end if;
  if not exists (select from public.services s where s.id = available_slots.service_id) then
    perform private.fail(404, 'not_found', 'service_id');
  end if;
  return query
    select f.starts_at, f.ends_at, f.free, f.local_starts_at
    from private.free_slots(available_slots.service_id, from_date, to_date) f;
end;
$$;
grant execute on function private.free_slots(uuid, date, date) to anon, authenticated, service_role;
grant execute on function public.available_slots(uuid, date, date, int) to anon, authenticated, service_role;

-- Moves a booking along the status machine and writes its history. Raises not_found, invalid_transition.
-- The caller's right to act as `actor` is checked before; here it is state and time.
create function private.set_status(booking uuid, wanted text, acting text, why text default '')
returns public.bookings
language plpgsql
security definer
set search_path = ''
as $$
declare
  b public.bookings;
  rule public.booking_transitions;
begin
  select * into b from public.bookings where id = booking for update;
  if not found then
    perform private.fail(404, 'not_found');
  end if;
  select * into rule
  from public.booking_transitions t
  where t.from_status = b.status and t.to_status = wanted and t.actor = acting;
  if not found
    or (rule.condition = 'before_start' and now() >= b.starts_at)
    or (rule.condition = 'after_start' and now() < b.starts_at)
    or (rule.condition = 'hold_lapsed' and now() < b.hold_expires_at)
  then
    perform private.fail(409, 'invalid_transition', b.status);
  end if;
  if wanted in ('expired', 'cancelled', 'rejected') then
    delete from public.occupancies where booking_id = booking;
  elsif b.status = 'held' then
    update public.occupancies set expires_at = null where booking_id = booking;
  end if;
  update public.bookings
  set status = wanted, hold_expires_at = case when wanted = 'expired' then hold_expires_at end
  where id = booking
  returning * into b;
  insert into public.booking_events (booking_id, from_status, to_status, actor, actor_id, reason)
  values (booking, rule.from_status, wanted, acting, (select auth.uid()), left(coalesce(why, ''), 500));
  return b;
end;
$$;

-- Ends holds whose time is over: those in the way of a period on some resources, or all of them when called by the
-- job. Returns how many. Callers that want the place hold the resources' locks already.
create function private.expire_holds(resources uuid[] default null, wanted tstzrange default null)
returns int
language plpgsql
security definer
set search_path = ''
as $$
declare
  lapsed uuid;
  ended int := 0;
begin
  for lapsed in
    select b.id
    from public.bookings b
    where b.status = 'held' and b.hold_expires_at <= now()
      and (
        resources is null
        or exists (
          select
          from public.occupancies o
          where o.booking_id = b.id and o.resource_id = any (resources) and o.period && wanted
        )
      )
    order by b.id
    for update skip locked
  loop
    perform private.set_status(lapsed, 'expired', 'system');
    ended := ended + 1;
  end loop;
  return ended;
end;
$$;

-- Share of the paid sum, in percent, that goes back when a booking that starts at `starts` is cancelled at `at`.
create function private.refund_percent(policy jsonb, starts timestamptz, at timestamptz)
returns int
language sql
immutable
set search_path = ''
as $$
  select coalesce(
    (
      select (tier ->> 'refund_percent')::int
      from jsonb_array_elements(policy -> 'tiers') as tier
      where at <= starts - make_interval(hours => (tier ->> 'hours_before')::int)
      order by (tier ->> 'hours_before')::int desc
      limit 1
    ),
    0
  );
$$;

-- What a booking of a service costs, before anything is written: the one place where price and deposit are decided.
create type private.quote as (
  price_minor bigint,
  discount_minor bigint,
  deposit_minor bigint,
  currency text,
  policy jsonb
);

-- Raises promo_invalid for a code that is not there.
create function private.quote_service(wanted uuid, promo_code text)
returns private.quote
language plpgsql
stable
security definer
set search_path = ''
as $$
declare
  answer private.quote;
begin
  if coalesce(trim(promo_code), '') <> '' then
    perform private.fail(422, 'promo_invalid', 'promo_code');
  end if;
  select
    s.price_minor,
    0,
    -- rounded up to whole currency units: nobody asks for 33.33 MAD
    least(s.price_minor, ceil(s.price_minor * s.deposit_percent / 10000.0)::bigint * 100),
    p.currency,
    jsonb_build_object('code', c.code, 'tiers', c.tiers)
  into answer
  from public.services s
  join public.providers p on p.id = s.provider_id
  join public.cancellation_policies c on c.id = p.cancellation_policy_id
  where s.id = wanted;
  return answer;
end;
$$;

-- The secret of a guest's link: derived, so that a repeated call can give it again while only its hash is stored.
create function private.manage_token(booking uuid)
returns text
language sql
stable
security definer
set search_path = ''
as $$
  select translate(
    encode(
      extensions.hmac(uuid_send(booking), decode((select value from private.settings where name = 'link_secret'), 'hex'), 'sha256'),
      'base64'
    ),
    '+/=', '-_'
  );
$$;

create function private.token_hash(token text)
returns bytea
language sql
immutable
set search_path = ''
as $$
  select sha256(convert_to(token, 'UTF8'));
$$;

-- A booking's reference: eight letters and digits that are hard to confuse.
create function private.new_reference()
returns text
language sql
volatile
set search_path = ''
as $$
  select 'KH' || string_agg(
    substr('23456789ABCDEFGHJKMNPQRSTVWXYZ', 1 + get_byte(bytes.value, i) % 30, 1), '' order by i
  )
  from (select extensions.gen_random_bytes(8) as value) as bytes, generate_series(0, 7) as i;
$$;

-- Who is booking: the account's own data, completed or, for a guest, given by `guest`.
-- Raises invalid_input with the name of the field.
create type private.contact as (name text, email text, phone text, language text);

create function private.contact(guest jsonb)
returns private.contact
language plpgsql
stable
security definer
set search_path = ''
as $$
declare
  answer private.contact;
  me uuid := (select auth.uid());
  phone text := regexp_replace(coalesce(guest ->> 'phone', ''), '[\s().-]', '', 'g');
begin
  if guest is not null and jsonb_typeof(guest) <> 'object' then
    perform private.fail(422, 'invalid_input', 'guest');
  end if;
  if me is not null then
    select p.full_name, u.email, p.phone, p.language into answer
    from public.profiles p
    join auth.users u on u.id = p.id
    where p.id = me;
  end if;
  answer.name := coalesce(answer.name, trim(guest ->> 'name'));
  answer.email := coalesce(answer.email, lower(trim(guest ->> 'email')));
  answer.language := coalesce(guest ->> 'language', answer.language, 'fr');
  -- Moroccan numbers are written with a leading 0 at home
  phone := regexp_replace(regexp_replace(phone, '^00', '+'), '^0([5-8][0-9]{8})$', '+212\1');
  answer.phone := coalesce(nullif(phone, ''), answer.phone);
  if coalesce(char_length(answer.name), 0) not between 1 and 120 then
    perform private.fail(422, 'invalid_input', 'name');
  end if;
  if coalesce(answer.email, '') !~ '^[^@\s]+@[^@\s]+\.[^@\s]+$' or char_length(answer.email) > 254 then
    perform private.fail(422, 'invalid_input', 'email');
  end if;
  if answer.phone is not null and answer.phone !~ '^\+[1-9][0-9]{7,14}$' then
    perform private.fail(422, 'invalid_input', 'phone');
  end if;
  if answer.language not in ('fr', 'ar', 'en') then
    perform private.fail(422, 'invalid_input', 'language');
  end if;
  return answer;
end;
$$;

-- Free resources of an appointment at a start, the least used that day first; the caller holds their locks.
create function private.choose_resources(wanted public.services, at timestamptz, zone text)
returns uuid[]
language sql
stable
security definer
set search_path = ''
as $$
  select array(
    select o.resource_id
    from private.open_starts(wanted.id, (at at time zone zone)::date, (at at time zone zone)::date) o
    join public.resources r on r.id = o.resource_id
    where o.starts_at = at
      and not exists (
        select
        from public.occupancies x
        where x.resource_id = o.resource_id
          and x.period && tstzrange(
            at - make_interval(mins => wanted.buffer_before_minutes),
            at + make_interval(mins => wanted.duration_minutes + wanted.buffer_after_minutes)
          )
      )
    order by
      (
        select coalesce(sum(upper(x.period) - lower(x.period)), interval '0')
        from public.occupancies x
        where x.resource_id = o.resource_id
          and x.booking_id is not null
          and x.period && tstzrange(
            date_trunc('day', at at time zone zone) at time zone zone,
            (date_trunc('day', at at time zone zone) + interval '1 day') at time zone zone
          )
      ),
      r.position,
      r.id
    limit wanted.staff_needed
  );
$$;

-- Takes a slot: locks the service's resources in id order (the constraint alone deadlocks under contention), clears
-- lapsed holds, chooses, and returns the chosen ones. Raises slot_taken with the next free starts as hint.
create function private.claim_resources(wanted public.services, at timestamptz, zone text)
returns uuid[]
language plpgsql
security definer
set search_path = ''
as $$
declare
  candidates uuid[];
  chosen uuid[];
begin
  candidates := array(
    select r.id
    from public.service_resources l
    join public.resources r on r.id = l.resource_id
    where l.service_id = wanted.id and r.active
    order by r.id
    for no key update of r
  );
  perform private.expire_holds(
    candidates,
    tstzrange(
      at - make_interval(mins => wanted.buffer_before_minutes),
      at + make_interval(mins => wanted.duration_minutes + wanted.buffer_after_minutes)
    )
  );
  chosen := private.choose_resources(wanted, at, zone);
  if cardinality(chosen) < wanted.staff_needed then
    perform private.fail(409, 'slot_taken', 'starts_at', private.next_free(wanted.id, at)::text);
  end if;
  return chosen;
end;
$$;

create function private.occupy(booking public.bookings, wanted public.services, resources uuid[])
returns void
language sql
security definer
set search_path = ''
as $$
  insert into public.occupancies (resource_id, period, booking_id, expires_at)
  select
    r,
    tstzrange(
      booking.starts_at - make_interval(mins => wanted.buffer_before_minutes),
      booking.ends_at + make_interval(mins => wanted.buffer_after_minutes)
    ),
    booking.id,
    case when booking.status = 'held' then booking.hold_expires_at end
  from unnest(resources) as r;
$$;

-- What create_booking answers with.
create type public.created_booking as (
  booking_id uuid,
  reference text,
  status text,
  manage_token text,
  amount_due_minor bigint,
  currency text,
  hold_expires_at timestamptz
);

create function private.create_booking(
  service_id uuid, starts_at timestamptz, party_size int, guest jsonb, address jsonb, notes text, promo_code text,
  idempotency_key uuid
)
returns public.created_booking
language plpgsql
security definer
set search_path = ''
as $$
declare
  s public.services;
  p public.providers;
  who private.contact;
  price private.quote;
  b public.bookings;
  me uuid := (select auth.uid());
  chosen uuid[];
  token text;
begin
  if idempotency_key is null then
    perform private.fail(422, 'invalid_input', 'idempotency_key');
  end if;
  -- Two copies of one request at once: the second waits here and then finds the first one's booking.
  perform pg_advisory_xact_lock(hashtextextended(idempotency_key::text, 0));
  select * into b from public.bookings x where x.idempotency_key = create_booking.idempotency_key;
  if found then
    if b.customer_id is distinct from me then
      perform private.fail(422, 'invalid_input', 'idempotency_key');
    end if;
  else
    perform private.count_call('create_booking');
    select * into s from public.services x where x.id = create_booking.service_id and x.active;
    select * into p from public.providers x where x.id = s.provider_id and x.status = 'published';
    if s.id is null or p.id is null then
      perform private.fail(404, 'not_found', 'service_id');
    end if;
    if s.mode <> 'appointment' or create_booking.starts_at is null then
      perform private.fail(422, 'invalid_input', 'starts_at');
    end if;
    if coalesce(create_booking.party_size, 0) not between 1 and 1000 then
      perform private.fail(422, 'party_size', 'party_size');
    end if;
    if char_length(notes) > 2000 then
      perform private.fail(422, 'invalid_input', 'notes');
    end if;
    if s.place = 'customer' and coalesce(char_length(trim(address ->> 'line')), 0) not between 3 and 300
      or pg_column_size(address) > 2000
    then
      perform private.fail(422, 'invalid_input', 'address');
    end if;
    who := private.contact(guest);
    if create_booking.starts_at < now() + make_interval(mins => s.notice_minutes) then
      perform private.fail(422, 'too_soon', 'starts_at', private.next_free(s.id, now())::text);
    end if;
    if create_booking.starts_at > now() + make_interval(days => s.horizon_days) then
      perform private.fail(422, 'too_far', 'starts_at', private.next_free(s.id, now())::text);
    end if;
    if not exists (
      select
      from private.open_starts(
        s.id,
        (create_booking.starts_at at time zone p.time_zone)::date,
        (create_booking.starts_at at time zone p.time_zone)::date
      ) o
      where o.starts_at = create_booking.starts_at
    ) then
      perform private.fail(
        422, 'outside_hours', 'starts_at', private.next_free(s.id, create_booking.starts_at)::text
      );
    end if;
    price := private.quote_service(s.id, promo_code);
    chosen := private.claim_resources(s, create_booking.starts_at, p.time_zone);

    b.id := private.new_id();
    b.status := case
      when price.deposit_minor > 0 then 'held'
      when p.approval = 'automatic' then 'confirmed'
      else 'pending'
    end;
    insert into public.bookings (
      id, reference, provider_id, service_id, mode, status, customer_id, customer_name, customer_email,
      customer_phone, language, starts_at, ends_at, local_starts_at, time_zone, party_size, address, notes,
      price_minor, discount_minor, deposit_minor, currency, policy, hold_expires_at, idempotency_key,
      manage_token_hash, manage_token_expires_at
    )
    values (
      b.id, private.new_reference(), p.id, s.id, s.mode, b.status, me, who.name, who.email, who.phone, who.language,
      create_booking.starts_at, create_booking.starts_at + make_interval(mins => s.duration_minutes),
      create_booking.starts_at at time zone p.time_zone, p.time_zone, create_booking.party_size,
      case when s.place = 'customer' then address end, coalesce(trim(notes), ''), price.price_minor,
      price.discount_minor, price.deposit_minor, price.currency, price.policy,
      -- as long as Stripe keeps a checkout page open at the least
      case when b.status = 'held' then now() + interval '30 minutes' end,
      create_booking.idempotency_key,
      case when me is null then private.token_hash(private.manage_token(b.id)) end,
      case when me is null then create_booking.starts_at + interval '7 days' end
    )
    returning * into b;
    perform private.occupy(b, s, chosen);
    insert into public.booking_events (booking_id, to_status, actor, actor_id)
    values (b.id, b.status, 'customer', me);
  end if;
  token := case when b.customer_id is null then private.manage_token(b.id) end;
  return (
    b.id, b.reference, b.status, token,
    case when b.status = 'held' then b.deposit_minor - b.paid_minor else 0 end,
    b.currency, b.hold_expires_at
  )::public.created_booking;
end;
$$;

-- Books. For an appointment service_id and starts_at say what; guest {name, email, phone, language} is who, for a
-- visitor; a signed-in customer's own data is used, and guest.phone and guest.language may complete it.
-- address {line, district, city, details} is needed where the provider comes to the customer.
-- The same idempotency_key gives the same booking back. Answers with manage_token for guests alone.
-- Raises invalid_input, not_found, party_size, too_soon, too_far, outside_hours, slot_taken, promo_invalid,
-- rate_limited; for a refused time the hint lists the next free starts.
create function public.create_booking(
  service_id uuid,
  starts_at timestamptz default null,
  session_id uuid default null,
  seats text[] default null,
  party_size int default 1,
  guest jsonb default null,
  address jsonb default null,
  notes text default '',
  promo_code text default null,
  idempotency_key uuid default null
)
returns public.created_booking
language plpgsql
set search_path = ''
as $$
begin
  -- seats and sessions are booked by services of another mode
  if session_id is not null or seats is not null then
    perform private.fail(422, 'invalid_input', case when session_id is not null then 'session_id' else 'seats' end);
  end if;
  return private.create_booking(
    service_id, starts_at, party_size, guest, address, notes, promo_code, idempotency_key
  );
end;
$$;
grant execute on function private.create_booking(uuid, timestamptz, int, jsonb, jsonb, text, text, uuid)
  to anon, authenticated;
grant execute on function public.create_booking(
  uuid, timestamptz, uuid, text[], int, jsonb, jsonb, text, text, uuid
) to anon, authenticated;

-- What quote_booking answers with. policy is {"code", "tiers"}; free_until is the last instant at which all that
-- was paid comes back.
create type public.booking_quote as (
  price_minor bigint,
  discount_minor bigint,
  deposit_minor bigint,
  currency text,
  policy jsonb,
  free_until timestamptz
);

create function private.quote_booking(service_id uuid, starts_at timestamptz, promo_code text)
returns public.booking_quote
language plpgsql
stable
security definer
set search_path = ''
as $$
declare
  price private.quote;
begin
  if not exists (
    select
    from public.services s
    join public.providers p on p.id = s.provider_id
    where s.id = quote_booking.service_id and s.active and p.status = 'published'
  ) then
    perform private.fail(404, 'not_found', 'service_id');
  end if;
  price := private.quote_service(service_id, promo_code);
  return (
    price.price_minor, price.discount_minor, price.deposit_minor, price.currency, price.policy,
    (
      select starts_at - make_interval(hours => min((tier ->> 'hours_before')::int))
      from jsonb_array_elements(price.policy -> 'tiers') as tier
      where (tier ->> 'refund_percent')::int = 100
    )
  )::public.booking_quote;
end;
$$;

-- Says what create_booking with the same parameters would cost; writes nothing. Raises not_found, promo_invalid.
create function public.quote_booking(
  service_id uuid,
  starts_at timestamptz default null,
  session_id uuid default null,
  seats text[] default null,
  party_size int default 1,
  guest jsonb default null,
  address jsonb default null,
  notes text default '',
  promo_code text default null,
  idempotency_key uuid default null
)
returns public.booking_quote
language sql
stable
set search_path = ''
as $$
  select private.quote_booking(service_id, starts_at, promo_code);
$$;
grant execute on function private.quote_booking(uuid, timestamptz, text) to anon, authenticated;
grant execute on function public.quote_booking(
  uuid, timestamptz, uuid, text[], int, jsonb, jsonb, text, text, uuid
) to anon, authenticated;

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
  staff text[],
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
  deposit_minor bigint,
  paid_minor bigint,
  amount_due_minor bigint,
  refund_minor bigint,
  refund_if_cancelled_minor bigint,
  currency text,
  policy jsonb,
  hold_expires_at timestamptz,
  payment_failure text,
  created_at timestamptz
);

-- How the caller stands to a booking; null for a stranger. An account's own booking needs no token.
create function private.booking_viewer(b public.bookings, token text)
returns text
language sql
stable
security definer
set search_path = ''
as $$
  select case
    when b.customer_id = (select auth.uid()) then 'customer'
    when private.is_member(b.provider_id) then 'provider'
    when b.manage_token_hash = private.token_hash(token) and b.manage_token_expires_at > now() then 'guest'
    when private.may('bookings.read') then 'staff'
  end;
$$;

-- Finds a booking by id or by a guest's token and tells how the caller stands to it. Raises not_found for a booking
-- that is not there and for one that is nobody's business alike.
create function private.find_booking(booking uuid, token text, out found_booking public.bookings, out viewer text)
language plpgsql
stable
security definer
set search_path = ''
as $$
begin
  select * into found_booking
  from public.bookings b
  where case
    when booking is not null then b.id = booking
    else b.manage_token_hash = private.token_hash(token)
  end;
  viewer := private.booking_viewer(found_booking, token);
  if viewer is null then
    perform private.fail(404, 'not_found');
  end if;
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
begin
  select
    b.id, b.reference, b.status, b.mode, viewer,
    array(
      select t.to_status
      from public.booking_transitions t
      where t.from_status = b.status
        and t.actor = case viewer when 'guest' then 'customer' else viewer end
        and (
          t.condition is null
          or (t.condition = 'before_start' and now() < b.starts_at)
          or (t.condition = 'after_start' and now() >= b.starts_at)
        )
      order by t.to_status
    ),
    p.id, p.slug, p.name, p.name_ar, p.phone, concat_ws(', ', p.address, p.district),
    s.id, s.name_fr, s.name_ar, s.name_en, s.place,
    array(
      select r.name
      from public.occupancies o
      join public.resources r on r.id = o.resource_id
      where o.booking_id = b.id and r.kind = 'staff'
      order by r.position, r.name
    ),
    b.starts_at, b.ends_at, b.local_starts_at, b.time_zone, b.party_size, b.customer_id, b.customer_name, b.customer_email,
    b.customer_phone, b.address, b.notes, b.price_minor, b.discount_minor, b.deposit_minor, b.paid_minor,
    case when b.status = 'held' then b.deposit_minor - b.paid_minor else 0 end,
    b.refund_minor,
    (b.paid_minor - b.refund_minor)
      * case when viewer = 'provider' then 100 else private.refund_percent(b.policy, b.starts_at, now()) end / 100,
    b.currency, b.policy, b.hold_expires_at,
    private.payment_failure(b.id),
    b.created_at
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
  select * into found_one from private.find_booking(booking_id, manage_token);
  return private.describe_booking(found_one.found_booking, found_one.viewer);
end;
$$;

-- The booking as its caller may see it, by id for those it concerns or by a guest's secret token. Raises not_found.
create function public.get_booking(booking_id uuid default null, manage_token text default null)
returns public.booking_details
language sql
stable
set search_path = ''
as $$
  select private.get_booking(booking_id, manage_token);
$$;
grant execute on function private.get_booking(uuid, text) to anon, authenticated;
grant execute on function public.get_booking(uuid, text) to anon, authenticated;

create function private.cancel_booking(booking_id uuid, manage_token text, reason text)
returns public.booking_details
language plpgsql
security definer
set search_path = ''
as $$
declare
  found_one record;
  b public.bookings;
  refund bigint;
begin
  perform private.count_call('change_booking');
  select * into found_one from private.find_booking(booking_id, manage_token);
  if found_one.viewer = 'staff' then
    perform private.fail(403, 'not_allowed');
  end if;
  b := private.set_status(
    (found_one.found_booking).id, 'cancelled',
    case when found_one.viewer = 'provider' then 'provider' else 'customer' end, reason
  );
  refund := (b.paid_minor - b.refund_minor)
    * case when found_one.viewer = 'provider' then 100 else private.refund_percent(b.policy, b.starts_at, now()) end
    / 100;
  if refund > 0 then
    perform private.request_refund(b.id, refund, 'cancelled_by_' || found_one.viewer);
    select * into b from public.bookings where id = b.id;
  end if;
  return private.describe_booking(b, found_one.viewer);
end;
$$;

-- Cancels, as the customer, the guest with the token, or the provider, and asks for the refund that the booking's
-- own policy gives (all of it when the provider cancels). Raises not_found, not_allowed, invalid_transition.
create function public.cancel_booking(
  booking_id uuid default null, manage_token text default null, reason text default ''
)
returns public.booking_details
language sql
set search_path = ''
as $$
  select private.cancel_booking(booking_id, manage_token, reason);
$$;
grant execute on function private.cancel_booking(uuid, text, text) to anon, authenticated;
grant execute on function public.cancel_booking(uuid, text, text) to anon, authenticated;

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
  b := private.set_status(b.id, to_status, 'provider', reason);
  -- who is turned away gets everything back
  if b.status = 'rejected' and b.paid_minor > b.refund_minor then
    perform private.request_refund(b.id, b.paid_minor - b.refund_minor, 'rejected');
    select * into b from public.bookings where id = b.id;
  end if;
  return private.describe_booking(b, 'provider');
end;
$$;

-- Moves a booking along, as a member of its provider: confirmed, rejected, in_progress, completed, no_show, cancelled.
-- Raises not_found, invalid_transition.
create function public.transition_booking(booking_id uuid, to_status text, reason text default '')
returns public.booking_details
language sql
set search_path = ''
as $$
  select private.transition_booking(booking_id, to_status, reason);
$$;
grant execute on function private.transition_booking(uuid, text, text) to authenticated;
grant execute on function public.transition_booking(uuid, text, text) to authenticated;
