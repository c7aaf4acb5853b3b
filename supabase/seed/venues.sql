-- Places that one goes to: a restaurant with tables, a cinema with numbered seats, a training school that sells places.
-- Run after seed.sql, in the same way: ids come from md5 of names, times are counted from today in Casablanca, and
-- nobody is mailed.

create function pg_temp.seed_id(name text) returns uuid language sql immutable as $$
  select overlay(overlay(md5('khadamat ' || name) placing '5' from 13) placing '8' from 17)::uuid;
$$;
create function pg_temp.pick(key text, n int) returns int language sql immutable as $$
  select ('x' || substr(md5(key), 1, 7))::bit(28)::int % n;
$$;
create function pg_temp.day(days int) returns timestamp language sql stable as $$
  select date_trunc('day', private.to_local(now(), 'Africa/Casablanca')) + make_interval(days => days);
$$;

alter table public.booking_events disable trigger announce;


-- What there is -----------------------------------------------------------------------------------------------------

insert into public.providers (
  id, slug, name, name_ar, category_id, city_slug, district, address, latitude, longitude, about_fr, about_ar, about_en,
  phone, status, verified_at, approval, cancellation_policy_id, created_at
)
select
  pg_temp.seed_id('provider ' || v.slug), v.slug, v.name, v.name_ar, (select c.id from public.categories c where c.slug = v.category), v.city,
  v.district, v.address, v.latitude, v.longitude, v.about_fr, v.about_ar, v.about_en, v.phone, 'published',
  private.to_instant(pg_temp.day(-200), 'Africa/Casablanca'), 'automatic',
  (select c.id from public.cancellation_policies c where c.code = v.policy),
  private.to_instant(pg_temp.day(-420), 'Africa/Casablanca')
from (
  values
    ('dar-zitoun', 'Dar Zitoun', 'دار الزيتون', 'restaurant', 'casablanca', 'Gauthier', '24, rue Jean Jaurès', 33.5903, -7.6276, '+212522000147', 'flexible',
      'Cuisine de marché dans une maison des années 1930 : tajines mijotés au charbon, poissons du jour et desserts à la fleur d’oranger. Le patio est ouvert toute l’année.',
      'مطبخ يتبع السوق في بيت من ثلاثينيات القرن الماضي: طواجن على الفحم وسمك اليوم وحلويات بماء الزهر. الفناء مفتوح طيلة السنة.',
      'Market cooking in a house of the 1930s: tagines slowly done over charcoal, fish of the day and orange-blossom desserts. The patio is open all year.'),
    ('cinema-al-firdaous', 'Cinéma Al Firdaous', 'سينما الفردوس', 'cinema', 'rabat', 'Hassan', '6, rue Patrice Lumumba', 34.0181, -6.8291, '+212537000263', 'strict',
      'Une salle de quartier restaurée avec soin : écran de onze mètres, fauteuils en velours, thé à la menthe à l’entracte. Films en version originale sous-titrée.',
      'قاعة حيّ رُمّمت بعناية: شاشة من أحد عشر مترًا ومقاعد مخملية وشاي بالنعناع في الاستراحة. الأفلام بلغتها الأصلية مع الترجمة.',
      'A neighbourhood cinema, carefully restored: a screen of eleven metres, velvet seats, mint tea at the interval. Films in their own language with subtitles.'),
    ('institut-tafoukt', 'Institut Tafoukt', 'معهد تافوكت', 'formation', 'casablanca', 'Palmier', '51, boulevard d’Anfa', 33.5826, -7.6259, '+212522000318', 'moderate',
      'Des formations courtes, en petits groupes, avec des formateurs qui exercent leur métier. On repart avec une méthode, des modèles et une attestation.',
      'دورات قصيرة في مجموعات صغيرة، يقدمها مكوّنون يمارسون مهنتهم. تخرج منها بطريقة عمل ونماذج جاهزة وشهادة مشاركة.',
      'Short courses in small groups, taught by people who do the work themselves. You leave with a method, templates and a certificate.')
) as v (
  slug, name, name_ar, category, city, district, address, latitude, longitude, phone, policy, about_fr, about_ar, about_en
);

