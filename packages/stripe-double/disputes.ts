import type Stripe from 'stripe';
import type { Cause, Double } from './double.ts';
import { newId } from './ids.ts';

/** The dispute of a charge, if its holder has disputed it. */
export function disputeOf(double: Double, charge: string): Stripe.Dispute | undefined {
	return double.tables.disputes.all().find((dispute) => dispute.charge === charge);
}

/** The holder of a card disputes a charge at the bank: what is left of it is withdrawn at once. */
export function openDispute(double: Double, charge: Stripe.Charge, reason: string): Stripe.Dispute {
	const dispute: Stripe.Dispute = {
		id: newId('du_1'),
		object: 'dispute',
		amount: charge.amount - charge.amount_refunded,
		balance_transactions: [],
		charge: charge.id,
		created: double.now(),
		currency: charge.currency,
		enhanced_eligibility_types: [],
		// Stripe lists two dozen kinds of evidence, all null at first; this is the one that decides here.
		evidence: { uncategorized_text: null } as Stripe.Dispute.Evidence,
		evidence_details: {
			due_by: double.now() + 7 * 24 * 3600,
			enhanced_eligibility: {},
			has_evidence: false,
			past_due: false,
			submission_count: 0,
			submission_method: 'manual'
		},
		intended_submission_method: null,
		is_charge_refundable: false,
		livemode: false,
		metadata: {},
		payment_intent: charge.payment_intent,
		reason,
		status: 'needs_response'
	};
	double.tables.disputes.put(dispute);
	double.tables.charges.put({ ...charge, disputed: true });
	double.emit('charge.dispute.created', dispute, null);
	double.emit('charge.dispute.funds_withdrawn', dispute, null);
	return dispute;
}

/** The bank has decided; when it is won, the money comes back. */
export function closeDispute(double: Double, dispute: Stripe.Dispute, won: boolean, cause: Cause): Stripe.Dispute {
	const closed = double.tables.disputes.put({ ...dispute, status: won ? ('won' as const) : ('lost' as const) });
	double.emit('charge.dispute.updated', closed, cause, { status: dispute.status });
	if (won) double.emit('charge.dispute.funds_reinstated', closed, cause);
	double.emit('charge.dispute.closed', closed, cause);
	return closed;
}
