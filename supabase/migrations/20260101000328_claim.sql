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
create function private.check_notice(
  wanted public.services, at timestamptz, party int, moving uuid default null
)
returns void
language plpgsql
stable
security definer
set search_path = ''
as $$
begin
  if at < now() + make_interval(mins => wanted.notice_minutes) then
    perform private.fail(
      422, 'too_soon', 'starts_at', private.next_free(wanted.id, now(), party, moving => moving)::text
    );
  end if;
  if at > now() + make_interval(days => wanted.horizon_days) then
    perform private.fail(
      422, 'too_far', 'starts_at', private.next_free(wanted.id, now(), party, moving => moving)::text
    );
  end if;
end;
$$;

-- The resources that work at a start. Raises too_soon, too_far, or outside_hours for a start that is not one of the
-- service's.
create function private.check_start(
  wanted public.services, at timestamptz, zone text, party int, moving uuid default null
)
returns uuid[]
language plpgsql
stable
security definer
set search_path = ''
as $$
declare
  open uuid[];
begin
  perform private.check_notice(wanted, at, party, moving);
  open := private.open_resources(wanted, zone, at);
  if open = '{}' then
    perform private.fail(
      422, 'outside_hours', 'starts_at', private.next_free(wanted.id, at, party, moving => moving)::text
    );
  end if;
  return open;
end;
$$;

-- How long a resource works for bookings on the local day of a start, but for the one that is `moving`: the least used
-- goes first.
create function private.used_that_day(resource uuid, at timestamptz, zone text, moving uuid)
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
      and x.booking_id is distinct from moving
      and x.period && day
  );
end;
$$;

-- Those of some resources that nothing takes in a period but the booking that is `moving`. With `lapsed_are_free`,
-- holds whose time is over do not count: for who only wants to know.
create function private.free_resources(
  resources uuid[], wanted tstzrange, lapsed_are_free boolean default false, moving uuid default null
)
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
      where x.resource_id = one and x.period && wanted and (moving is null or x.booking_id is distinct from moving)
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
  wanted public.services, free uuid[], at timestamptz, zone text, party int, moving uuid default null
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
        (select sum(private.used_that_day(t, at, zone, moving)) from unnest(g.tables) as t),
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
      order by private.used_that_day(r.id, at, zone, moving), r.position, r.id
      limit wanted.staff_needed
    );
  end if;
  return case when cardinality(free) = wanted.staff_needed then free end;
end;
$$;

