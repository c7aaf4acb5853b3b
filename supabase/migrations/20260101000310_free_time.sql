-- Free time: opening hours less occupancies, computed and never stored.

-- The intervals in which resources work that begin on local days from_date to to_date, as the hours are written, in
-- local times of the provider; one that runs past midnight closes on the day after. A special day goes before a
-- profile, a profile before the usual week, and at each of these a resource's own rows before its provider's.
create function private.written_hours(provider uuid, resources uuid[], from_date date, to_date date)
returns table (resource_id uuid, opens_at timestamp, closes_at timestamp)
language plpgsql
stable
security definer
set search_path = ''
as $$
#variable_conflict use_column
begin
  -- Nearly always the usual week is all there is, and asking for it alone takes a third of the time.
  if not exists (
    select from public.special_days s where s.provider_id = provider and s.day between from_date and to_date
  )
    and not exists (
      select from public.hour_profiles f
      where f.provider_id = provider and f.starts_on <= to_date and f.ends_on >= from_date
    )
  then
    return query
      select
        r.id,
        d.day + h.opens,
        d.day + h.closes + case when h.closes <= h.opens then interval '1 day' else interval '0' end
      from (
        select
          m.id,
          case when exists (
            select from public.opening_hours o where o.resource_id = m.id and o.profile_id is null
          ) then m.id end as hours_of
        from unnest(resources) as m (id)
      ) r
      cross join generate_series(from_date::timestamp, to_date::timestamp, interval '1 day') as d (day)
      join public.opening_hours h
        on h.provider_id = provider
        and h.weekday = extract(isodow from d.day)
        and h.profile_id is null
        and h.resource_id is not distinct from r.hours_of
        and (h.valid_from is null or h.valid_from <= d.day::date)
        and (h.valid_to is null or h.valid_to >= d.day::date);
    return;
  end if;
  return query
    select
      x.resource_id,
      x.day + x.opens,
      x.day + x.closes + case when x.closes <= x.opens then interval '1 day' else interval '0' end
    from (
      with days as (
        select
          d.day::date as day,
          (
            select f.id
            from public.hour_profiles f
            where f.provider_id = provider and d.day::date between f.starts_on and f.ends_on
          ) as profile_id
        from generate_series(from_date::timestamp, to_date::timestamp, interval '1 day') as d (day)
      ),
      special as (
        select s.resource_id, s.day, s.opens, s.closes
        from public.special_days s
        where s.provider_id = provider and s.day between from_date and to_date
      ),
      own as (
        select distinct h.resource_id, h.profile_id
        from public.opening_hours h
        where h.provider_id = provider and h.resource_id = any (resources)
      )
      select r.id as resource_id, d.day, h.opens, h.closes
      from unnest(resources) as r (id)
      cross join days d
      join public.opening_hours h
        on h.provider_id = provider
        and h.weekday = extract(isodow from d.day)
        and h.profile_id is not distinct from d.profile_id
        and (h.valid_from is null or h.valid_from <= d.day)
        and (h.valid_to is null or h.valid_to >= d.day)
        and h.resource_id is not distinct from (
          select o.resource_id from own o where o.resource_id = r.id and o.profile_id is not distinct from d.profile_id
        )
      where not exists (
        select from special s where s.day = d.day and (s.resource_id is null or s.resource_id = r.id)
      )
      union all
      select r.id, s.day, s.opens, s.closes
      from unnest(resources) as r (id)
      join special s
        on s.resource_id is not distinct from (
          select o.resource_id from special o where o.resource_id = r.id and o.day = s.day limit 1
        )
      where s.opens is not null
    ) as x;
end;
$$;

-- The same joined: intervals that touch or overlap are one, so 9 to 12 and 12 to 17 are 9 to 17, and every day from 0
-- to 24 is open all along.
create function private.working_hours(provider uuid, resources uuid[], from_date date, to_date date)
returns table (resource_id uuid, opens_at timestamp, closes_at timestamp)
language plpgsql
stable
security definer
set search_path = ''
as $$
#variable_conflict use_column
begin
  return query
    select j.resource_id, lower(p.open), upper(p.open)
    from (
      select w.resource_id, range_agg(tsrange(w.opens_at, w.closes_at)) as periods
      from private.written_hours(provider, resources, from_date, to_date) w
      group by w.resource_id
    ) as j
    cross join lateral unnest(j.periods) as p (open);
