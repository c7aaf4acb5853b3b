import { RestError } from './errors.ts';
import { isOperation, parseColumns, parseFilter, parseKey, parseLogic, parseOrder, parseSelect } from './parse.ts';
import type { SelectItem } from './parse.ts';
import type { Wishes } from './read.ts';

/** The `Prefer` header, as far as it is understood; what was heeded goes into `Preference-Applied`. */
export interface Preferences {
	return: 'minimal' | 'headers-only' | 'representation';
	count: boolean;
	resolution: 'merge-duplicates' | 'ignore-duplicates' | null;
	missing: 'default' | 'null';
	strict: boolean;
	maxAffected: number | null;
	timeZone: string | null;
	applied: string[];
}

const preferable = new Map([
	['return', ['minimal', 'headers-only', 'representation']],
	['count', ['exact', 'planned', 'estimated']],
	['resolution', ['merge-duplicates', 'ignore-duplicates']],
	['missing', ['default', 'null']],
	['handling', ['strict', 'lenient']],
	['tx', ['commit', 'rollback']]
]);

export function parsePreferences(header: string): Preferences {
	const given = new Map<string, string>();
	const unknown: string[] = [];
	for (const part of header
		.split(',')
		.map((text) => text.trim())
		.filter(Boolean)) {
		const [name = '', value = ''] = part.split('=').map((text) => text.trim());
		if (
			preferable.get(name)?.includes(value) ||
			(name === 'max-affected' && /^\d+$/.test(value)) ||
			name === 'timezone'
		)
			given.set(name, value);
		else unknown.push(part);
	}
	const strict = given.get('handling') === 'strict';
	if (strict && unknown.length > 0) {
		throw new RestError(
			400,
			'PGRST122',
			'Invalid preferences given with handling=strict',
			`Invalid preferences: ${unknown.join(', ')}`
		);
	}
	const heeded = [...given].filter(([name]) => name !== 'tx' && (name !== 'max-affected' || strict));
	return {
		return: (given.get('return') as Preferences['return'] | undefined) ?? 'minimal',
		count: given.has('count'),
		resolution: (given.get('resolution') as Preferences['resolution'] | undefined) ?? null,
		missing: given.get('missing') === 'default' ? 'default' : 'null',
		strict,
		maxAffected: strict && given.has('max-affected') ? Number(given.get('max-affected')) : null,
		timeZone: given.get('timezone') ?? null,
		applied: heeded.map(([name, value]) => `${name}=${value}`)
	};
}

/** In what form the answer is wanted. */
export interface Format {
	kind: 'array' | 'object' | 'csv';
	stripNulls: boolean;
	contentType: string;
}

export function parseAccept(header: string): Format {
	const json = 'application/json; charset=utf-8';
	for (const part of header.split(',').map((text) => text.trim().toLowerCase())) {
		const [type = '', ...parameters] = part.split(';').map((text) => text.trim());
		const stripNulls = parameters.includes('nulls=stripped');
		if (['', '*/*', 'application/*', 'application/json'].includes(type))
			return { kind: 'array', stripNulls: false, contentType: json };
		if (type === 'text/csv') return { kind: 'csv', stripNulls: false, contentType: 'text/csv; charset=utf-8' };
		const vendor = /^application\/vnd\.pgrst\.(array|object)(\+json)?$/.exec(type);
		if (vendor) {
			const kind = vendor[1] as 'array' | 'object';
			return {
				kind,
				stripNulls,
				contentType: `application/vnd.pgrst.${kind}+json${stripNulls ? '; nulls=stripped' : ''}; charset=utf-8`
			};
		}
	}
	throw new RestError(406, 'PGRST107', `None of these media types are available: ${header}`);
}

/** The query string, taken apart. */
export interface Query {
	items: SelectItem[];
	wishes: Wishes;
	columns: string[] | null;
	onConflict: string[] | null;
	/** arguments of a function called by GET */
	arguments: [string, string][];
	offset: number;
	limit: number | null;
}

function wholeNumber(text: string): number {
	if (!/^\d+$/.test(text))
		throw new RestError(
			400,
			'PGRST100',
			`"failed to parse limit or offset (${text})" (line 1, column 1)`,
			'expecting digit'
		);
	// beyond this a number is written with an exponent, which SQL does not take here
	return Math.min(Number(text), Number.MAX_SAFE_INTEGER);
}

