-- Deliveries: mails as rows that the worker `deliver` sends, and the words they are made of.

-- The words of mails, by kind and language. {{name}} and its like are filled from the delivery's data.
create table public.templates (
  kind public.notification_kind not null,
  language public.language not null,
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
  channel public.delivery_channel not null,
  kind public.notification_kind not null,
  recipient text not null,
  -- whose mailbox it is, where it is an account's
  account_id uuid references auth.users (id) on delete cascade,
  -- what it tells of: by these it is found when a name in it is to go, never by what it says
  booking_id uuid references public.bookings (id) on delete cascade,
  invitation_id uuid references public.invitations (id) on delete cascade,
  -- the account whose name it bears as its sender
  sender_id uuid references auth.users (id) on delete set null,
  language public.language not null,
  -- what the words are filled with; its link has the name of a secret in its place, see private.mail_words
  data jsonb not null default '{}' constraint deliveries_data_object check (jsonb_typeof(data) = 'object'),
  -- nothing is sent twice: the same key is the same message
  dedupe_key text not null unique,
  status public.delivery_status not null default 'queued',
  attempts int not null default 0,
  next_attempt_at timestamptz not null default now(),
  external_id text,
  error text,
  created_at timestamptz not null default now(),
  sent_at timestamptz,
  -- what has no words is no order
  constraint deliveries_template foreign key (kind, language) references public.templates (kind, language),
  constraint deliveries_recipient_form check (
    channel <> 'email' or status = 'skipped' or recipient is not distinct from private.email(recipient)
  )
);
create index deliveries_template on public.deliveries (kind, language);
create index deliveries_account_id on public.deliveries (account_id);
create index deliveries_booking_id on public.deliveries (booking_id);
create index deliveries_invitation_id on public.deliveries (invitation_id);
create index deliveries_sender_id on public.deliveries (sender_id);
create index deliveries_due on public.deliveries (next_attempt_at) where status in ('queued', 'sending');
alter table public.deliveries enable row level security;

revoke all on public.deliveries, public.templates, public.notifications from service_role;
create trigger keep_for_account before insert on public.deliveries
  for each row when (new.account_id is not null) execute function private.keep_for_account('account_id');
create trigger clean_text before insert or update of data on public.deliveries
  for each row execute function private.clean_text('data');

-- Mails go to one address in its normal form. One that is none, as an account may have had before there was a rule, is
-- written down as skipped: nothing that it tells of fails for it.
create function private.keep_recipient()
returns trigger
language plpgsql
security definer
set search_path = ''
as $$
begin
  -- what an erased booking has in the place of an address reaches nobody (private.erase_account)
  if private.email(new.recipient) is null or new.recipient like '%.invalid' then
    new.status := 'skipped';
    new.error := 'rejected: no mail address';
  else
    new.recipient := private.email(new.recipient);
  end if;
  return new;
end;
$$;
create trigger keep_recipient before insert on public.deliveries
  for each row when (new.channel = 'email') execute function private.keep_recipient();

-- A value as it stands in a mail: a dot between words gets a word joiner behind it, which nobody sees. Else mail
-- programs make a link of whatever a person's name looks like, in a mail that comes from us.
create function private.unlinked(value text)
returns text
language sql
immutable
set search_path = ''
as $$
  select regexp_replace(value, '([[:alpha:]])\.(?=[[:alpha:]]{2})', E'\\1.\u2060', 'g');
$$;

