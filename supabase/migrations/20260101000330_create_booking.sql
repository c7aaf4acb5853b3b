-- Booking: who books, and the one way in which a booking is written.

-- The secret of a guest's link: derived, so that a repeated call can give it again while only its hash is stored.
create function private.manage_token(booking uuid)
returns text
language plpgsql
stable
security definer
set search_path = ''
as $$
begin
  return translate(
    encode(
      extensions.hmac(
        uuid_send(booking), decode((select value from private.settings where name = 'link_secret'), 'hex'), 'sha256'
      ),
      'base64'
    ),
    '+/=', '-_'
  );
end;
$$;

-- The link of a guest's booking ends a week after it, and the one that proves its address with it; their holder is the
-- guest, whoever else is suspended. They move along with the booking, and end when it is no longer that guest's.
create function private.keep_manage_secret()
returns trigger
language plpgsql
security definer
set search_path = ''
as $$
begin
  if new.customer_id is not null or (tg_op = 'UPDATE' and new.customer_email is distinct from old.customer_email) then
    delete from private.bearer_secrets s where s.subject_id = new.id;
  elsif tg_op = 'INSERT' then
    perform private.give_secret(
      'manage_booking', new.id, private.manage_token(new.id), new.ends_at + interval '7 days'
    );
  else
    update private.bearer_secrets s
    set expires_at = new.ends_at + case s.purpose when 'manage_booking' then interval '7 days' else interval '0' end
    where s.subject_id = new.id and s.purpose in ('manage_booking', 'prove_booking');
  end if;
  return null;
end;
$$;
create trigger give_manage_secret after insert on public.bookings
  for each row when (new.customer_id is null) execute function private.keep_manage_secret();
create trigger keep_manage_secret after update of ends_at, customer_id, customer_email on public.bookings
  for each row
  when (
    old.ends_at <> new.ends_at or old.customer_id is distinct from new.customer_id
    or old.customer_email <> new.customer_email
  )
  execute function private.keep_manage_secret();
create trigger forget_secret after delete on public.bookings
  for each row execute function private.forget_secret();

-- A booking's reference: eight letters and digits that are hard to confuse.
create function private.new_reference()
returns text
language plpgsql
volatile
set search_path = ''
as $$
declare
  bytes bytea := extensions.gen_random_bytes(8);
  answer text := 'KH';
begin
  for i in 0 .. 7 loop
    answer := answer || substr('23456789ABCDEFGHJKMNPQRSTVWXYZ', 1 + get_byte(bytes, i) % 30, 1);
  end loop;
  return answer;
end;
$$;

create type private.contact as (name text, email text, phone text, language public.language);

-- Who is booking: the account's own data, completed or, for a guest, given by `guest`. Raises invalid_input with the
-- name of the field.
create function private.contact(guest jsonb)
returns private.contact
language plpgsql
stable
security definer
set search_path = ''
as $$
declare
  answer private.contact;
  me uuid := (select private.me());
  phone text := nullif(trim(guest ->> 'phone'), '');
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
  answer.email := private.email(coalesce(answer.email, guest ->> 'email'));
  answer.language := case
    when guest ->> 'language' is null then coalesce(answer.language, 'fr')
    else private.one_of(guest ->> 'language', null::public.language)
  end;
  if coalesce(char_length(answer.name), 0) not between 1 and 120 or not private.name_ok(answer.name) then
    perform private.fail(422, 'invalid_input', 'name');
  end if;
  if answer.email is null then
    perform private.fail(422, 'invalid_input', 'email');
  end if;
  if phone is not null then
    answer.phone := private.phone(phone);
    if answer.phone is null then
      perform private.fail(422, 'invalid_input', 'phone');
    end if;
  end if;
  if answer.language is null then
    perform private.fail(422, 'invalid_input', 'language');
  end if;
  return answer;
end;
$$;

-- Until when a booking has its place without having paid for it: a hold, or more people than were paid for. Null for
-- another.
create function private.unpaid_until(b public.bookings)
returns timestamptz
language sql
stable
set search_path = ''
as $$
  select case
    when b.status = 'held' and b.hold_expires_at > now() then b.hold_expires_at
    when b.status in ('pending', 'confirmed') and b.top_up_by > now() then b.top_up_by
  end;
$$;

