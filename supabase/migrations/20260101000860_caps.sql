-- Caps: how much of each thing one business may enter. What one stranger enters must not slow down all: searches and
-- bookings look at these rows, for everybody. Data, so that they can be tuned live.

create table private.provider_caps (
  name text primary key,
  most int not null constraint provider_caps_some check (most > 0),
  -- where the figure comes from
  reason text not null
);
alter table private.provider_caps enable row level security;

insert into private.provider_caps (name, most, reason)
values
  ('services', 200, 'the longest price list of a salon or clinic has some 120 lines'),
  ('resources', 120, 'the largest restaurant hall has some 80 tables, the largest team fewer'),
  ('service_resources', 3000, 'every service of 150 by every member of a team of 20'),
  ('table_neighbours', 240, 'a hall of 80 tables in rows and columns has 142 pairs'),
  ('neighbours_of_table', 8, 'all around one table of a grid; groups are of four at most'),
  ('opening_hours', 1000, 'a team of 40 with own hours, twice a day, in the usual week and in one profile'),
  ('hours_of_day', 8, 'intervals of one day of one week: more are not hours but a timetable of sessions'),
  ('hour_profiles', 40, 'four seasons and Ramadan for years ahead'),
  ('special_days', 3000, 'a team of forty with a fortnight each, for years'),
  ('closures', 3000, 'likewise'),
  ('sessions', 3000, 'to come, or entered when they had begun; ten halls, four showings a day, ten weeks'),
  ('sessions_of_day', 100, 'ten halls with ten showings'),
  ('seats', 6000, 'the largest hall of the country has some 2,000'),
  ('seat_prices', 600, 'three categories of each service'),
  ('photos', 60, 'a gallery that people look at to its end'),
  ('provider_documents', 30, 'each kind several times over'),
  ('promo_codes', 500, 'a campaign a week for years'),
  ('waiting_of_service', 300, 'all the tables of a large restaurant once more, on each of its fullest evenings'),
  ('guests_waiting_of_service', 200, 'so that who types addresses leaves room for accounts'),
  ('waiting_of_provider', 3000, 'ten such services'),
  ('open_guest_offers', 10, 'held for two hours each, for addresses that nothing has proven');

-- How much one account may hold or wait for at a time.
create table private.customer_caps (
  name text primary key,
  most int not null constraint customer_caps_some check (most > 0),
  -- where the figure comes from
  reason text not null
);
alter table private.customer_caps enable row level security;

insert into private.customer_caps (name, most, reason)
values
  ('waiting', 30, 'a month of evenings at one restaurant, one by one'),
  ('holds', 10, 'places not paid for yet: those of a family that plans a whole day, while its pages to pay are open'),
  ('holds_at_provider', 5, 'likewise: four at the hairdresser, and one that went wrong'),
  ('unpaid_at_provider', 20, 'to come, and nothing paid for: a course every week of half a year'),
  ('unpaid_at_a_time', 4, 'likewise, at one time: a family at the hairdresser, each by themselves');

-- Refuses rows of a business beyond a cap: limit_reached (422), with the cap's name as detail. The provider's row is
-- locked first, so that of two who add at once the second counts what the first has added.
create function private.require_room(provider uuid, cap text, there bigint)
returns void
language plpgsql
security definer
set search_path = ''
as $$
begin
  if there > (select c.most from private.provider_caps c where c.name = cap) then
    perform private.fail(422, 'limit_reached', cap);
  end if;
end;
$$;

-- Counts a business's rows of the table after a statement that added some, which then fails or stands as a whole. The
-- trigger's argument is the condition of those that count, where not all do.
create function private.keep_within_cap()
returns trigger
language plpgsql
security definer
set search_path = ''
as $$
declare
  provider uuid;
  there bigint;
begin
  for provider in select distinct a.provider_id from added a where a.provider_id is not null order by 1 loop
    perform private.lock_provider(provider);
    execute format(
      'select count(*) from public.%I t where t.provider_id = $1 and (%s)', tg_table_name, coalesce(tg_argv[0], 'true')
    )
    into there
    using provider;
    perform private.require_room(provider, tg_table_name, there);
  end loop;
  return null;
end;
$$;

create trigger keep_within_cap after insert on public.services
  referencing new table as added for each statement execute function private.keep_within_cap();
create trigger keep_within_cap after insert on public.resources
  referencing new table as added for each statement execute function private.keep_within_cap();
create trigger keep_within_cap after insert on public.table_neighbours
  referencing new table as added for each statement execute function private.keep_within_cap();
