-- What accounts and teams are told, beside bookings and messages.

-- Tells an account something in the bell and by mail; `path` is the page of the site that the mail leads to.
create function private.tell(account uuid, kind public.notification_kind, data jsonb, path text)
returns void
language plpgsql
security definer
set search_path = ''
as $$
declare
  notification uuid;
begin
  insert into public.notifications (user_id, kind, data) values (account, tell.kind, tell.data)
    returning id into notification;
  insert into public.deliveries (channel, kind, recipient, account_id, language, data, dedupe_key)
  select
    'email', tell.kind, u.email, u.id, p.language,
    tell.data || jsonb_build_object('name', p.full_name, 'link', private.site_link(p.language, path)),
    'email:' || notification
  from auth.users u
  join public.profiles p on p.id = u.id
  where u.id = account and u.email is not null;
end;
$$;

-- Tells by mail alone, to an address of the account that need not be its present one: for what somebody else may have
-- done.
create function private.warn(account uuid, address text, kind public.notification_kind)
returns void
language sql
volatile
security definer
set search_path = ''
as $$
  insert into public.deliveries (channel, kind, recipient, account_id, language, data, dedupe_key)
  select
    'email', warn.kind, warn.address, p.id, p.language,
    jsonb_build_object('name', p.full_name, 'link', private.site_link(p.language, '/account/security')),
    'email:' || private.new_id()
  from public.profiles p
  where p.id = account and warn.address is not null;
$$;

-- A new password is told to the account's address, a new address to the old one and to the new one. Of an account that
-- had not proved its address before, nobody is told.
create function private.warn_of_credentials()
returns trigger
language plpgsql
security definer
set search_path = ''
as $$
begin
  if old.email is distinct from new.email then
    perform private.warn(new.id, old.email, 'email_changed');
    perform private.warn(new.id, new.email, 'email_changed');
  end if;
  if old.encrypted_password is distinct from new.encrypted_password then
    perform private.warn(new.id, old.email, 'password_changed');
  end if;
  return null;
end;
$$;
create trigger warn_of_credentials after update of email, encrypted_password on auth.users
  for each row when (old.email_confirmed_at is not null) execute function private.warn_of_credentials();

-- A second factor that is set up or taken away is told, whoever did it; not with the whole account.
create function private.warn_of_factor()
returns trigger
language plpgsql
security definer
set search_path = ''
as $$
begin
  if tg_op = 'DELETE' then
    if exists (select from auth.users u where u.id = old.user_id) then
      perform private.tell(old.user_id, 'second_factor_removed', '{}', '/account/security');
      perform private.record(
        coalesce(private.me(), old.user_id), 'second_factor_removed', 'auth.mfa_factors', old.user_id::text
      );
    end if;
  else
    perform private.warn(
      new.user_id, (select u.email from auth.users u where u.id = new.user_id), 'second_factor_added'
    );
  end if;
  return null;
end;
$$;
create trigger warn_of_factor_added after update of status on auth.mfa_factors
  for each row when (new.status = 'verified' and old.status <> 'verified') execute function private.warn_of_factor();
create trigger warn_of_factor_removed after delete on auth.mfa_factors
  for each row when (old.status = 'verified') execute function private.warn_of_factor();

-- A way in that is added to a proven account or taken from it is told to its address and logged, whoever did it; not
-- with the whole account, and not the one that an account began with.
create function private.warn_of_way_in()
returns trigger
language plpgsql
security definer
set search_path = ''
as $$
declare
  account uuid := coalesce(new.user_id, old.user_id);
  address text;
begin
  select u.email into address from auth.users u where u.id = account and u.email_confirmed_at is not null;
  if address is not null then
    perform private.warn(
      account, address,
      case tg_op when 'INSERT' then 'way_in_added'::public.notification_kind else 'way_in_removed' end
    );
    perform private.record(
      coalesce(private.me(), account), case tg_op when 'INSERT' then 'way_in_added' else 'way_in_removed' end,
      'auth.identities', account::text
    );
  end if;
  return null;
end;
$$;
create trigger warn_of_way_in_added after insert on auth.identities
  for each row when (new.provider <> 'email') execute function private.warn_of_way_in();
create trigger warn_of_way_in_removed after delete on auth.identities
  for each row execute function private.warn_of_way_in();

