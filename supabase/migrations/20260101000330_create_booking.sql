-- Booking: what it costs, who books, and the place that it takes.

-- What a booking of a service costs, before anything is written: the one place where price and deposit are decided.
create type private.quote as (
  price_minor bigint,
  discount_minor bigint,
  deposit_minor bigint,
  currency text,
  policy jsonb
);

-- Raises promo_invalid for a code that is not there, party_size, invalid_input for a seat that the room does not have.
create function private.quote_service(wanted uuid, session uuid, seats text[], party int, promo_code text)
returns private.quote
language plpgsql
stable
security definer
set search_path = ''
as $$
declare
  service public.services;
  answer private.quote;
begin
  if coalesce(trim(promo_code), '') <> '' then
    perform private.fail(422, 'promo_invalid', 'promo_code');
  end if;
  select * into service from public.services s where s.id = wanted;
  if coalesce(party, 0) not between service.min_party and service.max_party then
    perform private.fail(422, 'party_size', 'party_size');
  end if;
  if seats is not null then
    select sum(coalesce(x.price_minor, service.price_minor)) into answer.price_minor
    from public.sessions t
    join public.seats e on e.resource_id = t.resource_id and e.label = any (seats)
    left join public.seat_prices x on x.service_id = service.id and x.category = e.category
    where t.id = session and t.service_id = service.id
    having count(*) = cardinality(seats);
    if answer.price_minor is null then
      perform private.fail(422, 'invalid_input', 'seats');
    end if;
  else
    answer.price_minor := service.price_minor * case service.price_per when 'person' then party else 1 end;
  end if;
  answer.discount_minor := 0;
  -- rounded up to whole currency units: nobody asks for 33.33 MAD
  answer.deposit_minor := least(
    answer.price_minor, ceil(answer.price_minor * service.deposit_percent / 10000.0)::bigint * 100
  );
  select p.currency, jsonb_build_object('code', c.code, 'tiers', c.tiers)
  into answer.currency, answer.policy
  from public.providers p
  join public.cancellation_policies c on c.id = p.cancellation_policy_id
  where p.id = service.provider_id;
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

