import { city as cityScene } from './cities.ts';
import { things, type Thing } from './objects.ts';
import { paletteOf, type Palette } from './palettes.ts';
import { choices, khatam, place, sheet, tiling } from './shapes.ts';
import { venueThings } from './venues.ts';

/** Whose pictures are drawn. */
export interface Subject {
	slug: string;
	name: string;
	nameAr: string;
	/** slugs */
	category: string;
	city: string;
	cityNames: { fr: string; ar: string; en: string };
}

/** One picture: 1440 × 1080 as SVG, and what is on it in the three languages. */
export interface Picture {
	svg: string;
	alt: { fr: string; ar: string; en: string };
}

/**
 * Draws the three or four pictures of a business. The same subject always gives the same pictures; `turn` (its place
 * among the businesses of its category) keeps neighbours in a list from looking alike.
 */
export function picturesOf(subject: Subject, turn: number): Picture[] {
	const own = things[subject.category] ?? venueThings[subject.category];
	if (!own) throw new Error(`nothing to draw for category ${subject.category}`);
	const choose = choices(subject.slug);
	// Which thing leads changes every turn, which scene leads every third turn: nine different covers a category.
	const thing = (n: number): Thing => own[(turn + n) % own.length]!;
	const colours = (n: number): Palette => paletteOf(subject.category, turn + n + Math.floor(turn / 3));
	const drawn = [
		() => arch(thing(0), colours(0), choose),
		() => medallion(thing(1), colours(1), choose),
		() => table([thing(2), thing(0), thing(1)], colours(2), choose)
	];
	const first = (turn + Math.floor(turn / 3)) % drawn.length;
	const pictures = drawn.map((_, n) => drawn[(first + n) % drawn.length]!());
	if (choose(2) === 0) {
		pictures.push({
			svg: cityScene(subject.city, colours(0), choose),
			alt: {
				fr: `Vue de ${subject.cityNames.fr}`,
				ar: `منظر من ${subject.cityNames.ar}`,
				en: `View of ${subject.cityNames.en}`
			}
		});
	}
	return pictures.map(({ svg, alt }) => ({
		svg,
		alt: { fr: `${alt.fr} – ${subject.name}`, ar: `${alt.ar} – ${subject.nameAr}`, en: `${alt.en} – ${subject.name}` }
	}));
}

type Choose = (n: number) => number;

/** The thing on a shelf in a pointed arch, evening sky behind it. */
function arch(thing: Thing, c: Palette, choose: Choose): Picture {
	const x = [560, 720, 880][choose(3)]!;
	const sunX = x - 110 + choose(220);
	const opening = (grow: number) => {
		const w = 310 + grow;
		const top = 130 - grow;
		return `M${x - w} 840V470C${x - w - 34} 300 ${x - 150} 210 ${x} ${top}C${x + 150} 210 ${x + w + 34} 300 ${x + w} 470V840z`;
	};
	const plantX = x < 720 ? 1210 : x > 720 ? 230 : [200, 1230][choose(2)]!;
	const svg = sheet(
		`<linearGradient id="wall" x2="1" y2="1"><stop stop-color="${c.light}"/><stop offset=".55" stop-color="${c.wall}"/><stop offset="1" stop-color="${c.shade}"/></linearGradient>
		<linearGradient id="sky" x2="0" y2="1"><stop stop-color="${c.sky[0]}"/><stop offset=".8" stop-color="${c.sky[1]}"/></linearGradient>
		<clipPath id="hole"><path d="${opening(0)}"/></clipPath>${tiling('dado', c, 90)}${tiling('frame', c, 60)}`,
		`<rect width="1440" height="1080" fill="url(#wall)"/><path d="M0 0h520L1180 1080H420z" fill="#fff" opacity=".1"/>
		<path d="${opening(64)}" fill="${c.deep}"/><path d="${opening(58)}" fill="url(#frame)"/><path d="${opening(10)}" fill="${c.light}"/>
		<g clip-path="url(#hole)"><rect width="1440" height="1080" fill="url(#sky)"/><circle cx="${sunX}" cy="470" r="120" fill="#fff" opacity=".3"/><circle cx="${sunX}" cy="470" r="84" fill="#fff8e6" opacity=".85"/>
		<path d="M0 700c200-90 330-60 480-20s330-110 500-40 300-30 460 20v300H0z" fill="${c.tiles[1]}" opacity=".55"/><path d="M0 770c240-60 420 10 640-30s480-40 800 20v200H0z" fill="${c.deep}" opacity=".5"/>
		<path d="M${x - 340} 60h90v800h-90z" fill="${c.ink}" opacity=".16"/></g>
		<rect y="840" width="1440" height="240" fill="${c.shade}"/><rect y="864" width="1440" height="190" fill="url(#dado)"/><rect y="1054" width="1440" height="26" fill="${c.deep}"/>
		<rect y="826" width="1440" height="40" fill="${c.metal}"/><rect y="826" width="1440" height="10" fill="${c.shine}"/>
		${place(pottedPalm(c), plantX, 826 - 190, 0.95)}${place(thing.draw(c), x, 826 - 256, 1.28)}`
	);
	return { svg, alt: { fr: `${thing.fr} sous une arche`, ar: `${thing.ar} تحت قوس`, en: `${thing.en} under an arch` } };
}

