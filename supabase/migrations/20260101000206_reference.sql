-- What every installation begins with and its staff go on with: trades and towns. Rights, statuses, cancellation
-- policies and the words of mails are in the chapters that they belong to.

-- keywords: what people type when they do not know the trade's name.
insert into public.categories (slug, name_fr, name_ar, name_en, icon, position, mode, keywords)
values
  (
    'plomberie', 'Plombier', 'سباك', 'Plumber', 'wrench', 1, 'appointment',
    'plomberie fuite robinet chauffe-eau évier wc débouchage tuyau plumbing leak tap boiler سباكة تسرب صنبور سخان بلومبي'
  ),
  (
    'electricite', 'Électricien', 'كهربائي', 'Electrician', 'zap', 2, 'appointment',
    'électricité panne prise tableau lustre disjoncteur electricity socket lights كهرباء مصباح قاطع تريسيان'
  ),
  (
    'menage', 'Ménage', 'تنظيف المنازل', 'Cleaning', 'sparkles', 3, 'appointment',
    'ménage nettoyage femme de ménage vitres repassage cleaning cleaner ironing تنظيف نظافة كي زجاج'
  ),
  (
    'climatisation', 'Climatisation', 'التكييف والتبريد', 'Air conditioning', 'snowflake', 4, 'appointment',
    'clim climatiseur froid recharge gaz chauffage air conditioner heating مكيف تكييف تبريد تدفئة كليماتيزور'
  ),
  (
    'coiffure', 'Coiffure', 'حلاقة وتصفيف الشعر', 'Hairdressing', 'scissors', 5, 'appointment',
    'coiffeur coiffeuse barbier cheveux barbe coupe brushing couleur hair barber haircut حلاق حلاقة شعر لحية كوافور'
  ),
  (
    'beaute', 'Beauté et hammam', 'تجميل وحمّام', 'Beauty and hammam', 'flower-2', 6, 'appointment',
    'beauté hammam spa massage manucure maquillage henné beauty nails make-up تجميل حمام مساج حناء مكياج أظافر'
  ),
  (
    'jardinage', 'Jardinier', 'بستاني', 'Gardener', 'sprout', 7, 'appointment',
    'jardin jardinage gazon taille haie arrosage palmier garden lawn hedge حديقة بستنة عشب نخيل'
  ),
  (
    'peinture', 'Peintre', 'صبّاغ', 'Painter', 'paint-roller', 8, 'appointment',
    'peinture mur façade enduit tadelakt painting wall صباغة دهان جدار تادلاكت'
  ),
  (
    'menuiserie', 'Menuisier', 'نجّار', 'Carpenter', 'hammer', 9, 'appointment',
    'menuiserie bois porte placard cuisine meuble wood door furniture kitchen نجارة خشب باب خزانة مطبخ'
  ),
  (
    'cours', 'Cours particuliers', 'دروس خصوصية', 'Private lessons', 'graduation-cap', 10, 'appointment',
    'cours soutien maths français anglais bac professeur lessons tutor teacher دروس دعم رياضيات أستاذ إنجليزية'
  ),
  (
    'photographie', 'Photographe', 'مصوّر فوتوغرافي', 'Photographer', 'camera', 11, 'appointment',
    'photo photographie mariage portrait vidéo shooting photography wedding تصوير صور عرس فيديو'
  ),
  (
    'informatique', 'Informatique', 'صيانة الحواسيب', 'Computer help', 'laptop', 12, 'appointment',
    'informatique ordinateur pc réparation virus wifi imprimante computer repair laptop printer حاسوب كمبيوتر إصلاح ويفي طابعة'
  ),
  (
    'restaurant', 'Restaurant', 'مطعم', 'Restaurant', 'utensils', 13, 'table',
    'resto table dîner déjeuner brunch tajine couscous manger food lunch dinner eat مطاعم طاولة عشاء غداء طاجين كسكس أكل'
  ),
  (
    'cinema', 'Cinéma', 'سينما', 'Cinema', 'clapperboard', 14, 'session',
    'film séance salle billet place movie showing ticket seat أفلام فيلم عرض تذكرة قاعة'
  ),
  (
    'formation', 'Formation', 'دورات تكوينية', 'Training', 'presentation', 15, 'session',
    'stage atelier excel bureautique prise de parole course workshop class تكوين دورة ورشة إكسل'
  );

