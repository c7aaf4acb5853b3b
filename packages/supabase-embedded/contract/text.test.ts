import type { Sql } from 'postgres';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { database } from '../testing/project.ts';

let sql: Sql;

beforeAll(async () => {
	sql = database();
	await sql`create extension if not exists pg_trgm with schema extensions`;
	await sql`create extension if not exists unaccent with schema extensions`;
});

afterAll(() => sql.end());

/** What a select gives in its only column. */
const one = async <T>(query: PromiseLike<readonly Record<string, unknown>[]>) =>
	Object.values((await query)[0]!)[0] as T;

describe('the ground is UTF-8: text in the database', () => {
	test('is stored and counted in characters of Unicode', async () => {
		expect(await one(sql`select current_setting('server_encoding')`)).toBe('UTF8');
		expect(await one(sql`select char_length('مطعم Élodie')`)).toBe(11);
	});

	test('has a character type that knows letters beyond ASCII', async () => {
		const ctype = await one<string>(sql`select datctype from pg_database where datname = current_database()`);
		expect(['C', 'POSIX']).not.toContain(ctype);
	});

	test('has trigrams in Arabic, so that misspelt words are found', async () => {
		expect(await one(sql`select cardinality(extensions.show_trgm('مطعم'))`)).toBe(5);
		expect(await one<number>(sql`select extensions.similarity('سباك', 'سبااك')`)).toBeGreaterThan(0.5);
	});

	test('is folded to lower case beyond ASCII, by itself, in text search and in patterns', async () => {
		expect(await one(sql`select lower('ÉLODIE ÇA')`)).toBe('élodie ça');
		expect(await one(sql`select to_tsvector('simple', 'Élodie') @@ to_tsquery('simple', 'élodie')`)).toBe(true);
		expect(await one(sql`select 'ÉLODIE' ilike 'élodie' and 'É' ~* 'é'`)).toBe(true);
		expect(await one(sql`select extensions.unaccent('Élodie')`)).toBe('Elodie');
	});

	test('is matched by classes of characters in every script', async () => {
		expect(await one(sql`select 'مطعم' ~ '^\\w+$' and 'é' ~ '^[[:alpha:]]$'`)).toBe(true);
	});

	test('is brought into normal forms', async () => {
		expect(await one(sql`select normalize('ﺳﺒﺎﻙ ＋２１２', nfkc)`)).toBe('سباك +212');
	});

	test.each([
		['fr', 'fr-x-icu', ['amina', 'Élodie', 'Zaki', 'أحمد', 'مريم']],
		['en', 'en-x-icu', ['amina', 'Élodie', 'Zaki', 'أحمد', 'مريم']],
		['ar', 'ar-x-icu', ['أحمد', 'مريم', 'amina', 'Élodie', 'Zaki']]
	])('is ordered as readers of %s expect where the collation %s is asked for', async (_, collation, order) => {
		const names = await sql`
			select n from unnest(array['Zaki', 'مريم', 'amina', 'Élodie', 'أحمد']) as n order by n collate ${sql(collation)}`;
		expect(names.map(({ n }) => n as string)).toEqual(order);
	});
});