end;
$$;

-- From when starts on local days from_date to to_date are counted, as local times: on the day of the opening and, where
-- that is after midnight, the day after, from the opening; on later days of hours that never close, from midnight. So a
-- start is one whatever days are asked about. A row is for starts up to the end of last_day, done by closes_at. Hours
-- of two days before and one after are looked at: an interval is of a day at most, and so is a service.
create function private.openings(provider uuid, resources uuid[], from_date date, to_date date)
returns table (resource_id uuid, opens_at timestamp, closes_at timestamp, last_day date)
language plpgsql
stable
security definer
set search_path = ''
as $$
#variable_conflict use_column
begin
  -- Mostly nobody works to midnight: then days have nothing to do with each other, and those asked for are enough.
  if not exists (
    select from public.opening_hours o where o.provider_id = provider and (o.closes <= o.opens or o.closes = '24:00')
  ) and not exists (
    select from public.special_days d where d.provider_id = provider and (d.closes <= d.opens or d.closes = '24:00')
  ) then
    return query
      select h.resource_id, h.opens_at, h.closes_at, h.opens_at::date
      from private.working_hours(provider, resources, from_date, to_date) h;
    return;
  end if;
  return query
    select h.resource_id, o.opens_at, h.closes_at, o.last_day
    from private.working_hours(provider, resources, from_date - 2, to_date + 1) h
    cross join lateral (
      select h.opens_at, (h.opens_at + interval '1 day' - interval '1 microsecond')::date as last_day
      union all
      select m.midnight, m.midnight::date
      from generate_series(
        (h.opens_at + interval '1 day' - interval '1 microsecond')::date + interval '1 day', h.closes_at,
        interval '1 day'
      ) as m (midnight)
    ) as o
    where o.last_day >= from_date and o.opens_at < to_date + 1 and o.opens_at < h.closes_at;
end;
$$;

-- The resources that a service may take.
create function private.resources_of(service uuid)
returns uuid[]
language plpgsql
stable
security definer
set search_path = ''
as $$
begin
  return array(
    select r.id
    from public.service_resources l
    join public.resources r on r.id = l.resource_id
    where l.service_id = service and r.active
  );
end;
$$;

-- Starts that the hours allow, for each resource of a service, on local days of the provider's zone; whether they
-- are free is not asked here. Stepping is in elapsed time from opening, so a day of 23 or 25 hours comes out right.
-- Ends of intervals are turned into instants once each, and starts told their local time by what has passed since
-- opening; only where clocks change within an interval is each start asked for.
create function private.open_starts(service public.services, zone text, from_date date, to_date date)
returns table (resource_id uuid, starts_at timestamptz, local_starts_at timestamp)
language plpgsql
stable
security definer
set search_path = ''
as $$
#variable_conflict use_column
begin
  return query
    with openings as materialized (
      select *
      from private.openings(service.provider_id, private.resources_of(service.id), from_date, to_date)
    ),
    intervals as materialized (
      select
        d.opens_at as opens, private.to_instant(d.opens_at, zone, 'edge') as opens_at,
        d.closes_at as closes, private.to_instant(d.closes_at, zone, 'edge') as closes_at,
        d.last_day, private.to_instant((d.last_day + 1)::timestamp, zone, 'edge') as last_day_ends
      from (select distinct o.opens_at, o.closes_at, o.last_day from openings o) as d
    ),
    starts as materialized (
      select
        i.opens, i.closes, i.last_day, t.starts_at,
        case
          when i.closes_at - i.opens_at = i.closes - i.opens then i.opens + (t.starts_at - i.opens_at)
          else private.to_local(t.starts_at, zone)
        end as local_starts_at
      from intervals i
      cross join lateral generate_series(
        i.opens_at, least(i.closes_at - make_interval(mins => service.duration_minutes), i.last_day_ends),
        make_interval(mins => service.step_minutes)
      ) as t (starts_at)
    )
    select distinct o.resource_id, s.starts_at, s.local_starts_at
    from openings o
    join starts s on s.opens = o.opens_at and s.closes = o.closes_at and s.last_day = o.last_day
    where s.local_starts_at >= from_date and s.local_starts_at < least(to_date, o.last_day) + 1;
