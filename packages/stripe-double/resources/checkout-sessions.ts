import type Stripe from 'stripe';
import { invalidRequest, missing } from '../api/failure.ts';
import { page } from '../api/list.ts';
import { operation } from '../api/operation.ts';
import {
	hash,
	mergeMetadata,
	metadata,
	noParameters,
	oneOf,
	paging,
	parametersOf,
	range,
	text
} from '../api/parameters.ts';
import { createParameters } from '../checkout-parameters.ts';
import { createSession, expireSession, findSession } from '../checkout.ts';

const listParameters = parametersOf<Stripe.Checkout.SessionListParams>()(
	{
		...paging,
		created: range().optional(),
		customer: text().optional(),
		customer_details: hash({ email: text() }).optional(),
		payment_intent: text().optional(),
		status: oneOf(['complete', 'expired', 'open']).optional()
	},
	['customer_account', 'payment_link', 'subscription']
);

const updateParameters = parametersOf<Pick<Stripe.Checkout.SessionUpdateParams, 'metadata' | 'expand'>>()(
	{ metadata: metadata().optional() },
	[]
);
const linesParameters = parametersOf<Stripe.Checkout.SessionListLineItemsParams>()(paging, []);

export const checkoutSessions = [
	operation('POST', '/v1/checkout/sessions', createParameters, ({ double, input }) => createSession(double, input)),
	operation('GET', '/v1/checkout/sessions/:id', noParameters, ({ double, id }) => findSession(double, id)),
	operation('POST', '/v1/checkout/sessions/:id', updateParameters, ({ double, id, input }) => {
		const session = findSession(double, id);
		return double.tables.checkoutSessions.put({
			...session,
			metadata: mergeMetadata(session.metadata ?? {}, input.metadata)
		});
	}),
	operation('POST', '/v1/checkout/sessions/:id/expire', noParameters, ({ double, id, cause }) => {
		const session = findSession(double, id);
		if (session.status !== 'open') {
			throw invalidRequest(
				`Only Checkout Sessions with a status in ["open"] can be expired. This Checkout Session has a status of ${session.status}.`
			);
		}
		return expireSession(double, session, cause);
	}),
	operation('GET', '/v1/checkout/sessions/:id/line_items', linesParameters, ({ double, id, input }) => {
		const session = findSession(double, id);
		// Lines keep the order in which they were given, where other lists put the newest first.
		const lines = double.tables.checkoutDetails.get(session.id)?.lineItems ?? [];
		return page(`/v1/checkout/sessions/${id}/line_items`, 'line item', lines.toReversed(), input);
	}),
	operation('GET', '/v1/checkout/sessions', listParameters, ({ double, input }) => {
		const found = double.tables.checkoutSessions
			.all()
			.filter(
				(session) =>
					(input.customer === undefined || session.customer === input.customer) &&
					(input.payment_intent === undefined || session.payment_intent === input.payment_intent) &&
					(input.status === undefined || session.status === input.status) &&
					(input.customer_details === undefined || session.customer_details?.email === input.customer_details.email)
			);
		return page('/v1/checkout/sessions', 'checkout.session', found, input);
	}),
	operation('GET', '/v1/prices/:id', noParameters, ({ double, id }) => {
		const found = double.tables.prices.get(id);
		if (!found) throw missing('price', id);
		return found;
	}),
	operation('GET', '/v1/products/:id', noParameters, ({ double, id }) => {
		const found = double.tables.products.get(id);
		if (!found) throw missing('product', id);
		return found;
	})
];