-- The largest first, then from north to south about; where the middle of each is, to some hundred metres.
insert into public.cities (slug, name_fr, name_ar, name_en, latitude, longitude, position)
values
  ('casablanca', 'Casablanca', 'الدار البيضاء', 'Casablanca', 33.5731, -7.5898, 1),
  ('rabat', 'Rabat', 'الرباط', 'Rabat', 34.0209, -6.8416, 2),
  ('marrakech', 'Marrakech', 'مراكش', 'Marrakesh', 31.6295, -7.9811, 3),
  ('fes', 'Fès', 'فاس', 'Fez', 34.0331, -5.0003, 4),
  ('tanger', 'Tanger', 'طنجة', 'Tangier', 35.7595, -5.8340, 5),
  ('agadir', 'Agadir', 'أكادير', 'Agadir', 30.4278, -9.5981, 6),
  ('meknes', 'Meknès', 'مكناس', 'Meknes', 33.8950, -5.5547, 7),
  ('oujda', 'Oujda', 'وجدة', 'Oujda', 34.6814, -1.9086, 8),
  ('sale', 'Salé', 'سلا', 'Salé', 34.0531, -6.7985, 9),
  ('temara', 'Témara', 'تمارة', 'Temara', 33.9287, -6.9067, 10),
  ('kenitra', 'Kénitra', 'القنيطرة', 'Kenitra', 34.2610, -6.5802, 11),
  ('tetouan', 'Tétouan', 'تطوان', 'Tetouan', 35.5785, -5.3684, 12),
  ('mohammedia', 'Mohammedia', 'المحمدية', 'Mohammedia', 33.6861, -7.3830, 13),
  ('el-jadida', 'El Jadida', 'الجديدة', 'El Jadida', 33.2316, -8.5007, 14),
  ('safi', 'Safi', 'آسفي', 'Safi', 32.2994, -9.2372, 15),
  ('essaouira', 'Essaouira', 'الصويرة', 'Essaouira', 31.5085, -9.7595, 16),
  ('beni-mellal', 'Béni Mellal', 'بني ملال', 'Beni Mellal', 32.3373, -6.3498, 17),
  ('nador', 'Nador', 'الناظور', 'Nador', 35.1681, -2.9335, 18),
  ('khouribga', 'Khouribga', 'خريبكة', 'Khouribga', 32.8811, -6.9063, 19),
  ('settat', 'Settat', 'سطات', 'Settat', 33.0010, -7.6166, 20),
  ('berrechid', 'Berrechid', 'برشيد', 'Berrechid', 33.2655, -7.5875, 21),
  ('khemisset', 'Khémisset', 'الخميسات', 'Khemisset', 33.8240, -6.0663, 22),
  ('larache', 'Larache', 'العرائش', 'Larache', 35.1932, -6.1557, 23),
  ('al-hoceima', 'Al Hoceïma', 'الحسيمة', 'Al Hoceima', 35.2517, -3.9372, 24),
  ('chefchaouen', 'Chefchaouen', 'شفشاون', 'Chefchaouen', 35.1688, -5.2636, 25),
  ('taza', 'Taza', 'تازة', 'Taza', 34.2100, -4.0100, 26),
  ('berkane', 'Berkane', 'بركان', 'Berkane', 34.9200, -2.3200, 27),
  ('ifrane', 'Ifrane', 'إفران', 'Ifrane', 33.5273, -5.1100, 28),
  ('errachidia', 'Errachidia', 'الرشيدية', 'Errachidia', 31.9314, -4.4244, 29),
  ('ouarzazate', 'Ouarzazate', 'ورزازات', 'Ouarzazate', 30.9189, -6.8934, 30),
  ('inezgane', 'Inezgane', 'إنزكان', 'Inezgane', 30.3550, -9.5390, 31),
  ('taroudant', 'Taroudant', 'تارودانت', 'Taroudant', 30.4703, -8.8770, 32),
  ('tiznit', 'Tiznit', 'تيزنيت', 'Tiznit', 29.6974, -9.7316, 33),
  ('guelmim', 'Guelmim', 'كلميم', 'Guelmim', 28.9870, -10.0574, 34),
  ('laayoune', 'Laâyoune', 'العيون', 'Laayoune', 27.1536, -13.2033, 35),
  ('dakhla', 'Dakhla', 'الداخلة', 'Dakhla', 23.6848, -15.9570, 36);