create trigger keep_within_cap after insert on public.opening_hours
  referencing new table as added for each statement execute function private.keep_within_cap();
create trigger keep_within_cap after insert on public.hour_profiles
  referencing new table as added for each statement execute function private.keep_within_cap();
create trigger keep_within_cap after insert on public.special_days
  referencing new table as added for each statement execute function private.keep_within_cap();
create trigger keep_within_cap after insert on public.closures
  referencing new table as added for each statement execute function private.keep_within_cap();
create trigger keep_within_cap after insert on public.sessions
  referencing new table as added for each statement execute function private.keep_within_cap(
    't.ends_at > now() or t.starts_at <= t.created_at'
  );
create trigger keep_within_cap after insert on public.seats
  referencing new table as added for each statement execute function private.keep_within_cap();
create trigger keep_within_cap after insert on public.seat_prices
  referencing new table as added for each statement execute function private.keep_within_cap();
create trigger keep_within_cap after insert on public.photos
  referencing new table as added for each statement execute function private.keep_within_cap();
create trigger keep_within_cap after insert on public.provider_documents
  referencing new table as added for each statement execute function private.keep_within_cap();
create trigger keep_within_cap after insert on public.promo_codes
  referencing new table as added for each statement execute function private.keep_within_cap();

-- The same for links of services and resources, whose provider is the service's.
create function private.keep_links_within_cap()
returns trigger
language plpgsql
security definer
set search_path = ''
as $$
declare
  provider uuid;
begin
  for provider in
    select distinct s.provider_id from added a join public.services s on s.id = a.service_id order by 1
  loop
    perform private.lock_provider(provider);
    perform private.require_room(provider, 'service_resources', (
      select count(*)
      from public.services s
      join public.service_resources l on l.service_id = s.id
      where s.provider_id = provider
    ));
  end loop;
  return null;
end;
$$;
create trigger keep_within_cap after insert on public.service_resources
  referencing new table as added for each statement execute function private.keep_links_within_cap();

-- And for what may be crowded within the whole: neighbours around one table, hours on one day of a week, sessions on
-- one day, all of which may come by a change too. Asked of each row that was written, under the provider's lock: the
-- arguments are the cap and which rows of the table (t) count with the one that was written (n).
create function private.keep_crowd_within_cap()
returns trigger
language plpgsql
security definer
set search_path = ''
as $$
declare
  there bigint;
begin
  perform private.lock_provider(new.provider_id);
  execute format(
    'select count(*) from public.%I t, (select ($1).*) as n where t.provider_id = n.provider_id and (%s)',
    tg_table_name, tg_argv[1]
  )
  into there
  using new;
  perform private.require_room(new.provider_id, tg_argv[0], there);
  return null;
end;
$$;

create trigger keep_neighbours_within_cap after insert on public.table_neighbours
  for each row execute function private.keep_crowd_within_cap(
    'neighbours_of_table', 'n.resource_id in (t.resource_id, t.neighbour_id)'
  );
create trigger keep_neighbours_of_other_within_cap after insert on public.table_neighbours
  for each row execute function private.keep_crowd_within_cap(
    'neighbours_of_table', 'n.neighbour_id in (t.resource_id, t.neighbour_id)'
  );
create trigger keep_day_within_cap after insert or update on public.opening_hours
  for each row execute function private.keep_crowd_within_cap(
    'hours_of_day',
    -- rows that hold at other times of the year do not meet
    't.weekday = n.weekday
      and t.resource_id is not distinct from n.resource_id and t.profile_id is not distinct from n.profile_id
      and daterange(t.valid_from, t.valid_to, ''[]'') && daterange(n.valid_from, n.valid_to, ''[]'')'
  );
create trigger keep_day_within_cap after insert or update on public.special_days
  for each row execute function private.keep_crowd_within_cap(
    'hours_of_day', 't.day = n.day and t.resource_id is not distinct from n.resource_id'
  );
create trigger keep_day_within_cap after insert or update of starts_at, ends_at on public.sessions
  for each row execute function private.keep_crowd_within_cap(
    'sessions_of_day',
    't.starts_at between n.starts_at - interval ''2 days'' and n.starts_at + interval ''2 days''
      and t.local_starts_at::date = n.local_starts_at::date'
  );
-- one that was over and is moved is to come once more
create trigger keep_coming_within_cap after update of starts_at, ends_at on public.sessions
  for each row when (old.ends_at <= now() and new.ends_at > now())
  execute function private.keep_crowd_within_cap('sessions', 't.ends_at > now() or t.starts_at <= t.created_at');
