import type { Config } from '../settings.ts';
import type { Caller } from '../service.ts';
import { guardSql, preRequestSql, settingsSql, statementSql } from './answer.ts';
import type { Statement } from './answer.ts';
import { callSql, findRoutine } from './call.ts';
import type { Catalog, Relation } from './catalog.ts';
import { RestError, singularError } from './errors.ts';
import type { Pool } from './pool.ts';
import { countSql, plan, selectSql } from './read.ts';
import type { Node } from './read.ts';
import { applyRange, checkUniform, parseAccept, parsePayload, parsePreferences, parseQuery } from './request.ts';
import type { Format, Preferences, Query } from './request.ts';
import { qualified } from './sql.ts';
import { closest } from './suggest.ts';
import { deleteSql, insertSql, updateSql } from './write.ts';

export interface Work {
	catalog: Catalog;
	pool: Pool;
	caller: Caller;
	request: Request;
	body: string;
	api: Config['api'];
}

/** What a request comes to: one statement, and how its answer is dressed. */
interface Job {
	statement: Statement;
	readOnly: boolean;
	/** of an answer with and without a body */
	statuses: [number, number];
	/** rows come with a range that counts */
	ranged: boolean;
	hasBody: boolean;
	write: 'POST' | 'PATCH' | 'DELETE' | null;
}

function findRelation(catalog: Catalog, schema: string, name: string): Relation {
	const relation = catalog.relations.get(name);
	if (relation) return relation;
	const near = closest(name, catalog.relations.keys());
	throw new RestError(
		404,
		'PGRST205',
		`Could not find the table '${schema}.${name}' in the schema cache`,
		null,
		near ? `Perhaps you meant the table '${schema}.${near}'` : null
	);
}

/** Refuses a schema that is not exposed; gives the one to use. */
function chosenSchema(request: Request, schemas: string[]): string {
	const reading = request.method === 'GET' || request.method === 'HEAD';
	const schema = request.headers.get(reading ? 'accept-profile' : 'content-profile');
	if (schema === null) return schemas[0]!;
	if (schemas.includes(schema)) return schema;
	throw new RestError(
		406,
		'PGRST106',
		`Invalid schema: ${schema}`,
		null,
		`Only the following schemas are exposed: ${schemas.join(', ')}`
	);
}

function limited(node: Node, query: Query, maxRows: number | null): Node {
	node.limit = query.limit === null ? maxRows : maxRows === null ? query.limit : Math.min(query.limit, maxRows);
	node.offset = query.offset;
	return node;
}

function readJob(
	work: Work,
	schema: string,
	name: string,
	query: Query,
	preferences: Preferences,
	format: Format
): Job {
	const relation = findRelation(work.catalog, schema, name);
	const source = qualified(relation.schema, relation.name);
	const node = limited(
		plan(work.catalog, relation, name, source, query.items, query.wishes, work.api.max_rows),
		query,
		work.api.max_rows
	);
	return {
		statement: {
			source: null,
			rows: selectSql(node),
			count: preferences.count ? countSql(node) : null,
			shape: 'rows',
			format
		},
		readOnly: true,
		statuses: [200, 200],
		ranged: true,
		hasBody: true,
		write: null
	};
}

function writeJob(
	work: Work,
	schema: string,
	name: string,
	query: Query,
	preferences: Preferences,
	format: Format
): Job {
	const relation = findRelation(work.catalog, schema, name);
	const method = work.request.method as 'POST' | 'PATCH' | 'DELETE';
	const represented = preferences.return === 'representation';
	// The rows read back are those written: filters of the request itself have done their part.
	const wishes = { ...query.wishes, filters: query.wishes.filters.filter(({ path }) => path.length > 0) };
	const node = represented
		? limited(plan(work.catalog, relation, name, 'pgrst_source', query.items, wishes, work.api.max_rows), query, null)
		: null;
	const payload = method === 'DELETE' ? null : parsePayload(work.body, work.request.headers.get('content-type') ?? '');
	const source =
		method === 'POST'
			? insertSql(relation, query, payload!, preferences, node)
			: method === 'PATCH'
				? updateSql(relation, query, payload!, preferences, node)
				: deleteSql(relation, query, node);
	return {
		// A PATCH without columns changes nothing and finds nothing.
		statement: {
			source: source ?? `select * from ${qualified(relation.schema, relation.name)} where false`,
			rows: node && selectSql(node),
			count: null,
			shape: 'rows',
			format
		},
		readOnly: false,
		statuses: method === 'POST' ? [201, 201] : [200, 204],
		ranged: false,
		hasBody: represented,
		write: method
	};
}

