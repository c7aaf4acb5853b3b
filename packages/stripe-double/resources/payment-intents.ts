import type Stripe from 'stripe';
import { invalidRequest, missing } from '../api/failure.ts';
import { page } from '../api/list.ts';
import { operation } from '../api/operation.ts';
import {
	amount,
	boolean,
	email,
	hash,
	mergeMetadata,
	metadata,
	noParameters,
	oneOf,
	paging,
	parametersOf,
	range,
	text,
	unsettable,
	url
} from '../api/parameters.ts';
import { namedCard, paymentMethod } from '../cards.ts';
import { chargeable, knownCurrency } from '../currencies.ts';
import type { Cause, Double } from '../double.ts';
import { cancelIntent, cardFailure, confirmIntent, createIntent } from '../payments.ts';
import { findCustomer } from './customers.ts';

export function findIntent(double: Double, id: string, param?: string): Stripe.PaymentIntent {
	const found = double.tables.paymentIntents.get(id);
	if (!found) throw missing('payment_intent', id, param);
	return found;
}

/** A kept payment method, or a new one when the id is a name such as pm_card_visa. */
function findMethod(double: Double, id: string): Stripe.PaymentMethod {
	const number = namedCard(id);
	if (number) {
		const year = new Date(double.now() * 1000).getUTCFullYear() + 1;
		return double.tables.paymentMethods.put(
			paymentMethod(number, { month: 12, year }, { email: null, name: null }, double.now())
		);
	}
	const found = double.tables.paymentMethods.get(id);
	if (!found) throw missing('PaymentMethod', id, 'payment_method');
	return found;
}

function unexpectedState(intent: Stripe.PaymentIntent, what: string): Error {
	const failure = invalidRequest(`You cannot ${what} this PaymentIntent because it has a status of ${intent.status}.`, {
		code: 'payment_intent_unexpected_state'
	});
	failure.fields.payment_intent = intent;
	return failure;
}

/** Confirms for the API: a refused card is the 402 answer. */
function confirm(
	double: Double,
	intent: Stripe.PaymentIntent,
	method: Stripe.PaymentMethod,
	returnUrl: string | undefined,
	cause: Cause
): Stripe.PaymentIntent {
	const automatic = intent.automatic_payment_methods;
	if (automatic?.enabled && automatic.allow_redirects !== 'never' && returnUrl === undefined) {
		throw invalidRequest(
			'This PaymentIntent accepts payment methods that may redirect your customer: provide a `return_url`, or set automatic_payment_methods[allow_redirects] to never.',
			{ param: 'return_url' }
		);
	}
	const proof = { url: `${double.address}/c/authenticate/${intent.id}`, returnUrl: returnUrl ?? null };
	const confirmed = confirmIntent(double, intent, method, proof, cause);
	if (confirmed.status === 'requires_payment_method') throw cardFailure(confirmed);
	return confirmed;
}

const createParameters = parametersOf<Stripe.PaymentIntentCreateParams>()(
	{
		amount: amount(),
		currency: text(3),
		automatic_payment_methods: hash({
			enabled: boolean(),
			allow_redirects: oneOf(['always', 'never']).optional()
		}).optional(),
		capture_method: oneOf(['automatic', 'automatic_async', 'manual']).optional(),
		confirm: boolean().optional(),
		customer: text().optional(),
		description: text(1000).optional(),
		metadata: metadata().optional(),
		payment_method: text().optional(),
		receipt_email: email().optional(),
		return_url: url().optional(),
		statement_descriptor: text(22).optional(),
		statement_descriptor_suffix: text(22).optional(),
		transfer_group: text().optional()
	},
	[
		'allowed_payment_method_types',
		'amount_details',
		'application_fee_amount',
		'confirmation_method',
		'confirmation_token',
		'customer_account',
		'error_on_requires_action',
		'excluded_payment_method_types',
		'hooks',
		'mandate',
		'mandate_data',
		'off_session',
		'on_behalf_of',
		'payment_details',
		'payment_method_configuration',
		'payment_method_data',
		'payment_method_options',
		'radar_options',
		'setup_future_usage',
		'shipping',
		'transfer_data',
		'use_stripe_sdk'
	]
);

const confirmParameters = parametersOf<Stripe.PaymentIntentConfirmParams>()(
	{ payment_method: text().optional(), receipt_email: unsettable(email()).optional(), return_url: url().optional() },
	[
		'allowed_payment_method_types',
		'amount_details',
		'amount_to_confirm',
		'capture_method',
		'confirmation_token',
		'error_on_requires_action',
		'excluded_payment_method_types',
		'hooks',
		'mandate',
		'mandate_data',
		'off_session',
		'payment_details',
		'payment_method_data',
		'payment_method_options',
		'radar_options',
		'setup_future_usage',
		'shipping',
		'use_stripe_sdk'
	]
);

const cancelParameters = parametersOf<Stripe.PaymentIntentCancelParams>()(
	{ cancellation_reason: oneOf(['abandoned', 'duplicate', 'fraudulent', 'requested_by_customer']).optional() },
	[]
);

const captureParameters = parametersOf<Stripe.PaymentIntentCaptureParams>()(
	{ amount_to_capture: amount().optional(), metadata: metadata().optional() },
	[
		'amount_details',
		'application_fee_amount',
		'final_capture',
		'hooks',
		'payment_details',
		'statement_descriptor',
		'statement_descriptor_suffix',
		'transfer_data'
	]
);

const listParameters = parametersOf<Stripe.PaymentIntentListParams>()(
	{ ...paging, created: range().optional(), customer: text().optional() },
	['customer_account']
);

