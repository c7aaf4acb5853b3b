import type Stripe from 'stripe';
import { missing } from '../api/failure.ts';
import { page } from '../api/list.ts';
import { operation } from '../api/operation.ts';
import {
	list,
	mergeMetadata,
	metadata,
	noParameters,
	paging,
	parametersOf,
	text,
	unsettable,
	url
} from '../api/parameters.ts';
import { ApiVersion } from '../api/version.ts';
import type { Double } from '../double.ts';
import type { StoredEndpoint } from '../tables.ts';
import { newId, token } from '../ids.ts';

const createParameters = parametersOf<Stripe.WebhookEndpointCreateParams>()(
	{
		url: url(),
		enabled_events: list(text()),
		api_version: text().optional(),
		description: unsettable(text()).optional(),
		metadata: metadata().optional()
	},
	['connect']
);

const listParameters = parametersOf<Stripe.WebhookEndpointListParams>()(paging, []);

interface EndpointFields {
	id: string;
	url: string;
	secret: string;
	enabled_events: string[];
	created: number;
	description?: string | null | undefined;
	api_version?: string | undefined;
	metadata?: Record<string, string>;
}

/** An endpoint as it is kept: its secret beside it. */
export function webhookEndpoint({ secret, ...fields }: EndpointFields): StoredEndpoint {
	return {
		id: fields.id,
		secret,
		endpoint: {
			object: 'webhook_endpoint',
			api_version: ApiVersion,
			application: null,
			livemode: false,
			metadata: {},
			status: 'enabled',
			...fields,
			description: fields.description ?? null
		}
	};
}

function find(double: Double, id: string): StoredEndpoint {
	const found = double.tables.endpoints.get(id);
	if (!found) throw missing('webhook endpoint', id);
	return found;
}

export const webhookEndpoints = [
	operation('POST', '/v1/webhook_endpoints', createParameters, ({ double, input }) => {
		const { metadata: words, api_version: version, description, url: address, enabled_events: types } = input;
		const secret = `whsec_${token(32)}`;
		const made = double.tables.endpoints.put(
			webhookEndpoint({
				id: newId('we_1'),
				url: address,
				secret,
				enabled_events: types,
				created: double.now(),
				description,
				metadata: mergeMetadata({}, words),
				...(version === undefined ? {} : { api_version: version })
			})
		);
		return { ...made.endpoint, secret };
	}),
	operation('GET', '/v1/webhook_endpoints/:id', noParameters, ({ double, id }) => find(double, id).endpoint),
	operation('GET', '/v1/webhook_endpoints', listParameters, ({ double, input }) =>
		page(
			'/v1/webhook_endpoints',
			'webhook endpoint',
			double.tables.endpoints.all().map(({ endpoint }) => endpoint),
			input
		)
	),
	operation('DELETE', '/v1/webhook_endpoints/:id', noParameters, ({ double, id }) => {
		double.tables.endpoints.delete(find(double, id).id);
		return { id, object: 'webhook_endpoint', deleted: true };
	})
];
