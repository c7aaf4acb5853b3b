import type Stripe from 'stripe';
import { invalidRequest, missing } from '../api/failure.ts';
import { page } from '../api/list.ts';
import { operation } from '../api/operation.ts';
import { list, noParameters, paging, parametersOf, range, text } from '../api/parameters.ts';

const listParameters = parametersOf<Stripe.EventListParams>()(
	{ ...paging, created: range().optional(), type: text().optional(), types: list(text()).optional() },
	['delivery_success']
);

/** `charge.*` takes every type of charges. */
function matches(type: string, asked: string): boolean {
	return asked.endsWith('*') ? type.startsWith(asked.slice(0, -1)) : type === asked;
}

export const events = [
	operation('GET', '/v1/events/:id', noParameters, ({ double, id }) => {
		const found = double.tables.events.get(id);
		if (!found) throw missing('event', id);
		return found;
	}),
	operation('GET', '/v1/events', listParameters, ({ double, input }) => {
		if (input.type !== undefined && input.types)
			throw invalidRequest('You may only specify one of these parameters: type, types.', {
				code: 'parameters_exclusive'
			});
		const asked = input.types ?? (input.type === undefined ? ['*'] : [input.type]);
		return page(
			'/v1/events',
			'event',
			double.tables.events.all().filter(({ type }) => asked.some((one) => matches(type, one))),
			input
		);
	})
];
