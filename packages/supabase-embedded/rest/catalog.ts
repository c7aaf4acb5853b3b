import type { Pool } from './pool.ts';
import { literal } from './sql.ts';

export interface Column {
	name: string;
	/** as SQL spells it, schema and modifiers included */
	type: string;
	/** the expression of its default; null when it has none */
	fallback: string | null;
}

/** A table or view. */
export interface Relation {
	schema: string;
	name: string;
	columns: Map<string, Column>;
	primaryKey: string[];
	/** sets of columns that are unique together, the primary key among them */
	uniques: string[][];
}

/** A foreign key: `columns` of `from` point at `references` of `to`. */
export interface ForeignKey {
	name: string;
	from: Relation;
	columns: string[];
	to: Relation;
	references: string[];
	/** true when a row of `to` has at most one row of `from` */
	single: boolean;
}

export interface Argument {
	name: string;
	type: string;
	required: boolean;
	variadic: boolean;
}

export interface Routine {
	schema: string;
	name: string;
	arguments: Argument[];
	volatile: boolean;
	set: boolean;
	/** what a call gives: nothing, one value, or a row */
	gives: 'void' | 'scalar' | 'row';
	/** the table or view whose rows it gives */
	relation: Relation | null;
}

/** What REST knows of the database; made anew when the schema changes. */
export interface Catalog {
	relations: Map<string, Relation>;
	foreignKeys: ForeignKey[];
	/** functions by name */
	routines: Map<string, Routine[]>;
	/** settings that go with a role, such as its statement_timeout */
	roleSettings: Map<string, [string, string][]>;
	/** the function to call before each request, as `alter role authenticator set pgrst.db_pre_request` names it */
	preRequest: string | null;
}

interface RelationRow {
	oid: number;
	schema: string;
	name: string;
	columns: { name: string; number: number; type: string; fallback: string | null }[];
	uniques: { primary: boolean; columns: number[] }[];
}

interface KeyRow {
	name: string;
	from: number;
	columns: string[];
	to: number;
	references: string[];
	columnNumbers: number[];
}

interface RoutineRow {
	schema: string;
	name: string;
	names: string[] | null;
	modes: string[] | null;
	types: string[];
	defaults: number;
	variadic: boolean;
	volatile: boolean;
	set: boolean;
	gives: 'void' | 'scalar' | 'row';
	relation: number;
}

interface Rows {
	relations: RelationRow[] | null;
	keys: KeyRow[] | null;
	routines: RoutineRow[] | null;
	settings: { role: string; setting: string }[] | null;
}

/** One query for all: format_type spells types in full because the search path is empty. */
const query = (schemas: string[]) => `
select set_config('search_path', '', true);
with exposed as (select oid, nspname from pg_namespace where nspname in (${schemas.map(literal).join(', ')})),
relations as (
	select json_agg(json_build_object(
		'oid', c.oid::int8, 'schema', n.nspname, 'name', c.relname,
		'columns', (
			select coalesce(json_agg(json_build_object(
				'name', a.attname, 'number', a.attnum, 'type', format_type(a.atttypid, a.atttypmod),
				'fallback', case
					when a.attidentity <> '' then format('nextval(%L)', pg_get_serial_sequence(format('%I.%I', n.nspname, c.relname), a.attname))
					when a.attgenerated = '' then pg_get_expr(d.adbin, d.adrelid)
				end
			) order by a.attnum), '[]')
			from pg_attribute a left join pg_attrdef d on d.adrelid = a.attrelid and d.adnum = a.attnum
			where a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
		),
		'uniques', (
			select coalesce(json_agg(json_build_object('primary', i.indisprimary, 'columns', i.indkey::int2[]) order by i.indisprimary desc), '[]')
			from pg_index i
			where i.indrelid = c.oid and i.indisunique and i.indpred is null and i.indexprs is null
		)
	)) as value
	from pg_class c join exposed n on n.oid = c.relnamespace
	where c.relkind in ('r', 'v', 'm', 'f', 'p') and not c.relispartition
),
keys as (
	select json_agg(json_build_object(
		'name', k.conname, 'from', k.conrelid::int8, 'to', k.confrelid::int8, 'columnNumbers', k.conkey,
		'columns', (select json_agg(a.attname order by o) from unnest(k.conkey) with ordinality u(n, o) join pg_attribute a on a.attrelid = k.conrelid and a.attnum = u.n),
		'references', (select json_agg(a.attname order by o) from unnest(k.confkey) with ordinality u(n, o) join pg_attribute a on a.attrelid = k.confrelid and a.attnum = u.n)
	) order by k.conname) as value
	from pg_constraint k where k.contype = 'f' and k.conparentid = 0
),
routines as (
	select json_agg(json_build_object(
		'schema', n.nspname, 'name', p.proname, 'names', p.proargnames, 'modes', p.proargmodes::text[],
		'types', (select coalesce(json_agg(format_type(u.t, null) order by o), '[]') from unnest(p.proargtypes) with ordinality u(t, o)),
		'defaults', p.pronargdefaults, 'variadic', p.provariadic <> 0, 'volatile', p.provolatile = 'v', 'set', p.proretset,
		'gives', case
			when t.oid = 'void'::regtype then 'void'
			when t.typtype = 'c' or coalesce(p.proargmodes::text[] && '{t,b,o}', false) then 'row'
			else 'scalar'
		end,
		'relation', t.typrelid::int8
	) order by p.proname, p.oid) as value
	from pg_proc p join exposed n on n.oid = p.pronamespace join pg_type t on t.oid = p.prorettype
	where p.prokind = 'f' and p.prorettype <> 'trigger'::regtype and p.prorettype <> 'event_trigger'::regtype
),
settings as (
	select json_agg(json_build_object('role', r.rolname, 'setting', s.setting)) as value
	from pg_db_role_setting d join pg_roles r on r.oid = d.setrole, unnest(d.setconfig) s(setting)
	where d.setdatabase = 0 and pg_has_role('authenticator', r.oid, 'set')
)
select json_build_object('relations', relations.value, 'keys', keys.value, 'routines', routines.value, 'settings', settings.value)::text as body
from relations, keys, routines, settings`;

