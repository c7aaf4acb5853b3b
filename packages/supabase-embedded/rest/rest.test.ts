import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { fromDatabase, RestError, statusOf } from './errors.ts';
import { isOperation, parseFilter, parseKey, parseList, parseLogic, parseOrder, parseSelect } from './parse.ts';
import { filterSql } from './filter.ts';
import { parseAccept, parsePayload, parsePreferences } from './request.ts';
import { identifier, literal } from './sql.ts';
import { closest } from './suggest.ts';

const column = (name: string, more: object = {}) => ({ kind: 'column', field: { name, path: [] }, ...more });

describe('what a query string says', () => {
	test.each([
		['*', [column('*')]],
		['id, title:name', [column('id'), column('name', { alias: 'title' })]],
		['price::text', [column('price', { cast: '"text"' })]],
		['price::double precision', [column('price', { cast: '"float8"' })]],
		['at::TIMESTAMP WITH TIME ZONE[]', [column('at', { cast: '"timestamptz"[]' })]],
		['price::integer', [column('price', { cast: '"int4"' })]],
		['price::no_type', [column('price', { cast: '"no_type"' })]],
		['"odd, name"', [column('odd, name')]],
		[
			'data->a->>0',
			[
				{
					kind: 'column',
					field: {
						name: 'data',
						path: [
							{ arrow: '->', key: 'a' },
							{ arrow: '->>', key: '0' }
						]
					}
				}
			]
		],
		[
			'writer:people!author_id!inner(name)',
			[
				{
					kind: 'embed',
					alias: 'writer',
					target: 'people',
					hint: 'author_id',
					inner: true,
					spread: false,
					items: [column('name')]
				}
			]
		],
		[
			'...people(name,...town())',
			[
				{
					kind: 'embed',
					target: 'people',
					inner: false,
					spread: true,
					items: [column('name'), { kind: 'embed', target: 'town', inner: false, spread: true, items: [] }]
				}
			]
		]
	])('select=%s', (text, items) => expect(parseSelect(text)).toMatchObject(items));

	test.each([
		...['id,', 'a(b', 'a)', 'id::te"xt', '::text', 'a->'],
		...['id::text from secrets', 'id::text union select secret', 'id::text collate c', 'id::text as b', 'id::int--'],
		...['id::"text; select 1"', 'id::text[][]', 'id::constructor x']
	])('select=%s is refused', (text) => expect(() => parseSelect(text)).toThrow(RestError));

	test('order names fields, directions, nulls and embedded resources', () => {
		expect(parseOrder('a.desc.nullslast,data->>b,rel(c).asc')).toMatchObject([
			{ field: { name: 'a' }, descending: true, nulls: 'last' },
			{ field: { name: 'data', path: [{ key: 'b' }] }, descending: false },
			{ relation: 'rel', field: { name: 'c' }, descending: false }
		]);
	});

	test('a logic tree keeps brackets, quotes and lists together', () => {
		expect(
			parseLogic('or', false, '(a.eq."x,y)",b.in.(1,"2,3"),not.and(c.cs.{1,2},d.not.is.null))').items
		).toMatchObject([
			{ operator: 'eq', value: 'x,y)' },
			{ operator: 'in', value: '(1,"2,3")' },
			{
				kind: 'group',
				negated: true,
				connective: 'and',
				items: [
					{ operator: 'cs', value: '{1,2}' },
					{ operator: 'is', negated: true, value: 'null' }
				]
			}
		]);
	});

	test('lists are split at commas outside quotes', () =>
		expect(parseList('(a,"b,\\"c\\"",(d))')).toEqual(['a', 'b,"c"', '(d)']));
	test('keys go through embedded resources', () =>
		expect(parseKey('a.b.c->>d')).toMatchObject({ embeds: ['a', 'b'], field: { name: 'c', path: [{ key: 'd' }] } }));
	test('a bare value is an argument, one with an operator a filter', () => {
		expect(['eq.1', 'not.in.(1)', 'like(any).{a}', 'fts(french).x'].every(isOperation)).toBe(true);
		expect(['1', '{a,b}', 'a.b', 'equal.1', '2026-11-20T19:00:00.000Z'].some(isOperation)).toBe(false);
	});
});

