-- Announcements: what triggers tell of bookings, calendars and messages, to screens, bells and mailboxes.

-- The address of a page of the site in someone's language.
create function private.site_link(language public.language, path text)
returns text
language plpgsql
stable
security definer
set search_path = ''
as $$
begin
  return coalesce((select value from private.settings where name = 'site_url'), '')
    || case when language = 'fr' then '' else '/' || language end || path;
end;
$$;

-- A local time in the words of mails.
create function private.when_text(local_at timestamp, language public.language)
returns text
language sql
immutable
set search_path = ''
as $$
  select to_char(local_at, case language when 'en' then 'DD Mon YYYY, HH24:MI' else 'DD/MM/YYYY HH24:MI' end);
$$;

-- What a booking's mails and notifications are filled with, in a language.
create function private.booking_words(b public.bookings, language public.language, link text)
returns jsonb
language plpgsql
stable
security definer
set search_path = ''
as $$
begin
  return (select jsonb_build_object(
    'name', b.customer_name,
    'reference', b.reference,
    'provider', case when language = 'ar' then coalesce(p.name_ar, p.name) else p.name end,
    'service', case language
      when 'ar' then coalesce(s.name_ar, s.name_fr) when 'en' then coalesce(s.name_en, s.name_fr) else s.name_fr
    end,
    'when', private.when_text(b.local_starts_at, language),
    'until', private.when_text(private.to_local(coalesce(b.hold_expires_at, b.answer_by), b.time_zone), language),
    'paid', private.money_text(b.paid_minor, b.currency),
    'refund', private.money_text(b.refund_minor, b.currency),
    'party', b.party_size,
    'total', private.money_text(b.price_minor - b.discount_minor, b.currency),
    'due', private.money_text(private.amount_due(b), b.currency),
    'link', link
  )
  from public.providers p, public.services s
  where p.id = b.provider_id and s.id = b.service_id);
end;
$$;

-- Writes to the address that a booking was made with; the mail leads to the booking as its customer reaches it, by its
-- link or by signing in, or to the proof that it asks for. `more` adds to its words; the same key writes once. True if
-- it wrote.
create function private.mail_customer(b public.bookings, kind public.notification_kind, more jsonb, key text)
returns boolean
language plpgsql
security definer
set search_path = ''
as $$
begin
  insert into public.deliveries (channel, kind, recipient, account_id, booking_id, language, data, dedupe_key)
  values (
    'email', kind, b.customer_email, b.customer_id, b.id, b.language,
    private.booking_words(
      b, b.language,
      private.site_link(
        b.language,
        case
          when kind = 'booking_to_prove' then '/confirm-booking/{proof_token}'
          when b.customer_id is null then '/b/{manage_token}'
          else '/bookings/' || b.id
        end
      )
    ) || more,
    'email:' || key || ':customer'
  )
  on conflict (dedupe_key) do nothing;
  return found;
end;
$$;

-- Tells a booking's customer: their bell, where they have an account, and a mail. `more` adds to the words that both
-- are filled with; the same key tells once.
create function private.tell_customer(b public.bookings, kind public.notification_kind, more jsonb, key text)
returns void
language plpgsql
security definer
set search_path = ''
as $$
begin
  if private.mail_customer(b, kind, more, key) and b.customer_id is not null then
    insert into public.notifications (user_id, kind, data, booking_id)
    values (b.customer_id, kind, private.booking_words(b, b.language, '') - 'link' - 'name' || (more - 'link'), b.id);
  end if;
end;
$$;

-- Tells the team of a booking's provider, in the same way.
create function private.tell_team(b public.bookings, kind public.notification_kind, more jsonb, key text)
returns void
language plpgsql
security definer
set search_path = ''
as $$
declare
  member record;
  told uuid;
begin
  for member in
    select m.user_id, pr.language, u.email
    from public.provider_members m
    join public.profiles pr on pr.id = m.user_id
    join auth.users u on u.id = m.user_id
    where m.provider_id = b.provider_id and private.account_in_good_standing(m.user_id)
  loop
    insert into public.deliveries (channel, kind, recipient, account_id, booking_id, language, data, dedupe_key)
    values (
      'email', kind, member.email, member.user_id, b.id, member.language,
      private.booking_words(b, member.language, private.site_link(member.language, '/dashboard/bookings/' || b.id))
        || more,
      'email:' || key || ':' || member.user_id
    )
    on conflict (dedupe_key) do nothing
    returning id into told;
    if told is not null then
      insert into public.notifications (user_id, kind, data, booking_id)
      values (member.user_id, kind, private.booking_words(b, member.language, '') - 'link' || more, b.id);
    end if;
  end loop;
end;
$$;