create temporary table venue_services as
select pg_temp.seed_id('service ' || s.slug || ' ' || s.position) as id, s.*
from (
  values
    ('dar-zitoun', 1, 'table'::public.booking_mode, 90, 0, 30, 60, 45, 0, 0, 1, 12, 'person'::public.price_per, 'Déjeuner ou dîner à la carte', 'غداء أو عشاء حسب القائمة', 'Lunch or dinner à la carte',
      'La réservation est gratuite, vous choisissez sur place. La table vous est gardée une heure et demie.',
      'الحجز مجاني وتختارون أطباقكم في المطعم. الطاولة لكم ساعة ونصف.',
      'Booking is free and you choose at the table, which is yours for an hour and a half.'),
    ('dar-zitoun', 2, 'table', 120, 0, 30, 1440, 45, 39000, 20, 2, 8, 'person', 'Menu du patio, sept services', 'قائمة الفناء، سبعة أطباق', 'Patio menu, seven courses',
      'Un voyage du Rif au Sahara en sept plats, thé et pâtisseries compris. Dites-nous vos allergies.',
      'رحلة من الريف إلى الصحراء في سبعة أطباق، مع الشاي والحلويات. أخبرونا بما لا يناسبكم.',
      'From the Rif to the Sahara in seven dishes, with tea and pastries. Tell us about allergies.'),
    ('cinema-al-firdaous', 1, 'session', 110, 20, 30, 15, 30, 5000, 100, 1, 8, 'person', 'La Caravane de minuit', 'قافلة منتصف الليل', 'The Midnight Caravan',
      'Drame, 1 h 50, en arabe sous-titré français. Une mère traverse l’Atlas pour retrouver son fils musicien.',
      'دراما، ساعة و50 دقيقة، بالعربية مع ترجمة فرنسية. أمّ تعبر الأطلس بحثًا عن ابنها الموسيقي.',
      'Drama, 1 h 50, in Arabic with French subtitles. A mother crosses the Atlas to find her son, a musician.'),
    ('cinema-al-firdaous', 2, 'session', 95, 20, 30, 15, 30, 4000, 100, 1, 8, 'person', 'Le Jardin de Zohra', 'حديقة زهرة', 'Zohra’s Garden',
      'Comédie familiale, 1 h 35, en darija sous-titrée français. Dès six ans.',
      'كوميديا عائلية، ساعة و35 دقيقة، بالدارجة مع ترجمة فرنسية. ابتداءً من ست سنوات.',
      'Family comedy, 1 h 35, in Darija with French subtitles. From six years on.'),
    ('institut-tafoukt', 1, 'session', 420, 0, 30, 1440, 90, 90000, 30, 1, 6, 'person', 'Excel pour la gestion', 'إكسل للتسيير', 'Excel for managers',
      'Une journée pour construire un tableau de bord : formules, tableaux croisés, graphiques. Ordinateur fourni, déjeuner compris.',
      'يوم واحد لبناء لوحة قيادة: الصيغ والجداول المحورية والرسوم البيانية. الحاسوب والغداء مشمولان.',
      'One day to build a dashboard: formulas, pivot tables, charts. Computer and lunch included.'),
    ('institut-tafoukt', 2, 'session', 210, 0, 30, 1440, 90, 45000, 30, 1, 4, 'person', 'Prendre la parole en public', 'فن الإلقاء أمام الجمهور', 'Speaking in public',
      'Une matinée d’exercices filmés, en petit groupe : le souffle, le regard, les mots qui portent.',
      'صباح من التمارين المصوّرة في مجموعة صغيرة: النَّفَس والنظرة والكلمات المؤثرة.',
      'A morning of filmed exercises in a small group: breath, eye contact, words that carry.')
) as s (
  slug, position, mode, duration, after, step, notice, horizon, price, deposit, min_party, max_party, price_per, name_fr,
  name_ar, name_en, description_fr, description_ar, description_en
);

insert into public.services (
  id, provider_id, mode, name_fr, name_ar, name_en, description_fr, description_ar, description_en, duration_minutes,
  buffer_after_minutes, step_minutes, notice_minutes, horizon_days, price_minor, deposit_percent, min_party, max_party,
  price_per, place, position
)
select
  s.id, pg_temp.seed_id('provider ' || s.slug), s.mode, s.name_fr, s.name_ar, s.name_en, s.description_fr,
  s.description_ar, s.description_en, s.duration, s.after, s.step, s.notice, s.horizon, s.price, s.deposit,
  s.min_party, s.max_party, s.price_per, 'provider', s.position
