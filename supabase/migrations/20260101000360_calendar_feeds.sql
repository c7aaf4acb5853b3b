-- Calendar feeds: a member's bookings in the calendar program of their choice, by an address that is a secret.

-- One row for each member who asked for a feed. Nobody reads or writes it but through the functions below. Leaving the
-- team takes the row along, so whoever comes back gets another address.
create table public.calendar_feeds (
  id uuid primary key default private.new_id(),
  provider_id uuid not null,
  user_id uuid not null,
  created_at timestamptz not null default now(),
  -- also the index of the reference
  unique (provider_id, user_id),
  constraint calendar_feeds_of_a_member
    foreign key (provider_id, user_id) references public.provider_members (provider_id, user_id) on delete cascade
);
alter table public.calendar_feeds enable row level security;
create trigger audit after insert or update or delete on public.calendar_feeds
  for each row execute function private.audit('id', 'accounts: user_id');
create trigger forget_secret after delete on public.calendar_feeds
  for each row execute function private.forget_secret();

insert into private.rate_limits (name, max_calls, per)
values
  ('calendar_feed', 100, '15 minutes'),
  ('renew_calendar_feed', 20, '1 hour');
insert into private.rate_limits (name, max_calls, per, exact)
values
  -- a calendar program asks every quarter of an hour, and its owner has some devices
  ('read_calendar', 60, '15 minutes', true),
  -- by address and not by feed: many programs fetch from one company's few addresses, and their secrets are right
  ('wrong_calendar', 60, '15 minutes', true);

-- The secret of a feed: derived, so that it can be shown again while only its hash is stored. Whoever has it reads
-- names, phone numbers and addresses of customers, with no other proof of who they are: calendar programs know no
-- sign-in.
create function private.feed_secret(feed uuid)
returns text
language sql
stable
security definer
set search_path = ''
as $$
  select translate(
    encode(
      extensions.hmac(
        convert_to('calendar_feed ' || feed, 'UTF8'),
        decode((select value from private.settings where name = 'link_secret'), 'hex'),
        'sha256'
      ),
      'base64'
    ),
    '+/=', '-_'
  );
$$;

-- Its address opens while the member and the provider are in good standing.
create function private.give_feed_secret()
returns trigger
language plpgsql
security definer
set search_path = ''
as $$
begin
  perform private.give_secret('read_calendar', new.id, private.feed_secret(new.id), null, new.user_id, new.provider_id);
  return null;
end;
$$;
create trigger give_secret after insert on public.calendar_feeds
  for each row execute function private.give_feed_secret();

-- Keeps the caller's membership as it is until the transaction ends: who is taken out meanwhile is so before or after.
-- Raises not_found for who is no member, not_allowed (suspended) while the provider is suspended.
create function private.stay_member(provider uuid)
returns void
language plpgsql
volatile
security definer
set search_path = ''
as $$
begin
  perform
  from public.provider_members m
  where m.provider_id = provider and m.user_id = (select private.me())
  for key share;
  if not found then
    perform private.fail(404, 'not_found', 'provider_id');
  end if;
  perform private.my_part(provider);
end;
$$;

create function private.my_calendar_feed(provider uuid)
returns text
language plpgsql
security definer
set search_path = ''
as $$
declare
  feed uuid := private.new_id();
begin
  perform private.stay_member(provider);
  -- Two first calls at once: the second finds the first one's feed.
  insert into public.calendar_feeds (id, provider_id, user_id)
  values (feed, provider, (select private.me()))
  on conflict (provider_id, user_id) do nothing;
  return (
    select private.feed_secret(f.id)
    from public.calendar_feeds f
    where f.provider_id = provider and f.user_id = (select private.me())
  );
end;
$$;
grant execute on function private.my_calendar_feed(uuid) to authenticated;

-- The secret of the caller's feed of a provider, made by the first call. Raises not_found for who is no member,
-- rate_limited.
create function public.my_calendar_feed(provider_id uuid)
returns text
language plpgsql
set search_path = ''
as $$
begin
  perform private.count_call('calendar_feed');
  return private.my_calendar_feed(provider_id);
end;
$$;
grant execute on function public.my_calendar_feed(uuid) to authenticated;

create function private.renew_calendar_feed(provider uuid)
returns text
language plpgsql
security definer
set search_path = ''
as $$
begin
  perform private.stay_member(provider);
  delete from public.calendar_feeds f where f.provider_id = provider and f.user_id = (select private.me());
  return private.my_calendar_feed(provider);
end;
$$;
grant execute on function private.renew_calendar_feed(uuid) to authenticated;

-- Another secret for the caller's feed; the old one stops at once. Raises not_found for who is no member, rate_limited.
create function public.renew_calendar_feed(provider_id uuid)
returns text
language plpgsql
set search_path = ''
as $$
begin
  perform private.count_call('renew_calendar_feed');
  return private.renew_calendar_feed(provider_id);
end;
$$;
grant execute on function public.renew_calendar_feed(uuid) to authenticated;

