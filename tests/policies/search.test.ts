import { randomUUID } from 'node:crypto';
import type { Sql } from 'postgres';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { database, visitor } from 'supabase-embedded/testing';
import type { Database } from '../../src/lib/supabase/database.ts';
import { localInstant } from './people.ts';
import type { Client } from './people.ts';

type Wanted = Database['public']['Functions']['search_providers']['Args'];

let db: Sql;
const guest = visitor() as Client;
const mark = randomUUID().slice(0, 8);
/** a trade of this file's alone, so that what others make is not found */
const trade = `trade-${mark}`;
/** a word that no business elsewhere has; every figure its own letter, for a word of few letters is like no other word */
const word = `zellij${mark.replace(/[0-9]/g, (figure) => 'ghijklmnop'[Number(figure)]!)}`;
const near = { lat: 33.5, lng: -7.6 };
const names: Record<string, string> = {};

/** What a search in the trade finds, in order, by the names given here. */
async function find(wanted: Wanted): Promise<string[]> {
	return (await rows(wanted)).map(({ id }) => names[id] ?? id);
}

async function rows(wanted: Wanted) {
	const { data, error } = await guest.rpc('search_providers', { category_slug: trade, ...wanted });
	if (error) throw error;
	return data;
}

interface Business {
	name?: string;
	name_ar?: string;
	city?: string;
	/** degrees north of `near` */
	north?: number;
	status?: 'draft' | 'published' | 'suspended';
	verified?: boolean;
	rating?: [average: number, count: number];
	/** dirhams */
	price?: number;
	service_en?: string;
	/** days from today with opening hours from 8 to 20, each as its day of the week; every day without */
	open?: number[];
}

async function business(name: string, of: Business = {}): Promise<string> {
	const [row] = await db<{ id: string }[]>`
		insert into providers (
			slug, name, name_ar, category_id, city_slug, district, address, latitude, longitude, status, verified_at, rating,
			rating_count, cancellation_policy_id
		)
		select ${`s-${randomUUID()}`}, ${of.name ?? name}, ${of.name_ar ?? null}, c.id, ${of.city ?? `ville-${mark}`}, 'Centre',
			'1 rue des Essais', ${near.lat + (of.north ?? 0)}, ${near.lng}, ${of.status ?? 'published'},
			${of.verified ? db`now()` : null}, ${of.rating?.[0] ?? null}, ${of.rating?.[1] ?? 0}, p.id
		from categories c, cancellation_policies p
		where c.slug = ${trade} and p.code = 'moderate' returning id`;
	const { id } = row!;
	names[id] = name;
	const [service] = await db`
		insert into services (provider_id, name_fr, name_en, duration_minutes, price_minor)
		values (${id}, 'Prestation', ${of.service_en ?? null}, 60, ${(of.price ?? 100) * 100}) returning id`;
	const [staff] =
		await db`insert into resources (provider_id, kind, name) values (${id}, 'staff', 'Saïd') returning id`;
	await db`insert into service_resources (service_id, resource_id) values (${service!.id}, ${staff!.id})`;
	await hours(id, of.open ?? [0, 1, 2, 3, 4, 5, 6]);
	return id;
}

/** Opens a business on days so many from today. */
const hours = (id: string, days: number[], opens = '08:00', closes = '20:00') => db`
	insert into opening_hours (provider_id, weekday, opens, closes)
	select ${id}, extract(isodow from private.to_local(now(), 'Africa/Casablanca')::date + n), ${opens}, ${closes}
	from unnest(${days}::int[]) as n`;

/** A local day so many from today, YYYY-MM-DD. */
const day = async (n: number) =>
	(await db`select (private.to_local(now(), 'Africa/Casablanca')::date + ${n}::int)::text as day`)[0]!.day as string;

beforeAll(async () => {
	db = database();
	await db`update private.rate_limits set max_calls = 1000000`;
	await db`
		insert into categories (slug, name_fr, name_ar, name_en, icon)
		values (${trade}, ${`Métier ${mark}`}, 'تجارب', 'Trials', 'wrench')`;
	for (const city of ['ville', 'bourg'])
		await db`
			insert into cities (slug, name_fr, name_ar, name_en, latitude, longitude)
			values (${`${city}-${mark}`}, ${`${city} ${mark}`}, 'تستفيل', 'Testville', 33.5, -7.6)`;
});
afterAll(() => db.end());

