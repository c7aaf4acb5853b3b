/** The face of the package is `startDouble` and what a payment's currency asks for; `./fixture.ts` is for tests. */
export { leastCharge } from './currencies.ts';
import { createServer } from 'node:http';
import { getRequestListener } from '@hono/node-server';
import { Hono } from 'hono';
import { createApi } from './api/routes.ts';
import { sweepSessions } from './checkout.ts';
import { createDouble } from './double.ts';
import { openTables } from './tables.ts';
import { createPages } from './page/routes.ts';
import { balance } from './resources/balance.ts';
import { checkoutSessions } from './resources/checkout-sessions.ts';
import { customers } from './resources/customers.ts';
import { disputes } from './resources/disputes.ts';
import { events } from './resources/events.ts';
import { charges, paymentIntents } from './resources/payment-intents.ts';
import { refunds } from './resources/refunds.ts';
import { sweepRefunds } from './refunds.ts';
import { webhookEndpoint, webhookEndpoints } from './resources/webhook-endpoints.ts';
import { openStore } from './store.ts';
import { createTestRoutes } from './testing.ts';
import { createWebhooks } from './webhooks.ts';

const operations = [
	...customers,
	...paymentIntents,
	...charges,
	...refunds,
	...disputes,
	...balance,
	...checkoutSessions,
	...events,
	...webhookEndpoints
];

export interface Options {
	/** where its journal is kept */
	folder: string;
	port: number;
	/** the name of the business that is paid, as payers read it */
	brand: string;
	/** the project's own endpoint, told of every event; without it only endpoints made by the API are */
	endpoint?: { url: string; secret: string };
	/** seconds since 1970 */
	now?: () => number;
	/** milliseconds between attempts to deliver an event */
	waits?: number[];
	/** milliseconds that an API answer takes */
	latencyMs?: number;
	log(line: string): void;
}

const projectEndpoint = 'we_project';

/** Starts a double on 127.0.0.1. What it answered outlives it: the next one on the same folder goes on from there. */
export async function startDouble(options: Options): Promise<{ address: string; close(): Promise<void> }> {
	const {
		now = () => Math.floor(Date.now() / 1000),
		waits = [1, 5, 25, 60, 120, 300, 600].map((seconds) => seconds * 1000),
		latencyMs = 10,
		log
	} = options;
	const pace = { latencyMs };
	const tables = openTables(openStore(options.folder));
	const webhooks = createWebhooks({ tables, waits, log });
	const address = `http://127.0.0.1:${options.port}`;
	const double = createDouble({ tables, address, brand: options.brand, now }, webhooks);

	if (options.endpoint) {
		tables.endpoints.put(
			webhookEndpoint({
				id: projectEndpoint,
				...options.endpoint,
				enabled_events: ['*'],
				created: now(),
				description: "The project's own endpoint"
			})
		);
	}

	const app = new Hono();
	app.route('/c', createPages(double));
	app.route('/_test', createTestRoutes(double, webhooks, pace));
	app.route('/', createApi({ double, operations, pace, log }));

	const server = createServer(getRequestListener(app.fetch));
	await new Promise<void>((resolve, reject) => {
		server.once('error', reject);
		server.listen(options.port, '127.0.0.1', resolve);
	});
	webhooks.resume();
	const sweep = setInterval(() => {
		sweepSessions(double);
		sweepRefunds(double);
	}, 1000);
	sweep.unref();

	return {
		address,
		close: async () => {
			clearInterval(sweep);
			webhooks.close();
			await new Promise<void>((resolve) => {
				server.close(() => resolve());
				server.closeAllConnections();
			});
		}
	};
}
