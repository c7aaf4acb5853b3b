-- Free time: opening hours less occupancies, computed and never stored.

-- The intervals in which resources work that begin on local days from_date to to_date, as the hours are written, in local
-- times of the provider; one that runs past midnight closes on the day after. A special day goes before a profile, a
-- profile before the usual week, and at each of these a resource's own rows before its provider's.
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
  if not exists (select from public.special_days s where s.provider_id = provider and s.day between from_date and to_date)
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

-- The same joined: intervals that touch or overlap are one, so 9 to 12 and 12 to 17 are 9 to 17, and every day from 0 to 24
-- is open all along.
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
-- start is one whatever days are asked about. A row is for starts up to the end of last_day, done by closes_at. Hours of
-- two days before and one after are looked at: an interval is of a day at most, and so is a service.
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
        (h.opens_at + interval '1 day' - interval '1 microsecond')::date + interval '1 day', h.closes_at, interval '1 day'
      ) as m (midnight)
    ) as o
    where o.last_day >= from_date and o.opens_at < to_date + 1 and o.opens_at < h.closes_at;
end;
$$;

-- Starts that the hours allow, for each resource of a service, on local days of the provider's zone; whether they
-- are free is not asked here. Stepping is in elapsed time from opening, so a day of 23 or 25 hours comes out right.
create function private.open_starts(service public.services, zone text, from_date date, to_date date)
returns table (resource_id uuid, starts_at timestamptz)
language plpgsql
stable
security definer
set search_path = ''
as $$
#variable_conflict use_column
begin
  return query
    select distinct h.resource_id, t.starts_at
    from private.openings(
      service.provider_id,
      array(
        select r.id
        from public.service_resources l
        join public.resources r on r.id = l.resource_id
        where l.service_id = service.id and r.active
      ),
      from_date, to_date
    ) h
    cross join lateral generate_series(
      h.opens_at at time zone zone,
      least(
        h.closes_at at time zone zone - make_interval(mins => service.duration_minutes),
        (h.last_day + 1)::timestamp at time zone zone
      ),
      make_interval(mins => service.step_minutes)
    ) as t (starts_at)
    where (t.starts_at at time zone zone)::date between from_date and least(to_date, h.last_day);
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
  day date := (at at time zone zone)::date;
  duration interval := make_interval(mins => wanted.duration_minutes);
  step int := wanted.step_minutes * 60;
begin
  return array(
    select h.resource_id
    from private.openings(
      wanted.provider_id,
      array(
        select r.id
        from public.service_resources l
        join public.resources r on r.id = l.resource_id
        where l.service_id = wanted.id and r.active
      ),
      day, day
    ) h
    where h.opens_at at time zone zone <= at
      and h.last_day >= day
      and h.closes_at at time zone zone - duration >= at
      and mod(extract(epoch from at - h.opens_at at time zone zone), step) = 0
    group by h.resource_id
    order by h.resource_id
  );
end;
$$;

-- Starts that the hours allow, that nothing takes, and that may be booked now. In plpgsql, as all that a search asks for dozens of
-- services at once: a function in SQL with a search path of its own is planned anew at each call.
create function private.free_starts(service public.services, zone text, from_date date, to_date date)
returns table (resource_id uuid, starts_at timestamptz)
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
      select o.resource_id, o.starts_at
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
      group by o.resource_id
    )
    select t.resource_id, t.starts_at
    from starts t
    left join busy b on b.resource_id = t.resource_id
    where b.starts is null or not (b.starts @> t.starts_at);
end;
$$;

-- The tables that can seat a party: single ones, and connected groups of neighbours of up to four. capacity is that of
-- all together.
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
    with recursive members as (
      select r.id, r.capacity
      from public.service_resources l
      join public.resources r on r.id = l.resource_id
      where l.service_id = wanted and r.active and r.kind = 'table'
    ),
    pairs as (
      select n.resource_id as id, n.neighbour_id as other from public.table_neighbours n
      union all
      select n.neighbour_id, n.resource_id from public.table_neighbours n
    ),
    -- a group grows by a neighbour of any of its tables; kept sorted, so that one group is found once
    groups (tables, capacity) as (
      select array[m.id], m.capacity from members m
      union
      select array(select t from unnest(g.tables || m.id) as t order by t), g.capacity + m.capacity
      from groups g
      join pairs p on p.id = any (g.tables)
      join members m on m.id = p.other
      where cardinality(g.tables) < 4 and not (m.id = any (g.tables))
        -- a group that seats the party already needs no further table
        and g.capacity < party
    )
    select g.tables, g.capacity from groups g where g.capacity >= party;
end;
$$;