describe('words', () => {
	beforeAll(async () => {
		await business('carreleur', {
			name: `Zéphyr ${word} & Fils`,
			name_ar: 'مؤسّسة الإصلاح المغربيّة للزليج والتنظيف',
			service_en: 'Mosaic tiling'
		});
		await business('autre', { name: 'Dépannage Atlas', city: `bourg-${mark}` });
	});

	test.each([
		['as it is written', word],
		['in capitals', word.toUpperCase()],
		['from its beginning', word.slice(0, 8)],
		['without its accents', 'zephyr'],
		['with accents of its own', 'zéphÿr'],
		['of a service, in English', 'mosaic'],
		['in Arabic, its alef bare', 'الاصلاح'],
		['in Arabic, ending in ha', 'المغربيه'],
		['in Arabic, with its vowels', 'الإِصْلَاح'],
		['in Arabic, without the article it has there', 'إصلاح'],
		['in Arabic, with an article of its own', 'الزليج'],
		['in Arabic, a letter doubled', 'الزلييج'],
		['in Arabic, a long vowel too many', 'زاليج'],
		['in Arabic, a long vowel left out', 'تنظف'],
		['in Arabic, with a letter that sounds the same', 'تنضيف'],
		['in Arabic, its letters shifted', 'تنظفي'],
		['in Arabic, typed on a Persian keyboard', 'زلیج'],
		['in Arabic, copied from a printed form', 'ﺯﻟﻴﺞ'],
		['in Arabic, drawn out and with invisible marks', '\u200fتنـظـيف\u200e'],
		['in Arabic, with a little word beside', `زليج في ${word}`],
		['one of two', `${word} mosaic`],
		['with a letter wrong', word.replace('ll', 'l')],
		['with two letters changed', `${word.slice(0, 3)}${word[4]}${word[3]}${word.slice(5)}`]
	])('a business is found by a word %s', async (_, q) => expect(await find({ q })).toEqual(['carreleur']));

	test.each([
		['that it does not have', 'plombier'],
		['of which it has only one', `${word} plombier`],
		['that would match anything, were it a pattern', '%'],
		['of signs that would each match a letter', '_'.repeat(word.length)]
	])('and not by words %s', async (_, q) => expect(await find({ q })).toEqual([]));

	test('none is every business of the trade', async () => {
		expect((await find({ q: '  ' })).toSorted()).toEqual(['autre', 'carreleur']);
	});

	test('go with a town', async () => {
		expect(await find({ city: `bourg-${mark}` })).toEqual(['autre']);
		expect(await find({ q: word, city: `bourg-${mark}` })).toEqual([]);
	});

	test('follow a town and a trade that are renamed', async () => {
		const found = (q: string) => find({ q, city: `bourg-${mark}` });
		await db`update cities set name_fr = ${`Hameau ${mark}`} where slug = ${`bourg-${mark}`}`;
		await db`update categories set keywords = 'rabotage' where slug = ${trade}`;
		expect(await found('hameau rabotage')).toEqual(['autre']);
		expect(await found('bourg')).toEqual([]);
	});

	test('find nothing that is not published', async () => {
		const id = await business('brouillon', { name: `Brouillon ${word}`, status: 'draft' });
		expect(await find({ q: 'brouillon' })).toEqual([]);
		await db`update providers set status = 'published' where id = ${id}`;
		expect(await find({ q: 'brouillon' })).toEqual(['brouillon']);
		await db`update providers set status = 'suspended' where id = ${id}`;
		expect(await find({ q: 'brouillon' })).toEqual([]);
	});
});

