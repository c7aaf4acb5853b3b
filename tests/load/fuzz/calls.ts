import fc from 'fast-check';
import type { Routine, Table } from './catalog.ts';
import { deepJson, odd, oddText, strangeHeaders, toJson, Verbatim } from './odd.ts';
import { callers } from './scene.ts';
import type { CallerName, Scene } from './scene.ts';
import { oddFor, Pick, sensibleFor, settle, together, toText } from './values.ts';

/** A call of REST before it is sent: what is real in it is named, so that it can be made again in another scene. */
export interface Call {
	caller: CallerName;
	method: string;
	path: string;
	query: [string, unknown][];
	/** the fields of a body of JSON or of a form; null for a call without */
	fields: Record<string, unknown> | null;
	/** how the body is written */
	dress: Dress;
	headers: Record<string, string>;
}

/** A call as it goes over the line. */
export interface Sent {
	method: string;
	url: string;
	headers: Record<string, string>;
	body: string | Uint8Array<ArrayBuffer> | null;
}

const dresses = [
	'json',
	'list',
	'form',
	'csv',
	'text',
	'cut',
	'deep',
	'scalar',
	'bytes',
	'multipart',
	'nothing',
	'twice'
] as const;
export type Dress = (typeof dresses)[number];

const dressed: fc.Arbitrary<Dress> = fc.oneof(
	{ weight: 40, arbitrary: fc.constant<Dress>('json') },
	{ weight: 5, arbitrary: fc.constantFrom(...dresses) }
);

const contentTypes: Partial<Record<Dress, string>> = {
	form: 'application/x-www-form-urlencoded',
	csv: 'text/csv',
	text: 'text/plain',
	bytes: 'application/octet-stream',
	multipart: 'multipart/form-data; boundary=x'
};

/** Writes the fields of a body as its dress says: well, or in one of the ways in which a body can be wrong. */
export function bodyOf(fields: Record<string, unknown>, dress: Dress): string | Uint8Array<ArrayBuffer> {
	const json = toJson(fields);
	const texts = Object.entries(fields).map(([name, value]): [string, string] => [name, toText(value)]);
	switch (dress) {
		case 'list':
			return `[${json},${json}]`;
		case 'form':
			return new URLSearchParams(texts).toString();
		case 'csv':
			return `${texts.map(([name]) => name).join(',')}\n${texts.map(([, text]) => `"${text}"`).join(',')}`;
		case 'cut':
			return json.slice(0, -1);
		case 'deep':
			return deepJson(5000);
		case 'scalar':
			return '"text"';
		case 'bytes':
			return new Uint8Array([0x7b, 0x22, 0xc3, 0x28, 0xff, 0xfe, 0x22, 0x3a, 0x31, 0x7d]);
		case 'multipart':
			return texts
				.map(([name, text]) => `--x\r\ncontent-disposition: form-data; name="${name}"\r\n\r\n${text}\r\n`)
				.join('');
		case 'nothing':
			return '';
		case 'twice':
			return json + json;
		default:
			return json;
	}
}

/** Parameters of a query that REST reads as its own, right and wrong. */
const operators: fc.Arbitrary<[string, unknown][]> = fc.array(
	fc.oneof(
		fc.tuple(
			fc.constantFrom('select', 'order', 'columns', 'on_conflict'),
			fc.oneof(
				fc.constantFrom(
					'*',
					'id',
					'id,*',
					'nonsense',
					'id::text',
					'id::nonsense',
					'count()',
					'id->a->>b',
					'*,providers(*)',
					'a.b.c',
					'id.desc.nullslast',
					'(((('
				),
				oddText
			)
		),
		fc.tuple(
			fc.constantFrom('limit', 'offset', 'providers.limit'),
			fc.constantFrom('0', '1', '-1', '1e9', '99999999999999999999', 'x')
		),
		fc.tuple(
			fc.constantFrom('or', 'and', 'not.or', 'id', 'name', 'provider_id', 'nonsense', 'a->b', 'providers.id', ''),
			fc.oneof(
				fc.constantFrom(
					'eq.1',
					'(id.eq.1,name.is.null)',
					'(id.eq.1',
					'(not.and(id.is.null))',
					'is.null',
					'in.(1,2)',
					'in.()',
					'in.("a',
					'like.%',
					'match.[',
					'imatch.(a+)+$',
					'fts(nonsense).a',
					'fts.a & | b',
					'cs.{1,2}',
					'cs.{',
					'ov.[a,b]',
					'eq(any).{a,b}',
					'nonsense.1',
					'not.eq.null',
					'isdistinct.1',
					'sl.(1,10)'
				),
				oddText
			)
		)
	),
	{ minLength: 1, maxLength: 3 }
);

