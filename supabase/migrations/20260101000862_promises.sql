-- Promises: when a country changes its clocks between booking and visit, the promised local time stays and its instant
-- follows.

-- What the owner has to settle after a zone's rules changed: a booking, session or closure that now meets another (the
-- one that was there first keeps the time they share), or whose time the new clocks skip. Removed by who has settled
-- it.
create table public.clock_clashes (
  id uuid primary key default private.new_id(),
  provider_id uuid not null references public.providers (id) on delete cascade,
  kind public.clash_kind not null,
  -- the one that was moved; one of the three
  booking_id uuid references public.bookings (id) on delete cascade,
  session_id uuid references public.sessions (id) on delete cascade,
  closure_id uuid references public.closures (id) on delete cascade,
  -- what stands in its way
  other_booking_id uuid references public.bookings (id) on delete cascade,
  -- its start on the provider's clocks, as it was promised
  local_starts_at timestamp not null,
  created_at timestamptz not null default now(),
  constraint clock_clashes_one_subject check (num_nonnulls(booking_id, session_id, closure_id) = 1)
);
create index clock_clashes_provider_id on public.clock_clashes (provider_id);
create index clock_clashes_booking_id on public.clock_clashes (booking_id);
create index clock_clashes_session_id on public.clock_clashes (session_id);
create index clock_clashes_closure_id on public.clock_clashes (closure_id);
create index clock_clashes_other_booking_id on public.clock_clashes (other_booking_id);
alter table public.clock_clashes enable row level security;
grant select, delete on public.clock_clashes to authenticated;
create policy "owners and managers read what clocks brought together"
  on public.clock_clashes for select to authenticated using (provider_id in (select private.managed_providers()));
create policy "owners and managers settle it"
  on public.clock_clashes for delete to authenticated using (provider_id in (select private.managed_providers()));

-- What of a provider no longer shows its promised local time, with the instants that do. `skipped`: its start is a time
-- that the clocks skip. Starts that clocks show twice stay as they are: they still show what was promised.
create function private.broken_promises(provider uuid, zone text)
returns table (
  booking_id uuid, session_id uuid, closure_id uuid, starts_at timestamptz, ends_at timestamptz, shift interval,
  end_shift interval, skipped boolean, local_starts_at timestamp, created_at timestamptz
)
language sql
stable
security definer
set search_path = ''
as $$
  select
    x.booking_id, x.session_id, x.closure_id, x.at,
    case when x.closure_id is null then x.ends_at + (x.at - x.starts_at) else x.until end,
    x.at - x.starts_at, case when x.closure_id is null then x.at - x.starts_at else x.until - x.ends_at end,
    x.closure_id is null and private.to_instant(x.local_starts_at, x.zone) is null,
    x.local_starts_at, x.created_at
  from (
    select
      b.id as booking_id, null::uuid as session_id, null::uuid as closure_id, b.time_zone as zone, b.starts_at,
      b.ends_at,
      b.local_starts_at, private.to_instant(b.local_starts_at, b.time_zone, 'edge') as at, null::timestamptz as until,
      b.created_at
    from public.bookings b
    where b.provider_id = provider and b.status in ('held', 'pending', 'confirmed')
      and b.starts_at > now() - interval '1 day' and private.to_local(b.starts_at, b.time_zone) <> b.local_starts_at
    union all
    select
      null, s.id, null, broken_promises.zone, s.starts_at, s.ends_at, s.local_starts_at,
      private.to_instant(s.local_starts_at, broken_promises.zone, 'edge'), null, s.created_at
    from public.sessions s
    where s.provider_id = provider
      and s.starts_at > now() - interval '1 day'
      and private.to_local(s.starts_at, broken_promises.zone) <> s.local_starts_at
    union all
    select
      null, null, c.id, broken_promises.zone, lower(c.period), upper(c.period), c.local_starts_at,
      private.to_instant(c.local_starts_at, broken_promises.zone, 'edge'),
      private.to_instant(c.local_ends_at, broken_promises.zone, 'edge'), c.created_at
    from public.closures c
    where c.provider_id = provider and upper(c.period) > now() - interval '1 day'
      and (
        private.to_local(lower(c.period), broken_promises.zone) <> c.local_starts_at
        or private.to_local(upper(c.period), broken_promises.zone) <> c.local_ends_at
      )
  ) as x
  -- what is over stays as it was
  where greatest(x.starts_at, x.at, x.until) > now();
