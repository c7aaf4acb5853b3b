import { decodeJwt } from 'jose';
import { randomBytes, randomUUID } from 'node:crypto';
import { clientAddress } from './client.ts';
import type { AuthRequest, Database } from './request.ts';
import type { Auth } from './service.ts';
import { instance, presentUser, reload, updateUser } from './users.ts';
import type { User } from './users.ts';

export interface SessionRow {
	id: string;
	user_id: string;
	created_at: Date;
	not_after: Date | null;
	aal: 'aal1' | 'aal2' | 'aal3' | null;
	factor_id: string | null;
}

export type Method =
	| 'password'
	| 'otp'
	| 'totp'
	| 'magiclink'
	| 'recovery'
	| 'invite'
	| 'email/signup'
	| 'email_change'
	| 'anonymous'
	| 'oauth';

interface MethodClaim {
	authentication_method: string;
	updated_at: Date;
}

/** What sign-in, refresh and verification answer. */
export interface SessionResponse {
	access_token: string;
	token_type: 'bearer';
	expires_in: number;
	/** seconds since 1970 */
	expires_at: number;
	refresh_token: string;
	user: Record<string, unknown>;
	[more: string]: unknown;
}

export async function findSession(database: Database, id: string): Promise<SessionRow | null> {
	const [session] = await database<SessionRow[]>`select * from auth.sessions where id = ${id}`;
	return session ?? null;
}

/** How a session was signed in, latest first. */
export function methodsOf(database: Database, sessionId: string): Promise<MethodClaim[]> {
	return database<MethodClaim[]>`
		select authentication_method, updated_at from auth.mfa_amr_claims where session_id = ${sessionId} order by updated_at desc`;
}

/** Notes one more way in which the session was signed in. */
export async function addMethod(database: Database, sessionId: string, method: Method): Promise<void> {
	await database`
		insert into auth.mfa_amr_claims (id, session_id, created_at, updated_at, authentication_method)
		values (${randomUUID()}, ${sessionId}, now(), now(), ${method})
		on conflict on constraint mfa_amr_claims_session_id_authentication_method_pkey do update set updated_at = now()`;
}

/** A new refresh token of a session; `parent` is the token it takes the place of. */
export async function addRefreshToken(
	database: Database,
	session: { id: string; user_id: string },
	parent: string | null
): Promise<string> {
	const alphabet = 'abcdefghijklmnopqrstuvwxyz234567';
	const token = Array.from(randomBytes(12), (byte) => alphabet[byte % 32]).join('');
	await database`
		insert into auth.refresh_tokens (instance_id, token, user_id, revoked, created_at, updated_at, parent, session_id)
		values (${instance}, ${token}, ${session.user_id}, false, clock_timestamp(), clock_timestamp(), ${parent}, ${session.id})`;
	return token;
}

/** Signs an access token for a session as it stands. */
export async function sessionResponse(
	auth: Auth,
	database: Database,
	user: User,
	sessionId: string,
	refreshToken: string
): Promise<SessionResponse> {
	const methods = await methodsOf(database, sessionId);
	const token = await auth.keys.sign(
		{
			iss: auth.url,
			sub: user.id,
			aud: user.aud,
			email: user.email ?? '',
			phone: user.phone ?? '',
			app_metadata: user.raw_app_meta_data ?? {},
			user_metadata: user.raw_user_meta_data ?? {},
			role: user.role,
			aal: methods.some(({ authentication_method }) => authentication_method === 'totp') ? 'aal2' : 'aal1',
			amr: methods.map((claim) => ({
				method: claim.authentication_method,
				timestamp: Math.floor(claim.updated_at.getTime() / 1000)
			})),
			session_id: sessionId,
			is_anonymous: user.is_anonymous
		},
		auth.configuration.tokenLifetime
	);
	return {
		access_token: token,
		token_type: 'bearer',
		expires_in: auth.configuration.tokenLifetime,
		expires_at: decodeJwt(token).exp!,
		refresh_token: refreshToken,
		user: presentUser(user)
	};
}

/** Begins a session for an account that has proved who it is by `method`. */
export async function startSession(
	auth: Auth,
	database: Database,
	request: AuthRequest,
	user: { id: string },
	method: Method
): Promise<SessionResponse> {
	const id = randomUUID();
	await database`
		insert into auth.sessions (id, user_id, created_at, updated_at, aal, user_agent, ip)
		values (${id}, ${user.id}, now(), now(), 'aal1', ${request.req.header('user-agent') ?? null}, ${clientAddress(request)})`;
	const refreshToken = await addRefreshToken(database, { id, user_id: user.id }, null);
	await addMethod(database, id, method);
	await updateUser(database, user, { last_sign_in_at: new Date() });
	return sessionResponse(auth, database, await reload(database, user), id, refreshToken);
}

/** Ends sessions of an account: all, one, or all but one. Their refresh tokens go with them. */
export async function endSessions(
	database: Database,
	userId: string,
	which: { only?: string; except?: string } = {}
): Promise<void> {
	await database`
		delete from auth.sessions
		where user_id = ${userId}
			${which.only ? database`and id = ${which.only}` : database``}
			${which.except ? database`and id <> ${which.except}` : database``}`;
}
