import type { Relation } from './catalog.ts';
import { RestError } from './errors.ts';
import { filterSql } from './filter.ts';
import type { Node } from './read.ts';
import { neededColumns } from './read.ts';
import type { Payload, Preferences, Query } from './request.ts';
import { checkUniform } from './request.ts';
import { identifier, literal, qualified } from './sql.ts';

/** The columns that a body fills. Raises PGRST204 for one the table has not. */
function writtenColumns(relation: Relation, query: Query, payload: Payload): string[] {
	if (!query.columns) checkUniform(payload);
	const names = query.columns ?? payload.keys;
	for (const name of names) {
		if (!relation.columns.has(name)) {
			throw new RestError(
				400,
				'PGRST204',
				`Could not find the '${name}' column of '${relation.name}' in the schema cache`
			);
		}
	}
	return names;
}

/** The body as rows with the columns' own types, so that the database converts every value. */
function bodySql(relation: Relation, names: string[], payload: Payload, missing: Preferences['missing']): string {
	const definition = names.map((name) => `${identifier(name)} ${relation.columns.get(name)!.type}`).join(', ');
	const json = Array.isArray(payload.value) ? payload.json : `[${payload.json}]`;
	const fallbacks = names.flatMap((name) => {
		const { fallback } = relation.columns.get(name)!;
		return fallback === null ? [] : [`${literal(name)}, ${fallback}`];
	});
	if (missing === 'null' || fallbacks.length === 0)
		return `json_to_recordset(${literal(json)}) as pgrst_body(${definition})`;
	return `(select jsonb_build_object(${fallbacks.join(', ')}) || value as value from jsonb_array_elements(${literal(json)})) as pgrst_given, lateral jsonb_to_record(pgrst_given.value) as pgrst_body(${definition})`;
}

function returning(relation: Relation, node: Node | null): string {
	if (!node) return ' returning 1';
	const names = neededColumns(node);
	if (names?.length === 0) return ' returning 1';
	return ` returning ${names === null ? `${identifier(relation.name)}.*` : names.map((name) => `${identifier(relation.name)}.${identifier(name)}`).join(', ')}`;
}

/** A POST to a table. `node` is what is read from the new rows, null when nothing is. */
export function insertSql(
	relation: Relation,
	query: Query,
	payload: Payload,
	preferences: Preferences,
	node: Node | null
): string {
	const table = `${qualified(relation.schema, relation.name)} as ${identifier(relation.name)}`;
	const names = writtenColumns(relation, query, payload);
	if (names.length === 0 && !payload.none) return `insert into ${table} default values${returning(relation, node)}`;
	const columns = names.map(identifier).join(', ');
	const rows = payload.none
		? `select ${columns === '' ? '' : columns} from ${qualified(relation.schema, relation.name)} where false`
		: `select ${names.map((name) => `pgrst_body.${identifier(name)}`).join(', ')} from ${bodySql(relation, names, payload, preferences.missing)}`;
	const target = query.onConflict ?? relation.primaryKey;
	let conflict = '';
	if (preferences.resolution && target.length > 0) {
		const action =
			preferences.resolution === 'ignore-duplicates' || names.length === 0
				? 'do nothing'
				: `do update set ${names.map((name) => `${identifier(name)} = excluded.${identifier(name)}`).join(', ')}`;
		conflict = ` on conflict (${target.map(identifier).join(', ')}) ${action}`;
	}
	const insert =
		columns === ''
			? `insert into ${table} select from ${qualified(relation.schema, relation.name)} where false`
			: `insert into ${table} (${columns}) ${rows}`;
	return insert + conflict + returning(relation, node);
}

/** Hosted projects load safeupdate: a client's UPDATE or DELETE without any filter is refused. */
function whereSql(relation: Relation, query: Query, command: 'UPDATE' | 'DELETE'): string {
	const own = query.wishes.filters.filter(({ path }) => path.length === 0);
	if (own.length === 0) throw new RestError(400, '21000', `${command} requires a WHERE clause`);
	return ` where ${own.map(({ filter }) => filterSql(relation.name, relation, filter, () => null)).join(' and ')}`;
}

/** A PATCH; null when the body changes nothing. */
export function updateSql(
	relation: Relation,
	query: Query,
	payload: Payload,
	preferences: Preferences,
	node: Node | null
): string | null {
	const names = writtenColumns(relation, query, payload);
	const where = whereSql(relation, query, 'UPDATE');
	if (names.length === 0 || payload.none) return null;
	const assignments = names.map((name) => `${identifier(name)} = pgrst_body.${identifier(name)}`).join(', ');
	const body = `(select pgrst_body.* from ${bodySql(relation, names, payload, preferences.missing)} limit 1) as pgrst_body`;
	return `update ${qualified(relation.schema, relation.name)} as ${identifier(relation.name)} set ${assignments} from ${body}${where}${returning(relation, node)}`;
}

/** A DELETE. */
export function deleteSql(relation: Relation, query: Query, node: Node | null): string {
	return `delete from ${qualified(relation.schema, relation.name)} as ${identifier(relation.name)}${whereSql(relation, query, 'DELETE')}${returning(relation, node)}`;
}
