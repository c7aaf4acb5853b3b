import type postgres from 'postgres';

/** A table or view of the database, with about how many rows it has. */
export interface Table {
	schema: string;
	name: string;
	kind: 'table' | 'view';
	rows: number;
	/** true when policies guard it */
	guarded: boolean;
}

export interface Column {
	name: string;
	type: string;
	nullable: boolean;
	/** its part in keys: "primary key", "→ other.table" */
	key: string;
}

/** Tables and views of the project and of the platform's own schemas, in reading order. */
export function listTables(sql: postgres.Sql): Promise<Table[]> {
	return sql<Table[]>`
		select n.nspname as schema, c.relname as name, case when c.relkind in ('v', 'm') then 'view' else 'table' end as kind,
			greatest(c.reltuples, pg_stat_get_live_tuples(c.oid), 0)::float8 as rows, c.relrowsecurity as guarded
		from pg_class c join pg_namespace n on n.oid = c.relnamespace
		where c.relkind in ('r', 'p', 'v', 'm') and not c.relispartition
			and n.nspname not in ('pg_catalog', 'information_schema', 'pg_toast', 'extensions')
		order by n.nspname <> 'public', n.nspname, c.relname`;
}

export function listColumns(sql: postgres.Sql, table: Table): Promise<Column[]> {
	return sql<Column[]>`
		select a.attname as name, format_type(a.atttypid, a.atttypmod) as type, not a.attnotnull as nullable,
			coalesce((
				select string_agg(case k.contype when 'p' then 'primary key' when 'u' then 'unique' else '→ ' || k.confrelid::regclass end, ', ' order by k.contype desc)
				from pg_constraint k where k.conrelid = a.attrelid and a.attnum = any (k.conkey) and k.contype in ('p', 'u', 'f')
			), '') as key
		from pg_attribute a
		where a.attrelid = format('%I.%I', ${table.schema}::text, ${table.name}::text)::regclass and a.attnum > 0 and not a.attisdropped
		order by a.attnum`;
}

/** One page of rows as texts, in the order of the primary key where there is one. */
export async function readRows(
	sql: postgres.Sql,
	table: Table,
	columns: Column[],
	limit: number,
	offset: number
): Promise<(string | null)[][]> {
	const comma = (parts: postgres.PendingQuery<postgres.Row[]>[]) =>
		parts.flatMap((part, index) => (index === 0 ? [part] : [sql`,`, part]));
	const list = comma(columns.map(({ name }) => sql`source.${sql(name)}::text as ${sql(name)}`));
	// Named through the table: the bare name would be the text, by which 10 comes before 2.
	const keys = comma(
		columns.filter(({ key }) => key.includes('primary key')).map(({ name }) => sql`source.${sql(name)}`)
	);
	const rows = await sql`
		select ${list} from ${sql(table.schema)}.${sql(table.name)} as source
		${keys.length > 0 ? sql`order by ${keys}` : sql``} limit ${limit} offset ${offset}`;
	return rows.map((row) => columns.map(({ name }) => row[name] as string | null));
}
