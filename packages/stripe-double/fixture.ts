import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Stripe from 'stripe';
import { startDouble } from './index.ts';
import type { Options } from './index.ts';

/** A port that nobody listens on. */
export async function freePort(): Promise<number> {
	const server = createServer();
	await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
	const { port } = server.address() as AddressInfo;
	await new Promise<void>((resolve) => server.close(() => resolve()));
	return port;
}

/** What an endpoint was sent. */
export interface Received {
	body: string;
	signature: string;
	event: Stripe.Event;
}

export interface Endpoint {
	url: string;
	received: Received[];
	/** statuses to answer with, one a request; 200 when there are none left */
	answers: number[];
	/** Waits until so many events of a type have come. */
	until(type: string, count?: number): Promise<Received[]>;
	close(): Promise<void>;
}

/** A webhook endpoint that remembers what it gets. */
export async function startEndpoint(): Promise<Endpoint> {
	const received: Received[] = [];
	const answers: number[] = [];
	const server = createServer((request, response) => {
		let body = '';
		request.on('data', (chunk: Buffer) => (body += chunk.toString()));
		request.on('end', () => {
			received.push({
				body,
				signature: String(request.headers['stripe-signature']),
				event: JSON.parse(body) as Stripe.Event
			});
			response.writeHead(answers.shift() ?? 200).end();
		});
	});
	await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
	const of = (type: string) => received.filter(({ event }) => event.type === type);
	return {
		url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/hook`,
		received,
		answers,
		until: async (type, count = 1) => {
			const end = Date.now() + 4000;
			while (of(type).length < count) {
				if (Date.now() > end)
					throw new Error(
						`${count} × ${type} did not come; came: ${received.map(({ event }) => event.type).join(', ')}`
					);
				await new Promise((resolve) => setTimeout(resolve, 10));
			}
			return of(type);
		},
		close: () =>
			new Promise((resolve) => {
				server.close(() => resolve());
				server.closeAllConnections();
			})
	};
}

export const secret = 'whsec_0123456789abcdef0123456789abcdef';

/** A double in a folder of its own, with the real SDK pointed at it and an endpoint that listens. */
export async function startWorld(options: Partial<Options> = {}) {
	const folder = mkdtempSync(join(tmpdir(), 'stripe-double-'));
	const endpoint = await startEndpoint();
	const port = await freePort();
	let ahead = 0;
	const log: string[] = [];
	const settings: Options = {
		folder,
		port,
		brand: 'Example',
		endpoint: { url: endpoint.url, secret },
		now: () => Math.floor(Date.now() / 1000) + ahead,
		waits: [20, 20, 20],
		latencyMs: 1,
		log: (line) => log.push(line),
		...options
	};
	let double = await startDouble(settings);
	return {
		address: double.address,
		endpoint,
		log,
		stripe: sdk(port),
		/** Moves the double's clock. */
		advance: (seconds: number) => (ahead += seconds),
		restart: async () => {
			await double.close();
			double = await startDouble(settings);
		},
		close: async () => {
			await double.close();
			await endpoint.close();
			rmSync(folder, { recursive: true, force: true });
		}
	};
}

export type World = Awaited<ReturnType<typeof startWorld>>;

export function sdk(port: number, key = 'sk_test_double'): Stripe {
	return new Stripe(key, { host: '127.0.0.1', port, protocol: 'http', maxNetworkRetries: 0, telemetry: false });
}

/** A session for one deposit of 120.00 MAD. */
export function deposit(more: Partial<Stripe.Checkout.SessionCreateParams> = {}): Stripe.Checkout.SessionCreateParams {
	return {
		mode: 'payment',
		client_reference_id: 'A-7Q4M2',
		customer_email: 'amina@example.com',
		line_items: [
			{
				quantity: 1,
				price_data: { currency: 'mad', unit_amount: 12000, product_data: { name: 'Acompte – Plomberie Anfa' } }
			}
		],
		locale: 'fr',
		metadata: { booking_id: 'b1', payment_id: 'p1' },
		payment_intent_data: { metadata: { booking_id: 'b1' }, description: 'A-7Q4M2' },
		success_url: 'http://site.example/bookings/b1?session={CHECKOUT_SESSION_ID}',
		cancel_url: 'http://site.example/bookings/b1?payment=cancelled',
		...more
	};
}

/** Posts the card form of a session's page, as a browser without JavaScript would; redirects are not followed. */
export function pay(url: string, number: string, more: Record<string, string> = {}): Promise<Response> {
	const fields = { email: 'amina@example.com', number, expiry: '12 / 34', cvc: '123', name: 'Amina Alaoui', ...more };
	return fetch(url, { method: 'POST', body: new URLSearchParams(fields), redirect: 'manual' });
}
