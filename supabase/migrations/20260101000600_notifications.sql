-- Notifications: what people find in the bell, told to their screens as it comes.

-- What each kind of notice is, beside its words.
create table public.notification_kinds (
  kind public.notification_kind primary key,
  -- also in the bell; the others are mails alone. Each in the bell needs a sentence in every language
  -- (src/lib/i18n/*/notifications.json)
  bell boolean not null
);
alter table public.notification_kinds enable row level security;
grant select on public.notification_kinds to anon, authenticated;
create policy "everyone reads what people are told"
  on public.notification_kinds for select to anon, authenticated using (true);

insert into public.notification_kinds (kind, bell)
select
  k, k not in (
    'booking_link', 'booking_of_account', 'booking_to_prove', 'team_invitation', 'email_changed', 'password_changed',
    'way_in_added', 'way_in_removed', 'second_factor_added', 'recovery_codes_made'
  )
from unnest(enum_range(null::public.notification_kind)) as k;

create table public.notifications (
  id uuid primary key default private.new_id(),
  user_id uuid not null references auth.users (id) on delete cascade,
  -- which sentence the site shows
  kind public.notification_kind not null,
  -- what the sentence is filled with
  data jsonb not null default '{}',
  booking_id uuid references public.bookings (id) on delete cascade,
  conversation_id uuid references public.conversations (id) on delete cascade,
  read_at timestamptz
    constraint notifications_read_at_in_calendar check (read_at is null or private.in_calendar(read_at)),
  created_at timestamptz not null default now()
);
create index notifications_user_id on public.notifications (user_id, created_at desc);
-- the bell counts these for every page
create index notifications_unread on public.notifications (user_id) where read_at is null;
create index notifications_booking_id on public.notifications (booking_id);
create index notifications_conversation_id on public.notifications (conversation_id);
alter table public.notifications enable row level security;
grant select, update (read_at) on public.notifications to authenticated;
create trigger clean_text before insert or update of data on public.notifications
  for each row execute function private.clean_text('data');
create policy "people read their notifications"
  on public.notifications for select to authenticated using (user_id = (select private.me()));
create policy "people mark their notifications read"
  on public.notifications for update to authenticated
  using (user_id = (select private.me()))
  with check (user_id = (select private.me()));

-- Where whoever is told is just deleting the account there is nobody to tell: the row is left out.
create function private.keep_for_account()
returns trigger
language plpgsql
security definer
set search_path = ''
as $$
begin
  return case when private.keep_account((to_jsonb(new) ->> tg_argv[0])::uuid) is not null then new end;
end;
$$;
create trigger keep_for_account before insert on public.notifications
  for each row execute function private.keep_for_account('user_id');

-- Tells the account's open screens of each row of its bell: id and kind only.
create function private.announce_notification()
returns trigger
language plpgsql
security definer
set search_path = ''
as $$
begin
  perform realtime.send(
    jsonb_build_object('notification_id', new.id, 'kind', new.kind), 'notification', 'user:' || new.user_id, true
  );
  return null;
end;
$$;
create trigger announce after insert on public.notifications
  for each row execute function private.announce_notification();

-- What is read on one screen is read on the person's others: their bells count again.
create function private.announce_reading()
returns trigger
language plpgsql
security definer
set search_path = ''
as $$
begin
  perform realtime.send('{}'::jsonb, 'notifications_read', 'user:' || reader.user_id, true)
  from (select distinct user_id from changed) as reader;
  return null;
end;
$$;
create trigger announce_reading after update on public.notifications
  referencing new table as changed
  for each statement execute function private.announce_reading();
