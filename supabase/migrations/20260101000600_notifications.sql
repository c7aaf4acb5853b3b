-- Notifications: what people find in the bell, told to their screens as it comes.

create table public.notifications (
  id uuid primary key default private.new_id(),
  user_id uuid not null references auth.users (id) on delete cascade,
  -- which sentence the site shows; a new kind needs one in every language (src/lib/i18n/*/notifications.json)
  kind text not null constraint notifications_kind_known check (
    kind in (
      'booking_received', 'booking_confirmed', 'booking_rejected', 'booking_cancelled', 'booking_cancelled_by_provider',
      'booking_moved', 'booking_moved_by_provider', 'booking_unanswered', 'waitlist_offer', 'waitlist_moved',
      'waitlist_called_off', 'booking_requested', 'booking_made',
      'booking_cancelled_by_customer', 'booking_moved_by_customer', 'request_lapsed', 'message_received',
      'payment_returned', 'place_lost', 'refund_made', 'refund_failed', 'party_restored', 'late_payment',
      'refund_by_platform', 'payment_disputed', 'booking_party_restored', 'booking_put_back', 'change_undone',
      'party_changed', 'party_changed_by_provider', 'booking_party_changed',
      'second_factor_removed', 'ownership_received', 'verification_accepted', 'verification_refused', 'clock_clash',
      'start_request_accepted', 'start_request_declined'
    )
  ),
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