from venue_services s;

-- Five tables of which neighbours can be joined, a room of eight rows of twelve, and two plain classrooms.
insert into public.resources (id, provider_id, kind, name, capacity, position)
select
  pg_temp.seed_id('resource ' || r.slug || ' ' || r.name), pg_temp.seed_id('provider ' || r.slug), r.kind, r.name,
  r.capacity, r.position
from (
  values
    ('dar-zitoun', 'table'::public.resource_kind, 'Table 1', 2, 1), ('dar-zitoun', 'table', 'Table 2', 2, 2),
    ('dar-zitoun', 'table', 'Table 3', 4, 3), ('dar-zitoun', 'table', 'Table 4', 4, 4),
    ('dar-zitoun', 'table', 'Table 5', 6, 5), ('cinema-al-firdaous', 'room', 'Salle Atlas', 96, 1),
    ('institut-tafoukt', 'room', 'Salle Toubkal', 12, 1), ('institut-tafoukt', 'room', 'Salle Rif', 8, 2)
) as r (slug, kind, name, capacity, position);

insert into public.service_resources (service_id, resource_id)
select s.id, r.id
from venue_services s
join public.resources r on r.provider_id = pg_temp.seed_id('provider ' || s.slug)
where s.mode = 'table' or s.slug = 'cinema-al-firdaous' or r.position = s.position;

insert into public.table_neighbours (provider_id, resource_id, neighbour_id)
select pg_temp.seed_id('provider dar-zitoun'), least(one.id, other.id), greatest(one.id, other.id)
from (values ('1', '2'), ('3', '4'), ('4', '5')) as n (one, other)
cross join lateral (select pg_temp.seed_id('resource dar-zitoun Table ' || n.one) as id) as one
cross join lateral (select pg_temp.seed_id('resource dar-zitoun Table ' || n.other) as id) as other;

-- A to H from the screen on; an aisle after the sixth seat; wheelchair places in the last row, which has no step.
insert into public.seats (provider_id, resource_id, label, category, row_number, column_number, wheelchair)
select
  pg_temp.seed_id('provider cinema-al-firdaous'), pg_temp.seed_id('resource cinema-al-firdaous Salle Atlas'),
  chr(64 + r) || n, case when r in (5, 6) then 'premium' else 'standard' end, r, n + (n > 6)::int,
  r = 8 and n in (1, 2, 11, 12)
from generate_series(1, 8) as r, generate_series(1, 12) as n;

insert into public.seat_prices (provider_id, service_id, category, price_minor)
select pg_temp.seed_id('provider ' || s.slug), s.id, p.category, s.price + p.more
from venue_services s, (values ('standard', 0), ('premium', 2000)) as p (category, more)
where s.slug = 'cinema-al-firdaous';

insert into public.opening_hours (id, provider_id, weekday, opens, closes)
select
  pg_temp.seed_id('hours ' || h.slug || ' ' || day || ' ' || h.opens), pg_temp.seed_id('provider ' || h.slug), day,
  h.opens, h.closes
from (
  values
    ('dar-zitoun', array[2, 3, 4, 5, 6, 7], time '12:00', time '15:30'),
    ('dar-zitoun', array[1, 2, 3, 4, 5, 6, 7], time '19:00', time '23:30'),
    ('cinema-al-firdaous', array[1, 2, 3, 4, 5, 6, 7], time '14:00', time '23:00'),
    ('institut-tafoukt', array[1, 2, 3, 4, 5, 6], time '08:30', time '18:30')
) as h (slug, weekdays, opens, closes), unnest(h.weekdays) as day;

-- Three showings a day, from three weeks ago to two weeks ahead; a day of Excel each Saturday and Wednesday, speaking on
-- Thursday mornings.
create temporary table venue_sessions as
select
  pg_temp.seed_id('session ' || x.slug || ' ' || x.position || ' ' || x.day || ' ' || x.at) as id, s.id as service_id,
  x.slug, x.day, x.capacity, x.room, pg_temp.day(x.day) + x.at as starts, s.duration