end;
$$;

-- Which of a service's resources work for a booking at one start: those for which private.open_starts has it, asked of
-- the one instant.
create function private.open_resources(wanted public.services, zone text, at timestamptz)
returns uuid[]
language plpgsql
stable
security definer
set search_path = ''
as $$
declare
  day date := private.to_local(at, zone)::date;
  duration interval := make_interval(mins => wanted.duration_minutes);
  step int := wanted.step_minutes * 60;
begin
  return array(
    select h.resource_id
    from private.openings(wanted.provider_id, private.resources_of(wanted.id), day, day) h
    cross join lateral (
      select
        private.to_instant(h.opens_at, zone, 'edge') as opens_at,
        private.to_instant(h.closes_at, zone, 'edge') as closes_at
      offset 0
    ) as i
    where i.opens_at <= at
      and h.last_day >= day
      and i.closes_at - duration >= at
      and mod(extract(epoch from at - i.opens_at), step) = 0
    group by h.resource_id
    order by h.resource_id
  );
end;
$$;

-- Starts that the hours allow, that nothing takes but the booking `moving`, and that may be booked now. In plpgsql, as
-- all that a search asks for dozens of services at once: a function in SQL with a search path of its own is planned
-- anew at each call.
create function private.free_starts(
  service public.services, zone text, from_date date, to_date date, moving uuid default null
)
returns table (resource_id uuid, starts_at timestamptz, local_starts_at timestamp)
language plpgsql
stable
security definer
set search_path = ''
as $$
#variable_conflict use_column
declare
  before interval := make_interval(mins => service.buffer_before_minutes);
  after interval := make_interval(mins => service.duration_minutes + service.buffer_after_minutes);
begin
  return query
    with starts as materialized (
      select o.resource_id, o.starts_at, o.local_starts_at
      from private.open_starts(service, zone, from_date, to_date) o
      where o.starts_at between now() + make_interval(mins => service.notice_minutes)
        and now() + make_interval(days => service.horizon_days)
    ),
    -- For each resource the starts that would overlap something, as one multirange: cheaper than a look-up a slot.
    busy as (
      select o.resource_id, range_agg(tstzrange(lower(o.period) - after, upper(o.period) + before, '()')) as starts
      from public.occupancies o
      where o.resource_id = any (array(select distinct x.resource_id from starts x))
        and o.period && (select tstzrange(min(x.starts_at) - before, max(x.starts_at) + after) from starts x)
        and (o.expires_at is null or o.expires_at > now())
        and (moving is null or o.booking_id is distinct from moving)
      group by o.resource_id
    )
    select t.resource_id, t.starts_at, t.local_starts_at
    from starts t
    left join busy b on b.resource_id = t.resource_id
    where b.starts is null or not (b.starts @> t.starts_at);
end;
$$;

