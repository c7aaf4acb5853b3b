import type Stripe from 'stripe';
import { invalidRequest, missing } from './api/failure.ts';
import { mergeMetadata } from './api/parameters.ts';
import { paymentMethod } from './cards.ts';
import { chargeable, knownCurrency } from './currencies.ts';
import type { Cause, Double } from './double.ts';
import { newId } from './ids.ts';
import { cancelIntent, confirmIntent, createIntent } from './payments.ts';
import type { LineItemInput, SessionInput } from './checkout-parameters.ts';
import { findCustomer } from './resources/customers.ts';

const halfHour = 30 * 60;
const day = 24 * 3600;

/** The session, expired first when its time is over. Raises for an unknown one. */
export function findSession(double: Double, id: string): Stripe.Checkout.Session {
	const found = double.tables.checkoutSessions.get(id);
	if (!found) throw missing('checkout.session', id);
	return found.status === 'open' && found.expires_at <= double.now() ? expireSession(double, found, null) : found;
}

/** Ends a session that was not paid, and the intent it may have. */
export function expireSession(double: Double, session: Stripe.Checkout.Session, cause: Cause): Stripe.Checkout.Session {
	const intent = double.tables.paymentIntents.get(String(session.payment_intent));
	const expired = double.tables.checkoutSessions.put({ ...session, status: 'expired' as const, url: null });
	if (intent && intent.status !== 'succeeded' && intent.status !== 'canceled')
		cancelIntent(double, intent, 'expired', cause);
	double.emit('checkout.session.expired', expired, cause);
	return expired;
}

/** Expires every session whose time is over. */
export function sweepSessions(double: Double): void {
	for (const session of double.tables.checkoutSessions.all()) {
		if (session.status === 'open' && session.expires_at <= double.now()) expireSession(double, session, null);
	}
}

function priceOf(double: Double, item: LineItemInput, param: string): { price: Stripe.Price; name: string } {
	if (item.price !== undefined) {
		const price = double.tables.prices.get(item.price);
		if (!price) throw missing('price', item.price, `${param}[price]`);
		return { price, name: double.tables.products.get(String(price.product))?.name ?? '' };
	}
	const data = item.price_data;
	if (!data)
		throw invalidRequest(`You must specify either \`price\` or \`price_data\` when using prices.`, {
			code: 'parameter_missing',
			param
		});
	if (data.unit_amount === undefined) {
		throw invalidRequest(`Missing required param: ${param}[price_data][unit_amount].`, {
			code: 'parameter_missing',
			param: `${param}[price_data][unit_amount]`
		});
	}
	const given = data.product_data;
	if (!given && data.product === undefined) {
		throw invalidRequest(`You must specify either \`product\` or \`product_data\` when creating a price.`, {
			code: 'parameter_missing',
			param: `${param}[price_data]`
		});
	}
	const kept = data.product === undefined ? undefined : double.tables.products.get(data.product);
	if (data.product !== undefined && !kept) throw missing('product', data.product, `${param}[price_data][product]`);
	const created = double.now();
	const product: Stripe.Product = kept ?? {
		id: newId('prod_', 14),
		object: 'product',
		active: false,
		created,
		default_price: null,
		description: given?.description ?? null,
		images: given?.images ?? [],
		livemode: false,
		marketing_features: [],
		metadata: mergeMetadata({}, given?.metadata),
		name: given?.name ?? '',
		package_dimensions: null,
		shippable: null,
		statement_descriptor: null,
		tax_code: given?.tax_code ?? null,
		tax_details: null,
		type: 'service',
		unit_label: given?.unit_label ?? null,
		updated: created,
		url: null
	};
	double.tables.products.put(product);
	const price: Stripe.Price = {
		id: newId('price_1'),
		object: 'price',
		active: false,
		billing_scheme: 'per_unit',
		created,
		currency: knownCurrency(data.currency, `${param}[price_data][currency]`),
		custom_unit_amount: null,
		livemode: false,
		lookup_key: null,
		metadata: {},
		nickname: null,
		product: product.id,
		recurring: null,
		tax_behavior: data.tax_behavior ?? 'unspecified',
		tiers_mode: null,
		transform_quantity: null,
		type: 'one_time',
		unit_amount: data.unit_amount,
		// On the wire a decimal is text; the SDK's type is what it makes of it.
		unit_amount_decimal: String(data.unit_amount) as unknown as Stripe.Price['unit_amount_decimal']
	};
	return { price: double.tables.prices.put(price), name: product.name };
}

function lineItemOf(double: Double, item: LineItemInput, index: number): Stripe.LineItem {
	const param = `line_items[${index}]`;
	if (item.quantity === undefined)
		throw invalidRequest(`Missing required param: ${param}[quantity].`, {
			code: 'parameter_missing',
			param: `${param}[quantity]`
		});
	const { price, name } = priceOf(double, item, param);
	const total = (price.unit_amount ?? 0) * item.quantity;
	return {
		id: newId('li_1'),
		object: 'item',
		adjustable_quantity: null,
		amount_discount: 0,
		amount_subtotal: total,
		amount_tax: 0,
		amount_total: total,
		currency: price.currency,
		description: name,
		metadata: mergeMetadata({}, item.metadata),
		price,
		quantity: item.quantity
	};
}

