import type Stripe from 'stripe';
import { invalidRequest, missing } from '../api/failure.ts';
import { page } from '../api/list.ts';
import { operation } from '../api/operation.ts';
import {
	boolean,
	hash,
	mergeMetadata,
	metadata,
	noParameters,
	paging,
	parametersOf,
	range,
	text
} from '../api/parameters.ts';
import { closeDispute } from '../disputes.ts';
import type { Double } from '../double.ts';

function findDispute(double: Double, id: string): Stripe.Dispute {
	const found = double.tables.disputes.get(id);
	if (!found) throw missing('dispute', id);
	return found;
}

const updateParameters = parametersOf<Stripe.DisputeUpdateParams>()(
	{
		evidence: hash({ uncategorized_text: text().optional() }).optional(),
		metadata: metadata().optional(),
		submit: boolean().optional()
	},
	['intended_submission_method']
);

const listParameters = parametersOf<Stripe.DisputeListParams>()(
	{ ...paging, charge: text().optional(), created: range().optional(), payment_intent: text().optional() },
	[]
);

export const disputes = [
	operation('GET', '/v1/disputes/:id', noParameters, ({ double, id }) => findDispute(double, id)),
	// Stripe's words for test mode: winning_evidence and losing_evidence decide at once.
	operation('POST', '/v1/disputes/:id', updateParameters, ({ double, id, input, cause }) => {
		const before = findDispute(double, id);
		if (before.status === 'won' || before.status === 'lost')
			throw invalidRequest('This dispute is already closed.', { code: 'dispute_closed' });
		const word = input.evidence?.uncategorized_text;
		const kept = double.tables.disputes.put({
			...before,
			evidence: { ...before.evidence, ...(word === undefined ? {} : { uncategorized_text: word }) },
			metadata: mergeMetadata(before.metadata, input.metadata)
		});
		if (word === 'winning_evidence') return closeDispute(double, kept, true, cause);
		if (word === 'losing_evidence') return closeDispute(double, kept, false, cause);
		double.emit('charge.dispute.updated', kept, cause);
		return kept;
	}),
	operation('POST', '/v1/disputes/:id/close', noParameters, ({ double, id, cause }) =>
		closeDispute(double, findDispute(double, id), false, cause)
	),
	operation('GET', '/v1/disputes', listParameters, ({ double, input }) =>
		page(
			'/v1/disputes',
			'dispute',
			double.tables.disputes
				.all()
				.filter(
					(dispute) =>
						(input.charge === undefined || dispute.charge === input.charge) &&
						(input.payment_intent === undefined || dispute.payment_intent === input.payment_intent)
				),
			input
		)
	)
];
