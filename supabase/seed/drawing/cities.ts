import type { Palette } from './palettes.ts';
import { sheet, tiling } from './shapes.ts';

/** What lies behind each city, and its tower or gate: middle, width and height in pixels. */
const views: Record<
	string,
	{ far: 'sea' | 'mountains' | 'hills'; tower: [number, number, number]; gate?: boolean; palms: number[] }
> = {
	casablanca: { far: 'sea', tower: [940, 110, 560], palms: [250] },
	rabat: { far: 'sea', tower: [500, 150, 360], palms: [1080, 1180] },
	marrakech: { far: 'mountains', tower: [820, 104, 500], palms: [180, 330, 1180, 1290] },
	fes: { far: 'hills', tower: [980, 84, 420], palms: [] },
	tanger: { far: 'sea', tower: [420, 90, 400], palms: [1240] },
	agadir: { far: 'hills', tower: [1080, 80, 330], palms: [220, 420, 640] },
	meknes: { far: 'hills', tower: [720, 440, 380], gate: true, palms: [] },
	oujda: { far: 'mountains', tower: [520, 380, 330], gate: true, palms: [1010, 1150] }
};

/** A view over the roofs of a city (its slug) from a tiled terrace. Raises for a city it has no view of. */
export function city(slug: string, c: Palette, choose: (n: number) => number): string {
	const view = views[slug];
	if (!view) throw new Error(`no view of ${slug}`);
	const sun = 260 + choose(920);
	return sheet(
		`<linearGradient id="sky" x2="0" y2="1"><stop stop-color="${c.sky[0]}"/><stop offset=".7" stop-color="${c.sky[1]}"/></linearGradient>${tiling('terrace', c, 100)}`,
		`<rect width="1440" height="1080" fill="url(#sky)"/><circle cx="${sun}" cy="420" r="150" fill="#fff" opacity=".22"/><circle cx="${sun}" cy="420" r="96" fill="#fff6df" opacity=".9"/>
		${behind[view.far](c)}${roofs(700, 0.2, c, choose)}${view.gate ? '' : minaret(view.tower, c)}${roofs(740, 0.85, c, choose)}${view.gate ? gate(view.tower, c) : ''}${view.palms.map((x) => palm(x, 860, 0.9 + choose(5) / 10)).join('')}
		<rect y="880" width="1440" height="200" fill="${c.deep}"/><rect y="900" width="1440" height="180" fill="url(#terrace)"/><rect y="872" width="1440" height="30" fill="${c.light}"/><rect y="896" width="1440" height="8" fill="${c.ink}" opacity=".25"/>`
	);
}

const behind = {
	sea: (c: Palette) =>
		`<rect y="470" width="1440" height="390" fill="${c.tiles[1]}"/><path d="M0 510h300M420 500h240M800 522h340M180 550h260M620 560h420M1180 510h200" stroke="#fff" stroke-opacity=".5" stroke-width="6" stroke-linecap="round"/><path d="M630 458l60-90v90zM698 458v-70l44 70z" fill="#fff" opacity=".9"/><path d="M610 462h150l-24 22H634z" fill="${c.deep}"/>`,
	mountains: (c: Palette) =>
		`<path d="M0 640L190 420l120 110 210-240 180 220 150-160 240 250 170-170 180 190v200H0z" fill="${c.tiles[1]}" opacity=".75"/><path d="M520 290l-90 102 50 10 40-30 50 40 46-18zM850 350l-64 70 50 4 30-20 40 24 26-8zM190 420l-60 70 60-10 40 14 20-20z" fill="#fff" opacity=".85"/>`,
	hills: (c: Palette) =>
		`<path d="M0 620c180-150 360-170 560-60s380-130 620-60c140 40 200 60 260 100v260H0z" fill="${c.tiles[1]}" opacity=".8"/><path d="M0 690c240-90 480-40 700-20s480-100 740-10v200H0z" fill="${c.main}" opacity=".4"/>`
};

/** A row of flat-roofed houses; `tone` from far (0) to near (1). */
function roofs(bottom: number, tone: number, c: Palette, choose: (n: number) => number): string {
	const houses: string[] = [];
	for (let x = -40; x < 1440;) {
		const w = 90 + choose(110);
		const h = 50 + choose(130) * (0.6 + tone / 2);
		const y = bottom - h;
		const lit = choose(3) === 0;
		houses.push(
			`<rect x="${x}" y="${y}" width="${w + 2}" height="${260 + h}" fill="${lit ? c.light : choose(2) ? c.wall : c.shade}"/><rect x="${x + w * 0.72}" y="${y}" width="${w * 0.28 + 2}" height="${260 + h}" fill="${c.ink}" opacity=".1"/><rect x="${x - 3}" y="${y - 10}" width="${w + 8}" height="12" fill="${c.shade}"/>`
		);
		for (let n = 0; n < 1 + choose(3); n++) {
			const wx = x + 16 + n * 46;
			if (wx + 30 < x + w * 0.72)
				houses.push(
					`<path d="M${wx} ${y + 70}V${y + 44}a13 13 0 0 1 26 0v26z" fill="${choose(4) === 0 ? c.accent : c.deep}" opacity="${0.55 + tone / 3}"/>`
				);
		}
		x += w;
	}
	return houses.join('');
}

