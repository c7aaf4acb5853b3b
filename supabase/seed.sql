-- A town's worth of life to try the product with: businesses, people, three months of bookings. What every installation
-- needs (trades, towns, words of mails, rights) is in the migrations, and a deployed one never gets this. Run once, as
-- postgres, after the migrations. Ids and choices come from md5 of names, so two installations get the same rows; times
-- are counted from today in Casablanca. Nobody is mailed: the announcing triggers rest meanwhile.

-- A fixed uuid for a name (version 5 in form), and a fixed choice out of n.
create function pg_temp.seed_id(name text) returns uuid language sql immutable as $$
  select overlay(overlay(md5('khadamat ' || name) placing '5' from 13) placing '8' from 17)::uuid;
$$;
create function pg_temp.pick(key text, n int) returns int language sql immutable as $$
  select ('x' || substr(md5(key), 1, 7))::bit(28)::int % n;
$$;
-- Midnight of today in Casablanca, plus days.
create function pg_temp.day(days int) returns timestamp language sql stable as $$
  select date_trunc('day', private.to_local(now(), 'Africa/Casablanca')) + make_interval(days => days);
$$;

alter table public.booking_events disable trigger announce;
alter table public.messages disable trigger announce;
alter table public.notifications disable trigger announce;
alter table public.conversation_reads disable trigger announce;
alter table public.deliveries disable trigger wake;
alter table public.refunds disable trigger wake;


-- Businesses --------------------------------------------------------------------------------------------------------

create temporary table seed_districts as
select *
from (
  values
    ('casablanca', 'Maârif', 33.5785, -7.6365),
    ('casablanca', 'Gauthier', 33.5905, -7.6280),
    ('casablanca', 'Bourgogne', 33.6000, -7.6395),
    ('casablanca', 'Racine', 33.5900, -7.6395),
    ('casablanca', 'Palmier', 33.5815, -7.6275),
    ('casablanca', 'Val Fleuri', 33.5745, -7.6425),
    ('casablanca', 'Oasis', 33.5570, -7.6350),
    ('casablanca', 'Californie', 33.5480, -7.6230),
    ('casablanca', 'Sidi Maârouf', 33.5230, -7.6430),
    ('casablanca', 'Hay Hassani', 33.5670, -7.6760),
    ('casablanca', 'Derb Sultan', 33.5720, -7.6080),
    ('casablanca', 'Habous', 33.5790, -7.6040),
    ('casablanca', 'Belvédère', 33.5985, -7.5920),
    ('casablanca', 'Aïn Sebaâ', 33.6050, -7.5400),
    ('rabat', 'Agdal', 33.9990, -6.8530),
    ('rabat', 'Hassan', 34.0200, -6.8270),
    ('rabat', 'Hay Riad', 33.9620, -6.8720),
    ('rabat', 'Souissi', 33.9780, -6.8370),
    ('rabat', 'L’Océan', 34.0235, -6.8480),
    ('marrakech', 'Guéliz', 31.6360, -8.0100),
    ('marrakech', 'Hivernage', 31.6220, -8.0130),
    ('marrakech', 'Médina', 31.6290, -7.9870),
    ('marrakech', 'Daoudiate', 31.6530, -7.9960),
    ('marrakech', 'Targa', 31.6530, -8.0560),
    ('fes', 'Ville Nouvelle', 34.0360, -5.0010),
    ('fes', 'Batha', 34.0600, -4.9830),
    ('fes', 'Route d’Imouzzer', 34.0120, -5.0010),
    ('fes', 'Narjiss', 34.0160, -4.9830),
    ('tanger', 'Centre-ville', 35.7770, -5.8090),
    ('tanger', 'Iberia', 35.7790, -5.8220),
    ('tanger', 'Malabata', 35.7790, -5.7820),
    ('tanger', 'Mesnana', 35.7430, -5.8560),
    ('agadir', 'Talborjt', 30.4230, -9.5950),
    ('agadir', 'Hay Mohammadi', 30.4290, -9.5700),
    ('agadir', 'Founty', 30.4010, -9.5920),
    ('agadir', 'Dakhla', 30.4110, -9.5680),
    ('meknes', 'Hamria', 33.8975, -5.5410),
    ('meknes', 'Médina', 33.8935, -5.5660),
    ('meknes', 'Marjane', 33.8750, -5.5530),
    ('oujda', 'Centre-ville', 34.6810, -1.9080),
    ('oujda', 'Al Qods', 34.6610, -1.9200),
    ('oujda', 'Lazaret', 34.6690, -1.9020)
) as d (city, district, latitude, longitude);

-- team: first the owner's first name. hours: a pattern of seed_hours. reviews: how many it has earned.
-- grade: 0 outstanding, 1 good, 2 uneven.
create temporary table seed_providers as
select *
from (
  values
    ('plomberie-al-amal', 'Plomberie Al Amal', 'سباكة الأمل', 'plomberie', 'casablanca', 'Maârif', '18, rue Ibnou Mounir', 'Youssef,Karim', 'every day', 40, 0),
    ('depannage-zitouni', 'Dépannage Zitouni', 'الزيتوني للسباكة', 'plomberie', 'casablanca', 'Derb Sultan', '7, rue de Bouskoura', 'Mustapha', 'calls', 14, 1),
    ('sanitaire-service-ain-sebaa', 'Sanitaire Service Aïn Sebaâ', 'خدمات الصحي عين السبع', 'plomberie', 'casablanca', 'Aïn Sebaâ', '112, boulevard Moulay Slimane', 'Abdelhak,Redouane,Anas', 'calls', 19, 1),
    ('eau-claire-plomberie', 'Eau Claire Plomberie', 'الماء الصافي للسباكة', 'plomberie', 'casablanca', 'Oasis', '25, route de l’Oasis', 'Tarik,Said', 'calls', 8, 2),
    ('plomberie-bab-el-had', 'Plomberie Bab El Had', 'سباكة باب الأحد', 'plomberie', 'rabat', 'L’Océan', '41, avenue Al Maghrib Al Arabi', 'Driss,Walid', 'calls', 16, 1),
    ('atlas-plomberie', 'Atlas Plomberie', 'أطلس للسباكة', 'plomberie', 'marrakech', 'Daoudiate', '9, avenue Allal El Fassi', 'Hassan,Brahim', 'calls', 12, 1),
    ('plomberie-du-detroit', 'Plomberie du Détroit', 'سباكة المضيق', 'plomberie', 'tanger', 'Iberia', '33, rue de Hollande', 'Bilal', 'calls', 9, 1),
    ('plomberie-saiss', 'Plomberie Saïss', 'سباكة سايس', 'plomberie', 'fes', 'Route d’Imouzzer', '58, route d’Imouzzer', 'Abdelilah,Othmane', 'calls', 11, 1),
    ('souss-sanitaire', 'Souss Sanitaire', 'سوس للسباكة', 'plomberie', 'agadir', 'Hay Mohammadi', '14, avenue Al Mouqaouama', 'Lahcen', 'calls', 7, 1),
    ('electricite-noor', 'Électricité Noor', 'كهرباء نور', 'electricite', 'casablanca', 'Val Fleuri', '66, rue Abou Al Mahassine', 'Amine,Zakaria,Jawad', 'calls', 22, 0),
    ('volt-express', 'Volt Express', 'فولت إكسبريس', 'electricite', 'casablanca', 'Belvédère', '30, rue d’Amiens', 'Nabil,Hamza', 'every day', 13, 1),
    ('agdal-electricite', 'Agdal Électricité', 'كهرباء أكدال', 'electricite', 'rabat', 'Agdal', '12, rue Oued Ziz', 'Khalid,Ayoub', 'calls', 15, 1),
    ('etincelle-du-sud', 'L’Étincelle du Sud', 'شرارة الجنوب', 'electricite', 'marrakech', 'Targa', '5, route de Targa', 'Omar', 'calls', 6, 2),
    ('electro-andalous', 'Électro Andalous', 'إلكترو الأندلس', 'electricite', 'fes', 'Ville Nouvelle', '21, avenue Mohammed Slaoui', 'Younes,Adil', 'calls', 9, 1),
    ('courant-alternatif', 'Courant Alternatif', 'التيار المتناوب', 'electricite', 'oujda', 'Centre-ville', '17, rue de Marrakech', 'Mimoun', 'calls', 5, 1),
    ('dar-nqiya', 'Dar Nqiya', 'دار نقية', 'menage', 'casablanca', 'Racine', '8, rue Ibn Yahya', 'Hanane,Khadija,Naïma,Saida', 'calls', 31, 0),
    ('menage-minute', 'Ménage Minute', 'تنظيف في دقائق', 'menage', 'casablanca', 'Sidi Maârouf', '3, lotissement Al Baraka', 'Ilham,Rachida,Malika', 'every day', 17, 1),
    ('maison-nette', 'Maison Nette', 'البيت النظيف', 'menage', 'rabat', 'Hay Riad', '27, avenue Annakhil', 'Bouchra,Fatiha,Zineb', 'calls', 18, 1),
    ('riad-propre', 'Riad Propre', 'الرياض النظيف', 'menage', 'marrakech', 'Médina', '44, derb Dabachi', 'Latifa,Aïcha', 'every day', 14, 0),
    ('tanja-clean', 'Tanja Clean', 'طنجة كلين', 'menage', 'tanger', 'Malabata', '10, avenue Mohammed VI', 'Samira,Houda', 'calls', 8, 1),
    ('ourika-menage', 'Ourika Ménage', 'أوريكا للتنظيف', 'menage', 'agadir', 'Founty', '6, rue des Orangers', 'Fadma,Karima', 'calls', 6, 2),
    ('froid-du-littoral', 'Froid du Littoral', 'برودة الساحل', 'climatisation', 'casablanca', 'Hay Hassani', '91, boulevard Afghanistan', 'Mounir,Yassir', 'calls', 16, 1),
    ('clim-confort', 'Clim Confort', 'كليم كونفور', 'climatisation', 'casablanca', 'Californie', '15, rue d’Ifrane', 'Reda,Soufiane,Mehdi', 'calls', 20, 0),
    ('air-de-marrakech', 'Air de Marrakech', 'هواء مراكش', 'climatisation', 'marrakech', 'Guéliz', '52, rue de Yougoslavie', 'Jamal,Ismail', 'every day', 21, 0),
    ('frigo-fes', 'Frigo Fès', 'فريكو فاس', 'climatisation', 'fes', 'Narjiss', '19, avenue des Iris', 'Badr', 'calls', 7, 1),
    ('polaire-agadir', 'Polaire Agadir', 'القطبية للتكييف', 'climatisation', 'agadir', 'Dakhla', '23, boulevard Hassan Ier', 'Mbarek,Ali', 'calls', 10, 1),
    ('oriental-clim', 'Oriental Clim', 'الشرق للتكييف', 'climatisation', 'oujda', 'Al Qods', '37, boulevard Al Qods', 'Fouad', 'calls', 4, 1),
    ('salon-yasmine', 'Salon Yasmine', 'صالون ياسمين', 'coiffure', 'casablanca', 'Gauthier', '11, rue Jean Jaurès', 'Yasmine,Sanae,Ghita', 'salon', 28, 0),
    ('barbier-du-maarif', 'Le Barbier du Maârif', 'حلاق المعاريف', 'coiffure', 'casablanca', 'Maârif', '64, rue Socrate', 'Ilyas,Marouane', 'salon', 24, 0),
    ('coiffure-lina', 'Coiffure Lina', 'تصفيف لينا', 'coiffure', 'rabat', 'Agdal', '29, avenue de France', 'Lina,Meryem', 'salon', 15, 1),
    ('salon-oum-kaltoum', 'Salon Oum Kaltoum', 'صالون أم كلثوم', 'coiffure', 'marrakech', 'Guéliz', '18, rue de la Liberté', 'Kaltoum,Chaimae,Nora', 'salon', 17, 1),
    ('barbershop-spartel', 'Barbershop Spartel', 'حلاق سبارطيل', 'coiffure', 'tanger', 'Centre-ville', '22, rue de Fès', 'Hatim,Achraf', 'salon', 12, 1),
    ('coiffure-lalla-mina', 'Coiffure Lalla Mina', 'تصفيف لالة مينة', 'coiffure', 'meknes', 'Hamria', '8, avenue Hassan II', 'Mina,Wiam', 'salon', 9, 1),
    ('hammam-el-bahia', 'Hammam El Bahia', 'حمّام الباهية', 'beaute', 'marrakech', 'Médina', '3, rue Riad Zitoun Jdid', 'Rabia,Souad,Hafida,Jamila', 'every day', 34, 0),
    ('institut-argana', 'Institut Argana', 'معهد أركانة', 'beaute', 'agadir', 'Talborjt', '20, avenue Moulay Abdallah', 'Loubna,Siham', 'salon', 16, 1),
    ('zellige-spa', 'Zellige Spa', 'زليج سبا', 'beaute', 'casablanca', 'Bourgogne', '39, rue Moussa Ben Nouceir', 'Imane,Dounia,Kenza', 'salon', 23, 0),
    ('ongles-et-henne', 'Ongles & Henné', 'أظافر وحناء', 'beaute', 'casablanca', 'Palmier', '13, rue Molière', 'Hajar,Btissam', 'salon', 11, 1),
    ('hammam-tour-hassan', 'Hammam Tour Hassan', 'حمّام صومعة حسان', 'beaute', 'rabat', 'Hassan', '6, rue Tafraout', 'Najat,Nezha', 'salon', 13, 1),
    ('rose-de-fes', 'Rose de Fès', 'وردة فاس', 'beaute', 'fes', 'Batha', '15, rue Batha', 'Asmae,Oumaima', 'salon', 10, 1),
    ('jardins-de-la-corniche', 'Jardins de la Corniche', 'حدائق الكورنيش', 'jardinage', 'casablanca', 'Californie', '48, route de Bouskoura', 'Larbi,Mohcine', 'calls', 12, 1),
    ('palmeraie-verte', 'Palmeraie Verte', 'النخيل الأخضر', 'jardinage', 'marrakech', 'Targa', 'km 5, route de Targa', 'Abderrahim,Samir', 'calls', 9, 0),
    ('jardin-souissi', 'Le Jardin de Souissi', 'حديقة السويسي', 'jardinage', 'rabat', 'Souissi', '2, avenue Mehdi Ben Barka', 'Ahmed,Noureddine', 'calls', 14, 1),
    ('vert-rif', 'Vert Rif', 'الريف الأخضر', 'jardinage', 'tanger', 'Mesnana', '71, route de Rabat', 'Mohamed', 'calls', 5, 1),
    ('jnan-meknes', 'Jnan Meknès', 'جنان مكناس', 'jardinage', 'meknes', 'Marjane', '12, route d’Agouraï', 'Azzedine', 'calls', 4, 2),
    ('couleurs-de-casa', 'Couleurs de Casa', 'ألوان كازا', 'peinture', 'casablanca', 'Hay Hassani', '55, boulevard Oued Oum Rabia', 'Simohamed,Aziz,Hicham', 'calls', 15, 1),
    ('atelier-tadelakt', 'Atelier Tadelakt', 'ورشة تادلاكت', 'peinture', 'marrakech', 'Daoudiate', '26, rue Al Mansour Eddahbi', 'Moulay Ali,Jaouad', 'calls', 18, 0),
    ('peinture-chellah', 'Peinture Chellah', 'صباغة شالة', 'peinture', 'rabat', 'Hassan', '34, rue Patrice Lumumba', 'Kamal,Rachid', 'calls', 7, 1),
    ('le-bon-pinceau', 'Le Bon Pinceau', 'الفرشاة الذهبية', 'peinture', 'fes', 'Narjiss', '40, avenue Al Massira', 'Tayeb', 'calls', 6, 2),
    ('deco-mur-oujda', 'Déco Mur Oujda', 'ديكور الجدران وجدة', 'peinture', 'oujda', 'Lazaret', '9, rue Ibn Khaldoun', 'Yahya', 'calls', 4, 1),
    ('menuiserie-al-arz', 'Menuiserie Al Arz', 'نجارة الأرز', 'menuiserie', 'fes', 'Ville Nouvelle', '77, boulevard Chefchaouni', 'Haj Larbi,Mounaïm', 'shop', 13, 0),
    ('bois-et-zouak', 'Bois & Zouak', 'الخشب والزواق', 'menuiserie', 'meknes', 'Médina', '5, place Lahdim', 'Abdelkrim,Salim', 'shop', 8, 1),
    ('menuiserie-derb-omar', 'Menuiserie Derb Omar', 'نجارة درب عمر', 'menuiserie', 'casablanca', 'Belvédère', '83, boulevard Émile Zola', 'Miloud,Rafik', 'calls', 12, 1),
    ('atelier-thuya', 'Atelier Thuya', 'ورشة العرعار', 'menuiserie', 'agadir', 'Talborjt', '31, rue de l’Entraide', 'Houcine', 'shop', 6, 1),
    ('menuiserie-bouregreg', 'Menuiserie Bouregreg', 'نجارة أبي رقراق', 'menuiserie', 'rabat', 'L’Océan', '16, rue de Tanger', 'Hamid,Issam', 'calls', 9, 2),
    ('cours-avicenne', 'Cours Avicenne', 'دروس ابن سينا', 'cours', 'casablanca', 'Gauthier', '5, rue d’Alger', 'Sara,Anouar,Hind', 'tutor', 21, 0),
    ('maths-avec-ghizlane', 'Maths avec Ghizlane', 'الرياضيات مع غزلان', 'cours', 'rabat', 'Agdal', '17, rue Jbal Tazekka', 'Ghizlane', 'tutor', 19, 0),
    ('dar-al-lougha', 'Dar Al Lougha', 'دار اللغة', 'cours', 'tanger', 'Iberia', '4, rue Ibn Al Abbar', 'Safae,Imad', 'tutor', 11, 1),
    ('al-khawarizmi-cours', 'Al Khawarizmi', 'دروس الخوارزمي', 'cours', 'fes', 'Route d’Imouzzer', '24, résidence Al Wifaq', 'Abdellah,Nisrine', 'tutor', 8, 1),
    ('soutien-annajah', 'Soutien Annajah', 'دعم النجاح', 'cours', 'oujda', 'Al Qods', '11, rue Zerktouni', 'Hakima', 'tutor', 5, 1),
    ('studio-lumiere', 'Studio Lumière', 'ستوديو الضوء', 'photographie', 'casablanca', 'Racine', '22, boulevard d’Anfa', 'Nawfal,Rim', 'studio', 16, 0),
    ('photo-chaouia', 'Photo Chaouia', 'تصوير الشاوية', 'photographie', 'casablanca', 'Habous', '9, rue Chaouia', 'Abdou', 'studio', 6, 2),
    ('objectif-atlas', 'Objectif Atlas', 'عدسة الأطلس', 'photographie', 'marrakech', 'Hivernage', '14, rue Haroun Errachid', 'Taha,Leïla', 'studio', 14, 0),
    ('instants-de-tanger', 'Instants de Tanger', 'لحظات طنجة', 'photographie', 'tanger', 'Centre-ville', '7, place de France', 'Ines', 'studio', 8, 1),
    ('photo-taghazout', 'Photo Taghazout', 'تصوير تغازوت', 'photographie', 'agadir', 'Founty', '19, rue de la Plage', 'Idriss', 'studio', 7, 1),
    ('pc-docteur', 'PC Docteur', 'طبيب الحاسوب', 'informatique', 'casablanca', 'Maârif', '27, rue Jura', 'Sofiane,Ahlam,Oussama', 'shop', 18, 1),
    ('derb-connect', 'Derb Connect', 'درب كونكت', 'informatique', 'casablanca', 'Oasis', '10, rue Abou Chouaïb Doukkali', 'Hamada', 'shop', 10, 1),
    ('info-assistance-rabat', 'Info Assistance Rabat', 'المساعدة المعلوماتية الرباط', 'informatique', 'rabat', 'Hay Riad', '13, avenue Al Arz', 'Salah,Yousra', 'calls', 12, 1),
    ('byte-meknes', 'Byte Meknès', 'بايت مكناس', 'informatique', 'meknes', 'Hamria', '6, rue de Paris', 'Monaim', 'shop', 6, 1),
    ('reseau-plus-marrakech', 'Réseau Plus', 'ريزو بلوس', 'informatique', 'marrakech', 'Guéliz', '35, avenue Mohammed V', 'Ayman,Saad', 'shop', 9, 1)
) as p (slug, name, name_ar, category, city, district, address, team, hours, reviews, grade);