$$;

-- Tells those who may settle it, once for all that one change of clocks has brought together.
create function private.tell_of_clashes(provider uuid)
returns void
language plpgsql
security definer
set search_path = ''
as $$
declare
  clashes int := (
    select count(*) from public.clock_clashes c where c.provider_id = provider and c.created_at = now()
  );
begin
  if clashes = 0 then
    return;
  end if;
  perform private.tell(
    m.user_id, 'clock_clash',
    jsonb_build_object(
      'provider', case when a.language = 'ar' then coalesce(p.name_ar, p.name) else p.name end,
      'provider_id', p.id, 'provider_slug', p.slug, 'count', clashes
    ),
    '/dashboard?provider=' || p.slug
  )
  from public.provider_members m
  join public.providers p on p.id = m.provider_id
  join public.profiles a on a.id = m.user_id
  where m.provider_id = tell_of_clashes.provider and m.role in ('owner', 'manager')
    and private.account_in_good_standing(m.user_id);
end;
$$;

-- Gives one provider's coming bookings, holds, offers, sessions, closures, codes and waiting people the instants of
-- their promised local times under the rules as they are now, and what they take with them. What then meets something
-- else takes what is left of its place and becomes a clock clash, told to those who may settle it. Returns how many
-- moved.
create function private.rederive_provider(provider uuid, zone text)
returns int
language plpgsql
security definer
set search_path = ''
as $$
declare
  moved_ones uuid[] := '{}';
  m record;
  o record;
  places public.occupancies[];
  place public.occupancies;
  others tstzmultirange;
  b public.bookings;
  stood jsonb;
  followed boolean;
