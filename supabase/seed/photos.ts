// Draws pictures for the seeded businesses and puts them into the bucket `photos`. Run once after seed.sql, with
// SUPABASE_URL and SUPABASE_SECRET_KEY in the environment. Running it again leaves what is there; what was drawn once is
// kept beside the packages, so that other data is filled sooner.
import { createHash } from 'node:crypto';
import { mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { createClient } from '@supabase/supabase-js';
import sharp from 'sharp';
import { picturesOf, type Picture, type Subject } from './drawing/scenes.ts';

const WIDTHS = [480, 960, 1440];
const BUCKET = 'photos';
const BUSINESSES_AT_ONCE = 4;
const KEPT = new URL('../../node_modules/.cache/pictures/', import.meta.url);

const url = process.env.SUPABASE_URL;
const key = process.env.SUPABASE_SECRET_KEY;
if (!url || !key) throw new Error('SUPABASE_URL and SUPABASE_SECRET_KEY say where the pictures go; set both');
const supabase = createClient(url, key, { auth: { persistSession: false, autoRefreshToken: false } });

interface Business {
	id: string;
	subject: Subject;
	/** its place among the businesses of its category */
	turn: number;
}

/** The published businesses that have no picture yet. */
async function withoutPictures(): Promise<Business[]> {
	const { data, error } = await supabase
		.from('providers')
		.select(
			'id, slug, name, name_ar, category:categories!inner(slug), city:cities!inner(slug, name_fr, name_ar, name_en), photos(id)'
		)
		.eq('status', 'published')
		.order('slug')
		.overrideTypes<
			{
				id: string;
				slug: string;
				name: string;
				name_ar: string | null;
				category: { slug: string };
				city: { slug: string; name_fr: string; name_ar: string; name_en: string };
				photos: { id: string }[];
			}[],
			{ merge: false }
		>();
	if (error) throw new Error(`cannot read the businesses: ${error.message}`);
	const seen = new Map<string, number>();
	return data
		.map((row) => {
			const turn = seen.get(row.category.slug) ?? 0;
			seen.set(row.category.slug, turn + 1);
			const subject = {
				slug: row.slug,
				name: row.name,
				nameAr: row.name_ar ?? row.name,
				category: row.category.slug,
				city: row.city.slug,
				cityNames: { fr: row.city.name_fr, ar: row.city.name_ar, en: row.city.name_en }
			};
			return { id: row.id, subject, turn, done: row.photos.length > 0 };
		})
		.filter((business) => !business.done);
}

/** The picture in each of the widths, as WebP. */
async function draw(svg: string): Promise<Buffer[]> {
	// Flat drawings keep their edges at this quality; the smaller widths come from the one rendering.
	const large = await sharp(Buffer.from(svg)).removeAlpha().raw().toBuffer({ resolveWithObject: true });
	return Promise.all(
		WIDTHS.map((width) =>
			sharp(large.data, { raw: large.info }).resize(width).webp({ quality: 70, effort: 2 }).toBuffer()
		)
	);
}

/** The same, from what was kept where it was drawn before. */
async function drawn(svg: string): Promise<Buffer[]> {
	const name = createHash('sha256').update(svg).digest('hex');
	const files = WIDTHS.map((width) => new URL(`${name}-${width}.webp`, KEPT));
	try {
		return await Promise.all(files.map((file) => readFile(file)));
	} catch {
		const pictures = await draw(svg);
		await mkdir(KEPT, { recursive: true });
		await Promise.all(
			files.map(async (file, n) => {
				// Under its name only when it is whole: another start may be reading.
				const part = new URL(`${file.href}.${process.pid}`);
				await writeFile(part, pictures[n]!);
				await rename(part, file);
			})
		);
		return pictures;
	}
}

async function upload(path: string, picture: Picture): Promise<void> {
	const files = await drawn(picture.svg);
	await Promise.all(
		WIDTHS.map(async (width, n) => {
			const file = files[n]!;
			const { error } = await supabase.storage.from(BUCKET).upload(`${path}/${width}.webp`, file, {
				contentType: 'image/webp',
				cacheControl: '31536000',
				upsert: true
			});
			if (error) throw new Error(`cannot store ${path}/${width}.webp: ${error.message}`);
		})
	);
}

async function illustrate({ id, subject, turn }: Business): Promise<number> {
	const pictures = picturesOf(subject, turn);
	for (const [n, picture] of pictures.entries()) await upload(`${id}/${n + 1}`, picture);
	const { error } = await supabase.from('photos').insert(
		pictures.map(({ alt }, n) => ({
			provider_id: id,
			path: `${id}/${n + 1}`,
			width: 1440,
			height: 1080,
			alt_fr: alt.fr,
			alt_ar: alt.ar,
			alt_en: alt.en,
			position: n
		}))
	);
	if (error) throw new Error(`cannot record the pictures of ${subject.slug}: ${error.message}`);
	return pictures.length;
}

const queue = await withoutPictures();
let count = 0;
await Promise.all(
	Array.from({ length: BUSINESSES_AT_ONCE }, async () => {
		for (let next = queue.shift(); next; next = queue.shift()) {
			const pictures = await illustrate(next);
			count += pictures;
		}
	})
);
console.log(`${count} pictures stored`);
