import type Stripe from 'stripe';
import { ApiVersion } from './api/version.ts';
import type { Webhooks } from './webhooks.ts';
import { newId } from './ids.ts';
import type { Store, Table } from './store.ts';

/** What asked for a change: the API request, or nothing when a person or the clock did. */
export type Cause = Stripe.Event.Request | null;

/** What a Checkout Session needs to know that its API object does not show. */
export interface CheckoutDetails {
	/** the session's id */
	id: string;
	lineItems: Stripe.LineItem[];
	intent: Stripe.Checkout.SessionCreateParams.PaymentIntentData;
	/** what the person typed last, so that a refused card does not lose it; never the card */
	draft: { email: string; name: string };
}

/** An event on its way to an endpoint. */
export interface Delivery {
	id: string;
	event: string;
	endpoint: string;
	attempts: number;
	status: 'pending' | 'delivered' | 'failed';
	/** milliseconds since 1970 */
	nextAt: number;
	/** HTTP status of the last answer; null when there was none */
	lastStatus: number | null;
}

/** A kept endpoint: the secret is shown by the API only when it is made. */
export interface StoredEndpoint {
	id: string;
	endpoint: Stripe.WebhookEndpoint;
	secret: string;
}

/** The answer that an idempotency key stands for. */
export interface StoredAnswer {
	/** the key */
	id: string;
	fingerprint: string;
	status: number;
	body: string;
	requestId: string;
	/** seconds since 1970 */
	created: number;
}

/** All that one Stripe account holds. */
export interface Tables {
	customers: Table<Stripe.Customer>;
	products: Table<Stripe.Product>;
	prices: Table<Stripe.Price>;
	paymentMethods: Table<Stripe.PaymentMethod>;
	paymentIntents: Table<Stripe.PaymentIntent>;
	charges: Table<Stripe.Charge>;
	refunds: Table<Stripe.Refund>;
	disputes: Table<Stripe.Dispute>;
	checkoutSessions: Table<Stripe.Checkout.Session>;
	checkoutDetails: Table<CheckoutDetails>;
	events: Table<Stripe.Event>;
	endpoints: Table<StoredEndpoint>;
	deliveries: Table<Delivery>;
	answers: Table<StoredAnswer>;
}

/** What every operation works on. */
export interface Double {
	tables: Tables;
	/** address of the double itself, such as http://127.0.0.1:12111 */
	address: string;
	/** seconds since 1970 */
	now(): number;
	/** Records an event about an object as it is now, and sends it to the endpoints that ask for it. */
	emit(type: Stripe.Event.Type, object: { id: string }, cause: Cause, previous?: Record<string, unknown>): void;
}

export function openTables(store: Store): Tables {
	return {
		customers: store.table('customers'),
		products: store.table('products'),
		prices: store.table('prices'),
		paymentMethods: store.table('payment_methods'),
		paymentIntents: store.table('payment_intents'),
		charges: store.table('charges'),
		refunds: store.table('refunds'),
		disputes: store.table('disputes'),
		checkoutSessions: store.table('checkout_sessions'),
		checkoutDetails: store.table('checkout_details'),
		events: store.table('events'),
		endpoints: store.table('webhook_endpoints'),
		deliveries: store.table('deliveries'),
		answers: store.table('answers')
	};
}

/** Puts the double together. `now` gives seconds since 1970. */
export function createDouble(tables: Tables, address: string, now: () => number, webhooks: Webhooks): Double {
	return {
		tables,
		address,
		now,
		emit: (type, object, cause, previous) => {
			const endpoints = webhooks.listening(type);
			const event = {
				id: newId('evt_1'),
				object: 'event',
				api_version: ApiVersion,
				created: now(),
				data: { object: structuredClone(object), ...(previous ? { previous_attributes: previous } : {}) },
				livemode: false,
				pending_webhooks: endpoints.length,
				request: cause ?? { id: null, idempotency_key: null },
				type
				// The union has a member for each type; which one this is, the caller knows.
			} as unknown as Stripe.Event;
			tables.events.put(event);
			for (const endpoint of endpoints) webhooks.send(event, endpoint);
		}
	};
}