-- What each trade says of itself; {city}, {district} and {name} are filled in. Two voices for each trade.
create temporary table seed_abouts as
select *
from (
  values
    ('plomberie', 0, 'Fuite, chauffe-eau en panne, évier bouché : nous intervenons à {city} avec un camion équipé et les pièces courantes à bord. Vous connaissez le prix avant que nous touchions au premier robinet.',
      'تسرب ماء، سخان معطل، مجرى مسدود: نتنقل إليك في {city} بسيارة مجهزة وقطع الغيار المعتادة. تعرف الثمن قبل أن نبدأ العمل.',
      'Leak, broken water heater, blocked sink: we come to you in {city} with an equipped van and the usual parts on board. You know the price before we touch the first tap.'),
    ('plomberie', 1, 'Plombiers à {city} depuis plus de dix ans, nous travaillons proprement, protégeons vos sols et emportons les gravats. Toute réparation est garantie trois mois.',
      'سباكون في {city} منذ أكثر من عشر سنوات. نعمل بنظافة ونحمي أرضية البيت ونجمع المخلفات، وكل إصلاح مضمون ثلاثة أشهر.',
      'Plumbers in {city} for more than ten years. We work cleanly, protect your floors and take the rubble away. Every repair is guaranteed for three months.'),
    ('electricite', 0, 'Dépannage, mise aux normes et éclairage pour appartements et villas de {city}. Chaque intervention se termine par un contrôle du tableau et quelques conseils de sécurité.',
      'إصلاح الأعطال وتأهيل الشبكات والإنارة للشقق والفيلات في {city}. ننهي كل تدخل بفحص اللوحة الكهربائية ونصائح للسلامة.',
      'Repairs, rewiring and lighting for flats and villas in {city}. Every visit ends with a check of the fuse board and some safety advice.'),
    ('electricite', 1, 'Une panne qui revient, un disjoncteur qui saute ? Nous cherchons la cause au lieu de changer les fusibles, et nous vous montrons ce que nous avons trouvé.',
      'عطل يتكرر أو قاطع يسقط؟ نبحث عن السبب الحقيقي بدل تغيير الفيوزات، ونريك ما وجدناه.',
      'A fault that keeps coming back, a breaker that trips? We look for the cause instead of swapping fuses, and show you what we found.'),
    ('menage', 0, 'Une équipe déclarée, formée et fidèle : vous retrouvez les mêmes personnes à chaque passage. Nous apportons les produits si vous le souhaitez, sans javel sur demande.',
      'فريق مصرح به ومكوَّن ووفيّ: تجد الأشخاص أنفسهم في كل زيارة. نحضر مواد التنظيف إن رغبت، وبدون جافيل عند الطلب.',
      'A trained, declared and loyal team: you see the same faces each time. We bring the products if you wish, bleach-free on request.'),
    ('menage', 1, 'Ménage régulier, grand nettoyage avant l’Aïd, fin de chantier : à {city}, nous arrivons à l’heure et nous ne partons pas avant que tout brille.',
      'تنظيف منتظم، تنظيف كبير قبل العيد، أو بعد الأشغال: في {city} نصل في الوقت ولا نغادر حتى يلمع كل شيء.',
      'Regular cleaning, the big clean before Eid, end of building work: in {city} we arrive on time and do not leave until everything shines.'),
    ('climatisation', 0, 'Installation, recharge et entretien de climatiseurs de toutes marques à {city}. Nos frigoristes mesurent la pièce avant de conseiller un appareil.',
      'تركيب وشحن وصيانة المكيفات من جميع الماركات في {city}. يقيس تقنيونا الغرفة قبل أن ينصحوك بأي جهاز.',
      'Installation, regassing and servicing of all makes of air conditioner in {city}. Our technicians measure the room before they recommend a unit.'),
    ('climatisation', 1, 'Un climatiseur propre consomme moins et refroidit mieux. Nous nettoyons filtres, turbine et évacuation, et vous remettons une fiche de visite.',
      'المكيف النظيف يستهلك أقل ويبرّد أفضل. ننظف المصافي والمروحة ومصرف الماء، ونسلمك بطاقة الزيارة.',
      'A clean unit uses less and cools better. We clean filters, fan and drain, and leave you a service sheet.'),
    ('coiffure', 0, 'Un salon de quartier à {district}, calme et lumineux, où l’on prend le temps de vous écouter avant de prendre les ciseaux.',
      'صالون هادئ ومضيء في {city}، نستمع إليك جيدًا قبل أن نمسك المقص.',
      'A calm, bright neighbourhood salon in {district}, where we take the time to listen before we pick up the scissors.'),
    ('coiffure', 1, 'Coupes, couleurs et coiffures de fête : nous travaillons sur rendez-vous pour que personne n’attende. Le thé à la menthe est offert.',
      'قص وصباغة وتسريحات المناسبات: نعمل بالمواعيد حتى لا ينتظر أحد، وكأس الأتاي بالنعناع على حسابنا.',
      'Cuts, colour and styles for celebrations, by appointment so that nobody waits. The mint tea is on us.'),
    ('beaute', 0, 'Hammam traditionnel, gommage au savon beldi et massage à l’huile d’argan, dans une maison de {city} tenue par des femmes du métier.',
      'حمّام تقليدي وتقشير بالصابون البلدي وتدليك بزيت الأركان، في دار بمدينة {city} تشرف عليها نساء متمرسات.',
      'Traditional hammam, beldi-soap scrub and argan-oil massage, in a {city} house run by women who know the craft.'),
    ('beaute', 1, 'Soins du visage, mains, pieds et henné, avec des produits marocains choisis chez de petites coopératives. Linge et instruments stérilisés à chaque cliente.',
      'عناية بالوجه واليدين والقدمين وحناء، بمنتجات مغربية من تعاونيات صغيرة. المناشف والأدوات معقمة لكل زبونة.',
      'Care for face, hands and feet, and henna, with Moroccan products from small cooperatives. Towels and tools are sterilised for each guest.'),
    ('jardinage', 0, 'Tonte, taille et arrosage automatique pour jardins et terrasses de {city}. Nous choisissons des plantes qui supportent notre soleil et peu d’eau.',
      'جز العشب والتقليم والسقي الآلي لحدائق وشرفات {city}. نختار نباتات تتحمل شمسنا وتكتفي بقليل من الماء.',
      'Mowing, pruning and automatic watering for gardens and terraces in {city}. We choose plants that stand our sun on little water.'),
    ('jardinage', 1, 'D’un petit patio à un grand parc, nous venons avec nos outils et repartons avec les déchets verts. Un passage par mois suffit à garder un beau jardin.',
      'من الرياض الصغير إلى الحديقة الكبيرة، نأتي بأدواتنا ونحمل المخلفات معنا. زيارة واحدة في الشهر تكفي لحديقة جميلة.',
      'From a small patio to a large park, we bring our tools and take the green waste with us. One visit a month keeps a garden beautiful.'),
    ('peinture', 0, 'Peinture intérieure et extérieure, enduits et finitions à {city}. Meubles protégés, angles nets, chantier balayé chaque soir.',
      'صباغة داخلية وخارجية وتلبيس وتشطيب في {city}. نغطي الأثاث ونضبط الزوايا وننظف الورش كل مساء.',
      'Interior and exterior painting, plaster and finishes in {city}. Furniture covered, sharp corners, site swept every evening.'),
    ('peinture', 1, 'Nous faisons aussi le tadelakt et la chaux, à l’ancienne. Venez avec une photo, nous vous montrons des échantillons sur votre propre mur.',
      'نتقن أيضًا التادلاكت والجير على الطريقة القديمة. أرسل صورة ونريك عينات على جدارك.',
      'We also do tadelakt and lime wash the old way. Bring a photo and we show you samples on your own wall.'),
    ('menuiserie', 0, 'Portes, placards et cuisines sur mesure, en cèdre, hêtre ou MDF. Le dessin et la prise de mesures précèdent tout devis.',
      'أبواب وخزائن ومطابخ على المقاس، من الأرز أو الزان أو MDF. الرسم وأخذ القياسات قبل أي ثمن.',
      'Doors, cupboards and kitchens made to measure, in cedar, beech or MDF. Drawing and measuring come before any quote.'),
    ('menuiserie', 1, 'Atelier familial de {city} : nous réparons autant que nous fabriquons. Une porte qui frotte ou un tiroir cassé ne méritent pas d’être jetés.',
      'ورشة عائلية في {city}: نصلح بقدر ما نصنع. باب يحتك أو درج مكسور لا يستحق الرمي.',
      'A family workshop in {city}: we mend as much as we make. A door that sticks or a broken drawer need not be thrown away.'),
    ('cours', 0, 'Soutien du collège au bac, préparation aux concours et langues. Un premier échange permet de fixer un objectif et un rythme, avec un bilan chaque mois.',
      'دعم من الإعدادي إلى الباكالوريا، وتحضير المباريات واللغات. لقاء أول لتحديد الهدف والوتيرة، وحصيلة كل شهر.',
      'Support from middle school to the baccalaureate, exam preparation and languages. A first talk sets goal and pace, with a review every month.'),
    ('cours', 1, 'Des enseignants patients, qui expliquent en français, en arabe ou en darija selon l’élève. Cours individuels, jamais plus d’une heure et demie d’affilée.',
      'أساتذة صبورون يشرحون بالفرنسية أو العربية أو الدارجة حسب التلميذ. دروس فردية لا تتجاوز ساعة ونصف.',
      'Patient teachers who explain in French, Arabic or Darija as the pupil prefers. One to one, never more than an hour and a half at a time.'),
    ('photographie', 0, 'Portraits, mariages et photos d’entreprise à {city}. Les images retouchées vous parviennent en une semaine, dans une galerie privée.',
      'بورتريهات وأعراس وصور مهنية في {city}. تصلك الصور المعالجة خلال أسبوع في معرض خاص.',
      'Portraits, weddings and company photos in {city}. Your edited pictures arrive within a week, in a private gallery.'),
    ('photographie', 1, 'Nous aimons la lumière naturelle et les gens qui n’aiment pas poser. La première demi-heure sert toujours à se mettre à l’aise.',
      'نحب الضوء الطبيعي والناس الذين لا يحبون الوقوف أمام الكاميرا. نصف الساعة الأولى دائمًا لكسر الخجل.',
      'We love natural light and people who dislike posing. The first half hour is always for feeling at ease.'),
    ('informatique', 0, 'Ordinateur lent, écran cassé, wifi capricieux : diagnostic honnête, et pas de réparation si elle coûte plus que la machine.',
      'حاسوب بطيء، شاشة مكسورة، ويفي متقلب: تشخيص صادق، ولا إصلاح إن كان أغلى من الجهاز.',
      'Slow computer, broken screen, moody wifi: an honest diagnosis, and no repair that costs more than the machine.'),
    ('informatique', 1, 'Nous aidons particuliers et petits bureaux de {city} : sauvegarde, réseau, imprimantes et récupération de données. Vos fichiers restent confidentiels.',
      'نساعد الأفراد والمكاتب الصغيرة في {city}: النسخ الاحتياطي والشبكة والطابعات واسترجاع البيانات. ملفاتك تبقى سرية.',
      'We help people and small offices in {city}: backup, network, printers and data recovery. Your files stay confidential.')
) as a (category, voice, fr, ar, en);

