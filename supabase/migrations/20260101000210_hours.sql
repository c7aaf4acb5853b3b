-- When a provider works: a usual week, named profiles with dates such as Ramadan hours, special days, closures.

-- Hours for a time of the year, in place of the usual week: the days on which a profile's rows of opening_hours hold.
create table public.hour_profiles (
  id uuid primary key default private.new_id(),
  provider_id uuid not null references public.providers (id) on delete cascade,
  name text not null constraint hour_profiles_name_length check (char_length(name) between 1 and 120)
    constraint hour_profiles_name_is_one check (private.name_ok(name)),
  -- first and last day, in the provider's zone
  starts_on date not null,
  ends_on date not null,
  constraint hour_profiles_in_calendar check (private.in_calendar(starts_on) and private.in_calendar(ends_on)),
  constraint hour_profiles_days_in_order check (ends_on >= starts_on),
  constraint hour_profiles_one_at_a_time exclude using gist (
    provider_id with =, daterange(starts_on, ends_on, '[]') with &&
  )
);
alter table public.hour_profiles enable row level security;
grant select on public.hour_profiles to anon, authenticated;
grant insert (provider_id, name, starts_on, ends_on), update (name, starts_on, ends_on), delete
  on public.hour_profiles to authenticated;

-- Weekly hours in the provider's local time; several rows a day give several intervals. A resource that has rows of
-- its own (in the same profile, or in the usual week) follows those instead of the provider's. `closes` at or before
-- `opens` is on the next day.
create table public.opening_hours (
  id uuid primary key default private.new_id(),
  provider_id uuid not null references public.providers (id) on delete cascade,
  resource_id uuid references public.resources (id) on delete cascade,
  -- null: the usual week
  profile_id uuid references public.hour_profiles (id) on delete cascade,
  -- ISO: 1 is Monday
  weekday int not null constraint opening_hours_weekday_range check (weekday between 1 and 7),
  opens time not null,
  closes time not null,
  -- first and last day on which the row holds
  valid_from date,
  valid_to date,
  constraint opening_hours_in_calendar check (
    (valid_from is null or private.in_calendar(valid_from)) and (valid_to is null or private.in_calendar(valid_to))
  ),
  constraint opening_hours_validity_order check (valid_to >= valid_from)
);
create index opening_hours_provider_id on public.opening_hours (provider_id);
create index opening_hours_resource_id on public.opening_hours (resource_id);
create index opening_hours_profile_id on public.opening_hours (profile_id);
alter table public.opening_hours enable row level security;
grant select on public.opening_hours to anon, authenticated;
grant insert (provider_id, resource_id, profile_id, weekday, opens, closes, valid_from, valid_to)
  on public.opening_hours to authenticated;
grant update (weekday, opens, closes, valid_from, valid_to) on public.opening_hours to authenticated;
grant delete on public.opening_hours to authenticated;

