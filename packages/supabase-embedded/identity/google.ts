import { createHash } from 'node:crypto';
import { Hono } from 'hono';
import { exportJWK, generateKeyPair, SignJWT } from 'jose';
import type { Env } from '../service.ts';
import type { DoubleClient } from './clients.ts';
import { consent } from './consent.ts';
import { Grants, tokenLifetime } from './grants.ts';
import type { Person } from './grants.ts';

/** What an ID token and the userinfo endpoint say of a person. */
const claimsOf = ({ id, email, name, verified }: Person) => {
	const [given_name, ...rest] = name.split(' ');
	const family_name = rest.join(' ');
	return { sub: id, email, email_verified: verified, name, given_name, ...(family_name && { family_name }) };
};

/** A double of Google: an OpenID provider by code flow, with PKCE when asked for. Its signing key lasts as long as it runs. */
export async function google(client: DoubleClient): Promise<Hono<Env>> {
	const issuer = client.url;
	const grants = new Grants();
	const { privateKey, publicKey } = await generateKeyPair('ES256');
	const kid = createHash('sha256')
		.update(JSON.stringify(await exportJWK(publicKey)))
		.digest('hex')
		.slice(0, 16);
	const jwk = { ...(await exportJWK(publicKey)), kid, alg: 'ES256', use: 'sig' };
	const house = {
		key: 'google',
		name: 'Google',
		tick: 'verified',
		refusal: { error: 'access_denied', error_description: 'The user denied access' },
		client,
		grants
	} as const;

	return new Hono<Env>()
		.get('/.well-known/openid-configuration', (request) =>
			request.json({
				issuer,
				authorization_endpoint: `${issuer}/authorize`,
				token_endpoint: `${issuer}/token`,
				userinfo_endpoint: `${issuer}/userinfo`,
				jwks_uri: `${issuer}/certs`,
				response_types_supported: ['code'],
				response_modes_supported: ['query'],
				grant_types_supported: ['authorization_code'],
				subject_types_supported: ['public'],
				id_token_signing_alg_values_supported: ['ES256'],
				scopes_supported: ['openid', 'email', 'profile'],
				token_endpoint_auth_methods_supported: ['client_secret_post', 'client_secret_basic'],
				claims_supported: [
					'aud',
					'email',
					'email_verified',
					'exp',
					'family_name',
					'given_name',
					'iat',
					'iss',
					'name',
					'sub'
				],
				code_challenge_methods_supported: ['plain', 'S256']
			})
		)
		.get('/certs', (request) => request.json({ keys: [jwk] }))
		.get('/authorize', (request) => consent(house, request))
		.post('/authorize', (request) => consent(house, request))
		.post('/token', async (request) => {
			request.header('cache-control', 'no-store');
			const refuse = (status: 400 | 401, error: string, error_description: string) =>
				request.json({ error, error_description }, status);
			const form = await request.req.parseBody();
			const given = (name: string) => (typeof form[name] === 'string' ? form[name] : '');
			const basic = /^basic (.+)$/i.exec(request.req.header('authorization') ?? '')?.[1];
			const [id, secret] = basic
				? Buffer.from(basic, 'base64').toString().split(':').map(decodeURIComponent)
				: [given('client_id'), given('client_secret')];
			if (id !== client.id || secret !== client.secret) return refuse(401, 'invalid_client', 'Unauthorized');
			if (given('grant_type') !== 'authorization_code')
				return refuse(400, 'unsupported_grant_type', `Invalid grant_type: ${given('grant_type')}`);
			const traded = grants.trade(given('code'), {
				clientId: id,
				redirectUri: given('redirect_uri'),
				verifier: given('code_verifier')
			});
			if (!traded) return refuse(400, 'invalid_grant', 'Bad Request');
			const { person, demand, token } = traded;
			const idToken = await new SignJWT({
				...claimsOf(person),
				azp: id,
				...(demand.nonce && { nonce: demand.nonce }),
				at_hash: createHash('sha256').update(token).digest().subarray(0, 16).toString('base64url')
			})
				.setProtectedHeader({ alg: 'ES256', kid, typ: 'JWT' })
				.setIssuer(issuer)
				.setAudience(id)
				.setIssuedAt()
				.setExpirationTime('1h')
				.sign(privateKey);
			return request.json({
				access_token: token,
				expires_in: tokenLifetime,
				scope: demand.scope,
				token_type: 'Bearer',
				...(demand.scope.split(' ').includes('openid') && { id_token: idToken })
			});
		})
		.on(['GET', 'POST'], '/userinfo', (request) => {
			const token = /^bearer (\S+)$/i.exec(request.req.header('authorization') ?? '')?.[1] ?? '';
			const person = grants.bearer(token);
			if (person) return request.json(claimsOf(person));
			request.header('www-authenticate', 'Bearer error="invalid_token"');
			return request.json({ error: 'invalid_request', error_description: 'Invalid Credentials' }, 401);
		});
}