from (
  select
    'cinema-al-firdaous' as slug, case when at = time '20:30' or (at = time '17:30' and day % 2 = 0) then 1 else 2 end as position,
    day, at, 96 as capacity, 'Salle Atlas' as room
  from generate_series(-21, 14) as day, unnest(array[time '15:00', time '17:30', time '20:30']) as at
  union all
  select
    'institut-tafoukt', c.position, day, c.at, c.capacity, c.room
  from generate_series(-60, 56) as day
  join (
    values (1, array[3, 6], time '09:00', 12, 'Salle Toubkal'), (2, array[4], time '09:30', 8, 'Salle Rif')
  ) as c (position, weekdays, at, capacity, room)
    on extract(isodow from pg_temp.day(day)) = any (c.weekdays)
) as x
join venue_services s on s.slug = x.slug and s.position = x.position;

insert into public.sessions (id, provider_id, service_id, resource_id, starts_at, ends_at, capacity)
select
  x.id, pg_temp.seed_id('provider ' || x.slug), x.service_id, pg_temp.seed_id('resource ' || x.slug || ' ' || x.room),
  private.to_instant(x.starts, 'Africa/Casablanca'),
  private.to_instant(x.starts, 'Africa/Casablanca') + make_interval(mins => x.duration), x.capacity
from venue_sessions x;


-- Who runs them -----------------------------------------------------------------------------------------------------

create temporary table venue_owners as
select pg_temp.seed_id('account ' || o.slug || '@example.com') as id, o.slug, o.slug || '@example.com' as email, o.name
from (
  values ('dar-zitoun', 'Salima Bennani'), ('cinema-al-firdaous', 'Idriss Lahbabi'), ('institut-tafoukt', 'Touda Amrani')
) as o (slug, name);

-- The password is khadamat-demo.
insert into auth.users (
  instance_id, id, aud, role, email, encrypted_password, email_confirmed_at, confirmation_token, recovery_token,
  email_change, email_change_token_new, email_change_token_current, phone_change, phone_change_token,
  reauthentication_token, raw_app_meta_data, raw_user_meta_data, created_at, updated_at
)
select
  '00000000-0000-0000-0000-000000000000', o.id, 'authenticated', 'authenticated', o.email,
  '$2a$10$KhadamatDemoAccounts2u4i1CHTeH5JG9o7VgS9Qt/52zAFxyGL6', joined.at, '', '', '', '', '', '', '', '',
  '{"provider": "email", "providers": ["email"]}', jsonb_build_object('full_name', o.name, 'language', 'fr'), joined.at,
  joined.at
from venue_owners o
cross join lateral (select private.to_instant(pg_temp.day(-420), 'Africa/Casablanca') as at) as joined;

insert into auth.identities (id, provider_id, user_id, identity_data, provider, last_sign_in_at, created_at, updated_at)
select
  pg_temp.seed_id('identity ' || u.email), u.id::text, u.id,
  jsonb_build_object('sub', u.id::text, 'email', u.email, 'email_verified', true, 'phone_verified', false), 'email',
  u.created_at, u.created_at, u.created_at
from auth.users u
join venue_owners o on o.id = u.id;

insert into public.provider_members (provider_id, user_id, role)
select pg_temp.seed_id('provider ' || o.slug), o.id, 'owner' from venue_owners o;


-- Who comes ---------------------------------------------------------------------------------------------------------

create temporary table venue_bookings (
  key text primary key,
  slug text not null,
  service_id uuid not null,
  session_id uuid,
  -- the table
  resource_id uuid,
  seats text[],
  party int not null,
  starts timestamp not null,
  -- null for a guest
  email text,
  rating int,
  body text,
  language public.language
);

-- Those who wrote what they thought of it: their last evening there, on days of their own.
insert into venue_bookings (key, slug, service_id, session_id, resource_id, seats, party, starts, email, rating, body, language)
select
  'venue review ' || w.slug || ' ' || w.email, w.slug, s.id, x.id,
  case when s.mode = 'table' then pg_temp.seed_id('resource dar-zitoun Table 3') end,
  case when w.slug = 'cinema-al-firdaous' then array['D6', 'D7'] end, case when s.mode = 'table' and s.position = 2 then 4 else 2 end,
  coalesce(x.starts, pg_temp.day(w.day) + time '20:00'), w.email, w.rating, w.body, w.language
