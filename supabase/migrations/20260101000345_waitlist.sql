-- The waitlist: who waits is offered what comes free as a real hold, for a limited time, one after the other.

-- How long an offer is held: two hours, or half of what is left until the start if that is less.
create function private.offer_until(starts timestamptz)
returns timestamptz
language sql
stable
set search_path = ''
as $$
  select now() + least(interval '2 hours', (starts - now()) / 2);
$$;

-- Free seats of a session for a party: side by side in the first row that has them, else the first there are; null
-- where there are not enough. The caller holds the session's lock.
create function private.best_seats(session uuid, party int)
returns text[]
language sql
stable
security definer
set search_path = ''
as $$
  with free as (
    select f.label, f.row_number, f.column_number,
      f.column_number - row_number() over (partition by f.row_number order by f.column_number) as run
    from private.session_seats(session) f
    where f.free and not f.wheelchair
  ),
  together as (
    select (array_agg(f.label order by f.column_number))[1:party] as labels
    from free f
    group by f.row_number, f.run
    having count(*) >= party
    order by f.row_number, min(f.column_number)
    limit 1
  ),
  anywhere as (
    select array_agg(x.label order by x.row_number, x.column_number) as labels
    from (select * from free f order by f.row_number, f.column_number limit party) x
    having count(*) = party
  )
  select coalesce((select t.labels from together t), (select a.labels from anywhere a));
$$;

-- Ends an offer: the entry of a booking gets its last word, and with it the other places that its address has in the
-- same line. Nothing for a booking that nobody was offered.
create function private.close_offer(entry uuid, outcome public.waitlist_status)
returns void
language sql
security definer
set search_path = ''
as $$
  update public.waitlist_entries w
  set status = outcome
  from public.waitlist_entries answered
  where answered.id = entry and answered.status = 'offered'
    and (
      w.id = answered.id
      or (
        w.service_id = answered.service_id and w.status = 'waiting' and w.period && answered.period
        and lower(w.customer_email) = lower(answered.customer_email)
      )
    );
$$;

-- True where whoever waits has booked what they wait for: that service at a time that suits, or that session. An
-- address counts as it stands on the booking, proven or not: who books in somebody's name gives them a place that their
-- mailbox can keep or cancel.
create function private.has_booked(w public.waitlist_entries)
returns boolean
language sql
stable
security definer
set search_path = ''
as $$
  select exists (
    select
    from public.bookings b
    where b.service_id = w.service_id
      and case when w.session_id is null then b.starts_at <@ w.period else b.session_id = w.session_id end
      and (b.customer_id = w.customer_id or b.customer_email = w.customer_email)
      and b.status in ('pending', 'confirmed', 'in_progress', 'completed')
  );
$$;

-- True where whoever waits needs no offer: they have booked, or hold a place that they have not paid, proven or
-- answered. They keep their place in the line in case it is cancelled.
create function private.is_served(w public.waitlist_entries)
returns boolean
language sql
stable
security definer
set search_path = ''
as $$
  select private.has_booked(w) or exists (
    select
    from public.bookings b
    where b.service_id = w.service_id
      and case when w.session_id is null then b.starts_at <@ w.period else b.session_id = w.session_id end
      and (b.customer_id = w.customer_id or b.customer_email = w.customer_email)
      and b.status = 'held' and b.hold_expires_at > now()
  );
$$;

-- Whether who waits may be offered a place now. An account holds no more than it could by booking. To a guest's
-- address, which nothing has proven, one offer at a time is made, no more a day than it could be asked to prove
-- bookings, and none for a month where it let two lapse: who owns it gets through by signing in. And a business keeps
-- only some places for such.
create function private.may_be_offered(w public.waitlist_entries)
returns boolean
language plpgsql
stable
security definer
set search_path = ''
as $$
begin
  if w.customer_id is not null then
    return private.may_hold(w.customer_id, w.provider_id);
  end if;
  return (
    select count(*) filter (where b.status = 'held' and b.hold_expires_at > now()) = 0
      and count(*) filter (where b.status = 'expired') < 2
      and count(*) filter (where b.created_at > now() - l.per) < max(l.max_calls)
    from private.rate_limits l
    left join public.bookings b
      on b.customer_email = w.customer_email and b.waitlist_entry_id is not null and b.customer_id is null
      and b.created_at > now() - interval '30 days'
    where l.name = 'guest_hold_email'
  ) and (
    select count(*) < (select c.most from private.provider_caps c where c.name = 'open_guest_offers')
    from public.bookings b
    where b.provider_id = w.provider_id and b.status = 'held' and b.hold_expires_at > now()
      and b.waitlist_entry_id is not null and b.customer_id is null
  );