const listChargesParameters = parametersOf<Stripe.ChargeListParams>()(
	{ ...paging, created: range().optional(), customer: text().optional(), payment_intent: text().optional() },
	['transfer_group']
);

export const paymentIntents = [
	operation('POST', '/v1/payment_intents', createParameters, ({ double, input, cause }) => {
		const currency = knownCurrency(input.currency, 'currency');
		chargeable(input.amount, currency, 'amount');
		if (input.customer !== undefined) findCustomer(double, input.customer, 'customer');
		if (input.confirm && input.payment_method === undefined) {
			throw invalidRequest(
				'You cannot confirm this PaymentIntent because it is missing a payment method. Provide one with the `payment_method` parameter.',
				{ code: 'parameter_missing', param: 'payment_method' }
			);
		}
		const method = input.payment_method === undefined ? undefined : findMethod(double, input.payment_method);
		const automatic = input.automatic_payment_methods ?? { enabled: true, allow_redirects: 'always' as const };
		const intent = createIntent(
			double,
			{
				...input,
				currency,
				metadata: mergeMetadata({}, input.metadata),
				automatic: { enabled: automatic.enabled, allow_redirects: automatic.allow_redirects ?? 'always' }
			},
			cause
		);
		if (!method) return intent;
		const ready = double.tables.paymentIntents.put({
			...intent,
			payment_method: method.id,
			status: 'requires_confirmation' as const
		});
		return input.confirm ? confirm(double, ready, method, input.return_url, cause) : ready;
	}),
	operation('GET', '/v1/payment_intents/:id', noParameters, ({ double, id }) => findIntent(double, id)),
	operation('GET', '/v1/payment_intents', listParameters, ({ double, input }) =>
		page(
			'/v1/payment_intents',
			'payment_intent',
			double.tables.paymentIntents
				.all()
				.filter(({ customer }) => input.customer === undefined || customer === input.customer),
			input
		)
	),
	operation('POST', '/v1/payment_intents/:id/confirm', confirmParameters, ({ double, id, input, cause }) => {
		const intent = findIntent(double, id);
		if (!['requires_payment_method', 'requires_confirmation', 'requires_action'].includes(intent.status))
			throw unexpectedState(intent, 'confirm');
		const given =
			input.payment_method ?? (typeof intent.payment_method === 'string' ? intent.payment_method : undefined);
		if (given === undefined) {
			throw invalidRequest(
				'You cannot confirm this PaymentIntent because it is missing a payment method. Update the PaymentIntent with a payment method and then confirm it again.',
				{ code: 'payment_intent_unexpected_state' }
			);
		}
		const method = findMethod(double, given);
		return confirm(
			double,
			{ ...intent, ...(input.receipt_email === undefined ? {} : { receipt_email: input.receipt_email }) },
			method,
			input.return_url,
			cause
		);
	}),
	operation('POST', '/v1/payment_intents/:id/cancel', cancelParameters, ({ double, id, input, cause }) => {
		const intent = findIntent(double, id);
		if (intent.status === 'succeeded' || intent.status === 'canceled') throw unexpectedState(intent, 'cancel');
		const session = double.tables.checkoutSessions.all().find(({ payment_intent: held }) => held === id);
		if (session?.status === 'open') {
			throw invalidRequest(
				`You cannot cancel a PaymentIntent created by a Checkout Session. Expire the session instead: ${session.id}.`,
				{ code: 'payment_intent_unexpected_state' }
			);
		}
		return cancelIntent(double, intent, input.cancellation_reason ?? null, cause);
	}),
	operation('POST', '/v1/payment_intents/:id/capture', captureParameters, ({ double, id, input, cause }) => {
		const intent = findIntent(double, id);
		const held = double.tables.charges.get(String(intent.latest_charge));
		if (intent.status !== 'requires_capture' || !held) throw unexpectedState(intent, 'capture');
		const captured = input.amount_to_capture ?? intent.amount;
		if (captured < 1 || captured > intent.amount_capturable) {
			throw invalidRequest('This value must be at least 1 and at most the amount that can be captured.', {
				code: captured < 1 ? 'parameter_invalid_integer' : 'amount_too_large',
				param: 'amount_to_capture'
			});
		}
		// What is not captured goes back to the holder: Stripe books it as refunded.
		const charge = double.tables.charges.put({
			...held,
			amount_captured: captured,
			amount_refunded: held.amount - captured,
			captured: true
		});
		const paid = double.tables.paymentIntents.put({
			...intent,
			amount_capturable: 0,
			amount_received: captured,
			metadata: mergeMetadata(intent.metadata, input.metadata),
			status: 'succeeded' as const
		});
		double.emit('charge.captured', charge, cause);
		double.emit('payment_intent.succeeded', paid, cause);
		return paid;
	}),
	operation('GET', '/v1/payment_methods/:id', noParameters, ({ double, id }) => {
		const found = double.tables.paymentMethods.get(id);
		if (!found) throw missing('PaymentMethod', id);
		return found;
	})
];

export const charges = [
	operation('GET', '/v1/charges/:id', noParameters, ({ double, id }) => {
		const found = double.tables.charges.get(id);
		if (!found) throw missing('charge', id);
		return found;
	}),
	operation('GET', '/v1/charges', listChargesParameters, ({ double, input }) =>
		page(
			'/v1/charges',
			'charge',
			double.tables.charges
				.all()
				.filter(
					({ customer, payment_intent: intent }) =>
						(input.customer === undefined || customer === input.customer) &&
						(input.payment_intent === undefined || intent === input.payment_intent)
				),
			input
		)
	)
];
