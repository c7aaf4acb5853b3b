import type Stripe from 'stripe';
import { behaviourOf } from './cards.ts';
import type { Double } from './double.ts';

/** What the card of a charge does to the first of its refunds; undefined for the others, and for usual cards. */
export function firstRefund(double: Double, charge: Stripe.Charge): 'pending' | 'failed' | undefined {
	const method = double.tables.paymentMethods.get(String(charge.payment_method));
	const refunded = double.tables.refunds.all().some((refund) => refund.charge === charge.id);
	return method && !refunded ? behaviourOf(method).refund : undefined;
}

/** The bank takes a refund after all, or sends it back: then its amount is in the account again. */
function finish(double: Double, refund: Stripe.Refund, status: 'succeeded' | 'failed'): void {
	const after = double.tables.refunds.put({
		...refund,
		status,
		...(status === 'failed' ? { failure_reason: 'expired_or_canceled_card' } : {})
	});
	const charge = double.tables.charges.get(String(refund.charge));
	if (status === 'failed' && charge)
		double.tables.charges.put({
			...charge,
			amount_refunded: charge.amount_refunded - refund.amount,
			refunded: false
		});
	if (status === 'failed') double.emit('refund.failed', after, null);
	double.emit('refund.updated', after, null, { status: refund.status });
	double.emit('charge.refund.updated', after, null, { status: refund.status });
}

/** Ends the refunds that wait for their bank, a second after they were made. */
export function sweepRefunds(double: Double): void {
	const first = new Set<string>();
	for (const refund of double.tables.refunds.all()) {
		const charge = String(refund.charge);
		if (first.has(charge)) continue;
		first.add(charge);
		if (refund.created >= double.now() || refund.status === 'failed') continue;
		const method = double.tables.paymentMethods.get(String(refund.payment_method));
		const fate = method && behaviourOf(method).refund;
		if (fate === 'pending' && refund.status === 'pending') finish(double, refund, 'succeeded');
		if (fate === 'failed' && refund.status === 'succeeded') finish(double, refund, 'failed');
	}
}