from (
  values
    ('dar-zitoun', 1, -4, 'yasmina.lahlou@example.com', 5, 'fr'::public.language, 'Le tajine aux coings, un souvenir d’enfance. Service attentif sans être pesant.'),
    ('dar-zitoun', 1, -9, 'emily.carter@example.com', 5, 'en', 'The patio at night is a small miracle. We walked in and our table was ready.'),
    ('dar-zitoun', 1, -12, 'houria.s@example.com', 5, 'ar', 'أكل بلدي نقي واستقبال من القلب، والفناء جميل مع الأولاد.'),
    ('dar-zitoun', 1, -17, 'rachid.mansouri@example.com', 4, 'fr', 'Très bon. Un peu d’attente entre les plats un samedi soir.'),
    ('dar-zitoun', 2, -25, 'david.moreau@example.com', 5, 'fr', 'Sept plats, sept surprises. La pastilla au lait d’amande à elle seule vaut le détour.'),
    ('dar-zitoun', 1, -31, 'carmen.ruiz@example.com', 4, 'en', 'Lovely fish, fair prices. Ask for the table under the orange tree.'),
    ('dar-zitoun', 1, -38, 'asmae.t@example.com', 5, 'ar', 'حجزنا لثمانية أشخاص وجمعوا لنا طاولتين دون عناء. شكرًا.'),
    ('cinema-al-firdaous', 1, -2, 'sara.guessous@example.com', 5, 'en', 'Best screen in Rabat, and you can pick the very seat you like.'),
    ('cinema-al-firdaous', 1, -4, 'hamza.ziani@example.com', 5, 'fr', 'Le son, les fauteuils, le thé à la menthe : on y retourne chaque semaine.'),
    ('cinema-al-firdaous', 1, -6, 'nawal.m@example.com', 4, 'ar', 'قاعة جميلة ومريحة، ونظيفة. ينقصها موقف للسيارات فقط.'),
    ('cinema-al-firdaous', 1, -8, 'zineb.cherkaoui@example.com', 5, 'fr', 'Belle restauration, et le film commence à l’heure.'),
    ('cinema-al-firdaous', 1, -12, 'khadija.rami@example.com', 5, 'ar', 'ذهبت مع أمي على كرسيها المتحرك، وكان المكان مهيأً والاستقبال لطيفًا.'),
    ('cinema-al-firdaous', 1, -14, 'reda.slaoui@example.com', 3, 'fr', 'Bon film, mais il faisait frais au premier rang.'),
    ('institut-tafoukt', 1, -10, 'nabil.chafik@example.com', 5, 'fr', 'Le lundi suivant, mon tableau de bord tournait. Rare qu’une formation serve si vite.'),
    ('institut-tafoukt', 1, -20, 'imane.tahiri@example.com', 5, 'fr', 'Douze personnes, pas une de plus : le formateur passe voir chacun.'),
    ('institut-tafoukt', 1, -31, 'mustapha.b@example.com', 4, 'ar', 'تكوين عملي ومفيد، وددت لو كان يومين.'),
    ('institut-tafoukt', 2, -40, 'wiam.elkhattabi@example.com', 5, 'fr', 'Se revoir en vidéo fait peur, puis fait du bien. Bienveillant et précis.'),
    ('institut-tafoukt', 1, -45, 'james.whitfield@example.com', 4, 'en', 'Clear and hands-on; my French was enough to follow.')
) as w (slug, position, day, email, rating, language, body)
join venue_services s on s.slug = w.slug and s.position = w.position
left join lateral (
  select x.id, x.starts
  from venue_sessions x
  where x.service_id = s.id and x.day >= w.day and x.day < 0
  order by x.starts
  limit 1
) as x on true;

-- Evenings to come at the restaurant: some of the tables, at a time of their own.
insert into venue_bookings (key, slug, service_id, resource_id, party, starts)
select
  'venue table ' || d.day || ' ' || n || ' ' || m.meal, 'dar-zitoun', pg_temp.seed_id('service dar-zitoun 1'),
  pg_temp.seed_id('resource dar-zitoun Table ' || n),
  greatest(2, (array[2, 2, 4, 4, 6])[n] - pg_temp.pick('party ' || d.day || n || m.meal, 2)),
  pg_temp.day(d.day) + m.first + make_interval(mins => 30 * pg_temp.pick('at ' || d.day || n || m.meal, 4))
