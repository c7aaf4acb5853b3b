import { Hono } from 'hono';
import type { Context } from '../platform.ts';
import type { Env, Service } from '../service.ts';

/** Stands where the service will be. */
export async function createFunctions(_context: Context): Promise<Service> {
	const app = new Hono<Env>();
	app.all('*', (c) => c.json({ message: 'not built yet' }, 503));
	return { app, close: async () => {} };
}
