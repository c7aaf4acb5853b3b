import type { Thing } from './objects.ts';

/** The three things of each category whose customers come to a place: restaurant, cinema, school. */
export const venueThings: Record<string, [Thing, Thing, Thing]> = {
	restaurant: [
		{
			fr: 'Tajine',
			ar: 'طاجين',
			en: 'Tagine',
			draw: (
				c
			) => `<path d="M0-190c22 0 30 18 26 34-4 18-2 24 8 44C66-48 120 20 158 88H-158C-120 20-66-48-34-112c10-20 12-26 8-44-4-16 4-34 26-34z" fill="${c.main}"/>
				<path d="M0-190c-22 0-30 18-26 34 4 18 2 24-8 44C-66-48-120 20-158 88h60C-76 0-40-80-14-116c8-14 0-40 14-74z" fill="#fff" opacity=".2"/>
				<path d="M-92-20l23 23 23-23 23 23L0-20l23 23 23-23 23 23 23-23" fill="none" stroke="${c.light}" stroke-width="11"/><path d="M-124 40h248" stroke="${c.accent}" stroke-width="16"/>
				<path d="M-192 92h384c0 62-44 108-110 108H-82c-66 0-110-46-110-108z" fill="${c.deep}"/><rect x="-204" y="84" width="408" height="26" rx="13" fill="${c.metal}"/><path d="M-150 126c8 26 24 42 50 52" fill="none" stroke="#fff" stroke-opacity=".3" stroke-width="12" stroke-linecap="round"/>`
		},
		{
			fr: 'Théière',
			ar: 'براد شاي',
			en: 'Teapot',
			draw: (
				c
			) => `<path d="M88-20c60-40 96-24 96 34 0 66-44 100-100 92" fill="none" stroke="${c.deep}" stroke-width="26" stroke-linecap="round"/>
				<path d="M-84 40c-56-8-66-70-118-92l-8 30c34 24 44 104 120 122z" fill="${c.metal}"/>
				<path d="M-60-70H60c52 30 70 84 58 150-8 50-32 88-52 106H-66c-20-18-44-56-52-106-12-66 6-120 58-150z" fill="${c.metal}"/><path d="M-60-70h34c-44 52-52 150-14 256h-26c-20-18-44-56-52-106-12-66 6-120 58-150z" fill="${c.shine}"/>
				<path d="M-116 66C-60 92 60 92 116 66l-2 40C56 130-56 130-114 106z" fill="${c.main}"/><path d="M-64-70C-56-130-26-148 0-148s56 18 64 78z" fill="${c.main}"/><path d="M-64-70h128" stroke="${c.deep}" stroke-width="14" stroke-linecap="round"/>
				<circle cy="-168" r="22" fill="${c.accent}"/><rect x="-78" y="182" width="156" height="18" rx="9" fill="${c.deep}"/>`
		},
		{
			fr: 'Assiette dressée',
			ar: 'صحن جاهز',
			en: 'Plate of food',
			draw: (
				c
			) => `<circle r="170" fill="${c.metal}"/><circle r="156" fill="${c.light}"/><circle r="112" fill="none" stroke="${c.main}" stroke-width="8" stroke-dasharray="18 12"/>
				<path d="M-66 6c8-60 62-84 104-58 44 28 40 92-6 108-48 18-104 6-98-50z" fill="${c.accent}"/><path d="M-40 0c12-36 44-50 72-34" fill="none" stroke="#fff" stroke-opacity=".45" stroke-width="12" stroke-linecap="round"/>
				<path d="M20 44c-30-30-26-64 4-92 26 30 26 64-4 92z" fill="#4d8f45"/><path d="M40 50C34 10 54-14 92-22c6 38-12 64-52 72z" fill="#6aa95c"/><circle cx="-44" cy="40" r="18" fill="${c.main}"/><circle cx="-18" cy="62" r="13" fill="${c.main}"/>`
		}
	],
	cinema: [
		{
			fr: 'Clap',
			ar: 'لوحة تصوير',
			en: 'Clapperboard',
			draw: (
				c
			) => `<rect x="-180" y="-40" width="360" height="240" rx="22" fill="${c.ink}"/><rect x="-156" y="40" width="312" height="136" rx="10" fill="${c.light}" opacity=".14"/>
				<path d="M-126 80h140M-126 116h220M-126 150h96" stroke="${c.light}" stroke-opacity=".8" stroke-width="12" stroke-linecap="round"/><circle cx="108" cy="128" r="30" fill="${c.accent}"/><path d="M98 110l32 18-32 18z" fill="${c.ink}"/>
				<path d="M-180-40h360v54h-360z" fill="${c.main}"/><path d="M-150-40h60l-36 54h-60zM-30-40h60l-36 54h-60zM90-40h60l-36 54H54z" fill="${c.light}"/>
				<g transform="rotate(-17 -170 -48)"><rect x="-180" y="-104" width="360" height="56" rx="10" fill="${c.main}"/><path d="M-150-104h60l36 56h-60zM-30-104h60l36 56H6zM90-104h60l30 50v6h-54z" fill="${c.light}"/></g><circle cx="-160" cy="-44" r="14" fill="${c.metal}"/>`
		},
		{
			fr: 'Pop-corn',
			ar: 'فشار',
			en: 'Popcorn',
			draw: (c) => `${[
				[-96, -74, 46],
				[-34, -112, 52],
				[38, -116, 54],
				[98, -72, 46],
				[0, -66, 58],
				[-64, -58, 40],
				[64, -58, 42],
				[-4, -160, 38]
			]
				.map(
					([x, y, r]) =>
						`<circle cx="${x}" cy="${y}" r="${r}" fill="#fff3cf"/><circle cx="${x! - 12}" cy="${y! - 10}" r="${r! / 2.4}" fill="#fff" opacity=".9"/><circle cx="${x! + 12}" cy="${y! + 14}" r="${r! / 4}" fill="#e8b04c" opacity=".7"/>`
				)
				.join(
					''
				)}<path d="M-140-40h280L100 200H-100z" fill="${c.light}"/><path d="M-140-40h46l26 240h-32zM-47-40H0v240h-27zM47-40h47l-26 240H27z" fill="${c.main}"/>
				<path d="M-140-40h280l-4 26h-272z" fill="${c.deep}" opacity=".35"/><circle cy="86" r="52" fill="${c.accent}"/><path d="M-14 58l42 28-42 28z" fill="${c.light}"/>`
		},
		{
			fr: 'Billets de cinéma',
			ar: 'تذاكر سينما',
			en: 'Cinema tickets',
			draw: (c) => {
				const ticket = (fill: string, mark: string) =>
					`<path d="M-180-74h360v44a30 30 0 0 0 0 60v44h-360V30a30 30 0 0 0 0-60z" fill="${fill}"/><path d="M96-74V74" stroke="${c.light}" stroke-width="7" stroke-dasharray="12 12"/><path d="M-140-30H20M-140 2H50M-140 34h90" stroke="${mark}" stroke-opacity=".85" stroke-width="13" stroke-linecap="round"/><path d="M138-26l8 18 20 2-15 13 5 20-18-11-18 11 5-20-15-13 20-2z" fill="${mark}"/>`;
				return `<g transform="translate(6 70) rotate(14)">${ticket(c.deep, c.light)}</g><g transform="translate(-6 -50) rotate(-12)">${ticket(c.accent, c.ink)}</g>`;
			}
		}
	],
	formation: [
		{
			fr: 'Tableau de conférence',
			ar: 'لوح عرض',
			en: 'Flip chart',
			draw: (
				c
			) => `<path d="M-90 100L-140 200M90 100l50 100M0 100v100" stroke="${c.metal}" stroke-width="18" stroke-linecap="round"/><rect x="-176" y="-180" width="352" height="290" rx="14" fill="${c.light}"/><rect x="-176" y="-180" width="352" height="40" rx="14" fill="${c.deep}"/>
				<path d="M-130 70V-40M-130 70h250" stroke="${c.ink}" stroke-width="9" stroke-linecap="round"/><path d="M-104 20h40v46h-40zM-46-16H-6v82h-40zM12-50h40V66H12zM70-92h40V66H70z" fill="${c.main}"/><path d="M-84-14l58-36 58-30 60-40" fill="none" stroke="${c.accent}" stroke-width="12" stroke-linecap="round" stroke-linejoin="round"/>
				<rect x="-150" y="110" width="300" height="16" rx="8" fill="${c.metal}"/>`
		},
		{
			fr: 'Carnet et stylo',
			ar: 'دفتر وقلم',
			en: 'Notebook and pen',
			draw: (
				c
			) => `<rect x="-150" y="-180" width="270" height="370" rx="22" fill="${c.main}"/><path d="M-150-158a22 22 0 0 1 22-22h40v370h-40a22 22 0 0 1-22-22z" fill="${c.deep}"/><rect x="-52" y="-120" width="140" height="90" rx="10" fill="${c.light}"/><path d="M-30-92H64M-30-62h60" stroke="${c.ink}" stroke-width="10" stroke-linecap="round"/>
				${[-130, -70, -10, 50, 110].map((y) => `<rect x="-172" y="${y}" width="52" height="20" rx="10" fill="${c.metal}"/>`).join('')}
				<g transform="translate(120 20) rotate(24)"><path d="M-20-160h40v240L0 140-20 80z" fill="${c.accent}"/><path d="M-20 80h40L0 140z" fill="${c.shine}"/><path d="M-7 120L0 140l7-20z" fill="${c.ink}"/><rect x="-20" y="-176" width="40" height="30" rx="10" fill="${c.ink}"/></g>`
		},
		{
			fr: 'Attestation',
			ar: 'شهادة',
			en: 'Certificate',
			draw: (
				c
			) => `<rect x="-190" y="-150" width="380" height="280" rx="14" fill="${c.light}"/><rect x="-170" y="-130" width="340" height="240" rx="8" fill="none" stroke="${c.metal}" stroke-width="8"/><path d="M-90-84H90" stroke="${c.deep}" stroke-width="20" stroke-linecap="round"/><path d="M-120-34h240M-120 2h240M-120 38h110" stroke="${c.ink}" stroke-opacity=".55" stroke-width="10" stroke-linecap="round"/>
				<path d="M64 96l-14 104 46-28 46 28-14-104z" fill="${c.main}"/><circle cx="96" cy="74" r="58" fill="${c.accent}"/><circle cx="96" cy="74" r="40" fill="${c.light}" opacity=".5"/><path d="M76 74l14 16 28-32" fill="none" stroke="${c.ink}" stroke-width="12" stroke-linecap="round" stroke-linejoin="round"/>`
		}
	]
};