-- One day that is not like its week, for the provider or for one resource (which then goes before the provider's);
-- several rows give several intervals, and a row without times closes the day. Same rule for `closes`.
create table public.special_days (
  id uuid primary key default private.new_id(),
  provider_id uuid not null references public.providers (id) on delete cascade,
  resource_id uuid references public.resources (id) on delete cascade,
  day date not null constraint special_days_in_calendar check (private.in_calendar(day)),
  opens time,
  closes time,
  constraint special_days_both_times_or_none check ((opens is null) = (closes is null))
);
create index special_days_provider_id on public.special_days (provider_id, day);
create index special_days_resource_id on public.special_days (resource_id);
alter table public.special_days enable row level security;
grant select on public.special_days to anon, authenticated;
grant insert (provider_id, resource_id, day, opens, closes), update (day, opens, closes), delete
  on public.special_days to authenticated;

-- Time off: of the whole provider, or of one resource. Takes its resources through occupancies (see free time).
create table public.closures (
  id uuid primary key default private.new_id(),
  provider_id uuid not null references public.providers (id) on delete cascade,
  resource_id uuid references public.resources (id) on delete cascade,
  period tstzrange not null constraint closures_period_bounded check (
    not isempty(period) and private.in_calendar(period) and lower_inc(period) and not upper_inc(period)
  ),
  -- the same on the provider's clocks, which is what was meant: it stays true if the zone's rules change later. Kept by
  -- a trigger; the defaults are never seen.
  local_starts_at timestamp not null default 'epoch',
  local_ends_at timestamp not null default 'epoch',
  reason text not null default '' constraint closures_reason_length check (char_length(reason) <= 200),
  created_at timestamptz not null default now()
);
create index closures_provider_id on public.closures (provider_id);
create index closures_resource_id on public.closures (resource_id);
-- asked whenever something leaves its place
create index closures_period on public.closures using gist (provider_id, period);
alter table public.closures enable row level security;
grant select, delete on public.closures to authenticated;
grant insert (provider_id, resource_id, period, reason) on public.closures to authenticated;
create trigger clean_text before insert or update of reason on public.closures
  for each row execute function private.clean_text('reason');

-- Keeps what was promised in the business's own time beside the instants of a closure.
create function private.localise_closure()
returns trigger
language plpgsql
security definer
set search_path = ''
as $$
begin
  select private.to_local(lower(new.period), p.time_zone), private.to_local(upper(new.period), p.time_zone)
  into new.local_starts_at, new.local_ends_at
  from public.providers p
  where p.id = new.provider_id;
  return new;
end;
$$;
create trigger localise before insert or update of period on public.closures
  for each row execute function private.localise_closure();

-- Guards: rows of one provider may not point at those of another.
create function private.check_profile()
returns trigger
language plpgsql
security definer
set search_path = ''
as $$
begin
  if new.provider_id is distinct from (select provider_id from public.hour_profiles where id = new.profile_id) then
    perform private.fail(422, 'invalid_input', 'profile_id');
  end if;
  return new;
end;
$$;
create trigger check_profile before insert or update on public.opening_hours
  for each row when (new.profile_id is not null) execute function private.check_profile();
create trigger check_same_provider before insert or update on public.opening_hours
  for each row execute function private.check_same_provider();
create trigger check_same_provider before insert or update on public.special_days
  for each row execute function private.check_same_provider();
create trigger check_same_provider before insert or update on public.closures
  for each row execute function private.check_same_provider();

create policy "visitors read hours of published providers"
  on public.opening_hours for select to anon using (private.is_published(provider_id));
create policy "people read published hours, members all of theirs"
  on public.opening_hours for select to authenticated
  using (private.is_published(provider_id) or provider_id in (select private.my_providers()));
create policy "owners and managers add hours"
  on public.opening_hours for insert to authenticated
  with check (provider_id in (select private.managed_providers()));
create policy "owners and managers change hours"
  on public.opening_hours for update to authenticated
  using (provider_id in (select private.managed_providers()))
  with check (provider_id in (select private.managed_providers()));
create policy "owners and managers remove hours"
  on public.opening_hours for delete to authenticated
  using (provider_id in (select private.managed_providers()));

create policy "visitors read profiles of published providers"
  on public.hour_profiles for select to anon using (private.is_published(provider_id));
create policy "people read published profiles, members all of theirs"
  on public.hour_profiles for select to authenticated
  using (private.is_published(provider_id) or provider_id in (select private.my_providers()));
create policy "owners and managers add profiles"
  on public.hour_profiles for insert to authenticated
  with check (provider_id in (select private.managed_providers()));
create policy "owners and managers change profiles"
  on public.hour_profiles for update to authenticated
  using (provider_id in (select private.managed_providers()))
  with check (provider_id in (select private.managed_providers()));
create policy "owners and managers remove profiles"
  on public.hour_profiles for delete to authenticated
  using (provider_id in (select private.managed_providers()));

create policy "visitors read special days of published providers"
  on public.special_days for select to anon using (private.is_published(provider_id));
create policy "people read published special days, members all of theirs"
  on public.special_days for select to authenticated
  using (private.is_published(provider_id) or provider_id in (select private.my_providers()));
create policy "owners and managers add special days"
  on public.special_days for insert to authenticated
  with check (provider_id in (select private.managed_providers()));
create policy "owners and managers change special days"
  on public.special_days for update to authenticated
  using (provider_id in (select private.managed_providers()))
  with check (provider_id in (select private.managed_providers()));
create policy "owners and managers remove special days"
  on public.special_days for delete to authenticated
  using (provider_id in (select private.managed_providers()));

create policy "members read closures"
  on public.closures for select to authenticated using (provider_id in (select private.my_providers()));
create policy "owners and managers close"
  on public.closures for insert to authenticated with check (provider_id in (select private.managed_providers()));
create policy "owners and managers reopen"
  on public.closures for delete to authenticated using (provider_id in (select private.managed_providers()));