const caller = fc.constantFrom(...callers);
const surplus = fc.oneof(
	{ weight: 9, arbitrary: fc.constant({}) },
	{
		weight: 1,
		arbitrary: fc.dictionary(fc.oneof(fc.constantFrom('role', 'user_id', 'x', '', 'id'), oddText), odd, { maxKeys: 2 })
	}
);
const seldom = <T>(value: fc.Arbitrary<T>, else_: T) =>
	fc.oneof({ weight: 9, arbitrary: fc.constant(else_) }, { weight: 1, arbitrary: value });

/** The fields that some takers get: all or some of them, up to three with odd values, and now and then one nobody asked for. */
function fieldsFor(takers: Routine['parameters']): fc.Arbitrary<Record<string, unknown>> {
	if (takers.length === 0) return surplus;
	const sensible = fc.record(Object.fromEntries(takers.map((taker) => [taker.name, sensibleFor(taker)])));
	const oddOnes = fc.array(
		fc.oneof(...takers.map((taker) => oddFor(taker).map((value): [string, unknown] => [taker.name, value]))),
		{ maxLength: 3 }
	);
	const optional = takers.filter(({ required }) => !required).map(({ name }) => name);
	const left = fc.tuple(fc.subarray(optional), seldom(fc.subarray(takers.map(({ name }) => name)), []));
	const names = new Set(takers.map(({ name }) => name));
	const coherent = fc.option(
		together.map((values) => Object.fromEntries(Object.entries(values).filter(([name]) => names.has(name)))),
		{ nil: {} }
	);
	return fc
		.tuple(sensible, coherent, oddOnes, left, surplus)
		.map(([fields, fitting, changed, [some, more], others]) => ({
			...Object.fromEntries(
				Object.entries({ ...fields, ...fitting, ...Object.fromEntries(changed) }).filter(
					([name, value]) => value !== undefined && !more.includes(name) && (name in fitting || !some.includes(name))
				)
			),
			...others
		}));
}

/** Calls of one function. */
export function callsOf({ name, parameters }: Routine): fc.Arbitrary<Call> {
	return fc
		.record({
			caller,
			fields: fieldsFor(parameters),
			get: fc.integer({ min: 0, max: 9 }),
			query: seldom(operators, []),
			dress: dressed,
			headers: seldom(strangeHeaders, {}),
			method: fc.constantFrom('GET', 'HEAD', 'PUT', 'PATCH', 'DELETE')
		})
		.map(({ get, fields, query, method, ...call }) =>
			get === 0
				? { ...call, method, path: `rpc/${name}`, query: [...Object.entries(fields), ...query], fields: null }
				: { ...call, method: 'POST', path: `rpc/${name}`, query, fields }
		);
}

