import { Hono } from 'hono';
import type { Env } from '../../service.ts';
import { AuthError } from '../errors.ts';
import type { Auth } from '../service.ts';

/** Sign-in providers that GoTrue knows and this project has not enabled. */
const providers = [
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
	'zoom'
];

/** What the service says of itself: GET /health, /settings, /.well-known/jwks.json; and /authorize, which has no provider. */
export function about(auth: Auth): Hono<Env> {
	const { configuration } = auth;
	return new Hono<Env>()
		.get('/health', (request) =>
			request.json({
				version: 'embedded',
				name: 'GoTrue',
				description: 'GoTrue is a user registration and authentication API'
			})
		)
		.get('/settings', (request) =>
			request.json({
				external: {
					anonymous_users: configuration.anonymous,
					...Object.fromEntries(providers.map((name) => [name, false])),
					email: configuration.email,
					phone: false
				},
				disable_signup: !configuration.signup,
				mailer_autoconfirm: configuration.autoconfirm,
				phone_autoconfirm: false,
				sms_provider: '',
				saml_enabled: false,
				saml_private_key_next_configured: false,
				passkeys_enabled: false
			})
		)
		.get('/.well-known/jwks.json', (request) => {
			request.header('Cache-Control', 'public, max-age=600');
			return request.json({ ...auth.keys.jwks });
		})
		.get('/authorize', () => {
			throw new AuthError(400, 'validation_failed', 'Unsupported provider: provider is not enabled');
		});
}
