-- Clocks: how far each zone's clocks are ahead of UTC, as data of our own. A server's zone files may be years old, and
-- on a hosted project nobody can change them; so every local time becomes an instant, and every instant a local time,
-- by the two functions below and by nothing else.

-- Which IANA release the rows come from: one row.
create table private.clock_release (
  only_one boolean primary key default true constraint clock_release_one_row check (only_one),
  -- such as 2026f
  release text not null,
  loaded_at timestamptz not null default now()
);
alter table private.clock_release enable row level security;

-- From `at` on a zone's clocks are `ahead` of UTC; its first row is at -infinity, and its last holds for all that
-- follows. One row a change, from 2020 to 2040, under every name that IANA has for a zone. Made by "npm run clocks".
create table private.clock_changes (
  zone text not null,
  at timestamptz not null,
  ahead interval not null,
  primary key (zone, at)
);
alter table private.clock_changes enable row level security;

-- What the clocks of a zone show at an instant; null for a zone that there is not.
create function private.to_local(at timestamptz, zone text)
returns timestamp
language plpgsql
stable
security definer
set search_path = ''
as $$
begin
  return at at time zone 'UTC' + (
    select c.ahead
    from private.clock_changes c
    where c.zone = to_local.zone and c.at <= to_local.at
    order by c.at desc
    limit 1
  );
end;
$$;

-- The instant at which the clocks of a zone show a time. One that they show twice, when they are put back, is the first
-- unless `choice` says 'second'. One that they skip, when they are put forward, is none: null; with the choice 'edge',
-- for the ends of intervals, it is the moment of the change, so that nothing begins or ends half an hour off.
-- Null for a zone that there is not.
create function private.to_instant(local timestamp, zone text, choice text default 'first')
returns timestamptz
language plpgsql
stable
security definer
set search_path = ''
as $$
declare
  as_utc timestamptz := local at time zone 'UTC';
  latest private.clock_changes;
begin
  -- No zone is further from UTC than 26 hours. Nearly always the last change was long before: one look-up is all.
  select * into latest
  from private.clock_changes c
  where c.zone = to_instant.zone and c.at <= as_utc + interval '26 hours'
  order by c.at desc
  limit 1;
  if latest.at <= as_utc - interval '26 hours' then
    return as_utc - latest.ahead;
  end if;
  return (
    select case
      when choice = 'second' then max(s.shown)
      when choice = 'edge' then coalesce(min(s.shown), min(s.since) filter (where s.since + s.ahead > as_utc))
      else min(s.shown)
    end
    from (
      select
        p.since, p.ahead,
        case when as_utc - p.ahead >= p.since and as_utc - p.ahead < p.until then as_utc - p.ahead end as shown
      from (
        select c.at as since, c.ahead, lead(c.at, 1, 'infinity') over (order by c.at) as until
        from private.clock_changes c
        where c.zone = to_instant.zone
      ) as p
      where p.since <= as_utc + interval '26 hours' and p.until > as_utc - interval '26 hours'
    ) as s
  );
end;
$$;

-- A day of a zone as the instants between which it lies: of 24 hours, or 23, 25, 23½ where clocks change.
create function private.local_day(day date, zone text)
returns tstzrange
language plpgsql
stable
security definer
set search_path = ''
as $$
begin
  return tstzrange(
    private.to_instant(day::timestamp, zone, 'edge'), private.to_instant((day + 1)::timestamp, zone, 'edge')
  );
end;
$$;

-- Where a server's own zone files tell another time than the rows, of some zones, looked at every twelve hours from now
-- for two years: one row a zone, with the first instant; server_ahead is null for a zone that the server does not know.
-- Names without a region are left out: CET is an abbreviation to a server before it is a zone. Nothing of ours uses
-- those files; a tool that does would be wrong.
create function private.clock_differences(zones text[])
returns table (zone text, at timestamptz, ahead interval, server_ahead interval)
language plpgsql
stable
security definer
set search_path = ''
as $$
#variable_conflict use_column
declare
  one text;
begin
  foreach one in array zones loop
    continue when one not like '%/%';
    begin
      return query
        select one, x.at, x.ahead, x.server_ahead
        from (
          select
            t.at, private.to_local(t.at, one) - t.at at time zone 'UTC' as ahead,
            t.at at time zone one - t.at at time zone 'UTC' as server_ahead
          from generate_series(now(), now() + interval '730 days', interval '12 hours') as t (at)
        ) as x
        where x.ahead <> x.server_ahead
        order by x.at
        limit 1;
    exception
      when invalid_parameter_value then
        return query select one, now(), private.to_local(now(), one) - now() at time zone 'UTC', null::interval;
    end;
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

-- True while instants are derived anew from promised local times, after a zone's rules have changed.
create function private.rederiving()
returns boolean
language sql
stable
set search_path = ''
as $$
  select coalesce(current_setting('khadamat.rederiving', true), '') = 'on';
$$;
