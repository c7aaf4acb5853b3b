import { randomBytes } from 'node:crypto';
import type { Context as Request } from 'hono';
import type { Env } from '../service.ts';
import type { DoubleClient } from './clients.ts';
import { personId } from './grants.ts';
import type { Demand, Grants } from './grants.ts';
import { brokenPage, consentPage } from './page.ts';
import type { Filled } from './page.ts';
import { languageOf, words } from './words.ts';

/** One provider as its pages show it. */
export interface House {
	/** google, facebook */
	key: string;
	/** as people know it */
	name: string;
	/** what the tick beside the address means: that it is verified, or that it is given at all */
	tick: 'verified' | 'shared';
	/** what the site is told when a person refuses */
	refusal: Record<string, string>;
	client: DoubleClient;
	grants: Grants;
}

const names = [
	'client_id',
	'redirect_uri',
	'response_type',
	'state',
	'scope',
	'nonce',
	'code_challenge',
	'code_challenge_method',
	'prompt'
] as const satisfies (keyof Demand)[];

function sendBack(request: Request<Env>, demand: Demand, values: Record<string, string>): Response {
	const url = new URL(demand.redirect_uri);
	for (const [name, value] of Object.entries({ ...values, state: demand.state })) url.searchParams.set(name, value);
	return request.redirect(url.toString(), 303);
}

function problem(demand: Demand): { error: string; error_description: string } | null {
	const because = (error: string, error_description: string) => ({ error, error_description });
	if (demand.response_type !== 'code') return because('unsupported_response_type', 'Only the code flow is supported.');
	if (demand.prompt === 'none') return because('interaction_required', 'The person has to be asked.');
	if (demand.code_challenge !== '' && !['S256', 'plain'].includes(demand.code_challenge_method))
		return because('invalid_request', 'Invalid code challenge method.');
	return null;
}

/** GET and POST of the page on which a person says who they are and agrees, or refuses. It needs no script. */
export async function consent(house: House, request: Request<Env>): Promise<Response> {
	const { client, grants } = house;
	const language = languageOf(request.req.header('accept-language'));
	const nonce = randomBytes(16).toString('base64');
	// No form-action: a browser would hold the redirects back to the site against it.
	request.header(
		'content-security-policy',
		`default-src 'none'; style-src 'nonce-${nonce}'; base-uri 'none'; frame-ancestors 'none'`
	);
	request.header('cache-control', 'no-store');
	request.header('referrer-policy', 'no-referrer');

	const posted = request.req.method === 'POST';
	const given = posted ? await request.req.parseBody() : request.req.query();
	const read = (name: string) => (typeof given[name] === 'string' ? given[name].trim() : '');
	const demand = Object.fromEntries(names.map((name) => [name, read(name)])) as unknown as Demand;
	const broken = (reason: string) => request.html(brokenPage(language, house.name, nonce, reason), 400);
	if (demand.client_id !== client.id) return broken('Error 401: invalid_client');
	if (demand.redirect_uri !== client.redirectUri) return broken('Error 400: redirect_uri_mismatch');
	const wrong = problem(demand);
	if (wrong) return sendBack(request, demand, wrong);

	if (posted && read('answer') === 'refuse') return sendBack(request, demand, house.refusal);
	const filled: Filled = {
		email: read('email'),
		name: read('name'),
		verified: posted ? read('verified') !== '' : true,
		mistakes: {}
	};
	if (posted) {
		if (!/^[^\s@]+@[^\s@]+$/.test(filled.email)) filled.mistakes.email = words[language].email_wrong;
		if (filled.name === '') filled.mistakes.name = words[language].name_missing;
		if (Object.keys(filled.mistakes).length === 0) {
			const { email, name, verified } = filled;
			const code = grants.agree({ id: personId(house.key, email), email, name, verified }, demand);
			return sendBack(request, demand, { code, scope: demand.scope });
		}
	}
	const page = { language, provider: house.name, site: client.site, nonce, tick: house.tick };
	return request.html(consentPage(page, demand, grants.people(), filled), posted ? 422 : 200);
}
