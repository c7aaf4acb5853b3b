import type Stripe from 'stripe';
import { ApiFailure } from './api/failure.ts';
import { behaviourOf, declineMessages } from './cards.ts';
import type { Decline } from './cards.ts';
import type { Cause, Double } from './double.ts';
import { openDispute } from './disputes.ts';
import { newId } from './ids.ts';

/** What is asked for when an intent is made. */
export interface IntentFields {
	amount: number;
	currency: string;
	customer?: string | null | undefined;
	description?: string | null | undefined;
	metadata?: Record<string, string> | undefined;
	receipt_email?: string | null | undefined;
	capture_method?: Stripe.PaymentIntent.CaptureMethod | undefined;
	statement_descriptor?: string | null | undefined;
	statement_descriptor_suffix?: string | null | undefined;
	transfer_group?: string | null | undefined;
	automatic?: Stripe.PaymentIntent.AutomaticPaymentMethods | null;
}

/** Makes an intent without a payment method. */
export function createIntent(double: Double, fields: IntentFields, cause: Cause): Stripe.PaymentIntent {
	const id = newId('pi_3');
	const intent: Stripe.PaymentIntent = {
		id,
		object: 'payment_intent',
		allowed_payment_method_types: null,
		amount: fields.amount,
		amount_capturable: 0,
		amount_details: { tip: {} },
		amount_received: 0,
		application: null,
		application_fee_amount: null,
		automatic_payment_methods: fields.automatic ?? null,
		canceled_at: null,
		cancellation_reason: null,
		capture_method: fields.capture_method ?? 'automatic_async',
		client_secret: newId(`${id}_secret_`),
		confirmation_method: 'automatic',
		created: double.now(),
		currency: fields.currency,
		customer: fields.customer ?? null,
		customer_account: null,
		description: fields.description ?? null,
		excluded_payment_method_types: null,
		last_payment_error: null,
		latest_charge: null,
		livemode: false,
		managed_payments: null,
		metadata: fields.metadata ?? {},
		next_action: null,
		on_behalf_of: null,
		payment_method: null,
		payment_method_configuration_details: null,
		payment_method_options: {
			card: { installments: null, mandate_options: null, network: null, request_three_d_secure: 'automatic' }
		},
		payment_method_types: ['card'],
		payment_record: null,
		processing: null,
		receipt_email: fields.receipt_email ?? null,
		review: null,
		setup_future_usage: null,
		shipping: null,
		source: null,
		statement_descriptor: fields.statement_descriptor ?? null,
		statement_descriptor_suffix: fields.statement_descriptor_suffix ?? null,
		status: 'requires_payment_method',
		transfer_data: null,
		transfer_group: fields.transfer_group ?? null
	};
	double.tables.paymentIntents.put(intent);
	double.emit('payment_intent.created', intent, cause);
	return intent;
}

function chargeOf(
	double: Double,
	intent: Stripe.PaymentIntent,
	method: Stripe.PaymentMethod,
	decline: Decline | undefined,
	authenticated: boolean
): Stripe.Charge {
	const card = method.card;
	if (!card) throw new TypeError(`${method.id} is no card`);
	const manual = intent.capture_method === 'manual';
	return {
		id: newId('ch_3'),
		object: 'charge',
		amount: intent.amount,
		amount_captured: decline || manual ? 0 : intent.amount,
		amount_refunded: 0,
		application: null,
		application_fee: null,
		application_fee_amount: null,
		balance_transaction: null,
		billing_details: method.billing_details,
		calculated_statement_descriptor: double.brand.toUpperCase(),
		captured: !decline && !manual,
		created: double.now(),
		currency: intent.currency,
		customer: intent.customer,
		description: intent.description,
		disputed: false,
		failure_balance_transaction: null,
		failure_code: decline?.code ?? null,
		failure_message: decline ? (declineMessages[decline.decline_code] ?? null) : null,
		fraud_details: {},
		livemode: false,
		metadata: intent.metadata,
		on_behalf_of: null,
		outcome: {
			advice_code: null,
			network_advice_code: null,
			network_decline_code: decline ? '05' : null,
			network_status: decline ? 'declined_by_network' : 'approved_by_network',
			reason: decline?.decline_code ?? null,
			risk_level: 'normal',
			risk_score: 20,
			seller_message: decline ? 'The bank did not return any further details with this decline.' : 'Payment complete.',
			type: decline ? 'issuer_declined' : 'authorized'
		},
		paid: !decline,
		payment_intent: intent.id,
		payment_method: method.id,
		payment_method_details: {
			card: {
				amount_authorized: decline ? null : intent.amount,
				authorization_code: decline ? null : '123456',
				brand: card.brand,
				checks: card.checks,
				country: card.country,
				electronic_commerce_indicator: null,
				exp_month: card.exp_month,
				exp_year: card.exp_year,
				fingerprint: card.fingerprint ?? null,
				funding: card.funding,
				installments: null,
				last4: card.last4,
				mandate: null,
				network: card.brand,
				network_transaction_id: null,
				regulated_status: 'unregulated',
				three_d_secure: authenticated
					? {
							authentication_flow: 'challenge',
							electronic_commerce_indicator: '05',
							exemption_indicator: null,
							result: 'authenticated',
							result_reason: null,
							transaction_id: newId('3ds_', 20),
							version: '2.2.0'
						}
					: null,
				transaction_link_id: null,
				wallet: null
			},
			type: 'card'
		},
		receipt_email: intent.receipt_email,
		receipt_number: null,
		receipt_url: null,
		refunded: false,
		review: null,
		shipping: null,
		source: null,
		source_transfer: null,
		statement_descriptor: intent.statement_descriptor,
		statement_descriptor_suffix: intent.statement_descriptor_suffix,
		status: decline ? 'failed' : 'succeeded',
		transfer_data: null,
		transfer_group: intent.transfer_group
	};
}