create temporary table seed_closings as
select *
from (
  values
    (0, 'Paiement en espèces ou par carte, facture sur demande.', 'الدفع نقدًا أو بالبطاقة، والفاتورة عند الطلب.', 'Cash or card, invoice on request.'),
    (1, '{name}, c’est une petite équipe que les voisins se recommandent.', '{name} فريق صغير يوصي به الجيران بعضهم بعضًا.', '{name} is a small team that neighbours recommend to each other.'),
    (2, 'On parle darija, français et un peu d’anglais.', 'نتحدث الدارجة والفرنسية وقليلًا من الإنجليزية.', 'We speak Darija, French and some English.'),
    (3, 'Un imprévu ? Prévenez-nous, nous trouvons un autre créneau.', 'طرأ طارئ؟ أخبرنا ونجد موعدًا آخر.', 'Something came up? Tell us and we find another time.'),
    (4, 'Installés à {district}, nous nous déplaçons dans toute la ville de {city}.', 'مقرنا في {city} ونخدم جميع أحيائها.', 'Based in {district}, at home all over {city}.'),
    (5, 'Nous répondons aux messages dans la journée, même le samedi.', 'نجيب عن الرسائل في اليوم نفسه، حتى يوم السبت.', 'We answer messages within the day, Saturdays included.')
) as c (voice, fr, ar, en);

insert into public.providers (
  id, slug, name, name_ar, category_id, city_slug, district, address, latitude, longitude, about_fr, about_ar,
  about_en, phone, status, verified_at, approval, cancellation_policy_id, created_at
)
select
  pg_temp.seed_id('provider ' || p.slug), p.slug, p.name, p.name_ar, c.id, p.city, p.district, p.address,
  -- a few streets away from the middle of the district
  d.latitude + (pg_temp.pick(p.slug || ' lat', 41) - 20) / 10000.0,
  d.longitude + (pg_temp.pick(p.slug || ' lng', 41) - 20) / 10000.0,
  replace(replace(replace(a.fr || ' ' || z.fr, '{city}', t.name_fr), '{district}', p.district), '{name}', p.name),
  replace(replace(a.ar || ' ' || z.ar, '{city}', t.name_ar), '{name}', p.name_ar),
  replace(replace(replace(a.en || ' ' || z.en, '{city}', t.name_en), '{district}', p.district), '{name}', p.name),
  -- subscriber numbers starting with 00 are nobody's
  case
    when c.slug in ('coiffure', 'beaute', 'menuiserie', 'informatique') then
      '+2125' || case p.city
        when 'casablanca' then '22' when 'rabat' then '37' when 'marrakech' then '24' when 'fes' then '35'
        when 'meknes' then '35' when 'tanger' then '39' when 'agadir' then '28' else '36'
      end
    else '+212600'
  end || '00' || lpad(pg_temp.pick(p.slug || ' phone', 10000)::text, 4, '0'),
  'published',
  case when p.grade = 0 or (p.grade = 1 and pg_temp.pick(p.slug || ' verified', 100) < 52)
    then private.to_instant(pg_temp.day(-30 - pg_temp.pick(p.slug || ' checked', 300)) + interval '11 hours', 'Africa/Casablanca')
  end,
  case when p.slug <> 'plomberie-al-amal' and pg_temp.pick(p.slug || ' approval', 100) < 55
    then 'automatic'::public.approval else 'manual' end,
  y.id,
  private.to_instant(pg_temp.day(-380 - pg_temp.pick(p.slug || ' since', 500)) + interval '10 hours', 'Africa/Casablanca')
from seed_providers p
join public.categories c on c.slug = p.category
join public.cities t on t.slug = p.city
join seed_districts d on d.city = p.city and d.district = p.district
join seed_abouts a on a.category = p.category and a.voice = pg_temp.pick(p.slug || ' voice', 2)
join seed_closings z on z.voice = pg_temp.pick(p.slug || ' closing', 6)
join public.cancellation_policies y on y.code = case
  when p.slug = 'plomberie-al-amal' then 'moderate'
  when c.slug in ('photographie', 'menuiserie') then 'strict'
  else (array['flexible', 'moderate', 'flexible'])[1 + pg_temp.pick(p.slug || ' policy', 3)]
end;


-- Staff, services and hours -----------------------------------------------------------------------------------------

insert into public.resources (id, provider_id, kind, name, position)
select
  pg_temp.seed_id('staff ' || p.slug || ' ' || member.name), pg_temp.seed_id('provider ' || p.slug), 'staff',
  member.name, member.position
from seed_providers p, unnest(string_to_array(p.team, ',')) with ordinality as member (name, position);