from generate_series(0, 12) as d (day)
cross join generate_series(1, 5) as n
cross join (values ('lunch', time '12:00', 25), ('dinner', time '19:30', 55)) as m (meal, first, chance)
where pg_temp.pick('comes ' || d.day || n || m.meal, 100) < m.chance
  and (m.meal = 'dinner' or extract(isodow from pg_temp.day(d.day)) > 1);

-- The cinema's evenings to come: pairs and families, side by side, never across the aisle. Each row has two halves, and
-- each half one party at most.
insert into venue_bookings (key, slug, service_id, session_id, seats, party, starts)
select
  'venue seats ' || x.id || ' ' || r || ' ' || half, x.slug, x.service_id, x.id,
  array(select chr(64 + r) || (half * 6 + f.first + i) from generate_series(1, f.size) as i order by i), f.size, x.starts
from venue_sessions x
cross join generate_series(2, 8) as r
cross join generate_series(0, 1) as half
cross join lateral (
  select size, pg_temp.pick('seat ' || x.id || r || half, 7 - size) as first
  from (select 2 + pg_temp.pick('size ' || x.id || r || half, 3) as size) as s
) as f
where x.slug = 'cinema-al-firdaous' and x.day >= 0
  and pg_temp.pick('goes ' || x.id || r || half, 100)
    < case when r = 8 then 6 else greatest(16, 88 - 5 * x.day) end * case when x.starts::time >= time '20:00' then 1 else 0.5 end;

-- The courses to come; the next one is full.
insert into venue_bookings (key, slug, service_id, session_id, party, starts)
select 'venue place ' || x.id || ' ' || n, x.slug, x.service_id, x.id, 2, x.starts
from (
  select x.*, row_number() over (partition by x.service_id order by x.starts) as turn
  from venue_sessions x
  where x.slug = 'institut-tafoukt' and x.day > 0
) as x
cross join lateral generate_series(1, case when x.turn = 1 and x.capacity = 12 then 6 else greatest(0, 4 - x.turn)::int end) as n;

create temporary table venue_facts as
select
  b.*, pg_temp.seed_id('booking ' || b.key) as id, p.id as provider_id, p.currency, s.mode,
  coalesce(u.full_name, guest.name) as customer_name, a.id as customer_id, coalesce(b.email, 'invite.' || left(md5(b.key), 8) || '@example.com') as reach,
  case when b.rating is null then 'confirmed'::public.booking_status else 'completed' end as status,
  private.to_instant(b.starts, p.time_zone) as starts_at,
  private.to_instant(b.starts, p.time_zone) + make_interval(mins => s.duration_minutes) as ends_at,
  private.to_instant(least(pg_temp.day(-1), date_trunc('day', b.starts) - interval '2 days'), p.time_zone)
    + make_interval(mins => 540 + pg_temp.pick(b.key || ' minute', 600)) as made_at,
  price.minor as price_minor,
  private.deposit_of(price.minor::bigint, s.deposit_percent, p.currency) as deposit_minor,
  jsonb_build_object('code', y.code, 'tiers', y.tiers) as policy, owner.id as owner_id
from venue_bookings b
join public.services s on s.id = b.service_id
join public.providers p on p.id = s.provider_id
join public.cancellation_policies y on y.id = p.cancellation_policy_id
join venue_owners owner on owner.slug = b.slug
left join auth.users a on a.email = b.email
left join public.profiles u on u.id = a.id
cross join lateral (
  select (array['Hajar Lamrani', 'Mounir Sabir', 'Rim Ouardi', 'Jalal Berrada', 'Salma Kettani', 'Tarik Bouhlal', 'Nisrine Alj',
    'Ilyas Fahmi', 'Dounia Rhazi', 'Kamal Zerouali', 'Chaimae Naji', 'Aziz Belmekki'])[1 + pg_temp.pick(b.key || ' name', 12)] as name
) as guest
cross join lateral (
  select coalesce(
    (
      select sum(x.price_minor)
      from public.sessions t
      join public.seats e on e.resource_id = t.resource_id and e.label = any (b.seats)
      join public.seat_prices x on x.service_id = s.id and x.category = e.category
      where t.id = b.session_id
    ),
    s.price_minor * b.party
  ) as minor
) as price;

