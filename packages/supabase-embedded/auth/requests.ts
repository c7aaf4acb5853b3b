import type { JWTPayload } from 'jose';
import { AuthError, invalid } from './errors.ts';
import { mayRedirect } from './redirects.ts';
import type { AuthRequest } from './request.ts';
import type { Auth } from './service.ts';
import { findSession } from './sessions.ts';
import type { SessionRow } from './sessions.ts';
import { findUser, isBanned } from './users.ts';
import type { User } from './users.ts';

export type Body = Record<string, unknown>;

/** The JSON object a request carries; `{}` when its body is empty. */
export async function readBody(request: AuthRequest): Promise<Body> {
	const text = await request.req.text();
	if (text === '') return {};
	let value: unknown;
	try {
		value = JSON.parse(text);
	} catch (error) {
		throw new AuthError(400, 'bad_json', `Could not parse request body as JSON: ${(error as Error).message}`);
	}
	if (typeof value !== 'object' || value === null || Array.isArray(value)) {
		throw new AuthError(400, 'bad_json', 'Could not parse request body as JSON: an object is expected');
	}
	return value as Body;
}

/** A text of the body, '' when it is absent. */
export function text(body: Body, name: string): string {
	const value = body[name];
	if (value === undefined || value === null) return '';
	if (typeof value !== 'string')
		throw new AuthError(400, 'bad_json', `Could not parse request body as JSON: ${name} must be a string`);
	return value;
}

/** An object of the body, undefined when it is absent. */
export function object(body: Body, name: string): Record<string, unknown> | undefined {
	const value = body[name];
	if (value === undefined || value === null) return undefined;
	if (typeof value !== 'object' || Array.isArray(value)) {
		throw new AuthError(400, 'bad_json', `Could not parse request body as JSON: ${name} must be an object`);
	}
	return value as Record<string, unknown>;
}

/** An address in lower case. */
export function readEmail(address: string): string {
	if (address === '') throw invalid('An email address is required');
	if (address.length > 255) throw invalid('An email address is too long');
	if (
		!/^[a-z0-9.!#$%&'*+/=?^_`{|}~-]+@[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?(?:\.[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?)*$/i.test(
			address
		)
	) {
		throw invalid('Unable to validate email address: invalid format');
	}
	return address.toLowerCase();
}

export const isUuid = (value: string) => /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(value);

/** Where a followed link shall lead: `redirect_to` or the referrer when the configuration lists it, else the site. */
export function redirectTarget(auth: Auth, request: AuthRequest, wanted = ''): string {
	const { siteUrl, redirectPatterns } = auth.configuration;
	const candidates = [
		wanted,
		request.req.header('redirect_to'),
		request.req.query('redirect_to'),
		request.req.header('referer')
	];
	return candidates.find((target) => target && mayRedirect(target, siteUrl, redirectPatterns)) ?? siteUrl;
}

/** The claims of the bearer's token. */
async function bearerClaims(auth: Auth, request: AuthRequest): Promise<JWTPayload> {
	const bearer = /^bearer\s+(\S+)$/i.exec(request.req.header('authorization') ?? '')?.[1];
	// An opaque key alone stands for its role, as the hosted gateway has it.
	const opaqueKey = /^sb_(publishable|secret)_/.test(request.req.header('apikey') ?? '');
	if (!bearer && !opaqueKey)
		throw new AuthError(401, 'no_authorization', 'This endpoint requires a valid Bearer token');
	const caller = request.get('caller');
	if (caller.token !== '') return caller.claims;
	try {
		return await auth.keys.verify(bearer!);
	} catch (error) {
		const expired = (error as { code?: string }).code === 'ERR_JWT_EXPIRED';
		const reason = expired ? 'token has invalid claims: token is expired' : (error as Error).message;
		throw new AuthError(403, 'bad_jwt', `invalid JWT: unable to parse or verify signature, ${reason}`);
	}
}

/** The person who calls, with the session the access token belongs to. */
export async function authenticate(
	auth: Auth,
	request: AuthRequest
): Promise<{ user: User; session: SessionRow | null }> {
	const { sub, session_id: sessionId } = await bearerClaims(auth, request);
	if (!sub) throw new AuthError(403, 'bad_jwt', 'invalid claim: missing sub claim');
	if (!isUuid(sub)) throw new AuthError(400, 'bad_jwt', 'invalid claim: sub claim must be a UUID');
	const user = await findUser(auth.database, { id: sub });
	if (!user) throw new AuthError(403, 'user_not_found', 'User from sub claim in JWT does not exist');
	const session =
		typeof sessionId === 'string' && isUuid(sessionId) ? await findSession(auth.database, sessionId) : null;
	if (sessionId && !session)
		throw new AuthError(403, 'session_not_found', 'Session from session_id claim in JWT does not exist');
	if (isBanned(user)) throw new AuthError(403, 'user_banned', 'User is banned');
	return { user, session };
}

/** Like `authenticate`, for what needs a session to change: a token without one is refused. */
export async function authenticateSession(
	auth: Auth,
	request: AuthRequest
): Promise<{ user: User; session: SessionRow }> {
	const { user, session } = await authenticate(auth, request);
	if (!session) throw new AuthError(403, 'session_not_found', 'A valid session is required');
	return { user, session };
}

/** Lets only the service role pass. */
export async function requireAdmin(auth: Auth, request: AuthRequest): Promise<void> {
	const { role } = await bearerClaims(auth, request);
	if (role !== 'service_role' && role !== 'supabase_admin') throw new AuthError(403, 'not_admin', 'User not allowed');
}
