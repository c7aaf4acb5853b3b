-- What a booking costs: the one place where price, discount and deposit are decided.

-- What a booking of a service costs, before anything is written. Sums in minor units of the provider's currency.
create type private.quote as (
  price_minor bigint,
  discount_minor bigint,
  deposit_minor bigint,
  currency text,
  policy jsonb,
  promo_code_id uuid
);

-- Stands for what somebody is shown before they agree to it, so that the same can be asked for: at other terms nothing
-- happens.
create function private.stamp(shown anyelement)
returns text
language sql
stable
set search_path = ''
as $$
  select encode(sha256(convert_to(to_jsonb(shown)::text, 'UTF8')), 'hex');
$$;

-- The price of a service now, in minor units: of the seats in a session, or of so many people. Null for a seat that its
-- room does not have.
create function private.price_of(service public.services, session uuid, seats text[], party int)
returns bigint
language sql
stable
security definer
set search_path = ''
as $$
  select case
    when seats is null then service.price_minor * case service.price_per when 'person' then party else 1 end
    else (
      select sum(coalesce(x.price_minor, service.price_minor))
      from public.sessions t
      join public.seats e on e.resource_id = t.resource_id and e.label = any (seats)
      left join public.seat_prices x on x.service_id = service.id and x.category = e.category
      where t.id = session and t.service_id = service.id
      having count(*) = cardinality(seats)
    )
  end;
$$;

-- Stands for a price and what it was shown for: how long the service takes, and of a session its start too, which its
-- business may move meanwhile. The start of another booking is the caller's own word.
create function private.terms_of(price private.quote, service uuid, session uuid)
returns text
language sql
stable
security definer
set search_path = ''
as $$
  select private.stamp(
    jsonb_build_object(
      'price', to_jsonb(price),
      'lasts', (select s.duration_minutes from public.services s where s.id = service),
      'starts_at', (select t.starts_at from public.sessions t where t.id = session)
    )
  );
$$;

-- Raises slot_taken, with the next free starts as hint, where a session does not start when the caller says that it
-- does: it was moved since they saw it. Null names no start.
create function private.check_session_start(t public.sessions, at timestamptz, party int)
returns void
language plpgsql
stable
security definer
set search_path = ''
as $$
begin
  if t.starts_at <> at then
    perform private.fail(409, 'slot_taken', 'starts_at', private.next_free(t.service_id, now(), party)::text);
  end if;
end;
$$;

-- `email` is whose, where it is known: a code may be for so many bookings of each customer.
-- Raises promo_invalid, party_size (also where the deposit would be more than can be charged), invalid_input for a seat
-- that the room does not have.
create function private.quote_service(
  wanted uuid, session uuid, seats text[], party int, promo_code text, email text
)
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
  select * into service from public.services s where s.id = wanted;
  if coalesce(party, 0) not between service.min_party and service.max_party then
    perform private.fail(422, 'party_size', 'party_size');
  end if;
  answer.price_minor := private.price_of(service, session, seats, party);
  if answer.price_minor is null then
    perform private.fail(422, 'invalid_input', 'seats');
  end if;
  answer.discount_minor := 0;
  if coalesce(trim(promo_code), '') <> '' then
    select d.id, d.discount_minor into answer.promo_code_id, answer.discount_minor
    from private.promo_discount(promo_code, service, answer.price_minor, email) d;
  end if;
  select p.currency, jsonb_build_object('code', c.code, 'tiers', c.tiers)
  into answer.currency, answer.policy
  from public.providers p
  join public.cancellation_policies c on c.id = p.cancellation_policy_id
  where p.id = service.provider_id;
  answer.deposit_minor := private.deposit_of(
    answer.price_minor - answer.discount_minor, service.deposit_percent, answer.currency
  );
  if answer.deposit_minor > (select c.max_charge_minor from public.currencies c where c.code = answer.currency) then
    perform private.fail(422, 'party_size', 'party_size');
  end if;
  return answer;
end;
$$;

-- What quote_booking answers with. total: the price less the discount, of which the deposit is paid when booking and
-- due_on_site the rest. policy is {"code", "tiers"}; refunds says what comes back of the deposit until when
-- (see private.refund_steps), null as long as no start is named.
create type public.booking_quote as (
  price_minor bigint,
  discount_minor bigint,
  total_minor bigint,
  deposit_minor bigint,
  due_on_site_minor bigint,
  currency text,
  policy jsonb,
  refunds jsonb,
  -- the reference of a booking of the caller's own account, of the same service, that is on at that time: to be asked
  -- whether another is meant. Nobody learns of an address that it has one.
  already_booked text,
  -- stands for the price, the discount, the deposit, the policy and a session's start: see private.terms_of
  terms text,
  -- of a refusal, else null: see private.refused
  code text,
  message text,
  details text,
  hint text
);

