import type Stripe from 'stripe';
import { missing } from '../api/failure.ts';
import { page } from '../api/list.ts';
import { operation } from '../api/operation.ts';
import {
	email,
	hash,
	integer,
	list,
	mergeMetadata,
	metadata,
	noParameters,
	paging,
	parametersOf,
	range,
	text,
	unsettable
} from '../api/parameters.ts';
import type { Double } from '../double.ts';
import { newId, token } from '../ids.ts';

/** The customer, or Stripe's refusal. `param` names the parameter that gave the id. */
export function findCustomer(double: Double, id: string, param?: string): Stripe.Customer {
	const found = double.tables.customers.get(id);
	if (!found) throw missing('customer', id, param);
	return found;
}

const addressSchema = hash({
	city: unsettable(text()).optional(),
	country: unsettable(text()).optional(),
	line1: unsettable(text()).optional(),
	line2: unsettable(text()).optional(),
	postal_code: unsettable(text()).optional(),
	state: unsettable(text()).optional()
});

const shared = {
	address: unsettable(addressSchema).optional(),
	balance: integer().optional(),
	description: unsettable(text()).optional(),
	email: unsettable(email()).optional(),
	metadata: metadata().optional(),
	name: unsettable(text(256)).optional(),
	phone: unsettable(text(20)).optional(),
	preferred_locales: list(text()).optional()
};

const createParameters = parametersOf<Stripe.CustomerCreateParams>()(shared, [
	'business_name',
	'cash_balance',
	'individual_name',
	'invoice_prefix',
	'invoice_settings',
	'next_invoice_sequence',
	'payment_method',
	'shipping',
	'source',
	'tax',
	'tax_exempt',
	'tax_id_data',
	'test_clock',
	'validate'
]);

const updateParameters = parametersOf<Stripe.CustomerUpdateParams>()(shared, [
	'business_name',
	'cash_balance',
	'default_source',
	'individual_name',
	'invoice_prefix',
	'invoice_settings',
	'next_invoice_sequence',
	'shipping',
	'source',
	'tax',
	'tax_exempt',
	'validate'
]);

const listParameters = parametersOf<Stripe.CustomerListParams>()(
	{ ...paging, created: range().optional(), email: text().optional() },
	['test_clock']
);

function address(
	given: Partial<Record<keyof Stripe.Address, string | null | undefined>> | null
): Stripe.Address | null {
	if (!given) return null;
	const { city = null, country = null, line1 = null, line2 = null, postal_code = null, state = null } = given;
	return { city, country, line1, line2, postal_code, state };
}

export const customers = [
	operation('POST', '/v1/customers', createParameters, ({ double, input, cause }) => {
		const customer: Stripe.Customer = {
			id: newId('cus_', 14),
			object: 'customer',
			address: address(input.address ?? null),
			balance: input.balance ?? 0,
			created: double.now(),
			currency: null,
			default_source: null,
			delinquent: false,
			description: input.description ?? null,
			discount: null,
			email: input.email ?? null,
			invoice_prefix: token(8).toUpperCase(),
			invoice_settings: { custom_fields: null, default_payment_method: null, footer: null, rendering_options: null },
			livemode: false,
			metadata: mergeMetadata({}, input.metadata),
			name: input.name ?? null,
			next_invoice_sequence: 1,
			phone: input.phone ?? null,
			preferred_locales: input.preferred_locales ?? [],
			shipping: null,
			tax_exempt: 'none',
			test_clock: null
		};
		double.tables.customers.put(customer);
		double.emit('customer.created', customer, cause);
		return customer;
	}),
	operation('GET', '/v1/customers/:id', noParameters, ({ double, id }) => findCustomer(double, id)),
	operation('POST', '/v1/customers/:id', updateParameters, ({ double, id, input, cause }) => {
		const before = findCustomer(double, id);
		const {
			metadata: words,
			address: place,
			expand: _expand,
			...fields
		} = input as typeof input & { expand?: string[] };
		const given = Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined));
		const after: Stripe.Customer = {
			...before,
			...given,
			...(place === undefined ? {} : { address: address(place) }),
			metadata: mergeMetadata(before.metadata, words)
		};
		const previous = Object.fromEntries(
			Object.entries(before).filter(
				([name, value]) => JSON.stringify(value) !== JSON.stringify(after[name as keyof Stripe.Customer])
			)
		);
		double.tables.customers.put(after);
		if (Object.keys(previous).length > 0) double.emit('customer.updated', after, cause, previous);
		return after;
	}),
	operation('GET', '/v1/customers', listParameters, ({ double, input }) =>
		page(
			'/v1/customers',
			'customer',
			double.tables.customers
				.all()
				.filter(({ email: address }) => input.email === undefined || address === input.email),
			input
		)
	)
];
