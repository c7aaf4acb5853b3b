import { createServer } from 'node:http';
import { getRequestListener } from '@hono/node-server';
import { Hono } from 'hono';
import postgres from 'postgres';
import type { Context } from '../context.ts';
import { page, rowsPage, welcome } from './page.ts';
import { listColumns, listTables, readRows } from './tables.ts';

/** Rows on one page. */
const limit = 50;

/**
 * A page to look into the database: every table with its columns and rows, read only. It stands where Supabase Studio
 * does, on a port of its own that only this machine reaches.
 */
export async function createStudio(context: Context): Promise<{ close(): Promise<void> }> {
	const sql = postgres(context.databaseUrl('postgres'), {
		max: 2,
		idle_timeout: 30,
		backoff: () => 0.2,
		onnotice: () => {},
		connection: { application_name: 'studio', default_transaction_read_only: true, statement_timeout: 10_000 }
	});
	const app = new Hono();

	// A page elsewhere could point a name of its own at this address; only our own names are answered.
	app.use(async (c, next) => {
		const { hostname } = new URL(c.req.url);
		if (hostname !== '127.0.0.1' && hostname !== 'localhost') return c.text('Not found', 404);
		await next();
		c.header('content-security-policy', "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'");
	});
	app.get('/', async (c) => c.html(page(await listTables(sql), null, welcome())));
	app.get('/table/:schema/:name', async (c) => {
		const tables = await listTables(sql);
		const table = tables.find(({ schema, name }) => schema === c.req.param('schema') && name === c.req.param('name'));
		if (!table) return c.text('There is no such table.', 404);
		const offset = Math.max(0, Math.trunc(Number(c.req.query('offset'))) || 0);
		const columns = await listColumns(sql, table);
		return c.html(
			page(tables, table, rowsPage(table, columns, await readRows(sql, table, columns, limit, offset), offset, limit))
		);
	});
	app.onError((error, c) => {
		context.log('studio', error.message);
		return c.text('The database could not be read; see the log, then load this page again.', 503);
	});

	const server = createServer(getRequestListener(app.fetch));
	await new Promise<void>((resolve, reject) => {
		server.once('error', reject);
		server.listen(context.settings.ports.studio, '127.0.0.1', resolve);
	});
	return {
		close: async () => {
			server.closeAllConnections();
			await new Promise((resolve) => server.close(resolve));
			await sql.end({ timeout: 1 });
		}
	};
}