-- Fills {{placeholders}} in one pass: what a value holds is never read as one. With `html` the values are escaped. A
-- name that the data does not have is left as it is written.
create function private.fill(template text, data jsonb, html boolean)
returns text
language plpgsql
immutable
set search_path = ''
as $$
begin
  return (
    select string_agg(
      case
        when part.name is null or not data ? part.name then part.written
        when html then replace(
          replace(replace(replace(coalesce(part.value, ''), '&', '&amp;'), '<', '&lt;'), '>', '&gt;'), '"', '&quot;'
        )
        else coalesce(part.value, '')
      end,
      '' order by part.place
    )
    from (
      select
        m.found[1] as written, m.found[2] as name, m.place,
        case when m.found[2] = 'link' then data ->> 'link' else private.unlinked(data ->> m.found[2]) end as value
      from regexp_matches(template, '(\{\{([a-z_]+)\}\}|\{|[^{]+)', 'g') with ordinality as m (found, place)
    ) as part
  );
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

-- What a mail is filled with. The secret that its link opens something by comes in here, on its way out: derived anew
-- from what the mail tells of, so that none ever stands in a row, before it is sent or after.
create function private.mail_words(d public.deliveries)
returns jsonb
language plpgsql
stable
security definer
set search_path = ''
as $$
declare
  link text := d.data ->> 'link';
begin
  return case
    when link like '%{manage_token}'
      then d.data || jsonb_build_object('link', replace(link, '{manage_token}', private.manage_token(d.booking_id)))
    when link like '%{proof_token}'
      then d.data || jsonb_build_object('link', replace(link, '{proof_token}', private.proof_token(d.booking_id)))
    when link like '%{invitation_token}'
      then d.data || jsonb_build_object(
        'link', replace(link, '{invitation_token}', private.invitation_token(d.invitation_id))
      )
    else d.data
  end;
end;
$$;

-- Workers that are at it: until then, what is queued need not wake them. A worker that found nothing more clears it,
-- looks once again a second later (a transaction that saw it busy has committed by then), and only then ends.
create table private.busy_workers (
  name text primary key,
  until timestamptz not null
);
alter table private.busy_workers enable row level security;

-- Calls one of the edge functions that work off a queue, after the transaction has committed and once for all of it,
-- unless it is at it. Does nothing until private.configure has been told where they are.
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
    and current_setting('khadamat.woken_' || worker, true) is distinct from 'yes'
    and not exists (select from private.busy_workers b where b.name = worker and b.until > now())
  then
    perform set_config('khadamat.woken_' || worker, 'yes', true);
    perform net.http_post(
      url => address || '/' || worker,
      headers => jsonb_build_object('apikey', key, 'content-type', 'application/json'),
      body => '{}'::jsonb,
      timeout_milliseconds => 30000
    );
  end if;
end;
$$;

-- Wakes the worker that is named by the trigger's argument when there is work for it.
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
  id uuid, channel public.delivery_channel, recipient text, language public.language, subject text,
  body_html text, body_text text, attempts int,
  calendar jsonb
)
language plpgsql
security definer
set search_path = ''
as $$
#variable_conflict use_column
begin
  perform private.answer_link_requests();
  -- Leased eight times and never reported on: whatever makes its worker end, it is not tried for ever.
  update public.deliveries d
  set status = 'failed', error = coalesce(d.error, 'unavailable: no report')
  where d.status = 'sending' and d.next_attempt_at <= now() and d.attempts >= 8;
  return query
    with due as (
      select d.id
      from public.deliveries d
      where d.status in ('queued', 'sending') and d.next_attempt_at <= now()
      order by d.next_attempt_at
      limit batch
      for update skip locked
    ), leased as (
      update public.deliveries d
      set status = 'sending', attempts = d.attempts + 1, next_attempt_at = now() + interval '5 minutes'
      from due
      where d.id = due.id
      returning d
    )
    select
      (l.d).id, (l.d).channel, (l.d).recipient, (l.d).language,
      regexp_replace(private.fill(t.subject, m.words, false), '\s+', ' ', 'g'), private.mail_html(t, m.words),
      concat_ws(E'\n\n', private.fill(t.body, m.words, false), nullif(m.words ->> 'link', '')), (l.d).attempts,
      private.delivery_calendar((l.d).dedupe_key, (l.d).language)
    from leased l
    join public.templates t on t.kind = (l.d).kind and t.language = (l.d).language
    cross join lateral (select private.mail_words(l.d)) as m (words);
  if found then
    insert into private.busy_workers (name, until) values ('deliver', now() + interval '20 seconds')
    on conflict (name) do update set until = excluded.until;
  else
    delete from private.busy_workers w where w.name = 'deliver';
  end if;
