import type { Double } from '../double.ts';
import type { Tables } from '../tables.ts';
import { invalidRequest } from './failure.ts';

type Kind = { [Name in keyof Tables]: Name }[keyof Tables];

/** For each object: the fields that hold an id, and the table the id is of. */
const references: Record<string, Record<string, Kind>> = {
	charge: { customer: 'customers', payment_intent: 'paymentIntents' },
	'checkout.session': { customer: 'customers', payment_intent: 'paymentIntents' },
	dispute: { charge: 'charges', payment_intent: 'paymentIntents' },
	payment_intent: { customer: 'customers', latest_charge: 'charges', payment_method: 'paymentMethods' },
	payment_method: { customer: 'customers' },
	price: { product: 'products' },
	refund: { charge: 'charges', payment_intent: 'paymentIntents', payment_method: 'paymentMethods' }
};

/** Fields that an object shows only when asked. */
const shownOnDemand: Record<string, Record<string, (double: Double, id: string) => unknown>> = {
	'checkout.session': {
		line_items: (double, id) => ({
			object: 'list',
			data: double.tables.checkoutDetails.get(id)?.lineItems ?? [],
			has_more: false,
			url: `/v1/checkout/sessions/${id}/line_items`
		})
	},
	charge: {
		refunds: (double, id) => ({
			object: 'list',
			data: double.tables.refunds
				.all()
				.filter((refund) => refund.charge === id)
				.toReversed(),
			has_more: false,
			url: `/v1/charges/${id}/refunds`
		})
	}
};

type Fields = Record<string, unknown>;

function expandPath(double: Double, value: unknown, names: string[], path: string): void {
	const [name, ...rest] = names;
	if (name === undefined || value === null) return;
	if (Array.isArray(value)) {
		for (const item of value) expandPath(double, item, names, path);
		return;
	}
	const fields = value as Fields;
	const kind = String(fields.object);
	const table = references[kind]?.[name];
	const show = shownOnDemand[kind]?.[name];
	if (table && typeof fields[name] === 'string') fields[name] = structuredClone(double.tables[table].get(fields[name]));
	else if (show && fields[name] === undefined) fields[name] = structuredClone(show(double, String(fields.id)));
	else if (!table && !show && (typeof fields[name] !== 'object' || fields[name] === null || rest.length === 0)) {
		throw invalidRequest(`This property cannot be expanded (${path}).`, { param: 'expand' });
	}
	expandPath(double, fields[name], rest, path);
}

/** A copy of an answer in which the named ids are replaced by their objects. At most four levels deep. */
export function expand(double: Double, answer: object, paths: string[]): object {
	const copy = structuredClone(answer);
	for (const path of paths) {
		const names = path.split('.');
		if (names.length > 4)
			throw invalidRequest(`You cannot expand more than 4 levels of a property. Property: ${path}`, {
				param: 'expand'
			});
		const isList = (copy as Fields).object === 'list';
		if (isList && names[0] !== 'data')
			throw invalidRequest(
				`This property cannot be expanded (${path}). You may want to try expanding 'data.${path}' instead.`,
				{ param: 'expand' }
			);
		expandPath(double, copy, names, path);
	}
	return copy;
}