-- The tables that can seat a party: single ones, and connected groups of neighbours of up to four. capacity is that of
-- all together. Of each size no more than 2,000 are looked at, whoever says what stands beside what: a hall of 80
-- tables in rows and columns has 142 pairs and some 1,400 groups of four.
create function private.table_groups(wanted uuid, party int)
returns table (tables uuid[], capacity int)
language plpgsql
stable
security definer
set search_path = ''
as $$
#variable_conflict use_column
begin
  return query
    with members as materialized (
      -- each table with a bit of its own, by which a group is known however it grew
      select
        x.id, x.capacity, x.largest,
        overlay(repeat('0', x.n::int) placing '1' from x.at::int for 1)::bit varying as bit
      from (
        select
          r.id, r.capacity, max(r.capacity) over () as largest, count(*) over () as n,
          row_number() over (order by r.id) as at
        from public.service_resources l
        join public.resources r on r.id = l.resource_id
        where l.service_id = wanted and r.active and r.kind = 'table'
      ) x
    ),
    pairs as materialized (
      select x.id, m.id as other, m.capacity, m.bit
      from public.services s
      join public.table_neighbours n on n.provider_id = s.provider_id
      cross join lateral (values (n.resource_id, n.neighbour_id), (n.neighbour_id, n.resource_id)) as x (id, other)
      join members m on m.id = x.other
      where s.id = wanted
    ),
    -- A group grows by a neighbour of any of its tables. One that seats the party already needs no further table, and
    -- one that four cannot make large enough gets none.
    of_one as materialized (
      select m.bit as mask, array[m.id] as tables, m.capacity, m.largest from members m
    ),
    of_two as materialized (
      select distinct on (mask)
        g.mask | p.bit as mask, g.tables || p.other as tables, g.capacity + p.capacity as capacity, g.largest
      from of_one g
      cross join lateral unnest(g.tables) as t (id)
      join pairs p on p.id = t.id and g.mask & p.bit <> p.bit
      where g.capacity < party and g.capacity + 3 * g.largest >= party
      limit 2000
    ),
    of_three as materialized (
      select distinct on (mask)
        g.mask | p.bit as mask, g.tables || p.other as tables, g.capacity + p.capacity as capacity, g.largest
      from of_two g
      cross join lateral unnest(g.tables) as t (id)
      join pairs p on p.id = t.id and g.mask & p.bit <> p.bit
      where g.capacity < party and g.capacity + 2 * g.largest >= party
      limit 2000
    ),
    of_four as materialized (
      select distinct on (mask)
        g.mask | p.bit as mask, g.tables || p.other as tables, g.capacity + p.capacity as capacity, g.largest
      from of_three g
      cross join lateral unnest(g.tables) as t (id)
      join pairs p on p.id = t.id and g.mask & p.bit <> p.bit
      where g.capacity < party and g.capacity + g.largest >= party
      limit 2000
    )
    select array(select t from unnest(g.tables) as t order by t), g.capacity
    from (
      select * from of_one
      union all
      select * from of_two
      union all
      select * from of_three
      union all
      select * from of_four
    ) g
    where g.capacity >= party;
end;
$$;

-- A start at which a service can be booked. free: how many bookings of the service still fit then, or places left in
-- the session, whose id is session_id. local_starts_at: what the provider's clocks show then; screens show this one,
-- since their own zone data may be older or newer than the server's.
create type public.slot as (
  starts_at timestamptz,
  ends_at timestamptz,
  free int,
  local_starts_at timestamp,
  session_id uuid
);

-- True where a booking's seats are to be had in a session: all are there, and free but for the booking itself. One
-- without seats goes where places have no numbers.
create function private.seats_fit(session public.sessions, wanted text[], moving uuid)
returns boolean
language plpgsql
stable
security definer
set search_path = ''
as $$
begin
  if wanted is null then
    return not exists (select from public.seats e where e.resource_id = session.resource_id);
  end if;
  return wanted <@ array(select e.label from public.seats e where e.resource_id = session.resource_id)
    and not exists (
      select
      from public.booking_seats x
      join public.bookings b on b.id = x.booking_id
      where x.session_id = session.id and x.seat = any (wanted)
        and b.id <> moving and not (b.status = 'held' and b.hold_expires_at <= now())
    );
end;
$$;

-- Free slots of a service in order: of a session service its sessions with places left. For a booking that is `moving`
-- they are those that it may go to: what it takes itself is free, and its seats must be.
create function private.free_slots(
  wanted uuid, from_date date, to_date date, party int default 1, moving uuid default null
)
returns setof public.slot
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
  mover public.bookings;
