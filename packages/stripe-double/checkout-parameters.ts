import type { z } from 'zod';
import type Stripe from 'stripe';
import {
	amount,
	boolean,
	email,
	hash,
	integer,
	list,
	metadata,
	oneOf,
	parametersOf,
	text,
	url
} from './api/parameters.ts';

const product = hash({
	name: text(),
	description: text().optional(),
	images: list(url()).optional(),
	metadata: metadata().optional(),
	tax_code: text().optional(),
	unit_label: text(12).optional()
});

const lineItem = hash({
	price: text().optional(),
	price_data: hash({
		currency: text(3),
		product: text().optional(),
		product_data: product.optional(),
		tax_behavior: oneOf(['exclusive', 'inclusive', 'unspecified']).optional(),
		unit_amount: amount().optional()
	}).optional(),
	quantity: integer(1).optional(),
	metadata: metadata().optional()
});

export type LineItemInput = z.output<typeof lineItem>;

const intentData = hash({
	capture_method: oneOf(['automatic', 'automatic_async', 'manual']).optional(),
	description: text(1000).optional(),
	metadata: metadata().optional(),
	receipt_email: email().optional(),
	statement_descriptor: text(22).optional(),
	statement_descriptor_suffix: text(22).optional(),
	transfer_group: text().optional()
});

const locales = [
	'auto',
	'bg',
	'cs',
	'da',
	'de',
	'el',
	'en',
	'en-GB',
	'es',
	'es-419',
	'et',
	'fi',
	'fil',
	'fr',
	'fr-CA',
	'hi-IN',
	'hr',
	'hu',
	'id',
	'it',
	'ja',
	'ko',
	'lt',
	'lv',
	'ms',
	'mt',
	'nb',
	'nl',
	'pl',
	'pt',
	'pt-BR',
	'ro',
	'ru',
	'sk',
	'sl',
	'sv',
	'th',
	'tr',
	'vi',
	'zh',
	'zh-HK',
	'zh-TW'
] as const;

/** What a Checkout Session is made of. */
export const createParameters = parametersOf<Stripe.Checkout.SessionCreateParams>()(
	{
		mode: oneOf(['payment', 'setup', 'subscription']),
		adaptive_pricing: hash({ enabled: boolean().optional() }).optional(),
		allow_promotion_codes: boolean().optional(),
		cancel_url: url().optional(),
		client_reference_id: text(200).optional(),
		currency: text(3).optional(),
		customer: text().optional(),
		customer_creation: oneOf(['always', 'if_required']).optional(),
		customer_email: email().optional(),
		expires_at: integer(0).optional(),
		line_items: list(lineItem).optional(),
		locale: oneOf(locales).optional(),
		metadata: metadata().optional(),
		payment_intent_data: intentData.optional(),
		submit_type: oneOf(['auto', 'book', 'donate', 'pay', 'subscribe']).optional(),
		success_url: url().optional(),
		ui_mode: oneOf(['elements', 'embedded_page', 'form', 'hosted_page']).optional()
	},
	[
		'after_expiration',
		'allowed_payment_method_types',
		'automatic_tax',
		'billing_address_collection',
		'branding_settings',
		'consent_collection',
		'custom_fields',
		'custom_text',
		'customer_account',
		'customer_update',
		'discounts',
		'excluded_payment_method_types',
		'integration_identifier',
		'invoice_creation',
		'managed_payments',
		'name_collection',
		'optional_items',
		'origin_context',
		'payment_method_collection',
		'payment_method_configuration',
		'payment_method_data',
		'payment_method_options',
		'permissions',
		'phone_number_collection',
		'redirect_on_completion',
		'return_url',
		'saved_payment_method_options',
		'setup_intent_data',
		'shipping_address_collection',
		'shipping_options',
		'subscription_data',
		'tax_id_collection',
		'wallet_options'
	]
);

export type SessionInput = z.output<typeof createParameters.schema>;