-- Prices in MAD, for a business of ordinary prices. Buffers are the way there, or the time to make the place ready.
create temporary table seed_services as
select *
from (
  values
    ('plomberie', 1, 'customer', 60, 15, 15, 30, 120, 60, 250, 30, 'Réparation de fuite', 'إصلاح تسرب الماء', 'Leak repair', 'Recherche et réparation d’une fuite visible : robinet, siphon, raccord. Petites fournitures comprises.', 'البحث عن تسرب ظاهر وإصلاحه: صنبور أو سيفون أو وصلة. القطع الصغيرة مشمولة.', 'Finding and mending a visible leak: tap, trap or joint. Small parts included.'),
    ('plomberie', 2, 'customer', 60, 15, 15, 30, 120, 60, 300, 20, 'Débouchage d’évier ou de WC', 'تسليك المجاري والمرحاض', 'Unblocking a sink or toilet', 'Débouchage au furet ou à la pompe, puis test d’écoulement.', 'تسليك بالسلك أو المضخة ثم اختبار الجريان.', 'Cleared with a drain snake or pump, then tested.'),
    ('plomberie', 3, 'customer', 120, 15, 15, 30, 240, 60, 600, 30, 'Installation de chauffe-eau', 'تركيب سخان الماء', 'Water heater installation', 'Pose d’un chauffe-eau gaz ou électrique que vous avez acheté, avec essai de sécurité.', 'تركيب سخان غاز أو كهربائي اشتريته، مع اختبار السلامة.', 'Fitting a gas or electric heater that you have bought, with a safety test.'),
    ('plomberie', 4, 'customer', 90, 15, 15, 30, 240, 60, 400, 0, 'Remplacement de robinetterie', 'تغيير الصنابير', 'Tap replacement', 'Dépose de l’ancien mitigeur, pose du nouveau et joints neufs.', 'فك الخلاط القديم وتركيب الجديد مع حلقات جديدة.', 'Old mixer out, new one in, with new seals.'),
    ('electricite', 1, 'customer', 60, 15, 15, 30, 120, 60, 250, 20, 'Dépannage électrique', 'إصلاح عطل كهربائي', 'Electrical repair', 'Recherche de panne, disjoncteur, prise ou interrupteur défectueux.', 'البحث عن العطل: قاطع أو مقبس أو مفتاح معطوب.', 'Fault finding: breaker, socket or switch.'),
    ('electricite', 2, 'customer', 60, 15, 15, 30, 240, 60, 200, 0, 'Pose de luminaire ou de lustre', 'تركيب الثريات والمصابيح', 'Light or chandelier fitting', 'Fixation et raccordement, jusqu’à trois points lumineux.', 'تثبيت وتوصيل حتى ثلاث نقاط إنارة.', 'Fixing and wiring, up to three lights.'),
    ('electricite', 3, 'customer', 180, 15, 15, 60, 1440, 60, 1200, 30, 'Remplacement du tableau électrique', 'تغيير اللوحة الكهربائية', 'Fuse board replacement', 'Tableau neuf avec protection différentielle, repérage des circuits.', 'لوحة جديدة بحماية تفاضلية مع ترقيم الدارات.', 'New board with residual-current protection and labelled circuits.'),
    ('electricite', 4, 'customer', 45, 15, 15, 30, 240, 60, 150, 0, 'Diagnostic de l’installation', 'تشخيص الشبكة الكهربائية', 'Wiring check', 'Contrôle du tableau, de la terre et des prises, avec compte rendu.', 'فحص اللوحة والتأريض والمقابس مع تقرير.', 'Board, earthing and sockets checked, with a short report.'),
    ('menage', 1, 'customer', 180, 15, 15, 30, 720, 60, 200, 0, 'Ménage 3 heures', 'تنظيف 3 ساعات', 'Cleaning, 3 hours', 'Cuisine, salles d’eau, poussières et sols. Idéal pour un appartement de deux chambres.', 'المطبخ والحمامات والغبار والأرضيات. مناسب لشقة بغرفتين.', 'Kitchen, bathrooms, dusting and floors. Right for a two-bedroom flat.'),
    ('menage', 2, 'customer', 240, 30, 0, 30, 1440, 60, 450, 30, 'Grand ménage', 'تنظيف شامل', 'Deep cleaning', 'Intérieur des placards, vitres, dégraissage de la cuisine, détartrage.', 'داخل الخزائن والزجاج وإزالة الدهون والكلس.', 'Inside cupboards, windows, degreasing and descaling.'),
    ('menage', 3, 'customer', 120, 15, 15, 30, 720, 60, 150, 0, 'Repassage à domicile', 'كيّ الملابس في البيت', 'Ironing at home', 'Deux heures de repassage, chemises et linge de maison.', 'ساعتان من الكي: قمصان ومفروشات.', 'Two hours of ironing, shirts and household linen.'),
    ('menage', 4, 'customer', 150, 30, 30, 30, 1440, 60, 500, 50, 'Nettoyage de canapés et tapis', 'تنظيف الأرائك والزرابي', 'Sofa and rug cleaning', 'Injection-extraction d’un salon marocain jusqu’à six mètres ou de deux tapis.', 'غسل بالحقن والشفط لصالون مغربي حتى ستة أمتار أو زربيتين.', 'Hot-water cleaning of a Moroccan salon up to six metres, or two rugs.'),
    ('climatisation', 1, 'customer', 60, 15, 15, 30, 240, 60, 250, 20, 'Entretien de climatiseur', 'صيانة المكيف', 'Air conditioner service', 'Nettoyage des filtres et de la turbine, contrôle de la pression.', 'تنظيف المصافي والمروحة ومراقبة الضغط.', 'Filters and fan cleaned, pressure checked.'),
    ('climatisation', 2, 'customer', 60, 15, 15, 30, 240, 60, 450, 20, 'Recharge de gaz', 'شحن الغاز', 'Regassing', 'Recherche de fuite puis recharge R32 ou R410A.', 'البحث عن التسرب ثم شحن R32 أو R410A.', 'Leak test, then R32 or R410A refill.'),
    ('climatisation', 3, 'customer', 180, 15, 15, 60, 1440, 60, 900, 50, 'Installation d’un split', 'تركيب مكيف سبليت', 'Split unit installation', 'Pose complète avec trois mètres de liaison et mise en service.', 'تركيب كامل مع ثلاثة أمتار من الأنابيب والتشغيل.', 'Complete fitting with three metres of pipe, then start-up.'),
    ('climatisation', 4, 'customer', 60, 15, 15, 30, 240, 60, 200, 0, 'Dépannage frigo ou chambre froide', 'إصلاح الثلاجة أو غرفة التبريد', 'Fridge or cold room repair', 'Diagnostic sur place, déduit de la réparation.', 'تشخيص في عين المكان يخصم من ثمن الإصلاح.', 'Diagnosis on site, taken off the repair.'),
    ('coiffure', 1, 'provider', 45, 0, 0, 15, 60, 45, 120, 0, 'Coupe et brushing', 'قص وسشوار', 'Cut and blow-dry', 'Shampooing, coupe et séchage selon votre envie.', 'غسل وقص وتجفيف كما تحب.', 'Wash, cut and dry, the way you like it.'),
    ('coiffure', 2, 'provider', 120, 0, 15, 30, 120, 45, 400, 20, 'Couleur complète', 'صباغة كاملة', 'Full colour', 'Couleur sans ammoniaque, soin et brushing.', 'صباغة بدون أمونياك مع عناية وسشوار.', 'Ammonia-free colour, care and blow-dry.'),
    ('coiffure', 3, 'provider', 30, 0, 0, 15, 60, 45, 60, 0, 'Coupe simple', 'قصة بسيطة', 'Quick cut', 'Coupe aux ciseaux ou à la tondeuse, finitions au rasoir.', 'قص بالمقص أو الماكينة مع لمسات بالموس.', 'Scissors or clippers, razor finish.'),
    ('coiffure', 4, 'provider', 90, 0, 15, 30, 1440, 90, 500, 50, 'Coiffure de fête', 'تسريحة المناسبات', 'Occasion hairstyle', 'Chignon, tresses ou boucles pour fiançailles, mariage ou soirée.', 'كعكة أو ضفائر أو تموجات للخطوبة والعرس والسهرات.', 'Updo, braids or curls for an engagement, wedding or evening.'),
    ('beaute', 1, 'provider', 75, 0, 15, 30, 180, 60, 250, 20, 'Hammam et gommage', 'حمّام وتقشير', 'Hammam and scrub', 'Vapeur, savon beldi, gommage au kessa et thé.', 'بخار وصابون بلدي وتقشير بالكيس وكأس شاي.', 'Steam, beldi soap, kessa scrub and tea.'),
    ('beaute', 2, 'provider', 60, 0, 15, 30, 180, 60, 350, 30, 'Massage à l’argan', 'تدليك بزيت الأركان', 'Argan massage', 'Massage détente d’une heure à l’huile tiède.', 'ساعة من التدليك المريح بزيت دافئ.', 'One hour of relaxing massage with warm oil.'),
    ('beaute', 3, 'provider', 60, 0, 0, 30, 120, 60, 150, 0, 'Manucure et pédicure', 'عناية باليدين والقدمين', 'Manicure and pedicure', 'Soin complet et pose de vernis.', 'عناية كاملة وطلاء الأظافر.', 'Full care and polish.'),
    ('beaute', 4, 'provider', 45, 0, 0, 15, 180, 60, 200, 100, 'Henné des mains', 'نقش الحناء', 'Hand henna', 'Motif fassi, khaliji ou sahraoui, henné naturel.', 'نقش فاسي أو خليجي أو صحراوي بحناء طبيعية.', 'Fassi, Khaliji or Sahrawi pattern, natural henna.'),
    ('jardinage', 1, 'customer', 120, 15, 15, 30, 720, 60, 250, 0, 'Entretien de jardin', 'صيانة الحديقة', 'Garden maintenance', 'Tonte, désherbage, bordures et évacuation des déchets verts.', 'جز وإزالة الأعشاب وترتيب الحواف وحمل المخلفات.', 'Mowing, weeding, edging and green waste removal.'),
    ('jardinage', 2, 'customer', 180, 15, 15, 60, 1440, 60, 450, 20, 'Taille de haies et d’arbres', 'تقليم السياج والأشجار', 'Hedge and tree pruning', 'Taille d’oliviers, agrumes, bougainvilliers et haies.', 'تقليم الزيتون والحوامض والجهنمية والسياج.', 'Olives, citrus, bougainvillea and hedges.'),
    ('jardinage', 3, 'customer', 240, 15, 15, 60, 2880, 90, 1500, 50, 'Arrosage goutte à goutte', 'تركيب السقي بالتنقيط', 'Drip watering', 'Pose d’un réseau avec programmateur, jusqu’à cent mètres carrés.', 'تركيب شبكة بمبرمج حتى مئة متر مربع.', 'A network with timer, up to a hundred square metres.'),
    ('jardinage', 4, 'customer', 60, 15, 15, 30, 720, 60, 150, 0, 'Conseil et choix de plantes', 'استشارة واختيار النباتات', 'Plant advice', 'Visite, plan simple et liste de plantes.', 'زيارة ومخطط بسيط ولائحة نباتات.', 'A visit, a simple plan and a plant list.'),
    ('peinture', 1, 'customer', 45, 15, 15, 30, 720, 60, 100, 0, 'Visite et devis', 'زيارة وتقدير الثمن', 'Visit and quote', 'Mesures, état des murs et devis détaillé ; déduit du chantier.', 'قياسات وحالة الجدران وثمن مفصل يخصم من الأشغال.', 'Measures, state of the walls and a detailed quote, taken off the job.'),
    ('peinture', 2, 'customer', 240, 15, 0, 30, 2880, 90, 900, 30, 'Peinture d’une chambre', 'صباغة غرفة', 'Painting a bedroom', 'Deux couches, plafond compris, jusqu’à quatorze mètres carrés.', 'طبقتان مع السقف حتى أربعة عشر مترًا مربعًا.', 'Two coats with the ceiling, up to fourteen square metres.'),
    ('peinture', 3, 'customer', 180, 15, 15, 30, 1440, 90, 500, 20, 'Retouches et rebouchage', 'ترميم وسد الشقوق', 'Touch-ups and filling', 'Fissures, trous, taches d’humidité traitées et repeintes.', 'شقوق وثقوب وبقع رطوبة تعالج وتصبغ.', 'Cracks, holes and damp stains treated and repainted.'),
    ('peinture', 4, 'customer', 240, 15, 0, 60, 4320, 90, 2200, 50, 'Tadelakt de salle de bain', 'تادلاكت الحمام', 'Bathroom tadelakt', 'Première journée d’application, quatre mètres carrés, savon noir et galet.', 'اليوم الأول من التطبيق، أربعة أمتار مربعة، بالصابون الأسود والحجر.', 'First day of work, four square metres, black soap and pebble.'),
    ('menuiserie', 1, 'customer', 60, 30, 30, 30, 240, 60, 250, 20, 'Réparation de porte ou de fenêtre', 'إصلاح باب أو نافذة', 'Door or window repair', 'Rabotage, charnières, serrure ou vitre à remettre en place.', 'تسوية وتبديل المفصلات أو القفل أو الزجاج.', 'Planing, hinges, lock or pane put right.'),
    ('menuiserie', 2, 'customer', 120, 30, 30, 30, 720, 60, 350, 0, 'Montage de meubles', 'تركيب الأثاث', 'Furniture assembly', 'Armoire, lit ou bureau en kit, fixation murale comprise.', 'خزانة أو سرير أو مكتب، مع التثبيت على الجدار.', 'Wardrobe, bed or desk in kit, fixed to the wall.'),
    ('menuiserie', 3, 'customer', 60, 30, 30, 30, 1440, 60, 150, 100, 'Prise de mesures sur place', 'أخذ القياسات في عين المكان', 'Measuring visit', 'Pour placard, cuisine ou bibliothèque sur mesure, avec croquis.', 'لخزانة أو مطبخ أو مكتبة على المقاس، مع رسم أولي.', 'For a made-to-measure cupboard, kitchen or bookcase, with a sketch.'),
    ('menuiserie', 4, 'customer', 180, 30, 30, 60, 2880, 60, 800, 30, 'Pose de placard', 'تركيب خزانة حائطية', 'Cupboard fitting', 'Installation d’un placard livré, réglage des portes.', 'تركيب خزانة جاهزة وضبط الأبواب.', 'Installing a delivered cupboard, doors adjusted.'),
    ('cours', 1, 'customer', 90, 15, 15, 30, 720, 60, 200, 0, 'Mathématiques, collège et lycée', 'رياضيات، إعدادي وثانوي', 'Maths, secondary school', 'Cours individuel à domicile, exercices corrigés ensemble.', 'درس فردي في البيت مع تصحيح التمارين.', 'One to one at home, exercises corrected together.'),
    ('cours', 2, 'customer', 60, 15, 15, 30, 720, 60, 160, 0, 'Français ou anglais', 'فرنسية أو إنجليزية', 'French or English', 'Conversation et grammaire, du débutant au niveau avancé.', 'محادثة وقواعد من المبتدئ إلى المتقدم.', 'Conversation and grammar, beginner to advanced.'),
    ('cours', 3, 'customer', 90, 15, 15, 30, 1440, 60, 240, 20, 'Préparation au bac', 'التحضير للباكالوريا', 'Baccalaureate preparation', 'Annales, méthode et gestion du temps.', 'نماذج الامتحانات والمنهجية وتدبير الوقت.', 'Past papers, method and timing.'),
    ('cours', 4, 'provider', 60, 0, 0, 30, 240, 60, 130, 0, 'Aide aux devoirs, primaire', 'المساعدة في الواجبات، ابتدائي', 'Homework help, primary school', 'Dans nos locaux, lecture, calcul et confiance en soi.', 'في مقرنا: قراءة وحساب وثقة بالنفس.', 'At our place: reading, sums and confidence.'),
    ('photographie', 1, 'provider', 60, 0, 15, 30, 1440, 90, 500, 30, 'Portrait en studio', 'بورتريه في الاستوديو', 'Studio portrait', 'Une tenue, dix photos retouchées.', 'لباس واحد وعشر صور معالجة.', 'One outfit, ten edited photos.'),
    ('photographie', 2, 'customer', 120, 30, 30, 30, 2880, 120, 1200, 50, 'Séance famille en extérieur', 'جلسة عائلية في الخارج', 'Outdoor family session', 'Jardin, plage ou médina, trente photos.', 'في حديقة أو شاطئ أو مدينة قديمة، ثلاثون صورة.', 'Garden, beach or medina, thirty photos.'),
    ('photographie', 3, 'provider', 15, 0, 0, 15, 60, 60, 40, 100, 'Photos d’identité', 'صور الهوية', 'ID photos', 'Huit tirages aux normes carte nationale, passeport ou visa.', 'ثماني نسخ وفق معايير البطاقة والجواز والتأشيرة.', 'Eight prints for national card, passport or visa.'),
    ('photographie', 4, 'customer', 180, 30, 30, 60, 10080, 365, 3500, 50, 'Reportage de fiançailles', 'تغطية حفل الخطوبة', 'Engagement coverage', 'Trois heures de présence, cent photos et une courte vidéo.', 'ثلاث ساعات من الحضور ومئة صورة وفيديو قصير.', 'Three hours, a hundred photos and a short film.'),
    ('informatique', 1, 'provider', 30, 0, 0, 30, 60, 45, 100, 0, 'Diagnostic d’ordinateur', 'تشخيص الحاسوب', 'Computer diagnosis', 'Test du disque, de la mémoire et de la batterie.', 'فحص القرص والذاكرة والبطارية.', 'Disk, memory and battery tested.'),
    ('informatique', 2, 'customer', 90, 15, 15, 30, 240, 60, 300, 20, 'Dépannage à domicile', 'إصلاح في البيت', 'Help at home', 'Virus, lenteur, imprimante ou messagerie remis en ordre.', 'فيروسات وبطء وطابعة أو بريد نعيدها إلى العمل.', 'Viruses, slowness, printer or mail put right.'),
    ('informatique', 3, 'provider', 60, 0, 0, 30, 120, 45, 250, 0, 'Remplacement d’écran ou de clavier', 'تغيير الشاشة أو لوحة المفاتيح', 'Screen or keyboard replacement', 'Main-d’œuvre ; la pièce est chiffrée après diagnostic.', 'ثمن اليد العاملة، أما القطعة فتحدد بعد التشخيص.', 'Labour; the part is priced after diagnosis.'),
    ('informatique', 4, 'customer', 120, 15, 15, 30, 720, 60, 450, 30, 'Installation wifi et réseau', 'تركيب الويفي والشبكة', 'Wifi and network set-up', 'Routeur, répéteurs et câblage léger, couverture mesurée pièce par pièce.', 'راوتر ومقويات وأسلاك خفيفة مع قياس التغطية غرفة بغرفة.', 'Router, repeaters and light cabling, coverage measured room by room.')
) as s (
  category, position, place, duration, before, after, step, notice, horizon, price, deposit, name_fr, name_ar, name_en,
  description_fr, description_ar, description_en
);

