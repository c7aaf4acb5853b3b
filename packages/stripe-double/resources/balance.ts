import type Stripe from 'stripe';
import { operation } from '../api/operation.ts';
import { noParameters } from '../api/parameters.ts';
import type { Double } from '../double.ts';

/** What the account holds, by currency: charges less refunds that have gone and disputes that are not won. No fees. */
function held(double: Double): Map<string, number> {
	const sums = new Map<string, number>();
	const add = (currency: string, amount: number) => sums.set(currency, (sums.get(currency) ?? 0) + amount);
	for (const charge of double.tables.charges.all())
		if (charge.paid && charge.captured) add(charge.currency, charge.amount_captured);
	for (const refund of double.tables.refunds.all())
		if (refund.status === 'succeeded') add(refund.currency, -refund.amount);
	for (const dispute of double.tables.disputes.all())
		if (dispute.status !== 'won') add(dispute.currency, -dispute.amount);
	return sums;
}

export const balance = [
	operation('GET', '/v1/balance', noParameters, ({ double }): Stripe.Balance => {
		const available = [...held(double)].map(([currency, amount]) => ({
			amount,
			currency,
			source_types: { card: amount }
		}));
		return { object: 'balance', available, livemode: false, pending: [] };
	})
];