/** The thing on an eight-pointed star in the middle of a tiled wall. */
function medallion(thing: Thing, c: Palette, choose: Choose): Picture {
	const svg = sheet(
		`${tiling('wall', c, [160, 180, 240][choose(3)]!)}<radialGradient id="dim"><stop offset=".35" stop-color="${c.ink}" stop-opacity="0"/><stop offset="1" stop-color="${c.ink}" stop-opacity=".5"/></radialGradient>
		<radialGradient id="plate"><stop stop-color="${c.light}"/><stop offset="1" stop-color="${c.wall}"/></radialGradient>`,
		`<rect width="1440" height="1080" fill="url(#wall)"/><rect x="-360" y="-540" width="2160" height="2160" fill="url(#dim)"/>
		<g transform="translate(720 540)"><path d="${khatam(516)}" fill="${c.ink}" opacity=".28" transform="translate(0 16)"/><path d="${khatam(512)}" fill="${c.deep}"/><path d="${khatam(494)}" fill="${c.metal}"/><path d="${khatam(476)}" fill="${c.main}"/><path d="${khatam(446)}" fill="url(#plate)"/>
		<circle r="330" fill="none" stroke="${c.metal}" stroke-width="6"/><circle r="316" fill="${c.tiles[1]}" opacity=".28"/></g>
		${place(thing.draw(c), 720, 540, 1.2, 0, false)}`
	);
	return {
		svg,
		alt: { fr: `${thing.fr} sur un zellige`, ar: `${thing.ar} على زليج`, en: `${thing.en} on zellige tiles` }
	};
}

/** The three things of the trade laid out on a table, with a glass of mint tea. */
function table(three: [Thing, Thing, Thing], c: Palette, choose: Choose): Picture {
	const mirrored = choose(2) === 1;
	const at = (x: number) => (mirrored ? 1440 - x : x);
	const svg = sheet(
		`<linearGradient id="top" x2="1" y2="1"><stop stop-color="${c.wall}"/><stop offset="1" stop-color="${c.shade}"/></linearGradient>
		<filter id="drop" x="-20%" y="-20%" width="150%" height="150%"><feOffset in="SourceAlpha" dx="16" dy="22" result="o"/><feFlood flood-color="${c.ink}" flood-opacity=".22"/><feComposite in2="o" operator="in"/><feMerge><feMergeNode/><feMergeNode in="SourceGraphic"/></feMerge></filter>`,
		`<rect width="1440" height="1080" fill="url(#top)"/>
		<g transform="translate(${at(880)} 540) rotate(${mirrored ? 14 : -14})">${runner(c)}</g>
		<path d="M-40-40h420L1000 1120H520zM560-40h160l640 1160h-200z" fill="#fff" opacity=".16"/>
		<g filter="url(#drop)">${place(`<path d="${khatam(215)}" fill="${c.light}"/><path d="${khatam(196)}" fill="${c.tiles[1]}"/><path d="${khatam(150)}" fill="${c.light}" opacity=".5"/>`, at(1180), 800, 1, 0, false)}</g>
		<g filter="url(#drop)">${place(three[0].draw(c), at(400), 400, 1.4, -8 + choose(16), false)}</g>
		<g filter="url(#drop)">${place(three[1].draw(c), at(1060), 330, 1.12, -6 + choose(16), false)}</g>
		<g filter="url(#drop)">${place(three[2].draw(c), at(690), 800, 0.95, -10 + choose(20), false)}</g>
		<g filter="url(#drop)">${place(teaFromAbove(c), at(1180), 800, 1, 0, false)}</g>
		<g filter="url(#drop)">${place(mint(), at(250), 890, 1, choose(360), false)}</g>`
	);
	const list = (l: 'fr' | 'en', and: string) =>
		`${three[0][l]}, ${three[1][l].toLowerCase()} ${and} ${three[2][l].toLowerCase()}`;
	return {
		svg,
		alt: {
			fr: `${list('fr', 'et')} sur une table`,
			ar: `${three[0].ar} و${three[1].ar} و${three[2].ar} على طاولة`,
			en: `${list('en', 'and')} on a table`
		}
	};
}

