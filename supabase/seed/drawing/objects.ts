import type { Palette } from './palettes.ts';

/** A thing of a trade: drawn around (0, 0) within ±200, standing on y = 200; named in the three languages. */
export interface Thing {
	fr: string;
	ar: string;
	en: string;
	/** The drawing as SVG. */
	draw: (colours: Palette) => string;
}

/** The three things of each category, by its slug. */
export const things: Record<string, [Thing, Thing, Thing]> = {
	plomberie: [
		{
			fr: 'Robinet',
			ar: 'صنبور',
			en: 'Tap',
			draw: (c) => `<rect x="-200" y="-70" width="46" height="170" rx="16" fill="${c.deep}"/>
				<path d="M-160-24H60a112 112 0 0 1 112 112v42H96V92a36 36 0 0 0-36-36h-220z" fill="${c.metal}"/>
				<path d="M-160-24H60a112 112 0 0 1 104 70c-22-30-54-46-96-46h-228z" fill="${c.shine}"/>
				<rect x="86" y="118" width="96" height="26" rx="10" fill="${c.deep}"/>
				<rect x="-64" y="-104" width="44" height="84" fill="${c.metal}"/><rect x="-64" y="-104" width="16" height="84" fill="${c.shine}"/>
				<rect x="-150" y="-150" width="216" height="52" rx="26" fill="${c.main}"/><rect x="-132" y="-142" width="150" height="14" rx="7" fill="#fff" opacity=".35"/>
				<path d="M134 152c20 26 26 36 26 46a26 26 0 0 1-52 0c0-10 6-20 26-46z" fill="#4fa9d6"/>`
		},
		{
			fr: 'Clé à molette',
			ar: 'مفتاح إنجليزي',
			en: 'Adjustable spanner',
			draw: (c) => `<g transform="rotate(38)"><rect x="-30" y="-70" width="60" height="270" rx="28" fill="${c.main}"/>
				<rect x="-30" y="-70" width="22" height="270" rx="11" fill="#fff" opacity=".22"/><circle cy="164" r="14" fill="${c.light}"/>
				<path d="M-84-196h52v78h64v-44l52-22v92a84 84 0 0 1-84 70 84 84 0 0 1-84-70z" fill="${c.metal}"/>
				<path d="M-84-196h22v104a62 62 0 0 0 40 58 84 84 0 0 1-62-58z" fill="${c.shine}"/><circle cx="16" cy="-74" r="20" fill="${c.deep}"/></g>`
		},
		{
			fr: 'Tuyau de cuivre',
			ar: 'أنبوب نحاسي',
			en: 'Copper pipe',
			draw: (c) => `<path d="M-120 200V-20a110 110 0 0 1 110-110h190" fill="none" stroke="#c4713a" stroke-width="74"/>
				<path d="M-138 200V-20a128 128 0 0 1 128-128h190" fill="none" stroke="#fff" stroke-opacity=".35" stroke-width="14"/>
				<rect x="-170" y="60" width="100" height="54" rx="12" fill="#8f4a20"/><rect x="60" y="-180" width="54" height="100" rx="12" fill="#8f4a20"/>
				<circle cx="40" cy="70" r="62" fill="none" stroke="${c.main}" stroke-width="26"/><path d="M40 8v124M-22 70h124" stroke="${c.main}" stroke-width="18"/>
				<circle cx="40" cy="70" r="20" fill="${c.metal}"/>`
		}
	],
	electricite: [
		{
			fr: 'Ampoule',
			ar: 'مصباح',
			en: 'Light bulb',
			draw: (
				c
			) => `<circle cy="-50" r="200" fill="${c.tiles[1]}" opacity=".22"/><circle cy="-50" r="160" fill="${c.main}" opacity=".18"/>
				<path d="M0-180a130 130 0 0 1 84 229c-20 18-28 34-30 55H-54c-2-21-10-37-30-55A130 130 0 0 1 0-180z" fill="${c.shine}"/>
				<path d="M0-180a130 130 0 0 1 84 229c-20 18-28 34-30 55H8c70-90 90-200-8-284z" fill="${c.main}" opacity=".35"/>
				<path d="M-34 104V-6L-12-50 12 10 34-50v154" fill="none" stroke="${c.accent}" stroke-width="10" stroke-linejoin="round"/>
				<path d="M-54 110H54v26H-54zM-50 144H50v26H-50z" fill="${c.metal}"/><path d="M-34 176h68l-18 24h-32z" fill="${c.ink}"/>`
		},
		{
			fr: 'Prise et fiche',
			ar: 'مقبس وقابس',
			en: 'Plug and socket',
			draw: (
				c
			) => `<rect x="-190" y="-150" width="190" height="230" rx="34" fill="${c.light}"/><rect x="-190" y="-150" width="190" height="230" rx="34" fill="none" stroke="${c.metal}" stroke-width="8"/>
				<circle cx="-95" cy="-35" r="66" fill="${c.metal}"/><circle cx="-118" cy="-35" r="13" fill="${c.ink}"/><circle cx="-72" cy="-35" r="13" fill="${c.ink}"/>
				<path d="M110-20v60c0 100-90 60-90 160" fill="none" stroke="${c.ink}" stroke-width="20" stroke-linecap="round"/>
				<path d="M70-150v60M150-150v60" stroke="${c.metal}" stroke-width="22" stroke-linecap="round"/>
				<path d="M40-96h140v50a70 70 0 0 1-70 70 70 70 0 0 1-70-70z" fill="${c.accent}"/><path d="M40-96h46v110a70 70 0 0 1-46-60z" fill="#fff" opacity=".25"/>`
		},
		{
			fr: 'Tableau électrique',
			ar: 'لوحة كهربائية',
			en: 'Fuse board',
			draw: (
				c
			) => `<rect x="-180" y="-180" width="360" height="380" rx="24" fill="${c.metal}"/><rect x="-156" y="-156" width="312" height="332" rx="14" fill="${c.shine}"/>
				${[-110, 40].map((y) => [-132, -66, 0, 66].map((x, i) => `<rect x="${x + 4}" y="${y}" width="56" height="104" rx="8" fill="${c.ink}"/><rect x="${x + 18}" y="${y + (i === 2 ? 52 : 20)}" width="28" height="34" rx="6" fill="${i === 2 ? c.accent : c.main}"/>`).join('')).join('')}
				<path d="M-128 12h256M-128 160h180" stroke="${c.metal}" stroke-width="8" stroke-linecap="round"/>`
		}
	],
	menage: [
		{
			fr: 'Seau et mousse',
			ar: 'دلو ورغوة',
			en: 'Bucket of suds',
			draw: (c) => `<path d="M-130-20a130 150 0 0 1 260 0" fill="none" stroke="${c.metal}" stroke-width="14"/>
				<path d="M-150-30h300l-36 230h-228z" fill="${c.main}"/><path d="M-150-30h70l12 230h-46z" fill="#fff" opacity=".2"/>
				<path d="M-160-50h320v40h-320z" fill="${c.deep}"/>
				${[
					[-110, -66, 48],
					[-40, -90, 60],
					[40, -82, 54],
					[110, -64, 46],
					[0, -140, 34],
					[-80, -136, 24],
					[84, -132, 28]
				]
					.map(
						([x, y, r]) =>
							`<circle cx="${x}" cy="${y}" r="${r}" fill="#fff" opacity=".92"/><circle cx="${x! - r! / 3}" cy="${y! - r! / 3}" r="${r! / 5}" fill="${c.tiles[1]}" opacity=".6"/>`
					)
					.join('')}
				<path d="M40 80h96v60a20 20 0 0 1-20 20H60a20 20 0 0 1-20-20z" fill="${c.accent}"/>`
		},
		{
			fr: 'Vaporisateur',
			ar: 'بخاخ تنظيف',
			en: 'Spray bottle',
			draw: (
				c
			) => `<path d="M-80 200V40c0-50 40-50 40-110h80c0 60 40 60 40 110v160z" fill="${c.main}"/><path d="M-80 200V40c0-50 40-50 40-110h24c0 70-20 60-20 110v160z" fill="#fff" opacity=".25"/>
				<rect x="-58" y="60" width="116" height="96" rx="12" fill="${c.light}"/><path d="M0 74l9 24 24 9-24 9-9 24-9-24-24-9 24-9z" fill="${c.accent}"/>
				<rect x="-46" y="-108" width="92" height="40" rx="8" fill="${c.deep}"/><path d="M-60-186H50a40 40 0 0 1 34 78H-20l-10 60h-26l10-60h-14z" fill="${c.accent}"/>
				<path d="M-60-176h-50v36h50z" fill="${c.ink}"/><g fill="${c.tiles[1]}"><circle cx="-146" cy="-160" r="8"/><circle cx="-176" cy="-186" r="7"/><circle cx="-178" cy="-146" r="9"/><circle cx="-160" cy="-118" r="6"/></g>`
		},
		{
			fr: 'Balai et pelle',
			ar: 'مكنسة ومجرفة',
			en: 'Broom and dustpan',
			draw: (c) => `<path d="M96-196L-40 60" stroke="${c.metal}" stroke-width="24" stroke-linecap="round"/>
				<path d="M-76 36l88 46 20 40-150-78z" fill="${c.deep}"/><path d="M-118 44L32 122l-40 78c-60 10-150-30-190-80z" fill="${c.accent}"/>
				<path d="M-100 80l-50 74M-60 100l-46 86M-20 122l-36 76" stroke="#fff" stroke-opacity=".4" stroke-width="8"/>
				<path d="M60 130h140l-16 70H44z" fill="${c.main}"/><path d="M60 130h140l-4 18H56z" fill="#fff" opacity=".3"/>`
		}
	],
	climatisation: [
		{
			fr: 'Climatiseur',
			ar: 'مكيف هواء',
			en: 'Air conditioner',
			draw: (
				c
			) => `<rect x="-200" y="-150" width="400" height="150" rx="34" fill="${c.light}"/><path d="M-200-60h400v26a34 34 0 0 1-34 34h-332a34 34 0 0 1-34-34z" fill="${c.shine}"/>
				<rect x="-160" y="-44" width="320" height="20" rx="10" fill="${c.ink}" opacity=".75"/><circle cx="154" cy="-112" r="10" fill="${c.accent}"/><path d="M-164-116h110" stroke="${c.metal}" stroke-width="10" stroke-linecap="round"/>
				${[-120, -40, 40, 120].map((x) => `<path d="M${x} 30c-34 40 34 60 0 100s20 50 0 70" fill="none" stroke="${c.tiles[1]}" stroke-width="16" stroke-linecap="round"/>`).join('')}`
		},
		{
			fr: 'Ventilateur',
			ar: 'مروحة',
			en: 'Fan',
			draw: (
				c
			) => `<path d="M-14 90h28v90h-28z" fill="${c.metal}"/><rect x="-96" y="172" width="192" height="28" rx="14" fill="${c.deep}"/>
				<circle cy="-46" r="150" fill="${c.light}"/><g fill="${c.main}">${[0, 120, 240].map((a) => `<path transform="translate(0 -46) rotate(${a})" d="M0 0C-90-30-80-130 10-134c50 0 40 70-10 134z"/>`).join('')}</g>
				<circle cy="-46" r="150" fill="none" stroke="${c.metal}" stroke-width="14"/><circle cy="-46" r="98" fill="none" stroke="${c.metal}" stroke-width="5"/><circle cy="-46" r="30" fill="${c.accent}"/>`
		},
		{
			fr: 'Flocon et thermomètre',
			ar: 'ندفة ثلج وميزان حرارة',
			en: 'Snowflake and thermometer',
			draw: (
				c
			) => `<g transform="translate(-60 0)" stroke="${c.main}" stroke-width="20" stroke-linecap="round" fill="none">${[0, 60, 120, 180, 240, 300].map((a) => `<path transform="rotate(${a})" d="M0 0V-136M-36-112L0-82 36-112M-24-66L0-44 24-66"/>`).join('')}</g>
				<rect x="104" y="-180" width="64" height="300" rx="32" fill="${c.light}"/><circle cx="136" cy="134" r="62" fill="${c.light}"/><circle cx="136" cy="134" r="42" fill="${c.accent}"/><rect x="124" y="-20" width="24" height="150" rx="12" fill="${c.accent}"/>
				<path d="M168-130h24M168-80h24M168-30h24M168 20h24" stroke="${c.deep}" stroke-width="9" stroke-linecap="round"/>`
		}
	],
	coiffure: [
		{
			fr: 'Ciseaux',
			ar: 'مقص',
			en: 'Scissors',
			draw: (
				c
			) => `<g transform="rotate(14)"><path d="M-20 40L120-190c24 20 20 60 6 90L20 70z" fill="${c.metal}"/><path d="M20 40L-120-190c-24 20-20 60-6 90L-20 70z" fill="${c.shine}"/>
				<circle cx="-72" cy="128" r="54" fill="none" stroke="${c.main}" stroke-width="30"/><circle cx="72" cy="128" r="54" fill="none" stroke="${c.main}" stroke-width="30"/>
				<path d="M-40 84L0 34 40 84" fill="none" stroke="${c.main}" stroke-width="30"/><circle cy="20" r="16" fill="${c.ink}"/></g>`
		},
		{
			fr: 'Sèche-cheveux',
			ar: 'مجفف شعر',
			en: 'Hairdryer',
			draw: (
				c
			) => `<path d="M30 0l60 180a30 30 0 0 1-56 20L-44 20z" fill="${c.deep}"/><path d="M-170-120L-30-150C90-170 180-120 180-50S90 70-30 44l-140-30z" fill="${c.main}"/>
				<path d="M-170-120L-30-150c110-18 190 24 206 80C110-120 0-110-170-84z" fill="#fff" opacity=".22"/><rect x="-200" y="-130" width="44" height="156" rx="14" fill="${c.ink}"/>
				<circle cx="70" cy="-50" r="58" fill="${c.deep}"/><circle cx="70" cy="-50" r="34" fill="${c.accent}"/>`
		},
		{
			fr: 'Peigne et miroir',
			ar: 'مشط ومرآة',
			en: 'Comb and mirror',
			draw: (
				c
			) => `<g transform="rotate(-16 60 0)"><rect x="56" y="50" width="40" height="150" rx="20" fill="${c.deep}"/><ellipse cx="76" cy="-60" rx="112" ry="126" fill="${c.main}"/><ellipse cx="76" cy="-60" rx="86" ry="100" fill="${c.tiles[1]}" opacity=".55"/><ellipse cx="76" cy="-60" rx="86" ry="100" fill="${c.light}" opacity=".7"/><path d="M36-110l60-34M30-70l110-62" stroke="#fff" stroke-width="12" stroke-linecap="round"/></g>
				<g transform="rotate(-30 -120 80)"><rect x="-196" y="20" width="180" height="44" rx="16" fill="${c.accent}"/><path d="${[-186, -166, -146, -126, -106, -86, -66, -46, -28].map((x) => `M${x} 56v86`).join('')}" stroke="${c.accent}" stroke-width="10" stroke-linecap="round"/></g>`
		}
	],
	beaute: [
		{
			fr: 'Huile d’argan',
			ar: 'زيت الأركان',
			en: 'Argan oil',
			draw: (
				c
			) => `<rect x="-34" y="-196" width="68" height="90" rx="12" fill="${c.ink}"/><path d="M-30-110h60v40c60 16 80 50 80 96v150a24 24 0 0 1-24 24H-86a24 24 0 0 1-24-24V26c0-46 20-80 80-96z" fill="${c.metal}"/>
				<path d="M-30-110h22v44c-56 20-66 60-66 96v170h-12a24 24 0 0 1-24-24V26c0-46 20-80 80-96z" fill="#fff" opacity=".35"/><rect x="-110" y="40" width="220" height="104" fill="${c.light}"/>
				<path d="M0 132c-30-26-30-52 0-80 30 28 30 54 0 80z" fill="${c.main}"/><path d="M-8 132c-38-6-52-28-50-58 36 4 52 24 50 58zM8 132c38-6 52-28 50-58-36 4-52 24-50 58z" fill="${c.accent}"/>
				<ellipse cx="158" cy="176" rx="34" ry="24" fill="${c.deep}"/><ellipse cx="-160" cy="182" rx="30" ry="18" fill="${c.deep}"/>`
		},
		{
			fr: 'Serviettes et fleur',
			ar: 'مناشف وزهرة',
			en: 'Towels and flower',
			draw: (
				c
			) => `<rect x="-180" y="120" width="360" height="80" rx="36" fill="${c.main}"/><rect x="-164" y="46" width="328" height="78" rx="36" fill="${c.light}"/><rect x="-150" y="-26" width="300" height="76" rx="36" fill="${c.accent}"/>
				<path d="M-150 160h220M-136 85h200M-120 12h180" stroke="${c.ink}" stroke-opacity=".16" stroke-width="8" stroke-linecap="round"/>
				<g transform="translate(10 -84)" fill="${c.tiles[1]}">${[0, 72, 144, 216, 288].map((a) => `<ellipse transform="rotate(${a})" cy="-50" rx="34" ry="52"/>`).join('')}</g><circle cx="10" cy="-84" r="24" fill="${c.metal}"/>`
		},
		{
			fr: 'Lanterne de hammam',
			ar: 'فانوس الحمّام',
			en: 'Hammam lantern',
			draw: (
				c
			) => `<circle cy="20" r="196" fill="${c.metal}" opacity=".22"/><circle cy="-178" r="18" fill="none" stroke="${c.deep}" stroke-width="9"/><path d="M0-160c70 20 92 46 100 84h-200c8-38 30-64 100-84z" fill="${c.deep}"/>
				<path d="M-100-70h200l-26 214H-74z" fill="${c.metal}"/><path d="M-66-50c0-20 40-20 40 0l6 176h-30zM66-50c0-20-40-20-40 0l-6 176h30z" fill="${c.main}" opacity=".85"/><path d="M0-40c18 20 18 40 0 60-18-20-18-40 0-60zM0 40c14 16 14 34 0 50-14-16-14-34 0-50z" fill="${c.shine}"/>
				<path d="M-90 144H90l20 56h-220z" fill="${c.deep}"/>`
		}
	],
	jardinage: [
		{
			fr: 'Arrosoir',
			ar: 'مرشّة',
			en: 'Watering can',
			draw: (
				c
			) => `<path d="M-20-40c20-120 190-90 170 60" fill="none" stroke="${c.deep}" stroke-width="24"/><path d="M-60 130L-176-60l-22 12-4-44 62-34 36 26-24 16L-20 90z" fill="${c.deep}"/>
				<path d="M-70-40h220l20 240H-90z" fill="${c.main}"/><path d="M-70-40h64l-10 240h-74z" fill="#fff" opacity=".22"/><path d="M-80-56h240v34H-80z" fill="${c.deep}"/><path d="M-84 100h254" stroke="${c.accent}" stroke-width="18"/>`
		},
		{
			fr: 'Oranger en pot',
			ar: 'شجرة برتقال في أصيص',
			en: 'Potted orange tree',
			draw: (
				c
			) => `<rect x="-14" y="-20" width="28" height="110" fill="${c.metal}"/><circle cy="-84" r="112" fill="#3f8a50"/><circle cx="-44" cy="-112" r="66" fill="#fff" opacity=".12"/><path d="M112-84A112 112 0 0 1 0 28c60-20 90-60 88-120z" fill="#2a6138" opacity=".6"/>
				${[
					[-50, -60],
					[20, -120],
					[60, -50],
					[-20, -10],
					[-66, -130]
				]
					.map(
						([x, y]) =>
							`<circle cx="${x}" cy="${y}" r="21" fill="#f29a2e"/><circle cx="${x! - 6}" cy="${y! - 7}" r="5" fill="#fff" opacity=".6"/>`
					)
					.join('')}
				<path d="M-90 80H90l-24 120H-66z" fill="${c.accent}"/><rect x="-104" y="66" width="208" height="38" rx="8" fill="${c.accent}"/><rect x="-104" y="92" width="208" height="12" fill="${c.ink}" opacity=".2"/>`
		},
		{
			fr: 'Sécateur et feuilles',
			ar: 'مقص التقليم وأوراق',
			en: 'Secateurs and leaves',
			draw: (
				c
			) => `<g transform="rotate(24)"><path d="M-10-10c-70-60-70-130-20-186 50 50 70 110 50 180z" fill="${c.shine}"/><path d="M20 0c50-30 70-80 60-140-50 20-84 60-90 120z" fill="${c.metal}"/>
				<path d="M-14 0c-60 60-80 120-60 196l36-6c-10-60 10-110 60-160z" fill="${c.accent}"/><path d="M24 0c50 60 64 120 44 196l-36-6c14-60-6-110-46-160z" fill="${c.accent}"/><circle r="20" fill="${c.ink}"/></g>
				<path d="M90 160c-6-70 30-110 100-116 6 70-30 112-100 116z" fill="#4a8f58"/><path d="M-190-40c0-60 40-90 100-90 0 60-40 92-100 90z" fill="#4a8f58"/><path d="M92 158l70-86M-188-42l70-62" stroke="${c.light}" stroke-width="6"/>`
		}
	],
	peinture: [
		{
			fr: 'Rouleau',
			ar: 'رولو الصباغة',
			en: 'Paint roller',
			draw: (
				c
			) => `<rect x="-190" y="-180" width="300" height="110" rx="24" fill="${c.main}"/><rect x="-190" y="-180" width="300" height="36" rx="18" fill="#fff" opacity=".25"/>
				<path d="M110-126h54a26 26 0 0 1 26 26v46a26 26 0 0 1-26 26H0a20 20 0 0 0-20 20v30" fill="none" stroke="${c.metal}" stroke-width="20"/><rect x="-50" y="24" width="60" height="176" rx="26" fill="${c.accent}"/><rect x="-50" y="24" width="22" height="176" rx="11" fill="#fff" opacity=".25"/>`
		},
		{
			fr: 'Pot de peinture',
			ar: 'علبة صباغة',
			en: 'Paint pot',
			draw: (
				c
			) => `<path d="M-140-90a140 130 0 0 1 280 0" fill="none" stroke="${c.ink}" stroke-width="10"/><path d="M-150-90h300v250a150 40 0 0 1-300 0z" fill="${c.metal}"/><path d="M-150-90h70v280a150 40 0 0 1-70-30z" fill="${c.shine}"/>
				<ellipse cy="-90" rx="150" ry="44" fill="${c.deep}"/><ellipse cy="-88" rx="128" ry="33" fill="${c.main}"/><path d="M-60-66v120a26 26 0 0 0 52 0v-30a22 22 0 0 1 44 0v70a24 24 0 0 0 48 0V-70z" fill="${c.main}"/>`
		},
		{
			fr: 'Pinceaux et nuancier',
			ar: 'فرش ولوحة ألوان',
			en: 'Brushes and swatches',
			draw: (
				c
			) => `${[-34, -14, 6, 26].map((a, i) => `<g transform="translate(-70 190) rotate(${a})"><rect x="-36" y="-300" width="84" height="300" rx="14" fill="${[c.tiles[0], c.tiles[1], c.tiles[2], c.main][i]}"/><rect x="-36" y="-90" width="84" height="90" rx="10" fill="${c.light}"/></g>`).join('')}
				<g transform="translate(130 20) rotate(12)"><path d="M-20 0h40l10 160a30 30 0 0 1-60 0z" fill="${c.metal}"/><rect x="-50" y="-60" width="100" height="64" fill="${c.shine}"/><path d="M-50-60H50l-8-110C20-190-20-190-42-170z" fill="${c.accent}"/></g>`
		}
	],
	menuiserie: [
		{
			fr: 'Scie',
			ar: 'منشار',
			en: 'Saw',
			draw: (
				c
			) => `<g transform="rotate(-24)"><path d="M-60-60L220-10v40L-60 90z" fill="${c.metal}"/><path d="M-60-60L220-10v12L-60-30z" fill="${c.shine}"/><path d="M220 30l-22 14-6-9-20 16-6-10-20 16-7-11-20 16-6-11-20 17-7-12-20 17-7-12-20 16-6-11-20 16-8-11-20 16V80z" fill="${c.metal}"/>
				<path d="M-50-80v190c-60 20-150 0-150-90s80-130 150-100zm-46 60c-40-6-60 16-60 50s20 50 60 36z" fill-rule="evenodd" fill="${c.main}"/><circle cx="-62" cy="-40" r="9" fill="${c.ink}"/><circle cx="-62" cy="76" r="9" fill="${c.ink}"/></g>`
		},
		{
			fr: 'Marteau et clous',
			ar: 'مطرقة ومسامير',
			en: 'Hammer and nails',
			draw: (
				c
			) => `<g transform="rotate(-32)"><rect x="-24" y="-110" width="48" height="310" rx="20" fill="${c.main}"/><rect x="-24" y="-110" width="17" height="310" rx="8" fill="#fff" opacity=".25"/><path d="M-110-190H60c50 0 80 20 100 60-40-16-70-14-100 14v20H-110z" fill="${c.ink}"/><rect x="-140" y="-200" width="54" height="114" rx="12" fill="${c.metal}"/></g>
				<path d="M130 60v130M176 90v104" stroke="${c.metal}" stroke-width="13" stroke-linecap="round"/><path d="M104 60h52M152 88h48" stroke="${c.deep}" stroke-width="14" stroke-linecap="round"/>`
		},
		{
			fr: 'Chaise en cèdre',
			ar: 'كرسي من الأرز',
			en: 'Cedar chair',
			draw: (
				c
			) => `<path d="M-104-196h34V200h-34zM70-196h34V200H70z" fill="${c.deep}"/><path d="M-84-190H84v60H-84zM-84-110H84v24H-84z" fill="${c.main}"/>
				<path d="M-60-160l14-14 14 14-14 14zM-14-160l14-14 14 14-14 14zM32-160l14-14 14 14-14 14z" fill="${c.accent}"/>
				<path d="M-140 20h280v40h-280z" fill="${c.main}"/><path d="M-128-20h256l24 44h-304z" fill="${c.accent}"/><path d="M-136 60h34v140h-34zM102 60h34v140h-34z" fill="${c.main}"/><path d="M-104 120H104v18H-104z" fill="${c.deep}"/>`
		}
	],
	cours: [
		{
			fr: 'Pile de livres',
			ar: 'كتب',
			en: 'Pile of books',
			draw: (c) => `${[
				[-180, 126, 350, 74, c.main],
				[-150, 54, 310, 72, c.accent],
				[-172, -14, 300, 68, c.deep]
			]
				.map(
					([x, y, w, h, f]) =>
						`<rect x="${x}" y="${y}" width="${w}" height="${h}" rx="12" fill="${f}"/><path d="M${Number(x) + 40} ${Number(y) + 14}h${Number(w) - 40}v${Number(h) - 28}h-${Number(w) - 40}z" fill="#fffaf0"/><path d="M${Number(x) + 60} ${Number(y) + Number(h) / 2}h${Number(w) - 60}" stroke="#d8cdb8" stroke-width="4"/>`
				)
				.join('')}
				<g transform="translate(0 -62)"><circle r="48" fill="#d6453d"/><circle cx="-14" cy="-14" r="12" fill="#fff" opacity=".45"/><path d="M0-44c0-24 10-36 30-44" fill="none" stroke="${c.ink}" stroke-width="9"/><path d="M10-58c30-24 54-18 66 0-24 18-48 18-66 0z" fill="#5c9a3c"/></g>`
		},
		{
			fr: 'Crayon et équerre',
			ar: 'قلم ومسطرة',
			en: 'Pencil and set square',
			draw: (
				c
			) => `<path d="M-180 190V-150L190 190zm64-50h150L-116 0z" fill-rule="evenodd" fill="${c.tiles[1]}" opacity=".9"/><path d="M-180 150h20M-180 110h30M-180 70h20M-180 30h30M-180-10h20M-180-50h30" stroke="${c.ink}" stroke-width="6"/>
				<g transform="translate(60 -30) rotate(38)"><rect x="-28" y="-150" width="56" height="240" fill="${c.accent}"/><rect x="-28" y="-150" width="18" height="240" fill="#fff" opacity=".3"/><rect x="-28" y="-190" width="56" height="44" rx="14" fill="${c.main}"/><path d="M-28 90h56L0 156z" fill="#f5dcb8"/><path d="M-10 132h20L0 156z" fill="${c.ink}"/></g>`
		},
		{
			fr: 'Tableau noir',
			ar: 'سبورة',
			en: 'Blackboard',
			draw: (
				c
			) => `<path d="M-110 120l-40 80M110 120l40 80" stroke="${c.metal}" stroke-width="20" stroke-linecap="round"/><rect x="-196" y="-170" width="392" height="300" rx="14" fill="${c.metal}"/><rect x="-174" y="-148" width="348" height="256" fill="#23423a"/>
				<g fill="none" stroke="#f6f4e8" stroke-width="8" stroke-linecap="round"><path d="M-140 66h130M-140 66v-150"/><path d="M-140 60c60 0 60-110 120-120"/><circle cx="86" cy="-40" r="56"/><path d="M86-40l40-40M30-40h112" stroke="${c.accent}"/><path d="M40 66h90"/></g><rect x="-60" y="116" width="60" height="16" rx="5" fill="#fff"/>`
		}
	],
	photographie: [
		{
			fr: 'Appareil photo',
			ar: 'آلة تصوير',
			en: 'Camera',
			draw: (c) =>
				`<path d="M-80-130l30-50H50l30 50z" fill="${c.deep}"/><rect x="-200" y="-136" width="400" height="290" rx="38" fill="${c.ink}"/><path d="M-200-60h400V70h-400z" fill="${c.main}"/><circle cy="10" r="128" fill="${c.metal}"/><circle cy="10" r="104" fill="${c.ink}"/><circle cy="10" r="72" fill="${c.tiles[1]}"/><circle cy="10" r="72" fill="${c.deep}" opacity=".45"/><circle cx="-26" cy="-18" r="22" fill="#fff" opacity=".75"/><rect x="120" y="-116" width="54" height="32" rx="8" fill="${c.accent}"/><rect x="-176" y="-158" width="66" height="26" rx="8" fill="${c.metal}"/>`
		},
		{
			fr: 'Parapluie de studio',
			ar: 'مظلة الاستوديو',
			en: 'Studio umbrella',
			draw: (c) =>
				`<path d="M20-60v150M20 90L-70 200M20 90l90 110M20 90v110" stroke="${c.ink}" stroke-width="14" stroke-linecap="round"/><g transform="rotate(-24 0 -60)"><path d="M-190-40a190 170 0 0 1 380 0c-30-24-66-24-95 0-30-24-66-24-95 0-30-24-66-24-95 0-30-24-66-24-95 0z" fill="${c.light}"/><path d="M0-210a190 170 0 0 1 190 170c-30-24-66-24-95 0C90-110 60-170 0-210z" fill="${c.main}"/><path d="M0-210c-60 40-90 100-95 170-30-24-66-24-95 0A190 170 0 0 1 0-210z" fill="${c.main}" opacity=".6"/><path d="M0-60v70" stroke="${c.metal}" stroke-width="10"/><circle cy="14" r="26" fill="${c.accent}"/></g>`
		},
		{
			fr: 'Tirages',
			ar: 'صور مطبوعة',
			en: 'Prints',
			draw: (
				c
			) => `<g transform="translate(-60 0) rotate(-12)"><rect x="-120" y="-160" width="240" height="290" fill="#fff"/><rect x="-100" y="-140" width="200" height="200" fill="${c.sky[0]}"/><path d="M-100 60V0l60-70 50 56 30-34 60 70v38z" fill="${c.deep}"/><circle cx="50" cy="-96" r="24" fill="${c.sky[1]}"/></g>
				<g transform="translate(90 40) rotate(10)"><rect x="-110" y="-140" width="220" height="270" fill="#fff"/><rect x="-92" y="-122" width="184" height="184" fill="${c.tiles[1]}"/><circle cy="-50" r="40" fill="${c.shine}"/><path d="M-60 62c0-60 20-90 60-90s60 30 60 90z" fill="${c.accent}"/></g>`
		}
	],
	informatique: [
		{
			fr: 'Ordinateur portable',
			ar: 'حاسوب محمول',
			en: 'Laptop',
			draw: (
				c
			) => `<rect x="-160" y="-130" width="320" height="250" rx="20" fill="${c.ink}"/><rect x="-142" y="-112" width="284" height="210" fill="${c.main}"/><path d="M-142-112h150L-60 98h-82z" fill="#fff" opacity=".12"/><path d="M-100-60h120M-100-24h170M-100 12h90" stroke="${c.light}" stroke-opacity=".85" stroke-width="13" stroke-linecap="round"/><circle cx="92" cy="46" r="30" fill="${c.accent}"/>
				<path d="M-200 120h400l-16 56a20 20 0 0 1-20 16h-328a20 20 0 0 1-20-16z" fill="${c.metal}"/><path d="M-50 120H50l-6 20h-88z" fill="${c.ink}" opacity=".3"/>`
		},
		{
			fr: 'Routeur wifi',
			ar: 'راوتر ويفي',
			en: 'Wifi router',
			draw: (
				c
			) => `<path d="M-110 80V-90M110 80V-90" stroke="${c.ink}" stroke-width="20" stroke-linecap="round"/><rect x="-180" y="70" width="360" height="110" rx="30" fill="${c.light}"/><path d="M-180 130h360v20a30 30 0 0 1-30 30h-300a30 30 0 0 1-30-30z" fill="${c.metal}"/><circle cx="-120" cy="112" r="10" fill="${c.accent}"/><circle cx="-84" cy="112" r="10" fill="${c.main}"/><circle cx="-48" cy="112" r="10" fill="${c.main}"/>
				<g fill="none" stroke="${c.main}" stroke-width="24" stroke-linecap="round"><path d="M-40-6a58 58 0 0 1 80 0M-80-56a118 118 0 0 1 160 0M-120-106a176 176 0 0 1 240 0"/></g><circle cy="36" r="18" fill="${c.main}"/>`
		},
		{
			fr: 'Puce électronique',
			ar: 'شريحة إلكترونية',
			en: 'Microchip',
			draw: (c) =>
				`<g stroke="${c.metal}" stroke-width="18" stroke-linecap="round">${[-84, -28, 28, 84].map((p) => `<path d="M${p}-190v380M-190 ${p}h380"/>`).join('')}</g><rect x="-136" y="-136" width="272" height="272" rx="26" fill="${c.ink}"/><rect x="-84" y="-84" width="168" height="168" rx="14" fill="${c.main}"/><path d="M-84-70a14 14 0 0 1 14-14H84L-84 84z" fill="#fff" opacity=".18"/><circle cx="-106" cy="-106" r="11" fill="${c.accent}"/><path d="M-40 20h30l20-50 20 70 14-30" fill="none" stroke="${c.light}" stroke-width="10" stroke-linejoin="round"/>`
		}
	]
};
