import type { Relation } from './catalog.ts';
import { RestError } from './errors.ts';
import { parseList } from './parse.ts';
import type { Condition, Field, Filter } from './parse.ts';
import { arrayLiteral, identifier, literal } from './sql.ts';

const symbols: Record<string, string> = {
	eq: '=',
	neq: '<>',
	gt: '>',
	gte: '>=',
	lt: '<',
	lte: '<=',
	like: 'like',
	ilike: 'ilike',
	match: '~',
	imatch: '~*',
	cs: '@>',
	cd: '<@',
	ov: '&&',
	sl: '<<',
	sr: '>>',
	nxr: '&<',
	nxl: '&>',
	adj: '-|-',
	isdistinct: 'is distinct from'
};
const searches: Record<string, string> = {
	fts: 'to_tsquery',
	plfts: 'plainto_tsquery',
	phfts: 'phraseto_tsquery',
	wfts: 'websearch_to_tsquery'
};
const truths: Record<string, string> = {
	null: 'null',
	not_null: 'not null',
	true: 'true',
	false: 'false',
	unknown: 'unknown'
};
const quantifiable = new Set(['eq', 'gt', 'gte', 'lt', 'lte', 'like', 'ilike', 'match', 'imatch']);

/** A column of the relation that goes by `alias`, or what its JSON path leads to. */
export function fieldSql(alias: string, relation: Relation | null, field: Field): string {
	const column = `${identifier(alias)}.${field.name === '*' ? '*' : identifier(field.name)}`;
	if (field.path.length === 0) return column;
	const type = relation?.columns.get(field.name)?.type;
	const start = type === 'json' || type === 'jsonb' || type === undefined ? column : `to_jsonb(${column})`;
	return field.path.reduce((sql, { arrow, key }) => `${sql}${arrow}${/^-?\d+$/.test(key) ? key : literal(key)}`, start);
}

function malformed(condition: Condition): never {
	throw new RestError(
		400,
		'PGRST100',
		`"failed to parse filter (${condition.operator}.${condition.value})" (line 1, column 1)`,
		'unexpected input'
	);
}

function conditionSql(alias: string, relation: Relation | null, condition: Condition): string {
	const { operator, modifier } = condition;
	const left = fieldSql(alias, relation, condition.field);
	const pattern = operator === 'like' || operator === 'ilike';
	const value = pattern ? condition.value.replaceAll('*', '%') : condition.value;

	if (operator === 'in') {
		const items = parseList(value);
		return items.length === 0 || (items.length === 1 && items[0] === '')
			? `${left} = any ('{}')`
			: `${left} = any (${arrayLiteral(items)})`;
	}
	if (operator === 'is') {
		const truth = Object.hasOwn(truths, value.toLowerCase()) && truths[value.toLowerCase()];
		return truth ? `${left} is ${truth}` : malformed(condition);
	}
	const search = searches[operator];
	if (search) {
		const configuration = modifier ? `${literal(modifier)}, ` : '';
		const type = relation?.columns.get(condition.field.name)?.type;
		const plain =
			condition.field.path.length === 0 &&
			(type === 'text' || type === 'json' || type === 'jsonb' || type?.startsWith('character'));
		return `${plain ? `to_tsvector(${configuration}${left})` : left} @@ ${search}(${configuration}${literal(value)})`;
	}
	if (modifier) {
		if (!quantifiable.has(operator) || (modifier !== 'any' && modifier !== 'all')) malformed(condition);
		return `${left} ${symbols[operator]} ${modifier} (${literal(value)})`;
	}
	return `${left} ${symbols[operator]} ${literal(value)}`;
}

/**
 * A filter as a boolean expression. `resource` gives the expression that is null when an embedded resource is empty,
 * or null for a name that is none.
 */
export function filterSql(
	alias: string,
	relation: Relation | null,
	filter: Filter,
	resource: (name: string) => string | null
): string {
	if (filter.kind === 'group') {
		const inside = filter.items
			.map((item) => filterSql(alias, relation, item, resource))
			.join(` ${filter.connective} `);
		return `${filter.negated ? 'not ' : ''}(${inside})`;
	}
	const embedded =
		filter.operator === 'is' && filter.field.path.length === 0 && filter.value === 'null'
			? resource(filter.field.name)
			: null;
	if (embedded) return `${embedded} is ${filter.negated ? 'distinct' : 'not distinct'} from null`;
	const condition = conditionSql(alias, relation, filter);
	return filter.negated ? `not (${condition})` : condition;
}
