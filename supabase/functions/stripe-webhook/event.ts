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

/** Keeps of an event only what payments are decided by. */
export function trimmed(event: Stripe.Event): PaymentEvent {
	const object = event.data.object as unknown as Fields;
	const kind = text(object.object) ?? '';
	const id = text(object.id) ?? '';
	const error = object.last_payment_error as Fields | null | undefined;
	const failureCode = text(object.failure_code);
	return {
		id: event.id,
		type: event.type,
		created: event.created,
		object: {
			id,
			object: kind,
			payment_intent: kind === 'payment_intent' ? id : text(object.payment_intent),
			charge: kind === 'charge' ? id : (text(object.charge) ?? text(object.latest_charge)),
			amount: number(object.amount_total, object.amount),
			amount_refunded: number(object.amount_refunded),
			currency: text(object.currency),
			metadata: (object.metadata ?? {}) as Record<string, string>,
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
