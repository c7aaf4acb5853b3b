import fc from 'fast-check';

/** Texts that programs trip over: of encoding, of quoting, of markup, of size. */
const strangeTexts = [
	'',
	' ',
	'\t\r\n',
	'\u0000',
	'a\u0000b',
	'\ud800',
	'x\udfffy',
	'\udbff\udbff',
	'\u202egnirts\u202c',
	'\u2066\u2069\u200f\u061c',
	'\u200b\u200c\u200d\ufeff',
	'\u2028\u2029\u0085',
	'e\u0301\u0327\u0489'.repeat(40),
	'👩🏽‍👩🏿‍👧🏻‍👦🏼🇲🇦',
	'ﷺ',
	'ٱلسَّلَامُ عَلَيْكُمْ',
	'İıſßŒ',
	'\ufffe\uffff\u{10ffff}',
	"'",
	"''; drop table bookings; --",
	'" or 1=1 --',
	"1' and (select pg_sleep(9)) is null --",
	'$$;select 1;$$',
	"\\'; select version(); --",
	"E'\\x41'",
	'%27%20union%20select%20*%20from%20auth.users--',
	'%',
	'_%\\',
	'{}',
	'{"a":1}',
	'[]',
	'(1,2)',
	'{null}',
	'null',
	'undefined',
	'NaN',
	'__proto__',
	'constructor',
	'<script>alert(1)</script>',
	'"><img src=x onerror=alert(1)>',
	"'-alert(1)-'",
	'</textarea></title></script><svg onload=alert(1)>',
	'{{7*7}}${7*7}<%= 7*7 %>',
	'javascript:alert(1)',
	'//evil.example/%2e%2e',
	'../../../../etc/passwd',
	'a\r\nset-cookie: x=y',
	'=cmd|"/c calc"!A1',
	'-1',
	'0x7f',
	'1e400',
	'\\',
	'\u001b[2J'
] as const;

/** A text; now and then one of a megabyte. */
export const oddText = fc.oneof(
	{ weight: 12, arbitrary: fc.constantFrom(...strangeTexts) },
	{ weight: 4, arbitrary: fc.string({ unit: 'binary', maxLength: 40 }) },
	{ weight: 3, arbitrary: fc.string({ unit: 'grapheme', maxLength: 300 }) },
	{ weight: 1, arbitrary: fc.constantFrom(3000, 10_000).map((length) => '\u0633'.repeat(length)) }
);

const megabyte = fc.constantFrom('x', '\u0633', '\u0301', '<b>', "'").map((unit) => unit.repeat(2 ** 20 / unit.length));

/** A JSON value as deep as `depth`, as text: programs that walk it may run out of stack. */
export function deepJson(depth: number, list = true): string {
	return list ? '['.repeat(depth) + ']'.repeat(depth) : '{"a":'.repeat(depth) + '1' + '}'.repeat(depth);
}

/** JSON that JSON.stringify cannot write: it goes into a body as it is. */
export class Verbatim {
	readonly json: string;

	constructor(json: string) {
		this.json = json;
	}

	toString() {
		return this.json;
	}
}

/** A number that fits no column, or hardly; some of them as only JSON can say it. */
const oddNumber: fc.Arbitrary<unknown> = fc.oneof(
	fc.constantFrom(0, -0, -1, 1, 0.5, -0.0001, 32_768, 2 ** 31, -(2 ** 31) - 1, 2 ** 53, 1e15, 5e-324),
	fc
		.constantFrom('1e308', '-1e309', '9223372036854775808', '1e99999', '0.1e-9999', '123456789012345678901234567890')
		.map((json) => new Verbatim(json)),
	fc.constantFrom('NaN', 'Infinity', '-Infinity', '1_000', '٣', '0x1F', '1e5')
);

const oddDate = fc.constantFrom(
	'infinity',
	'-infinity',
	'294276-12-31T23:59:59Z',
	'294277-01-01',
	'5874897-12-31',
	'5874898-01-01',
	'0001-01-01 BC',
	'4713-01-01 BC',
	'4714-11-24 00:00:00+00 BC',
	'0000-00-00',
	'0001-01-01',
	'2199-12-31',
	'9999-12-31',
	'9999-12-31T23:59:59Z',
	'2026-02-30',
	'2026-13-01T25:61:61Z',
	'9999-12-31T23:59:60+15:59',
	'2026-11-21T10:00:00+99:99',
	'epoch',
	'now',
	'today',
	'tomorrow allballs',
	'1',
	'20261121',
	'2026-W47-6',
	'10:00'
);

const oddRange = fc.constantFrom(
	'empty',
	'(,)',
	'[,]',
	'[infinity,]',
	'[-infinity,infinity]',
	'(-infinity,infinity)',
	'[2030-01-02,2030-01-01)',
	'[2030-01-01,2030-01-01)',
	'[294276-12-31,)',
	'[4713-01-01 BC,294276-12-31)',
	'["2030-01-01 10:00+00",',
	'{[2030-01-01,2030-01-02)}',
	'[now,tomorrow)',
	'[a,b)'
);

const oddId = fc.oneof(
	fc.uuid(),
	fc.constantFrom(
		'00000000-0000-0000-0000-000000000000',
		'ffffffff-ffff-ffff-ffff-ffffffffffff',
		'{00000000-0000-0000-0000-000000000000}',
		'00000000000000000000000000000000',
		'00000000-0000-0000-0000-00000000000',
		"00000000-0000-0000-0000-000000000000' --"
	)
);