-- Tells who waited for a session that it moved or was called off, as it is now; `before` is the start that it had. A
-- place in the line is no booking: the words name nobody.
create function private.tell_waiters(
  entries uuid[], kind public.notification_kind, t public.sessions, before timestamptz
)
returns void
language plpgsql
security definer
set search_path = ''
as $$
begin
  with words as (
    select
      w.id, w.customer_id, w.customer_email, w.language,
      jsonb_build_object(
        'provider', case when w.language = 'ar' then coalesce(p.name_ar, p.name) else p.name end,
        'service', case w.language
          when 'ar' then coalesce(s.name_ar, s.name_fr) when 'en' then coalesce(s.name_en, s.name_fr) else s.name_fr
        end,
        'service_id', s.id,
        'before', private.when_text(private.to_local(before, p.time_zone), w.language),
        'when', private.when_text(t.local_starts_at, w.language)
      ) as data
    from public.waitlist_entries w
    join public.services s on s.id = w.service_id
    join public.providers p on p.id = w.provider_id
    where w.id = any (entries)
  ), told as (
    insert into public.deliveries (channel, kind, recipient, account_id, language, data, dedupe_key)
    select
      'email', tell_waiters.kind, x.customer_email, x.customer_id, x.language,
      x.data || jsonb_build_object('link', private.site_link(x.language, '/book/' || t.service_id)),
      'email:waitlist:' || x.id || ':' || t.sequence
    from words x
  )
  insert into public.notifications (user_id, kind, data)
  select x.customer_id, tell_waiters.kind, x.data from words x where x.customer_id is not null;
end;
$$;

-- Tells everybody concerned of a step in a booking's history: live screens, bells, and mails. Of new rules of a zone
-- under which the promised local time stays, live screens alone. A reason that somebody gave in their own words says
-- nothing here.
create function private.announce_booking()
returns trigger
language plpgsql
security definer
set search_path = ''
as $$
declare
  b public.bookings;
  customer_kind public.notification_kind;
  provider_kind public.notification_kind;
  change jsonb;
begin
  select * into b from public.bookings where id = new.booking_id;
  if not found then
    return null;
  end if;
  change := jsonb_build_object('booking_id', b.id, 'status', b.status);
  perform realtime.send(change, 'booking_changed', 'provider:' || b.provider_id, true);
  if b.customer_id is not null then
    perform realtime.send(change, 'booking_changed', 'user:' || b.customer_id, true);
  end if;
  -- the slots of every service that shares its resources
  perform realtime.send('{}'::jsonb, 'slots_changed', 'service:' || shared.service_id, true)
  from (
    select b.service_id
    union
    select other.service_id
    from public.service_resources mine
    join public.service_resources other on other.resource_id = mine.resource_id
    where mine.service_id = b.service_id
  ) as shared;
  if new.reason = 'clocks' and new.actor = 'system' then
    return null;
  end if;

  customer_kind := case
    when new.reason = 'party_restored' and new.actor = 'system' then 'party_restored'
    -- who cancels it all knows of it
    when new.reason = 'put_back' and new.actor = 'system' then
      case when b.status <> 'cancelled' then 'booking_put_back' end
    when new.moved_from is not null and new.actor = 'provider' then
      case when private.waits_for_proof(b) then 'booking_to_prove' else 'booking_moved_by_provider' end
    when new.reason = 'rescheduled' and new.from_status = new.to_status then
      case
        when new.to_status = 'held' then null
        -- by new clocks it is the time, whatever they say
        when new.moved_from is null and new.actor = 'provider' and b.free_to_cancel then 'party_changed_by_provider'
        when new.moved_from is null and new.actor <> 'system' then 'party_changed'
        else 'booking_moved'
      end
    when new.to_status = 'held' and new.reason = 'offered' then 'waitlist_offer'
    when new.to_status = 'held' and new.reason = 'proof_wanted' then 'booking_to_prove'
    when new.to_status = 'rejected' and new.actor = 'system' then 'booking_unanswered'
    when new.to_status = 'pending' then 'booking_received'
    when new.to_status = 'confirmed' then 'booking_confirmed'
    when new.to_status = 'rejected' then 'booking_rejected'
    when new.to_status = 'cancelled' and new.actor = 'provider' then 'booking_cancelled_by_provider'
    when new.to_status = 'cancelled' and new.from_status <> 'held' then 'booking_cancelled'
  end;
  if customer_kind is not null then
    perform private.tell_customer(
      b, customer_kind,
      case
        when new.moved_from is null then '{}'
        else jsonb_build_object(
          'before', private.when_text(private.to_local(new.moved_from, b.time_zone), b.language),
          -- until when a time that its customer did not choose may be left with all back
          'until', private.when_text(
            (
              private.refund_steps(private.policy_of(b), b.starts_at, b.time_zone, 0, b.currency) -> 0 ->> 'until_local'
            )::timestamp,
            b.language
          )
        )
      end,
      new.id::text
    );
  end if;

  provider_kind := case
    when new.reason = 'party_restored' and new.actor = 'system' then 'booking_party_restored'
    when new.reason = 'put_back' and new.actor = 'system' then
      case when b.status <> 'cancelled' then 'change_undone' end
    when new.reason = 'rescheduled' and new.from_status = new.to_status then
      case
        when new.to_status = 'held' or new.actor <> 'customer' then null
        when new.moved_from is null then 'booking_party_changed'
        else 'booking_moved_by_customer'
      end
    when new.to_status = 'rejected' and new.actor = 'system' then 'request_lapsed'
    when new.to_status = 'pending' then 'booking_requested'
    when new.to_status = 'confirmed' and new.actor <> 'provider' then 'booking_made'
    when new.to_status = 'cancelled' and new.actor = 'customer' and new.from_status <> 'held'
      then 'booking_cancelled_by_customer'
  end;
  if provider_kind is not null then
    perform private.tell_team(b, provider_kind, '{}', new.id::text);
  end if;
  return null;
