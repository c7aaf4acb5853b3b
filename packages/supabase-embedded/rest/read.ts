import type { Catalog, Relation } from './catalog.ts';
import { RestError } from './errors.ts';
import { fieldSql, filterSql } from './filter.ts';
import type { Field, Filter, Order, SelectItem } from './parse.ts';
import { findRelationship } from './relationships.ts';
import type { Relationship } from './relationships.ts';
import { identifier, qualified } from './sql.ts';

/** What a request reads: a tree of resources. */
export interface Node {
	relation: Relation | null;
	/** what it is read from: a table or the rows of a call or a write */
	source: string;
	alias: string;
	items: SelectItem[];
	filters: Filter[];
	order: Order[];
	limit: number | null;
	offset: number;
	embeds: Embed[];
}

interface Embed {
	/** the key under which it appears */
	name: string;
	target: string;
	node: Node;
	relationship: Relationship;
	inner: boolean;
	spread: boolean;
	hidden: boolean;
}

/** What the query string says about each resource; the root's path is empty. */
export interface Wishes {
	filters: { path: string[]; filter: Filter }[];
	orders: { path: string[]; order: Order[] }[];
	limits: { path: string[]; limit?: number; offset?: number }[];
}

const isToOne = (embed: Embed) => embed.relationship.kind === 'many-to-one' || embed.relationship.kind === 'one-to-one';

/** Builds the tree from the select items, then hangs filters, order and limits where they belong. */
export function plan(
	catalog: Catalog,
	relation: Relation | null,
	name: string,
	source: string,
	items: SelectItem[],
	wishes: Wishes,
	maxRows: number
): Node {
	let count = 0;
	const make = (relation: Relation | null, source: string, alias: string, items: SelectItem[]): Node => ({
		relation,
		source,
		alias,
		items: items.filter((item) => item.kind === 'column'),
		filters: [],
		order: [],
		limit: maxRows,
		offset: 0,
		embeds: items
			.filter((item) => item.kind === 'embed')
			.map((item) => {
				if (!relation) {
					throw new RestError(
						400,
						'PGRST200',
						`Could not find a relationship between '${name}' and '${item.target}' in the schema cache`
					);
				}
				const relationship = findRelationship(catalog, relation, item.target, item.hint);
				const { target } = relationship;
				const node = make(target, qualified(target.schema, target.name), `${target.name}_${++count}`, item.items);
				const embed: Embed = {
					name: item.alias ?? item.target,
					target: item.target,
					node,
					relationship,
					inner: item.inner,
					spread: item.spread,
					hidden: item.items.length === 0
				};
				if (embed.spread && !isToOne(embed)) {
					throw new RestError(
						400,
						'PGRST119',
						`A spread operation on '${item.target}' is not possible`,
						`'${name}' and '${item.target}' do not form a many-to-one or one-to-one relationship`
					);
				}
				return embed;
			})
	});
	const root = make(relation, source, name, items);

	const find = (path: string[]): Node =>
		path.reduce((node, step) => {
			const embed = node.embeds.find((one) => one.name === step) ?? node.embeds.find((one) => one.target === step);
			if (!embed) {
				throw new RestError(
					400,
					'PGRST108',
					`'${step}' is not an embedded resource in this request`,
					null,
					`Verify that '${step}' is included in the 'select' query parameter.`
				);
			}
			return embed.node;
		}, root);

	for (const { path, filter } of wishes.filters) find(path).filters.push(filter);
	for (const { path, order } of wishes.orders) find(path).order = order;
	for (const { path, limit, offset } of wishes.limits) {
		const node = find(path);
		if (limit !== undefined) node.limit = Math.min(limit, maxRows);
		if (offset !== undefined) node.offset = offset;
	}
	return root;
}

/** The condition that ties the rows of an embedded resource to a row of its parent. */
function joinSql(embed: Embed, parent: string): { from: string; on: string[] } {
	const { relationship, node } = embed;
	const column = (alias: string, name: string) => `${identifier(alias)}.${identifier(name)}`;
	const { junction } = relationship;
	if (!junction)
		return {
			from: '',
			on: relationship.pairs.map(([origin, target]) => `${column(parent, origin)} = ${column(node.alias, target)}`)
		};
	const alias = `${junction.relation.name}_of_${node.alias}`;
	return {
		from: `, ${qualified(junction.relation.schema, junction.relation.name)} as ${identifier(alias)}`,
		on: [
			...junction.origin.map(([origin, near]) => `${column(parent, origin)} = ${column(alias, near)}`),
			...junction.target.map(([far, target]) => `${column(alias, far)} = ${column(node.alias, target)}`)
		]
	};
}

function outputName(field: Field): string | null {
	const last = field.path.at(-1)?.key;
	if (last === undefined) return null;
	// An index has no name: the nearest key before it, or the column, lends its own.
	return /^-?\d+$/.test(last) ? (field.path.findLast(({ key }) => !/^-?\d+$/.test(key))?.key ?? field.name) : last;
}

function columnSql(node: Node, item: Extract<SelectItem, { kind: 'column' }>): string {
	const value = fieldSql(node.alias, node.relation, item.field);
	const name = item.alias ?? outputName(item.field) ?? (item.cast ? item.field.name : null);
	return `${item.cast ? `(${value})::${item.cast}` : value}${name === null ? '' : ` as ${identifier(name)}`}`;
}