-- Every business offers its trade's first service and most of the others, at prices of its own; the plumber of the
-- demonstration offers all four at the list price.
insert into public.services (
  id, provider_id, name_fr, name_ar, name_en, description_fr, description_ar, description_en, duration_minutes,
  buffer_before_minutes, buffer_after_minutes, step_minutes, notice_minutes, horizon_days, price_minor,
  deposit_percent, place, position
)
select
  pg_temp.seed_id('service ' || p.slug || ' ' || s.position), pg_temp.seed_id('provider ' || p.slug), s.name_fr,
  s.name_ar, s.name_en, s.description_fr, s.description_ar, s.description_en, s.duration, s.before, s.after, s.step,
  s.notice, s.horizon,
  case when p.slug = 'plomberie-al-amal' then s.price
    else round(s.price * (85 + pg_temp.pick(p.slug || ' price', 40)) / 1000.0) * 10 end * 100,
  case when p.slug <> 'plomberie-al-amal' and s.deposit between 1 and 50 and pg_temp.pick(p.slug || ' deposit', 4) = 0
    then 0 else s.deposit end,
  s.place::public.service_place, s.position
from seed_providers p
join seed_services s on s.category = p.category
where s.position = 1
  or p.slug = 'plomberie-al-amal'
  -- of the other three, at most one is left out
  or s.position - 2 <> pg_temp.pick(p.slug || ' without', 5);

-- Everybody does everything, except that the newest of a team of three or more leaves the last service to the others.
insert into public.service_resources (service_id, resource_id)
select s.id, r.id
from public.services s
join public.resources r on r.provider_id = s.provider_id
where s.position < 4
  or r.position < 3;

create temporary table seed_hours as
select *
from (
  values
    ('every day', array[1, 2, 3, 4, 5, 6, 7], time '08:00', time '20:00'),
    ('calls', array[1, 2, 3, 4], time '08:30', time '18:30'),
    ('calls', array[5], time '08:30', time '12:00'),
    ('calls', array[5], time '14:30', time '18:30'),
    ('calls', array[6], time '09:00', time '14:00'),
    ('shop', array[1, 2, 3, 4], time '09:00', time '12:30'),
    ('shop', array[1, 2, 3, 4], time '14:30', time '19:00'),
    ('shop', array[5], time '09:00', time '12:00'),
    ('shop', array[5], time '15:00', time '19:00'),
    ('shop', array[6], time '09:00', time '13:30'),
    ('salon', array[2, 3, 4, 6], time '10:00', time '20:00'),
    ('salon', array[5], time '10:00', time '12:30'),
    ('salon', array[5], time '15:00', time '21:00'),
    ('salon', array[7], time '10:00', time '18:00'),
    ('tutor', array[1, 2, 4, 5], time '16:30', time '21:00'),
    ('tutor', array[3, 6], time '09:00', time '12:30'),
    ('tutor', array[3, 6], time '14:30', time '20:00'),
    ('studio', array[1, 2, 3, 4, 6], time '10:00', time '19:30'),
    ('studio', array[5], time '10:00', time '12:30'),
    ('studio', array[5], time '15:30', time '20:30')
) as h (pattern, weekdays, opens, closes);

insert into public.opening_hours (id, provider_id, weekday, opens, closes)
select
  pg_temp.seed_id('hours ' || p.slug || ' ' || day || ' ' || h.opens), pg_temp.seed_id('provider ' || p.slug), day,
  h.opens, h.closes
from seed_providers p
join seed_hours h on h.pattern = p.hours
cross join unnest(h.weekdays) as day;


-- People ------------------------------------------------------------------------------------------------------------

create temporary table seed_people as
select p.*, pg_temp.seed_id('account ' || p.email) as id
from (
  values
    ('amina@example.com', 'Amina Benjelloun', 'fr', 'customer'),
    ('youssef@example.com', 'Youssef El Amrani', 'fr', 'owner'),
    ('karim@example.com', 'Karim Ouahbi', 'fr', 'staff'),
    ('nadia@example.com', 'Nadia Chraïbi', 'fr', 'moderator'),
    ('hicham@example.com', 'Hicham Tazi', 'fr', 'admin'),
    ('salma@example.com', 'Salma Berrada', 'fr', 'super_admin'),
    ('mehdi.alaoui@example.com', 'Mehdi Alaoui', 'fr', 'customer'),
    ('fz.bennis@example.com', 'Fatima Zahra Bennis', 'fr', 'customer'),
    ('othmane.kabbaj@example.com', 'Othmane Kabbaj', 'fr', 'customer'),
    ('houria.s@example.com', 'حورية السباعي', 'ar', 'customer'),
    ('rachid.mansouri@example.com', 'Rachid Mansouri', 'fr', 'customer'),
    ('emily.carter@example.com', 'Emily Carter', 'en', 'customer'),
    ('soukaina.idrissi@example.com', 'Soukaina Idrissi', 'fr', 'customer'),
    ('abdellah.n@example.com', 'عبد الله الناصري', 'ar', 'customer'),
    ('yasmina.lahlou@example.com', 'Yasmina Lahlou', 'fr', 'customer'),
    ('anas.filali@example.com', 'Anas Filali', 'fr', 'customer'),
    ('khadija.rami@example.com', 'خديجة الرامي', 'ar', 'customer'),
    ('david.moreau@example.com', 'David Moreau', 'fr', 'customer'),
    ('hamza.ziani@example.com', 'Hamza Ziani', 'fr', 'customer'),
    ('loubna.sqalli@example.com', 'Loubna Sqalli', 'fr', 'customer'),
    ('brahim.oubella@example.com', 'إبراهيم أوبلا', 'ar', 'customer'),
    ('sara.guessous@example.com', 'Sara Guessous', 'en', 'customer'),
    ('tarik.haddad@example.com', 'Tarik Haddad', 'fr', 'customer'),
    ('nawal.m@example.com', 'نوال المرابط', 'ar', 'customer'),
    ('imane.tahiri@example.com', 'Imane Tahiri', 'fr', 'customer'),
    ('ayoub.lazrak@example.com', 'Ayoub Lazrak', 'fr', 'customer'),
    ('james.whitfield@example.com', 'James Whitfield', 'en', 'customer'),
    ('zineb.cherkaoui@example.com', 'Zineb Cherkaoui', 'fr', 'customer'),
    ('mustapha.b@example.com', 'مصطفى بناني', 'ar', 'customer'),
    ('ghita.skalli@example.com', 'Ghita Skalli', 'fr', 'customer'),
    ('younes.barakat@example.com', 'Younes Barakat', 'fr', 'customer'),
    ('meryem.ouazzani@example.com', 'Meryem Ouazzani', 'fr', 'customer'),
    ('said.ait@example.com', 'سعيد آيت الحاج', 'ar', 'customer'),
    ('leila.fassi@example.com', 'Leïla Fassi', 'fr', 'customer'),
    ('omar.sefrioui@example.com', 'Omar Sefrioui', 'fr', 'customer'),
    ('hanae.k@example.com', 'هناء القادري', 'ar', 'customer'),
    ('adil.benchekroun@example.com', 'Adil Benchekroun', 'fr', 'customer'),
    ('samira.jettari@example.com', 'Samira Jettari', 'fr', 'customer'),
    ('carmen.ruiz@example.com', 'Carmen Ruiz', 'en', 'customer'),
    ('reda.slaoui@example.com', 'Reda Slaoui', 'fr', 'customer'),
    ('asmae.t@example.com', 'أسماء التازي', 'ar', 'customer'),
    ('nabil.chafik@example.com', 'Nabil Chafik', 'fr', 'customer'),
    ('wiam.elkhattabi@example.com', 'Wiam El Khattabi', 'fr', 'customer'),
    ('driss.lamrini@example.com', 'Driss Lamrini', 'fr', 'customer'),
    ('bouchra.h@example.com', 'بشرى الهاشمي', 'ar', 'customer'),
    ('kenza.bouzidi@example.com', 'Kenza Bouzidi', 'fr', 'customer')
) as p (email, full_name, language, part);

-- Each of the other businesses has an owner of its own, named after the first of the team.
insert into seed_people (email, full_name, language, part, id)
select
  p.slug || '@example.com',
  split_part(p.team, ',', 1) || ' ' || (
    array['Bouazza', 'El Fassi', 'Amghar', 'Naciri', 'Belkadi', 'Ait Lahcen', 'Tahiri', 'Sebti', 'Hajji', 'Mernissi',
      'El Yousfi', 'Lahrichi', 'Benomar', 'Kadiri', 'Rahmouni', 'Ouchen']
  )[1 + pg_temp.pick(p.slug || ' family', 16)],
  case when pg_temp.pick(p.slug || ' language', 4) = 0 then 'ar' else 'fr' end, 'owner',
  pg_temp.seed_id('account ' || p.slug || '@example.com')
from seed_providers p
where p.slug <> 'plomberie-al-amal';

-- The password of all of them is khadamat-demo. The trigger on auth.users makes their profiles.
insert into auth.users (
  instance_id, id, aud, role, email, encrypted_password, email_confirmed_at, confirmation_token, recovery_token,
  email_change, email_change_token_new, email_change_token_current, phone_change, phone_change_token,
  reauthentication_token, raw_app_meta_data, raw_user_meta_data, created_at, updated_at
)
select
  '00000000-0000-0000-0000-000000000000', p.id, 'authenticated', 'authenticated', p.email,
  '$2a$10$KhadamatDemoAccounts2u4i1CHTeH5JG9o7VgS9Qt/52zAFxyGL6', joined.at, '', '', '', '', '', '', '', '',
  '{"provider": "email", "providers": ["email"]}',
  jsonb_build_object('full_name', p.full_name, 'language', p.language), joined.at, joined.at
from seed_people p
cross join lateral (
  select private.to_instant(pg_temp.day(-100 - pg_temp.pick(p.email, 400)) + interval '9 hours', 'Africa/Casablanca') as at
) as joined;

insert into auth.identities (id, provider_id, user_id, identity_data, provider, last_sign_in_at, created_at, updated_at)
select
  pg_temp.seed_id('identity ' || u.email), u.id::text, u.id,
  jsonb_build_object('sub', u.id::text, 'email', u.email, 'email_verified', true, 'phone_verified', false), 'email',
  u.created_at, u.created_at, u.created_at
from auth.users u
join seed_people p on p.id = u.id;

update public.profiles f
set phone = '+21261000' || lpad(pg_temp.pick(p.email || ' phone', 10000)::text, 4, '0')
from seed_people p
where f.id = p.id;

insert into public.user_roles (user_id, role)
select p.id, r.role from seed_people p join unnest(enum_range(null::public.platform_role)) as r (role) on r.role::text = p.part;

insert into public.provider_members (provider_id, user_id, role)
select pg_temp.seed_id('provider ' || p.slug), pg_temp.seed_id('account ' || m.email), m.role
from seed_providers p
cross join lateral (
  values
    (case p.slug when 'plomberie-al-amal' then 'youssef' else p.slug end || '@example.com', 'owner'::public.member_role),
    (case p.slug when 'plomberie-al-amal' then 'karim@example.com' end, 'staff')
) as m (email, role)
where m.email is not null;

update public.resources r
set user_id = pg_temp.seed_id('account ' || lower(r.name) || '@example.com')
where r.provider_id = pg_temp.seed_id('provider plomberie-al-amal');