function callJob(
	work: Work,
	schema: string,
	name: string,
	query: Query,
	preferences: Preferences,
	format: Format
): Job {
	const { method } = work.request;
	if (method !== 'GET' && method !== 'HEAD' && method !== 'POST')
		throw new RestError(405, 'PGRST101', `Cannot use the ${method} method on RPC`);
	const posted = method === 'POST';
	const payload = posted ? parsePayload(work.body, work.request.headers.get('content-type') ?? '') : null;
	if (payload) checkUniform(payload);
	const names = payload ? payload.keys : [...new Set(query.arguments.map(([key]) => key))];
	const routine = findRoutine(work.catalog, schema, name, names, posted);
	const source = callSql(routine, payload, query.arguments);
	const readOnly = !posted || !routine.volatile;
	if (routine.gives === 'void') {
		return {
			statement: { source, rows: null, count: null, shape: 'scalar', format },
			readOnly,
			statuses: [200, 204],
			ranged: false,
			hasBody: false,
			write: null
		};
	}
	const scalar = routine.gives === 'scalar';
	const node = limited(
		plan(
			work.catalog,
			routine.relation,
			routine.relation?.name ?? name,
			'pgrst_source',
			query.items,
			query.wishes,
			work.api.max_rows
		),
		query,
		routine.set ? work.api.max_rows : null
	);
	return {
		statement: {
			source,
			rows: selectSql(node),
			count: preferences.count ? countSql(node) : null,
			shape: scalar ? (routine.set ? 'scalars' : 'scalar') : routine.set ? 'rows' : 'row',
			format
		},
		readOnly,
		statuses: [200, 200],
		ranged: true,
		hasBody: true,
		write: null
	};
}

/** `0-9/120`: which rows these are, and of how many. */
function contentRange(offset: number, page: number, total: number | null): string {
	return `${page === 0 ? '*' : `${offset}-${offset + page - 1}`}/${total ?? '*'}`;
}

/** What a function set as `response.headers`: a JSON list of objects with one key each. Raises PGRST111. */
function ownHeaders(text: string | null): [string, string][] {
	if (text === null) return [];
	try {
		return (JSON.parse(text) as Record<string, string>[]).flatMap((pair) => Object.entries(pair));
	} catch {
		throw new RestError(
			500,
			'PGRST111',
			'response.headers guc must be a JSON array composed of objects with a single key and a string value'
		);
	}
}

/** Answers one request. Raises RestError, and postgres.js's errors as they come. */
export async function handle(work: Work): Promise<Response> {
	const { request, catalog, api } = work;
	const url = new URL(request.url);
	const path = url.pathname.replace(/^\/rest\/v1/, '') || '/';
	const parts = path.split('/').filter(Boolean).map(decodeURIComponent);
	const schema = chosenSchema(request, api.schemas);
	const calling = parts[0] === 'rpc' && parts.length === 2;
	if (!calling && parts.length !== 1) {
		if (parts.length > 0) throw new RestError(404, 'PGRST125', 'Invalid path specified in request URL');
		return Response.json({
			swagger: '2.0',
			info: { title: 'standard public schema' },
			paths: Object.fromEntries([...catalog.relations.keys()].map((name) => [`/${name}`, {}]))
		});
	}
	const preferences = parsePreferences(request.headers.get('prefer') ?? '');
	const format = parseAccept(request.headers.get('accept') ?? '*/*');
	const reading = request.method === 'GET' || request.method === 'HEAD';
	const query = parseQuery(url.searchParams, calling && reading);
	if (reading) applyRange(query, request.headers.get('range'));

	const name = parts.at(-1)!;
	if (!calling && !reading && !['POST', 'PATCH', 'DELETE'].includes(request.method)) {
		throw new RestError(405, 'PGRST117', `Unsupported HTTP method: ${request.method}`);
	}
	const job = (calling ? callJob : reading ? readJob : writeJob)(work, schema, name, query, preferences, format);

	const singular = format.kind === 'object' && job.hasBody && job.statement.shape === 'rows';
	const settings = settingsSql(catalog, work.caller, request, path, {
		schema,
		searchPath: api.extra_search_path,
		readOnly: job.readOnly,
		timeZone: preferences.timeZone
	});
	const guard = job.readOnly ? null : guardSql(singular, preferences.maxAffected);
	const before = [settings, ...(catalog.preRequest ? [preRequestSql(catalog.preRequest)] : [])];
	const results = await work.pool.run(
		[...before, statementSql(job.statement), ...(guard ? [guard] : [])].join(';\n'),
		job.readOnly
	);
	const row = results[before.length]![0]!;

	const page = Number(row.page);
	if (singular && page !== 1) throw singularError(page);
	const total = row.total === null || row.total === undefined ? null : Number(row.total);
	if (job.ranged && query.offset > 0 && total !== null && query.offset >= total && query.offset > 0) {
		throw new RestError(
			416,
			'PGRST103',
			'Requested range not satisfiable',
			`An offset of ${query.offset} was requested, but there are only ${total} rows.`
		);
	}

	const headers = new Headers();
	if (job.ranged) headers.set('content-range', contentRange(query.offset, page, total));
	else if (job.write)
		headers.set(
			'content-range',
			`${job.write === 'PATCH' && page > 0 ? `0-${page - 1}` : '*'}/${preferences.count ? page : '*'}`
		);
	if (preferences.applied.length > 0) headers.set('preference-applied', preferences.applied.join(', '));
	if (job.hasBody) headers.set('content-type', format.contentType);
	for (const [key, value] of ownHeaders(row.headers ?? null)) headers.append(key, value);
	const partial = job.ranged && total !== null && page < total;
	const status = row.status ? Number(row.status) : partial ? 206 : job.statuses[job.hasBody ? 0 : 1];
	const hasBody = job.hasBody && request.method !== 'HEAD' && status !== 204;
	return new Response(hasBody ? row.body : null, { status, headers });
}
