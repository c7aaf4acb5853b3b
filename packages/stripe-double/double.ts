import type Stripe from 'stripe';
import { ApiVersion } from './api/version.ts';
import type { Webhooks } from './webhooks.ts';
import { newId } from './ids.ts';
import type { Tables } from './tables.ts';

/** What asked for a change: the API request, or nothing when a person or the clock did. */
export type Cause = Stripe.Event.Request | null;

/** What every operation works on. */
export interface Double {
	tables: Tables;
	/** address of the double itself, such as http://127.0.0.1:12111 */
	address: string;
	/** the name of the business that is paid */
	brand: string;
	/** seconds since 1970 */
	now(): number;
	/** Records an event about an object as it is now, and sends it to the endpoints that ask for it. */
	emit(type: Stripe.Event.Type, object: { id: string }, cause: Cause, previous?: Record<string, unknown>): void;
}

/** Puts the double together. `now` gives seconds since 1970. */
export function createDouble({ tables, address, brand, now }: Omit<Double, 'emit'>, webhooks: Webhooks): Double {
	return {
		tables,
		address,
		brand,
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
