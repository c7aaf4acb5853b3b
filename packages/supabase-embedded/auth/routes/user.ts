import { Hono } from 'hono';
import type { Env } from '../../service.ts';
import { audit } from '../audit.ts';
import { AuthError, invalid } from '../errors.ts';
import { readChallenge, startFlow } from '../flows.ts';
import { sendEmailChange, sendLetter } from '../letters.ts';
import { assertStrong, checkPassword, hashPassword } from '../passwords.ts';
import { authenticate, object, readBody, readEmail, text } from '../requests.ts';
import type { Body } from '../requests.ts';
import type { AuthRequest, Database } from '../request.ts';
import type { Auth } from '../service.ts';
import { endSessions, methodsOf } from '../sessions.ts';
import type { SessionRow } from '../sessions.ts';
import { hashToken, isExpired } from '../tokens.ts';
import { findUser, hasVerifiedFactor, isConfirmed, mergeMetadata, presentUser, reload, updateUser } from '../users.ts';
import type { User } from '../users.ts';

const day = 24 * 3600_000;
/** Sessions begun this way are those of someone who may have forgotten the password. */
const recoveryMethods = ['otp', 'magiclink', 'recovery'];

async function assertReauthenticated(auth: Auth, user: User, session: SessionRow | null, nonce: string): Promise<void> {
	if (session && Date.now() - session.created_at.getTime() <= day) return;
	if (nonce === '') throw new AuthError(400, 'reauthentication_needed', 'Password update requires reauthentication');
	const expected = user.reauthentication_token;
	const valid =
		expected !== '' &&
		expected === hashToken(user.email ?? '', nonce) &&
		!isExpired(user, 'reauthentication', auth.configuration.otpExpiry);
	if (!valid) throw new AuthError(422, 'reauthentication_not_valid', 'Nonce has expired or is invalid');
}

async function assertCurrentPassword(
	auth: Auth,
	user: User,
	session: SessionRow | null,
	password: string
): Promise<void> {
	const methods = session ? await methodsOf(auth.database, session.id) : [];
	if (methods.some(({ authentication_method }) => recoveryMethods.includes(authentication_method))) return;
	const sentence = 'Current password required when setting new password.';
	if (password === '') throw new AuthError(400, 'current_password_required', sentence);
	if (!(await checkPassword(password, user.encrypted_password)))
		throw new AuthError(400, 'current_password_invalid', sentence);
}

/** The hash of a new password after all that the configuration asks for. */
async function newPasswordHash(
	auth: Auth,
	user: User,
	session: SessionRow | null,
	body: Body,
	password: string
): Promise<string> {
	if (auth.configuration.reauthentication) await assertReauthenticated(auth, user, session, text(body, 'nonce'));
	if (user.encrypted_password) {
		if (auth.configuration.currentPassword)
			await assertCurrentPassword(auth, user, session, text(body, 'current_password'));
		if (await checkPassword(password, user.encrypted_password)) {
			throw new AuthError(422, 'same_password', 'New password should be different from the old password.');
		}
	}
	return hashPassword(password);
}

/**
 * Sets a password. Links and codes on their way end, since whoever asked for them may be the reason for the change,
 * and so do all sessions but the one that may stay.
 */
export async function setPassword(
	database: Database,
	user: { id: string },
	hash: string,
	keepSession?: string
): Promise<void> {
	await updateUser(database, user, {
		encrypted_password: hash,
		confirmation_token: '',
		confirmation_sent_at: null,
		recovery_token: '',
		recovery_sent_at: null,
		email_change_token_current: '',
		email_change_token_new: '',
		email_change_sent_at: null,
		reauthentication_token: '',
		reauthentication_sent_at: null
	});
	await database`delete from auth.one_time_tokens where user_id = ${user.id}`;
	await endSessions(database, user.id, keepSession ? { except: keepSession } : {});
}

async function change(auth: Auth, request: AuthRequest): Promise<Response> {
	const { user, session } = await authenticate(auth, request);
	const body = await readBody(request);
	const email = text(body, 'email') === '' ? '' : readEmail(text(body, 'email'));
	const password = typeof body.password === 'string' ? body.password : null;
	const newEmail = email !== '' && email !== user.email ? email : null;
	if (text(body, 'phone') !== '') throw new AuthError(400, 'phone_provider_disabled', 'Phone logins are disabled');
	const challenge = readChallenge(body);
	if (password !== null) assertStrong(password, auth.configuration);
	if (body.app_metadata) throw new AuthError(403, 'not_admin', 'Updating app_metadata requires admin privileges');
	if (hasVerifiedFactor(user) && session?.aal !== 'aal2' && (password || newEmail)) {
		throw new AuthError(
			401,
			'insufficient_aal',
			'AAL2 session is required to update email or password when MFA is enabled.'
		);
	}
	if (user.is_anonymous && password && !email) {
		throw new AuthError(
			422,
			'validation_failed',
			'Updating password of an anonymous user without an email or phone is not allowed'
		);
	}
	if (newEmail && (await findUser(auth.database, { email: newEmail }))) {
		throw new AuthError(422, 'email_exists', 'A user with this email address has already been registered');
	}
	const hash = password === null ? null : await newPasswordHash(auth, user, session, body, password);
	const data = object(body, 'data');

	const changed = await auth.transaction(async (database) => {
		if (hash) {
			await setPassword(database, user, hash, session?.id);
			await audit(database, request, user, 'user_updated_password');
		}
		if (data) await mergeMetadata(database, user, 'user', data);
		await audit(database, request, user, 'user_modified');
		if (newEmail) {
			if (challenge) await startFlow(database, user, 'email_change', challenge);
			await sendEmailChange(auth, database, request, await reload(database, user), newEmail, challenge);
		}
		return reload(database, user);
	});
	return request.json(presentUser(changed));
}

async function logOut(auth: Auth, request: AuthRequest): Promise<Response> {
	const { user, session } = await authenticate(auth, request);
	const scope = request.req.query('scope') || 'global';
	if (!['global', 'local', 'others'].includes(scope)) throw invalid(`Unsupported logout scope "${scope}"`);
	await auth.transaction(async (database) => {
		await audit(database, request, user, 'logout');
		const which = session && { global: {}, local: { only: session.id }, others: { except: session.id } }[scope];
		await endSessions(database, user.id, which ?? {});
	});
	return request.body(null, 204);
}

async function reauthenticate(auth: Auth, request: AuthRequest): Promise<Response> {
	const { user } = await authenticate(auth, request);
	if (!user.email) throw invalid('Reauthentication requires the user to have an email or a phone number');
	if (!isConfirmed(user)) throw new AuthError(422, 'email_not_confirmed', 'Please verify your email first.');
	await auth.transaction(async (database) => {
		await audit(database, request, user, 'user_reauthenticate_requested');
		await sendLetter(auth, database, request, user, 'reauthentication');
	});
	return request.json({});
}

/** GET and PUT /user, POST /logout, GET /reauthenticate: what people do with their own account. */
export function user(auth: Auth): Hono<Env> {
	return new Hono<Env>()
		.get('/user', async (request) => request.json(presentUser((await authenticate(auth, request)).user)))
		.put('/user', (request) => change(auth, request))
		.post('/logout', (request) => logOut(auth, request))
		.get('/reauthenticate', (request) => reauthenticate(auth, request));
}