-- What the trigger on bookings would open, with ids that stay the same.
insert into public.conversations (id, provider_id, customer_id, created_at)
select pg_temp.seed_id('conversation ' || f.slug || ' ' || f.email), f.provider_id, f.customer_id, f.made_at
from venue_facts f
where f.customer_id is not null;

insert into public.bookings (
  id, reference, provider_id, service_id, session_id, mode, status, customer_id, customer_name, customer_email, language,
  starts_at, ends_at, local_starts_at, time_zone, party_size, seats, price_minor, deposit_minor, paid_minor, currency,
  policy, idempotency_key, created_at, updated_at
)
select
  f.id,
  'KH' || (
    select string_agg(substr('23456789ABCDEFGHJKMNPQRSTVWXYZ', 1 + pg_temp.pick(f.key || ' letter ' || i, 30), 1), '' order by i)
    from generate_series(1, 8) as i
  ),
  f.provider_id, f.service_id, f.session_id, f.mode, f.status, f.customer_id, f.customer_name, f.reach,
  coalesce(f.language, 'fr'), f.starts_at, f.ends_at, f.starts, 'Africa/Casablanca', f.party, f.seats, f.price_minor,
  f.deposit_minor, f.deposit_minor, f.currency, f.policy, pg_temp.seed_id('request ' || f.key),
  f.made_at, f.made_at
from venue_facts f;

insert into public.occupancies (id, resource_id, period, booking_id)
select pg_temp.seed_id('occupancy ' || f.key), f.resource_id, tstzrange(f.starts_at, f.ends_at), f.id
from venue_facts f
where f.resource_id is not null;

insert into public.booking_events (id, booking_id, from_status, to_status, actor, actor_id, reason, created_at)
select
  pg_temp.seed_id('event ' || e.step || ' ' || f.key), f.id, e.from_status, e.to_status, e.actor,
  case e.actor when 'customer' then f.customer_id when 'provider' then f.owner_id end, e.reason, e.at
from venue_facts f
cross join lateral (
  values
    (
      1, null::public.booking_status, case when f.deposit_minor > 0 then 'held'::public.booking_status else 'confirmed' end,
      'customer'::public.booking_actor, '', f.made_at, true
    ),
    (2, 'held', 'confirmed', 'system', 'paid', f.made_at + interval '4 minutes', f.deposit_minor > 0),
    (3, 'confirmed', 'completed', 'provider', '', f.ends_at + interval '5 minutes', f.status = 'completed')
) as e (step, from_status, to_status, actor, reason, at, happened)
where e.happened;

insert into public.payments (
  id, booking_id, amount_minor, currency, status, stripe_session_id, stripe_payment_intent, created_at, succeeded_at
)
select
  pg_temp.seed_id('payment ' || f.key), f.id, f.deposit_minor, f.currency, 'succeeded', 'cs_test_' || md5('cs ' || f.key),
  'pi_' || left(md5('pi ' || f.key), 24), f.made_at + interval '1 minute', f.made_at + interval '4 minutes'
from venue_facts f
where f.deposit_minor > 0;

-- Two lines a posting.
insert into public.ledger_entries (id, posting_id, account, provider_id, booking_id, amount_minor, currency, created_at)
select
  pg_temp.seed_id('ledger ' || line.account || ' ' || p.id), pg_temp.seed_id('posting ' || p.id), line.account,
  f.provider_id, f.id, line.sign * p.amount_minor, f.currency, p.succeeded_at
from venue_facts f
join public.payments p on p.booking_id = f.id
cross join (values ('stripe'::public.ledger_account, 1), ('provider', -1)) as line (account, sign);

insert into public.reviews (id, booking_id, provider_id, author_id, author_name, rating, body, language, created_at)
select
  pg_temp.seed_id('review ' || f.key), f.id, f.provider_id, f.customer_id, substring(f.customer_name from '^(عبد الله|\S+)'),
  f.rating, f.body, f.language, least(now(), f.ends_at + interval '14 hours')
from venue_facts f
where f.rating is not null;


-- Back to normal ----------------------------------------------------------------------------------------------------

-- The ledger's own check waits for the end of the transaction; let it speak now.
set constraints all immediate;
alter table public.booking_events enable trigger announce;
drop table venue_services, venue_sessions, venue_owners, venue_bookings, venue_facts;
drop function pg_temp.day(int);
drop function pg_temp.pick(text, int);
drop function pg_temp.seed_id(text);