/** Back to "requires a payment method", with the reason. */
function refuse(
	double: Double,
	intent: Stripe.PaymentIntent,
	error: Stripe.PaymentIntent.LastPaymentError,
	latestCharge: string | null,
	cause: Cause
): Stripe.PaymentIntent {
	const failed = double.tables.paymentIntents.put({
		...intent,
		last_payment_error: error,
		latest_charge: latestCharge ?? intent.latest_charge,
		next_action: null,
		payment_method: null,
		status: 'requires_payment_method' as const
	});
	double.emit('payment_intent.payment_failed', failed, cause);
	return failed;
}

/** Takes the money, or notes why not. Events follow in Stripe's order. */
function charge(
	double: Double,
	intent: Stripe.PaymentIntent,
	method: Stripe.PaymentMethod,
	authenticated: boolean,
	cause: Cause
): Stripe.PaymentIntent {
	const { decline } = behaviourOf(method);
	const made = double.tables.charges.put(chargeOf(double, intent, method, decline, authenticated));
	if (decline) {
		const failed = refuse(
			double,
			intent,
			{
				type: 'card_error',
				code: decline.code,
				...(decline.code === 'card_declined' || decline.code === 'processing_error'
					? { decline_code: decline.decline_code }
					: {}),
				message: declineMessages[decline.decline_code] ?? 'Your card was declined.',
				doc_url: `https://stripe.com/docs/error-codes/${decline.code.replaceAll('_', '-')}`,
				charge: made.id,
				payment_method: method
			},
			made.id,
			cause
		);
		double.emit('charge.failed', made, cause);
		return failed;
	}
	const paid = {
		...intent,
		last_payment_error: null,
		latest_charge: made.id,
		next_action: null,
		payment_method: method.id
	};
	if (intent.capture_method === 'manual') {
		const held = double.tables.paymentIntents.put({
			...paid,
			amount_capturable: intent.amount,
			status: 'requires_capture' as const
		});
		double.emit('payment_intent.amount_capturable_updated', held, cause);
		double.emit('charge.succeeded', made, cause);
		return held;
	}
	const succeeded = double.tables.paymentIntents.put({
		...paid,
		amount_received: intent.amount,
		status: 'succeeded' as const
	});
	double.emit('payment_intent.succeeded', succeeded, cause);
	double.emit('charge.succeeded', made, cause);
	const { dispute } = behaviourOf(method);
	if (dispute) openDispute(double, made, dispute);
	return succeeded;
}

/**
 * Confirms an intent with a card. It ends as succeeded, requires_capture, requires_action (the holder must prove who they
 * are at `proofUrl`, from which they return to `returnUrl`) or requires_payment_method (refused).
 */
export function confirmIntent(
	double: Double,
	intent: Stripe.PaymentIntent,
	method: Stripe.PaymentMethod,
	proof: { url: string; returnUrl: string | null },
	cause: Cause
): Stripe.PaymentIntent {
	if (!behaviourOf(method).authenticate) return charge(double, intent, method, false, cause);
	const waiting = double.tables.paymentIntents.put({
		...intent,
		last_payment_error: null,
		next_action: { type: 'redirect_to_url', redirect_to_url: { return_url: proof.returnUrl, url: proof.url } },
		payment_method: method.id,
		status: 'requires_action' as const
	});
	double.emit('payment_intent.requires_action', waiting, cause);
	return waiting;
}

/** The holder has answered the bank's question. */
export function finishAuthentication(
	double: Double,
	intent: Stripe.PaymentIntent,
	passed: boolean
): Stripe.PaymentIntent {
	const method = double.tables.paymentMethods.get(String(intent.payment_method));
	if (intent.status !== 'requires_action' || !method) return intent;
	if (passed) return charge(double, intent, method, true, null);
	const message =
		'We are unable to authenticate your payment method. Please choose a different payment method and try again.';
	return refuse(
		double,
		intent,
		{ type: 'invalid_request_error', code: 'payment_intent_authentication_failure', message, payment_method: method },
		null,
		null
	);
}

/** Cancels what has not been paid. */
export function cancelIntent(
	double: Double,
	intent: Stripe.PaymentIntent,
	reason: Stripe.PaymentIntent.CancellationReason | null,
	cause: Cause
): Stripe.PaymentIntent {
	const canceled = double.tables.paymentIntents.put({
		...intent,
		amount_capturable: 0,
		canceled_at: double.now(),
		cancellation_reason: reason,
		next_action: null,
		status: 'canceled' as const
	});
	double.emit('payment_intent.canceled', canceled, cause);
	return canceled;
}

/** The 402 answer of the API for an intent whose card was refused. */
export function cardFailure(intent: Stripe.PaymentIntent): ApiFailure {
	const error = intent.last_payment_error;
	return new ApiFailure(402, {
		type: 'card_error',
		message: error?.message ?? 'Your card was declined.',
		...(error?.code ? { code: error.code } : {}),
		...(error?.decline_code ? { decline_code: error.decline_code } : {}),
		...(error?.charge ? { charge: error.charge } : {}),
		payment_intent: intent,
		payment_method: error?.payment_method
	});
}