function checkInput(double: Double, input: SessionInput): void {
	if (input.mode !== 'payment')
		throw invalidRequest(`The test double does not model sessions in ${input.mode} mode.`, {
			param: 'mode',
			status: 501
		});
	if (input.ui_mode !== undefined && input.ui_mode !== 'hosted_page')
		throw invalidRequest(`The test double does not model the ui_mode ${input.ui_mode}.`, {
			param: 'ui_mode',
			status: 501
		});
	if (!input.line_items?.length)
		throw invalidRequest('Missing required param: line_items.', { code: 'parameter_missing', param: 'line_items' });
	if (input.line_items.length > 100)
		throw invalidRequest('You may only have up to 100 line items.', { param: 'line_items' });
	if (input.success_url === undefined)
		throw invalidRequest('Missing required param: success_url.', { code: 'parameter_missing', param: 'success_url' });
	if (input.customer !== undefined && input.customer_email !== undefined) {
		throw invalidRequest('You may only specify one of these parameters: customer, customer_email.', {
			code: 'parameters_exclusive',
			param: 'customer_email'
		});
	}
	if (input.customer !== undefined) findCustomer(double, input.customer, 'customer');
	const { expires_at: end } = input;
	if (end !== undefined && (end < double.now() + halfHour || end > double.now() + day)) {
		const word = end < double.now() + halfHour ? 'at least 30 minutes' : 'less than 24 hours';
		throw invalidRequest(`The \`expires_at\` timestamp must be ${word} from Checkout Session creation.`, {
			param: 'expires_at'
		});
	}
}

/** Makes a session in payment mode; no event tells of it, as the caller has it in hand. Raises what Stripe would refuse. */
export function createSession(double: Double, input: SessionInput): Stripe.Checkout.Session {
	checkInput(double, input);
	const lines = (input.line_items ?? []).map((item, index) => lineItemOf(double, item, index));
	const currency = lines[0]?.currency ?? 'mad';
	if (
		lines.some((line) => line.currency !== currency) ||
		(input.currency !== undefined && input.currency.toLowerCase() !== currency)
	) {
		throw invalidRequest('All line items of a Checkout Session must have the same currency.', { param: 'line_items' });
	}
	const total = lines.reduce((sum, line) => sum + line.amount_total, 0);
	if (total > 0) chargeable(total, currency, 'line_items');

	const id = newId('cs_test_a1', 58);
	const created = double.now();
	const { customer_email: address = null } = input;
	const session: Stripe.Checkout.Session = {
		id,
		object: 'checkout.session',
		adaptive_pricing: { enabled: input.adaptive_pricing?.enabled ?? false },
		after_expiration: null,
		allow_promotion_codes: input.allow_promotion_codes ?? null,
		allowed_payment_method_types: null,
		amount_subtotal: total,
		amount_total: total,
		automatic_tax: { enabled: false, liability: null, provider: null, status: null },
		billing_address_collection: null,
		cancel_url: input.cancel_url ?? null,
		client_reference_id: input.client_reference_id ?? null,
		client_secret: null,
		collected_information: null,
		consent: null,
		consent_collection: null,
		created,
		currency,
		currency_conversion: null,
		custom_fields: [],
		custom_text: { after_submit: null, shipping_address: null, submit: null, terms_of_service_acceptance: null },
		customer: input.customer ?? null,
		customer_account: null,
		customer_creation: input.customer === undefined ? (input.customer_creation ?? 'if_required') : null,
		customer_details: address === null ? null : details(address, null),
		customer_email: address,
		discounts: [],
		expires_at: input.expires_at ?? created + day,
		integration_identifier: null,
		invoice: null,
		invoice_creation: {
			enabled: false,
			invoice_data: {
				account_tax_ids: null,
				custom_fields: null,
				description: null,
				footer: null,
				issuer: null,
				metadata: {},
				rendering_options: null
			}
		},
		livemode: false,
		locale: input.locale ?? null,
		managed_payments: null,
		metadata: mergeMetadata({}, input.metadata),
		mode: 'payment',
		origin_context: null,
		payment_intent: null,
		payment_link: null,
		payment_method_collection: 'if_required',
		payment_method_configuration_details: null,
		payment_method_options: { card: { request_three_d_secure: 'automatic' } },
		payment_method_types: ['card'],
		payment_status: total === 0 ? 'no_payment_required' : 'unpaid',
		permissions: null,
		phone_number_collection: { enabled: false },
		recovered_from: null,
		saved_payment_method_options: null,
		setup_intent: null,
		shipping_address_collection: null,
		shipping_cost: null,
		shipping_options: [],
		status: 'open',
		submit_type: input.submit_type ?? null,
		subscription: null,
		success_url: input.success_url ?? null,
		total_details: { amount_discount: 0, amount_shipping: 0, amount_tax: 0 },
		ui_mode: 'hosted_page',
		url: `${double.address}/c/pay/${id}`,
		wallet_options: null
	};
	const { metadata: words, ...intent } = input.payment_intent_data ?? {};
	const given = Object.fromEntries(
		Object.entries(intent).filter(([, value]) => value !== undefined)
	) as Stripe.Checkout.SessionCreateParams.PaymentIntentData;
	double.tables.checkoutDetails.put({
		id,
		lineItems: lines,
		intent: { ...given, metadata: mergeMetadata({}, words) },
		draft: { email: address ?? '', name: '' }
	});
	return double.tables.checkoutSessions.put(session);
}