-- Bookings ----------------------------------------------------------------------------------------------------------

-- One possible booking for each member of staff and each opening interval, inside the hours and on the step: no two
-- of them overlap, whichever are taken.
create temporary table seed_starts as
select
  p.slug, p.reviews, p.grade, r.id as resource_id, d.day, chosen.id as service_id, p.slug || ' ' || r.name || ' ' || d.day || ' ' || h.opens as key,
  pg_temp.day(d.day) + h.opens + make_interval(
    mins => chosen.step_minutes * pg_temp.pick(
      'start ' || r.id || d.day || h.opens, chosen.last_start / chosen.step_minutes + 1
    )
  ) as starts
from seed_providers p
join public.resources r on r.provider_id = pg_temp.seed_id('provider ' || p.slug)
cross join generate_series(-88, 9) as d (day)
join public.opening_hours h
  on h.provider_id = r.provider_id and h.weekday = extract(isodow from pg_temp.day(d.day))
cross join lateral (
  select s.id, s.step_minutes, (extract(epoch from h.closes - h.opens) / 60)::int - s.duration_minutes as last_start
  from public.services s
  join public.service_resources l on l.service_id = s.id and l.resource_id = r.id
  where s.provider_id = r.provider_id
    and make_interval(mins => s.duration_minutes) <= h.closes - h.opens
  -- the first services are asked for most
  order by pg_temp.pick('service ' || r.id || d.day || h.opens || s.position, 100) * (s.position + 1), s.position
  limit 1
) as chosen
-- two days in three, so that nobody works through the month without a pause
where d.day not between -3 and 0 and pg_temp.pick('works ' || r.id || d.day, 3) > 0;

create temporary table seed_bookings (
  key text primary key,
  slug text not null,
  service_id uuid not null,
  resource_id uuid not null,
  -- null for a guest
  email text,
  customer_name text not null,
  language text not null,
  status text not null,
  starts timestamp not null,
  reviewed boolean not null,
  grade int not null,
  notes text not null default ''
);

-- What Amina has done and will do: the first possibility on or after a day.
insert into seed_bookings
select distinct on (a.slug, a.day)
  s.key, s.slug, s.service_id, s.resource_id, 'amina@example.com', 'Amina Benjelloun', 'fr', a.status, s.starts,
  a.reviewed, 0, a.notes
from (
  values
    ('dar-nqiya', -41, 'completed', true, 'Le code de l’immeuble est le 4B71.'),
    ('plomberie-al-amal', -24, 'completed', true, 'Fuite sous l’évier de la cuisine.'),
    ('salon-yasmine', -13, 'completed', false, ''),
    ('electricite-noor', -7, 'cancelled', false, ''),
    ('zellige-spa', 3, 'confirmed', false, 'C’est ma première visite.'),
    ('clim-confort', 5, 'confirmed', false, 'Split du salon, deuxième étage sans ascenseur.')
) as a (slug, day, status, reviewed, notes)
join seed_starts s on s.slug = a.slug and s.day >= a.day
order by a.slug, a.day, s.starts, s.key;

-- This week at the plumber's, by hand: day, time, who goes, which service, for whom.
insert into seed_bookings
select
  'plan ' || w.day || ' ' || w.starts || ' ' || w.staff, 'plomberie-al-amal',
  pg_temp.seed_id('service plomberie-al-amal ' || w.service), pg_temp.seed_id('staff plomberie-al-amal ' || w.staff),
  p.email, p.full_name, p.language, w.status, pg_temp.day(w.day) + w.starts, false, 0, w.notes
from (
  values
    (-2, time '10:00', 'Youssef', 3, 'omar.sefrioui@example.com', 'completed', 'Chauffe-eau Junkers déjà acheté.'),
    (-2, time '14:30', 'Karim', 4, 'hanae.k@example.com', 'completed', ''),
    (-1, time '09:00', 'Karim', 1, 'tarik.haddad@example.com', 'completed', 'Siphon du lavabo.'),
    (-1, time '12:00', 'Youssef', 2, 'emily.carter@example.com', 'completed', 'Kitchen sink, second floor.'),
    (-1, time '16:00', 'Karim', 1, 'reda.slaoui@example.com', 'no_show', ''),
    (0, time '09:00', 'Karim', 1, 'mehdi.alaoui@example.com', 'confirmed', 'Goutte à goutte derrière la machine à laver.'),
    (0, time '11:00', 'Youssef', 2, 'houria.s@example.com', 'confirmed', 'المرحاض في الطابق السفلي.'),
    (0, time '15:00', 'Karim', 4, 'ghita.skalli@example.com', 'confirmed', ''),
    (0, time '17:30', 'Youssef', 1, 'nabil.chafik@example.com', 'confirmed', 'Sonner chez le gardien, M. Brahim.'),
    (1, time '09:30', 'Youssef', 3, 'fz.bennis@example.com', 'confirmed', 'Chauffe-eau électrique 50 litres.'),
    (1, time '14:00', 'Karim', 2, 'mustapha.b@example.com', 'confirmed', ''),
    (1, time '16:30', 'Youssef', 1, 'zineb.cherkaoui@example.com', 'pending', 'Tache d’humidité au plafond du dessous.'),
    (2, time '10:00', 'Karim', 1, 'amina@example.com', 'pending', 'Le robinet de la salle de bain goutte encore.'),
    (2, time '15:00', 'Youssef', 4, 'sara.guessous@example.com', 'confirmed', 'Two taps, I have the new ones.'),
    (3, time '09:00', 'Youssef', 1, 'anas.filali@example.com', 'pending', ''),
    (3, time '11:30', 'Karim', 2, 'leila.fassi@example.com', 'confirmed', ''),
    (4, time '08:30', 'Karim', 3, 'driss.lamrini@example.com', 'confirmed', 'Remplacement d’un ancien chauffe-eau à gaz.'),
    (5, time '18:00', 'Youssef', 1, 'asmae.t@example.com', 'pending', 'بعد صلاة المغرب من فضلك.'),
    (6, time '10:30', 'Karim', 4, 'kenza.bouzidi@example.com', 'confirmed', '')
) as w (day, starts, staff, service, email, status, notes)
join seed_people p on p.email = w.email;

-- Everybody else: as many completed and reviewed bookings as the business has reviews, each by another customer, a
-- third more with all kinds of ends, and a few to come.
insert into seed_bookings
select
  s.key, s.slug, s.service_id, s.resource_id,
  case when s.n <= s.reviews or pg_temp.pick(s.key || ' guest', 4) > 0 then c.email end,
  c.full_name, c.language,
  case
    when s.day > 0 then case when p.approval = 'manual' and s.n % 3 = 0 then 'pending' else 'confirmed' end
    when s.n <= s.reviews then 'completed'
    when (s.n - s.reviews) % 6 = 0 and p.approval = 'manual' then 'rejected'
    else (array['cancelled', 'completed', 'completed', 'no_show', 'cancelled', 'completed'])[1 + (s.n - s.reviews) % 6]
  end,
  s.starts, s.day < 0 and s.n <= s.reviews, s.grade
from (
  select
    s.*, row_number() over (partition by s.slug, s.day > 0 order by md5(s.key)) as n
  from seed_starts s
  where not exists (select from seed_bookings b where b.key = s.key)
    and not (s.slug = 'plomberie-al-amal' and s.day > 0)
) as s
join public.providers p on p.slug = s.slug
join (
  select x.slug, c.email, c.full_name, c.language, row_number() over (partition by x.slug order by md5(x.slug || c.email)) as n
  from seed_providers x
  cross join seed_people c
  where c.part = 'customer' and c.email <> 'amina@example.com'
) as c on c.slug = s.slug and c.n = 1 + (s.n - 1) % 40
where s.n <= case when s.day < 0 then s.reviews + 2 + s.reviews / 3 else 2 + pg_temp.pick(s.slug || ' to come', 5) end;

-- Where customers live: real streets, invented doors.
create temporary table seed_streets as
select *
from (
  values
    (0, 'rue Ibn Sina'), (1, 'avenue Hassan II'), (2, 'rue Al Farabi'), (3, 'boulevard Mohammed V'),
    (4, 'rue Oued Sebou'), (5, 'avenue Allal Ben Abdellah'), (6, 'rue Ibn Batouta'), (7, 'avenue des FAR'),
    (8, 'rue Moulay Ismaïl'), (9, 'boulevard Zerktouni')
) as s (n, name);

-- The times and the money of each booking, worked out once for the tables below.
create temporary table seed_facts as
select
  b.*, pg_temp.seed_id('booking ' || b.key) as id, p.id as provider_id, p.approval, p.time_zone, p.currency,
  s.duration_minutes, s.buffer_before_minutes, s.buffer_after_minutes, s.mode, s.price_minor,
  private.to_instant(b.starts, p.time_zone) as starts_at,
  private.to_instant(b.starts, p.time_zone) + make_interval(mins => s.duration_minutes) as ends_at,
  booked.at as created_at,
  -- cancelled a day and a half, or five, or two hours before
  private.to_instant(b.starts, p.time_zone)
    - make_interval(hours => (array[36, 5, 36, 2])[1 + pg_temp.pick(b.key || ' cancelled', 4)]) as cancelled_at,
  private.deposit_of(s.price_minor, s.deposit_percent, p.currency) as deposit_minor,
  jsonb_build_object('code', y.code, 'tiers', y.tiers) as policy,
  case when s.place = 'customer' then jsonb_build_object(
    'line', (1 + pg_temp.pick(coalesce(b.email, b.key) || ' door', 180)) || ', ' || street.name,
    'district', home.district,
    'city', t.name_fr,
    'details', (array['', 'Appartement 4, 2e étage', 'Interphone 12', 'Villa au portail bleu', 'Près de la pharmacie'])
      [1 + pg_temp.pick(coalesce(b.email, b.key) || ' details', 5)]
  ) end as address,
  owner.user_id as owner_id
from seed_bookings b
join public.providers p on p.slug = b.slug
join public.services s on s.id = b.service_id
join public.cities t on t.slug = p.city_slug
join public.cancellation_policies y on y.id = p.cancellation_policy_id
join public.provider_members owner on owner.provider_id = p.id and owner.role = 'owner'
cross join lateral (
  -- three to seven days ahead, and for what is still to come yesterday at the latest
  select private.to_instant((
    least(date_trunc('day', b.starts) - interval '3 days', pg_temp.day(-1))
      - make_interval(days => pg_temp.pick(b.key || ' ahead', 5))
      + make_interval(mins => 540 + pg_temp.pick(b.key || ' minute', 600))
  ), p.time_zone) as at
) as booked
join seed_streets street on street.n = pg_temp.pick(coalesce(b.email, b.key) || ' street', 10)
cross join lateral (
  select d.district
  from seed_districts d
  where d.city = p.city_slug
  order by md5(coalesce(b.email, b.key) || d.district)
  limit 1
) as home;

-- What the trigger on bookings would open, with ids that stay the same.
insert into public.conversations (id, provider_id, customer_id, created_at)
select
  pg_temp.seed_id('conversation ' || f.slug || ' ' || f.email), f.provider_id, pg_temp.seed_id('account ' || f.email),
  min(f.created_at)
from seed_facts f
where f.email is not null
group by f.slug, f.email, f.provider_id;

insert into public.bookings (
  id, reference, provider_id, service_id, mode, status, customer_id, customer_name, customer_email, customer_phone,
  language, starts_at, ends_at, local_starts_at, time_zone, address, notes, price_minor, deposit_minor, paid_minor,
  refund_minor, currency, policy, idempotency_key, created_at, updated_at
)
select
  f.id,
  'KH' || (
    select string_agg(substr('23456789ABCDEFGHJKMNPQRSTVWXYZ', 1 + pg_temp.pick(f.key || ' letter ' || i, 30), 1), '' order by i)
    from generate_series(1, 8) as i
  ),
  f.provider_id, f.service_id, f.mode, f.status::public.booking_status, u.id, f.customer_name,
  coalesce(f.email, 'invite.' || left(md5(f.key), 6) || '@example.com'),
  coalesce(u.phone, '+21261000' || lpad(pg_temp.pick(f.key || ' phone', 10000)::text, 4, '0')),
  f.language::public.language, f.starts_at, f.ends_at, f.starts, f.time_zone, f.address, f.notes, f.price_minor, f.deposit_minor,
  f.deposit_minor,
  case f.status
    when 'rejected' then f.deposit_minor
    when 'cancelled' then f.deposit_minor * private.refund_percent(f.policy, f.starts_at, f.cancelled_at) / 100
    else 0
  end,
  f.currency, f.policy, pg_temp.seed_id('request ' || f.key),
  f.created_at, f.created_at
from seed_facts f
left join (
  select a.email, a.id, r.phone from seed_people a join public.profiles r on r.id = a.id
) as u on u.email = f.email;

-- what the policy keeps of those that were cancelled
update public.bookings b set forfeited_minor = b.paid_minor - b.refund_minor where b.status = 'cancelled';

insert into public.occupancies (id, resource_id, period, booking_id)
select
  pg_temp.seed_id('occupancy ' || f.key), f.resource_id,
  tstzrange(
    f.starts_at - make_interval(mins => f.buffer_before_minutes),
    f.ends_at + make_interval(mins => f.buffer_after_minutes)
  ),
  f.id