end;
$$;

-- Hands due messages to the worker, written out and leased for five minutes; while it gets some, nobody wakes it again.
-- calendar: of a mail to a booking's customer, the event for their calendar (private.calendar_item).
create function public.claim_deliveries(batch int default 20)
returns table (
  id uuid, channel public.delivery_channel, recipient text, language public.language, subject text,
  body_html text, body_text text, attempts int,
  calendar jsonb
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
      when ok then 'sent'::public.delivery_status
      when finish_delivery.error = 'not_configured' then 'skipped'
      when finish_delivery.error like 'rejected%' or d.attempts >= 8 then 'failed'
      else 'queued'
    end,
    external_id = finish_delivery.provider_id,
    error = case when not ok then left(finish_delivery.error, 300) end,
    sent_at = case when ok then now() end,
    -- 1, 2, 4 … minutes, so that a mail server's bad hour is outlived
    next_attempt_at = now() + make_interval(mins => power(2, least(d.attempts, 10) - 1)::int)
  where d.id = delivery_id and d.status = 'sending';
$$;

-- The worker's report on a message. What its error begins with says what becomes of it: not_configured, there is no
-- such channel here, so it is skipped; rejected, refused for good, so it failed; anything else is tried again, eight
-- times.
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
  ('booking_to_prove', 'fr', 'Confirmez votre réservation : {{provider}}, {{when}}',
   E'Bonjour {{name}},\n\nNous gardons pour vous « {{service}} » chez {{provider}} le {{when}}, jusqu’au {{until}}. Référence : {{reference}}.\nConfirmez d’ici là, sinon la place est de nouveau libre. Si vous n’avez rien réservé, ignorez cet e-mail.',
   'Confirmer ma réservation'),
  ('booking_to_prove', 'ar', 'يُرجى تأكيد حجزكم: {{provider}}، {{when}}',
   E'مرحبًا {{name}}،\n\nنحتفظ لكم بموعد «{{service}}» لدى {{provider}} بتاريخ {{when}} حتى {{until}}. المرجع: {{reference}}.\nيُرجى التأكيد قبل ذلك، وإلا أصبح الموعد متاحًا من جديد. إن لم تطلبوا أي حجز، فتجاهلوا هذه الرسالة.',
   'تأكيد حجزي'),
  ('booking_to_prove', 'en', 'Confirm your booking: {{provider}}, {{when}}',
   E'Hello {{name}},\n\nWe keep "{{service}}" with {{provider}} on {{when}} for you until {{until}}. Reference: {{reference}}.\nPlease confirm by then, or the place is free again. If you have booked nothing, ignore this mail.',
   'Confirm my booking'),
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
   E'Bonjour {{name}},\n\n{{provider}} a refusé votre demande « {{service}} » du {{when}}. Sur les {{paid}} que vous avez payés, {{refund}} vous sont rendus.',
   'Voir ma réservation'),
  ('booking_rejected', 'ar', 'تعذّر على {{provider}} قبول طلبك',
   E'مرحبًا {{name}}،\n\nرفض {{provider}} طلبك «{{service}}» بتاريخ {{when}}. دفعت {{paid}}، ويُعاد إليك {{refund}}.',
   'عرض الحجز'),
  ('booking_rejected', 'en', '{{provider}} cannot take your booking',
   E'Hello {{name}},\n\n{{provider}} declined your request "{{service}}" on {{when}}. Of the {{paid}} that you paid, {{refund}} comes back.',
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
  ('booking_moved_by_provider', 'fr', '{{provider}} a changé l’heure : {{when}}',
   E'Bonjour {{name}},\n\n{{provider}} a déplacé « {{service}} » du {{before}} au {{when}}. Référence : {{reference}}.\n\nSi cela ne vous convient pas, annulez jusqu’au {{until}} : tout ce que vous avez payé ({{paid}}) vous est rendu.',
   'Voir ma réservation'),
  ('booking_moved_by_provider', 'ar', 'غيّر {{provider}} الموعد: {{when}}',
   E'مرحبًا {{name}}،\n\nنقل {{provider}} «{{service}}» من {{before}} إلى {{when}}. المرجع: {{reference}}.\n\nإن لم يناسبكم الموعد الجديد فألغوا الحجز في موعد أقصاه {{until}} ويُعاد إليكم كل ما دفعتم ({{paid}}).',
   'عرض الحجز'),
  ('booking_moved_by_provider', 'en', '{{provider}} changed the time: {{when}}',
   E'Hello {{name}},\n\n{{provider}} moved "{{service}}" from {{before}} to {{when}}. Reference: {{reference}}.\n\nIf that does not suit you, cancel by {{until}}: all you paid ({{paid}}) comes back.',
   'See my booking'),
  ('waitlist_moved', 'fr', 'Nouvelle heure : {{service}}, {{when}}',
   E'Bonjour,\n\n« {{service}} » chez {{provider}}, prévu le {{before}}, a maintenant lieu le {{when}}. Vous gardez votre place dans la liste d’attente.',
   'Voir les séances'),
  ('waitlist_moved', 'ar', 'موعد جديد: {{service}}، {{when}}',
   E'مرحبًا،\n\nتغيّر موعد «{{service}}» لدى {{provider}} من {{before}} إلى {{when}}. تبقى مكانتكم محفوظة في قائمة الانتظار.',
   'عرض المواعيد'),
  ('waitlist_moved', 'en', 'New time: {{service}}, {{when}}',
   E'Hello,\n\n"{{service}}" with {{provider}}, planned for {{before}}, is now on {{when}}. You keep your place on the waiting list.',
   'See the sessions'),
  ('waitlist_called_off', 'fr', 'Annulé : {{service}}, {{when}}',
   E'Bonjour,\n\n{{provider}} a annulé « {{service}} » du {{when}}, pour lequel vous étiez en liste d’attente.',
   'Voir les autres séances'),
  ('waitlist_called_off', 'ar', 'أُلغي: {{service}}، {{when}}',
   E'مرحبًا،\n\nألغى {{provider}} «{{service}}» بتاريخ {{when}}، وكنتم في قائمة انتظاره.',
   'عرض المواعيد الأخرى'),
  ('waitlist_called_off', 'en', 'Called off: {{service}}, {{when}}',
   E'Hello,\n\n{{provider}} called off "{{service}}" on {{when}}, for which you were on the waiting list.',
   'See other sessions'),
  ('booking_unanswered', 'fr', '{{provider}} n’a pas répondu à temps',
   E'Bonjour {{name}},\n\n{{provider}} n’a pas répondu à votre demande « {{service}} » du {{when}}. Elle est annulée. Sur les {{paid}} que vous avez payés, {{refund}} vous sont rendus.',
   'Voir ma réservation'),
  ('booking_unanswered', 'ar', 'لم يرد {{provider}} في الوقت المحدد',
   E'مرحبًا {{name}}،\n\nلم يرد {{provider}} على طلبك «{{service}}» بتاريخ {{when}}، فأُلغي الطلب. دفعت {{paid}}، ويُعاد إليك {{refund}}.',
   'عرض الحجز'),
  ('booking_unanswered', 'en', '{{provider}} did not answer in time',
   E'Hello {{name}},\n\n{{provider}} has not answered your request "{{service}}" on {{when}}. It is cancelled. Of the {{paid}} that you paid, {{refund}} comes back.',
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
