-- Why a time is not free.

create function private.explain_slot(service_id uuid, starts_at timestamptz, party_size int)
returns text[]
language plpgsql
stable
security definer
set search_path = ''
as $$
declare
  s public.services;
  zone text;
  at alias for starts_at;
  day date;
  core tstzrange;
  open uuid[];
  reasons text[] := '{}';
  causes text[];
begin
  select * into s from public.services x where x.id = explain_slot.service_id and x.active;
  select p.time_zone into zone from public.providers p where p.id = s.provider_id and p.status = 'published';
  if zone is null then
    perform private.fail(404, 'not_found', 'service_id');
  end if;
  if not private.in_calendar(at) then
    perform private.fail(422, 'invalid_input', 'starts_at');
  end if;
  day := private.to_local(at, zone)::date;
  if at < now() + make_interval(mins => s.notice_minutes) then
    reasons := reasons || 'too_soon'::text;
  elsif at > now() + make_interval(days => s.horizon_days) then
    reasons := reasons || 'too_far'::text;
  end if;
  if party_size not between s.min_party and s.max_party
    or (s.mode = 'table' and not exists (select from private.table_groups(s.id, party_size)))
  then
    reasons := reasons || 'limit'::text;
  end if;
  if s.mode = 'session' then
    if not exists (select from public.sessions t where t.service_id = s.id and t.active and t.starts_at = at) then
      return reasons || 'outside_hours'::text;
    end if;
    causes := case
      when reasons = '{}' and not exists (
        select from private.free_slots(s.id, day, day, party_size) f where f.starts_at = at
      ) then array['taken']
    end;
    return reasons || causes;
  end if;
  open := private.open_resources(s, zone, at);
  if open = '{}' then
    return reasons || 'outside_hours'::text;
  end if;
  -- Asked of the places alone: a start that comes too soon may be taken as well.
  core := tstzrange(at, at + make_interval(mins => s.duration_minutes));
  if private.choose_resources(
    s, private.free_resources(open, private.period_taken(s, at, null), true), at, zone,
    least(greatest(party_size, s.min_party), s.max_party)
  ) is null then
    select array_agg(distinct
      case
        when x.closure_id is not null then 'closure'
        when x.expires_at is not null then 'hold'
        when b.id is not null and not x.kept and not tstzrange(b.starts_at, b.ends_at) && core then 'buffer'
        else 'taken'
      end
    ) into causes
    from public.occupancies x
    left join public.bookings b on b.id = x.booking_id
    where x.resource_id = any (open) and x.period && private.period_taken(s, at, null)
      and (x.expires_at is null or x.expires_at > now());
    if causes is null then
      -- Nothing is in the way, but too few are at work then.
      causes := case when not ('limit' = any (reasons)) then array['outside_hours'] end;
    elsif not (private.is_member(s.provider_id) or private.may('bookings.read')) then
      -- What others booked, and when they are away, is not a visitor's business.
      causes := array['taken'];
    end if;
  end if;
  return reasons || causes;
end;
$$;

-- Why a start of a service cannot be booked by a party, as codes; none when it can. outside_hours (closed, or fewer at
-- work than it takes), too_soon, too_far, limit (the party is too small or too large), taken; members of the provider
-- are told apart from taken: closure, buffer (only the time around a booking is in the way), hold (waits for its
-- deposit). Raises not_found, invalid_input.
create function public.explain_slot(service_id uuid, starts_at timestamptz, party_size int default 1)
returns text[]
language sql
stable
set search_path = ''
as $$
  select private.explain_slot(service_id, starts_at, party_size);
$$;
grant execute on function private.explain_slot(uuid, timestamptz, int) to anon, authenticated;
grant execute on function public.explain_slot(uuid, timestamptz, int) to anon, authenticated;
