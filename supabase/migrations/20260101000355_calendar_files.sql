-- Calendar files: a booking as an event for its customer's calendar, with the clocks of its zone, for the page and
-- mails.

-- The changes of a zone's clocks that a calendar file needs for what lies between two instants: the one in force at the
-- first, and those after it, as [{"local" (what clocks showed until then), "before", "ahead" (minutes ahead of UTC)}].
create function private.zone_changes(zone text, since timestamptz, until timestamptz)
returns jsonb
language sql
stable
security definer
set search_path = ''
as $$
  select coalesce(
    jsonb_agg(
      jsonb_build_object(
        'local', case when c.at = '-infinity' then '1970-01-01T00:00:00'::timestamp
          else c.at at time zone 'UTC' + c.before end,
        'before', (extract(epoch from c.before) / 60)::int,
        'ahead', (extract(epoch from c.ahead) / 60)::int
      )
      order by c.at
    ),
    '[]'
  )
  from (
    select
      x.at, x.ahead, coalesce(lag(x.ahead) over w, x.ahead) as before, lead(x.at, 1, 'infinity') over w as until
    from private.clock_changes x
    where x.zone = zone_changes.zone
    window w as (order by x.at)
  ) as c
  where c.until > since and c.at <= zone_changes.until;
$$;

-- How often a booking has changed since it was made: what calendars call its sequence.
create function private.booking_sequence(booking uuid)
returns int
language sql
stable
security definer
set search_path = ''
as $$
  select greatest(count(*)::int - 1, 0) from public.booking_events e where e.booking_id = booking;
$$;

-- A booking as an event for its customer's calendar, in their language: {"id", "reference", "status", "sequence",
-- "updated_at", "local_starts_at", "local_ends_at", "time_zone", "zone_changes", "service", "provider", "phone",
-- "location", "path" (of its page; null for a guest's, whose address is a secret)}.
create function private.calendar_item(b public.bookings, language public.language)
returns jsonb
language sql
stable
security definer
set search_path = ''
as $$
  select jsonb_build_object(
    'id', b.id,
    'reference', b.reference,
    'status', b.status,
    'sequence', private.booking_sequence(b.id),
    'updated_at', b.updated_at,
    'local_starts_at', b.local_starts_at,
    'local_ends_at', private.to_local(b.ends_at, b.time_zone),
    'time_zone', b.time_zone,
    'zone_changes', private.zone_changes(b.time_zone, b.starts_at, b.ends_at),
    'service', case language
      when 'ar' then coalesce(s.name_ar, s.name_fr) when 'en' then coalesce(s.name_en, s.name_fr) else s.name_fr
    end,
    'provider', case when language = 'ar' then coalesce(p.name_ar, p.name) else p.name end,
    'phone', p.phone,
    'location', case
      when s.place = 'customer'
        then jsonb_build_array(b.address ->> 'line', b.address ->> 'district', b.address ->> 'city')
      else jsonb_build_array(
        p.address, p.district, case language when 'ar' then c.name_ar when 'en' then c.name_en else c.name_fr end
      )
    end,
    'path', case when b.customer_id is not null then
      case when language = 'fr' then '' else '/' || language end || '/bookings/' || b.id
    end
  )
  from public.providers p
  join public.cities c on c.slug = p.city_slug
  join public.services s on s.id = b.service_id
  where p.id = b.provider_id;
$$;

create function private.booking_calendar(booking_id uuid, manage_token text, language text)
returns jsonb
language plpgsql
stable
security definer
set search_path = ''
as $$
declare
  found_one record;
begin
  select * into found_one from private.find_booking(booking_id, manage_token);
  if found_one.viewer not in ('customer', 'guest') then
    perform private.fail(404, 'not_found');
  end if;
  return private.calendar_item(
    found_one.found_booking, coalesce(private.one_of(language, null::public.language), 'fr')
  );
end;
$$;

-- The same by id, for its customer, or by a guest's secret token. language: fr, ar or en. Raises not_found, also for
-- the business and its platform, who have the calendar feed; rate_limited (tokens are counted, right and wrong ones).
create function public.booking_calendar(
  booking_id uuid default null, manage_token text default null, language text default 'fr'
)
returns jsonb
language plpgsql
set search_path = ''
as $$
declare
  message text;
  details text;
  hint text;
begin
  if manage_token is not null then
    perform private.count_call('booking_secret');
  end if;
  begin
    return private.booking_calendar(booking_id, manage_token, language);
  exception
    when others then
      get stacked diagnostics message = message_text, details = pg_exception_detail, hint = pg_exception_hint;
      return private.refused(sqlstate, message, details, hint);
  end;
end;
$$;
grant execute on function private.booking_calendar(uuid, text, text) to anon, authenticated;
grant execute on function public.booking_calendar(uuid, text, text) to anon, authenticated;

-- What a mail brings for the calendar: the booking of a mail to its customer, as it is when the mail goes out. Nothing
-- of what is only held: an offer that nobody takes ends without a word.
create function private.delivery_calendar(dedupe_key text, language public.language)
returns jsonb
language sql
stable
security definer
set search_path = ''
as $$
  select private.calendar_item(b, language)
  from public.booking_events e
  join public.bookings b on b.id = e.booking_id
  where dedupe_key = 'email:' || e.id || ':customer'
    and e.id = (substring(dedupe_key from '^email:([0-9a-f-]{36}):customer$'))::uuid
    and b.status not in ('held', 'expired');
$$;