/** Reads and writes of one table, allowed or not. */
export function writesOf({ name, columns, granted }: Table): fc.Arbitrary<Call> {
	const takers = columns.map((column) => ({ ...column, required: false }));
	const one = fc.constantFrom(...takers);
	const filters = fc.array(
		one.chain((column) =>
			fc
				.tuple(fc.constantFrom('eq.', 'eq.', 'neq.', 'gte.', 'is.'), fc.oneof(sensibleFor(column), oddFor(column)))
				.map(([operator, value]): [string, unknown] => [column.name, [operator, value]])
		),
		{ maxLength: 2 }
	);
	const own = fc.nat(5).map((index): [string, unknown][] => [['id', ['eq.', new Pick(name, index)]]]);
	const hasId = columns.some((column) => column.name === 'id');
	const verbs = [...granted, ...granted, 'insert', 'update', 'delete', 'read', 'upsert'];
	return fc
		.record({
			caller: fc.oneof(caller, fc.constant<CallerName>('owner')),
			verb: fc.constantFrom(...verbs),
			fields: fieldsFor(takers),
			few: fc.array(fc.nat(Math.max(0, columns.length - 1)), { minLength: 1, maxLength: 3 }),
			filters: hasId ? fc.oneof(filters, own) : filters,
			query: seldom(operators, []),
			dress: dressed,
			headers: seldom(strangeHeaders, {}),
			wide: seldom(fc.constant(true), false)
		})
		.map(({ verb, fields, few, filters, query, wide, ...call }): Call => {
			const path = name;
			const narrow = wide || filters.length > 0 ? filters : [['id', 'is.null'] as [string, unknown]];
			const some = Object.fromEntries(Object.entries(fields).filter((_, n) => few.includes(n)));
			if (verb === 'read') return { ...call, method: 'GET', path, query: [...filters, ...query], fields: null };
			if (verb === 'delete') return { ...call, method: 'DELETE', path, query: [...narrow, ...query], fields: null };
			if (verb === 'update') return { ...call, method: 'PATCH', path, query: [...narrow, ...query], fields: some };
			const upsert: Record<string, string> = verb === 'upsert' ? { prefer: 'resolution=merge-duplicates' } : {};
			return { ...call, method: 'POST', path, query, fields, headers: { ...upsert, ...call.headers } };
		});
}

/** A call as it is sent in the scene as it is now; `mark` goes with it for the watch over what is written. */
export function written(scene: Scene, call: Call, mark: string): Sent {
	const { facts } = scene.project;
	const { token } = scene.callers[call.caller];
	const headers: Record<string, string> = {
		apikey: facts.PUBLISHABLE_KEY,
		'x-fuzz': mark,
		...(token ? { authorization: `Bearer ${token}` } : {})
	};
	const parameters = call.query.map(([name, value]): [string, string] => {
		const settled = settle(scene, value);
		return Array.isArray(settled) && Array.isArray(value) && typeof value[0] === 'string' && value[0].endsWith('.')
			? [name, String(settled[0]) + toText(settled[1])]
			: [name, toText(settled)];
	});
	// An address has its limits long before a megabyte: gateways cut it off there.
	const search = new URLSearchParams(parameters)
		.toString()
		.slice(0, 7000)
		.replace(/%[0-9A-F]?$/, '');
	const url = `${facts.API_URL}/rest/v1/${call.path}${search ? `?${search}` : ''}`;
	if (call.fields === null) return { method: call.method, url, headers: { ...headers, ...call.headers }, body: null };
	headers['content-type'] = contentTypes[call.dress] ?? 'application/json';
	const fields = settle(scene, call.fields) as Record<string, unknown>;
	return { method: call.method, url, headers: { ...headers, ...call.headers }, body: bodyOf(fields, call.dress) };
}

/** A call for a person to read and to make again: what is long is cut. */
export function describe(call: unknown): string {
	const short = (_: string, value: unknown): unknown =>
		value instanceof Pick
			? `<${String(value)}>`
			: value instanceof Verbatim
				? { verbatim: short('', value.json) }
				: typeof value === 'string' && value.length > 200
					? `${value.slice(0, 60)}… (${value.length} characters)`
					: Array.isArray(value) && value.length > 50
						? [...(value.slice(0, 3) as unknown[]), `… (${value.length} items)`]
						: value;
	return JSON.stringify(call, short);
}
