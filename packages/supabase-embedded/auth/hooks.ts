import { randomUUID } from 'node:crypto';
import type { JSONValue } from 'postgres';
import { clientAddress } from './client.ts';
import type { Hook } from './configuration.ts';
import { AuthError, failed } from './errors.ts';
import type { AuthRequest } from './request.ts';
import type { Auth } from './service.ts';
import { audience } from './users.ts';
import type { NewUser } from './users.ts';

/** How long a hook may take, in milliseconds. */
const patience = 2000;

interface Answer {
	decision?: string;
	message?: string;
	should_logout_user?: boolean;
	error?: { http_code?: number; message?: string };
}

/** Calls a hook with an event, in a transaction of its own: what it writes stays, whatever becomes of the request. */
async function call(auth: Auth, request: AuthRequest, hook: Hook, name: string, event: object): Promise<Answer> {
	const metadata = { uuid: randomUUID(), time: new Date().toISOString(), name, ip_address: clientAddress(request) };
	const answer = await auth
		.transaction(async (database) => {
			await database`select set_config('statement_timeout', ${String(patience)}, true)`;
			const input = database.json({ metadata, ...event } as JSONValue);
			const [row] = await database<{ answer: Answer | null }[]>`
				select ${database(hook.schema)}.${database(hook.name)}(${input}) as answer`;
			return row?.answer;
		})
		.catch((error: unknown) => {
			throw failed('Error running hook URI: pg-functions', error);
		});
	const { error } = answer ?? {};
	if (error?.message) {
		const status = error.http_code || 500;
		throw new AuthError(status, status === 500 ? 'unexpected_failure' : 'unknown', error.message);
	}
	return answer ?? {};
}

/**
 * Asks the project's own function before an account is made by whoever it will be, an invitation or a provider; not for
 * those that the service role makes.
 * @throws AuthError what the function answers as an error; then there is no account
 */
export async function beforeUser(auth: Auth, request: AuthRequest, user: NewUser & { id: string }): Promise<void> {
	const { userHook } = auth.configuration;
	if (!userHook) return;
	await call(auth, request, userHook, 'before-user-created', {
		user: {
			id: user.id,
			aud: audience,
			role: '',
			email: user.email ?? '',
			phone: '',
			app_metadata: user.appMetadata,
			user_metadata: user.userMetadata,
			identities: [],
			created_at: '0001-01-01T00:00:00Z',
			updated_at: '0001-01-01T00:00:00Z',
			is_anonymous: user.anonymous ?? false
		}
	});
}

/**
 * Asks the project's own function after each password that was tried for an account, right or wrong.
 * @throws AuthError invalid_credentials (400) with the function's message when it rejects
 */
export async function afterPassword(
	auth: Auth,
	request: AuthRequest,
	user: { id: string },
	valid: boolean
): Promise<void> {
	const { passwordHook } = auth.configuration;
	if (!passwordHook) return;
	const answer = await call(auth, request, passwordHook, 'password-verification', { user_id: user.id, valid });
	if (answer.decision !== 'reject') return;
	if (answer.should_logout_user) await auth.database`delete from auth.sessions where user_id = ${user.id}`;
	const message = answer.message || 'Further password verification attempts will be rejected.';
	throw new AuthError(400, 'invalid_credentials', message);
}

/**
 * Asks the project's own function after each code of a second factor that was tried, right or wrong.
 * @throws AuthError mfa_verification_rejected (403) when it rejects, which ends the account's sessions, and what the
 * function itself answers as an error
 */
export async function afterFactorCode(
	auth: Auth,
	request: AuthRequest,
	user: { id: string },
	factor: { id: string; factor_type: string },
	valid: boolean
): Promise<void> {
	const { factorHook } = auth.configuration;
	if (!factorHook) return;
	const event = { user_id: user.id, factor_id: factor.id, factor_type: factor.factor_type, valid };
	const answer = await call(auth, request, factorHook, 'mfa-verification', event);
	if (answer.decision !== 'reject') return;
	await auth.database`delete from auth.sessions where user_id = ${user.id}`;
	const message = answer.message || 'Further MFA verification attempts will be rejected.';
	throw new AuthError(403, 'mfa_verification_rejected', message);
}