end;
$$;
-- Only when the transaction has said its last word: what follows a step (a refund, a new price) is part of what is
-- told.
create constraint trigger announce after insert on public.booking_events
  deferrable initially deferred
  for each row execute function private.announce_booking();

-- What is free of one service has changed, or of all of a provider's (null); the provider's own screens have a calendar
-- to show anew.
create function private.tell_of_slots(provider uuid, service uuid)
returns void
language plpgsql
security definer
set search_path = ''
as $$
begin
  perform realtime.send('{}'::jsonb, 'slots_changed', 'service:' || s.id, true)
  from public.services s
  where s.provider_id = provider and s.active and (service is null or s.id = service);
  perform realtime.send('{}'::jsonb, 'calendar_changed', 'provider:' || provider, true);
end;
$$;

-- Closures and special days that come, change or go; a year of them, entered at once, is one thing to tell.
create function private.announce_days()
returns trigger
language plpgsql
security definer
set search_path = ''
as $$
begin
  perform private.tell_of_slots(c.provider_id, null)
  from (select distinct x.provider_id from changed x order by x.provider_id) as c;
  return null;
end;
$$;
create trigger announce_slots_added after insert on public.closures
  referencing new table as changed for each statement execute function private.announce_days();
create trigger announce_slots_removed after delete on public.closures
  referencing old table as changed for each statement execute function private.announce_days();
create trigger announce_slots_added after insert on public.special_days
  referencing new table as changed for each statement execute function private.announce_days();
create trigger announce_slots_changed after update on public.special_days
  referencing new table as changed for each statement execute function private.announce_days();
create trigger announce_slots_removed after delete on public.special_days
  referencing old table as changed for each statement execute function private.announce_days();

-- A session that comes, moves, is called off or goes: of its service.
create function private.announce_session()
returns trigger
language plpgsql
security definer
set search_path = ''
as $$
declare
  t public.sessions := coalesce(new, old);
begin
  perform private.tell_of_slots(t.provider_id, t.service_id);
  return null;
end;
$$;
create trigger announce_slots after insert or delete or update of starts_at, ends_at, active on public.sessions
  for each row execute function private.announce_session();

-- A message reaches both screens, and the other side's bell once until it is read.
create function private.announce_message()
returns trigger
language plpgsql
security definer
set search_path = ''
as $$
declare
  talk public.conversations;
begin
  select * into talk from public.conversations where id = new.conversation_id;
  perform realtime.send(jsonb_build_object('message_id', new.id), 'message', 'conversation:' || talk.id, true);
  insert into public.notifications (user_id, kind, conversation_id, data)
  select
    other.user_id, 'message_received', talk.id,
    case new.side
      when 'customer' then (
        select jsonb_build_object('conversation_id', talk.id, 'from', p.full_name)
        from public.profiles p
        where p.id = talk.customer_id
      )
      else (
        select jsonb_build_object('conversation_id', talk.id, 'from', p.name, 'from_ar', p.name_ar)
        from public.providers p
        where p.id = talk.provider_id
      )
    end
  from (
    select m.user_id
    from public.provider_members m
    where m.provider_id = talk.provider_id and new.side = 'customer' and private.in_good_standing(m.provider_id)
      and private.account_in_good_standing(m.user_id)
    union all
    select talk.customer_id where new.side = 'provider'
  ) as other
  where not exists (
    select
    from public.notifications n
    where n.user_id = other.user_id and n.kind = 'message_received' and n.read_at is null
      and n.conversation_id = talk.id
  );
  return null;
end;
$$;
create trigger announce after insert on public.messages
  for each row execute function private.announce_message();

-- Tells a conversation how far it was read, and takes what was read there out of the reader's bell.
create function private.announce_read()
returns trigger
language plpgsql
security definer
set search_path = ''
as $$
begin
  perform realtime.send(
    jsonb_build_object('user_id', new.user_id), 'read', 'conversation:' || new.conversation_id, true
  );
  update public.notifications n
  set read_at = now()
  where n.user_id = new.user_id and n.kind = 'message_received' and n.read_at is null
    and n.conversation_id = new.conversation_id;
  return null;
end;
$$;
create trigger announce after insert or update on public.conversation_reads
  for each row execute function private.announce_read();