describe('order and choice', () => {
	const city = `ville-${mark}`;
	beforeAll(async () => {
		await db`update providers set status = 'draft' where city_slug in (${city}, ${`bourg-${mark}`})`;
		await business('good', { rating: [4.8, 40], price: 300, north: 0.3 });
		await business('fair', { rating: [3.9, 5], price: 200, north: 0.1, verified: true });
		await business('new', { price: 50, north: 0.2 });
		await business('one fan', { rating: [5, 1], price: 400, north: 0.4 });
	});

	test('the best liked by many come first, one good word counts little, verification a little', async () => {
		expect(await find({ city })).toEqual(['good', 'fair', 'one fan', 'new']);
	});

	test('a business of that name comes before better ones that have the word elsewhere', async () => {
		const elsewhere = `bourg-${mark}`;
		await business('on the street', {
			city: elsewhere,
			service_en: 'Tour Hassan walk',
			rating: [4.9, 80],
			verified: true
		});
		await business('of the name', { city: elsewhere, name: 'Restaurant Chez Hassan' });
		expect(await find({ city: elsewhere, q: 'hassan' })).toEqual(['of the name', 'on the street']);
		await db`update providers set status = 'draft' where city_slug = ${elsewhere}`;
	});

	test.each([
		['price', ['new', 'fair', 'good', 'one fan']],
		['rating', ['one fan', 'good', 'fair', 'new']]
	])('or by %s', async (sort, order) => expect(await find({ city, sort })).toEqual(order));

	test('or by distance, which is told in kilometres along the globe', async () => {
		const found = await rows({ city, ...near, sort: 'distance' });
		expect(found.map(({ id }) => names[id])).toEqual(['fair', 'new', 'good', 'one fan']);
		// a tenth of a degree of latitude on a sphere of 6,371 km
		expect(found[0]!.distance_km).toBeCloseTo(11.12, 2);
		expect((await rows({ city }))[0]!.distance_km).toBeNull();
	});

	test.each([
		['no further than', { ...near, radius_km: 23 }, ['fair', 'new']],
		['for no more than', { max_price_minor: 20_000 }, ['fair', 'new']],
		['rated at least', { min_rating: 4 }, ['good', 'one fan']],
		['verified', { verified_only: true }, ['fair']]
	])('and only those %s', async (_, wanted, order) => expect(await find({ city, ...wanted })).toEqual(order));

	test.each(['relevance', 'price', 'rating'])('pages by %s follow each other without a gap', async (sort) => {
		const whole = await find({ city, sort });
		const first = await rows({ city, sort, page_size: 3 });
		const second = await rows({ city, sort, page_size: 3, after: first.at(-1)!.cursor });
		expect([...first, ...second].map(({ id }) => names[id])).toEqual(whole);
		expect([...first, ...second].map(({ total }) => total)).toEqual([4, 4, 4, 4]);
	});

	test.each([
		['q', { q: 'x'.repeat(201) }],
		['sort', { sort: 'luck' }],
		['page_size', { page_size: 51 }],
		['after', { after: '1_2' }],
		['lat', { lat: 91, lng: 0 }],
		['radius_km', { ...near, radius_km: -1 }]
	])('what is no %s is refused', async (field, wanted) => {
		const { error } = await guest.rpc('search_providers', wanted);
		expect(error).toMatchObject({ code: 'PT422', message: 'invalid_input', details: field });
	});
});

describe('when a business is free', () => {
	const next = async (id: string) => {
		const row = (await rows({ city: `ville-${mark}`, page_size: 50 })).find((one) => one.id === id)!;
		return row.next_free_local;
	};

	test('is told by its own clocks, over days on which it is closed', async () => {
		const id = await business('weekly', { open: [4] });
		expect(await next(id)).toBe(`${await day(4)}T08:00:00`);
	});

	test('may be past midnight, on a day that is closed', async () => {
		const id = await business('night', { open: [] });
		await hours(id, [3], '23:30', '01:30');
		const staff = await db`select id from resources where provider_id = ${id}`;
		// the evening itself is taken
		await db`
			insert into closures (provider_id, resource_id, period)
			values (${id}, ${staff[0]!.id}, tstzrange(${await localInstant(db, 3, '23:00')}, ${await localInstant(db, 4, '00:30')}))`;
		expect(await next(id)).toBe(`${await day(4)}T00:30:00`);
	});

	test('may be a session where there are no hours', async () => {
		const id = await business('stage', { open: [] });
		const [room] = await db`
			insert into resources (provider_id, kind, name, capacity) values (${id}, 'room', 'Salle', 10) returning id`;
		const [show] = await db`
			insert into services (provider_id, mode, name_fr, duration_minutes, price_minor, price_per, max_party)
			values (${id}, 'session', 'Spectacle', 60, 5000, 'person', 5) returning id`;
		const starts = await localInstant(db, 5, '21:00');
		await db`
			insert into sessions (provider_id, service_id, resource_id, starts_at, ends_at, capacity)
			values (${id}, ${show!.id}, ${room!.id}, ${starts}, ${starts}::timestamptz + interval '1 hour', 10)`;
		expect(await next(id)).toBe(`${await day(5)}T21:00:00`);
	});

	test('is not told where nothing is in the next week', async () => {
		const id = await business('closed', { open: [] });
		expect(await next(id)).toBeNull();
		const found = await rows({ city: `ville-${mark}`, page_size: 50 });
		expect(found.find((one) => one.id === id)).toMatchObject({ next_free_known: true });
	});

	test('chooses those free on a day; how many there are in all nobody has counted', async () => {
		const city = `bourg-${mark}`;
		const [free, taken] = [
			await business('free that day', { city, open: [2] }),
			await business('taken that day', { city, open: [2] })
		];
		await business('closed that day', { city, open: [3] });
		await db`
			insert into closures (provider_id, period)
			values (${taken}, tstzrange(${await localInstant(db, 2, '00:00')}, ${await localInstant(db, 3, '00:00')}))`;
		const found = await rows({ city, free_on: await day(2) });
		expect(found.map(({ id }) => id)).toEqual([free]);
		expect(found[0]).toMatchObject({ next_free_local: `${await day(2)}T08:00:00`, total: null });
	});
});