end;
$$;

-- Offers one entry the first free start within some days (`wanted`, a part of its period), in `freed` alone where a
-- session is given. Returns whether there was one. The caller holds the locks.
create function private.offer_place(w public.waitlist_entries, freed uuid, wanted tstzrange)
returns boolean
language plpgsql
security definer
set search_path = ''
as $$
declare
  s public.services;
  p public.providers;
  at record;
  seats text[];
begin
  select * into s from public.services x where x.id = w.service_id and x.active;
  select * into p from public.providers x where x.id = s.provider_id and x.status = 'published';
  if p.id is null or isempty(wanted) or private.is_served(w) or (s.place = 'customer' and w.address is null)
    or not private.may_be_offered(w)
  then
    return false;
  end if;
  -- not waited for: who deletes the account waits for this entry in turn, and nothing is to be offered any more
  perform from auth.users u where u.id = w.customer_id for key share skip locked;
  if not found and w.customer_id is not null then
    return false;
  end if;
  select f.starts_at, f.session_id into at
  from private.free_slots(
    s.id, private.to_local(lower(wanted), p.time_zone)::date, private.to_local(upper(wanted), p.time_zone)::date,
    w.party_size
  ) f
  where f.starts_at <@ wanted and (w.session_id is null or f.session_id = w.session_id)
    and (freed is null or f.session_id = freed)
  order by f.starts_at
  limit 1;
  if not found then
    return false;
  end if;
  if exists (
    select from public.sessions t join public.seats e on e.resource_id = t.resource_id where t.id = at.session_id
  ) then
    seats := private.best_seats(at.session_id, w.party_size);
  end if;
  begin
    perform private.place_booking(
      s, p, (w.customer_name, w.customer_email, w.customer_phone, w.language)::private.contact, w.customer_id,
      at.starts_at, at.session_id, seats, w.party_size,
      private.quote_service(s.id, at.session_id, seats, w.party_size, null, w.customer_email),
      w.address, '', private.new_id(), w.id, private.offer_until(at.starts_at)
    );
  exception
    -- somebody was quicker, or the service takes no such booking any more: they go on waiting
    when sqlstate 'PT409' or sqlstate 'PT422' then
      return false;
  end;
  update public.waitlist_entries x set status = 'offered' where x.id = w.id;
  return true;
end;
$$;

-- Locks all that bookings of a service may take, in id order like everyone; of a session service nothing, whose
-- sessions are locked instead.
create function private.lock_resources(service uuid)
returns void
language plpgsql
security definer
set search_path = ''
as $$
begin
  perform from public.resources r
  where r.id in (
    select l.resource_id
    from public.services s
    join public.service_resources l on l.service_id = s.id
    where s.id = service and s.mode <> 'session'
  )
  order by r.id
  for no key update;
end;
$$;

-- Locks what offers of a service may take, in id order like everyone: its resources, or its coming sessions, of which
-- `freed` alone where one is given.
create function private.lock_places(service uuid, freed uuid)
returns void
language plpgsql
security definer
set search_path = ''
as $$
begin
  if freed is null then
    perform private.lock_resources(service);
  end if;
  perform from public.sessions t
  where t.service_id = service and (t.id = freed or (freed is null and t.active and t.starts_at > now()))
  order by t.id
  for no key update;
end;
$$;

-- Offers some places of a service that have come free, of a session service in the session `freed`, else at starts
-- within `around`, to those who wait for such a time, the first come first. Five are asked, however many wait, and the
-- job goes on from there.
create function private.offer_freed(service uuid, freed uuid, around tstzrange)
returns void
language plpgsql
security definer
set search_path = ''
as $$
declare
  w public.waitlist_entries;
begin
  around := around * tstzrange(now(), null);
  if around is null or isempty(around) then
    return;
  end if;
  perform private.lock_places(service, freed);
  for w in
    select *
    from public.waitlist_entries x
    where x.service_id = service and x.status = 'waiting' and x.period && around
      and (x.session_id is null or x.session_id is not distinct from freed)
    order by x.created_at, x.id
    limit 5
    for update skip locked
  loop
    perform private.offer_place(w, freed, w.period * around);
  end loop;
