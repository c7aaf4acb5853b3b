import { Hono } from 'hono';
import postgres from 'postgres';
import type { Context } from '../context.ts';
import type { Env, Service } from '../service.ts';
import { loadCatalog } from './catalog.ts';
import type { Catalog } from './catalog.ts';
import { fromDatabase, RestError } from './errors.ts';
import type { DatabaseError } from './errors.ts';
import { handle } from './handle.ts';
import { createPool } from './pool.ts';

/** Misses of the schema cache that a schema changed a moment ago may explain. */
const stale = new Set(['PGRST200', 'PGRST202', 'PGRST204', 'PGRST205']);

function answerOf(error: RestError): Response {
	const headers: Record<string, string> = { 'content-type': 'application/json; charset=utf-8', ...error.headers };
	return new Response(error.body(), { status: error.status, headers });
}

/**
 * The REST service: PostgREST's interface to the exposed schemas. Every request is one transaction as the caller's
 * role, so policies decide; the database makes the JSON, so values have the form that PostgREST gives them.
 */
export async function createRest(context: Context): Promise<Service> {
	const { api } = context.settings.config;
	const pool = createPool(context.databaseUrl('authenticator'), 15);
	let catalog: Catalog | undefined;
	let loadedAt = 0;
	let loading: Promise<Catalog> | undefined;
	let again = false;

	/** Loads the schema cache; a change that comes while it loads makes it load once more. */
	const reload = (): Promise<Catalog> => {
		if (loading) {
			again = true;
			return loading;
		}
		loading = (async () => {
			do {
				again = false;
				const started = Date.now();
				catalog = await loadCatalog(pool, api.schemas);
				loadedAt = started;
			} while (again);
			return catalog;
		})().finally(() => (loading = undefined));
		return loading;
	};

	const listener = postgres(context.databaseUrl('authenticator'), {
		max: 1,
		fetch_types: false,
		backoff: () => 0.2,
		onnotice: () => {}
	});
	const reloadLater = () =>
		void reload().catch((error: Error) =>
			context.log('rest', `the schema cache could not be loaded: ${error.message}`)
		);
	// After a lost connection it listens again by itself; what changed meanwhile is read then.
	await listener.listen('pgrst', reloadLater, reloadLater);
	await reload();

	const app = new Hono<Env>();
	app.all('*', async (c) => {
		const caller = c.get('caller');
		const anonymous = caller.role === 'anon';
		const request = c.req.raw;
		const body = request.method === 'GET' || request.method === 'HEAD' ? '' : await request.text();
		const attempt = async (known: Catalog) => {
			try {
				return await handle({ catalog: known, pool, caller, request, body, api });
			} catch (error) {
				if (error instanceof RestError) throw error;
				const refused = error as Partial<DatabaseError>;
				if (typeof refused.code !== 'string' || !/^[0-9A-Z]{5}$/.test(refused.code)) throw error;
				const answer = fromDatabase(refused as DatabaseError, anonymous);
				if (answer.status >= 500) context.log('rest', `${request.method} failed: ${refused.code} ${answer.message}`);
				throw answer;
			}
		};
		try {
			try {
				return await attempt(catalog ?? (await reload()));
			} catch (error) {
				if (!(error instanceof RestError) || !stale.has(error.code) || Date.now() - loadedAt < 1000) throw error;
				return await attempt(await reload());
			}
		} catch (error) {
			if (error instanceof RestError) return answerOf(error);
			throw error;
		}
	});

	return {
		app,
		close: async () => {
			await listener.end({ timeout: 1 });
			await pool.close();
		}
	};
}
