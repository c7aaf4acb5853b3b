import { createHmac } from 'node:crypto';
import { ask, authorizeAt, known, tradeCode } from './provider.ts';
import type { Client, Provider } from './provider.ts';

interface Person {
	id: string;
	email?: string;
	first_name?: string;
	last_name?: string;
	name?: string;
	picture?: { data?: { url?: string } };
}

/** Facebook, by OAuth alone: who the person is, its graph says. It gives no address that it has not verified. */
export function facebook(client: Client): Provider {
	const dialog = client.double ?? 'https://www.facebook.com';
	const graph = client.double ?? 'https://graph.facebook.com';
	const profileUrl = `${graph}/me?fields=email,first_name,last_name,name,picture`;
	return {
		authorizationUrl: async (state, scopes, extra) =>
			authorizeAt(`${dialog}/dialog/oauth`, client, state, ['email', ...scopes], extra),
		profile: async (code) => {
			const tokens = await tradeCode(`${graph}/oauth/access_token`, client, code);
			const proof = createHmac('sha256', client.secret).update(tokens.access_token).digest('hex');
			const person = await ask<Person>(`${profileUrl}&appsecret_proof=${proof}`, {
				headers: { authorization: `Bearer ${tokens.access_token}` }
			});
			const email = person.email?.toLowerCase();
			const name = `${person.first_name ?? ''} ${person.last_name ?? ''}`.trim();
			const picture = person.picture?.data?.url;
			return {
				subject: person.id,
				email: email ?? null,
				verified: email !== undefined,
				data: known({
					iss: profileUrl,
					sub: person.id,
					name,
					nickname: person.name,
					picture,
					email,
					email_verified: email !== undefined,
					phone_verified: false,
					full_name: name,
					avatar_url: picture,
					slug: person.name,
					provider_id: person.id
				}),
				accessToken: tokens.access_token,
				refreshToken: tokens.refresh_token ?? null
			};
		}
	};
}