end;
$$;

-- Offers what a booking, as it was, has just let go: all sessions in which it had places, or the times of resources
-- that were given back in this transaction (see private.occupy). It works within somebody else's cancellation.
create function private.offer_places(was public.bookings)
returns void
language plpgsql
security definer
set search_path = ''
as $$
declare
  freed tstzmultirange := nullif(current_setting('khadamat.freed', true), '')::tstzmultirange;
begin
  perform set_config('khadamat.freed', '', true);
  if not exists (
    select from public.waitlist_entries x where x.service_id = was.service_id and x.status = 'waiting'
  ) then
    return;
  end if;
  if was.session_id is not null then
    perform private.offer_freed(was.service_id, t.id, tstzrange(t.starts_at, t.starts_at, '[]'))
    from private.session_claims(was) c
    join public.sessions t on t.id = c.session_id
    order by t.id;
    return;
  end if;
  -- the starts at which a booking of this service may take some of it
  perform private.offer_freed(was.service_id, null, tstzrange(lower(gone) - r.each, upper(gone) + r.each))
  from public.services s
  cross join lateral make_interval(
    mins => s.buffer_before_minutes + s.duration_minutes + s.buffer_after_minutes
  ) as r (each)
  cross join lateral unnest(freed) as gone
  where s.id = was.service_id;
end;
$$;

-- How far the job has come with those who wait for a service: behind which entry it goes on, at the first where there
-- is none, and for one that it is not done with, from which day.
create table private.waitlist_passes (
  service_id uuid primary key references public.services (id) on delete cascade,
  entry_created_at timestamptz,
  entry_id uuid,
  day date,
  looked_at timestamptz not null default now()
);
alter table private.waitlist_passes enable row level security;

-- Offers what is free of a service to those who wait for it, in turn: some of them at a time, and of a long period some
-- days, within a budget of work (private.day_weight), so that nobody waits long for the places that it locks. It goes
-- on where it stopped, and begins anew at the end of the line. Does nothing once the run that it belongs to has taken
-- twenty seconds: those who were not asked are asked first in the next.
create function private.offer_in_turn(service uuid)
returns void
language plpgsql
security definer
set search_path = ''
as $$
declare
  s public.services;
  zone text;
  pass private.waitlist_passes;
  w public.waitlist_entries;
  wanted tstzrange;
  first date;
  last date;
  weight bigint;
  budget bigint := 150000;
  offered boolean;
begin
  if clock_timestamp() > statement_timestamp() + interval '20 seconds' then
    return;
  end if;
  insert into private.waitlist_passes as x (service_id)
  values (service)
  on conflict (service_id) do update set looked_at = clock_timestamp()
  returning x.* into pass;
  select x.* into s from public.services x where x.id = service and x.active and private.is_published(x.provider_id);
  if s.id is null then
    return;
  end if;
  zone := (select p.time_zone from public.providers p where p.id = s.provider_id);
  weight := greatest(1, private.day_weight(s.provider_id, null, s.id, s.max_party));
  perform private.lock_places(s.id, null);
  while budget > 0 loop
    select * into w
    from public.waitlist_entries x
    where x.service_id = s.id and x.status = 'waiting' and upper(x.period) > now()
      and (
        pass.entry_id is null or (x.created_at, x.id) > (pass.entry_created_at, pass.entry_id)
        or (pass.day is not null and x.id = pass.entry_id)
      )
    order by x.created_at, x.id
    limit 1
    for update skip locked;
    if not found then
      pass.entry_created_at := null;
      pass.entry_id := null;
      pass.day := null;
      exit;
    end if;
    wanted := w.period * tstzrange(now(), null);
    first := greatest(private.to_local(lower(wanted), zone)::date, case when w.id = pass.entry_id then pass.day end);
    last := least(private.to_local(upper(wanted), zone)::date, first + greatest(0, budget / weight - 1)::int);
    pass.entry_created_at := w.created_at;
    pass.entry_id := w.id;
    offered := false;
    begin
      offered := private.offer_place(
        w, null,
        wanted * tstzrange(
          private.to_instant(first::timestamp, zone, 'edge'), private.to_instant((last + 1)::timestamp, zone, 'edge')
        )
      );
    exception
      -- what is wrong with one is not the others'
      when others then
        raise warning 'offer places, %: %', w.id, sqlstate;
    end;
    pass.day := case when not offered and last < private.to_local(upper(wanted), zone)::date then last + 1 end;
    budget := budget - 3000 - (last - first + 1) * weight;
  end loop;
  update private.waitlist_passes x
  set entry_created_at = pass.entry_created_at, entry_id = pass.entry_id, day = pass.day
  where x.service_id = s.id;