begin
  update public.waitlist_entries w
  set period = coalesce(
    (
      select tstzrange(x.at, x.at, '[]')
      from public.sessions s, private.to_instant(s.local_starts_at, zone, 'edge') as x (at)
      where s.id = w.session_id
    ),
    tstzrange(
      private.to_instant(lower(w.local_period), zone, 'edge'), private.to_instant(upper(w.local_period), zone, 'edge')
    )
  )
  where w.provider_id = provider and w.status in ('waiting', 'offered') and upper(w.period) > now() - interval '1 day'
    and (
      private.to_local(lower(w.period), zone) <> lower(w.local_period)
      or private.to_local(upper(w.period), zone) <> upper(w.local_period)
    );
  update public.promo_codes c
  set
    valid_from = private.to_instant(c.local_valid_from, zone, 'edge'),
    valid_to = private.to_instant(c.local_valid_to, zone, 'edge')
  where c.provider_id = provider
    and (
      (c.valid_from > now() and private.to_local(c.valid_from, zone) <> c.local_valid_from)
      or (c.valid_to > now() and private.to_local(c.valid_to, zone) <> c.local_valid_to)
    );
  -- nearly always nothing of a provider is touched, and then nobody has to wait
  if not exists (select from private.broken_promises(provider, zone))
    and not exists (
      select
      from public.bookings x
      where x.provider_id = provider and x.before_change is not null and x.session_id is null
        and private.on_clocks(x.before_change, x.time_zone) is distinct from x.before_change
    )
  then
    return 0;
  end if;
  perform set_config('khadamat.rederiving', 'on', true);
  -- as who closes and who adds a resource
  perform private.lock_provider(provider);
  -- bookings before places, each in the order of their ids, like everyone
  perform from public.bookings x
  where x.id in (select p.booking_id from private.broken_promises(provider, zone) p)
    or (x.provider_id = provider and x.before_change is not null and x.session_id is null)
  order by x.id
  for update;
  perform from public.sessions x
  where x.id in (select p.session_id from private.broken_promises(provider, zone) p)
  order by x.id
  for no key update;
  perform from public.resources r where r.provider_id = provider order by r.id for no key update;

  -- All leave their places before any takes its new one: two that follow each other move as one. Those that changes may
  -- go back to give way to what is promised; closures give way to both and come last.
  delete from public.occupancies x
  using public.bookings y
  where x.kept and x.booking_id = y.id and y.provider_id = provider and y.before_change is not null;
  delete from public.occupancies x
  using public.closures c
  where x.closure_id = c.id and c.provider_id = provider and upper(c.period) > now() - interval '1 day';
  for m in select * from private.broken_promises(provider, zone) p order by p.created_at loop
    places := places || array(
      select row(
        x.id, x.resource_id, tstzrange(lower(x.period) + m.shift, upper(x.period) + m.end_shift), x.booking_id,
        x.session_id, x.closure_id, x.expires_at, x.kept
      )::public.occupancies
      from public.occupancies x
      where x.booking_id = m.booking_id or x.session_id = m.session_id
    );
    delete from public.occupancies x where x.booking_id = m.booking_id or x.session_id = m.session_id;
    if m.skipped then
      insert into public.clock_clashes (provider_id, kind, booking_id, session_id, closure_id, local_starts_at)
      values (provider, 'skipped', m.booking_id, m.session_id, m.closure_id, m.local_starts_at);
    end if;
    update public.sessions x set starts_at = m.starts_at, ends_at = m.ends_at where x.id = m.session_id;
    update public.closures x set period = tstzrange(m.starts_at, m.ends_at) where x.id = m.closure_id;
    update public.bookings x
    set
      starts_at = m.starts_at,
      ends_at = m.ends_at,
      local_starts_at = case when m.skipped then private.to_local(m.starts_at, x.time_zone) else x.local_starts_at end,
      -- the others are kept before the start by private.keep_deadlines
      answer_by = case when x.answer_by = x.starts_at then m.starts_at else x.answer_by end
    where x.id = m.booking_id
    returning * into b;
    if found then
      insert into public.booking_events (booking_id, from_status, to_status, actor, reason)
      values (b.id, b.status, b.status, 'system', case when m.skipped then 'rescheduled' else 'clocks' end);
    end if;
    moved_ones := moved_ones || coalesce(m.booking_id, m.session_id, m.closure_id);
  end loop;

  foreach place in array coalesce(places, '{}') loop
    select range_agg(x.period), min(x.booking_id::text)::uuid as booking_id
    into o
    from public.occupancies x
    where x.resource_id = place.resource_id and x.period && place.period;
    others := o.range_agg;
    insert into public.occupancies (resource_id, period, booking_id, session_id, expires_at)
    select place.resource_id, piece, place.booking_id, place.session_id, place.expires_at
    from unnest(tstzmultirange(place.period) - coalesce(others, '{}')) as piece;
    if others is not null then
      insert into public.clock_clashes (provider_id, kind, booking_id, session_id, other_booking_id, local_starts_at)
      values (
        provider, 'overlap', place.booking_id, place.session_id, o.booking_id,
        private.to_local(lower(place.period), zone)
      );
    end if;
  end loop;

  for b in
    select *
    from public.bookings x
    where x.provider_id = provider and x.before_change is not null and x.session_id is null
    order by x.created_at, x.id
  loop
    stood := private.on_clocks(b.before_change, b.time_zone);
    followed := stood is distinct from b.before_change;
    update public.bookings x set before_change = stood where x.id = b.id returning * into b;
    perform private.occupy(b);
    insert into public.clock_clashes (provider_id, kind, booking_id, other_booking_id, local_starts_at)
    select provider, 'overlap', b.id, x.booking_id, (stood ->> 'local_starts_at')::timestamp
    from private.kept_places(b) k
    join public.occupancies x on x.resource_id = k.resource_id and x.period && k.periods
    where x.booking_id is distinct from b.id and (followed or x.booking_id = any (moved_ones))
    limit 1;
  end loop;

  -- of a closure and what stands in it, one of which has moved, the one that has
  insert into public.clock_clashes (
    provider_id, kind, booking_id, session_id, closure_id, other_booking_id, local_starts_at
  )
  select
    provider, 'overlap', case when x.came then x.booking_id end, case when x.came then x.session_id end,
    case when not x.came then x.closure_id end, case when not x.came then x.booking_id end,
    case when x.came then private.to_local(x.starts_at, zone) else x.local_starts_at end
  from (
    select distinct on (c.id, coalesce(t.booking_id, t.session_id))
      c.id as closure_id, c.local_starts_at, t.booking_id, t.session_id, lower(t.period) as starts_at,
      coalesce(t.booking_id, t.session_id) = any (moved_ones) as came
    from public.closures c
    join public.resources r on r.provider_id = provider and (c.resource_id is null or c.resource_id = r.id)
    join public.occupancies t on t.resource_id = r.id and t.period && c.period and t.closure_id is null
    where c.provider_id = provider
      and (c.id = any (moved_ones)) <> (coalesce(t.booking_id, t.session_id) = any (moved_ones))
    order by c.id, coalesce(t.booking_id, t.session_id), t.period
  ) as x;
  perform private.fill_closures(
    array(select r.id from public.resources r where r.provider_id = provider),
    tstzmultirange(tstzrange(now() - interval '1 day', null))
  );
  perform private.tell_of_clashes(provider);

  perform set_config('khadamat.rederiving', '', true);
  return cardinality(moved_ones);