begin
  select * into mover from public.bookings b where b.id = moving;
  select s.* into service from public.services s where s.id = wanted and s.active;
  select p.time_zone into zone from public.providers p where p.id = service.provider_id and p.status = 'published';
  duration := make_interval(mins => service.duration_minutes);
  if zone is null or party not between service.min_party and service.max_party then
    return;
  end if;
  case service.mode
    when 'appointment' then
      return query
        select
          t.starts_at, t.starts_at + duration, (count(*) / service.staff_needed)::int, t.local_starts_at, null::uuid
        from private.free_starts(service, zone, from_date, to_date, moving) t
        group by t.starts_at, t.local_starts_at
        having count(*) >= service.staff_needed
        order by t.starts_at;
    when 'table' then
      return query
        -- each table is a bit: whether a group is free is one comparison, and there may be thousands of groups
        with members as materialized (
          select r.id, overlay(repeat('0', r.n::int) placing '1' from r.at::int for 1)::bit varying as bit
          from (
            select x.id, x.at, count(*) over () as n
            from unnest(private.resources_of(wanted)) with ordinality as x (id, at)
          ) r
        ),
        suitable as materialized (
          select cardinality(g.tables) = 1 as single, (
            select bit_or(m.bit) from unnest(g.tables) as t (id) join members m on m.id = t.id
          ) as mask
          from private.table_groups(wanted, party) g
        ),
        open as materialized (
          select t.starts_at, t.local_starts_at, bit_or(m.bit) as mask
          from private.free_starts(service, zone, from_date, to_date, moving) t
          join members m on m.id = t.resource_id
          group by t.starts_at, t.local_starts_at
        ),
        -- mostly the same tables are free at one start after another
        counted as materialized (
          select x.mask, x.singles, case when x.singles = 0 then exists (
            select from suitable g where not g.single and g.mask & x.mask = g.mask
          ) end as joined
          from (
            select o.mask, (select count(*) from suitable g where g.single and g.mask & o.mask = g.mask) as singles
            from (select distinct o.mask from open o) o
          ) x
        )
        -- groups share tables: that one is free says no more than that one booking fits
        select
          o.starts_at, o.starts_at + duration, greatest(c.singles, c.joined::int)::int, o.local_starts_at, null::uuid
        from open o
        join counted c on c.mask = o.mask
        where c.singles > 0 or c.joined
        order by o.starts_at;
    else
      return query
        select s.starts_at, s.ends_at, s.capacity - s.taken + left_free.places, s.local_starts_at, s.id
        from public.sessions s
        cross join lateral (
          select coalesce(sum(b.party_size), 0)::int + private.places_in(s.id, mover) as places
          from public.bookings b
          where b.session_id = s.id and b.status = 'held' and b.hold_expires_at <= now()
            and b.id is distinct from moving
        ) as left_free
        where s.service_id = wanted and s.active
          and s.local_starts_at >= from_date and s.local_starts_at < to_date + 1
          and s.starts_at between now() + make_interval(mins => service.notice_minutes)
            and now() + make_interval(days => service.horizon_days)
          and s.capacity - s.taken + left_free.places >= party
          and (moving is null or private.seats_fit(s, mover.seats, moving))
        order by s.starts_at, s.id;
  end case;
end;
$$;

-- The local days from_date to to_date on which a provider may have a free start: those with hours, into which the
-- evening before may run, or with a session.
create function private.open_days(provider uuid, from_date date, to_date date)
returns date[]
language plpgsql
stable
security definer
set search_path = ''
as $$
begin
  return array(
    select distinct d.day::date
    from private.working_hours(
      provider, array(select r.id from public.resources r where r.provider_id = provider and r.active), from_date - 1,
      to_date
    ) h
    cross join lateral generate_series(h.opens_at::date, h.closes_at::date, interval '1 day') as d (day)
    where d.day between from_date and to_date
    union
    select t.local_starts_at::date
    from public.sessions t
    where t.provider_id = provider and t.active and t.local_starts_at between from_date and to_date + 1
    order by day
  );
end;
$$;