-- What is in a member's calendar, each as JSON: bookings that stand or wait, and dated sessions with the places taken,
-- without their customers. Owners and managers have all of the provider's, staff what takes a resource that is theirs.
create function private.calendar_events(provider uuid, member public.provider_members, language public.language)
returns table (starts_at timestamptz, event jsonb)
language sql
stable
security definer
set search_path = ''
as $$
  with named as (
    select
      s.id,
      case language
        when 'ar' then coalesce(s.name_ar, s.name_fr) when 'en' then coalesce(s.name_en, s.name_fr) else s.name_fr
      end as name
    from public.services s
    where s.provider_id = provider
  )
  select
    b.starts_at,
    jsonb_build_object(
      'id', b.id,
      'mode', b.mode,
      'reference', b.reference,
      'status', b.status,
      'sequence', private.booking_sequence(b.id),
      'local_starts_at', b.local_starts_at,
      'local_ends_at', private.to_local(b.ends_at, b.time_zone),
      'time_zone', b.time_zone,
      'updated_at', b.updated_at,
      'service', n.name,
      'customer_name', b.customer_name,
      'customer_phone', case when private.contact_is_open(b.status, b.ends_at) then b.customer_phone end,
      'address', case when private.contact_is_open(b.status, b.ends_at) then b.address end,
      'notes', b.notes,
      'party_size', b.party_size,
      'resources', array(
        select r.name
        from public.occupancies o
        join public.resources r on r.id = o.resource_id
        where o.booking_id = b.id and not o.kept
        order by r.position, r.name collate "und-x-icu"
      )
    )
  from public.bookings b
  join named n on n.id = b.service_id
  where b.provider_id = provider
    and b.mode <> 'session'
    and b.status in ('pending', 'confirmed', 'in_progress', 'completed')
    and b.starts_at between now() - interval '30 days' and now() + interval '400 days'
    and (
      member.role in ('owner', 'manager')
      or exists (
        select
        from public.occupancies o
        join public.resources r on r.id = o.resource_id
        where o.booking_id = b.id and not o.kept and r.user_id = member.user_id
      )
    )
  union all
  select
    t.starts_at,
    jsonb_build_object(
      'id', t.id,
      'mode', 'session',
      'sequence', t.sequence,
      'local_starts_at', t.local_starts_at,
      'local_ends_at', private.to_local(t.ends_at, p.time_zone),
      'time_zone', p.time_zone,
      'service', n.name,
      'room', r.name,
      'taken', t.taken,
      'capacity', t.capacity
    )
  from public.sessions t
  join public.providers p on p.id = t.provider_id
  join named n on n.id = t.service_id
  join public.resources r on r.id = t.resource_id
  where t.provider_id = provider
    and t.active
    and t.starts_at between now() - interval '30 days' and now() + interval '400 days'
    and (member.role in ('owner', 'manager') or r.user_id = member.user_id);
$$;

create function private.calendar_feed(secret text)
returns jsonb
language plpgsql
security definer
set search_path = ''
as $$
declare
  member public.provider_members;
  person public.profiles;
  feed uuid := private.open_secret('read_calendar', secret);
begin
  if feed is null then
    perform private.count_call('wrong_calendar');
    return private.refused('PT404', 'not_found', 'secret', '');
  end if;
  perform private.count_call('read_calendar', feed::text);
  select m.* into strict member
  from public.calendar_feeds f
  join public.provider_members m on m.provider_id = f.provider_id and m.user_id = f.user_id
  where f.id = feed;
  select * into strict person from public.profiles r where r.id = member.user_id;
  return (
    select jsonb_build_object(
      'provider', case person.language when 'ar' then coalesce(p.name_ar, p.name) else p.name end,
      'time_zone', p.time_zone,
      'language', person.language,
      'zones', (
        select jsonb_object_agg(
          z.zone, private.zone_changes(z.zone, now() - interval '31 days', now() + interval '402 days')
        )
        from (
          select p.time_zone as zone
          union
          select b.time_zone from public.bookings b where b.provider_id = p.id
            and b.starts_at > now() - interval '30 days'
        ) as z
      ),
      'events', coalesce(
        (
          select jsonb_agg(e.event order by e.starts_at, e.event ->> 'id')
          from (
            -- of more than a calendar program likes to fetch, those next to now
            select *
            from private.calendar_events(p.id, member, person.language) x
            order by abs(extract(epoch from x.starts_at - now()))
            limit 2000
          ) e
        ),
        '[]'
      )
    )
    from public.providers p
    where p.id = member.provider_id
  );
end;
$$;

-- What the edge function `calendar` shows: {"provider", "time_zone", "language", "zones" (private.zone_changes of
-- each), "events": […]}, from 30 days ago to 400 days ahead, in the member's language. One document, as rows would end
-- at the API's thousand. Wrong secrets are counted by who asks, right ones by their feed. Raises not_found for a secret
-- that is wrong, was renewed, whose owner has left the team, or where the account or the provider is suspended;
-- rate_limited.
create function public.calendar_feed(secret text)
returns jsonb
language sql
set search_path = ''
as $$
  select private.calendar_feed(secret);
$$;
grant execute on function private.calendar_feed(text) to service_role;
grant execute on function public.calendar_feed(text) to service_role;