-- Free slots of a service as available_slots gives them: of a session service its sessions with places left.
create function private.free_slots(wanted uuid, from_date date, to_date date, party int default 1)
returns table (starts_at timestamptz, ends_at timestamptz, free int, local_starts_at timestamp, session_id uuid)
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
begin
  select s.* into service from public.services s where s.id = wanted and s.active;
  select p.time_zone into zone from public.providers p where p.id = service.provider_id and p.status = 'published';
  duration := make_interval(mins => service.duration_minutes);
  if zone is null or party not between service.min_party and service.max_party then
    return;
  end if;
  case service.mode
    when 'appointment' then
      return query
        select t.starts_at, t.starts_at + duration, (count(*) / service.staff_needed)::int, t.starts_at at time zone zone, null::uuid
        from private.free_starts(service, zone, from_date, to_date) t
        group by t.starts_at
        having count(*) >= service.staff_needed
        order by t.starts_at;
    when 'table' then
      return query
        with suitable as materialized (
          select g.tables from private.table_groups(wanted, party) g
        ),
        open as (
          select t.starts_at, array_agg(t.resource_id) as tables
          from private.free_starts(service, zone, from_date, to_date) t
          group by t.starts_at
        ),
        counted as (
          select
            o.starts_at,
            (select count(*) from suitable g where cardinality(g.tables) = 1 and g.tables <@ o.tables) as singles,
            exists (select from suitable g where cardinality(g.tables) > 1 and g.tables <@ o.tables) as joined
          from open o
        )
        -- groups share tables: that one is free says no more than that one booking fits
        select c.starts_at, c.starts_at + duration, greatest(c.singles, c.joined::int)::int, c.starts_at at time zone zone, null::uuid
        from counted c
        where c.singles > 0 or c.joined
        order by c.starts_at;
    else
      return query
        select s.starts_at, s.ends_at, s.capacity - s.taken + lapsed.places, s.starts_at at time zone zone, s.id
        from public.sessions s
        cross join lateral (
          select coalesce(sum(b.party_size), 0)::int as places
          from public.bookings b
          where b.session_id = s.id and b.status = 'held' and b.hold_expires_at <= now()
        ) as lapsed
        where s.service_id = wanted and s.active
          and (s.starts_at at time zone zone)::date between from_date and to_date
          and s.starts_at between now() + make_interval(mins => service.notice_minutes)
            and now() + make_interval(days => service.horizon_days)
          and s.capacity - s.taken + lapsed.places >= party
        order by s.starts_at;
  end case;
end;
$$;

-- The local days from_date to to_date on which a provider may have a free start: those with hours, into which the evening
-- before may run, or with a session.
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
      provider, array(select r.id from public.resources r where r.provider_id = provider and r.active), from_date - 1, to_date
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

-- The first free start of any of a provider's services on local days from_date to to_date, or no row.
-- Day by day, since most are free on the first; where that one is not, the days on which nobody works are left out.
create function private.first_free(provider uuid, from_date date, to_date date)
returns table (starts_at timestamptz, local_starts_at timestamp)
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
begin
  while day is not null loop
    return query
      select f.starts_at, f.local_starts_at
      from public.services s, private.free_slots(s.id, day, day, s.min_party) f
      where s.provider_id = provider and s.active
      order by f.starts_at
      limit 1;
    exit when found or to_date = from_date;
    later := coalesce(later[2:], private.open_days(provider, from_date + 1, to_date));
    day := later[1];
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
create function private.next_free(wanted uuid, since timestamptz, party int default 1, how_many int default 3)
returns jsonb
language plpgsql
stable
security definer
set search_path = ''
as $$
declare
  first date := (
    select (greatest(since, now()) at time zone p.time_zone)::date
    from public.services v
    join public.providers p on p.id = v.provider_id
    where v.id = wanted
  );
  days int;
  answer jsonb;
begin
  -- Most find enough within two days; what four weeks cost is only paid where they do not.
  foreach days in array array[1, 28] loop
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
      from private.free_slots(wanted, first, first + days, party) s
      where s.starts_at >= since
      order by s.starts_at
      limit how_many
    ) f;
    exit when jsonb_array_length(answer) >= how_many;
  end loop;
  return answer;
end;
$$;

-- Free slots of a service for a party on local days from_date to to_date (at most 62 days) of its provider's zone.
-- free: how many bookings of the service still fit at that start, or places left in the session, whose id is session_id.
-- local_starts_at: what the provider's clocks show then; screens show this one, since their own zone data may be older or
-- newer than the server's. Raises invalid_input, party_size (more or fewer people than the service takes), not_found.
create function public.available_slots(service_id uuid, from_date date, to_date date, party_size int default 1)
returns table (starts_at timestamptz, ends_at timestamptz, free int, local_starts_at timestamp, session_id uuid)
language plpgsql
stable
set search_path = ''
as $$
declare
  service public.services;
begin
  if not private.in_calendar(from_date) then
    perform private.fail(422, 'invalid_input', 'from_date');
  end if;
  if not private.in_calendar(to_date) or to_date < from_date or to_date - from_date > 62 then
    perform private.fail(422, 'invalid_input', 'to_date');
  end if;
  select * into service from public.services s where s.id = available_slots.service_id;
  if not found then
    perform private.fail(404, 'not_found', 'service_id');
  end if;
  if party_size is null or party_size not between service.min_party and service.max_party then
    perform private.fail(422, 'party_size', 'party_size');
  end if;
  return query
    select f.starts_at, f.ends_at, f.free, f.local_starts_at, f.session_id
    from private.free_slots(available_slots.service_id, from_date, to_date, party_size) f;
end;
$$;
grant execute on function private.free_slots(uuid, date, date, int) to anon, authenticated, service_role;
grant execute on function public.available_slots(uuid, date, date, int) to anon, authenticated, service_role;

create function private.session_seats(session_id uuid)
returns table (
  label text, category text, row_number int, column_number int, wheelchair boolean, price_minor bigint, free boolean
)
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

-- The seat map of a session: each seat of its room with its place on the map, its price in minor units, and whether it
-- can be booked. No row where places are sold by count. Raises not_found.
create function public.session_seats(session_id uuid)
returns table (
  label text, category text, row_number int, column_number int, wheelchair boolean, price_minor bigint, free boolean
)
language sql
stable
set search_path = ''
as $$
  select * from private.session_seats(session_id);
$$;
grant execute on function private.session_seats(uuid) to anon, authenticated;
grant execute on function public.session_seats(uuid) to anon, authenticated;