-- What a booking from `starts` to `ends` (null: for the service's usual time) takes, buffers included.
create function private.period_taken(wanted public.services, starts timestamptz, ends timestamptz)
returns tstzrange
language sql
immutable
set search_path = ''
as $$
  select tstzrange(
    starts - make_interval(mins => wanted.buffer_before_minutes),
    coalesce(ends, starts + make_interval(mins => wanted.duration_minutes))
      + make_interval(mins => wanted.buffer_after_minutes)
  );
$$;

-- Raises too_soon or too_far for a start that the service does not take bookings for now.
create function private.check_notice(wanted public.services, at timestamptz, party int)
returns void
language plpgsql
stable
security definer
set search_path = ''
as $$
begin
  if at < now() + make_interval(mins => wanted.notice_minutes) then
    perform private.fail(422, 'too_soon', 'starts_at', private.next_free(wanted.id, now(), party)::text);
  end if;
  if at > now() + make_interval(days => wanted.horizon_days) then
    perform private.fail(422, 'too_far', 'starts_at', private.next_free(wanted.id, now(), party)::text);
  end if;
end;
$$;

-- Raises too_soon, too_far, or outside_hours for a start that is not one of the service's.
create function private.check_start(wanted public.services, at timestamptz, zone text, party int)
returns void
language plpgsql
stable
security definer
set search_path = ''
as $$
begin
  perform private.check_notice(wanted, at, party);
  if not exists (
    select
    from private.open_starts(wanted.id, (at at time zone zone)::date, (at at time zone zone)::date) o
    where o.starts_at = at
  ) then
    perform private.fail(422, 'outside_hours', 'starts_at', private.next_free(wanted.id, at, party)::text);
  end if;
end;
$$;

-- How long a resource works for bookings on the local day of a start: the least used goes first.
create function private.used_that_day(resource uuid, at timestamptz, zone text)
returns interval
language sql
stable
security definer
set search_path = ''
as $$
  select coalesce(sum(upper(x.period) - lower(x.period)), interval '0')
  from public.occupancies x
  where x.resource_id = resource
    and x.booking_id is not null
    and x.period && tstzrange(
      date_trunc('day', at at time zone zone) at time zone zone,
      (date_trunc('day', at at time zone zone) + interval '1 day') at time zone zone
    );
$$;

-- The resources that a booking at a start gets, or null: as many staff as the service needs, the least used that day
-- first; or the smallest table, else the smallest group of neighbours, that seats the party. Deterministic. The caller
-- holds the locks and has cleared lapsed holds; or only wants to know, and has lapsed holds count as free.
create function private.choose_resources(
  wanted public.services, at timestamptz, zone text, party int, lapsed_are_free boolean default false
)
returns uuid[]
language plpgsql
stable
security definer
set search_path = ''
as $$
declare
  free uuid[] := array(
    select o.resource_id
    from private.open_starts(wanted.id, (at at time zone zone)::date, (at at time zone zone)::date) o
    where o.starts_at = at
      and not exists (
        select
        from public.occupancies x
        where x.resource_id = o.resource_id and x.period && private.period_taken(wanted, at, null)
          and (not lapsed_are_free or x.expires_at is null or x.expires_at > now())
      )
  );
begin
  if wanted.mode = 'table' then
    return (
      select g.tables
      from private.table_groups(wanted.id, party) g
      where g.tables <@ free
      order by
        cardinality(g.tables) > 1,
        g.capacity,
        cardinality(g.tables),
        (select sum(private.used_that_day(t, at, zone)) from unnest(g.tables) as t),
        (select array_agg((r.position, r.id) order by r.position, r.id) from public.resources r where r.id = any (g.tables))
      limit 1
    );
  end if;
  free := array(
    select r.id
    from public.resources r
    where r.id = any (free)
    order by private.used_that_day(r.id, at, zone), r.position, r.id
    limit wanted.staff_needed
  );
  return case when cardinality(free) = wanted.staff_needed then free end;
end;
$$;

-- Takes a slot: locks the service's resources in id order (the constraint alone deadlocks under contention), clears
-- lapsed holds, chooses, and returns the chosen ones. Raises slot_taken with the next free starts as hint.
create function private.claim_resources(wanted public.services, at timestamptz, zone text, party int)
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
  perform private.expire_holds(candidates, private.period_taken(wanted, at, null));
  chosen := private.choose_resources(wanted, at, zone, party);
  if chosen is null then
    perform private.fail(409, 'slot_taken', 'starts_at', private.next_free(wanted.id, at, party)::text);
  end if;
  return chosen;
end;
$$;

-- Gives a booking what it takes: the chosen resources, or its places in the session whose lock the caller holds.
-- Raises seat_taken.
create function private.occupy(booking public.bookings, wanted public.services, resources uuid[], seats text[])
returns void
language plpgsql
security definer
set search_path = ''
as $$
begin
  if booking.session_id is null then
    insert into public.occupancies (resource_id, period, booking_id, expires_at)
    select
      r, private.period_taken(wanted, booking.starts_at, booking.ends_at), booking.id,
      case when booking.status = 'held' then booking.hold_expires_at end
    from unnest(resources) as r;
    return;
  end if;
  update public.sessions s set taken = s.taken + booking.party_size where s.id = booking.session_id;
  insert into public.booking_seats (session_id, seat, booking_id)
  select booking.session_id, seat, booking.id
  from unnest(seats) as seat;
end;
$$;

-- Locks a session and makes sure that a party fits, lapsed holds cleared. Seats are given where the room has numbered
-- ones, and only there. Raises not_found, invalid_input, seat_taken, session_full; the hint lists the next sessions with
-- places.
create function private.claim_session(wanted public.services, session uuid, seats text[], party int)
returns public.sessions
language plpgsql
security definer
set search_path = ''
as $$
declare
  s public.sessions;
  numbered boolean;
begin
  select * into s
  from public.sessions x
  where x.id = session and x.service_id = wanted.id and x.active
  for no key update;
  if not found then
    perform private.fail(404, 'not_found', 'session_id');
  end if;
  numbered := exists (select from public.seats e where e.resource_id = s.resource_id);
  if numbered <> (seats is not null) or cardinality(seats) <> party
    or (select count(distinct seat) from unnest(seats) as seat) <> cardinality(seats)
  then
    perform private.fail(422, 'invalid_input', 'seats');
  end if;
  perform private.expire_holds(session => s.id);
  if exists (select from public.booking_seats x where x.session_id = s.id and x.seat = any (seats)) then
    perform private.fail(409, 'seat_taken', 'seats', private.next_free(wanted.id, now(), party)::text);
  end if;
  select * into s from public.sessions x where x.id = s.id;
  if s.capacity - s.taken < party then
    perform private.fail(409, 'session_full', 'session_id', private.next_free(wanted.id, now(), party)::text);
  end if;
  return s;
end;
$$;

-- What create_booking answers with.
create type public.created_booking as (
  booking_id uuid,
  reference text,
  status text,
  manage_token text,
  amount_due_minor bigint,
  currency text,
  hold_expires_at timestamptz,
  -- of a refusal, else null: see private.refused
  code text,
  message text,
  details text,
  hint text
);

create function private.create_booking(
  service_id uuid, starts_at timestamptz, session_id uuid, seats text[], party_size int, guest jsonb, address jsonb, notes text, promo_code text,
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
  t public.sessions;
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
    select * into s from public.services x where x.id = create_booking.service_id and x.active;
    select * into p from public.providers x where x.id = s.provider_id and x.status = 'published';
    if s.id is null or p.id is null then
      perform private.fail(404, 'not_found', 'service_id');
    end if;
    if (s.mode = 'session') <> (create_booking.session_id is not null)
      or (s.mode <> 'session' and create_booking.seats is not null)
    then
      perform private.fail(422, 'invalid_input', case when s.mode = 'session' then 'session_id' else 'seats' end);
    end if;
    if s.mode <> 'session' and create_booking.starts_at is null then
      perform private.fail(422, 'invalid_input', 'starts_at');
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
    -- seats say how many come
    create_booking.party_size := coalesce(cardinality(create_booking.seats), create_booking.party_size);
    price := private.quote_service(
      s.id, create_booking.session_id, create_booking.seats, create_booking.party_size, promo_code
    );
    if s.mode = 'session' then
      t := private.claim_session(s, create_booking.session_id, create_booking.seats, create_booking.party_size);
      perform private.check_notice(s, t.starts_at, create_booking.party_size);
      b.starts_at := t.starts_at;
      b.ends_at := t.ends_at;
    else
      perform private.check_start(s, create_booking.starts_at, p.time_zone, create_booking.party_size);
      chosen := private.claim_resources(s, create_booking.starts_at, p.time_zone, create_booking.party_size);
      b.starts_at := create_booking.starts_at;
      b.ends_at := b.starts_at + make_interval(mins => s.duration_minutes);
    end if;

    b.id := private.new_id();
    b.status := case
      when price.deposit_minor > 0 then 'held'
      when p.approval = 'automatic' then 'confirmed'
      else 'pending'
    end;
    insert into public.bookings (
      id, reference, provider_id, service_id, session_id, mode, status, customer_id, customer_name, customer_email,
      customer_phone, language, starts_at, ends_at, local_starts_at, time_zone, party_size, seats, address, notes,
      price_minor, discount_minor, deposit_minor, currency, policy, hold_expires_at, idempotency_key,
      manage_token_hash, manage_token_expires_at
    )
    values (
      b.id, private.new_reference(), p.id, s.id, t.id, s.mode, b.status, me, who.name, who.email, who.phone,
      who.language, b.starts_at, b.ends_at, b.starts_at at time zone p.time_zone, p.time_zone, create_booking.party_size,
      create_booking.seats,
      case when s.place = 'customer' then address end, coalesce(trim(notes), ''), price.price_minor,
      price.discount_minor, price.deposit_minor, price.currency, price.policy,
      -- as long as Stripe keeps a checkout page open at the least
      case when b.status = 'held' then now() + interval '30 minutes' end,
      create_booking.idempotency_key,
      case when me is null then private.token_hash(private.manage_token(b.id)) end,
      case when me is null then b.ends_at + interval '7 days' end
    )
    returning * into b;
    perform private.occupy(b, s, chosen, create_booking.seats);
    insert into public.booking_events (booking_id, to_status, actor, actor_id)
    values (b.id, b.status, 'customer', me);
  end if;
  token := case when b.customer_id is null then private.manage_token(b.id) end;
  return (
    b.id, b.reference, b.status, token,
    case when b.status = 'held' then b.deposit_minor - b.paid_minor else 0 end,
    b.currency, b.hold_expires_at, null, null, null, null
  )::public.created_booking;
end;
$$;

-- Books. For an appointment service_id and starts_at say what, for a table party_size too; for a session session_id, and
-- seats where its room has numbered ones (they count the party) or party_size where not. guest {name, email, phone, language} is who, for a
-- visitor; a signed-in customer's own data is used, and guest.phone and guest.language may complete it.
-- address {line, district, city, details} is needed where the provider comes to the customer.
-- The same idempotency_key gives the same booking back. Answers with manage_token for guests alone.
-- Raises invalid_input, not_found, party_size, too_soon, too_far, outside_hours, slot_taken, seat_taken, session_full,
-- promo_invalid, rate_limited (a refusal counts like a booking); for a refused time the hint lists the next free starts.
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
declare
  message text;
  details text;
  hint text;
begin
  perform private.count_call('create_booking');
  begin
    return private.create_booking(
      service_id, starts_at, session_id, seats, party_size, guest, address, notes, promo_code, idempotency_key
    );
  exception
    when others then
      get stacked diagnostics message = message_text, details = pg_exception_detail, hint = pg_exception_hint;
      return jsonb_populate_record(
        null::public.created_booking, private.refused(sqlstate, message, details, hint)
      );
  end;
end;
$$;
grant execute on function private.create_booking(
  uuid, timestamptz, uuid, text[], int, jsonb, jsonb, text, text, uuid
) to anon, authenticated;
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

create function private.quote_booking(
  service_id uuid, starts_at timestamptz, session_id uuid, seats text[], party_size int, promo_code text
)
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
  price := private.quote_service(
    service_id, session_id, seats, coalesce(cardinality(seats), party_size), promo_code
  );
  return (
    price.price_minor, price.discount_minor, price.deposit_minor, price.currency, price.policy,
    (
      select coalesce(quote_booking.starts_at, (select t.starts_at from public.sessions t where t.id = session_id))
        - make_interval(hours => min((tier ->> 'hours_before')::int))
      from jsonb_array_elements(price.policy -> 'tiers') as tier
      where (tier ->> 'refund_percent')::int = 100
    )
  )::public.booking_quote;
end;
$$;

-- Says what create_booking with the same parameters would cost; writes nothing. Raises not_found,
-- party_size, invalid_input, promo_invalid.
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
  select private.quote_booking(service_id, starts_at, session_id, seats, party_size, promo_code);
$$;
grant execute on function private.quote_booking(uuid, timestamptz, uuid, text[], int, text) to anon, authenticated;
grant execute on function public.quote_booking(
  uuid, timestamptz, uuid, text[], int, jsonb, jsonb, text, text, uuid
) to anon, authenticated;
