import { createHash } from 'node:crypto';
import { createRemoteJWKSet, jwtVerify } from 'jose';
import type { JWTPayload, JWTVerifyGetKey } from 'jose';
import { ask, authorizeAt, known, tradeCode } from './provider.ts';
import type { Client, Provider } from './provider.ts';

interface Discovery {
	issuer: string;
	authorization_endpoint: string;
	token_endpoint: string;
	jwks_uri: string;
}

interface Claims extends JWTPayload {
	email?: string;
	email_verified?: boolean;
	name?: string;
	picture?: string;
	hd?: string;
}

/** Binds an ID token to the flow it was asked for. */
const nonceOf = (state: string) => createHash('sha256').update(state).digest('base64url');

/** Google, by OpenID Connect: who the person is stands in an ID token whose signature and claims are checked. */
export function google(client: Client): Provider {
	const issuer = client.double ?? 'https://accounts.google.com';
	let found: Promise<{ endpoints: Discovery; keys: JWTVerifyGetKey }> | undefined;

	const discover = () => {
		found ??= ask<Discovery>(`${issuer}/.well-known/openid-configuration`).then((endpoints) => {
			if (endpoints.issuer !== issuer) throw new Error(`the discovery document of ${issuer} is ${endpoints.issuer}'s`);
			return { endpoints, keys: createRemoteJWKSet(new URL(endpoints.jwks_uri)) };
		});
		found.catch(() => (found = undefined));
		return found;
	};

	return {
		authorizationUrl: async (state, scopes, extra) => {
			const { endpoints } = await discover();
			return authorizeAt(endpoints.authorization_endpoint, client, state, ['openid', 'email', 'profile', ...scopes], {
				...extra,
				nonce: nonceOf(state)
			});
		},
		profile: async (code, state) => {
			const { endpoints, keys } = await discover();
			const tokens = await tradeCode(endpoints.token_endpoint, client, code);
			if (!tokens.id_token) throw new Error('the answer has no ID token');
			const { payload } = await jwtVerify<Claims>(tokens.id_token, keys, {
				issuer,
				audience: client.id,
				requiredClaims: ['sub', 'exp', 'iat']
			});
			if (payload.nonce !== nonceOf(state)) throw new Error('the ID token belongs to another flow');
			const email = payload.email?.toLowerCase();
			return {
				subject: payload.sub!,
				email: email ?? null,
				verified: payload.email_verified === true,
				data: known({
					iss: payload.iss,
					sub: payload.sub,
					name: payload.name,
					picture: payload.picture,
					email,
					email_verified: payload.email_verified === true,
					phone_verified: false,
					custom_claims: payload.hd ? { hd: payload.hd } : undefined,
					full_name: payload.name,
					avatar_url: payload.picture,
					provider_id: payload.sub
				}),
				accessToken: tokens.access_token,
				refreshToken: tokens.refresh_token ?? null
			};
		}
	};
}