end;
$$;

-- The job that gives entries their last word whose time is over, or whose offer was not answered in time.
create function private.end_waitlist_entries()
returns void
language sql
security definer
set search_path = ''
as $$
  update public.waitlist_entries w set status = 'lapsed' where w.status = 'waiting' and upper(w.period) <= now();
  select private.close_offer(
    w.id, case when b.status = 'expired' then 'lapsed'::public.waitlist_status else 'declined' end
  )
  from public.waitlist_entries w
  join public.bookings b on b.waitlist_entry_id = w.id
  where w.status = 'offered' and b.status in ('expired', 'cancelled');
$$;

-- Takes an offer back whose person has booked the same meanwhile, and makes it to the next. The job that calls it is
-- one minute behind at the most; who accepts within it wanted both. Nothing where it has been answered or they have
-- not.
create function private.withdraw_offer(booking uuid)
returns void
language plpgsql
security definer
set search_path = ''
as $$
declare
  b public.bookings;
begin
  select x.* into b
  from public.bookings x
  join public.waitlist_entries w on w.id = x.waitlist_entry_id
  where x.id = withdraw_offer.booking and x.status = 'held' and private.has_booked(w)
  for update of x;
  if not found then
    return;
  end if;
  perform private.set_status(b.id, 'cancelled', 'system', 'booked_meanwhile');
  perform private.close_offer(b.waitlist_entry_id, 'declined');
  perform private.offer_places(b);
end;
$$;

-- What join_waitlist answers with. ahead: how many wait for the same before them.
create type public.waitlist_place as (
  entry_id uuid,
  status public.waitlist_status,
  ahead int,
  manage_token text,
  -- of a refusal, else null: see private.refused
  code text,
  message text,
  details text,
  hint text
);

-- Refuses an entry that has just been written where it is one too many: of its account, of the service (where guests
-- leave room for accounts), or of the business. Two at once may be one more. Each of a guest may become a hold, and
-- counts as one. Addresses have no cap of their own: who types them has any number, and would learn which of them wait.
-- Raises limit_reached, rate_limited.
create function private.require_room_in_line(w public.waitlist_entries)
returns void
language plpgsql
security definer
set search_path = ''
as $$
begin
  if w.customer_id is null then
    perform private.count_call('guest_hold_network');
    perform private.require_room(w.provider_id, 'guests_waiting_of_service', (
      select count(*)
      from public.waitlist_entries x
      where x.service_id = w.service_id and x.status = 'waiting' and x.customer_id is null
    ));
  elsif (
    select count(*) from public.waitlist_entries x where x.customer_id = w.customer_id and x.status = 'waiting'
  ) > (select c.most from private.customer_caps c where c.name = 'waiting') then
    perform private.fail(422, 'limit_reached', 'waiting');
  end if;
  perform private.require_room(w.provider_id, 'waiting_of_service', (
    select count(*) from public.waitlist_entries x where x.service_id = w.service_id and x.status = 'waiting'
  ));
  perform private.require_room(w.provider_id, 'waiting_of_provider', (
    select count(*) from public.waitlist_entries x where x.provider_id = w.provider_id and x.status = 'waiting'
  ));
end;
$$;

create function private.join_waitlist(
  service_id uuid, session_id uuid, period tstzrange, party_size int, guest jsonb
)
returns public.waitlist_place
language plpgsql
security definer
set search_path = ''
as $$
#variable_conflict use_column
declare
  s public.services;
  t public.sessions;
  who private.contact;
  w public.waitlist_entries;
  me uuid := private.me();
  address jsonb := guest -> 'address';
  wanted tstzrange := period;
  -- what a guest typed alters nothing: the secret does, which joining gave to whoever stands there
  held uuid := case when me is null then private.open_secret('leave_waitlist', guest ->> 'manage_token') end;
