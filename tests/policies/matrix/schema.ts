import type { Sql } from 'postgres';

/** What the database itself says there is, to compare with what is declared. */
export interface Schema {
	/** columns and primary key of every table and view of schema public, each in the table's order */
	tables: Map<string, { columns: string[]; key: string[] }>;
	/** `table role privilege column`, and `table role privilege` for rights on whole rows */
	rights: Set<string>;
	/** who may execute each function of schema public */
	functions: Map<string, { for: string[] }>;
	/** the same of schema private */
	helpers: Map<string, { for: string[] }>;
	buckets: Map<string, { public: boolean }>;
}

const roles = ['anon', 'authenticated', 'service_role'];

async function readTables(db: Sql): Promise<Schema['tables']> {
	const rows = await db<{ name: string; columns: string[]; key: string[] }[]>`
		select c.relname as name,
			(select array_agg(a.attname order by a.attnum) from pg_attribute a
				where a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped) as columns,
			coalesce((select array_agg(a.attname order by a.attnum) from pg_index i
				join pg_attribute a on a.attrelid = c.oid and a.attnum = any (i.indkey)
				where i.indrelid = c.oid and i.indisprimary), '{}') as key
		from pg_class c
		where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p', 'v', 'm', 'f')`;
	return new Map(rows.map(({ name, columns, key }) => [name, { columns, key }]));
}

async function readRights(db: Sql): Promise<Schema['rights']> {
	const columns = await db<{ right: string }[]>`
		select concat_ws(' ', table_name, grantee, lower(privilege_type), column_name) as right
		from information_schema.column_privileges
		where table_schema = 'public' and grantee = any (${[...roles.slice(0, 2), 'PUBLIC']})`;
	const tables = await db<{ right: string }[]>`
		select concat_ws(' ', c.relname, coalesce(nullif(x.grantee, 0)::regrole::text, 'PUBLIC'), lower(x.privilege_type)) as right
		from pg_class c, aclexplode(c.relacl) x
		where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p', 'v', 'm', 'f', 'S')
			and coalesce(nullif(x.grantee, 0)::regrole::text, 'PUBLIC') = any (${[...roles, 'PUBLIC']})
			and not (
				lower(x.privilege_type) in ('select', 'insert', 'update')
				and coalesce(nullif(x.grantee, 0)::regrole::text, 'PUBLIC') <> 'service_role' and c.relkind <> 'S'
			)`;
	return new Set([...columns, ...tables].map(({ right }) => right));
}

async function readFunctions(db: Sql, schema: 'public' | 'private'): Promise<Schema['functions']> {
	const rows = await db<{ name: string; for: string[] }[]>`
		select p.proname as name, coalesce(array_agg(w.role) filter (where w.role is not null), '{}') as for
		from pg_proc p
		left join unnest(${roles}::text[]) as w (role) on has_function_privilege(w.role, p.oid, 'execute')
		where p.pronamespace = ${schema}::regnamespace and p.prorettype <> 'trigger'::regtype
		group by p.oid, p.proname`;
	const names = rows.map(({ name }) => name);
	const twice = names.filter((name, index) => names.indexOf(name) !== index);
	if (schema === 'public' && twice.length > 0)
		throw new Error(`The API cannot tell apart two functions named ${twice.join(', ')}.`);
	return new Map(rows.map((row) => [row.name, { for: row.for.toSorted() }]));
}

export async function readSchema(db: Sql): Promise<Schema> {
	const buckets = await db<{ id: string; public: boolean }[]>`select id, public from storage.buckets`;
	return {
		tables: await readTables(db),
		rights: await readRights(db),
		functions: await readFunctions(db, 'public'),
		helpers: await readFunctions(db, 'private'),
		buckets: new Map(buckets.map((bucket) => [bucket.id, { public: bucket.public }]))
	};
}
