-- A booking found again: who has lost its mail gives the reference and how they were to be reached, and the link goes
-- to the booking's own address. The link is the one it has (private.manage_token), so that no second key comes to be;
-- nothing tells whether what was typed belongs together, neither the answer nor how long it takes.

insert into private.rate_limits (name, max_calls, per, exact)
values
  -- from one network: somebody who tries their addresses one after the other, in a café where others do
  ('booking_link', 30, '15 minutes', true),
  -- the same for one reference
  ('booking_link_reference', 6, '1 hour', true),
  -- mails for one booking, whoever asks; each has the same link, so that who uses them up for others gives it to them
  ('booking_link_mail', 3, '1 hour', true);

-- What was asked and is not yet looked at. Every request is written down, and looked at by the worker that sends mails:
-- what it costs who asks is the same for a booking that is there and for one that is not.
create table private.link_requests (
  id bigint generated always as identity primary key,
  reference text not null constraint link_requests_reference_form check (reference ~ '^KH[2-9A-Z]{8}$'),
  -- private.contact_key of a mail address or a phone number
  contact text not null
);
alter table private.link_requests enable row level security;
create trigger wake after insert on private.link_requests
  for each statement execute function private.wake_worker('deliver');

create function private.send_booking_link(reference text, contact text)
returns jsonb
language plpgsql
security definer
set search_path = ''
as $$
declare
  place text := private.network(private.address());
  wanted text := substring(
    upper(regexp_replace(private.visible(left(reference, 100)), '[\s.-]', '', 'g')) from '^KH[2-9A-Z]{8}$'
  );
  reached text := coalesce(private.email(left(contact, 400)), private.phone(left(contact, 100)));
  message text;
  details text;
  hint text;
begin
  -- by place, signed in or not: an account of one's own buys no further tries
  perform private.count_call('booking_link', place);
  begin
    if wanted is null then
      perform private.fail(422, 'invalid_input', 'reference');
    end if;
    if reached is null then
      perform private.fail(422, 'invalid_input', 'contact');
    end if;
    perform private.count_call('booking_link_reference', wanted || ' ' || place);
    insert into private.link_requests (reference, contact) values (wanted, private.contact_key(reached));
    return null;
  exception
    when others then
      get stacked diagnostics message = message_text, details = pg_exception_detail, hint = pg_exception_hint;
      return private.refused(sqlstate, message, details, hint);
  end;
end;
$$;

-- Has the link of a booking sent to the address that the booking was made with, if `contact` (a mail address or a phone
-- number) is what it was made with; three mails an hour. A link that has ended, a week after the booking, is not sent
-- again; of an account's booking the mail asks to sign in. Null whether or not there is such a booking. Raises
-- invalid_input (reference, contact) for what can be neither, rate_limited.
create function public.send_booking_link(reference text, contact text)
returns jsonb
language sql
set search_path = ''
as $$
  select private.send_booking_link(reference, contact);
$$;
grant execute on function private.send_booking_link(text, text) to anon, authenticated;
grant execute on function public.send_booking_link(text, text) to anon, authenticated;

-- Answers what was asked: writes the mails for the worker that is about to take some. A request that cannot be answered
-- is dropped, and holds up no other mail.
create function private.answer_link_requests()
returns void
language plpgsql
security definer
set search_path = ''
as $$
declare
  request private.link_requests;
  b public.bookings;
begin
  for request in
    delete from private.link_requests r
    where r.id in (
      select x.id
      from private.link_requests x
      order by x.id
      limit 200
      for update skip locked
    )
    returning r.*
  loop
    begin
      select * into b
      from public.bookings x
      where x.reference = request.reference
        and request.contact in (private.contact_key(x.customer_email), private.contact_key(x.customer_phone))
        and x.ends_at > now() - interval '7 days'
        and case
          when x.customer_id is null then private.open_secret('manage_booking', private.manage_token(x.id)) = x.id
          else private.account_in_good_standing(x.customer_id)
        end;
      if found and private.over_limit('booking_link_mail', b.id::text) is null then
        perform private.mail_customer(
          b,
          case
            when private.waits_for_proof(b) and b.hold_expires_at > now()
              then 'booking_to_prove'::public.notification_kind
            when b.customer_id is null then 'booking_link'
            else 'booking_of_account'
          end,
          '{}', 'link:' || request.id
        );
      end if;
    exception
      when others then
        raise warning 'answer link request %, %: %', request.id, sqlstate, sqlerrm;
    end;
  end loop;
end;
$$;

insert into public.templates (kind, language, subject, body, button)
values
  ('booking_link', 'fr', 'Votre réservation {{reference}}',
   E'Bonjour {{name}},\n\nVoici le lien de votre réservation « {{service}} » chez {{provider}}, le {{when}}. Il est la clé de la réservation : qui l’a peut la voir, la déplacer et l’annuler. Ne le transmettez à personne.\nSi vous n’avez rien demandé, ignorez cet e-mail : personne d’autre ne l’a reçu.',
   'Ouvrir ma réservation'),
  ('booking_link', 'ar', 'حجزك {{reference}}',
   E'مرحبًا {{name}}،\n\nإليك رابط حجزك «{{service}}» لدى {{provider}} بتاريخ {{when}}. هذا الرابط هو مفتاح الحجز: من يملكه يستطيع الاطلاع عليه وتغيير موعده وإلغاءه، فلا تعطه لأحد.\nإن لم تطلب شيئًا، فتجاهل هذه الرسالة: لم يتوصل بها أحد غيرك.',
   'فتح الحجز'),
  ('booking_link', 'en', 'Your booking {{reference}}',
   E'Hello {{name}},\n\nHere is the link of your booking "{{service}}" with {{provider}} on {{when}}. It is the key to the booking: whoever has it can see, move and cancel it. Pass it on to nobody.\nIf you did not ask for it, ignore this mail: nobody else has got it.',
   'Open my booking'),
  ('booking_of_account', 'fr', 'Votre réservation {{reference}}',
   E'Bonjour {{name}},\n\nVotre réservation « {{service}} » chez {{provider}}, le {{when}}, se trouve dans votre compte : connectez-vous pour la voir, la déplacer ou l’annuler.\nSi vous n’avez rien demandé, ignorez cet e-mail.',
   'Me connecter'),
  ('booking_of_account', 'ar', 'حجزك {{reference}}',
   E'مرحبًا {{name}}،\n\nحجزك «{{service}}» لدى {{provider}} بتاريخ {{when}} موجود في حسابك: سجّل الدخول للاطلاع عليه أو تغيير موعده أو إلغائه.\nإن لم تطلب شيئًا، فتجاهل هذه الرسالة.',
   'تسجيل الدخول'),
  ('booking_of_account', 'en', 'Your booking {{reference}}',
   E'Hello {{name}},\n\nYour booking "{{service}}" with {{provider}} on {{when}} is in your account: sign in to see, move or cancel it.\nIf you did not ask for it, ignore this mail.',
   'Sign in');
