-- What people are told of money that did not go the usual way.

-- The words of a sum, for mails and bells.
create function private.money_words(amount bigint, currency text)
returns jsonb
language sql
stable
set search_path = ''
as $$
  select jsonb_build_object(
    'amount', private.money_text(amount, currency), 'amount_minor', amount, 'currency', upper(currency)
  );
$$;

-- For who has lost a place: when else the service is free, on the provider's clocks, and where to book it.
create function private.other_times(b public.bookings)
returns jsonb
language sql
stable
security definer
set search_path = ''
as $$
  select jsonb_build_object(
    'times', coalesce(
      string_agg(
        to_char(
          left(t.at, 19)::timestamp, case b.language when 'en' then 'DD Mon YYYY, HH24:MI' else 'DD/MM/YYYY HH24:MI' end
        ),
        E'\n' order by t.at
      ),
      '–'
    ),
    'link', private.site_link(b.language, '/book/' || b.service_id)
  )
  from jsonb_array_elements_text(private.next_free(b.service_id, b.starts_at, b.party_size)) as t (at);
$$;

insert into public.templates (kind, language, subject, body, button)
values
  ('payment_returned', 'fr', 'Un paiement vous est rendu : {{amount}}',
   E'Bonjour {{name}},\n\nNous avons reçu {{amount}} pour la réservation {{reference}} chez {{provider}} alors que cette somme n’était pas attendue (payée deux fois, ou après un changement). Nous vous la rendons en entier ; votre réservation n’en est pas changée.',
   'Voir ma réservation'),
  ('payment_returned', 'ar', 'سيُعاد إليكم مبلغ {{amount}}',
   E'مرحبًا {{name}}،\n\nوصلنا مبلغ {{amount}} عن الحجز {{reference}} لدى {{provider}} دون أن يكون مستحقًا (دُفع مرتين أو بعد تغيير). سنعيده إليكم كاملًا، ولا يتأثر حجزكم بذلك.',
   'عرض الحجز'),
  ('payment_returned', 'en', 'A payment is coming back to you: {{amount}}',
   E'Hello {{name}},\n\nWe received {{amount}} for booking {{reference}} with {{provider}} that was not due (paid twice, or after a change). We are sending all of it back; your booking stays as it is.',
   'See my booking'),
  ('place_lost', 'fr', 'Votre place n’était plus libre, vous êtes remboursé',
   E'Bonjour {{name}},\n\nVotre paiement de {{amount}} est arrivé quand « {{service}} » chez {{provider}} le {{when}} ne pouvait plus vous être gardé. La somme vous est rendue en entier.\n\nAutres moments libres :\n{{times}}',
   'Choisir un autre moment'),
  ('place_lost', 'ar', 'لم يعد مكانكم متاحًا وسيُعاد المبلغ إليكم',
   E'مرحبًا {{name}}،\n\nوصل دفعكم بمبلغ {{amount}} بعد أن تعذّر الاحتفاظ لكم بـ«{{service}}» لدى {{provider}} بتاريخ {{when}}. سيُعاد إليكم المبلغ كاملًا.\n\nأوقات أخرى متاحة:\n{{times}}',
   'اختيار وقت آخر'),
  ('place_lost', 'en', 'Your place was no longer free, your money comes back',
   E'Hello {{name}},\n\nYour payment of {{amount}} came when "{{service}}" with {{provider}} on {{when}} could no longer be kept for you. All of it comes back.\n\nOther free times:\n{{times}}',
   'Choose another time'),
  ('refund_made', 'fr', 'Remboursement : {{amount}}',
   E'Bonjour {{name}},\n\nKhadamat vous rend {{amount}} pour la réservation {{reference}} chez {{provider}}. La somme arrive sur votre carte sous quelques jours.',
   'Voir ma réservation'),
  ('refund_made', 'ar', 'استرجاع مبلغ: {{amount}}',
   E'مرحبًا {{name}}،\n\nتعيد إليكم خدمات مبلغ {{amount}} عن الحجز {{reference}} لدى {{provider}}. يصل المبلغ إلى بطاقتكم خلال أيام.',
   'عرض الحجز'),
  ('refund_made', 'en', 'Refund: {{amount}}',
   E'Hello {{name}},\n\nKhadamat is giving you back {{amount}} for booking {{reference}} with {{provider}}. It reaches your card within a few days.',
   'See my booking'),
  ('refund_failed', 'fr', 'Votre remboursement de {{amount}} n’a pas abouti',
   E'Bonjour {{name}},\n\nVotre banque n’a pas accepté le remboursement de {{amount}} pour la réservation {{reference}} (carte expirée ou compte fermé, par exemple). La somme vous reste due : notre équipe est prévenue et vous contactera.',
   'Voir ma réservation'),
  ('refund_failed', 'ar', 'تعذّر استرجاع مبلغ {{amount}}',
   E'مرحبًا {{name}}،\n\nلم يقبل مصرفكم استرجاع مبلغ {{amount}} عن الحجز {{reference}} (لانتهاء صلاحية البطاقة أو إغلاق الحساب مثلًا). يبقى المبلغ حقًا لكم: أُبلغ فريقنا وسيتصل بكم.',
   'عرض الحجز'),
  ('refund_failed', 'en', 'Your refund of {{amount}} did not go through',
   E'Hello {{name}},\n\nYour bank did not accept the refund of {{amount}} for booking {{reference}} (an expired card or a closed account, for example). The money is still yours: our team knows and will contact you.',
   'See my booking'),
  ('party_restored', 'fr', 'Le nombre de personnes est revenu à {{party}}',
   E'Bonjour {{name}},\n\nLe complément d’acompte n’a pas été payé à temps : votre réservation « {{service}} » du {{when}} chez {{provider}} est de nouveau pour {{party}}. Référence : {{reference}}.',
   'Voir ma réservation'),
  ('party_restored', 'ar', 'عاد عدد الأشخاص إلى {{party}}',
   E'مرحبًا {{name}}،\n\nلم يُدفع باقي العربون في الوقت المحدد، فعاد حجزكم «{{service}}» بتاريخ {{when}} لدى {{provider}} إلى عدد {{party}}. المرجع: {{reference}}.',
   'عرض الحجز'),
  ('party_restored', 'en', 'The number of people is back to {{party}}',
   E'Hello {{name}},\n\nThe rest of the deposit was not paid in time: your booking "{{service}}" on {{when}} with {{provider}} is for {{party}} again. Reference: {{reference}}.',
   'See my booking'),
  ('booking_party_restored', 'fr', 'Nombre de personnes : {{party}} ({{reference}})',
   E'{{name}} n’a pas payé le complément d’acompte : la réservation « {{service}} » du {{when}} ({{reference}}) est de nouveau pour {{party}}.',
   'Ouvrir'),
  ('booking_party_restored', 'ar', 'عدد الأشخاص: {{party}} ({{reference}})',
   E'لم يدفع {{name}} باقي العربون: عاد حجز «{{service}}» بتاريخ {{when}} ({{reference}}) إلى عدد {{party}}.',
   'فتح'),
  ('booking_party_restored', 'en', 'Number of people: {{party}} ({{reference}})',
   E'{{name}} did not pay the rest of the deposit: the booking "{{service}}" on {{when}} ({{reference}}) is for {{party}} again.',
   'Open'),
  ('party_changed', 'fr', 'Votre réservation est pour {{party}}',
   E'Bonjour {{name}},\n\nVotre réservation « {{service}} » du {{when}} chez {{provider}} est maintenant pour {{party}}. Total : {{total}}. Payé : {{paid}}. Rendu : {{refund}}. À payer en ligne maintenant : {{due}}. Référence : {{reference}}.',
   'Voir ma réservation'),
  ('party_changed', 'ar', 'حجزكم الآن لعدد {{party}}',
   E'مرحبًا {{name}}،\n\nأصبح حجزكم «{{service}}» بتاريخ {{when}} لدى {{provider}} لعدد {{party}}. المجموع: {{total}}. المدفوع: {{paid}}. المسترجع: {{refund}}. المطلوب دفعه الآن عبر الإنترنت: {{due}}. المرجع: {{reference}}.',
   'عرض الحجز'),
  ('party_changed', 'en', 'Your booking is for {{party}}',
   E'Hello {{name}},\n\nYour booking "{{service}}" on {{when}} with {{provider}} is now for {{party}}. Total: {{total}}. Paid: {{paid}}. Given back: {{refund}}. To pay online now: {{due}}. Reference: {{reference}}.',
   'See my booking'),
  ('party_changed_by_provider', 'fr', '{{provider}} a noté {{party}} pour votre réservation',
   E'Bonjour {{name}},\n\n{{provider}} a changé le nombre de personnes de « {{service}} » du {{when}} : {{party}}. Total : {{total}}. Payé : {{paid}}. Rendu : {{refund}}. Référence : {{reference}}.\n\nSi cela ne vous convient pas, annulez avant le début : tout ce que vous avez payé vous est rendu.',
   'Voir ma réservation'),
  ('party_changed_by_provider', 'ar', 'عدّل {{provider}} عدد الأشخاص في حجزكم: {{party}}',
   E'مرحبًا {{name}}،\n\nغيّر {{provider}} عدد الأشخاص في حجز «{{service}}» بتاريخ {{when}}: {{party}}. المجموع: {{total}}. المدفوع: {{paid}}. المسترجع: {{refund}}. المرجع: {{reference}}.\n\nإن لم يناسبكم ذلك فألغوا الحجز قبل بدايته ويُعاد إليكم كل ما دفعتم.',
   'عرض الحجز'),
  ('party_changed_by_provider', 'en', '{{provider}} changed your booking to {{party}}',
   E'Hello {{name}},\n\n{{provider}} changed the number of people of "{{service}}" on {{when}}: {{party}}. Total: {{total}}. Paid: {{paid}}. Given back: {{refund}}. Reference: {{reference}}.\n\nIf that does not suit you, cancel before it starts: all you paid comes back.',
   'See my booking'),
  ('booking_party_changed', 'fr', 'Nombre de personnes : {{party}} ({{reference}})',
   E'{{name}} vient maintenant à {{party}} : « {{service}} » du {{when}} ({{reference}}). Total : {{total}}. Payé : {{paid}}. Rendu : {{refund}}.',
   'Ouvrir'),
  ('booking_party_changed', 'ar', 'عدد الأشخاص: {{party}} ({{reference}})',
   E'غيّر {{name}} عدد الأشخاص إلى {{party}}: «{{service}}» بتاريخ {{when}} ({{reference}}). المجموع: {{total}}. المدفوع: {{paid}}. المسترجع: {{refund}}.',
   'فتح'),
  ('booking_party_changed', 'en', 'Number of people: {{party}} ({{reference}})',
   E'{{name}} now comes with {{party}} in all: "{{service}}" on {{when}} ({{reference}}). Total: {{total}}. Paid: {{paid}}. Given back: {{refund}}.',
   'Open'),
  ('booking_put_back', 'fr', 'Votre réservation reste le {{when}}',
   E'Bonjour {{name}},\n\nLe changement demandé n’a pas lieu. Votre réservation « {{service}} » chez {{provider}} reste comme avant, le {{when}}, pour {{party}}. Référence : {{reference}}.',
   'Voir ma réservation'),
  ('booking_put_back', 'ar', 'يبقى حجزكم بتاريخ {{when}}',
   E'مرحبًا {{name}}،\n\nلم يتم التغيير المطلوب. يبقى حجزكم «{{service}}» لدى {{provider}} كما كان، بتاريخ {{when}}، لعدد {{party}}. المرجع: {{reference}}.',
   'عرض الحجز'),
  ('booking_put_back', 'en', 'Your booking stays on {{when}}',
   E'Hello {{name}},\n\nThe change you asked for does not take place. Your booking "{{service}}" with {{provider}} stays as it was, on {{when}}, for {{party}}. Reference: {{reference}}.',
   'See my booking'),
  ('change_undone', 'fr', 'Réservation inchangée : {{service}}, {{when}}',
   E'Le changement demandé par {{name}} n’a pas lieu : la réservation « {{service}} » ({{reference}}) reste le {{when}}, pour {{party}}.',
   'Ouvrir'),
  ('change_undone', 'ar', 'الحجز باقٍ كما كان: {{service}}، {{when}}',
   E'لم يتم التغيير الذي طلبه {{name}}: يبقى حجز «{{service}}» ({{reference}}) بتاريخ {{when}} لعدد {{party}}.',
   'فتح'),
  ('change_undone', 'en', 'Booking unchanged: {{service}}, {{when}}',
   E'The change that {{name}} asked for does not take place: the booking "{{service}}" ({{reference}}) stays on {{when}}, for {{party}}.',
   'Open'),
  ('late_payment', 'fr', 'Paiement non retenu : {{amount}} ({{reference}})',
   E'Un paiement de {{amount}} de {{name}} pour « {{service}} » le {{when}} ({{reference}}) est arrivé trop tard ou en double. Il est rendu en entier ; vous n’avez rien à faire.',
   'Ouvrir'),
  ('late_payment', 'ar', 'دفعة لم تُعتمد: {{amount}} ({{reference}})',
   E'وصلت دفعة بمبلغ {{amount}} من {{name}} عن «{{service}}» بتاريخ {{when}} ({{reference}}) متأخرةً أو مكررة. ستُعاد كاملة، ولا يلزمكم فعل شيء.',
   'فتح'),
  ('late_payment', 'en', 'Payment not taken: {{amount}} ({{reference}})',
   E'A payment of {{amount}} by {{name}} for "{{service}}" on {{when}} ({{reference}}) came too late or twice. All of it goes back; you need not do anything.',
   'Open'),
  ('refund_by_platform', 'fr', 'Remboursement par Khadamat : {{amount}} ({{reference}})',
   E'Khadamat a rendu {{amount}} à {{name}} pour « {{service}} » du {{when}} ({{reference}}). La somme est déduite de ce qui vous est dû.',
   'Ouvrir'),
  ('refund_by_platform', 'ar', 'استرجاع من خدمات: {{amount}} ({{reference}})',
   E'أعادت خدمات مبلغ {{amount}} إلى {{name}} عن «{{service}}» بتاريخ {{when}} ({{reference}}). يُخصم المبلغ من مستحقاتكم.',
   'فتح'),
  ('refund_by_platform', 'en', 'Refund by Khadamat: {{amount}} ({{reference}})',
   E'Khadamat gave {{amount}} back to {{name}} for "{{service}}" on {{when}} ({{reference}}). It is taken off what is owed to you.',
   'Open'),
  ('payment_disputed', 'fr', 'Paiement contesté : {{amount}} ({{reference}})',
   E'La banque de {{name}} conteste le paiement de {{amount}} pour « {{service}} » du {{when}} ({{reference}}) et l’a repris. Khadamat s’en occupe ; la somme vous revient si la contestation est rejetée.',
   'Ouvrir'),
  ('payment_disputed', 'ar', 'دفعة متنازع عليها: {{amount}} ({{reference}})',
   E'اعترض مصرف {{name}} على دفعة {{amount}} عن «{{service}}» بتاريخ {{when}} ({{reference}}) واستردها. تتابع خدمات الأمر، ويعود المبلغ إليكم إذا رُفض الاعتراض.',
   'فتح'),
  ('payment_disputed', 'en', 'Payment disputed: {{amount}} ({{reference}})',
   E'The bank of {{name}} disputes the payment of {{amount}} for "{{service}}" on {{when}} ({{reference}}) and has taken it back. Khadamat deals with it; the sum returns to you if the dispute is won.',
   'Open');
