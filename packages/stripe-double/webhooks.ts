import { createHmac } from 'node:crypto';
import type Stripe from 'stripe';
import type { Delivery, StoredEndpoint, Tables } from './tables.ts';
import { newId } from './ids.ts';

/** A `Stripe-Signature` header for a body sent at `timestamp` (seconds since 1970). */
function sign(body: string, secret: string, timestamp: number): string {
	return `t=${timestamp},v1=${createHmac('sha256', secret).update(`${timestamp}.${body}`).digest('hex')}`;
}

export interface Webhooks {
	/** endpoints that ask for events of a type */
	listening(type: string): StoredEndpoint[];
	/** Queues an event for an endpoint. It is tried until the endpoint answers 2xx, or the attempts run out. */
	send(event: Stripe.Event, endpoint: StoredEndpoint): void;
	/**
	 * Sends events from now on as an unlucky network would: each at a moment of its own within `spreadMs`, whatever the order, and a
	 * share of them twice. Null sends them in order again.
	 */
	disturb(weather: Weather | null): void;
	/** Takes up what an earlier process left undelivered. */
	resume(): void;
	close(): void;
}

export interface Weather {
	spreadMs: number;
	/** share of the events that come twice, 0 to 1 */
	twice: number;
}

interface Options {
	tables: Tables;
	/** milliseconds between attempts; the last attempt follows the last wait */
	waits: number[];
	log(line: string): void;
}

const patienceMs = 20_000;

/** Sends events to endpoints: in order, one at a time for each endpoint; what fails is tried again later, beside the queue. */
export function createWebhooks({ tables, waits, log }: Options): Webhooks {
	const queues = new Map<string, Promise<void>>();
	const timers = new Set<NodeJS.Timeout>();
	const stop = new AbortController();
	let weather: Weather | null = null;

	/** Answers the status, or null when nothing answered. */
	async function post(event: Stripe.Event, { endpoint, secret }: StoredEndpoint): Promise<number | null> {
		const body = JSON.stringify(event, null, 2);
		try {
			const answer = await fetch(endpoint.url, {
				method: 'POST',
				headers: {
					'content-type': 'application/json; charset=utf-8',
					'stripe-signature': sign(body, secret, Math.floor(Date.now() / 1000)),
					'user-agent': 'Stripe/1.0 (+https://stripe.com/docs/webhooks)'
				},
				body,
				redirect: 'manual',
				signal: AbortSignal.any([stop.signal, AbortSignal.timeout(patienceMs)])
			});
			await answer.body?.cancel();
			return answer.status;
		} catch {
			return null;
		}
	}

	async function attempt(id: string): Promise<void> {
		const delivery = tables.deliveries.get(id);
		const event = delivery && tables.events.get(delivery.event);
		const endpoint = delivery && tables.endpoints.get(delivery.endpoint);
		if (!delivery || delivery.status !== 'pending' || stop.signal.aborted) return;
		if (!event || !endpoint) {
			tables.deliveries.put({ ...delivery, status: 'failed' });
			return;
		}
		const status = await post(event, endpoint);
		if (stop.signal.aborted) return;
		const attempts = delivery.attempts + 1;
		const tried: Delivery = { ...delivery, attempts, lastStatus: status };
		if (status !== null && status >= 200 && status < 300) {
			tables.deliveries.put({ ...tried, status: 'delivered' });
			const fresh = tables.events.get(event.id) ?? event;
			tables.events.put({ ...fresh, pending_webhooks: Math.max(0, fresh.pending_webhooks - 1) });
			return;
		}
		const wait = waits[attempts - 1];
		log(
			`${event.type} ${event.id}: ${status === null ? 'no answer' : `answered ${status}`}${wait === undefined ? ', given up' : `, again in ${wait} ms`}`
		);
		if (wait === undefined) {
			tables.deliveries.put({ ...tried, status: 'failed' });
			return;
		}
		later(tables.deliveries.put({ ...tried, nextAt: Date.now() + wait }));
	}

	function later(delivery: Delivery): void {
		const timer = setTimeout(
			() => {
				timers.delete(timer);
				void attempt(delivery.id);
			},
			Math.max(0, delivery.nextAt - Date.now())
		);
		timer.unref();
		timers.add(timer);
	}

	function queue(delivery: Delivery): void {
		const before = queues.get(delivery.endpoint) ?? Promise.resolve();
		queues.set(
			delivery.endpoint,
			before.then(() => attempt(delivery.id))
		);
	}

	return {
		listening: (type) =>
			tables.endpoints
				.all()
				.filter(
					({ endpoint }) =>
						endpoint.status === 'enabled' &&
						(endpoint.enabled_events.includes('*') || endpoint.enabled_events.includes(type))
				),
		send: (event, endpoint) => {
			const make = (delayMs: number) =>
				tables.deliveries.put({
					id: newId('dlv_'),
					event: event.id,
					endpoint: endpoint.id,
					attempts: 0,
					status: 'pending',
					nextAt: Date.now() + delayMs,
					lastStatus: null
				});
			if (!weather) return queue(make(0));
			for (let copies = Math.random() < weather.twice ? 2 : 1; copies > 0; copies--)
				later(make(Math.random() * weather.spreadMs));
		},
		disturb: (next) => {
			weather = next;
		},
		resume: () => {
			for (const delivery of tables.deliveries.all()) {
				if (delivery.status === 'pending') later(delivery);
			}
		},
		close: () => {
			stop.abort();
			for (const timer of timers) clearTimeout(timer);
		}
	};
}