from seed_facts f
where f.status not in ('cancelled', 'rejected');

-- Each booking's history, as the status machine would have written it.
insert into public.booking_events (id, booking_id, from_status, to_status, actor, actor_id, reason, created_at)
select
  pg_temp.seed_id('event ' || e.step || ' ' || f.key), f.id, e.from_status, e.to_status, e.actor,
  case e.actor when 'customer' then b.customer_id when 'provider' then f.owner_id end, e.reason, e.at
from seed_facts f
join public.bookings b on b.id = f.id
cross join lateral (
  select case f.approval when 'automatic' then 'confirmed'::public.booking_status else 'pending' end as accepted
) as a
cross join lateral (
  values
    (
      1, null::public.booking_status, case when f.deposit_minor > 0 then 'held' else a.accepted end,
      'customer'::public.booking_actor, '', f.created_at, true
    ),
    (2, 'held', a.accepted, 'system', 'paid', f.created_at + interval '4 minutes', f.deposit_minor > 0),
    (3, 'pending', 'confirmed', 'provider', '',
      f.created_at + make_interval(mins => 15 + pg_temp.pick(f.key || ' answer', 150)),
      f.approval = 'manual' and f.status not in ('pending', 'rejected')),
    (4, 'pending', 'rejected', 'provider', 'Déjà pris à cette heure, désolé.', f.created_at + interval '90 minutes',
      f.status = 'rejected'),
    (5, 'confirmed', 'cancelled', 'customer',
      (array['', 'Empêchement de dernière minute', 'Je serai en voyage', 'Le problème est réglé'])
        [1 + pg_temp.pick(f.key || ' why', 4)],
      f.cancelled_at, f.status = 'cancelled'),
    (6, 'confirmed', 'completed', 'provider', '', f.ends_at + interval '5 minutes', f.status = 'completed'),
    (7, 'confirmed', 'no_show', 'provider', '', f.starts_at + interval '30 minutes', f.status = 'no_show')
) as e (step, from_status, to_status, actor, reason, at, happened)
where e.happened;

-- Money: a deposit in for each booking that asks for one, and back what its policy gives. Two lines a posting.
insert into public.payments (
  id, booking_id, amount_minor, currency, status, stripe_session_id, stripe_payment_intent, created_at, succeeded_at
)
select
  pg_temp.seed_id('payment ' || f.key), f.id, f.deposit_minor, f.currency, 'succeeded', 'cs_test_' || md5('cs ' || f.key),
  'pi_' || left(md5('pi ' || f.key), 24), f.created_at + interval '1 minute', f.created_at + interval '4 minutes'
from seed_facts f
where f.deposit_minor > 0;

insert into public.refunds (
  id, payment_id, booking_id, amount_minor, reason, status, attempts, next_attempt_at, stripe_refund_id, created_at
)
select
  pg_temp.seed_id('refund ' || f.key), pg_temp.seed_id('payment ' || f.key), f.id, b.refund_minor,
  case f.status when 'rejected' then 'rejected' else 'cancelled_by_' || case when f.email is null then 'guest' else 'customer' end end,
  'succeeded', 1, refunded.at, 're_' || left(md5('re ' || f.key), 24), refunded.at
from seed_facts f
join public.bookings b on b.id = f.id
cross join lateral (
  select case f.status when 'rejected' then f.created_at + interval '91 minutes' else f.cancelled_at + interval '1 minute' end as at
) as refunded
where b.refund_minor > 0;

insert into public.ledger_entries (id, posting_id, account, provider_id, booking_id, amount_minor, currency, created_at)
select
  pg_temp.seed_id('ledger ' || line.account || ' ' || p.id), pg_temp.seed_id('posting ' || p.id), line.account,
  b.provider_id, b.id, line.sign * p.amount_minor, b.currency, p.at
from (
  select id, booking_id, amount_minor, succeeded_at as at from public.payments
  union all
  select id, booking_id, -amount_minor, created_at from public.refunds
) as p
join public.bookings b on b.id = p.booking_id
cross join (values ('stripe'::public.ledger_account, 1), ('provider', -1)) as line (account, sign);


-- Reviews -----------------------------------------------------------------------------------------------------------

-- What people write. category null: fits any trade.
create temporary table seed_words as
select *
from (
  values
    ('plomberie', 'good', 'fr', 'Fuite réparée en quarante minutes, il a même nettoyé sous l’évier. Prix annoncé, prix payé.'),
    ('plomberie', 'good', 'fr', 'Tbarkellah 3lih, le seul plombier qui m’a montré la pièce cassée avant de la changer.'),
    ('plomberie', 'good', 'fr', 'Chauffe-eau posé proprement, test de gaz devant moi. On dort tranquille.'),
    ('plomberie', 'good', 'fr', 'Il avait les joints dans le camion, pas besoin de courir à la quincaillerie.'),
    ('plomberie', 'good', 'fr', 'Évier bouché depuis une semaine, réglé avant midi. Merci beaucoup.'),
    ('plomberie', 'good', 'fr', 'Venu un samedi, sans supplément. Safi, je garde le numéro.'),
    ('plomberie', 'good', 'fr', 'Deuxième intervention chez ma mère, toujours aussi sérieux et poli.'),
    ('plomberie', 'good', 'fr', 'Travail propre, robinet changé et vieux mitigeur emporté.'),
    ('plomberie', 'good', 'ar', 'جاء في الموعد وأصلح التسرب بسرعة، والثمن كما اتفقنا.'),
    ('plomberie', 'good', 'ar', 'معلّم بمعنى الكلمة، شرح لي المشكل وأعطاني نصائح للصيانة.'),
    ('plomberie', 'good', 'ar', 'سلّك المجرى ونظف المكان قبل أن يغادر، الله يعطيه الصحة.'),
    ('plomberie', 'good', 'en', 'Fixed a leak two others could not find. Tidy, friendly and on time.'),
    ('plomberie', 'good', 'en', 'Clear price before starting and no surprises after.'),
    ('electricite', 'good', 'fr', 'Le disjoncteur sautait tous les soirs, il a trouvé la prise fautive en dix minutes.'),
    ('electricite', 'good', 'fr', 'Lustre de quatre kilos bien fixé, fils cachés, rien à redire.'),
    ('electricite', 'good', 'fr', 'Tableau refait et étiqueté. Enfin on sait quel bouton coupe quoi.'),
    ('electricite', 'good', 'fr', 'M3allem f khdemtou, et il explique bien.'),
    ('electricite', 'good', 'ar', 'وجد سبب العطل بسرعة وركّب قاطعًا جديدًا، عمل متقن.'),
    ('electricite', 'good', 'ar', 'محترم في المواعيد ويشتغل بأدوات السلامة.'),
    ('electricite', 'good', 'en', 'Found the faulty wire without breaking a wall. Impressive.'),
    ('menage', 'good', 'fr', 'L’appartement sentait le propre pendant trois jours, même les vitres.'),
    ('menage', 'good', 'fr', 'Toujours la même dame, de confiance, elle connaît la maison maintenant.'),
    ('menage', 'good', 'fr', 'Grand ménage avant l’Aïd : cuisine comme neuve, bravo à l’équipe.'),
    ('menage', 'good', 'fr', 'Salon marocain lavé, les couleurs sont revenues. N9i bezzaf !'),
    ('menage', 'good', 'ar', 'نظافة ممتازة وأمانة، أنصح بهن كل العائلات.'),
    ('menage', 'good', 'ar', 'البيت يلمع والملابس مكوية بعناية، شكرًا جزيلًا.'),
    ('menage', 'good', 'en', 'They even cleaned behind the fridge. Same team every week, very trustworthy.'),
    ('climatisation', 'good', 'fr', 'La clim refroidit enfin comme au premier jour, et sans bruit.'),
    ('climatisation', 'good', 'fr', 'Split installé au niveau laser, goulotte bien droite, trou rebouché.'),
    ('climatisation', 'good', 'fr', 'Il m’a déconseillé une recharge inutile. Honnêteté rare.'),
    ('climatisation', 'good', 'ar', 'نظف المكيف وصار يبرّد جيدًا قبل موجة الحر بيوم واحد.'),
    ('climatisation', 'good', 'ar', 'تركيب نظيف وخدمة سريعة، شكرًا للتقني.'),
    ('climatisation', 'good', 'en', 'Installed in one morning, neat pipes and a proper vacuum test.'),
    ('coiffure', 'good', 'fr', 'Exactement la coupe que je voulais, et elle a tenu trois semaines.'),
    ('coiffure', 'good', 'fr', 'Couleur naturelle, cheveux pas abîmés. Salon très propre.'),
    ('coiffure', 'good', 'fr', 'Dégradé nickel, barbe au rasoir, un vrai moment de détente khoya.'),
    ('coiffure', 'good', 'fr', 'Pas d’attente, on est pris à l’heure du rendez-vous. Ça change !'),
    ('coiffure', 'good', 'ar', 'تسريحة العرس كانت رائعة وبقيت ثابتة حتى الصباح.'),
    ('coiffure', 'good', 'ar', 'صالون نظيف ومعاملة لطيفة، سأعود إن شاء الله.'),
    ('coiffure', 'good', 'en', 'Listened carefully and did not cut too short. Lovely mint tea too.'),
    ('beaute', 'good', 'fr', 'Gommage parfait, ni trop fort ni trop doux. Je suis sortie comme neuve.'),
    ('beaute', 'good', 'fr', 'Le massage à l’argan m’a réconciliée avec mon dos.'),
    ('beaute', 'good', 'fr', 'Henné fin et régulier, tout le monde m’a demandé l’adresse.'),
    ('beaute', 'good', 'fr', 'Hammam zwin, chaud comme il faut, linge impeccable.'),
    ('beaute', 'good', 'ar', 'حمّام نظيف وطيّابة ماهرة، خرجت مرتاحة جدًا.'),
    ('beaute', 'good', 'ar', 'نقش الحناء دقيق وجميل، واللون قاتم ورائع.'),
    ('beaute', 'good', 'en', 'The best hammam of our trip, warm welcome and spotless rooms.'),
    ('jardinage', 'good', 'fr', 'Haie taillée droite, olivier respecté, tout ramassé.'),
    ('jardinage', 'good', 'fr', 'L’arrosage automatique a divisé notre facture d’eau par deux.'),
    ('jardinage', 'good', 'fr', 'Le gazon revit. Il vient chaque mois, toujours à huit heures pile.'),
    ('jardinage', 'good', 'ar', 'حديقتنا رجعت خضراء، عمل مرتب ونصائح مفيدة.'),
    ('jardinage', 'good', 'en', 'Knows plants well and suggested ones that need little water.'),
    ('peinture', 'good', 'fr', 'Angles nets, pas une goutte par terre, chambre prête en un jour.'),
    ('peinture', 'good', 'fr', 'Le tadelakt de la douche est magnifique, un travail d’artiste.'),
    ('peinture', 'good', 'fr', 'Taches d’humidité traitées pour de vrai, rien n’est revenu après la pluie.'),
    ('peinture', 'good', 'ar', 'صباغة متقنة وألوان كما اخترناها، والورش نظيف كل مساء.'),
    ('peinture', 'good', 'en', 'Covered all the furniture and finished a day early.'),
    ('menuiserie', 'good', 'fr', 'La porte de ma grand-mère ferme de nouveau, et il a gardé la vieille serrure.'),
    ('menuiserie', 'good', 'fr', 'Placard ajusté au millimètre dans un mur qui n’est pas droit.'),
    ('menuiserie', 'good', 'fr', 'Odeur du cèdre, belles finitions, un vrai m3allem.'),
    ('menuiserie', 'good', 'ar', 'صانع تقليدي متقن، الخزانة جميلة ومتينة.'),
    ('menuiserie', 'good', 'en', 'Three wardrobes assembled in two hours, all doors aligned.'),
    ('cours', 'good', 'fr', 'Mon fils est passé de 9 à 14 en maths en un trimestre.'),
    ('cours', 'good', 'fr', 'Professeure patiente, elle explique en darija quand il bloque.'),
    ('cours', 'good', 'fr', 'Bonne méthode pour le régional, ma fille a repris confiance.'),
    ('cours', 'good', 'ar', 'أستاذة ممتازة، ابنتي أصبحت تحب الرياضيات.'),
    ('cours', 'good', 'ar', 'شرح واضح ومتابعة كل أسبوع، نتائج ملموسة.'),
    ('cours', 'good', 'en', 'My spoken French improved a lot after six lessons.'),
    ('photographie', 'good', 'fr', 'On déteste poser et pourtant les photos sont superbes.'),
    ('photographie', 'good', 'fr', 'Lumière magnifique au coucher du soleil, galerie reçue en cinq jours.'),
    ('photographie', 'good', 'fr', 'Photos de visa acceptées du premier coup, prêtes en dix minutes.'),
    ('photographie', 'good', 'ar', 'صور الخطوبة رائعة وطبيعية، شكرًا على الصبر معنا.'),
    ('photographie', 'good', 'en', 'Great with our kids, natural pictures and quick delivery.'),
    ('informatique', 'good', 'fr', 'Données récupérées alors qu’un autre magasin avait dit impossible.'),
    ('informatique', 'good', 'fr', 'PC nettoyé et SSD posé, il démarre en huit secondes.'),
    ('informatique', 'good', 'fr', 'Le wifi arrive enfin jusqu’à la terrasse.'),
    ('informatique', 'good', 'ar', 'تشخيص صادق، قال لي إن الإصلاح لا يستحق ولم يأخذ شيئًا إضافيًا.'),
    ('informatique', 'good', 'en', 'Explained the problem in plain words and fixed it the same day.'),
    (null, 'good', 'fr', 'Très professionnel, je recommande.'),
    (null, 'good', 'fr', 'À l’heure, souriant, efficace.'),
    (null, 'good', 'fr', 'Rien à dire, allah ybarek.'),
    (null, 'good', 'fr', 'Bon rapport qualité-prix, et la réservation a pris deux minutes.'),
    (null, 'good', 'fr', 'Service au top, merci à toute l’équipe.'),
    (null, 'good', 'fr', 'Un petit quart d’heure de retard, mais prévenu par message. Très bon travail.'),
    (null, 'good', 'fr', 'Chokran bezzaf, je reviendrai inchallah.'),
    (null, 'good', 'fr', 'Sérieux du début à la fin.'),
    (null, 'good', 'fr', 'Conforme à la description, prix clair.'),
    (null, 'good', 'fr', 'Ma belle-sœur me les avait recommandés, elle avait raison.'),
    (null, 'good', 'fr', 'Ils répondent vite aux messages, c’est déjà beaucoup.'),
    (null, 'good', 'fr', 'Travail soigné. Il manque juste le paiement par carte sur place.'),
    (null, 'good', 'fr', 'Impeccable, comme la dernière fois.'),
    (null, 'good', 'fr', 'Gens corrects, hadchi li kayn.'),
    (null, 'good', 'ar', 'خدمة ممتازة، أنصح بالتعامل معهم.'),
    (null, 'good', 'ar', 'في الموعد وبثمن معقول.'),
    (null, 'good', 'ar', 'ناس محترمون وشغلهم نقي، تبارك الله.'),
    (null, 'good', 'ar', 'تجربة جيدة وسأكررها.'),
    (null, 'good', 'ar', 'الحجز سهل والخدمة كما وُصفت.'),
    (null, 'good', 'ar', 'الله يبارك، شغل معقول ومعاملة طيبة.'),
    (null, 'good', 'en', 'Smooth from booking to payment. Would book again.'),
    (null, 'good', 'en', 'Polite, punctual and fair.'),
    (null, 'good', 'en', 'Exactly as described. Thank you!'),
    (null, 'good', 'en', 'Good work, small delay but they let me know.'),
    (null, 'mid', 'fr', 'Bon résultat, mais une heure de retard sans prévenir.'),
    (null, 'mid', 'fr', 'Correct sans plus. J’ai dû rappeler pour un détail.'),
    (null, 'mid', 'fr', 'Le travail est bien, le prix un peu élevé pour le quartier.'),
    (null, 'mid', 'fr', 'Gentils, mais pressés de finir. Chwiya de patience aurait suffi.'),
    (null, 'mid', 'ar', 'العمل جيد لكن التأخر كان مزعجًا.'),
    (null, 'mid', 'ar', 'مقبول، والثمن مرتفع قليلًا.'),
    (null, 'mid', 'en', 'Fine in the end, though they came later than agreed.'),
    (null, 'low', 'fr', 'Rendez-vous déplacé deux fois. Le résultat est moyen pour le prix.'),
    (null, 'low', 'fr', 'Il a fallu faire revenir quelqu’un deux jours après. Dommage.'),
    (null, 'low', 'fr', 'Accueil froid et finition bâclée, je m’attendais à mieux.'),
    (null, 'low', 'ar', 'لم يكن العمل في المستوى واضطررت إلى الاتصال بهم من جديد.'),
    (null, 'low', 'en', 'Rushed job and hard to reach afterwards.')
) as w (category, mood, language, body);