/** Reads the exposed schemas from the database. */
export async function loadCatalog(pool: Pool, schemas: string[]): Promise<Catalog> {
	const results = await pool.run(query(schemas), true);
	const rows = JSON.parse(String(results.at(-1)?.[0]?.body)) as Rows;
	const byOid = new Map<number, Relation>();
	const relations = new Map<string, Relation>();
	for (const row of rows.relations ?? []) {
		const nameOf = (number: number) => row.columns.find((column) => column.number === number)?.name ?? '';
		const uniques = row.uniques.map(({ columns }) => columns.map(nameOf));
		const relation: Relation = {
			schema: row.schema,
			name: row.name,
			columns: new Map(row.columns.map(({ name, type, fallback }) => [name, { name, type, fallback }])),
			primaryKey: row.uniques[0]?.primary ? uniques[0]! : [],
			uniques
		};
		byOid.set(row.oid, relation);
		relations.set(row.name, relation);
	}

	const foreignKeys: ForeignKey[] = [];
	for (const row of rows.keys ?? []) {
		const from = byOid.get(row.from);
		const to = byOid.get(row.to);
		if (!from || !to) continue;
		const single = from.uniques.some(
			(unique) => unique.length === row.columns.length && unique.every((name) => row.columns.includes(name))
		);
		foreignKeys.push({ name: row.name, from, columns: row.columns, to, references: row.references, single });
	}

	const routines = new Map<string, Routine[]>();
	for (const row of rows.routines ?? []) {
		const inputs = (row.names ?? []).filter((_, index) => !row.modes || 'ibv'.includes(row.modes[index]!));
		const routine: Routine = {
			schema: row.schema,
			name: row.name,
			arguments: row.types.map((type, index) => ({
				name: inputs[index] ?? '',
				type,
				required: index < row.types.length - row.defaults && !(row.variadic && index === row.types.length - 1),
				variadic: row.variadic && index === row.types.length - 1
			})),
			volatile: row.volatile,
			set: row.set,
			gives: row.gives,
			relation: byOid.get(row.relation) ?? null
		};
		routines.set(row.name, [...(routines.get(row.name) ?? []), routine]);
	}

	const roleSettings = new Map<string, [string, string][]>();
	for (const { role, setting } of rows.settings ?? []) {
		const cut = setting.indexOf('=');
		const name = setting.slice(0, cut);
		if (name === 'search_path') continue;
		roleSettings.set(role, [...(roleSettings.get(role) ?? []), [name, setting.slice(cut + 1)]]);
	}
	const preRequest = roleSettings.get('authenticator')?.find(([name]) => name === 'pgrst.db_pre_request')?.[1] ?? null;
	return { relations, foreignKeys, routines, roleSettings, preRequest };
}