-- How much work it is to find the free time for a party of each of a provider's services, or of one, on one day: the
-- starts that its hours could give at most, for each resource, times the intervals of a day; for tables the groups that
-- would be tried at each, by their pairs. Of resources that are closed all of that day (null: of none) nothing is
-- asked. Counted from few rows, without looking at the calendar. `party` null: the smallest of each service.
create function private.day_weight(provider uuid, day date, service uuid default null, party int default null)
returns bigint
language plpgsql
stable
security definer
set search_path = ''
as $$
declare
  intervals bigint := greatest(1, (
    select max(x.n)
    from (
      select count(*) as n
      from public.opening_hours h
      where h.provider_id = provider
      group by h.resource_id, h.profile_id, h.weekday
    ) x
  ), (
    select max(x.n)
    from (
      select count(*) as n
      from public.special_days d
      where d.provider_id = provider
      group by d.resource_id, d.day
    ) x
  ));
  asked tstzrange := (select private.local_day(day, p.time_zone) from public.providers p where p.id = provider);
  shut boolean := exists (
    select from public.closures c where c.provider_id = provider and c.period @> asked and c.resource_id is null
  );
  closed uuid[] := array(
    select distinct c.resource_id
    from public.closures c
    where c.provider_id = provider and c.period @> asked and c.resource_id is not null
  );
begin
  return coalesce((
    select sum(
      case
        when s.mode = 'session' then 100
        when shut then 0
        else intervals * (1440 / s.step_minutes) * (
          (select count(*) from public.service_resources l where l.service_id = s.id and l.resource_id <> all (closed))
          + case when s.mode = 'table' then (
            select count(*)
            from public.table_neighbours n
            join public.resources r on r.id = n.resource_id and r.capacity < coalesce(party, s.min_party)
            where n.provider_id = provider
          ) else 0 end
        )
      end
    )
    from public.services s
    where s.provider_id = provider and s.active and s.id = coalesce(service, s.id)
  ), 0);
end;
$$;

-- How many days of a service may be looked at in one go, of as many as are wanted, and at least one: a budget of work
-- (private.day_weight), a month and more of a hall of eighty tables, and a second or so.
create function private.days_in_reach(service public.services, wanted int)
returns int
language plpgsql
stable
security definer
set search_path = ''
as $$
begin
  return greatest(1, least(
    wanted, 900000 / greatest(1, private.day_weight(service.provider_id, null, service.id, service.max_party))
  ));
end;
$$;

-- Raises invalid_input (to_date) for more days of a service than may be asked about at once: what were left out would
-- look taken.
create function private.check_reach(service public.services, from_date date, to_date date)
returns void
language plpgsql
stable
security definer
set search_path = ''
as $$
begin
  if private.days_in_reach(service, to_date - from_date + 1) <= to_date - from_date then
    perform private.fail(422, 'invalid_input', 'to_date');
  end if;
end;
$$;
grant execute on function private.check_reach(public.services, date, date) to anon, authenticated, service_role;

-- The first free start of any of a provider's services on local days from_date to to_date: null where there is none,
-- and where it would be more work than `budget` to find out (see private.day_weight): then `known` is false. spent: how
-- much of it was used. Day by day, since most are free on the first; where that one is not, the days on which nobody
-- works are left out.
create function private.first_free(provider uuid, from_date date, to_date date, budget bigint)
returns table (starts_at timestamptz, local_starts_at timestamp, known boolean, spent bigint)
language plpgsql
stable
security definer
set search_path = ''
-- a search plans its own query anew each time; these are kept
set plan_cache_mode = auto
as $$
#variable_conflict use_column
declare
  day date := from_date;
  later date[];
  weight bigint;
begin
  spent := 0;
  known := true;
  while day is not null loop
    -- that there is nothing to look at is found out too
    weight := greatest(200, private.day_weight(provider, day));
    known := spent + weight <= budget;
    exit when not known;
    spent := spent + weight;
    select f.starts_at, f.local_starts_at
    into starts_at, local_starts_at
    from public.services s, private.free_slots(s.id, day, day, s.min_party) f
    where s.provider_id = provider and s.active
    order by f.starts_at
    limit 1;
    exit when starts_at is not null or to_date = from_date;
    later := coalesce(later[2:], private.open_days(provider, from_date + 1, to_date));
    day := later[1];
  end loop;
  return next;