begin
  select * into s from public.services x where x.id = join_waitlist.service_id and x.active;
  if s.id is null or not private.is_published(s.provider_id) then
    perform private.fail(404, 'not_found', 'service_id');
  end if;
  if coalesce(party_size, 0) not between s.min_party and s.max_party then
    perform private.fail(422, 'party_size', 'party_size');
  end if;
  if join_waitlist.session_id is not null then
    select * into t
    from public.sessions x
    where x.id = join_waitlist.session_id and x.service_id = s.id and x.active and x.starts_at > now()
    -- whoever moves it or calls it off meanwhile finds the entry, or is waited for
    for share;
    if t.id is null then
      perform private.fail(404, 'not_found', 'session_id');
    end if;
    if not wanted @> t.starts_at then
      perform private.fail(409, 'slot_taken', 'period');
    end if;
    wanted := tstzrange(t.starts_at, t.starts_at, '[]');
  elsif not (private.in_calendar(lower(wanted)) and private.in_calendar(upper(wanted)))
    or upper(wanted) <= now() or upper(wanted) - lower(wanted) > interval '62 days'
    -- a day that has begun is waited for from its midnight
    or lower(wanted) < now() - interval '26 hours'
    or upper(wanted) > now() + make_interval(days => s.horizon_days + 1)
  then
    perform private.fail(422, 'invalid_input', 'period');
  end if;
  if s.place = 'customer' and not coalesce(private.address_ok(address), false) then
    perform private.fail(422, 'invalid_input', 'address');
  end if;
  who := private.contact(guest);
  update public.waitlist_entries x
  set
    period = wanted, party_size = join_waitlist.party_size, customer_name = who.name, customer_phone = who.phone,
    language = who.language, address = case when s.place = 'customer' then join_waitlist.guest -> 'address' end
  where x.id = held and x.status = 'waiting' and x.service_id = s.id and x.session_id is not distinct from t.id
    and lower(x.period) = lower(wanted) and x.customer_email = who.email
  returning * into w;
  if w.id is null then
    insert into public.waitlist_entries (
      provider_id, service_id, session_id, period, party_size, customer_id, customer_name, customer_email,
      customer_phone,
      language, address
    )
    values (
      s.provider_id, s.id, t.id, wanted, party_size, me, who.name, who.email, who.phone, who.language,
      case when s.place = 'customer' then address end
    )
    -- an account that waits already keeps its place, for what it asks for now
    on conflict (service_id, customer_id, lower(period)) where status = 'waiting' do update
    set
      period = excluded.period, party_size = excluded.party_size, session_id = excluded.session_id,
      customer_name = excluded.customer_name, customer_email = excluded.customer_email,
      customer_phone = excluded.customer_phone, language = excluded.language, address = excluded.address
    returning * into w;
    perform private.require_room_in_line(w);
  end if;
  return (
    w.id, w.status, private.waiting_ahead(w), case when me is null then private.manage_token(w.id) end,
    null, null, null, null
  )::public.waitlist_place;
end;
$$;

-- How many wait for the same service before an entry, for a time that meets its own.
create function private.waiting_ahead(w public.waitlist_entries)
returns int
language sql
stable
security definer
set search_path = ''
as $$
  select count(*)::int
  from public.waitlist_entries x
  where x.service_id = w.service_id and x.status = 'waiting' and x.period && w.period
    and (x.created_at, x.id) < (w.created_at, w.id);
$$;

-- Puts the caller, or the guest {name, email, phone, language, address}, in line for a place: in a session, or of a
-- service at any start within `period` (at most 62 days, from today on). When one comes free it is held for them and
-- they are told; an offer that is not answered in time goes to the next. Where there is a free place already, it is
-- offered within the minute. Who joins the same line again (that session, or a period with that beginning) changes what
-- they wait for and keeps their place: an account, and a guest who gives back in guest.manage_token what joining
-- answered with. A guest without it stands there once more and is answered alike, as whoever types an address may
-- neither learn whether it waits nor alter how; it is offered one place. Raises not_found, party_size, invalid_input,
-- slot_taken for a session that does not start within the period named beside it, rate_limited, limit_reached (too many
-- wait, see private.provider_caps and private.customer_caps).
create function public.join_waitlist(
  service_id uuid, session_id uuid default null, period tstzrange default null, party_size int default 1,
  guest jsonb default null
)
returns public.waitlist_place
language plpgsql
set search_path = ''
as $$
declare
  message text;
  details text;
  hint text;
