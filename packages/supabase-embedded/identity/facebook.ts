import { createHmac } from 'node:crypto';
import { Hono } from 'hono';
import type { Env } from '../service.ts';
import type { DoubleClient } from './clients.ts';
import { consent } from './consent.ts';
import { Grants, tokenLifetime } from './grants.ts';
import type { Person } from './grants.ts';

/** What the graph may be asked of a person; the address only when it is given. */
function fieldsOf({ id, email, name, verified }: Person): Record<string, unknown> {
	const [first_name, ...rest] = name.split(' ');
	return { id, name, first_name, last_name: rest.join(' ') || undefined, ...(verified && { email }) };
}

const oauthError = (message: string, code: number) => ({ error: { message, type: 'OAuthException', code } });

/** A double of Facebook: OAuth without OpenID, and the one node of its graph that tells who someone is. */
export function facebook(client: DoubleClient): Hono<Env> {
	const grants = new Grants();
	const house = {
		key: 'facebook',
		name: 'Facebook',
		tick: 'shared',
		refusal: {
			error: 'access_denied',
			error_code: '200',
			error_description: 'Permissions error',
			error_reason: 'user_denied'
		},
		client,
		grants
	} as const;

	return new Hono<Env>()
		.get('/dialog/oauth', (request) => consent(house, request))
		.post('/dialog/oauth', (request) => consent(house, request))
		.on(['GET', 'POST'], '/oauth/access_token', async (request) => {
			const form: Record<string, unknown> =
				request.req.method === 'POST' ? await request.req.parseBody() : request.req.query();
			const given = (name: string) => (typeof form[name] === 'string' ? form[name] : '');
			if (given('client_id') !== client.id || given('client_secret') !== client.secret)
				return request.json(oauthError('Error validating client secret.', 1), 400);
			const traded = grants.trade(given('code'), {
				clientId: client.id,
				redirectUri: given('redirect_uri'),
				verifier: given('code_verifier')
			});
			if (!traded) return request.json(oauthError('Invalid verification code format.', 100), 400);
			return request.json({ access_token: traded.token, token_type: 'bearer', expires_in: tokenLifetime });
		})
		.get('/me', (request) => {
			const bearer = /^bearer (\S+)$/i.exec(request.req.header('authorization') ?? '')?.[1];
			const token = bearer ?? request.req.query('access_token') ?? '';
			const person = grants.bearer(token);
			if (!person) return request.json(oauthError('Invalid OAuth access token.', 190), 401);
			const proof = request.req.query('appsecret_proof');
			if (proof && proof !== createHmac('sha256', client.secret).update(token).digest('hex'))
				return request.json(oauthError('Invalid appsecret_proof provided in the API argument', 100), 400);
			const known = fieldsOf(person);
			const wanted = (request.req.query('fields') ?? 'id,name').split(',');
			const answer = Object.entries(known).filter(([name]) => name === 'id' || wanted.includes(name));
			return request.json(Object.fromEntries(answer));
		});
}
