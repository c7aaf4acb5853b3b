-- What accounts and teams are told, beside bookings and messages.

-- Tells an account something in the bell and by mail; `path` is the page of the site that the mail leads to.
create function private.tell(account uuid, kind text, data jsonb, path text)
returns void
language plpgsql
security definer
set search_path = ''
as $$
declare
  notification uuid;
begin
  insert into public.notifications (user_id, kind, data) values (account, tell.kind, tell.data) returning id into notification;
  insert into public.deliveries (channel, kind, recipient, language, data, dedupe_key)
  select
    'email', tell.kind, u.email, p.language,
    tell.data || jsonb_build_object('name', p.full_name, 'link', private.site_link(p.language, path)),
    'email:' || notification
  from auth.users u
  join public.profiles p on p.id = u.id
  where u.id = account and u.email is not null;
end;
$$;

insert into public.templates (kind, language, subject, body, button)
values
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
   E'Bonjour {{name}},\n\nUn code de secours a été utilisé : la double authentification de votre compte est retirée et vos autres appareils sont déconnectés. Si ce n’était pas vous, changez votre mot de passe maintenant.',
   'Sécuriser mon compte'),
  ('second_factor_removed', 'ar', 'أُزيل التحقق بخطوتين',
   E'مرحبًا {{name}}،\n\nاستُعمل رمز احتياطي: أُزيل التحقق بخطوتين من حسابك وسُجّل خروجك من أجهزتك الأخرى. إن لم تكن أنت من فعل ذلك، فغيّر كلمة المرور الآن.',
   'تأمين حسابي'),
  ('second_factor_removed', 'en', 'Two-factor sign-in was removed',
   E'Hello {{name}},\n\nA recovery code was used: two-factor sign-in is off for your account and your other devices are signed out. If this was not you, change your password now.',
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
   'Complete my documents');