describe('what headers and bodies say', () => {
	test('Prefer', () => {
		expect(parsePreferences('return=representation, count=exact,resolution=merge-duplicates')).toMatchObject({
			return: 'representation',
			count: true,
			resolution: 'merge-duplicates',
			missing: 'null',
			applied: ['return=representation', 'count=exact', 'resolution=merge-duplicates']
		});
		expect(() => parsePreferences('handling=strict, nonsense=1')).toThrow('Invalid preferences');
	});

	test.each([
		['*/*', 'array', false],
		['text/html,application/xhtml+xml,*/*;q=0.8', 'array', false],
		['application/vnd.pgrst.object+json', 'object', false],
		['application/vnd.pgrst.array+json;nulls=stripped', 'array', true],
		['text/csv', 'csv', false]
	])('Accept: %s is %s', (header, kind, stripNulls) => expect(parseAccept(header)).toMatchObject({ kind, stripNulls }));
	test('an unknown form is refused', () => expect(() => parseAccept('image/png')).toThrow('None of these media types'));

	test('CSV and forms become JSON', () => {
		expect(parsePayload('a,b\n1,"x, ""y"""\nNULL,z\n', 'text/csv').value).toEqual([
			{ a: '1', b: 'x, "y"' },
			{ a: null, b: 'z' }
		]);
		expect(parsePayload('a=1&b=x+y', 'application/x-www-form-urlencoded').value).toEqual({ a: '1', b: 'x y' });
	});
});

describe('what the database says', () => {
	test.each([
		['P0001', 400],
		['23514', 400],
		['23P01', 400],
		['23503', 409],
		['23505', 409],
		['25006', 405],
		['42883', 404],
		['42P01', 404],
		['PT418', 418],
		['57014', 500],
		['53300', 503],
		['08006', 503],
		['28000', 403],
		['40P01', 500],
		['22P02', 400]
	])('%s is %i', (code, status) => expect(statusOf({ code, message: '' }, false)).toBe(status));

	test('a refusal is 401 for a visitor and 403 for who is known', () => {
		const error = { code: '42501', message: '' };
		expect([statusOf(error, true), statusOf(error, false)]).toEqual([401, 403]);
	});
});

describe('SQL', () => {
	test('no text gets out of its literal', () => {
		fc.assert(
			fc.property(fc.string({ unit: fc.constantFrom("'", '\\', '"', 'a', 'é', '\n', ';', '-') }), (text) => {
				const sql = literal(text);
				const inside = sql.startsWith('E')
					? sql.slice(2, -1).replaceAll('\\\\', '\0').replaceAll("''", "'").replaceAll('\0', '\\')
					: sql.slice(1, -1).replaceAll("''", "'");
				expect(inside).toBe(text);
				expect(identifier(text).slice(1, -1).replaceAll('""', '')).not.toContain('"');
			})
		);
	});

	test('NUL is refused', () => expect(() => literal('a\0b')).toThrow('invalid byte sequence'));
	test('a name near the one asked for is offered', () =>
		expect([closest('bokings', ['bookings', 'users']), closest('xyz', ['bookings'])]).toEqual(['bookings', null]));
});

test.each([
	['53100', 507, 'could not extend file "base/5/16384": No space left on device'],
	['58030', 500, 'could not open file "pg_wal/000000010000000000000001": Input/output error'],
	['XX001', 500, 'invalid page in block 7 of relation base/5/16384']
])('what is wrong with the server itself, %s, is told without its files', (code, status, message) => {
	const answer = fromDatabase({ code, message, hint: 'Check free disk space in /var/lib.' }, false);
	expect(answer.status).toBe(status);
	expect(answer.body()).not.toMatch(/base\/|pg_wal|relation|\/var/);
});

test('what names a value of SQL is one of those that do, and nothing that objects have', () => {
	for (const word of ['constructor', 'toString', '__proto__']) {
		const filter = parseFilter({ name: 'a', path: [] }, `is.${word}`);
		expect(() => filterSql('t', null, filter, () => null)).toThrow(RestError);
	}
});