function pottedPalm(c: Palette): string {
	const leaves = [-78, -50, -22, 8, 36, 66].map(
		(a, n) =>
			`<path transform="translate(0 70) rotate(${a})" d="M0 0C-34-90-30-190 0-${n % 2 ? 250 : 280}C30-190 34-90 0 0z" fill="${n % 2 ? '#3f7d4e' : '#2f6541'}"/>`
	);
	return `${leaves.join('')}<path d="M-86 60H86L62 200H-62z" fill="${c.accent}"/><path d="M-98 46H98v32H-98z" fill="${c.accent}"/><path d="M-86 78H86l-3 14H-83z" fill="${c.ink}" opacity=".2"/><path d="M-72 130l18-18 18 18 18-18 18 18 18-18 18 18 18-18 18 18" fill="none" stroke="${c.light}" stroke-width="8"/>`;
}

/** A woven runner, lengthwise around (0, 0): stripes and a row of lozenges. */
function runner(c: Palette): string {
	const lozenges = Array.from(
		{ length: 11 },
		(_, i) =>
			`<g transform="translate(0 ${(i - 5) * 150})"><path d="M0-66L92 0 0 66-92 0z" fill="${i % 2 ? c.accent : c.deep}"/><path d="M0-36L50 0 0 36-50 0z" fill="${c.light}"/><path d="M0-16L22 0 0 16-22 0z" fill="${c.main}"/></g>`
	);
	return `<rect x="-190" y="-900" width="380" height="1800" fill="${c.tiles[1]}"/><rect x="-190" y="-900" width="380" height="1800" fill="${c.light}" opacity=".45"/><path d="M-170-900v1800M170-900v1800" stroke="${c.main}" stroke-width="20"/><path d="M-138-900v1800M138-900v1800" stroke="${c.accent}" stroke-width="10"/><g opacity=".5">${lozenges.join('')}</g>`;
}

function teaFromAbove(c: Palette): string {
	const leaves = [20, 150, 265].map(
		(a) => `<path transform="rotate(${a})" d="M0-4c-24-18-24-42 0-62 24 20 24 44 0 62z" fill="#4d8f45"/>`
	);
	return `<circle r="112" fill="${c.metal}"/><circle r="102" fill="${c.shine}"/><circle r="82" fill="#c98a35"/>${leaves.join('')}<circle r="82" fill="none" stroke="#fff" stroke-opacity=".75" stroke-width="8"/><path d="M-54-28a62 62 0 0 1 34-32" fill="none" stroke="#fff" stroke-opacity=".7" stroke-width="8" stroke-linecap="round"/>`;
}

function mint(): string {
	return [0, 70, 145, 215, 290]
		.map(
			(a) =>
				`<g transform="rotate(${a})"><path d="M0 0c-44-40-40-100 0-140 40 40 44 100 0 140z" fill="${a % 2 ? '#5aa257' : '#468c4a'}"/><path d="M0-10v-110" stroke="#cfe8c4" stroke-width="4"/></g>`
		)
		.join('');
}
