-- Notifications: what people are told, in the bell, by mail, and live on their screens.

create table public.notifications (
  id uuid primary key default private.new_id(),
  user_id uuid not null references auth.users (id) on delete cascade,
  -- which sentence the site shows; a new kind needs one in every language (src/lib/i18n/*/notifications.json)
  kind text not null constraint notifications_kind_known check (
    kind in (
      'booking_received', 'booking_confirmed', 'booking_rejected', 'booking_cancelled', 'booking_cancelled_by_provider',
      'booking_moved', 'booking_unanswered', 'waitlist_offer', 'booking_requested', 'booking_made',
      'booking_cancelled_by_customer', 'booking_moved_by_customer', 'request_lapsed', 'message_received',
      'second_factor_removed', 'ownership_received', 'verification_accepted', 'verification_refused'
    )
  ),
  -- what the sentence is filled with
  data jsonb not null default '{}',
  booking_id uuid references public.bookings (id) on delete cascade,
  read_at timestamptz,
  created_at timestamptz not null default now()
);
create index notifications_user_id on public.notifications (user_id, created_at desc);
-- the bell counts these for every page
create index notifications_unread on public.notifications (user_id) where read_at is null;
create index notifications_booking_id on public.notifications (booking_id);
alter table public.notifications enable row level security;
grant select, update (read_at) on public.notifications to authenticated;
create policy "people read their notifications"
  on public.notifications for select to authenticated using (user_id = (select private.me()));
create policy "people mark their notifications read"
  on public.notifications for update to authenticated
  using (user_id = (select private.me()))
  with check (user_id = (select private.me()));

-- Whoever is told may be deleting the account in this moment: then there is nobody to tell, and nothing to fail for.
create function private.keep_for_account()
returns trigger
language plpgsql
security definer
set search_path = ''
as $$
begin
  perform from auth.users u where u.id = new.user_id for key share;
  return case when found then new end;
end;
$$;
create trigger keep_for_account before insert on public.notifications
  for each row execute function private.keep_for_account();

-- The words of mails, by kind and language. {{name}} and its like are filled from the delivery's data.
create table public.templates (
  kind text not null,
  language text not null constraint templates_language_known check (language in ('fr', 'ar', 'en')),
  subject text not null,
  body text not null,
  button text not null default '',
  primary key (kind, language)
);
alter table public.templates enable row level security;
create trigger audit after insert or update or delete on public.templates
  for each row execute function private.audit('kind,language');

-- One message on one channel. The row is the order; the worker `deliver` carries it out and reports.
create table public.deliveries (
  id uuid primary key default private.new_id(),
  channel text not null constraint deliveries_channel_known check (channel in ('email', 'push', 'sms')),
  kind text not null,
  recipient text not null,
  language text not null,
  data jsonb not null default '{}',
  -- nothing is sent twice: the same key is the same message
  dedupe_key text not null unique,
  status text not null default 'queued' constraint deliveries_status_known check (
    status in ('queued', 'sending', 'sent', 'failed', 'skipped')
  ),
  attempts int not null default 0,
  next_attempt_at timestamptz not null default now(),
  external_id text,
  error text,
  created_at timestamptz not null default now(),
  sent_at timestamptz
);
create index deliveries_due on public.deliveries (next_attempt_at) where status in ('queued', 'sending');
alter table public.deliveries enable row level security;

revoke all on public.deliveries, public.templates, public.notifications from service_role;

-- Fills {{placeholders}}; with `html` the values are escaped.
create function private.fill(template text, data jsonb, html boolean)
returns text
language plpgsql
immutable
set search_path = ''
as $$
declare
  item record;
  answer text := template;
begin
  for item in select key, value from jsonb_each_text(data) loop
    answer := replace(
      answer,
      '{{' || item.key || '}}',
      case when html
        then replace(replace(replace(replace(coalesce(item.value, ''), '&', '&amp;'), '<', '&lt;'), '>', '&gt;'), '"', '&quot;')
        else coalesce(item.value, '')
      end
    );
  end loop;
  return answer;
end;
$$;

-- One mail as HTML: paragraphs, a button, right to left in Arabic. Inline styles, since mail programs drop the rest.
create function private.mail_html(template public.templates, data jsonb)
returns text
language sql
immutable
set search_path = ''
as $$
  select format(
    '<!doctype html><html lang="%1$s" dir="%2$s"><body style="margin:0;padding:24px;background:#f6f3ee;'
    'font-family:system-ui,-apple-system,''Segoe UI'',Tahoma,sans-serif;color:#1d2b28">'
    '<div style="max-width:560px;margin:0 auto;background:#ffffff;border-radius:16px;padding:32px">'
    '<p style="margin:0 0 24px;font-weight:700;font-size:20px;color:#0b5d51">Khadamat</p>'
    '<div style="font-size:16px;line-height:1.6">%3$s</div>%4$s</div></body></html>',
    template.language,
    case template.language when 'ar' then 'rtl' else 'ltr' end,
    '<p style="margin:0 0 16px">'
      || replace(
        replace(private.fill(template.body, data, true), E'\n\n', '</p><p style="margin:0 0 16px">'), E'\n', '<br>'
      )
      || '</p>',
    case when template.button <> '' then
      '<p style="margin:24px 0 0"><a href="' || private.fill('{{link}}', data, true)
      || '" style="display:inline-block;background:#0b5d51;color:#ffffff;text-decoration:none;border-radius:12px;'
      || 'padding:14px 24px;font-weight:600">' || private.fill(template.button, data, true) || '</a></p>'
    else '' end
  );
$$;

-- Workers that are at it: until then, what is queued need not wake them. A worker that found nothing more clears it, looks
-- once again a second later (a transaction that saw it busy has committed by then), and only then ends.
create table private.busy_workers (
  name text primary key,
  until timestamptz not null
);
alter table private.busy_workers enable row level security;

-- Calls one of the edge functions that work off a queue, after the transaction has committed, unless it is at it. Does
-- nothing until private.configure has been told where they are.
create function private.wake(worker text)
returns void
language plpgsql
security definer
set search_path = ''
as $$
declare
  address text := (select value from private.settings where name = 'functions_url');
  key text := (select value from private.settings where name = 'secret_key');
begin
  if address is not null and key is not null
    and not exists (select from private.busy_workers b where b.name = worker and b.until > now())
  then
    perform net.http_post(
      url => address || '/' || worker,
      headers => jsonb_build_object('apikey', key, 'content-type', 'application/json'),
      body => '{}'::jsonb,
      timeout_milliseconds => 30000
    );
  end if;
end;
$$;

create function private.wake_worker()
returns trigger
language plpgsql
security definer
set search_path = ''
as $$
begin
  perform private.wake(tg_argv[0]);
  return null;
end;
$$;
create trigger wake after insert on public.deliveries
  for each statement execute function private.wake_worker('deliver');
create trigger wake after insert on public.refunds
  for each statement execute function private.wake_worker('refunds');

create function private.claim_deliveries(batch int)
returns table (
  id uuid, channel text, recipient text, language text, subject text, body_html text, body_text text, attempts int
)
language plpgsql
security definer
set search_path = ''
as $$
#variable_conflict use_column
begin
  return query
    with due as (
      select d.id
      from public.deliveries d
      where d.status in ('queued', 'sending') and d.next_attempt_at <= now()
      order by d.next_attempt_at
      limit batch
      for update skip locked
    )
    update public.deliveries d
    set status = 'sending', attempts = d.attempts + 1, next_attempt_at = now() + interval '5 minutes'
    from due, public.templates t
    where d.id = due.id and t.kind = d.kind and t.language = d.language
    returning
      d.id, d.channel, d.recipient, d.language, private.fill(t.subject, d.data, false), private.mail_html(t, d.data),
      concat_ws(E'\n\n', private.fill(t.body, d.data, false), nullif(d.data ->> 'link', '')), d.attempts;
  if found then
    insert into private.busy_workers (name, until) values ('deliver', now() + interval '20 seconds')
    on conflict (name) do update set until = excluded.until;
  else
    delete from private.busy_workers w where w.name = 'deliver';
  end if;
end;
$$;

-- Hands due messages to the worker, written out and leased for five minutes; while it gets some, nobody wakes it again.
create function public.claim_deliveries(batch int default 20)
returns table (
  id uuid, channel text, recipient text, language text, subject text, body_html text, body_text text, attempts int
)
language sql
set search_path = ''
as $$
  select * from private.claim_deliveries(batch);
$$;
grant execute on function private.claim_deliveries(int) to service_role;
grant execute on function public.claim_deliveries(int) to service_role;

create function private.finish_delivery(delivery_id uuid, ok boolean, provider_id text, error text)
returns void
language sql
security definer
set search_path = ''
as $$
  update public.deliveries d
  set
    status = case
      when ok then 'sent'
      when finish_delivery.error = 'not_configured' then 'skipped'
      when d.attempts >= 8 then 'failed'
      else 'queued'
    end,
    external_id = finish_delivery.provider_id,
    error = case when not ok then left(finish_delivery.error, 300) end,
    sent_at = case when ok then now() end,
    -- 1, 2, 4 … minutes, so that a mail server's bad hour is outlived
    next_attempt_at = now() + make_interval(mins => power(2, least(d.attempts, 10) - 1)::int)
  where d.id = delivery_id and d.status = 'sending';
$$;

-- The worker's report on a message. error not_configured: there is no such channel here, so it is not tried again.
create function public.finish_delivery(
  delivery_id uuid, ok boolean, provider_id text default null, error text default null
)
returns void
language sql
set search_path = ''
as $$
  select private.finish_delivery(delivery_id, ok, provider_id, error);
$$;
grant execute on function private.finish_delivery(uuid, boolean, text, text) to service_role;
grant execute on function public.finish_delivery(uuid, boolean, text, text) to service_role;

-- The address of a page of the site in someone's language.
create function private.site_link(language text, path text)
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

-- What a booking's mails and notifications are filled with, in a language.
create function private.booking_words(b public.bookings, language text, link text)
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
    'when', to_char(b.local_starts_at, case language when 'en' then 'DD Mon YYYY, HH24:MI' else 'DD/MM/YYYY HH24:MI' end),
    'until', to_char(
      coalesce(b.hold_expires_at, b.answer_by) at time zone b.time_zone,
      case language when 'en' then 'DD Mon YYYY, HH24:MI' else 'DD/MM/YYYY HH24:MI' end
    ),
    'paid', trim(to_char(b.paid_minor / 100.0, 'FM999999990.00')) || ' ' || b.currency,
    'refund', trim(to_char(b.refund_minor / 100.0, 'FM999999990.00')) || ' ' || b.currency,
    'link', link
  )
  from public.providers p, public.services s
  where p.id = b.provider_id and s.id = b.service_id);
end;
$$;

-- Tells everybody concerned of a step in a booking's history: live screens, bells, and mails.
create function private.announce_booking()
returns trigger
language plpgsql
security definer
set search_path = ''
as $$
declare
  b public.bookings;
  customer_kind text;
  provider_kind text;
  member record;
  change jsonb;
begin
  select * into b from public.bookings where id = new.booking_id;
  change := jsonb_build_object('booking_id', b.id, 'status', b.status, 'starts_at', b.starts_at);
  perform realtime.send(change, 'booking_changed', 'provider:' || b.provider_id, true);
  if b.customer_id is not null then
    perform realtime.send(change, 'booking_changed', 'user:' || b.customer_id, true);
  end if;
  -- the slots of every service that shares its resources
  change := jsonb_build_object('day', (b.starts_at at time zone b.time_zone)::date);
  perform realtime.send(change, 'slots_changed', 'service:' || shared.service_id, true)
  from (
    select b.service_id
    union
    select other.service_id
    from public.service_resources mine
    join public.service_resources other on other.resource_id = mine.resource_id
    where mine.service_id = b.service_id
  ) as shared;

  customer_kind := case
    when new.reason = 'rescheduled' and new.from_status = new.to_status then
      case when b.status <> 'held' then 'booking_moved' end
    when b.status = 'held' and new.reason = 'offered' then 'waitlist_offer'
    when b.status = 'rejected' and new.actor = 'system' then 'booking_unanswered'
    when b.status = 'pending' then 'booking_received'
    when b.status = 'confirmed' then 'booking_confirmed'
    when b.status = 'rejected' then 'booking_rejected'
    when b.status = 'cancelled' and new.actor = 'provider' then 'booking_cancelled_by_provider'
    when b.status = 'cancelled' and new.from_status <> 'held' then 'booking_cancelled'
  end;
  if customer_kind is not null then
    if b.customer_id is not null then
      insert into public.notifications (user_id, kind, data, booking_id)
      values (
        b.customer_id, customer_kind,
        private.booking_words(b, b.language, '') - 'link' - 'name', b.id
      );
    end if;
    insert into public.deliveries (channel, kind, recipient, language, data, dedupe_key)
    values (
      'email', customer_kind, b.customer_email, b.language,
      private.booking_words(
        b, b.language,
        private.site_link(
          b.language,
          case when b.customer_id is null then '/b/' || private.manage_token(b.id) else '/bookings/' || b.id end
        )
      ),
      'email:' || new.id || ':customer'
    )
    on conflict (dedupe_key) do nothing;
  end if;

  provider_kind := case
    when new.reason = 'rescheduled' and new.from_status = new.to_status then
      case when b.status <> 'held' and new.actor = 'customer' then 'booking_moved_by_customer' end
    when b.status = 'rejected' and new.actor = 'system' then 'request_lapsed'
    when b.status = 'pending' then 'booking_requested'
    when b.status = 'confirmed' and new.actor <> 'provider' then 'booking_made'
    when b.status = 'cancelled' and new.actor = 'customer' and new.from_status <> 'held'
      then 'booking_cancelled_by_customer'
  end;
  if provider_kind is not null then
    for member in
      select m.user_id, pr.language, u.email
      from public.provider_members m
      join public.profiles pr on pr.id = m.user_id
      join auth.users u on u.id = m.user_id
      where m.provider_id = b.provider_id
    loop
      insert into public.notifications (user_id, kind, data, booking_id)
      values (
        member.user_id, provider_kind, private.booking_words(b, member.language, '') - 'link', b.id
      );
      insert into public.deliveries (channel, kind, recipient, language, data, dedupe_key)
      values (
        'email', provider_kind, member.email, member.language,
        private.booking_words(b, member.language, private.site_link(member.language, '/dashboard/bookings/' || b.id)),
        'email:' || new.id || ':' || member.user_id
      )
      on conflict (dedupe_key) do nothing;
    end loop;
  end if;
  return null;
end;
$$;
create trigger announce after insert on public.booking_events
  for each row execute function private.announce_booking();

-- A closure, a special day or a session that comes, moves or goes changes what is free: of its service, or of all of its
-- provider's.
create function private.announce_slots()
returns trigger
language plpgsql
security definer
set search_path = ''
as $$
declare
  changed jsonb := to_jsonb(coalesce(new, old));
begin
  perform realtime.send('{}'::jsonb, 'slots_changed', 'service:' || s.id, true)
  from public.services s
  where s.provider_id = (changed ->> 'provider_id')::uuid
    and s.active
    and (changed ->> 'service_id' is null or s.id = (changed ->> 'service_id')::uuid);
  return null;
end;
$$;
create trigger announce_slots after insert or delete on public.closures
  for each row execute function private.announce_slots();
create trigger announce_slots after insert or delete or update on public.special_days
  for each row execute function private.announce_slots();
create trigger announce_slots after insert or delete or update of starts_at, ends_at, active on public.sessions
  for each row execute function private.announce_slots();

create function private.announce_notification()
returns trigger
language plpgsql
security definer
set search_path = ''
as $$
begin
  perform realtime.send(
    jsonb_build_object(
      'notification_id', new.id, 'kind', new.kind, 'data', new.data, 'booking_id', new.booking_id,
      'created_at', new.created_at
    ),
    'notification', 'user:' || new.user_id, true
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
  perform realtime.send(to_jsonb(new), 'message', 'conversation:' || talk.id, true);
  insert into public.notifications (user_id, kind, data)
  select
    other.user_id, 'message_received',
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
    select m.user_id from public.provider_members m where m.provider_id = talk.provider_id and new.side = 'customer'
    union all
    select talk.customer_id where new.side = 'provider'
  ) as other
  where not exists (
    select
    from public.notifications n
    where n.user_id = other.user_id and n.kind = 'message_received' and n.read_at is null
      and n.data ->> 'conversation_id' = talk.id::text
  );
  return null;
end;
$$;
create trigger announce after insert on public.messages
  for each row execute function private.announce_message();

create function private.announce_read()
returns trigger
language plpgsql
security definer
set search_path = ''
as $$
begin
  perform realtime.send(to_jsonb(new), 'read', 'conversation:' || new.conversation_id, true);
  update public.notifications n
  set read_at = now()
  where n.user_id = new.user_id and n.kind = 'message_received' and n.read_at is null
    and n.data ->> 'conversation_id' = new.conversation_id::text;
  return null;
end;
$$;
create trigger announce after insert or update on public.conversation_reads
  for each row execute function private.announce_read();

-- Who may listen to a topic. The topics are those of the architecture: user, conversation, provider, service.
create function private.may_listen(topic text)
returns boolean
language plpgsql
stable
security definer
set search_path = ''
as $$
declare
  kind text := split_part(topic, ':', 1);
  id uuid;
begin
  begin
    id := split_part(topic, ':', 2)::uuid;
  exception
    when invalid_text_representation then
      return false;
  end;
  return case kind
    when 'service' then true
    when 'user' then id = (select private.me())
    when 'provider' then private.is_member(id)
    when 'conversation' then private.conversation_side(id) is not null
    else false
  end;
end;
$$;
grant execute on function private.may_listen(text) to anon, authenticated;

create policy "visitors listen to services"
  on realtime.messages for select to anon
  using (extension = 'broadcast' and (select realtime.topic()) like 'service:%' and (select private.may_listen(realtime.topic())));
create policy "people listen to their own topics"
  on realtime.messages for select to authenticated
  using (extension in ('broadcast', 'presence') and (select private.may_listen(realtime.topic())));
create policy "both sides type and show presence in their conversation"
  on realtime.messages for insert to authenticated
  with check (
    extension in ('broadcast', 'presence')
    and (select realtime.topic()) like 'conversation:%'
    and (select private.may_listen(realtime.topic()))
  );

insert into public.templates (kind, language, subject, body, button)
values
  ('booking_received', 'fr', 'Demande envoyée à {{provider}}',
   E'Bonjour {{name}},\n\nVotre demande « {{service}} » du {{when}} est chez {{provider}}. Référence : {{reference}}.\nVous recevrez un e-mail dès sa réponse.',
   'Voir ma réservation'),
  ('booking_received', 'ar', 'أُرسل طلبك إلى {{provider}}',
   E'مرحبًا {{name}}،\n\nوصل طلبك «{{service}}» بتاريخ {{when}} إلى {{provider}}. المرجع: {{reference}}.\nسنراسلك فور صدور الجواب.',
   'عرض الحجز'),
  ('booking_received', 'en', 'Request sent to {{provider}}',
   E'Hello {{name}},\n\nYour request "{{service}}" on {{when}} is with {{provider}}. Reference: {{reference}}.\nWe will write as soon as they answer.',
   'See my booking'),
  ('booking_confirmed', 'fr', 'Réservation confirmée : {{provider}}, {{when}}',
   E'Bonjour {{name}},\n\n{{provider}} vous attend pour « {{service}} » le {{when}}. Référence : {{reference}}.\nPayé d’avance : {{paid}}.',
   'Voir ma réservation'),
  ('booking_confirmed', 'ar', 'تم تأكيد حجزك: {{provider}}، {{when}}',
   E'مرحبًا {{name}}،\n\n{{provider}} في انتظارك من أجل «{{service}}» بتاريخ {{when}}. المرجع: {{reference}}.\nالمبلغ المدفوع مسبقًا: {{paid}}.',
   'عرض الحجز'),
  ('booking_confirmed', 'en', 'Booking confirmed: {{provider}}, {{when}}',
   E'Hello {{name}},\n\n{{provider}} expects you for "{{service}}" on {{when}}. Reference: {{reference}}.\nPaid in advance: {{paid}}.',
   'See my booking'),
  ('booking_rejected', 'fr', '{{provider}} ne peut pas vous recevoir',
   E'Bonjour {{name}},\n\n{{provider}} a refusé votre demande « {{service}} » du {{when}}. Ce que vous avez payé ({{paid}}) vous est rendu en entier.',
   'Voir ma réservation'),
  ('booking_rejected', 'ar', 'تعذّر على {{provider}} قبول طلبك',
   E'مرحبًا {{name}}،\n\nرفض {{provider}} طلبك «{{service}}» بتاريخ {{when}}. سيُعاد إليك ما دفعته كاملًا ({{paid}}).',
   'عرض الحجز'),
  ('booking_rejected', 'en', '{{provider}} cannot take your booking',
   E'Hello {{name}},\n\n{{provider}} declined your request "{{service}}" on {{when}}. What you paid ({{paid}}) comes back in full.',
   'See my booking'),
  ('booking_cancelled', 'fr', 'Réservation annulée : {{provider}}, {{when}}',
   E'Bonjour {{name}},\n\nVotre réservation « {{service}} » du {{when}} est annulée. Remboursement : {{refund}}.',
   'Voir ma réservation'),
  ('booking_cancelled', 'ar', 'أُلغي حجزك: {{provider}}، {{when}}',
   E'مرحبًا {{name}}،\n\nأُلغي حجزك «{{service}}» بتاريخ {{when}}. المبلغ المسترجع: {{refund}}.',
   'عرض الحجز'),
  ('booking_cancelled', 'en', 'Booking cancelled: {{provider}}, {{when}}',
   E'Hello {{name}},\n\nYour booking "{{service}}" on {{when}} is cancelled. Refund: {{refund}}.',
   'See my booking'),
  ('booking_cancelled_by_provider', 'fr', '{{provider}} a dû annuler votre réservation',
   E'Bonjour {{name}},\n\n{{provider}} a annulé « {{service}} » du {{when}}. Ce que vous avez payé ({{paid}}) vous est rendu en entier.',
   'Voir ma réservation'),
  ('booking_cancelled_by_provider', 'ar', 'اضطر {{provider}} إلى إلغاء حجزك',
   E'مرحبًا {{name}}،\n\nألغى {{provider}} «{{service}}» بتاريخ {{when}}. سيُعاد إليك ما دفعته كاملًا ({{paid}}).',
   'عرض الحجز'),
  ('booking_cancelled_by_provider', 'en', '{{provider}} had to cancel your booking',
   E'Hello {{name}},\n\n{{provider}} cancelled "{{service}}" on {{when}}. What you paid ({{paid}}) comes back in full.',
   'See my booking'),
  ('booking_requested', 'fr', 'Nouvelle demande : {{service}}, {{when}}',
   E'{{name}} demande « {{service}} » le {{when}}. Référence : {{reference}}. Payé d’avance : {{paid}}.\n\nRépondez avant le {{until}}, sinon la demande est annulée.',
   'Répondre'),
  ('booking_requested', 'ar', 'طلب جديد: {{service}}، {{when}}',
   E'يطلب {{name}} «{{service}}» بتاريخ {{when}}. المرجع: {{reference}}. المبلغ المدفوع مسبقًا: {{paid}}.\n\nيُرجى الرد قبل {{until}}، وإلا أُلغي الطلب.',
   'الرد'),
  ('booking_requested', 'en', 'New request: {{service}}, {{when}}',
   E'{{name}} asks for "{{service}}" on {{when}}. Reference: {{reference}}. Paid in advance: {{paid}}.\n\nPlease answer before {{until}}, or the request lapses.',
   'Answer'),
  ('booking_made', 'fr', 'Nouvelle réservation : {{service}}, {{when}}',
   E'{{name}} a réservé « {{service}} » le {{when}}. Référence : {{reference}}. Payé d’avance : {{paid}}.',
   'Ouvrir'),
  ('booking_made', 'ar', 'حجز جديد: {{service}}، {{when}}',
   E'حجز {{name}} «{{service}}» بتاريخ {{when}}. المرجع: {{reference}}. المبلغ المدفوع مسبقًا: {{paid}}.',
   'فتح'),
  ('booking_made', 'en', 'New booking: {{service}}, {{when}}',
   E'{{name}} booked "{{service}}" on {{when}}. Reference: {{reference}}. Paid in advance: {{paid}}.',
   'Open'),
  ('booking_cancelled_by_customer', 'fr', 'Annulation : {{service}}, {{when}}',
   E'{{name}} a annulé « {{service}} » du {{when}} ({{reference}}). Le créneau est de nouveau libre.',
   'Ouvrir'),
  ('booking_cancelled_by_customer', 'ar', 'إلغاء: {{service}}، {{when}}',
   E'ألغى {{name}} «{{service}}» بتاريخ {{when}} ({{reference}}). أصبح الموعد متاحًا من جديد.',
   'فتح'),
  ('booking_cancelled_by_customer', 'en', 'Cancelled: {{service}}, {{when}}',
   E'{{name}} cancelled "{{service}}" on {{when}} ({{reference}}). The slot is free again.',
   'Open'),
  ('booking_moved', 'fr', 'Réservation déplacée : {{provider}}, {{when}}',
   E'Bonjour {{name}},\n\nVotre réservation « {{service}} » chez {{provider}} est maintenant le {{when}}. Référence : {{reference}}.',
   'Voir ma réservation'),
  ('booking_moved', 'ar', 'تغيّر موعد حجزك: {{provider}}، {{when}}',
   E'مرحبًا {{name}}،\n\nأصبح موعد حجزك «{{service}}» لدى {{provider}} بتاريخ {{when}}. المرجع: {{reference}}.',
   'عرض الحجز'),
  ('booking_moved', 'en', 'Booking moved: {{provider}}, {{when}}',
   E'Hello {{name}},\n\nYour booking "{{service}}" with {{provider}} is now on {{when}}. Reference: {{reference}}.',
   'See my booking'),
  ('booking_unanswered', 'fr', '{{provider}} n’a pas répondu à temps',
   E'Bonjour {{name}},\n\n{{provider}} n’a pas répondu à votre demande « {{service}} » du {{when}}. Elle est annulée, et ce que vous avez payé ({{paid}}) vous est rendu en entier.',
   'Voir ma réservation'),
  ('booking_unanswered', 'ar', 'لم يرد {{provider}} في الوقت المحدد',
   E'مرحبًا {{name}}،\n\nلم يرد {{provider}} على طلبك «{{service}}» بتاريخ {{when}}، فأُلغي الطلب. سيُعاد إليك ما دفعته كاملًا ({{paid}}).',
   'عرض الحجز'),
  ('booking_unanswered', 'en', '{{provider}} did not answer in time',
   E'Hello {{name}},\n\n{{provider}} has not answered your request "{{service}}" on {{when}}. It is cancelled, and what you paid ({{paid}}) comes back in full.',
   'See my booking'),
  ('waitlist_offer', 'fr', 'Une place s’est libérée : {{provider}}, {{when}}',
   E'Bonne nouvelle {{name}},\n\nUne place s’est libérée pour « {{service}} » chez {{provider}} le {{when}}. Elle vous est réservée jusqu’au {{until}} : confirmez-la, ou laissez-la à la personne suivante.',
   'Répondre à l’offre'),
  ('waitlist_offer', 'ar', 'توفّر مكان: {{provider}}، {{when}}',
   E'خبر سار {{name}}،\n\nتوفّر مكان في «{{service}}» لدى {{provider}} بتاريخ {{when}}. المكان محجوز لك حتى {{until}}: أكّده أو اتركه لمن بعدك.',
   'الرد على العرض'),
  ('waitlist_offer', 'en', 'A place has come free: {{provider}}, {{when}}',
   E'Good news {{name}},\n\nA place has come free for "{{service}}" with {{provider}} on {{when}}. It is held for you until {{until}}: take it, or leave it to the next in line.',
   'Answer the offer'),
  ('booking_moved_by_customer', 'fr', 'Réservation déplacée : {{service}}, {{when}}',
   E'{{name}} a déplacé sa réservation « {{service}} » ({{reference}}). Nouvelle date : {{when}}.',
   'Ouvrir'),
  ('booking_moved_by_customer', 'ar', 'تغيّر موعد الحجز: {{service}}، {{when}}',
   E'غيّر {{name}} موعد حجز «{{service}}» ({{reference}}). الموعد الجديد: {{when}}.',
   'فتح'),
  ('booking_moved_by_customer', 'en', 'Booking moved: {{service}}, {{when}}',
   E'{{name}} moved their booking "{{service}}" ({{reference}}). New date: {{when}}.',
   'Open'),
  ('request_lapsed', 'fr', 'Demande restée sans réponse : {{service}}, {{when}}',
   E'La demande de {{name}} pour « {{service}} » le {{when}} ({{reference}}) est restée sans réponse. Elle est annulée et le client est remboursé.',
   'Ouvrir'),
  ('request_lapsed', 'ar', 'طلب بقي دون رد: {{service}}، {{when}}',
   E'بقي طلب {{name}} على «{{service}}» بتاريخ {{when}} ({{reference}}) دون رد، فأُلغي وأُعيد المبلغ إلى الزبون.',
   'فتح'),
  ('request_lapsed', 'en', 'Request left unanswered: {{service}}, {{when}}',
   E'The request of {{name}} for "{{service}}" on {{when}} ({{reference}}) was left unanswered. It is cancelled and the customer is refunded.',
   'Open');
