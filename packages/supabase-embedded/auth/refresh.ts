import { audit } from './audit.ts';
import { AuthError } from './errors.ts';
import { clientAddress } from './client.ts';
import type { AuthRequest, Database } from './request.ts';
import type { Auth } from './service.ts';
import { addRefreshToken, sessionResponse } from './sessions.ts';
import type { SessionResponse, SessionRow } from './sessions.ts';
import { findUser, isBanned } from './users.ts';

interface RefreshTokenRow {
	token: string;
	revoked: boolean;
	parent: string | null;
	updated_at: Date;
	session_id: string | null;
}

const refused = (code: string, message: string) => new AuthError(400, code, `Invalid Refresh Token: ${message}`);

/**
 * Trades a refresh token for the next one. A token that was traded already is honoured once more when its answer may
 * have been lost: while it is the parent of the active token, or within the reuse interval; it then yields the active
 * token. Any other reuse revokes all tokens of the session.
 * @throws AuthError refresh_token_not_found, refresh_token_already_used, session_not_found, session_expired, user_banned
 */
export async function refresh(auth: Auth, request: AuthRequest, token: string): Promise<SessionResponse> {
	// A refusal that revokes must be kept, so it leaves the transaction as a value.
	const answer = await auth.transaction((database) => trade(auth, database, request, token));
	if (answer instanceof AuthError) throw answer;
	return answer;
}

async function trade(
	auth: Auth,
	database: Database,
	request: AuthRequest,
	token: string
): Promise<SessionResponse | AuthError> {
	const [found] = await database<
		{ session_id: string | null }[]
	>`select session_id from auth.refresh_tokens where token = ${token}`;
	if (!found) throw refused('refresh_token_not_found', 'Refresh Token Not Found');
	// One refresh of a session at a time: the second waits here and then finds its token traded.
	const [session] = await database<SessionRow[]>`select * from auth.sessions where id = ${found.session_id} for update`;
	if (!session) throw refused('session_not_found', 'No Valid Session Found');
	const [current] = await database<RefreshTokenRow[]>`select * from auth.refresh_tokens where token = ${token}`;
	if (!current) throw refused('refresh_token_not_found', 'Refresh Token Not Found');
	const user = await findUser(database, { id: session.user_id });
	if (!user) throw refused('session_not_found', 'No Valid Session Found');
	if (isBanned(user)) throw refused('user_banned', 'User Banned');
	if (session.not_after && session.not_after.getTime() < Date.now())
		throw refused('session_expired', 'Session Expired');

	let next: string;
	if (current.revoked) {
		const [active] = await database<RefreshTokenRow[]>`
			select * from auth.refresh_tokens where session_id = ${session.id} and not revoked order by id desc limit 1`;
		const recent = Date.now() - current.updated_at.getTime() <= auth.configuration.reuseInterval * 1000;
		if (!active || (active.parent !== token && !recent)) {
			if (auth.configuration.rotation) {
				await database`update auth.refresh_tokens set revoked = true, updated_at = clock_timestamp() where session_id = ${session.id} and not revoked`;
			}
			return refused('refresh_token_already_used', 'Already Used');
		}
		next = active.token;
	} else {
		await audit(database, request, user, 'token_revoked');
		await database`update auth.refresh_tokens set revoked = true, updated_at = clock_timestamp() where token = ${token}`;
		next = await addRefreshToken(database, session, token);
	}
	await audit(database, request, user, 'token_refreshed');
	await database`
		update auth.sessions
		set refreshed_at = timezone('utc', now()), updated_at = now(),
			user_agent = ${request.req.header('user-agent') ?? null}, ip = ${clientAddress(request)}
		where id = ${session.id}`;
	return sessionResponse(auth, database, user, session.id, next);
}