end;
$$;

-- Derives all coming instants anew from their promised local times, provider by provider: what fails of one is a
-- finding and costs the others nothing. Returns how many moved, and how many clashes their owners find on their
-- dashboards.
create function private.rederive_instants()
returns table (moved int, clashes int)
language plpgsql
security definer
set search_path = ''
as $$
declare
  p record;
begin
  moved := 0;
  for p in select x.id, x.time_zone from public.providers x order by x.id loop
    begin
      moved := moved + private.rederive_provider(p.id, p.time_zone);
    exception
      when others then
        perform private.note_finding('clocks_not_followed', p.id,
          jsonb_build_object('sqlstate', sqlstate, 'error', sqlerrm));
    end;
  end loop;
  clashes := (select count(*) from public.clock_clashes c where c.created_at = now());
  return next;
end;
$$;

-- Where a business has another zone (it was wrong, or has moved), what it has promised on its clocks stays so on the
-- new ones.
create function private.keep_promises_in_zone()
returns trigger
language plpgsql
security definer
set search_path = ''
as $$
begin
  perform from public.bookings b
  where b.provider_id = new.id and b.status in ('held', 'pending', 'confirmed') and b.starts_at > now()
  order by b.id
  for update;
  update public.bookings b
  set time_zone = new.time_zone
  where b.provider_id = new.id and b.status in ('held', 'pending', 'confirmed') and b.starts_at > now();
  perform private.rederive_provider(new.id, new.time_zone);
  return null;
end;
$$;
create trigger keep_promises after update of time_zone on public.providers
  for each row when (new.time_zone <> old.time_zone) execute function private.keep_promises_in_zone();

-- Puts the rows of an IANA release in place of those there were and derives the instants of what was promised anew.
-- groups: [{"zones": [names], "at": [instants], "ahead": [minutes]}].
create function private.load_clocks(release text, groups jsonb)
returns table (moved int, clashes int)
language plpgsql
security definer
set search_path = ''
as $$
begin
  -- who reads meanwhile has the old rows or the new, never none
  lock table private.clock_changes in share row exclusive mode;
  delete from private.clock_changes c
  where c.zone in (
    select z from jsonb_to_recordset(groups) as g (zones text[]), unnest(g.zones) as z
  );
  insert into private.clock_changes (zone, at, ahead)
  select z, c.at, make_interval(mins => c.ahead)
  from jsonb_to_recordset(groups) as g (zones text[], at timestamptz[], ahead int[])
  cross join unnest(g.zones) as z
  cross join unnest(g.at, g.ahead) as c (at, ahead);
  insert into private.clock_release as r (release)
  values (load_clocks.release)
  on conflict (only_one) do update set release = excluded.release, loaded_at = now();
  analyze private.clock_changes;
  return query select * from private.rederive_instants();
end;
$$;
