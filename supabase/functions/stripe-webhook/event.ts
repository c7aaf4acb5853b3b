import type Stripe from 'stripe';

/** What the database is told of an event: no card, no name, no address. */
export interface PaymentEvent {
	id: string;
	type: string;
	/** seconds since 1970 */
	created: number;
	object: {
		id: string;
		object: string;
		payment_intent: string | null;
		charge: string | null;
		/** in the currency's smallest unit */
		amount: number | null;
		amount_refunded: number | null;
		currency: string | null;
		metadata: Record<string, string>;
		status: string | null;
		payment_status: string | null;
		error: { code: string | null; decline_code: string | null } | null;
	};
}

type Fields = Record<string, unknown>;

function text(value: unknown): string | null {
	if (typeof value === 'string') return value;
	// An expanded reference stands for its id.
	return typeof value === 'object' && value !== null && typeof (value as Fields).id === 'string'
		? ((value as Fields).id as string)
		: null;
}

function number(...values: unknown[]): number | null {
	return values.find((value): value is number => typeof value === 'number') ?? null;
}

/** The names that we give our metadata; what others write there is theirs, and may be personal. */
const ownWords = ['booking_id', 'payment_id', 'refund_id'];

function ownMetadata(given: unknown): Record<string, string> {
	const words = (given ?? {}) as Record<string, string>;
	return Object.fromEntries(ownWords.flatMap((name) => (typeof words[name] === 'string' ? [[name, words[name]]] : [])));
}

/**
 * Keeps of an event only what payments are decided by; what is not understood yet is stored like this, to be applied later.
 * Whatever the database is tested with comes from here too.
 */
export function trimmed(event: Stripe.Event): PaymentEvent {
	const object = event.data.object as unknown as Fields;
	const kind = text(object.object) ?? '';
	const id = text(object.id) ?? '';
	const error = object.last_payment_error as Fields | null | undefined;
	// of a charge, and of a refund
	const failureCode = text(object.failure_code) ?? text(object.failure_reason);
	return {
		id: event.id,
		type: event.type,
		created: event.created,
		object: {
			id,
			object: kind,
			payment_intent: kind === 'payment_intent' ? id : text(object.payment_intent),
			charge: kind === 'charge' ? id : (text(object.charge) ?? text(object.latest_charge)),
			// of an intent what came, not what was asked for
			amount: number(object.amount_total, object.status === 'succeeded' ? object.amount_received : null, object.amount),
			amount_refunded: number(object.amount_refunded),
			currency: text(object.currency),
			metadata: ownMetadata(object.metadata),
			status: text(object.status),
			payment_status: text(object.payment_status),
			error: error
				? { code: text(error.code), decline_code: text(error.decline_code) }
				: failureCode
					? { code: failureCode, decline_code: text((object.outcome as Fields | null)?.reason) }
					: null
		}
	};
}