function orderSql(node: Node, order: Order): string {
	const direction = `${order.descending ? ' desc' : ' asc'}${order.nulls ? ` nulls ${order.nulls}` : ''}`;
	if (order.relation === undefined) return fieldSql(node.alias, node.relation, order.field) + direction;
	const embed = node.embeds.find(({ name, target }) => name === order.relation || target === order.relation);
	if (!embed) {
		throw new RestError(
			400,
			'PGRST108',
			`'${order.relation}' is not an embedded resource in this request`,
			null,
			`Verify that '${order.relation}' is included in the 'select' query parameter.`
		);
	}
	if (!isToOne(embed)) {
		throw new RestError(
			400,
			'PGRST118',
			`A related order on '${order.relation}' is not possible`,
			`'${node.relation?.name}' and '${order.relation}' do not form a many-to-one or one-to-one relationship`
		);
	}
	const { on } = joinSql(embed, node.alias);
	return `(select ${fieldSql(embed.node.alias, embed.node.relation, order.field)} from ${embed.node.source} as ${identifier(embed.node.alias)} where ${on.join(' and ')})${direction}`;
}

/** The name of an embedded resource's lateral join. */
const lateral = (embed: Embed) => `${embed.node.alias}_rows`;

/** What is null when an embedded resource has nothing for a row. */
function emptiness(embed: Embed): string {
	return isToOne(embed) ? `${identifier(lateral(embed))}.*` : `${identifier(lateral(embed))}."rows"`;
}

function outputs(node: Node): string[] {
	return [
		...node.items.map((item) => columnSql(node, item as Extract<SelectItem, { kind: 'column' }>)),
		...node.embeds
			.filter(({ hidden }) => !hidden)
			.map((embed) => {
				const rows = identifier(lateral(embed));
				if (embed.spread) {
					return spreadNames(embed.node)
						.map((name) => `${rows}.${name === '*' ? '*' : identifier(name)}`)
						.join(', ');
				}
				return isToOne(embed)
					? `row_to_json(${rows}.*)::json as ${identifier(embed.name)}`
					: `coalesce(${rows}."rows", '[]')::json as ${identifier(embed.name)}`;
			})
	];
}

function spreadNames(node: Node): string[] {
	const own = node.items.flatMap((item) =>
		item.kind === 'column' ? [item.alias ?? outputName(item.field) ?? item.field.name] : []
	);
	const nested = node.embeds.flatMap((embed) =>
		embed.hidden ? [] : embed.spread ? spreadNames(embed.node) : [embed.name]
	);
	return [...own, ...nested];
}

function joins(node: Node): string {
	return node.embeds
		.map((embed) => {
			const rows = identifier(lateral(embed));
			const join = joinSql(embed, node.alias);
			const select = selectSql(embed.node, join);
			const kind = embed.inner ? 'inner' : 'left';
			if (isToOne(embed)) return `${kind} join lateral (${select}) as ${rows} on true`;
			return `${kind} join lateral (select json_agg(${rows}) as "rows" from (${select}) as ${rows}) as ${rows} on ${embed.inner ? `${rows}."rows" is not null` : 'true'}`;
		})
		.join(' ');
}

function conditions(node: Node, on: string[]): string {
	const resource = (name: string) => {
		const embed = node.embeds.find((one) => one.name === name);
		return embed ? emptiness(embed) : null;
	};
	const all = [...on, ...node.filters.map((filter) => filterSql(node.alias, node.relation, filter, resource))];
	return all.length === 0 ? '' : ` where ${all.join(' and ')}`;
}

/** The select of one resource with those embedded in it. */
export function selectSql(node: Node, join: { from: string; on: string[] } = { from: '', on: [] }): string {
	const columns = outputs(node);
	// `select=embedded()` alone has no columns of its own; a row must still be seen to be there.
	const list = columns.length > 0 ? columns.join(', ') : 'true as "exists"';
	const order = node.order.length > 0 ? ` order by ${node.order.map((one) => orderSql(node, one)).join(', ')}` : '';
	const limit = node.limit === null ? '' : ` limit ${node.limit}`;
	const offset = node.offset > 0 ? ` offset ${node.offset}` : '';
	return `select ${list} from ${node.source} as ${identifier(node.alias)} ${joins(node)}${join.from}${conditions(node, join.on)}${order}${limit}${offset}`;
}

/** Counts the root's rows as if nothing limited them. */
export function countSql(node: Node): string {
	return `select count(*) from ${node.source} as ${identifier(node.alias)} ${joins(node)}${conditions(node, [])}`;
}

/** The columns a write must give back for what is then read from its rows. */
export function neededColumns(node: Node): string[] | null {
	const names = new Set<string>();
	for (const item of node.items) if (item.kind === 'column') names.add(item.field.name);
	for (const filter of node.filters) if (filter.kind === 'group') return null;
	for (const filter of node.filters)
		if (filter.kind === 'condition' && !node.embeds.some(({ name }) => name === filter.field.name))
			names.add(filter.field.name);
	for (const { field, relation } of node.order) if (relation === undefined) names.add(field.name);
	for (const { relationship } of node.embeds) {
		for (const [origin] of relationship.junction?.origin ?? relationship.pairs) names.add(origin);
	}
	return names.has('*') ? null : [...names];
}
