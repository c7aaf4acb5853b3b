import { Hono } from 'hono';
import type { Env } from '../../service.ts';
import { knownProviders } from '../providers/index.ts';
import type { Auth } from '../service.ts';

/** What the service says of itself: GET /health, /settings, /.well-known/jwks.json. */
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
					...Object.fromEntries(knownProviders.map((name) => [name, auth.providers.has(name)])),
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
		});
}