begin
  perform private.count_call('join_waitlist');
  if guest ->> 'manage_token' is not null then
    perform private.count_call('booking_secret');
  end if;
  begin
    return private.join_waitlist(service_id, session_id, period, party_size, guest);
  exception
    when others then
      get stacked diagnostics message = message_text, details = pg_exception_detail, hint = pg_exception_hint;
      return jsonb_populate_record(null::public.waitlist_place, private.refused(sqlstate, message, details, hint));
  end;
end;
$$;
grant execute on function private.join_waitlist(uuid, uuid, tstzrange, int, jsonb) to anon, authenticated;
grant execute on function public.join_waitlist(uuid, uuid, tstzrange, int, jsonb) to anon, authenticated;

-- A guest's right to leave, given out by joining, as long as they may wait; whoever else is suspended, it is theirs.
create function private.give_waitlist_secret()
returns trigger
language plpgsql
security definer
set search_path = ''
as $$
begin
  perform private.give_secret('leave_waitlist', new.id, private.manage_token(new.id), upper(new.period));
  return null;
end;
$$;
create trigger give_secret after insert or update of period on public.waitlist_entries
  for each row when (new.customer_id is null) execute function private.give_waitlist_secret();

-- It ends with what is waited for, wherever that goes, and when the place in the line is an account's.
create function private.keep_waitlist_secret()
returns trigger
language plpgsql
security definer
set search_path = ''
as $$
begin
  if new.customer_id is not null then
    delete from private.bearer_secrets s where s.subject_id = new.id;
  else
    update private.bearer_secrets s set expires_at = upper(new.period) where s.subject_id = new.id;
  end if;
  return null;
end;
$$;
create trigger keep_secret after update of period, customer_id on public.waitlist_entries
  for each row
  when (old.period <> new.period or old.customer_id is distinct from new.customer_id)
  execute function private.keep_waitlist_secret();
create trigger forget_secret after delete on public.waitlist_entries
  for each row execute function private.forget_secret();

create function private.leave_waitlist(entry_id uuid, manage_token text)
returns void
language plpgsql
security definer
set search_path = ''
as $$
begin
  update public.waitlist_entries w
  set status = 'left'
  where w.id = entry_id and w.status = 'waiting'
    and (w.customer_id = private.me() or w.id = private.open_secret('leave_waitlist', manage_token));
  if not found then
    perform private.fail(404, 'not_found');
  end if;
end;
$$;

-- Leaves the line, as the account that joined it or with the token that joining gave. Null when it is done; raises
-- not_found, rate_limited, as private.refused does.
create function public.leave_waitlist(entry_id uuid, manage_token text default null)
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
    perform private.leave_waitlist(entry_id, manage_token);
    return null;
  exception
    when others then
      get stacked diagnostics message = message_text, details = pg_exception_detail, hint = pg_exception_hint;
      return private.refused(sqlstate, message, details, hint);
  end;
end;
$$;
grant execute on function private.leave_waitlist(uuid, text) to anon, authenticated;
grant execute on function public.leave_waitlist(uuid, text) to anon, authenticated;

create function private.accept_offer(booking_id uuid, manage_token text)
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
  b := found_one.found_booking;
  if found_one.viewer not in ('customer', 'guest') then
    perform private.fail(403, 'not_allowed');
  end if;
  if not private.in_good_standing(b.provider_id) then
    perform private.fail(403, 'not_allowed', 'suspended');
  end if;
  if b.status = 'expired' or (b.status = 'held' and b.hold_expires_at <= now()) then
    perform private.fail(410, 'hold_expired', null, private.next_free(b.service_id, now(), b.party_size)::text);
  end if;
  b := private.set_status(
    b.id, private.status_when_booked(b), 'customer', 'offer_accepted'
  );
  perform private.close_offer(b.waitlist_entry_id, 'accepted');
  return private.describe_booking(b, found_one.viewer);
end;
$$;

-- Takes an offered place that needs no deposit (with one, paying it takes the place; "no thanks" is cancel_booking).
-- Raises not_found, not_allowed, hold_expired, invalid_transition, rate_limited.
create function public.accept_offer(booking_id uuid default null, manage_token text default null)
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
    return private.accept_offer(booking_id, manage_token);
  exception
    when others then
      get stacked diagnostics message = message_text, details = pg_exception_detail, hint = pg_exception_hint;
      return jsonb_populate_record(null::public.booking_details, private.refused(sqlstate, message, details, hint));
  end;
end;
$$;
grant execute on function private.accept_offer(uuid, text) to anon, authenticated;
grant execute on function public.accept_offer(uuid, text) to anon, authenticated;
