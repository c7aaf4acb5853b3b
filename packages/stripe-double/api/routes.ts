import { Hono } from 'hono';
import type { Context } from 'hono';
import type { ContentfulStatusCode } from 'hono/utils/http-status';
import type { Cause, Double } from '../double.ts';
import { newId } from '../ids.ts';
import { expand } from './expand.ts';
import { ApiFailure, invalidRequest } from './failure.ts';
import { decodeForm } from './form.ts';
import type { Form } from './form.ts';
import { createIdempotency } from './idempotency.ts';
import type { Operation } from './operation.ts';
import { parse } from './parameters.ts';
import { ApiVersion } from './version.ts';

/** How slow the API is: tests change it while it runs. */
export interface Pace {
	/** milliseconds an answer takes; while it takes them, its idempotency key is in use */
	latencyMs: number;
}

interface Options {
	double: Double;
	operations: Operation[];
	pace: Pace;
	log(line: string): void;
}

function masked(key: string): string {
	return `${key.slice(0, 8)}${'*'.repeat(Math.max(0, Math.min(16, key.length - 12)))}${key.slice(-4)}`;
}

/** Raises unless the request carries a secret test key, as a bearer token or as the name of basic authentication. */
function authenticate(header: string | undefined): void {
	const [, scheme = '', value = ''] = /^(\w+)\s+(\S+)$/.exec(header ?? '') ?? [];
	const key =
		scheme.toLowerCase() === 'basic'
			? (Buffer.from(value, 'base64').toString().split(':')[0] ?? '')
			: scheme.toLowerCase() === 'bearer'
				? value
				: '';
	const refuse = (message: string) => new ApiFailure(401, { type: 'invalid_request_error', message });
	if (!key) {
		throw refuse(
			"You did not provide an API key. You need to provide your API key in the Authorization header, using Bearer auth (e.g. 'Authorization: Bearer YOUR_SECRET_KEY'). See https://stripe.com/docs/api#authentication for details, or we can help at https://support.stripe.com/."
		);
	}
	if (/^[sr]k_live_/.test(key))
		throw refuse('This is a test double: it takes no live key. Use a key that begins with sk_test_.');
	if (!/^[sr]k_test_\w+$/.test(key)) throw refuse(`Invalid API Key provided: ${masked(key)}`);
}

async function readForm(context: Context): Promise<Form> {
	if (context.req.method !== 'POST') return decodeForm(new URL(context.req.url).search.slice(1));
	const type = context.req.header('content-type');
	const body = await context.req.text();
	if (body && type && !type.startsWith('application/x-www-form-urlencoded')) {
		throw invalidRequest(`Invalid request (check that your POST content type is application/x-www-form-urlencoded).`);
	}
	return decodeForm(body);
}

/** The API under /v1: authentication, decoding, idempotency, checks, expansion, error envelope. */
export function createApi({ double, operations, pace, log }: Options): Hono {
	const app = new Hono();
	const useKey = createIdempotency(double.tables.answers, double.now);

	app.use('/v1/*', async (context, next) => {
		context.header('request-id', newId('req_', 14));
		context.header('stripe-version', context.req.header('stripe-version') ?? ApiVersion);
		context.header('cache-control', 'no-cache, no-store');
		authenticate(context.req.header('authorization'));
		await next();
	});

	for (const { method, path, parameters, run } of operations) {
		app.on(method, path, async (context) => {
			const form = await readForm(context);
			const key = method === 'POST' ? context.req.header('idempotency-key') : undefined;
			const requestId = context.res.headers.get('request-id') ?? '';
			const cause: Cause = { id: requestId, idempotency_key: key ?? null };
			const use = key === undefined ? undefined : useKey(key, JSON.stringify([method, context.req.path, form]));
			if (key !== undefined) context.header('idempotency-key', key);
			try {
				if (use?.replay) {
					context.header('idempotent-replayed', 'true');
					context.header('original-request', use.replay.requestId);
					return context.body(use.replay.body, use.replay.status as ContentfulStatusCode, {
						'content-type': 'application/json'
					});
				}
				await new Promise((resolve) => setTimeout(resolve, pace.latencyMs));
				// What fails here never began, so its key stays free.
				const input = parse(parameters, form) as { expand?: string[] };
				let status = 200;
				let answer: object;
				try {
					answer = expand(double, run({ double, id: context.req.param('id') ?? '', input, cause }), input.expand ?? []);
				} catch (error) {
					if (!(error instanceof ApiFailure)) throw error;
					status = error.status;
					answer = error.toJSON();
				}
				const body = JSON.stringify(answer, null, 2);
				use?.keep({ status, body, requestId });
				return context.body(body, status as ContentfulStatusCode, { 'content-type': 'application/json' });
			} finally {
				use?.release();
			}
		});
	}

	app.all('*', (context) => {
		const failure = invalidRequest(
			`Unrecognized request URL (${context.req.method}: ${context.req.path}). Please see https://stripe.com/docs or we can help at https://support.stripe.com/.`,
			{ status: 404 }
		);
		return context.json(failure.toJSON(), 404);
	});
	app.onError((error, context) => {
		if (error instanceof ApiFailure) return context.json(error.toJSON(), error.status as ContentfulStatusCode);
		log(`${context.req.method} ${context.req.path}: ${error.stack ?? error.message}`);
		return context.json({ error: { type: 'api_error', message: 'The test double failed; its log says how.' } }, 500);
	});
	return app;
}