end;
$$;

-- The next free starts from an instant on, at most `how_many`, looking four weeks ahead, or as far as
-- private.days_in_reach allows: a JSON array of instants, each written with the offset of the provider's zone, so that
-- its clock time can be read off.
create function private.next_free(
  wanted uuid, since timestamptz, party int default 1, how_many int default 3, moving uuid default null
)
returns jsonb
language plpgsql
stable
security definer
set search_path = ''
as $$
declare
  first date := (
    select private.to_local(greatest(since, now()), p.time_zone)::date
    from public.services v
    join public.providers p on p.id = v.provider_id
    where v.id = wanted
  );
  days int;
  answer jsonb;
begin
  -- Most find enough within two days; what four weeks cost is only paid where they do not.
  foreach days in array
    array[1, (select private.days_in_reach(v, 29) - 1 from public.services v where v.id = wanted)]
  loop
    select coalesce(
      jsonb_agg(
        to_char(f.local_starts_at, 'YYYY-MM-DD"T"HH24:MI:SS')
          || private.offset_text(f.local_starts_at - f.starts_at at time zone 'UTC')
        order by f.starts_at
      ),
      '[]'::jsonb
    )
    into answer
    from (
      select s.starts_at, s.local_starts_at
      from private.free_slots(wanted, first, first + days, party, moving) s
      where s.starts_at >= since
      order by s.starts_at
      limit how_many
    ) f;
    exit when jsonb_array_length(answer) >= how_many;
  end loop;
  return answer;
end;
$$;

-- Raises invalid_input for days that cannot be asked about: 62 of them after the first at most.
create function private.check_days(from_date date, to_date date)
returns void
language plpgsql
stable
set search_path = ''
as $$
begin
  if not private.in_calendar(from_date) then
    perform private.fail(422, 'invalid_input', 'from_date');
  end if;
  if not private.in_calendar(to_date) or to_date < from_date or to_date - from_date > 62 then
    perform private.fail(422, 'invalid_input', 'to_date');
  end if;
end;
$$;
grant execute on function private.check_days(date, date) to anon, authenticated, service_role;

-- Free slots of a service for a party on local days from_date to to_date (at most 62 days) of its provider's zone: one
-- array of public.slot in order, empty where there is none. Not rows: those would end at the API's thousand, and look
-- like all. A service whose days are much work (private.days_in_reach) is asked about fewer at a time. Raises
-- invalid_input (to_date: also for too many of them), party_size (more or fewer people than the service takes),
-- not_found.
create function public.available_slots(service_id uuid, from_date date, to_date date, party_size int default 1)
returns jsonb
language plpgsql
stable
set search_path = ''
as $$
declare
  service public.services;
begin
  perform private.check_days(from_date, to_date);
  select * into service from public.services s where s.id = available_slots.service_id;
  if not found then
    perform private.fail(404, 'not_found', 'service_id');
  end if;
  if party_size is null or party_size not between service.min_party and service.max_party then
    perform private.fail(422, 'party_size', 'party_size');
  end if;
  perform private.check_reach(service, from_date, to_date);
  return (
    select coalesce(jsonb_agg(to_jsonb(f) order by f.starts_at, f.session_id), '[]')
    from private.free_slots(service.id, from_date, to_date, party_size) f
  );
end;
$$;
grant execute on function private.free_slots(uuid, date, date, int, uuid) to anon, authenticated, service_role;
grant execute on function public.available_slots(uuid, date, date, int) to anon, authenticated, service_role;

-- A seat of a session's room with its place on the map, its price in minor units, and whether it can be booked.
create type public.session_seat as (
  label text,
  category text,
  row_number int,
  column_number int,
  wheelchair boolean,
  price_minor bigint,
  free boolean
);

