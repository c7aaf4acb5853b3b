import { Hono } from 'hono';
import type { Upgrade } from '../gateway.ts';
import type { Context } from '../platform.ts';
import type { Env, Service } from '../service.ts';

/** Stands where the service will be. */
export async function createRealtime(_context: Context): Promise<Service & { upgrade: Upgrade }> {
	const app = new Hono<Env>();
	app.all('*', (c) => c.json({ message: 'not built yet' }, 503));
	return { app, upgrade: (_request, socket) => socket.destroy(), close: async () => {} };
}
