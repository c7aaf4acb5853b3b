import { RestError } from './errors.ts';
import { typeName } from './types.ts';

/** A column, with the way into its JSON where one is given. */
export interface Field {
	name: string;
	path: { arrow: '->' | '->>'; key: string }[];
}

export type SelectItem =
	/** `cast` is the type's name as SQL takes it */
	| { kind: 'column'; field: Field; alias?: string; cast?: string }
	| {
			kind: 'embed';
			target: string;
			alias?: string;
			hint?: string;
			inner: boolean;
			spread: boolean;
			items: SelectItem[];
	  };

export interface Condition {
	kind: 'condition';
	field: Field;
	negated: boolean;
	operator: string;
	/** `any` or `all` of a list, or the configuration of a text search */
	modifier?: string;
	value: string;
}

export interface Group {
	kind: 'group';
	negated: boolean;
	connective: 'and' | 'or';
	items: Filter[];
}

export type Filter = Condition | Group;

export interface Order {
	/** an embedded to-one resource whose field orders the rows */
	relation?: string;
	field: Field;
	descending: boolean;
	nulls?: 'first' | 'last';
}

const operators = new Set([
	'eq',
	'neq',
	'gt',
	'gte',
	'lt',
	'lte',
	'like',
	'ilike',
	'match',
	'imatch',
	'in',
	'is',
	'isdistinct',
	'fts',
	'plfts',
	'phfts',
	'wfts',
	'cs',
	'cd',
	'ov',
	'sl',
	'sr',
	'nxr',
	'nxl',
	'adj'
]);

/** Reads one query-string value from left to right. */
class Reader {
	text: string;
	at = 0;
	/** how errors name the text, for example "select parameter" */
	what: string;

	constructor(text: string, what: string) {
		this.text = text;
		this.what = what;
	}

	fail(): never {
		throw new RestError(
			400,
			'PGRST100',
			`"failed to parse ${this.what} (${this.text})" (line 1, column ${this.at + 1})`,
			this.at < this.text.length ? `unexpected "${this.text[this.at]}"` : 'unexpected end of input'
		);
	}

	get done(): boolean {
		return this.at >= this.text.length;
	}

	sees(token: string): boolean {
		return this.text.startsWith(token, this.at);
	}

	takes(token: string): boolean {
		if (!this.sees(token)) return false;
		this.at += token.length;
		return true;
	}

	needs(token: string): void {
		if (!this.takes(token)) this.fail();
	}

	space(): void {
		while (this.text[this.at] === ' ') this.at++;
	}

	/** A double-quoted text with backslash escapes. */
	quoted(): string {
		this.needs('"');
		let value = '';
		while (!this.takes('"')) {
			if (this.done) this.fail();
			if (this.text[this.at] === '\\') this.at++;
			value += this.text[this.at++] ?? this.fail();
		}
		return value;
	}

	/** A name: quoted, or everything up to a character that has a meaning of its own. */
	name(): string {
		this.space();
		if (this.sees('"')) return this.quoted();
		const start = this.at;
		while (!this.done && !'.,():!"'.includes(this.text[this.at]!) && !this.sees('->')) this.at++;
		const name = this.text.slice(start, this.at).trim();
		return name === '' ? this.fail() : name;
	}

	/** The arrows that follow a column's name. */
	path(): Field['path'] {
		const path: Field['path'] = [];
		while (this.sees('->')) {
			const arrow = this.sees('->>') ? '->>' : '->';
			this.needs(arrow);
			path.push({ arrow, key: this.name() });
		}
		return path;
	}

	field(): Field {
		return { name: this.name(), path: this.path() };
	}

	end<T>(value: T): T {
		return this.done ? value : this.fail();
	}
}

function selectItem(reader: Reader): SelectItem {
	reader.space();
	const spread = reader.takes('...');
	let name = reader.name();
	let alias: string | undefined;
	if (reader.sees(':') && !reader.sees('::')) {
		reader.needs(':');
		alias = name;
		name = reader.name();
	}
	if (reader.sees('()') || /^\.(avg|count|max|min|sum)\(\)/.test(reader.text.slice(reader.at))) {
		if (name === 'count' || !reader.sees('()')) {
			throw new RestError(400, 'PGRST123', 'Use of aggregate functions is not allowed');
		}
	}
	if (spread || reader.sees('!') || reader.sees('(')) {
		let inner = false;
		let hint: string | undefined;
		while (reader.takes('!')) {
			const word = reader.name();
			if (word === 'inner') inner = true;
			else if (word !== 'left') hint = word;
		}
		reader.needs('(');
		const items = reader.sees(')') ? [] : selectItems(reader);
		reader.needs(')');
		return { kind: 'embed', target: name, alias, hint, inner, spread, items };
	}
	const path = reader.path();
	const cast = reader.takes('::') ? (typeName(reader.name()) ?? reader.fail()) : undefined;
	return { kind: 'column', field: { name, path }, alias, cast };
}

function selectItems(reader: Reader): SelectItem[] {
	const items = [selectItem(reader)];
	while (reader.takes(',')) items.push(selectItem(reader));
	reader.space();
	return items;
}

/** `select=`: columns, embedded resources, aliases, casts, JSON paths. Raises PGRST100. */
export function parseSelect(text: string): SelectItem[] {
	if (text.trim() === '') return [{ kind: 'column', field: { name: '*', path: [] } }];
	const reader = new Reader(text, 'select parameter');
	return reader.end(selectItems(reader));
}