-- Whether an account may hold one more place that it has not paid for, there and in all (private.customer_caps): what
-- waits for a deposit, or for the rest of one. Its holds are few: they end within hours.
create function private.may_hold(customer uuid, provider uuid)
returns boolean
language plpgsql
stable
security definer
set search_path = ''
as $$
declare
  there bigint;
  in_all bigint;
begin
  select count(*) filter (where b.provider_id = provider), count(*) into there, in_all
  from public.bookings b
  where b.customer_id = customer and private.unpaid_until(b) is not null;
  return there < (select c.most from private.customer_caps c where c.name = 'holds_at_provider')
    and in_all < (select c.most from private.customer_caps c where c.name = 'holds');
end;
$$;

-- Refuses one more place that an account would hold there unpaid: rate_limited, with the seconds until the first of
-- those it has is free. A business's own people hold as they like. Called with the place locked, like what is counted
-- of guests: of two at once the second counts the first one's.
create function private.require_hold(customer uuid, provider uuid)
returns void
language plpgsql
security definer
set search_path = ''
as $$
begin
  if customer is null or private.is_member(provider) then
    return;
  end if;
  perform pg_advisory_xact_lock(hashtextextended('holds ' || customer, 0));
  if not private.may_hold(customer, provider) then
    perform private.fail(429, 'rate_limited', (
      select greatest(ceil(extract(epoch from min(private.unpaid_until(x)) - now())), 1)::text
      from public.bookings x
      where x.customer_id = customer
    ));
  end if;
end;
$$;

-- Refuses one more booking that stands unpaid for an account in one business, of all that are to come and of those at
-- that time (private.customer_caps): rate_limited, with the seconds until the first of those it has begins. `moved` is
-- the booking that goes there. Called like private.require_hold.
create function private.require_unpaid(
  customer uuid, provider uuid, starts timestamptz, ends timestamptz, moved uuid default null
)
returns void
language plpgsql
security definer
set search_path = ''
as $$
declare
  coming bigint;
  meeting bigint;
  first timestamptz;
begin
  if customer is null or private.is_member(provider) then
    return;
  end if;
  perform pg_advisory_xact_lock(hashtextextended('holds ' || customer, 0));
  select
    count(*),
    count(*) filter (
      where (b.starts_at < ends and b.ends_at > starts)
        -- what it may go back to is kept for it
        or exists (
          select
          from private.ways_back(b) as stood
          where (stood ->> 'starts_at')::timestamptz < ends and (stood ->> 'ends_at')::timestamptz > starts
        )
    ),
    min(b.starts_at)
  into coming, meeting, first
  from public.bookings b
  where b.customer_id = customer and b.provider_id = provider and b.status in ('pending', 'confirmed')
    and b.starts_at > now() and b.paid_minor <= b.refund_minor and b.id is distinct from moved;
  if coming >= (select c.most from private.customer_caps c where c.name = 'unpaid_at_provider')
    or meeting >= (select c.most from private.customer_caps c where c.name = 'unpaid_at_a_time')
  then
    perform private.fail(429, 'rate_limited', greatest(ceil(extract(epoch from first - now())), 1)::text);
  end if;
end;
$$;