function minaret([x, w, h]: [number, number, number], c: Palette): string {
	const top = 760 - h;
	const l = x - w / 2;
	const battlements = Array.from(
		{ length: 5 },
		(_, i) => `<path d="M${l + (i * w) / 5} ${top}v-16l${w / 10}-12 ${w / 10} 12v16z"/>`
	).join('');
	return `<rect x="${l}" y="${top}" width="${w}" height="${h + 100}" fill="${c.shade}"/><rect x="${l}" y="${top}" width="${w}" height="${h + 100}" fill="${c.metal}" opacity=".55"/><rect x="${x + w * 0.22}" y="${top}" width="${w * 0.28}" height="${h + 100}" fill="${c.ink}" opacity=".14"/>
		<rect x="${l}" y="${top + 14}" width="${w}" height="34" fill="${c.main}"/><rect x="${l}" y="${top + 26}" width="${w}" height="8" fill="${c.light}"/><g fill="${c.metal}">${battlements}</g>
		${[0.2, 0.42, 0.64].map((at) => `<path d="M${x - w / 6} ${top + h * at + 56}v-40a${w / 6} ${w / 5} 0 0 1 ${w / 3} 0v40z" fill="${c.deep}"/><rect x="${x - w / 4}" y="${top + h * at + 60}" width="${w / 2}" height="8" fill="${c.light}" opacity=".8"/>`).join('')}
		<rect x="${x - w / 4}" y="${top - w * 0.75}" width="${w / 2}" height="${w * 0.7}" fill="${c.metal}"/><path d="M${x - w / 4 - 6} ${top - w * 0.72}L${x} ${top - w * 1.25}L${x + w / 4 + 6} ${top - w * 0.72}z" fill="${c.main}"/><path d="M${x} ${top - w * 1.2}v-44" stroke="${c.accent}" stroke-width="6"/><circle cx="${x}" cy="${top - w * 1.2 - 16}" r="9" fill="${c.accent}"/><circle cx="${x}" cy="${top - w * 1.2 - 38}" r="6" fill="${c.accent}"/>`;
}

function gate([x, w, h]: [number, number, number], c: Palette): string {
	const top = 760 - h;
	const l = x - w / 2;
	const teeth = Array.from(
		{ length: 9 },
		(_, i) => `<path d="M${l + (i * w) / 9} ${top}v-18l${w / 18}-14 ${w / 18} 14v18z"/>`
	).join('');
	return `<rect x="${l - w * 0.3}" y="${top + h * 0.35}" width="${w * 1.6}" height="${h}" fill="${c.shade}"/><rect x="${l}" y="${top}" width="${w}" height="${h + 100}" fill="${c.metal}"/><g fill="${c.metal}">${teeth}</g>
		<rect x="${l + 18}" y="${top + 16}" width="${w - 36}" height="${h * 0.26}" fill="url(#terrace)"/><path d="M${x - w * 0.3} 860V${top + h * 0.62}C${x - w * 0.36} ${top + h * 0.42} ${x - w * 0.12} ${top + h * 0.36} ${x} ${top + h * 0.3}C${x + w * 0.12} ${top + h * 0.36} ${x + w * 0.36} ${top + h * 0.42} ${x + w * 0.3} ${top + h * 0.62}V860z" fill="${c.main}"/>
		<path d="M${x - w * 0.23} 860V${top + h * 0.66}C${x - w * 0.28} ${top + h * 0.5} ${x - w * 0.1} ${top + h * 0.45} ${x} ${top + h * 0.4}C${x + w * 0.1} ${top + h * 0.45} ${x + w * 0.28} ${top + h * 0.5} ${x + w * 0.23} ${top + h * 0.66}V860z" fill="${c.ink}"/>`;
}

function palm(x: number, y: number, scale: number): string {
	const fronds = [-96, -62, -30, 4, 40, 74, 104]
		.map((a) => `<path transform="rotate(${a})" d="M0 0C-26-50-20-120 10-170C26-110 26-50 0 0z"/>`)
		.join('');
	return `<g transform="translate(${x} ${y}) scale(${scale})"><path d="M-12 40C0-80 0-180 8-300h14c0 120 0 220 10 340z" fill="#7a5534"/><g transform="translate(14 -300)" fill="#2f6b47">${fronds}</g><g transform="translate(14 -300) scale(.72)" fill="#4a8f58">${fronds}</g></g>`;
}