create function private.session_seats(session_id uuid)
returns setof public.session_seat
language plpgsql
stable
security definer
set search_path = ''
as $$
declare
  session public.sessions;
begin
  select * into session
  from public.sessions s
  where s.id = session_seats.session_id and s.active and private.is_published(s.provider_id);
  if not found then
    perform private.fail(404, 'not_found', 'session_id');
  end if;
  return query
    select
      e.label, e.category, e.row_number, e.column_number, e.wheelchair, coalesce(x.price_minor, v.price_minor),
      not exists (
        select
        from public.booking_seats t
        join public.bookings b on b.id = t.booking_id
        where t.session_id = session.id and t.seat = e.label
          and not (b.status = 'held' and b.hold_expires_at <= now())
      )
    from public.services v
    join public.seats e on e.resource_id = session.resource_id
    left join public.seat_prices x on x.service_id = v.id and x.category = e.category
    where v.id = session.service_id
    order by e.row_number, e.column_number;
end;
$$;

-- The seat map of a session: one array of public.session_seat, row by row; empty where places are sold by count. Raises
-- not_found.
create function public.session_seats(session_id uuid)
returns jsonb
language sql
stable
set search_path = ''
as $$
  select coalesce(jsonb_agg(to_jsonb(s) order by s.row_number, s.column_number), '[]')
  from private.session_seats(session_id) s;
$$;
grant execute on function private.session_seats(uuid) to anon, authenticated;
grant execute on function public.session_seats(uuid) to anon, authenticated;

create function private.provider_hours(provider_id uuid)
returns jsonb
language plpgsql
stable
security definer
set search_path = ''
as $$
declare
  provider alias for provider_id;
  first date;
begin
  select private.to_local(now(), p.time_zone)::date into first
  from public.providers p
  where p.id = provider and (p.status = 'published' or private.is_member(p.id));
  if not found then
    perform private.fail(404, 'not_found', 'provider_id');
  end if;
  return jsonb_build_object(
    'days', (
      select jsonb_agg(
        jsonb_build_object(
          'day', d.day::date,
          'intervals', coalesce(
            (
              select jsonb_agg(
                jsonb_build_array(to_char(lower(i), 'HH24:MI'), to_char(upper(i), 'HH24:MI'))
                order by lower(i)
              )
              from (
                select range_agg(tsrange(h.opens_at, h.closes_at)) as open
                from private.working_hours(
                  provider,
                  -- where nobody works there yet, the business's own
                  coalesce(
                    nullif(
                      array(select r.id from public.resources r where r.provider_id = provider and r.active),
                      '{}'
                    ),
                    array[null::uuid]
                  ),
                  d.day::date, d.day::date
                ) h
              ) as x
              cross join unnest(x.open) as i
            ),
            '[]'
          )
        )
        order by d.day
      )
      from generate_series(first::timestamp, (first + 6)::timestamp, interval '1 day') as d (day)
    ),
    'profiles', coalesce(
      (
        select jsonb_agg(
          jsonb_build_object('name', f.name, 'starts_on', f.starts_on, 'ends_on', f.ends_on)
          order by f.starts_on
        )
        from public.hour_profiles f
        where f.provider_id = provider and f.ends_on >= first and f.starts_on < first + 90
      ),
      '[]'
    )
  );
end;
$$;

-- When a business is open on the seven days from today on, by its own clocks, all rules applied
-- (private.working_hours): {"days": [{"day", "intervals": [["09:00", "18:00"]]}], "profiles": [{"name", "starts_on",
-- "ends_on"}]}, these the times of the year with hours of their own that hold now or begin within ninety days. An
-- interval may end the day after. Raises not_found for what is neither published nor the caller's.
create function public.provider_hours(provider_id uuid)
returns jsonb
language sql
stable
set search_path = ''
as $$
  select private.provider_hours(provider_id);
$$;
grant execute on function private.provider_hours(uuid) to anon, authenticated;
grant execute on function public.provider_hours(uuid) to anon, authenticated;