-- The reference of a live booking that the caller's account has of a service from `starts` on, for as long as one
-- takes, or of its session; null where there is none. The booking that `key` made is no other one.
create function private.already_booked(service uuid, starts timestamptz, session uuid, key uuid)
returns text
language sql
stable
security definer
set search_path = ''
as $$
  select b.reference
  from public.bookings b
  join public.services s on s.id = b.service_id
  where b.customer_id = (select private.me()) and b.service_id = already_booked.service
    and case
      when session is not null then b.session_id = session
      else b.starts_at < starts + make_interval(mins => s.duration_minutes) and b.ends_at > starts
    end
    and (
      b.status in ('pending', 'confirmed', 'in_progress') or (b.status = 'held' and b.hold_expires_at > now())
    )
    and b.idempotency_key is distinct from key
  order by b.starts_at
  limit 1;
$$;

create function private.quote_booking(
  service_id uuid, starts_at timestamptz, session_id uuid, seats text[], party_size int, promo_code text,
  idempotency_key uuid
)
returns public.booking_quote
language plpgsql
stable
security definer
set search_path = ''
as $$
declare
  price private.quote;
  zone text;
  starts timestamptz := coalesce(
    quote_booking.starts_at, (select t.starts_at from public.sessions t where t.id = session_id)
  );
begin
  select p.time_zone into zone
  from public.services s
  join public.providers p on p.id = s.provider_id
  where s.id = quote_booking.service_id and s.active and p.status = 'published';
  if zone is null then
    perform private.fail(404, 'not_found', 'service_id');
  end if;
  if starts is not null and not private.in_calendar(starts) then
    perform private.fail(422, 'invalid_input', 'starts_at');
  end if;
  perform private.check_session_start(t, starts, coalesce(cardinality(seats), party_size))
  from public.sessions t
  where t.id = session_id and t.service_id = quote_booking.service_id;
  price := private.quote_service(
    service_id, session_id, seats, coalesce(cardinality(seats), party_size), promo_code,
    -- who has used a code is told to nobody but the account itself: of an address that was but typed it is asked when
    -- booking
    (select u.email from auth.users u where u.id = private.me())
  );
  return (
    price.price_minor, price.discount_minor, price.price_minor - price.discount_minor, price.deposit_minor,
    price.price_minor - price.discount_minor - price.deposit_minor, price.currency, price.policy,
    case when starts is not null then
      private.refund_steps(price.policy, starts, zone, price.deposit_minor, price.currency)
    end,
    private.already_booked(service_id, starts, session_id, idempotency_key),
    private.terms_of(price, service_id, session_id), null, null, null, null
  )::public.booking_quote;
end;
$$;

-- Says what create_booking with the same parameters would cost; writes nothing. Raises not_found, party_size,
-- invalid_input, slot_taken for a session that does not start then, promo_invalid (the same for a code that is unknown,
-- over or used up), rate_limited: codes are counted, right and wrong ones. What a guest's address has used or booked
-- before is not looked at.
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
  idempotency_key uuid default null,
  expected_total_minor bigint default null,
  expected_terms text default null
)
returns public.booking_quote
language plpgsql
set search_path = ''
as $$
declare
  message text;
  details text;
  hint text;
begin
  if coalesce(trim(promo_code), '') <> '' then
    perform private.count_call('promo_code');
  end if;
  begin
    return private.quote_booking(
      service_id, starts_at, session_id, seats, party_size, promo_code, idempotency_key
    );
  exception
    when others then
      get stacked diagnostics message = message_text, details = pg_exception_detail, hint = pg_exception_hint;
      return jsonb_populate_record(null::public.booking_quote, private.refused(sqlstate, message, details, hint));
  end;
end;
$$;
grant execute on function private.quote_booking(uuid, timestamptz, uuid, text[], int, text, uuid)
  to anon, authenticated;
grant execute on function public.quote_booking(
  uuid, timestamptz, uuid, text[], int, jsonb, jsonb, text, text, uuid, bigint, text
) to anon, authenticated;
