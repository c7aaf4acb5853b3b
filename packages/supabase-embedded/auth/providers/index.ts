import { doubleClient, doubled } from '../../identity/clients.ts';
import type { Context } from '../../context.ts';
import { valueOf } from '../configuration.ts';
import { facebook } from './facebook.ts';
import { google } from './google.ts';
import type { Client, Provider } from './provider.ts';

const kinds = { google, facebook } satisfies Record<(typeof doubled)[number], (client: Client) => Provider>;

/** Providers that GoTrue knows; those not among the kinds above are never enabled here. */
export const knownProviders = [
	'apple',
	'azure',
	'bitbucket',
	'discord',
	'facebook',
	'figma',
	'fly',
	'github',
	'gitlab',
	'google',
	'kakao',
	'keycloak',
	'linkedin',
	'linkedin_oidc',
	'notion',
	'slack',
	'slack_oidc',
	'snapchat',
	'spotify',
	'twitch',
	'twitter',
	'workos',
	'x',
	'zoom'
];

/**
 * The providers that `[auth.external.*]` enables. One whose client is not named in the environment is played by its
 * double, so that signing in with it works without an account there.
 */
export function createProviders(context: Context): Map<string, Provider> {
	const { external = {} } = context.settings.config.auth;
	const made = new Map<string, Provider>();
	for (const name of doubled) {
		const config = external[name];
		if (!config?.enabled) continue;
		const double = doubleClient(context, name);
		const [id, secret] = [valueOf(config.client_id), valueOf(config.secret)];
		const redirectUri = valueOf(config.redirect_uri) || double.redirectUri;
		made.set(
			name,
			kinds[name](
				id && secret
					? { id, secret, redirectUri, double: null }
					: { id: double.id, secret: double.secret, redirectUri: double.redirectUri, double: double.url }
			)
		);
	}
	return made;
}