function details(email: string, name: string | null): Stripe.Checkout.Session.CustomerDetails {
	return {
		address: null,
		business_name: null,
		email,
		individual_name: null,
		name,
		phone: null,
		tax_exempt: 'none',
		tax_ids: null
	};
}

/** A session as paid, when its intent is; otherwise as it was. */
export function settleSession(double: Double, session: Stripe.Checkout.Session): Stripe.Checkout.Session {
	const intent = double.tables.paymentIntents.get(String(session.payment_intent));
	if (session.status !== 'open' || (intent?.status !== 'succeeded' && intent?.status !== 'requires_capture'))
		return session;
	const { draft } = double.tables.checkoutDetails.get(session.id) ?? { draft: { email: '', name: '' } };
	const complete = double.tables.checkoutSessions.put({
		...session,
		customer_details: {
			...details(draft.email, draft.name || null),
			address: { city: null, country: 'MA', line1: null, line2: null, postal_code: null, state: null }
		},
		payment_status: intent.status === 'succeeded' ? ('paid' as const) : ('unpaid' as const),
		status: 'complete' as const,
		url: null
	});
	double.emit('checkout.session.completed', complete, null);
	return complete;
}

/**
 * Pays an open session by a method that takes days: it is complete, and its money on the way. The double knows cards alone, so
 * that the money comes from one.
 */
export function payLater(double: Double, session: Stripe.Checkout.Session): Stripe.Checkout.Session {
	const kept = double.tables.checkoutDetails.get(session.id);
	if (!kept) throw missing('checkout.session', session.id);
	const { metadata: words, ...given } = kept.intent;
	const fields = {
		...given,
		amount: session.amount_total ?? 0,
		currency: session.currency ?? 'mad',
		metadata: mergeMetadata({}, words as Record<string, string> | undefined)
	};
	const intent = double.tables.paymentIntents.put({
		...createIntent(double, fields, null),
		status: 'processing' as const
	});
	double.emit('payment_intent.processing', intent, null);
	const complete = double.tables.checkoutSessions.put({
		...session,
		payment_intent: intent.id,
		status: 'complete' as const,
		url: null
	});
	double.emit('checkout.session.completed', complete, null);
	return complete;
}

/** What becomes of money that was on the way: the card's own answer. */
export function arrive(double: Double, session: Stripe.Checkout.Session, card: Card): Stripe.Checkout.Session {
	const intent = double.tables.paymentIntents.get(String(session.payment_intent));
	if (intent?.status !== 'processing') return session;
	const method = double.tables.paymentMethods.put(
		paymentMethod(card.number, card, { email: session.customer_email, name: null }, double.now())
	);
	const paid =
		confirmIntent(double, intent, method, { url: double.address, returnUrl: null }, null).status === 'succeeded';
	const after = double.tables.checkoutSessions.put({ ...session, payment_status: paid ? 'paid' : 'unpaid' });
	double.emit(paid ? 'checkout.session.async_payment_succeeded' : 'checkout.session.async_payment_failed', after, null);
	return after;
}

export interface Card {
	number: string;
	month: number;
	year: number;
}

/** Pays an open session with a card. Answers its intent: succeeded, requires_action or requires_payment_method. */
export function paySession(
	double: Double,
	session: Stripe.Checkout.Session,
	card: Card,
	holder: { email: string; name: string }
): Stripe.PaymentIntent {
	const kept = double.tables.checkoutDetails.get(session.id);
	if (!kept) throw missing('checkout.session', session.id);
	double.tables.checkoutDetails.put({ ...kept, draft: holder });
	const before = double.tables.paymentIntents.get(String(session.payment_intent));
	const { metadata: words, ...given } = kept.intent;
	const intent =
		before ??
		createIntent(
			double,
			{
				...given,
				amount: session.amount_total ?? 0,
				currency: session.currency ?? 'mad',
				customer: typeof session.customer === 'string' ? session.customer : null,
				metadata: mergeMetadata({}, words as Record<string, string> | undefined)
			},
			null
		);
	const paying = before ? session : double.tables.checkoutSessions.put({ ...session, payment_intent: intent.id });
	const method = double.tables.paymentMethods.put(
		paymentMethod(card.number, { month: card.month, year: card.year }, holder, double.now())
	);
	const confirmed = confirmIntent(
		double,
		intent,
		method,
		{ url: `${double.address}/c/authenticate/${intent.id}`, returnUrl: `${double.address}/c/pay/${session.id}` },
		null
	);
	settleSession(double, paying);
	return confirmed;
}