insert into public.templates (kind, language, subject, body, button)
values
  ('recovery_codes_made', 'fr', 'De nouveaux codes de secours',
   E'Bonjour {{name}},\n\nDe nouveaux codes de secours viennent d’être créés pour votre compte Khadamat : les précédents ne valent plus. Si ce n’était pas vous, changez votre mot de passe et déconnectez vos autres appareils.',
   'Sécuriser mon compte'),
  ('recovery_codes_made', 'ar', 'رموز احتياطية جديدة',
   E'مرحبًا {{name}}،\n\nأُنشئت للتو رموز احتياطية جديدة لحسابكم على منصة خدمات، ولم تعد السابقة صالحة. إن لم تكونوا أنتم من أنشأها، فغيّروا كلمة المرور وسجّلوا الخروج من أجهزتكم الأخرى.',
   'تأمين حسابي'),
  ('recovery_codes_made', 'en', 'New recovery codes',
   E'Hello {{name}},\n\nNew recovery codes were just made for your Khadamat account; the ones before are void. If this was not you, change your password and sign out your other devices.',
   'Secure my account'),
  ('way_in_added', 'fr', 'Un nouveau moyen de connexion',
   E'Bonjour {{name}},\n\nUn compte Google ou Facebook qui a votre adresse ouvre maintenant votre compte Khadamat. Si ce n’était pas vous, retirez-le, changez votre mot de passe et déconnectez vos autres appareils.',
   'Sécuriser mon compte'),
  ('way_in_added', 'ar', 'طريقة جديدة لتسجيل الدخول',
   E'مرحبًا {{name}}،\n\nأصبح حساب في غوغل أو فيسبوك يحمل عنوانكم يفتح حسابكم على منصة خدمات. إن لم تكونوا أنتم من أضافه، فأزيلوه وغيّروا كلمة المرور وسجّلوا الخروج من أجهزتكم الأخرى.',
   'تأمين حسابي'),
  ('way_in_added', 'en', 'A new way to sign in',
   E'Hello {{name}},\n\nA Google or Facebook account with your address now opens your Khadamat account. If this was not you, remove it, change your password and sign out your other devices.',
   'Secure my account'),
  ('way_in_removed', 'fr', 'Un moyen de connexion a été retiré',
   E'Bonjour {{name}},\n\nUn moyen de connexion a été retiré de votre compte Khadamat. Si ce n’était pas vous, changez votre mot de passe et déconnectez vos autres appareils.',
   'Sécuriser mon compte'),
  ('way_in_removed', 'ar', 'أُزيلت طريقة لتسجيل الدخول',
   E'مرحبًا {{name}}،\n\nأُزيلت طريقة لتسجيل الدخول من حسابكم على منصة خدمات. إن لم تكونوا أنتم من أزالها، فغيّروا كلمة المرور وسجّلوا الخروج من أجهزتكم الأخرى.',
   'تأمين حسابي'),
  ('way_in_removed', 'en', 'A way to sign in was removed',
   E'Hello {{name}},\n\nA way to sign in was removed from your Khadamat account. If this was not you, change your password and sign out your other devices.',
   'Secure my account'),
  ('password_changed', 'fr', 'Votre mot de passe a été modifié',
   E'Bonjour {{name}},\n\nLe mot de passe de votre compte Khadamat vient d’être modifié. Si ce n’était pas vous, choisissez-en un nouveau dès maintenant et déconnectez vos autres appareils.',
   'Sécuriser mon compte'),
  ('password_changed', 'ar', 'تم تغيير كلمة المرور',
   E'مرحبًا {{name}}،\n\nتم للتو تغيير كلمة المرور الخاصة بحسابكم على منصة خدمات. إن لم تكونوا أنتم من غيّرها، فاختاروا الآن كلمة مرور جديدة وسجّلوا الخروج من أجهزتكم الأخرى.',
   'تأمين حسابي'),
  ('password_changed', 'en', 'Your password was changed',
   E'Hello {{name}},\n\nThe password of your Khadamat account has just been changed. If this was not you, choose a new one now and sign out your other devices.',
   'Secure my account'),
  ('email_changed', 'fr', 'L’adresse e-mail de votre compte a changé',
   E'Bonjour {{name}},\n\nL’adresse e-mail de votre compte Khadamat a été remplacée. Ce message est envoyé à l’ancienne et à la nouvelle adresse. Si ce n’était pas vous, contactez-nous en répondant à cet e-mail.',
   'Sécuriser mon compte'),
  ('email_changed', 'ar', 'تم تغيير البريد الإلكتروني لحسابكم',
   E'مرحبًا {{name}}،\n\nتم تغيير البريد الإلكتروني لحسابكم على منصة خدمات. أُرسلت هذه الرسالة إلى العنوانين القديم والجديد. إن لم تكونوا أنتم من غيّره، فتواصلوا معنا بالرد على هذه الرسالة.',
   'تأمين حسابي'),
  ('email_changed', 'en', 'The email address of your account has changed',
   E'Hello {{name}},\n\nThe email address of your Khadamat account was replaced. This message goes to the old and the new address. If this was not you, contact us by replying to this email.',
   'Secure my account'),
  ('second_factor_added', 'fr', 'La double authentification est activée',
   E'Bonjour {{name}},\n\nUne application d’authentification vient d’être ajoutée à votre compte Khadamat. Si ce n’était pas vous, changez votre mot de passe maintenant.',
   'Sécuriser mon compte'),
  ('second_factor_added', 'ar', 'تم تفعيل التحقق بخطوتين',
   E'مرحبًا {{name}}،\n\nتمت للتو إضافة تطبيق مصادقة إلى حسابكم على منصة خدمات. إن لم تكونوا أنتم من أضافه، فغيّروا كلمة المرور الآن.',
   'تأمين حسابي'),
  ('second_factor_added', 'en', 'Two-factor sign-in is on',
   E'Hello {{name}},\n\nAn authenticator app has just been added to your Khadamat account. If this was not you, change your password now.',
   'Secure my account'),
  ('team_invitation', 'fr', '{{provider}} vous invite dans son équipe',
   E'Bonjour,\n\n{{from}} vous invite à rejoindre l’équipe de {{provider}} sur Khadamat. Le lien est valable sept jours.',
   'Voir l’invitation'),
  ('team_invitation', 'ar', 'دعوة للانضمام إلى فريق {{provider}}',
   E'مرحبًا،\n\nيدعوك {{from}} للانضمام إلى فريق {{provider}} على منصة خدمات. الرابط صالح لسبعة أيام.',
   'عرض الدعوة'),
  ('team_invitation', 'en', '{{provider}} invites you to its team',
   E'Hello,\n\n{{from}} invites you to join the team of {{provider}} on Khadamat. The link works for seven days.',
   'See the invitation'),
  ('ownership_received', 'fr', 'Vous êtes propriétaire de {{provider}}',
   E'Bonjour {{name}},\n\n{{provider}} vous a été confié sur Khadamat : vous en êtes maintenant propriétaire.',
   'Ouvrir l’équipe'),
  ('ownership_received', 'ar', 'أصبحت مالك {{provider}}',
   E'مرحبًا {{name}}،\n\nسُلّمت إليك ملكية {{provider}} على منصة خدمات، وأصبحت الآن مالكه.',
   'فتح الفريق'),
  ('ownership_received', 'en', 'You are the owner of {{provider}}',
   E'Hello {{name}},\n\n{{provider}} was handed over to you on Khadamat: you are its owner now.',
   'Open the team'),
  ('second_factor_removed', 'fr', 'La double authentification a été retirée',
   E'Bonjour {{name}},\n\nLa double authentification de votre compte vient d’être retirée, par vous ou avec un code de secours. Si ce n’était pas vous, changez votre mot de passe maintenant.',
   'Sécuriser mon compte'),
  ('second_factor_removed', 'ar', 'أُزيل التحقق بخطوتين',
   E'مرحبًا {{name}}،\n\nأُزيل للتو التحقق بخطوتين من حسابكم، من طرفكم أو برمز احتياطي. إن لم تكونوا أنتم من فعل ذلك، فغيّروا كلمة المرور الآن.',
   'تأمين حسابي'),
  ('second_factor_removed', 'en', 'Two-factor sign-in was removed',
   E'Hello {{name}},\n\nTwo-factor sign-in was just taken off your account, by you or with a recovery code. If this was not you, change your password now.',
   'Secure my account'),
  ('verification_accepted', 'fr', '{{provider}} est vérifié',
   E'Bonjour {{name}},\n\nVos documents sont acceptés : {{provider}} porte maintenant la marque « vérifié ».',
   'Ouvrir mon espace'),
  ('verification_accepted', 'ar', 'تم توثيق {{provider}}',
   E'مرحبًا {{name}}،\n\nقُبلت وثائقك، وأصبح {{provider}} يحمل علامة «موثّق».',
   'فتح لوحة التحكم'),
  ('verification_accepted', 'en', '{{provider}} is verified',
   E'Hello {{name}},\n\nYour documents are accepted: {{provider}} now carries the mark "verified".',
   'Open my dashboard'),
  ('verification_refused', 'fr', 'Documents à compléter : {{provider}}',
   E'Bonjour {{name}},\n\nNous n’avons pas pu vérifier {{provider}} : {{note}}\n\nVous pouvez envoyer d’autres documents.',
   'Compléter mes documents'),
  ('verification_refused', 'ar', 'وثائق ناقصة: {{provider}}',
   E'مرحبًا {{name}}،\n\nلم نتمكن من توثيق {{provider}}: {{note}}\n\nيمكنك إرسال وثائق أخرى.',
   'استكمال وثائقي'),
  ('verification_refused', 'en', 'Documents missing: {{provider}}',
   E'Hello {{name}},\n\nWe could not verify {{provider}}: {{note}}\n\nYou can send other documents.',
   'Complete my documents'),
  ('clock_clash', 'fr', 'Changement d’heure : {{count}} rendez-vous à revoir chez {{provider}}',
   E'Bonjour {{name}},\n\nLes règles de l’heure ont changé. Chez {{provider}}, ce qui était promis garde son heure, mais cela se chevauche maintenant, ou tombe sur une heure qui n’existe plus : {{count}} à revoir. Votre tableau de bord dit lesquels.',
   'Voir lesquels'),
  ('clock_clash', 'ar', 'تغيّر الساعة: مواعيد تحتاج إلى مراجعة لدى {{provider}} ({{count}})',
   E'مرحبًا {{name}}،\n\nتغيّرت قواعد الساعة. احتفظت المواعيد لدى {{provider}} بالوقت الموعود، لكن بعضها صار متداخلًا أو يقع في ساعة لم تعد موجودة. العدد: {{count}}. تجدونها في لوحة التحكم.',
   'عرضها'),
  ('clock_clash', 'en', 'Clocks changed: {{count}} to look at, {{provider}}',
   E'Hello {{name}},\n\nThe rules of the clocks have changed. What {{provider}} promised keeps its time, but some of it now overlaps, or falls on a time that is no longer there: {{count}} to look at. Your dashboard says which.',
   'See which'),
  ('start_request_accepted', 'fr', '{{what}} : vous pouvez commencer',
   E'Bonjour {{name}},\n\nVous nous aviez écrit au sujet de : {{what}}. C’est maintenant possible sur Khadamat. {{note}}\n\nCe que vous aviez déjà écrit de votre activité vous attend.',
   'Continuer'),
  ('start_request_accepted', 'ar', '{{what}}: يمكنكم البدء',
   E'مرحبًا {{name}}،\n\nكنتم قد كتبتم إلينا بخصوص: {{what}}. صار ذلك ممكنًا الآن على منصة خدمات. {{note}}\n\nما كتبتموه عن نشاطكم ما زال محفوظًا.',
   'متابعة'),
  ('start_request_accepted', 'en', '{{what}}: you can begin',
   E'Hello {{name}},\n\nYou had written to us about: {{what}}. It is now possible on Khadamat. {{note}}\n\nWhat you had already written of your business is waiting for you.',
   'Go on'),
  ('start_request_declined', 'fr', '{{what}} : notre réponse',
   E'Bonjour {{name}},\n\nVous nous aviez écrit au sujet de : {{what}}. Ce n’est pas possible pour le moment : {{note}}',
   'Ouvrir Khadamat'),
  ('start_request_declined', 'ar', '{{what}}: جوابنا',
   E'مرحبًا {{name}}،\n\nكنتم قد كتبتم إلينا بخصوص: {{what}}. هذا غير ممكن في الوقت الحالي: {{note}}',
   'فتح خدمات'),
  ('start_request_declined', 'en', '{{what}}: our answer',
   E'Hello {{name}},\n\nYou had written to us about: {{what}}. It is not possible for now: {{note}}',
   'Open Khadamat');