-- Takes a slot: locks the resources that work then in id order (the constraint alone deadlocks under contention),
-- clears lapsed holds, chooses, and returns the chosen ones. `taken` is the period that they are needed for where that
-- is not the service's usual one; what the booking takes that is `moving` is free to it. Raises slot_taken with the
-- next free starts as hint.
create function private.claim_resources(
  wanted public.services, open uuid[], at timestamptz, zone text, party int, taken tstzrange default null,
  moving uuid default null
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
  if cardinality(private.free_resources(open, needed, true, moving)) >= least_needed then
    perform from public.resources r where r.id = any (open) order by r.id for no key update;
    perform private.expire_holds(open, needed);
    chosen := private.choose_resources(
      wanted, private.free_resources(open, needed, moving => moving), at, zone, party, moving
    );
  end if;
  if chosen is null then
    perform private.fail(
      409, 'slot_taken', 'starts_at', private.next_free(wanted.id, at, party, moving => moving)::text
    );
  end if;
  return chosen;
end;
$$;

-- What a booking takes of resources though it has left it: to where the change goes back that is not settled (see
-- private.as_it_stood).
create function private.kept_places(b public.bookings)
returns table (resource_id uuid, periods tstzmultirange)
language sql
stable
security definer
set search_path = ''
as $$
  select r.id, range_agg((stood.was ->> 'period')::tstzrange)
  from private.ways_back(b) as stood (was)
  cross join lateral jsonb_array_elements_text(stood.was -> 'resources') as e (id)
  join public.resources r on r.id = e.id::uuid
  group by r.id;
$$;

-- Brings what a booking takes of resources in line with its claims: `resources` for `period` (null: those that it takes
-- now), of them only what is its own already where it comes `back`; and as long as a change of it is not settled, all
-- to which it may go back, but for what new clocks have given to others. In one statement: nothing comes between what
-- it lets go and what it takes. Those who choose for it hold the resources' locks.
create function private.occupy(
  b public.bookings, resources uuid[] default null, period tstzrange default null, back boolean default false
)
returns void
language plpgsql
security definer
set search_path = ''
as $$
declare
  freed tstzmultirange;
begin
  if b.session_id is not null then
    return;
  end if;
  with had as (
    select o.id, o.resource_id, o.period, o.kept from public.occupancies o where o.booking_id = b.id
  ), here as (
    select h.resource_id, h.period from had h where occupy.resources is null and not h.kept
    union all
    select r, piece
    from unnest(occupy.resources) as r
    cross join lateral unnest(
      case
        when back
          then tstzmultirange(occupy.period) * (select range_agg(h.period) from had h where h.resource_id = r)
        else tstzmultirange(occupy.period)
      end
    ) as piece
  ), wanted as (
    select h.resource_id, h.period, false as kept from here h
    union all
    select k.resource_id, piece, true
    from private.kept_places(b) k
    cross join lateral unnest(
      k.periods
        - coalesce((select range_agg(h.period) from here h where h.resource_id = k.resource_id), '{}')
        - coalesce(
          (
            select range_agg(o.period)
            from public.occupancies o
            where o.resource_id = k.resource_id and o.period && k.periods and o.booking_id is distinct from b.id
          ),
          '{}'
        )
    ) as piece
  ), gone as (
    delete from public.occupancies o
    using had h
    where o.id = h.id
      and not exists (
        select from wanted w where (w.resource_id, w.period, w.kept) = (h.resource_id, h.period, h.kept)
      )
    returning o.period
  ), let_go as (
    select range_agg(g.period) as periods from gone g
  ), came as (
    insert into public.occupancies (resource_id, period, booking_id, expires_at, kept)
    select w.resource_id, w.period, b.id, case when b.status = 'held' then b.hold_expires_at end, w.kept
    from wanted w
    -- named, so that what goes has gone before
    cross join let_go
    where not exists (
      select from had h where (h.resource_id, h.period, h.kept) = (w.resource_id, w.period, w.kept)
    )
  )
  select g.periods into freed from let_go g;
  -- until it is offered, in this transaction: see private.offer_places
  if freed is not null then
    perform set_config(
      'khadamat.freed',
      (freed + coalesce(nullif(current_setting('khadamat.freed', true), '')::tstzmultirange, '{}'))::text, true
    );
  end if;
end;
$$;

-- What a settled change leaves no way back to is let go. Where it is another place that is settled, the function that
-- chose it says which.
create function private.keep_places()
returns trigger
language plpgsql
security definer
set search_path = ''
as $$
begin
  perform private.occupy(new);
  return null;
end;
$$;
create trigger keep_places after update of status, before_change, top_up_by on public.bookings
  for each row
  when (
    new.session_id is null and new.status not in ('expired', 'cancelled', 'rejected')
    and (new.before_change, new.top_up_by, new.status = 'pending')
      is distinct from (old.before_change, old.top_up_by, old.status = 'pending')
  )
  execute function private.keep_places();

-- The places that a booking takes of sessions: in its own as many as come; as long as a change of it is not settled, in
-- each to which it may go back as many as it had there, and of one session the most of these. None once it has ended.
create function private.session_claims(b public.bookings)
returns table (session_id uuid, places int)
language sql
stable
set search_path = ''
as $$
  select c.session_id, max(c.places)
  from (
    select b.session_id, b.party_size
    union all
    select (w.stood ->> 'session_id')::uuid, (w.stood ->> 'party_size')::int from private.ways_back(b) as w (stood)
  ) as c (session_id, places)
  where c.session_id is not null and b.status not in ('expired', 'cancelled', 'rejected')
  group by c.session_id;
$$;

-- How many places of a session a booking takes.
create function private.places_in(session uuid, b public.bookings)
returns int
language sql
stable
set search_path = ''
as $$
  select coalesce((select c.places from private.session_claims(b) c where c.session_id = session), 0);
$$;

-- Locks the sessions of which a booking takes places, and others, in id order like everyone.
create function private.lock_sessions(b public.bookings, others uuid[] default '{}')
returns void
language plpgsql
security definer
set search_path = ''
as $$
begin
  perform from public.sessions s
  where s.id = any (others) or s.id in (select c.session_id from private.session_claims(b) c)
  order by s.id
  for no key update;
end;
$$;

-- Counts the places of sessions that a booking takes, and gives it its numbered seats there; what it takes no longer is
-- free. Who takes new ones has claimed them before (private.claim_session).
create function private.keep_session_places()
returns trigger
language plpgsql
security definer
set search_path = ''
as $$
declare
  -- an inserted row has no other before it
  was public.bookings := case when tg_op = 'UPDATE' then old end;
begin
  if was.session_id = new.session_id and was.party_size = new.party_size and was.seats is not distinct from new.seats
    and was.before_change is not distinct from new.before_change and was.top_up_by is not distinct from new.top_up_by
    and (was.status = 'pending') = (new.status = 'pending')
    and new.status not in ('expired', 'cancelled', 'rejected')
    and was.status not in ('expired', 'cancelled', 'rejected')
  then
    return null;
  end if;
  perform private.lock_sessions(new, array(select c.session_id from private.session_claims(was) c));
  delete from public.booking_seats x
  where x.booking_id = new.id
    and not exists (
      select from private.session_claims(new) c where c.session_id = x.session_id and x.seat = any (new.seats)
    );
  update public.sessions s
  set taken = s.taken + d.places
  from (
    select c.session_id, sum(c.places) as places
    from (
      select * from private.session_claims(new)
      union all
      select c.session_id, -c.places from private.session_claims(was) c
    ) as c
    group by c.session_id
    having sum(c.places) <> 0
  ) as d
  where s.id = d.session_id;
  insert into public.booking_seats (session_id, seat, booking_id)
  select c.session_id, wanted.seat, new.id
  from private.session_claims(new) c
  cross join unnest(new.seats) as wanted (seat)
  where not exists (
    select
    from public.booking_seats x
    where x.session_id = c.session_id and x.seat = wanted.seat and x.booking_id = new.id
  );
  return null;
end;
$$;
create trigger keep_session_places
  after insert or update of status, session_id, party_size, seats, before_change, top_up_by on public.bookings
  for each row when (new.session_id is not null) execute function private.keep_session_places();

-- Locks a session and makes sure that a party fits, lapsed holds cleared; what the booking takes that is `moving` is
-- free to it. Seats are given where the room has numbered ones, and only there. Raises not_found, invalid_input,
-- seat_taken, session_full; the hint lists the next sessions with places.
create function private.claim_session(
  wanted public.services, session uuid, seats text[], party int, moving public.bookings default null
)
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
  if exists (
    select
    from public.booking_seats x
    where x.session_id = s.id and x.seat = any (seats) and x.booking_id is distinct from moving.id
  ) then
    perform private.fail(
      409, 'seat_taken', 'seats', private.next_free(wanted.id, now(), party, moving => moving.id)::text
    );
  end if;
  select * into s from public.sessions x where x.id = s.id;
  if s.capacity - s.taken + private.places_in(s.id, moving) < party then
    perform private.fail(
      409, 'session_full', 'session_id', private.next_free(wanted.id, now(), party, moving => moving.id)::text
    );
  end if;
  return s;
end;
$$;