-- Grade decides how often a business pleases; no text appears twice at one business, and who finds none leaves stars
-- alone, as people do.
insert into public.reviews (id, booking_id, provider_id, author_id, author_name, rating, body, language, created_at)
select
  pg_temp.seed_id('review ' || r.key), r.id, r.provider_id, pg_temp.seed_id('account ' || r.email),
  substring(r.customer_name from '^(Fatima Zahra|عبد الله|\S+)'), r.rating,
  case when r.email = 'amina@example.com' then
    case r.slug
      when 'plomberie-al-amal' then 'Youssef est venu à l’heure, a trouvé la fuite sous l’évier et n’a facturé que ce qui était prévu. Je rappellerai sans hésiter.'
      else 'Hanane et son équipe ont remis l’appartement à neuf après les travaux. Discrètes et très soigneuses.'
    end
  else coalesce(w.body, '') end,
  r.language::public.language, r.ends_at + make_interval(hours => 2 + pg_temp.pick(r.key || ' thinks', 60))
from (
  select
    x.*, p.category, case when x.rating >= 4 then 'good' when x.rating = 3 then 'mid' else 'low' end as mood,
    row_number() over (
      partition by x.slug, x.language, case when x.rating >= 4 then 'good' when x.rating = 3 then 'mid' else 'low' end
      order by md5(x.key)
    ) as n
  from (
    select
      f.*,
      case
        when f.email = 'amina@example.com' then 5
        when score.value < (array[82, 54, 32])[1 + f.grade] then 5
        when score.value < (array[97, 86, 66])[1 + f.grade] then 4
        when score.value < (array[100, 95, 86])[1 + f.grade] then 3
        else 2
      end as rating
    from seed_facts f
    cross join lateral (select pg_temp.pick(f.key || ' rating', 100) as value) as score
    where f.reviewed
  ) as x
  join seed_providers p on p.slug = x.slug
) as r
left join (
  select
    p.slug, w.language, w.mood, w.body,
    -- the trade's own words before the general ones, each business in an order of its own
    row_number() over (
      partition by p.slug, w.language, w.mood
      order by pg_temp.pick(p.slug || w.body, 100) + case when w.category is null then 40 else 0 end, w.body
    ) as n
  from seed_providers p
  join seed_words w on w.category is null or w.category = p.category
) as w on w.slug = r.slug and w.language = r.language and w.mood = r.mood and w.n = r.n;


-- Messages and bells ------------------------------------------------------------------------------------------------

-- Who writes to whom, days ago and at what time; Youssef answers for the plumber, owners for the others.
create temporary table seed_talks as
select
  t.*, row_number() over () as n, pg_temp.seed_id('provider ' || t.slug) as provider_id,
  pg_temp.seed_id('account ' || t.customer) as customer_id,
  private.to_instant(pg_temp.day(t.day) + t.at, 'Africa/Casablanca') as sent_at
from (
  values
    ('plomberie-al-amal', 'amina@example.com', -26, time '18:12', 'customer', 'Bonjour, j’ai une fuite sous l’évier de la cuisine. Est-ce que vous vous déplacez au Maârif le soir ?'),
    ('plomberie-al-amal', 'amina@example.com', -26, time '18:31', 'provider', 'Bonsoir Amina, oui, jusqu’à 20 h. Fermez l’arrivée d’eau en attendant, le petit robinet à gauche.'),
    ('plomberie-al-amal', 'amina@example.com', -26, time '18:35', 'customer', 'C’est fait, merci ! Je réserve sur le site.'),
    ('plomberie-al-amal', 'amina@example.com', -26, time '18:40', 'provider', 'Parfait, j’apporte les joints.'),
    ('plomberie-al-amal', 'amina@example.com', -2, time '20:05', 'customer', 'Bonsoir, cette fois c’est le robinet de la salle de bain qui goutte. Rien d’urgent.'),
    ('plomberie-al-amal', 'amina@example.com', -2, time '20:22', 'provider', 'Bonsoir ! C’est sûrement la cartouche. Vous connaissez la marque du mitigeur ?'),
    ('plomberie-al-amal', 'amina@example.com', -1, time '08:47', 'customer', 'Grohe, il me semble. J’ai demandé après-demain à 10 h.'),
    ('plomberie-al-amal', 'amina@example.com', -1, time '09:03', 'provider', 'Bien reçu, Karim passera avec la pièce. Je vous confirme dans la journée.'),
    ('plomberie-al-amal', 'mehdi.alaoui@example.com', -1, time '13:20', 'customer', 'Salam, pour demain 9 h : le portail est cassé, appelez-moi en arrivant svp.'),
    ('plomberie-al-amal', 'mehdi.alaoui@example.com', -1, time '13:42', 'provider', 'Salam Mehdi, c’est noté.'),
    ('plomberie-al-amal', 'houria.s@example.com', -1, time '19:10', 'customer', 'السلام عليكم، هل تحضرون معكم السلك الطويل؟ المجرى مسدود بعيدًا عن المرحاض.'),
    ('plomberie-al-amal', 'zineb.cherkaoui@example.com', -1, time '21:02', 'customer', 'Bonsoir, le voisin du dessous a une tache au plafond. Vous pouvez venir demain fin d’après-midi ?'),
    ('salon-yasmine', 'amina@example.com', -14, time '11:15', 'customer', 'Bonjour, est-ce que je peux venir avec ma fille de six ans ?'),
    ('salon-yasmine', 'amina@example.com', -14, time '11:28', 'provider', 'Bien sûr, on a des coloriages et du jus d’orange. À bientôt !'),
    ('zellige-spa', 'amina@example.com', -1, time '16:40', 'provider', 'Bonjour Amina, au plaisir de vous recevoir. Il y a un parking gratuit derrière la maison.')
) as t (slug, customer, day, at, side, body);

insert into public.messages (id, conversation_id, sender_id, side, body, created_at)
select
  pg_temp.seed_id('message ' || t.n), c.id,
  case t.side when 'customer' then t.customer_id else m.user_id end, t.side::public.message_side, t.body, t.sent_at
from seed_talks t
join public.conversations c on c.provider_id = t.provider_id and c.customer_id = t.customer_id
join public.provider_members m on m.provider_id = t.provider_id and m.role = 'owner';

update public.conversations c
set last_message_at = m.created_at, last_message_preview = left(m.body, 140)
from (
  select distinct on (conversation_id) conversation_id, created_at, body
  from public.messages
  order by conversation_id, created_at desc
) as m
where m.conversation_id = c.id;

-- Each has read what is older than two days and what came before their own last words; the rest is new to them.
insert into public.conversation_reads (conversation_id, user_id, read_at)
select m.conversation_id, reader.user_id, max(m.created_at)
from public.messages m
join public.conversations c on c.id = m.conversation_id
join public.provider_members owner on owner.provider_id = c.provider_id and owner.role = 'owner'
cross join lateral (values (c.customer_id), (owner.user_id)) as reader (user_id)
where m.sender_id = reader.user_id
  or m.created_at < private.to_instant(pg_temp.day(-2), 'Africa/Casablanca')
group by m.conversation_id, reader.user_id;

insert into public.notifications (id, user_id, kind, data, booking_id, read_at, created_at)
select
  pg_temp.seed_id('notification ' || n.kind || ' ' || n.user_id || ' ' || b.id), n.user_id, n.kind,
  private.booking_words(b, n.language, '') - 'link' - case n.kind when 'booking_requested' then '' else 'name' end, b.id,
  case when b.starts_at < now() then b.starts_at end, b.created_at
from public.bookings b
cross join lateral (
  select b.customer_id, b.language, case b.status
    when 'pending' then 'booking_received'::public.notification_kind else 'booking_confirmed'
  end
  where b.customer_id = pg_temp.seed_id('account amina@example.com') and b.status in ('pending', 'confirmed')
  union all
  select m.user_id, r.language, 'booking_requested'
  from public.provider_members m
  join public.profiles r on r.id = m.user_id
  where m.provider_id = b.provider_id and b.status = 'pending'
) as n (user_id, language, kind);

insert into public.notifications (id, user_id, kind, data, created_at)
select
  pg_temp.seed_id('notification message ' || reader.user_id || ' ' || c.id), reader.user_id, 'message_received',
  jsonb_build_object('conversation_id', c.id, 'from', reader.sender, 'from_ar', reader.sender_ar), c.last_message_at
from public.conversations c
cross join lateral (
  select m.user_id, r.full_name as sender, null as sender_ar
  from public.provider_members m
  join public.profiles r on r.id = c.customer_id
  where m.provider_id = c.provider_id
  union all
  select c.customer_id, p.name, p.name_ar from public.providers p where p.id = c.provider_id
) as reader
where exists (
  select
  from public.messages m
  where m.conversation_id = c.id
    and m.side = case when reader.user_id = c.customer_id then 'provider'::public.message_side else 'customer' end
    and m.created_at > coalesce(
      (
        select max(x.read_at)
        from public.conversation_reads x
        where x.conversation_id = c.id and x.user_id = reader.user_id
      ),
      '-infinity'
    )
);


-- Back to normal ----------------------------------------------------------------------------------------------------

-- The ledger's own check waits for the end of the transaction; let it speak now.
set constraints all immediate;

alter table public.booking_events enable trigger announce;
alter table public.messages enable trigger announce;
alter table public.notifications enable trigger announce;
alter table public.conversation_reads enable trigger announce;
alter table public.deliveries enable trigger wake;
alter table public.refunds enable trigger wake;

drop table
  seed_districts, seed_providers, seed_abouts, seed_closings, seed_services, seed_hours, seed_people, seed_starts,
  seed_bookings, seed_streets, seed_facts, seed_words, seed_talks;
drop function pg_temp.day(int);
drop function pg_temp.pick(text, int);
drop function pg_temp.seed_id(text);