/** Lists of the wrong kind, and of ten thousand. */
const oddList: fc.Arbitrary<unknown> = fc.oneof(
	fc.constantFrom<unknown>([], [null], [[]], [['A1'], ['A2']], [[1, 2], [3]], '{A1,A2}', '{{A1},{A2}}', '{', [{}]),
	fc.array(oddText, { maxLength: 8 }),
	fc.constantFrom<unknown>('A1', null, 'ￜ').map((item) => Array.from({ length: 10_000 }, () => item))
);

const oddObject: fc.Arbitrary<unknown> = fc.oneof(
	fc.constantFrom<unknown>({}, { __proto__: null, toString: 1 }, { name: {} }, { '': '' }, { '\u0000': 1 }),
	fc.json({ maxDepth: 3, noUnicodeString: false }).map((json) => new Verbatim(json)),
	fc.tuple(fc.constantFrom(50, 1000), fc.boolean()).map(([depth, list]) => new Verbatim(deepJson(depth, list)))
);

const basic: fc.Arbitrary<unknown> = fc.oneof(
	{ weight: 3, arbitrary: fc.constantFrom<unknown>(null, true, false) },
	{ weight: 8, arbitrary: oddText },
	{ weight: 4, arbitrary: oddNumber },
	{ weight: 3, arbitrary: oddDate },
	{ weight: 2, arbitrary: oddRange },
	{ weight: 2, arbitrary: oddId },
	{ weight: 3, arbitrary: oddList },
	{ weight: 3, arbitrary: oddObject }
);

/** Anything at all; one in two hundred is a megabyte. */
export const odd: fc.Arbitrary<unknown> = fc.oneof(
	{ weight: 199, arbitrary: basic },
	{ weight: 1, arbitrary: megabyte }
);

/** What is odd for a type of its own; for other types anything is. */
export const oddOf: Record<string, fc.Arbitrary<unknown>> = {
	uuid: oddId,
	text: oddText,
	integer: oddNumber,
	bigint: oddNumber,
	smallint: oddNumber,
	numeric: oddNumber,
	'double precision': oddNumber,
	date: oddDate,
	'timestamp with time zone': oddDate,
	'timestamp without time zone': oddDate,
	'time without time zone': oddDate,
	tstzrange: oddRange,
	'text[]': oddList,
	jsonb: oddObject,
	json: oddObject
};

/** JSON text of a value that may hold pieces of JSON as they are. */
export function toJson(value: unknown): string {
	if (value instanceof Verbatim) return value.json;
	if (Array.isArray(value)) return `[${value.map(toJson).join(',')}]`;
	if (value !== null && typeof value === 'object')
		return `{${Object.entries(value)
			.map(([key, one]) => `${JSON.stringify(key)}:${toJson(one)}`)
			.join(',')}}`;
	return JSON.stringify(value) ?? 'null';
}

/** A header's value as the wire takes it: other characters would be refused before they are sent. */
const sendable = (text: string) => text.replace(/[^\t\x20-\x7e\x80-\xff]/g, '?').trim();

const oddHeader = (...known: string[]) => fc.oneof(fc.constantFrom(...known), oddText.map(sendable));

/** Headers that change how REST reads a call, or pretend to be someone. */
export const strangeHeaders: fc.Arbitrary<Record<string, string>> = fc.oneof(
	{ weight: 4, arbitrary: fc.constant({}) },
	{
		weight: 2,
		arbitrary: fc.record(
			{
				prefer: oddHeader(
					'return=representation',
					'return=minimal, count=exact',
					'params=single-object',
					'tx=rollback',
					'handling=strict, max-affected=0',
					'handling=strict, nonsense=1',
					'resolution=merge-duplicates',
					'resolution=ignore-duplicates, missing=default',
					'timezone=Africa/Casablanca',
					'timezone=Mars/Base',
					'handling=strict, timezone=Mars/Base',
					'max-affected=99999999999999999999, handling=strict'
				),
				range: oddHeader('0-0', '5-1', '0-', '-1', '99999999999999999999-', 'bytes=0-1'),
				'range-unit': fc.constantFrom('items', 'bytes'),
				accept: oddHeader(
					'application/vnd.pgrst.object+json',
					'application/vnd.pgrst.array+json;nulls=stripped',
					'text/csv',
					'application/octet-stream',
					'application/geo+json',
					'application/vnd.pgrst.plan+json',
					'text/html'
				),
				'accept-profile': oddHeader('private', 'auth', 'public', 'pg_catalog'),
				'content-profile': oddHeader('private', 'auth', 'public', 'storage')
			},
			{ requiredKeys: [] }
		)
	},
	{
		weight: 1,
		arbitrary: fc.record(
			{
				'x-forwarded-for': oddHeader('127.0.0.1', '::1', '10.0.0.1, 1.2.3.4', "1.2.3.4'--"),
				'cf-connecting-ip': oddHeader('8.8.8.8'),
				'x-visitor': oddHeader('8.8.8.8'),
				'x-visitor-signature': oddHeader('0'.repeat(64)),
				'x-http-method-override': fc.constantFrom('DELETE', 'PATCH', 'GET'),
				'accept-language': oddHeader('ar'),
				'x-client-info': oddHeader('supabase-js/2'),
				cookie: oddHeader('khadamat-auth=base64-e30=', 'a=b; a=c; =; ;'),
				'if-none-match': oddHeader('*'),
				'user-agent': oddHeader('curl')
			},
			{ requiredKeys: [] }
		)
	}
);