/** `order=`: terms such as `name.desc.nullslast`, `data->>age`, `author(name).asc`. Raises PGRST100. */
export function parseOrder(text: string): Order[] {
	const reader = new Reader(text, 'order');
	const term = (): Order => {
		let field = reader.field();
		let relation: string | undefined;
		if (reader.takes('(')) {
			relation = field.name;
			field = reader.field();
			reader.needs(')');
		}
		const order: Order = { relation, field, descending: false };
		while (reader.takes('.')) {
			const word = reader.name();
			if (word === 'asc' || word === 'desc') order.descending = word === 'desc';
			else if (word === 'nullsfirst' || word === 'nullslast') order.nulls = word === 'nullsfirst' ? 'first' : 'last';
			else reader.fail();
		}
		return order;
	};
	const terms = [term()];
	while (reader.takes(',')) terms.push(term());
	return reader.end(terms);
}

const operation = /^(not\.)?([a-z]+)(?:\(([a-z_]+)\))?\.([\s\S]*)$/;

/** True when a value has the form `operator.value`; in a GET call of a function it then filters, else it is an argument. */
export function isOperation(value: string): boolean {
	const match = operation.exec(value);
	return match !== null && operators.has(match[2]!);
}

/** One filter from the query string: `column=operator.value`. Raises PGRST100. */
export function parseFilter(field: Field, value: string): Condition {
	const match = operation.exec(value);
	if (!match || !operators.has(match[2]!)) {
		throw new RestError(
			400,
			'PGRST100',
			`"failed to parse filter (${value})" (line 1, column 1)`,
			'unexpected input, expecting "not" or operator (eq, gt, ...)'
		);
	}
	return {
		kind: 'condition',
		field,
		negated: Boolean(match[1]),
		operator: match[2]!,
		modifier: match[3],
		value: match[4]!
	};
}

/** The name of a parameter: the embedded resources it goes through, and the field. */
export function parseKey(text: string): { embeds: string[]; field: Field } {
	const reader = new Reader(text, 'filter');
	const embeds: string[] = [];
	let field = reader.field();
	while (field.path.length === 0 && reader.takes('.')) {
		embeds.push(field.name);
		field = reader.field();
	}
	return reader.end({ embeds, field });
}

function logicItem(reader: Reader): Filter {
	reader.space();
	const negatedGroup = /^not\.(and|or)\(/.test(reader.text.slice(reader.at));
	if (negatedGroup) reader.needs('not.');
	for (const connective of ['and', 'or'] as const) {
		if (reader.sees(`${connective}(`)) {
			reader.at += connective.length;
			return { kind: 'group', negated: negatedGroup, connective, items: logicItems(reader) };
		}
	}
	const field = reader.field();
	reader.needs('.');
	const negated = reader.takes('not.');
	const operator = reader.name();
	if (!operators.has(operator)) reader.fail();
	let modifier: string | undefined;
	if (reader.takes('(')) {
		modifier = reader.name();
		reader.needs(')');
	}
	reader.needs('.');
	return { kind: 'condition', field, negated, operator, modifier, value: logicValue(reader) };
}

/** A value inside a logic tree: quoted, a list in brackets, or everything up to a comma or a closing bracket. */
function logicValue(reader: Reader): string {
	if (reader.sees('"')) return reader.quoted();
	const start = reader.at;
	const closing = { '(': ')', '{': '}', '[': ']' }[reader.text[start] ?? ''];
	if (closing && closing !== ']') {
		for (reader.at++; !reader.takes(closing);) {
			if (reader.done) reader.fail();
			if (reader.sees('"')) reader.quoted();
			else reader.at++;
		}
		return reader.text.slice(start, reader.at);
	}
	while (!reader.done && !reader.sees(',') && !reader.sees(')')) reader.at++;
	return reader.text.slice(start, reader.at);
}

function logicItems(reader: Reader): Filter[] {
	reader.needs('(');
	const items = [logicItem(reader)];
	while (reader.takes(',')) items.push(logicItem(reader));
	reader.space();
	reader.needs(')');
	return items;
}

/** `or=(…)`, `and=(…)` and their negations. Raises PGRST100. */
export function parseLogic(connective: 'and' | 'or', negated: boolean, text: string): Group {
	const reader = new Reader(text, 'logic tree');
	return reader.end({ kind: 'group', negated, connective, items: logicItems(reader) });
}

/** The items of `in.(…)`. */
export function parseList(text: string): string[] {
	const reader = new Reader(text, 'filter');
	reader.needs('(');
	const items: string[] = [];
	if (reader.takes(')')) return reader.end(items);
	do {
		if (reader.sees('"')) {
			items.push(reader.quoted());
		} else {
			const start = reader.at;
			while (!reader.done && !reader.sees(',') && !(reader.sees(')') && reader.at === text.length - 1)) reader.at++;
			items.push(text.slice(start, reader.at));
		}
	} while (reader.takes(','));
	reader.needs(')');
	return reader.end(items);
}

/** `columns=`: the columns a write touches. */
export function parseColumns(text: string): string[] {
	const reader = new Reader(text, 'columns parameter');
	const names = [reader.name()];
	while (reader.takes(',')) names.push(reader.name());
	return reader.end(names);
}