-- Takes the place and writes the booking with its first event, as `held` until `hold_until` where something is to be
-- paid, proven, or answered first (`offer`: the waitlist's entry that it is offered to). starts_at and session_id as
-- create_booking takes them. Raises what claiming raises, promo_invalid when a code has just been used up, and
-- rate_limited for more holds, or more bookings that stand unpaid, than are good, of guests or of one account (but for
-- a business's own people).
create function private.place_booking(
  s public.services, p public.providers, who private.contact, customer uuid, starts_at timestamptz, session_id uuid,
  seats text[], party int, price private.quote, address jsonb, notes text, idempotency_key uuid,
  offer uuid default null, hold_until timestamptz default null, request_hash bytea default null
)
returns public.bookings
language plpgsql
security definer
set search_path = ''
as $$
declare
  b public.bookings;
  t public.sessions;
  chosen uuid[];
  unproven boolean := false;
begin
  if s.mode = 'session' then
    t := private.claim_session(s, place_booking.session_id, seats, party);
    -- only now: before the lock it may have been on the move
    perform private.check_session_start(t, place_booking.starts_at, party);
    perform private.check_notice(s, t.starts_at, party);
    b.starts_at := t.starts_at;
    b.ends_at := t.ends_at;
  else
    chosen := private.claim_resources(
      s, private.check_start(s, place_booking.starts_at, p.time_zone, party), place_booking.starts_at, p.time_zone,
      party
    );
    b.starts_at := place_booking.starts_at;
    b.ends_at := b.starts_at + make_interval(mins => s.duration_minutes);
  end if;
  b.id := private.new_id();
  if customer is null and offer is null then
    unproven := price.deposit_minor = 0 and private.needs_proof(who, p.id);
    if unproven or price.deposit_minor > 0 then
      perform private.count_call('guest_hold_network');
    end if;
    -- each of these is a mail
    if unproven then
      perform private.count_call('guest_hold_email', private.contact_key(who.email));
    end if;
  end if;
  if offer is null and price.deposit_minor > 0 then
    perform private.require_hold(customer, p.id);
  elsif offer is null then
    perform private.require_unpaid(customer, p.id, b.starts_at, b.ends_at);
  end if;
  b.status := case
    when price.deposit_minor > 0 or offer is not null or unproven then 'held'
    when p.approval = 'automatic' then 'confirmed'
    else 'pending'
  end;
  insert into public.bookings (
    id, reference, provider_id, service_id, session_id, mode, status, customer_id, customer_name, customer_email,
    customer_phone, language, starts_at, ends_at, local_starts_at, time_zone, party_size, seats, address, notes,
    price_minor, discount_minor, deposit_minor, currency, policy, hold_expires_at, answer_by, waitlist_entry_id,
    idempotency_key, request_hash
  )
  values (
    b.id, private.new_reference(), p.id, s.id, t.id, s.mode, b.status, customer, who.name, who.email, who.phone,
    who.language, b.starts_at, b.ends_at, private.to_local(b.starts_at, p.time_zone), p.time_zone, party, seats,
    case when s.place = 'customer' then address end, coalesce(trim(private.without_tricks(notes)), ''),
    price.price_minor,
    price.discount_minor, price.deposit_minor, price.currency, price.policy,
    -- as long as Stripe keeps a checkout page open at the least, and no longer than until it starts
    case when b.status = 'held' then least(coalesce(hold_until, now() + interval '30 minutes'), b.starts_at) end,
    case when b.status = 'pending' then private.answer_by(p.id, b.starts_at) end,
    offer, idempotency_key, request_hash
  )
  returning * into b;
  perform private.occupy(b, chosen, private.period_taken(s, b.starts_at, b.ends_at));
  if price.promo_code_id is not null then
    perform private.redeem(price.promo_code_id, b);
  end if;
  if unproven then
    perform private.give_secret('prove_booking', b.id, private.proof_token(b.id), b.ends_at);
  end if;
  insert into public.booking_events (booking_id, to_status, actor, actor_id, reason)
  values (
    b.id, b.status, case when offer is null then 'customer'::public.booking_actor else 'system' end, customer,
    case when offer is not null then 'offered' when unproven then 'proof_wanted' else '' end
  );
  return b;
end;
$$;

-- What create_booking answers with.
create type public.created_booking as (
  booking_id uuid,
  reference text,
  status public.booking_status,
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

-- A booking as create_booking answers it, to whom it is their own.
create function private.as_created(b public.bookings)
returns public.created_booking
language plpgsql
stable
security definer
set search_path = ''
as $$
begin
  return (
    b.id, b.reference, b.status, case when b.customer_id is null then private.manage_token(b.id) end,
    private.amount_due(b),
    b.currency, b.hold_expires_at, null, null, null, null
  )::public.created_booking;
end;
$$;

-- What a request asked for, so that its idempotency key gives nothing to another one.
create function private.request_hash(
  service_id uuid, starts_at timestamptz, session_id uuid, seats text[], party_size int, guest jsonb, address jsonb,
  notes text, promo_code text
)
returns bytea
language sql
immutable
set search_path = ''
as $$
  select sha256(
    convert_to(
      jsonb_build_array(
        service_id, extract(epoch from starts_at), session_id, seats, party_size, guest, address, notes, promo_code
      )::text,
      'UTF8'
    )
  );
$$;

create function private.create_booking(
  service_id uuid, starts_at timestamptz, session_id uuid, seats text[], party_size int, guest jsonb, address jsonb,
  notes text, promo_code text, idempotency_key uuid, expected_total_minor bigint, expected_terms text
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
  me uuid := (select private.me());
  asked bytea := private.request_hash(
    service_id, starts_at, session_id, seats, party_size, guest, address, notes, promo_code
  );
begin
  if idempotency_key is null then
    perform private.fail(422, 'invalid_input', 'idempotency_key');
  end if;
  -- Two copies of one request at once: the second waits here and then finds the first one's booking.
  perform pg_advisory_xact_lock(hashtextextended(idempotency_key::text, 0));
  select * into b from public.bookings x where x.idempotency_key = create_booking.idempotency_key;
  if found then
    if b.request_hash is distinct from asked then
      perform private.fail(422, 'idempotency_mismatch', 'idempotency_key');
    end if;
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
    if (s.mode <> 'session' or create_booking.starts_at is not null)
      and not private.in_calendar(create_booking.starts_at)
    then
      perform private.fail(422, 'invalid_input', 'starts_at');
    end if;
    if char_length(notes) > 2000 then
      perform private.fail(422, 'invalid_input', 'notes');
    end if;
    if s.place = 'customer' and not coalesce(private.address_ok(address), false) then
      perform private.fail(422, 'invalid_input', 'address');
    end if;
    who := private.contact(guest);
    -- seats say how many come
    create_booking.party_size := coalesce(cardinality(create_booking.seats), create_booking.party_size);
    price := private.quote_service(
      s.id, create_booking.session_id, create_booking.seats, create_booking.party_size, promo_code, who.email
    );
    if price.price_minor - price.discount_minor <> expected_total_minor then
      perform private.fail(
        409, 'price_changed', 'expected_total_minor', (price.price_minor - price.discount_minor)::text
      );
    end if;
    if private.terms_of(price, create_booking.service_id, create_booking.session_id) <> expected_terms then
      perform private.fail(
        409, 'price_changed', 'expected_terms', (price.price_minor - price.discount_minor)::text
      );
    end if;
    if expected_terms is not null then
      -- the terms are of the start that it has by now; until its lock is held it may move once more
      create_booking.starts_at := coalesce(
        create_booking.starts_at, (select t.starts_at from public.sessions t where t.id = create_booking.session_id)
      );
    end if;
    b := private.place_booking(
      s, p, who, me, create_booking.starts_at, create_booking.session_id, create_booking.seats,
      create_booking.party_size, price, address, notes, idempotency_key, request_hash => asked
    );
  end if;
  return private.as_created(b);
end;
$$;

-- Books. For an appointment service_id and starts_at say what, for a table party_size too; for a session session_id,
-- with starts_at for none but the one that starts then, and seats where its room has numbered ones (they count the
-- party) or party_size where not. guest {name, email, phone, language} is who, for a visitor; a signed-in customer's
-- own data is used, and guest.phone and guest.language may complete it. address {line, district, city, details} is
-- needed where the provider comes to the customer. The same idempotency_key gives the same booking back, and to another
-- request nothing. expected_total_minor is the total that the caller was quoted (price less discount, minor units),
-- expected_terms the terms, deposit and policy among them: where one has changed since, nothing is booked; null books
-- at any. Answers with manage_token for guests alone. A guest's first bookings without payment are confirmed (or with
-- the provider) at once; beyond some, see private.rate_limits, they are held for half an hour with nothing due, and
-- confirm_booking proves them. Raises price_changed (the hint is the total now), idempotency_mismatch, invalid_input,
-- not_found, party_size, too_soon, too_far, outside_hours, slot_taken, seat_taken, session_full, promo_invalid,
-- rate_limited (a refusal counts like a booking); for a refused time the hint lists the next free starts.
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
  idempotency_key uuid default null,
  expected_total_minor bigint default null,
  expected_terms text default null
)
returns public.created_booking
language plpgsql
set search_path = ''
-- what a connection has planned once it keeps: planning anew would take longer than booking
set plan_cache_mode = force_generic_plan
as $$
declare
  message text;
  details text;
  hint text;
begin
  perform private.count_call('create_booking');
  if coalesce(trim(promo_code), '') <> '' then
    perform private.count_call('promo_code');
  end if;
  begin
    return private.create_booking(
      service_id, starts_at, session_id, seats, party_size, guest, address, notes, promo_code, idempotency_key,
      expected_total_minor, expected_terms
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
  uuid, timestamptz, uuid, text[], int, jsonb, jsonb, text, text, uuid, bigint, text
) to anon, authenticated;
grant execute on function public.create_booking(
  uuid, timestamptz, uuid, text[], int, jsonb, jsonb, text, text, uuid, bigint, text
) to anon, authenticated;
