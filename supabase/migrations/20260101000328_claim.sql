-- The place that a booking takes: which hours, which resources, which seats, and who comes first.

-- What a booking from `starts` to `ends` (null: for the service's usual time) takes, buffers included.
create function private.period_taken(wanted public.services, starts timestamptz, ends timestamptz)
returns tstzrange
language plpgsql
immutable
set search_path = ''
as $$
begin
  return tstzrange(
    starts - make_interval(mins => wanted.buffer_before_minutes),
    coalesce(ends, starts + make_interval(mins => wanted.duration_minutes))
      + make_interval(mins => wanted.buffer_after_minutes)
  );
end;
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

-- The resources that work at a start. Raises too_soon, too_far, or outside_hours for a start that is not one of the
-- service's.
create function private.check_start(wanted public.services, at timestamptz, zone text, party int)
returns uuid[]
language plpgsql
stable
security definer
set search_path = ''
as $$
declare
  open uuid[];
begin
  perform private.check_notice(wanted, at, party);
  open := private.open_resources(wanted, zone, at);
  if open = '{}' then
    perform private.fail(422, 'outside_hours', 'starts_at', private.next_free(wanted.id, at, party)::text);
  end if;
  return open;
end;
$$;

-- How long a resource works for bookings on the local day of a start: the least used goes first.
create function private.used_that_day(resource uuid, at timestamptz, zone text)
returns interval
language plpgsql
stable
security definer
set search_path = ''
as $$
declare
  day tstzrange := private.local_day(private.to_local(at, zone)::date, zone);
begin
  return (
    select coalesce(sum(upper(x.period) - lower(x.period)), interval '0')
    from public.occupancies x
    where x.resource_id = resource
      and x.booking_id is not null
      and x.period && day
  );
end;
$$;

-- Those of some resources that nothing takes in a period. With `lapsed_are_free`, holds whose time is over do not
-- count: for who only wants to know.
create function private.free_resources(resources uuid[], wanted tstzrange, lapsed_are_free boolean default false)
returns uuid[]
language plpgsql
stable
security definer
set search_path = ''
as $$
declare
  one uuid;
  free uuid[] := '{}';
begin
  -- one by one, so that the constraint's index answers however few rows the planner believes there are
  foreach one in array resources loop
    if not exists (
      select
      from public.occupancies x
      where x.resource_id = one and x.period && wanted
        and (not lapsed_are_free or x.expires_at is null or x.expires_at > now())
    ) then
      free := free || one;
    end if;
  end loop;
  return free;
end;
$$;

-- Which of the free resources a booking gets, or null: as many staff as the service needs, the least used that day
-- first; or the smallest table, else the smallest group of neighbours, that seats the party. Deterministic.
create function private.choose_resources(
  wanted public.services, free uuid[], at timestamptz, zone text, party int
)
returns uuid[]
language plpgsql
stable
security definer
set search_path = ''
as $$
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
        (select array_agg((r.position, r.id) order by r.position, r.id) from public.resources r
          where r.id = any (g.tables))
      limit 1
    );
  end if;
  if cardinality(free) > wanted.staff_needed then
    free := array(
      select r.id
      from public.resources r
      where r.id = any (free)
      order by private.used_that_day(r.id, at, zone), r.position, r.id
      limit wanted.staff_needed
    );
  end if;
  return case when cardinality(free) = wanted.staff_needed then free end;
end;
$$;

-- Takes a slot: locks the resources that work then in id order (the constraint alone deadlocks under contention),
-- clears lapsed holds, chooses, and returns the chosen ones. `taken` is the period that they are needed for where that
-- is not the service's usual one. Raises slot_taken with the next free starts as hint.
create function private.claim_resources(
  wanted public.services, open uuid[], at timestamptz, zone text, party int, taken tstzrange default null
)
returns uuid[]
language plpgsql
security definer
set search_path = ''
as $$
declare
  needed tstzrange := coalesce(taken, private.period_taken(wanted, at, null));
  least_needed int := case wanted.mode when 'table' then 1 else wanted.staff_needed end;
  chosen uuid[];
begin
  -- Of a crowd that wants one place, those who come late are told at once instead of waiting for one another's locks.
  if cardinality(private.free_resources(open, needed, true)) >= least_needed then
    perform from public.resources r where r.id = any (open) order by r.id for no key update;
    perform private.expire_holds(open, needed);
    chosen := private.choose_resources(wanted, private.free_resources(open, needed), at, zone, party);
  end if;
  if chosen is null then
    perform private.fail(409, 'slot_taken', 'starts_at', private.next_free(wanted.id, at, party)::text);
  end if;
  return chosen;
end;
$$;

-- Gives a booking what it takes: the chosen resources, for `taken` as claim_resources has it, or its places in the
-- session whose lock the caller holds. Raises seat_taken.
create function private.occupy(
  booking public.bookings, wanted public.services, resources uuid[], seats text[], taken tstzrange default null
)
returns void
language plpgsql
security definer
set search_path = ''
as $$
begin
  if booking.session_id is null then
    insert into public.occupancies (resource_id, period, booking_id, expires_at)
    select
      r, coalesce(taken, private.period_taken(wanted, booking.starts_at, booking.ends_at)), booking.id,
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
-- ones, and only there. Raises not_found, invalid_input, seat_taken, session_full; the hint lists the next sessions
-- with places.
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
    -- one that is moved may come from a room with others
    or not seats <@ array(select e.label from public.seats e where e.resource_id = s.resource_id)
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
