import { randomUUID } from 'node:crypto';
import { Hono } from 'hono';
import type { Env } from '../../service.ts';
import { audit } from '../audit.ts';
import { AuthError, failed, invalid } from '../errors.ts';
import { readChallenge, startFlow } from '../flows.ts';
import type { Challenge } from '../flows.ts';
import { beforeUser } from '../hooks.ts';
import { sendLetter } from '../letters.ts';
import { assertStrong, hashPassword } from '../passwords.ts';
import { object, readBody, readEmail, text } from '../requests.ts';
import type { AuthRequest } from '../request.ts';
import type { Auth } from '../service.ts';
import { startSession } from '../sessions.ts';
import {
	confirmEmail,
	findUser,
	insertEmailUser,
	insertUser,
	isConfirmed,
	mergeMetadata,
	presentUser,
	reload
} from '../users.ts';
import type { Metadata, User } from '../users.ts';

interface Registration {
	email: string;
	password: string;
	data: Metadata;
	challenge: Challenge | null;
}

/**
 * Registers an address, or asks again for its confirmation when it is registered and unconfirmed.
 * @returns the account as it is now, and whether it was confirmed before: then nothing was done
 */
export async function register(
	auth: Auth,
	request: AuthRequest,
	registration: Registration
): Promise<{ user: User; taken: boolean }> {
	const { email, data, challenge } = registration;
	const existing = await findUser(auth.database, { email });
	if (existing && isConfirmed(existing)) {
		await audit(auth.database, request, existing, 'user_repeated_signup', { provider: 'email' });
		return { user: existing, taken: true };
	}
	const newcomer = {
		id: randomUUID(),
		email,
		userMetadata: data,
		appMetadata: { provider: 'email', providers: ['email'] }
	};
	if (!existing) await beforeUser(auth, request, { ...newcomer, passwordHash: null });
	const passwordHash = existing ? null : await hashPassword(registration.password);
	const user = await auth.transaction(async (database) => {
		let made = existing;
		if (!made) {
			made = await insertEmailUser(database, { ...newcomer, passwordHash }, data);
			await mergeMetadata(database, made, 'user', made.identities[0]!.identity_data);
			made = await reload(database, made);
		}
		if (auth.configuration.autoconfirm) {
			await audit(database, request, made, 'user_signedup', { provider: 'email' });
			await confirmEmail(database, made);
		} else {
			await audit(database, request, made, 'user_confirmation_requested', { provider: 'email' });
			if (challenge) await startFlow(database, made, 'email/signup', challenge);
			await sendLetter(auth, database, request, made, 'signup', challenge);
		}
		return reload(database, made);
	});
	return { user, taken: false };
}

/** Of two registrations of one address at the same moment the second finds the first. */
async function registerOnce(auth: Auth, request: AuthRequest, registration: Registration): ReturnType<typeof register> {
	try {
		return await register(auth, request, registration);
	} catch (error) {
		if ((error as { constraint_name?: string }).constraint_name !== 'users_email_partial_key') throw error;
		return register(auth, request, registration);
	}
}

/** What a stranger sees who registers an address that is taken: the same shape as a new account, and nothing of it. */
function lookAlike(email: string, data: Metadata): Record<string, unknown> {
	const now = new Date().toISOString();
	return {
		id: randomUUID(),
		aud: 'authenticated',
		role: '',
		email,
		phone: '',
		confirmation_sent_at: now,
		app_metadata: { provider: 'email', providers: ['email'] },
		user_metadata: data,
		identities: [],
		created_at: now,
		updated_at: now,
		is_anonymous: false
	};
}

async function signUpAnonymously(auth: Auth, request: AuthRequest, data: Metadata): Promise<Response> {
	if (!auth.configuration.anonymous)
		throw new AuthError(422, 'anonymous_provider_disabled', 'Anonymous sign-ins are disabled');
	auth.limits.request('anonymous', request);
	const newcomer = {
		id: randomUUID(),
		email: null,
		passwordHash: null,
		userMetadata: data,
		appMetadata: {},
		anonymous: true
	};
	await beforeUser(auth, request, newcomer);
	const session = await auth.transaction(async (database) => {
		const user = await insertUser(database, newcomer);
		return startSession(auth, database, request, user, 'anonymous');
	});
	return request.json(session);
}

/** POST /signup: e-mail and password, or anonymous when neither is given. */
export function signup(auth: Auth): Hono<Env> {
	return new Hono<Env>().post('/signup', async (request) => {
		const { configuration } = auth;
		if (!configuration.signup) throw new AuthError(422, 'signup_disabled', 'Signups not allowed for this instance');
		const body = await readBody(request);
		const data = object(body, 'data') ?? {};
		const address = text(body, 'email');
		const password = text(body, 'password');
		if (address === '' && text(body, 'phone') === '') return signUpAnonymously(auth, request, data);
		auth.limits.request('signup', request);
		if (password === '') throw invalid('Signup requires a valid password');
		assertStrong(password, configuration);
		if (address !== '' && text(body, 'phone') !== '') {
			throw invalid('Only an email address or phone number should be provided on signup.');
		}
		if (address === '') throw new AuthError(400, 'phone_provider_disabled', 'Phone signups are disabled');
		const challenge = readChallenge(body);
		if (!configuration.email) throw new AuthError(400, 'email_provider_disabled', 'Email signups are disabled');
		const email = readEmail(address);
		const { user, taken } = await registerOnce(auth, request, { email, password, data, challenge }).catch(
			(error: unknown) => {
				throw error instanceof AuthError ? error : failed('Database error saving new user', error);
			}
		);
		if (taken) {
			if (configuration.autoconfirm) throw new AuthError(422, 'user_already_exists', 'User already registered');
			return request.json(lookAlike(email, data));
		}
		if (isConfirmed(user)) {
			return request.json(
				await auth.transaction(async (database) => {
					await audit(database, request, user, 'login', { provider: 'email' });
					return startSession(auth, database, request, user, 'password');
				})
			);
		}
		const shown = presentUser(user);
		return request.json(user.invited_at ? { ...shown, user_metadata: {}, identities: [] } : shown);
	});
}
