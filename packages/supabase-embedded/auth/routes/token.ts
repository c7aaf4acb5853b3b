import { Hono } from 'hono';
import type { Env } from '../../service.ts';
import { audit } from '../audit.ts';
import { AuthError, invalid } from '../errors.ts';
import { exchangeCode } from '../flows.ts';
import { afterPassword } from '../hooks.ts';
import { checkPassword, weaknesses } from '../passwords.ts';
import { refresh } from '../refresh.ts';
import { readBody, text } from '../requests.ts';
import type { Body } from '../requests.ts';
import type { AuthRequest } from '../request.ts';
import type { Auth } from '../service.ts';
import { startSession } from '../sessions.ts';
import type { SessionResponse } from '../sessions.ts';
import { findUser, isBanned, isConfirmed } from '../users.ts';

const wrong = () => new AuthError(400, 'invalid_credentials', 'Invalid login credentials');

async function signInWithPassword(auth: Auth, request: AuthRequest, body: Body): Promise<SessionResponse> {
	const [email, phone, password] = [text(body, 'email'), text(body, 'phone'), text(body, 'password')];
	if (email !== '' && phone !== '') throw invalid('Only an email address or phone number should be provided on login.');
	if (email === '' && phone === '') throw invalid('missing email or phone');
	if (phone !== '') throw new AuthError(422, 'phone_provider_disabled', 'Phone logins are disabled');
	if (!auth.configuration.email) throw new AuthError(422, 'email_provider_disabled', 'Email logins are disabled');

	const user = await findUser(auth.database, { email });
	if (!user?.encrypted_password) throw wrong();
	if (isBanned(user)) throw new AuthError(400, 'user_banned', 'User is banned');
	const valid = await checkPassword(password, user.encrypted_password);
	await afterPassword(auth, request, user, valid);
	if (!valid) throw wrong();
	if (!isConfirmed(user)) throw new AuthError(400, 'email_not_confirmed', 'Email not confirmed');

	const session = await auth.transaction(async (database) => {
		await audit(database, request, user, 'login', { provider: 'email' });
		return startSession(auth, database, request, user, 'password');
	});
	// A password set before the rules grew stricter still opens, and the client is told.
	const weak = weaknesses(password, auth.configuration);
	return weak.reasons.length > 0 ? { ...session, weak_password: weak } : session;
}

/** POST /token: the grants `password`, `refresh_token` and `pkce`. */
export function token(auth: Auth): Hono<Env> {
	return new Hono<Env>().post('/token', async (request) => {
		const body = await readBody(request);
		switch (request.req.query('grant_type')) {
			case 'password':
				return request.json(await signInWithPassword(auth, request, body));
			case 'refresh_token': {
				const refreshToken = text(body, 'refresh_token');
				if (refreshToken === '') throw invalid('refresh_token required');
				return request.json(await refresh(auth, request, refreshToken));
			}
			case 'pkce':
				return request.json(await exchangeCode(auth, request, body));
			default:
				throw new AuthError(400, 'invalid_credentials', 'unsupported_grant_type');
		}
	});
}
