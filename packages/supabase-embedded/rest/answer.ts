import type { Caller } from '../service.ts';
import type { Catalog } from './catalog.ts';
import { notSingular, tooManyAffected } from './errors.ts';
import type { Format } from './request.ts';
import { identifier, literal } from './sql.ts';

/** The transaction's settings: who calls, from where, with which limits. */
export function settingsSql(
	catalog: Catalog,
	caller: Caller,
	request: Request,
	path: string,
	options: { schema: string; searchPath: string[]; readOnly: boolean; timeZone: string | null }
): string {
	const headers = Object.fromEntries([...request.headers].map(([name, value]) => [name.toLowerCase(), value]));
	const cookies = Object.fromEntries(
		(headers.cookie ?? '')
			.split(';')
			.filter(Boolean)
			.map((pair) => {
				const cut = pair.indexOf('=');
				return [pair.slice(0, cut).trim(), pair.slice(cut + 1).trim()];
			})
	);
	const settings: [string, string][] = [
		['search_path', [...new Set([options.schema, ...options.searchPath])].map(identifier).join(', ')],
		...(catalog.roleSettings.get(caller.role) ?? []),
		...(options.readOnly ? [['transaction_read_only', 'on'] as [string, string]] : []),
		...(options.timeZone ? [['timezone', options.timeZone] as [string, string]] : []),
		['role', caller.role],
		['request.jwt.claims', JSON.stringify({ ...caller.claims, role: caller.role })],
		['request.method', request.method],
		['request.path', path],
		['request.headers', JSON.stringify(headers)],
		['request.cookies', JSON.stringify(cookies)]
	];
	return `select ${settings.map(([name, value]) => `set_config(${literal(name)}, ${literal(value)}, true)`).join(', ')}`;
}

/** The call that comes before the request's own statement, as the caller's role; what it raises is the answer. */
export function preRequestSql(name: string): string {
	return `select ${name.split('.').map(identifier).join('.')}()`;
}

/** How the rows of `source` become the body: a list, one object, one value, or CSV. */
function bodySql(format: Format, shape: 'rows' | 'row' | 'scalars' | 'scalar'): string {
	const strip = (json: string) => (format.stripNulls ? `json_strip_nulls(${json})` : json);
	if (format.kind === 'csv') {
		const scalar = shape === 'scalar' || shape === 'scalars';
		const head = `(select string_agg(key, ',') from (select json_object_keys(row_to_json(one)) as key from (select * from pgrst_rows limit 1) as one) as keys)`;
		return `coalesce(${scalar ? "'pgrst_scalar'" : head} || E'\\n' || string_agg(substring(pgrst_rows::text, 2, length(pgrst_rows::text) - 2), E'\\n'), '')`;
	}
	if (shape === 'scalar') return `coalesce((json_agg(pgrst_rows.pgrst_scalar) -> 0)::text, 'null')`;
	if (shape === 'scalars') return `coalesce(json_agg(pgrst_rows.pgrst_scalar), '[]')::text`;
	const rows = strip('json_agg(pgrst_rows)');
	return shape === 'row' || format.kind === 'object'
		? `coalesce((${rows} -> 0)::text, 'null')`
		: `coalesce(${rows}, '[]')::text`;
}

export interface Statement {
	/** a write or call whose rows are named `pgrst_source`; null for a plain read */
	source: string | null;
	/** the select that gives the rows; null when only their number is wanted */
	rows: string | null;
	/** counts rows as if nothing limited them */
	count: string | null;
	shape: 'rows' | 'row' | 'scalars' | 'scalar';
	format: Format;
}

/** The one statement of a request: `total`, `page`, `body`, and what a function said about the answer. */
export function statementSql({ source, rows, count, shape, format }: Statement): string {
	const tables = [source && `pgrst_source as (${source})`, rows && `pgrst_rows as (${rows})`]
		.filter(Boolean)
		.join(', ');
	const from = rows ? 'pgrst_rows' : 'pgrst_source';
	return `with ${tables}
select ${count ? `(${count})` : 'null'}::text as total, count(*)::text as page,
	${rows ? bodySql(format, shape) : "''"} as body,
	set_config('pgrst.page', count(*)::text, true),
	nullif(current_setting('response.headers', true), '') as headers,
	nullif(current_setting('response.status', true), '') as status
from ${from}`;
}

/** A statement after the write that undoes it, by failing, when the number of rows is not what was asked for. */
export function guardSql(singular: boolean, maxAffected: number | null): string | null {
	const page = `current_setting('pgrst.page')`;
	const guards = [
		...(singular
			? [`if ${page} <> '1' then raise exception using errcode = '${notSingular}', message = ${page}; end if;`]
			: []),
		...(maxAffected === null
			? []
			: [
					`if ${page}::int8 > ${maxAffected} then raise exception using errcode = '${tooManyAffected}', message = ${page}; end if;`
				])
	];
	return guards.length === 0 ? null : `do $$ begin ${guards.join(' ')} end $$`;
}
