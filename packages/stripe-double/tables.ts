import type Stripe from 'stripe';
import type { Store, Table } from './store.ts';

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
