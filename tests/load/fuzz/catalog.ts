import type { Sql } from 'postgres';
import type { Taker } from './values.ts';

/** A function that REST exposes, with its parameters. */
export interface Routine {
	name: string;
	parameters: (Taker & { required: boolean })[];
	/** whether one who is not the service role may call it */
	open: boolean;
}

/** A table that REST exposes, with what callers may do to it. */
export interface Table {
	name: string;
	columns: Taker[];
	/** of insert, update and delete: the ones that some caller is granted, on the whole or on columns */
	granted: ('insert' | 'update' | 'delete')[];
}

/** All functions of schema public, as the database knows them: one that is written tomorrow is among them. */
export async function routinesOf(sql: Sql): Promise<Routine[]> {
	const rows = await sql<{ name: string; open: boolean; parameters: Routine['parameters'] | null }[]>`
		select p.proname as name,
			has_function_privilege('anon', p.oid, 'execute') or has_function_privilege('authenticated', p.oid, 'execute') as open,
			(
				select json_agg(
					json_build_object(
						'name', p.proargnames[n], 'type', format_type(t, null), 'required', n <= p.pronargs - p.pronargdefaults
					)
					order by n
				)
				from unnest(p.proargtypes) with ordinality as u(t, n)
			) as parameters
		from pg_proc p
		where p.pronamespace = 'public'::regnamespace and p.prokind = 'f'
			and p.prorettype not in ('trigger'::regtype, 'event_trigger'::regtype)
		order by p.proname, p.oid`;
	return rows.map(({ parameters, ...routine }) => ({ ...routine, parameters: parameters ?? [] }));
}

/** All tables of schema public that some caller may write to, or read. */
export async function tablesOf(sql: Sql): Promise<Table[]> {
	return await sql<Table[]>`
		select c.relname as name,
			(
				select json_agg(json_build_object('name', a.attname, 'type', format_type(a.atttypid, null)) order by a.attnum)
				from pg_attribute a
				where a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
			) as columns,
			array(
				select verb
				from unnest(array['insert', 'update', 'delete']) as verb, unnest(array['anon', 'authenticated']) as role
				where has_table_privilege(role, c.oid, verb)
					or (verb <> 'delete' and has_any_column_privilege(role, c.oid, verb))
				group by verb order by verb
			) as granted
		from pg_class c
		where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'v', 'm', 'p') and not c.relispartition
		order by c.relname`;
}
