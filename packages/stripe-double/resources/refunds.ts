import type Stripe from 'stripe';
import { invalidRequest, missing } from '../api/failure.ts';
import { page } from '../api/list.ts';
import { operation } from '../api/operation.ts';
import {
	amount,
	mergeMetadata,
	metadata,
	noParameters,
	oneOf,
	paging,
	parametersOf,
	range,
	text
} from '../api/parameters.ts';
import { inWholeParts, money } from '../currencies.ts';
import { disputeOf } from '../disputes.ts';
import type { Double } from '../double.ts';
import { newId } from '../ids.ts';
import { firstRefund } from '../refunds.ts';
import { findIntent } from './payment-intents.ts';

const createParameters = parametersOf<Stripe.RefundCreateParams>()(
	{
		amount: amount().optional(),
		charge: text().optional(),
		metadata: metadata().optional(),
		payment_intent: text().optional(),
		reason: oneOf(['duplicate', 'fraudulent', 'requested_by_customer']).optional()
	},
	['currency', 'customer', 'instructions_email', 'origin', 'refund_application_fee', 'reverse_transfer']
);

const listParameters = parametersOf<Stripe.RefundListParams>()(
	{ ...paging, charge: text().optional(), created: range().optional(), payment_intent: text().optional() },
	[]
);

const updateParameters = parametersOf<Stripe.RefundUpdateParams>()({ metadata: metadata().optional() }, []);

/** The charge that is to be given back, or Stripe's refusal. */
function chargeToRefund(
	double: Double,
	given: { charge?: string | undefined; payment_intent?: string | undefined }
): Stripe.Charge {
	if (given.charge === undefined && given.payment_intent === undefined) {
		throw invalidRequest('One of the following params should be provided for this request: payment_intent or charge.', {
			code: 'parameter_missing'
		});
	}
	if (given.charge !== undefined && given.payment_intent !== undefined) {
		throw invalidRequest('You may only specify one of these parameters: charge, payment_intent.', {
			code: 'parameters_exclusive'
		});
	}
	if (given.charge !== undefined) {
		const charge = double.tables.charges.get(given.charge);
		if (!charge) throw missing('charge', given.charge, 'charge');
		return charge;
	}
	const intent = findIntent(double, given.payment_intent ?? '', 'payment_intent');
	const charge = double.tables.charges.get(String(intent.latest_charge));
	if (!charge?.paid)
		throw invalidRequest(`This PaymentIntent (${intent.id}) does not have a successful charge to refund.`, {
			param: 'payment_intent'
		});
	return charge;
}

function findRefund(double: Double, id: string): Stripe.Refund {
	const found = double.tables.refunds.get(id);
	if (!found) throw missing('refund', id);
	return found;
}

export const refunds = [
	operation('POST', '/v1/refunds', createParameters, ({ double, input, cause }) => {
		const charge = chargeToRefund(double, input);
		if (charge.refunded) {
			throw invalidRequest(`Charge ${charge.id} has already been refunded.`, {
				code: 'charge_already_refunded',
				...(input.amount === undefined ? {} : { param: 'amount' })
			});
		}
		if (!charge.paid || !charge.captured)
			throw invalidRequest(`Charge ${charge.id} cannot be refunded: it was not paid.`, {
				code: 'charge_not_refundable'
			});
		const left = charge.amount - charge.amount_refunded;
		const given = input.amount ?? left;
		if (given < 1)
			throw invalidRequest('This value must be greater than or equal to 1.', {
				code: 'parameter_invalid_integer',
				param: 'amount'
			});
		if (given > left) {
			const of = charge.amount_refunded > 0 ? 'unrefunded amount on charge' : 'charge amount';
			throw invalidRequest(
				`Refund amount (${money(given, charge.currency)}) is greater than ${of} (${money(left, charge.currency)})`,
				{ param: 'amount' }
			);
		}
		inWholeParts(given, charge.currency, 'amount');
		const dispute = disputeOf(double, charge.id);
		if (dispute && dispute.status !== 'won')
			throw invalidRequest(`Charge ${charge.id} has been charged back; cannot issue a refund.`, {
				code: 'charge_disputed'
			});
		const refund: Stripe.Refund = {
			id: newId('re_3'),
			object: 'refund',
			amount: given,
			balance_transaction: null,
			charge: charge.id,
			created: double.now(),
			currency: charge.currency,
			customer: charge.customer,
			customer_account: null,
			destination_details: {
				card: { reference_status: 'pending', reference_type: 'acquirer_reference_number', type: 'refund' },
				type: 'card'
			},
			metadata: mergeMetadata({}, input.metadata),
			payment_intent: charge.payment_intent,
			payment_method: charge.payment_method,
			reason: input.reason ?? null,
			receipt_number: null,
			source_transfer_reversal: null,
			status: firstRefund(double, charge) === 'pending' ? 'pending' : 'succeeded',
			transfer_reversal: null
		};
		double.tables.refunds.put(refund);
		const after = double.tables.charges.put({
			...charge,
			amount_refunded: charge.amount_refunded + given,
			refunded: given === left
		});
		double.emit('charge.refunded', after, cause, {
			amount_refunded: charge.amount_refunded,
			refunded: charge.refunded
		});
		double.emit('refund.created', refund, cause);
		return refund;
	}),
	operation('GET', '/v1/refunds/:id', noParameters, ({ double, id }) => findRefund(double, id)),
	operation('POST', '/v1/refunds/:id', updateParameters, ({ double, id, input, cause }) => {
		const before = findRefund(double, id);
		const after = double.tables.refunds.put({
			...before,
			metadata: mergeMetadata(before.metadata ?? {}, input.metadata)
		});
		double.emit('refund.updated', after, cause, { metadata: before.metadata });
		return after;
	}),
	operation('GET', '/v1/refunds', listParameters, ({ double, input }) =>
		page(
			'/v1/refunds',
			'refund',
			double.tables.refunds
				.all()
				.filter(
					(refund) =>
						(input.charge === undefined || refund.charge === input.charge) &&
						(input.payment_intent === undefined || refund.payment_intent === input.payment_intent)
				),
			input
		)
	)
];
