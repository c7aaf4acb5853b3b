import { beforeAll, describe, expect, test, vi } from 'vitest';
import { project, service, visitor } from '../testing/project.ts';

const fatema = '00000000-0000-4000-8000-000000000001';

describe('reading by REST', () => {
	const client = visitor();
	const books = () => client.from('contract_books');

	/** The text of an answer, for what JSON.parse would hide. */
	const text = async (path: string, headers: Record<string, string> = {}) => {
		const answer = await fetch(`${project.url}/rest/v1/${path}`, {
			headers: { apikey: project.publishableKey, ...headers }
		});
		return { status: answer.status, headers: answer.headers, body: await answer.text() };
	};

	beforeAll(async () => {
		// The schema was remade a moment ago; a real project takes a moment to see it.
		await vi.waitFor(async () => expect((await books().select('id').limit(1)).status).toBe(200), { timeout: 10_000 });
	});

	describe('the form of values', () => {
		test('instants carry T, their fraction as stored and +00:00', async () => {
			const { data } = await books().select('printed_at').eq('id', 1).single();
			expect(data!.printed_at).toBe('2026-11-20T19:37:12.09+00:00');
		});

		test('timestamps without a zone have none', async () => {
			const { data } = await books().select('shelved_at').eq('id', 1).single();
			expect(data!.shelved_at).toBe('2026-11-20T19:37:12.09');
		});

		test('periods are the text Postgres writes', async () => {
			const { data } = await books().select('lent').eq('id', 1).single();
			expect(data!.lent).toBe('["2026-11-20 10:00:00+00","2026-11-20 11:00:00+00")');
		});

		test('intervals, dates, enums and bytea are texts', async () => {
			const { data } = await books()
				.select('reading_time, cover, author:contract_authors!contract_books_author_id_fkey(born, mood)')
				.eq('id', 1)
				.single();
			expect(data).toEqual({
				reading_time: '1 day 02:00:00',
				cover: '\\xdeadbeef',
				author: { born: '1940-09-27', mood: 'calm' }
			});
		});

		test('numeric and int8 are JSON numbers', async () => {
			const { body } = await text('contract_books?select=price,big&id=eq.1');
			expect(body).toBe('[{"price":120.50,"big":9007199254740991}]');
		});

		test('arrays are JSON arrays and jsonb is inline', async () => {
			const { data } = await books().select('labels, data').eq('id', 1).single();
			expect(data).toEqual({ labels: ['memoir', 'fez'], data: { shelf: { row: 3 }, langs: ['fr', 'ar'] } });
		});
	});

	describe('filters', () => {
		test.each([
			['eq', () => books().select('id').eq('title', 'Beyond the veil'), [2]],
			['neq', () => books().select('id').neq('id', 2), [1, 3]],
			['gt and lte', () => books().select('id').gt('price', 80).lte('price', 100), [3]],
			['gte and lt on instants', () => books().select('id').gte('printed_at', '2026-11-20T00:00:00Z').lt('id', 2), [1]],
			['like', () => books().select('id').like('title', '%the veil'), [2]],
			['ilike', () => books().select('id').ilike('title', 'THE%'), [3]],
			['ilikeAnyOf', () => books().select('id').ilikeAnyOf('title', ['the%', 'dreams%']), [1, 3]],
			['regular expressions', () => books().select('id').filter('title', 'match', '^[BT]'), [2, 3]],
			[
				'in, with commas and brackets in values',
				() => books().select('id').in('title', ['Beyond the veil', 'a, (b)', 'The simple past']),
				[2, 3]
			],
			['in an empty list', () => books().select('id').in('id', []), []],
			['is null', () => books().select('id').is('lent', null), [2]],
			['not is null', () => books().select('id').not('lent', 'is', null), [1, 3]],
			['not in', () => books().select('id').not('id', 'in', '(1,2)'), [3]],
			[
				'isdistinct',
				() => books().select('id').filter('editor_id', 'isdistinct', '00000000-0000-4000-8000-000000000002'),
				[2, 3]
			],
			['contains, on arrays', () => books().select('id').contains('labels', ['fez']), [1, 3]],
			[
				'contains, on jsonb',
				() =>
					books()
						.select('id')
						.contains('data', { shelf: { row: 3 } }),
				[1]
			],
			['containedBy', () => books().select('id').containedBy('labels', ['essay', 'novel']), [2]],
			['overlaps, on arrays', () => books().select('id').overlaps('labels', ['novel', 'essay']), [2, 3]],
			[
				'overlaps, on periods',
				() => books().select('id').overlaps('lent', '[2026-11-20T10:30:00Z,2026-11-20T12:00:00Z)'),
				[1]
			],
			['rangeGt', () => books().select('id').rangeGt('lent', '[2026-11-20 10:00+00,2026-11-20 11:00+00)'), [3]],
			[
				'rangeAdjacent',
				() => books().select('id').rangeAdjacent('lent', '[2026-11-20 11:00+00,2026-11-20 12:00+00)'),
				[1]
			],
			['full-text search', () => books().select('id').textSearch('search', 'simple & past', { config: 'simple' }), [3]],
			[
				'web search',
				() => books().select('id').textSearch('search', 'dreams or veil', { type: 'websearch', config: 'simple' }),
				[1, 2]
			],
			[
				'full-text search in plain text',
				() => books().select('id').textSearch('title', 'dream', { type: 'plain', config: 'english' }),
				[1]
			],
			['JSON arrows', () => books().select('id').eq('data->shelf->>row', '1'), [2]],
			['JSON arrows to elements', () => books().select('id').eq('data->langs->>0', 'fr'), [1]],
			['or', () => books().select('id').or('id.eq.1,title.eq."The simple past"'), [1, 3]],
			[
				'or with and, in, not and quoted values inside',
				() => books().select('id').or('and(id.gt.1,labels.cs.{fez}),id.in.(1,7),not.and(id.gt.0,pages.gt.0)'),
				[1, 3]
			],
			['match', () => books().select('id').match({ id: 2, pages: 200 }), [2]]
		])('%s', async (_name, query, ids) => {
			const { data, error } = await query().order('id');
			expect(error).toBeNull();
			expect(data!.map(({ id }) => id)).toEqual(ids);
		});

		test('a computed column filters and is selected like any other', async () => {
			const { data } = await books()
				.select('contract_label')
				.eq('contract_label' as 'title', 'Beyond the veil (200)');
			expect(data).toEqual([{ contract_label: 'Beyond the veil (200)' }]);
		});

		test('a value with quotes and backslashes stays a value', async () => {
			const { data, error } = await books().select('id').eq('title', `'; drop table contract_books; -- \\' \\`);
			expect(error).toBeNull();
			expect(data).toEqual([]);
		});
	});

	describe('order, ranges and counts', () => {
		test('orders by several columns, nulls where asked', async () => {
			const { data } = await client
				.from('contract_authors')
				.select('name')
				.order('born', { ascending: false, nullsFirst: false })
				.order('name');
			expect(data!.map(({ name }) => name)).toEqual(['Fatema', 'Driss', 'Nobody']);
		});

		test('range gives a part and count=exact says of how many', async () => {
			const { data, count, status } = await books().select('id', { count: 'exact' }).order('id').range(1, 1);
			expect({ data, count, status }).toEqual({ data: [{ id: 2 }], count: 3, status: 206 });
		});

		test('the Range header works like limit and offset', async () => {
			const { status, headers, body } = await text('contract_books?select=id&order=id', {
				range: '0-1',
				'range-unit': 'items'
			});
			expect({ status, range: headers.get('content-range'), rows: JSON.parse(body) }).toEqual({
				status: 200,
				range: '0-1/*',
				rows: [{ id: 1 }, { id: 2 }]
			});
		});

		test('an offset behind the last row is not satisfiable when rows are counted', async () => {
			const { error, status } = await books().select('id', { count: 'exact' }).range(10, 20);
			expect(status).toBe(416);
			expect(error!.code).toBe('PGRST103');
		});

		test('an answer has at most 1000 rows', async () => {
			const { data, count } = await client.from('contract_numbers').select('n', { count: 'exact' });
			expect(data).toHaveLength(1000);
			expect(count).toBe(1200);
		});

		test('HEAD counts without rows', async () => {
			const { data, count, status } = await books()
				.select('*', { count: 'exact', head: true })
				.contains('labels', ['fez']);
			expect({ data, count, status }).toEqual({ data: null, count: 2, status: 200 });
		});

		test('CSV has a head line', async () => {
			const { data } = await books().select('id,title').eq('id', 2).csv();
			expect(data).toBe('id,title\n2,"Beyond the veil"');
		});
	});

	describe('embedding', () => {
		test('to-one, with a hint and an alias', async () => {
			const { data } = await books()
				.select(
					'title, author:contract_authors!contract_books_author_id_fkey(name), editor:contract_authors!editor_id(name)'
				)
				.order('id')
				.limit(2);
			expect(data).toEqual([
				{ title: 'Dreams of a house', author: { name: 'Fatema' }, editor: { name: 'Driss' } },
				{ title: 'Beyond the veil', author: { name: 'Fatema' }, editor: null }
			]);
		});

		test('to-one by the column that holds the key', async () => {
			const { data } = await books().select('title, author_id(name)').eq('id', 3).single();
			expect(data).toEqual({ title: 'The simple past', author_id: { name: 'Driss' } });
		});

		test('to-many, ordered, filtered and limited on its own', async () => {
			const { data } = await client
				.from('contract_authors')
				.select('name, contract_books!contract_books_author_id_fkey(title)')
				.order('title', { referencedTable: 'contract_books', ascending: true })
				.limit(1, { referencedTable: 'contract_books' })
				.gt('contract_books.pages', 100)
				.eq('id', fatema)
				.single();
			expect(data).toEqual({ name: 'Fatema', contract_books: [{ title: 'Beyond the veil' }] });
		});

		test('nobody’s books are an empty list', async () => {
			const { data } = await client
				.from('contract_authors')
				.select('name, contract_books!author_id(title)')
				.eq('name', 'Nobody')
				.single();
			expect(data).toEqual({ name: 'Nobody', contract_books: [] });
		});

		test('one-to-one is an object from both sides', async () => {
			const one = await books().select('contract_blurbs(body)').eq('id', 1).single();
			const other = await client.from('contract_blurbs').select('contract_books(title)').single();
			expect([one.data, other.data]).toEqual([
				{ contract_blurbs: { body: 'A childhood in Fez' } },
				{ contract_books: { title: 'Dreams of a house' } }
			]);
		});

		test('many-to-many goes through the junction', async () => {
			const { data } = await books()
				.select('id, contract_tags(name)')
				.order('id')
				.order('name', { referencedTable: 'contract_tags' });
			expect(data).toEqual([
				{ id: 1, contract_tags: [{ name: 'classic' }, { name: 'short' }] },
				{ id: 2, contract_tags: [] },
				{ id: 3, contract_tags: [{ name: 'classic' }] }
			]);
		});

		test('!inner keeps only rows that have one, and counts them', async () => {
			const { data, count } = await books()
				.select('id, contract_tags!inner(name)', { count: 'exact' })
				.eq('contract_tags.name', 'short');
			expect({ data, count }).toEqual({ data: [{ id: 1, contract_tags: [{ name: 'short' }] }], count: 1 });
		});

		test('!inner on to-one filters the parent', async () => {
			const { data } = await books()
				.select('id, contract_authors!author_id!inner(name)')
				.eq('contract_authors.name', 'Driss');
			expect(data).toEqual([{ id: 3, contract_authors: { name: 'Driss' } }]);
		});

		test('an empty embedding filters without being shown', async () => {
			const { data } = await books().select('id, contract_tags!inner()').eq('contract_tags.name', 'short');
			expect(data).toEqual([{ id: 1 }]);
		});

		test('rows without an embedded one are found by is null', async () => {
			const { data } = await books().select('id, contract_blurbs()').is('contract_blurbs', null).order('id');
			expect(data).toEqual([{ id: 2 }, { id: 3 }]);
		});

		test('spreads a to-one into its parent', async () => {
			const { data } = await books()
				.select('title, ...contract_authors!author_id(author_name:name, mood)')
				.eq('id', 3)
				.single();
			expect(data).toEqual({ title: 'The simple past', author_name: 'Driss', mood: 'merry' });
		});

		test('orders by a field of a to-one', async () => {
			const { data } = await books()
				.select('id, author:contract_authors!author_id(name)')
				.order('author(name)')
				.order('id');
			expect(data!.map(({ id }) => id)).toEqual([3, 1, 2]);
		});

		test('goes as deep as asked', async () => {
			const { data } = await client
				.from('contract_tags')
				.select('name, contract_books(title, contract_authors!author_id(name, mentor_id(name)))')
				.eq('contract_books.id', 3)
				.eq('id', 1)
				.single();
			expect(data).toEqual({
				name: 'classic',
				contract_books: [
					{ title: 'The simple past', contract_authors: { name: 'Driss', mentor_id: { name: 'Fatema' } } }
				]
			});
		});

		test('or inside an embedded table', async () => {
			const { data } = await client
				.from('contract_authors')
				.select('name, contract_books!author_id(id)')
				.or('id.eq.1,title.eq.nothing', { referencedTable: 'contract_books' })
				.eq('id', fatema)
				.single();
			expect(data).toEqual({ name: 'Fatema', contract_books: [{ id: 1 }] });
		});

		test('counts embedded rows', async () => {
			const { data } = await client
				.from('contract_authors')
				.select('name, contract_books!author_id(count)')
				.order('name');
			expect(data).toEqual([
				{ name: 'Driss', contract_books: [{ count: 1 }] },
				{ name: 'Fatema', contract_books: [{ count: 2 }] },
				{ name: 'Nobody', contract_books: [{ count: 0 }] }
			]);
		});

		test('casts and JSON paths are selected', async () => {
			const { data } = await books().select('price::text, data->shelf->row, lang:data->langs->>0').eq('id', 1).single();
			expect(data).toEqual({ price: '120.50', row: 3, lang: 'fr' });
		});
	});

	describe('what cannot be read', () => {
		test('two ways to embed and no hint: PGRST201', async () => {
			const { error, status } = await books().select('contract_authors(name)');
			expect(status).toBe(300);
			expect(error!.code).toBe('PGRST201');
		});

		test('no way to embed: PGRST200', async () => {
			const { error, status } = await books().select('contract_numbers(n)');
			expect(status).toBe(400);
			expect(error).toMatchObject({
				code: 'PGRST200',
				message: "Could not find a relationship between 'contract_books' and 'contract_numbers' in the schema cache"
			});
		});

		test('a filter on what is not embedded: PGRST108', async () => {
			const { error } = await books().select('id').eq('contract_tags.name', 'short');
			expect(error!.code).toBe('PGRST108');
		});

		test('a table that is not there: PGRST205', async () => {
			const { error, status } = await client.from('contract_boks').select();
			expect(status).toBe(404);
			expect(error).toMatchObject({
				code: 'PGRST205',
				message: "Could not find the table 'public.contract_boks' in the schema cache"
			});
		});

		test('a column that is not there: 42703', async () => {
			const { error, status } = await books().select('nonsense');
			expect(status).toBe(400);
			expect(error).toMatchObject({ code: '42703', message: 'column contract_books.nonsense does not exist' });
		});

		test('a value of another type: 22P02', async () => {
			const { error, status } = await books().select('id').eq('id', 'seven');
			expect(status).toBe(400);
			expect(error).toMatchObject({ code: '22P02', message: 'invalid input syntax for type bigint: "seven"' });
		});

		test('single() with none or several: PGRST116', async () => {
			const none = await books().select('id').eq('id', 99).single();
			const several = await books().select('id').single();
			expect([none.status, none.error!.code, none.error!.details]).toEqual([
				406,
				'PGRST116',
				'The result contains 0 rows'
			]);
			expect([several.status, several.error!.code, several.error!.details]).toEqual([
				406,
				'PGRST116',
				'The result contains 3 rows'
			]);
		});

		test('maybeSingle() with none is null', async () => {
			const { data, error } = await books().select('id').eq('id', 99).maybeSingle();
			expect({ data, error }).toEqual({ data: null, error: null });
		});

		test('a table without grants: 42501, as 401 for a visitor', async () => {
			const { error, status } = await client.from('contract_secrets').select();
			expect(status).toBe(401);
			expect(error).toMatchObject({ code: '42501', message: 'permission denied for table contract_secrets' });
		});

		test('the secret key reads past policies and grants', async () => {
			const { data } = await service()
				.from('contract_notes')
				.select('body')
				.in('body', ['for everyone', 'for one'])
				.order('body');
			expect(data).toEqual([{ body: 'for everyone' }, { body: 'for one' }]);
		});

		test('a schema that is not exposed: PGRST106', async () => {
			const { error, status } = await client
				.schema('auth' as 'public')
				.from('users')
				.select();
			expect(status).toBe(406);
			expect(error!.code).toBe('PGRST106');
		});

		test('a token whose signature is false: PGRST301', async () => {
			const { status, body } = await text('contract_books', {
				authorization: 'Bearer eyJhbGciOiJFUzI1NiJ9.eyJyb2xlIjoic2VydmljZV9yb2xlIn0.AAAA'
			});
			expect(status).toBe(401);
			expect(JSON.parse(body)).toMatchObject({ code: 'PGRST301' });
		});

		test('a query that cannot be parsed: PGRST100', async () => {
			const { status, body } = await text('contract_books?select=id&id=nonsense.1');
			expect(status).toBe(400);
			expect(JSON.parse(body)).toMatchObject({ code: 'PGRST100' });
		});
	});
});
