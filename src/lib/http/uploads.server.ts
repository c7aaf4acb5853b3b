import { error } from '@sveltejs/kit';
import sharp from 'sharp';
import type { Sharp } from 'sharp';

/**
 * What people upload takes memory on the site's server: a body of up to 10 MB is there about three times while it is read
 * and drawn, and a picture takes four bytes a point while it is. These bound both, whoever comes and however many: about
 * 250 MB of bodies and 200 MB of pictures.
 */
const bodiesAtOnce = 8;
/** One person's own do not shut out all others. */
const bodiesOfOne = 2;
/** Points of all pictures that are drawn at one time, and of each: cameras make up to 50 million. */
const pointsAtOnce = 50_000_000;

const bodies = new Map<string, number>();

/** Handles an upload of an account, its body included. Answers 429 where too many are being handled already. */
export async function receive<Answer>(account: string, handle: () => Promise<Answer>): Promise<Answer> {
	const own = bodies.get(account) ?? 0;
	const all = [...bodies.values()].reduce((sum, count) => sum + count, 0);
	if (own >= bodiesOfOne || all >= bodiesAtOnce) error(429, 'rate_limited');
	bodies.set(account, own + 1);
	try {
		return await handle();
	} finally {
		const left = bodies.get(account)! - 1;
		if (left === 0) bodies.delete(account);
		else bodies.set(account, left);
	}
}

let free = pointsAtOnce;
const waiting: { points: number; go: () => void }[] = [];

function next(): void {
	while (waiting[0] && waiting[0].points <= free) {
		const { points, go } = waiting.shift()!;
		free -= points;
		go();
	}
}

/** Waits until so many points may be in memory, first come first served. */
function room(points: number): Promise<void> {
	return new Promise((go) => {
		waiting.push({ points, go });
		next();
	});
}

// A picture is drawn once: keeping parts of it would only hold memory.
sharp.cache(false);

/**
 * Draws a picture anew. Its size is read before any of it is decoded: one of more points than are allowed at once, or of
 * another format, raises an error as a broken one does.
 */
export async function draw(
	bytes: ArrayBuffer,
	formats: readonly string[],
	work: (picture: Sharp) => Sharp
): Promise<Uint8Array<ArrayBuffer>> {
	const { format, width, height } = await sharp(bytes, { limitInputPixels: pointsAtOnce }).metadata();
	const points = width * height;
	if (!formats.includes(format) || points > pointsAtOnce) throw new Error(`not a picture to draw: ${format}`);
	await room(points);
	try {
		const picture = sharp(bytes, { limitInputPixels: pointsAtOnce, failOn: 'error' });
		return new Uint8Array(await work(picture).toBuffer());
	} finally {
		free += points;
		next();
	}
}
