import type { Palette } from './palettes.ts';

/** A generator of whole numbers below n, always the same for the same name (FNV-1a, then mulberry32). */
export function choices(name: string): (n: number) => number {
	let state = 2166136261;
	for (const letter of name) state = Math.imul(state ^ letter.codePointAt(0)!, 16777619);
	return (n) => {
		state = (state + 0x6d2b79f5) | 0;
		let t = Math.imul(state ^ (state >>> 15), 1 | state);
		t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
		return Math.floor((((t ^ (t >>> 14)) >>> 0) / 4294967296) * n);
	};
}

/** A whole picture of 1440 × 1080 with its definitions. */
export function sheet(definitions: string, body: string): string {
	return `<svg xmlns="http://www.w3.org/2000/svg" width="1440" height="1080" viewBox="0 0 1440 1080"><defs>${definitions}</defs>${body}</svg>`;
}

/** Puts a drawing made around (0, 0) at a point; standing ones get a shadow under their feet at y = 200. */
export function place(drawing: string, x: number, y: number, scale: number, turn = 0, standing = true): string {
	const shadow = standing ? '<ellipse cx="14" cy="200" rx="190" ry="16" fill="#000" opacity=".22"/>' : '';
	return `<g transform="translate(${x} ${y}) scale(${scale}) rotate(${turn})">${shadow}${drawing}</g>`;
}

/** The khatam, an eight-pointed star of two squares, around (0, 0); r from the middle to a point. */
export function khatam(r: number): string {
	const inner = (r * Math.cos(Math.PI / 4)) / Math.cos(Math.PI / 8);
	const points = Array.from({ length: 16 }, (_, i) => {
		const reach = i % 2 ? inner : r;
		return `${(reach * Math.cos((i * Math.PI) / 8)).toFixed(1)} ${(reach * Math.sin((i * Math.PI) / 8)).toFixed(1)}`;
	});
	return `M${points.join('L')}z`;
}

/** A pattern of stars and crosses, as on a zellige wall; `size` is the width of a star. */
export function tiling(id: string, c: Palette, size: number): string {
	const star = (x: number, y: number, fill: string, heart: string) =>
		`<g transform="translate(${x} ${y})"><path d="${khatam(size / 2)}" fill="${fill}" stroke="${c.light}" stroke-width="${size / 36}"/><path d="${khatam(size / 3.6)}" fill="${c.light}" opacity=".9"/><path d="${khatam(size / 4.6)}" fill="${heart}"/><circle r="${size / 14}" fill="${c.light}"/></g>`;
	const cross = (x: number, y: number) =>
		`<path transform="translate(${x} ${y}) rotate(45)" d="M0-${size / 7}L${size / 7} 0 0 ${size / 7}-${size / 7} 0z" fill="${c.tiles[2]}"/>`;
	const h = size / 2;
	return `<pattern id="${id}" width="${size * 2}" height="${size * 2}" patternUnits="userSpaceOnUse"><rect width="${size * 2}" height="${size * 2}" fill="${c.deep}"/>${[
		star(h, h, c.tiles[0], c.tiles[2]),
		star(h * 3, h, c.tiles[1], c.tiles[0]),
		star(h, h * 3, c.tiles[1], c.tiles[0]),
		star(h * 3, h * 3, c.tiles[0], c.tiles[2]),
		cross(size, size),
		cross(0, 0),
		cross(size * 2, 0),
		cross(0, size * 2),
		cross(size * 2, size * 2),
		cross(size, 0),
		cross(size, size * 2),
		cross(0, size),
		cross(size * 2, size)
	].join('')}</pattern>`;
}