/** Reads the query string. `calling` is true for a GET of a function, whose bare values are its arguments. */
export function parseQuery(parameters: URLSearchParams, calling: boolean): Query {
	const query: Query = {
		items: parseSelect(parameters.get('select') ?? ''),
		wishes: { filters: [], orders: [], limits: [] },
		columns: parameters.get('columns') ? parseColumns(parameters.get('columns')!) : null,
		onConflict: parameters.get('on_conflict') ? parseColumns(parameters.get('on_conflict')!) : null,
		arguments: [],
		offset: 0,
		limit: null
	};
	for (const [key, value] of parameters) {
		if (key === 'select' || key === 'columns' || key === 'on_conflict' || key === 'apikey') continue;
		const special = /^(?:(.+)\.)?(order|limit|offset|(?:not\.)?(?:and|or))$/.exec(key);
		if (special) {
			const negated = special[1] === 'not' || special[1]?.endsWith('.not') || special[2]!.startsWith('not.');
			const path = (special[1] ?? '').split('.').filter((step) => step !== '' && step !== 'not');
			const word = special[2]!.replace('not.', '');
			if (word === 'and' || word === 'or')
				query.wishes.filters.push({ path, filter: parseLogic(word, Boolean(negated), value) });
			else if (word === 'order') query.wishes.orders.push({ path, order: parseOrder(value) });
			else if (path.length > 0) query.wishes.limits.push({ path, [word]: wholeNumber(value) });
			else query[word as 'limit' | 'offset'] = wholeNumber(value);
		} else if (calling && !isOperation(value)) {
			query.arguments.push([key, value]);
		} else {
			const { embeds, field } = parseKey(key);
			query.wishes.filters.push({ path: embeds, filter: parseFilter(field, value) });
		}
	}
	return query;
}

/** `Range: 0-9` counts like `limit` and `offset`, which win over it. Raises PGRST103 for one that ends before it starts. */
export function applyRange(query: Query, header: string | null): void {
	const range = /^(?:items=)?(\d+)-(\d*)$/.exec(header ?? '');
	if (!range || query.limit !== null || query.offset > 0) return;
	query.offset = Number(range[1]);
	if (range[2]) {
		query.limit = Number(range[2]) - query.offset + 1;
		if (query.limit < 0)
			throw new RestError(
				416,
				'PGRST103',
				'Requested range not satisfiable',
				'The lower boundary must be lower than or equal to the upper boundary in the Range header.'
			);
	}
}

/** The rows of a write's body, its keys, and the text itself as JSON. */
export interface Payload {
	json: string;
	keys: string[];
	/** true for `[]` */
	none: boolean;
	value: unknown;
}

/** Reads a body of JSON, a form, or CSV. Raises PGRST102. */
export function parsePayload(text: string, contentType: string): Payload {
	const type = contentType.split(';')[0]!.trim().toLowerCase();
	let value: unknown;
	let json: string;
	if (type === 'application/x-www-form-urlencoded') {
		value = Object.fromEntries(new URLSearchParams(text));
		json = JSON.stringify(value);
	} else if (type === 'text/csv') {
		const [head = [], ...lines] = parseCsv(text);
		value = lines.map((cells) =>
			Object.fromEntries(head.map((name, index) => [name, cells[index] === 'NULL' ? null : (cells[index] ?? null)]))
		);
		json = JSON.stringify(value);
	} else if (
		type === '' ||
		type === 'application/json' ||
		type.startsWith('application/vnd.pgrst.') ||
		type === 'text/plain'
	) {
		try {
			value = JSON.parse(text === '' ? '{}' : text);
			json = text === '' ? '{}' : text;
		} catch {
			throw new RestError(400, 'PGRST102', 'Empty or invalid json');
		}
		// What is neither an object nor a list counts as an empty list.
		if (typeof value !== 'object' || value === null) {
			value = [];
			json = '[]';
		}
	} else {
		throw new RestError(415, 'PGRST102', `Content-Type not acceptable: ${type}`);
	}
	const rows = (Array.isArray(value) ? value : [value]) as Record<string, unknown>[];
	return { json, keys: Object.keys(rows[0] ?? {}), none: Array.isArray(value) && value.length === 0, value };
}

/** All rows of a bulk write must have the same keys, unless `columns` names them. Raises PGRST102. */
export function checkUniform(payload: Payload): void {
	if (!Array.isArray(payload.value)) return;
	const first = [...payload.keys].sort().join('\n');
	for (const row of payload.value as unknown[]) {
		if (typeof row !== 'object' || row === null || Object.keys(row).sort().join('\n') !== first) {
			throw new RestError(400, 'PGRST102', 'All object keys must match');
		}
	}
}

function parseCsv(text: string): string[][] {
	const rows: string[][] = [[]];
	for (const match of text.trim().matchAll(/("(?:[^"]|"")*"|[^,\r\n]*)(,|\r?\n|$)/g)) {
		const [, cell = '', end] = match;
		rows.at(-1)!.push(cell.startsWith('"') ? cell.slice(1, -1).replaceAll('""', '"') : cell);
		if (end === '') break;
		if (end !== ',') rows.push([]);
	}
	return rows;
}
