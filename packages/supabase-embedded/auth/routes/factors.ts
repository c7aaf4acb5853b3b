import { randomUUID } from 'node:crypto';
import { Hono } from 'hono';
import { Secret, TOTP } from 'otpauth';
import { renderSVG } from 'uqr';
import type { Env } from '../../service.ts';
import { audit } from '../audit.ts';
import { clientAddress } from '../client.ts';
import { AuthError, invalid } from '../errors.ts';
import { afterFactorCode } from '../hooks.ts';
import { authenticateSession, isUuid, readBody, text } from '../requests.ts';
import type { AuthRequest, Database } from '../request.ts';
import type { Auth } from '../service.ts';
import { addMethod, addRefreshToken, sessionResponse } from '../sessions.ts';
import type { SessionResponse, SessionRow } from '../sessions.ts';
import { hasVerifiedFactor, lockUser, reload } from '../users.ts';
import type { FactorRow, User } from '../users.ts';

/** How long a challenge may be answered, in seconds. */
const challengeLifetime = 300;

interface ChallengeRow {
	id: string;
	created_at: Date;
	verified_at: Date | null;
	ip_address: string;
}

const totp = (secret: string) =>
	new TOTP({ secret: Secret.fromBase32(secret), algorithm: 'SHA1', digits: 6, period: 30 });

/** The factor named in the path, which must be the caller's own. */
async function owned(
	auth: Auth,
	request: AuthRequest
): Promise<{ user: User; session: SessionRow; factor: FactorRow }> {
	const { user, session } = await authenticateSession(auth, request);
	const id = request.req.param('id') ?? '';
	if (!isUuid(id)) throw new AuthError(404, 'validation_failed', 'factor_id must be an UUID');
	const factor = user.factors.find((candidate) => candidate.id === id);
	if (!factor) throw new AuthError(404, 'mfa_factor_not_found', 'Factor not found');
	return { user, session, factor };
}

async function enrol(auth: Auth, request: AuthRequest): Promise<Response> {
	const { user, session } = await authenticateSession(auth, request);
	const body = await readBody(request);
	const type = text(body, 'factor_type');
	if (type !== 'totp') throw invalid('factor_type needs to be totp');
	const { configuration } = auth;
	if (!configuration.totp.enroll)
		throw new AuthError(422, 'mfa_totp_enroll_not_enabled', 'MFA enroll is disabled for TOTP');
	const name = text(body, 'friendly_name');
	if (user.factors.some((factor) => (factor.friendly_name ?? '') === name)) {
		throw new AuthError(
			422,
			'mfa_factor_name_conflict',
			`A factor with the friendly name "${name}" for this user already exists`
		);
	}
	if (user.factors.length >= configuration.maxFactors) {
		throw new AuthError(
			422,
			'too_many_enrolled_mfa_factors',
			'Maximum number of verified factors reached, unenroll to continue'
		);
	}
	if (hasVerifiedFactor(user) && session.aal !== 'aal2') {
		throw new AuthError(403, 'insufficient_aal', 'AAL2 required to enroll a new factor');
	}

	const secret = new Secret({ size: 20 }).base32;
	const issuer = text(body, 'issuer') || new URL(configuration.siteUrl).host;
	const uri = new TOTP({
		issuer,
		label: user.email ?? user.id,
		secret: Secret.fromBase32(secret),
		algorithm: 'SHA1',
		digits: 6,
		period: 30
	}).toString();
	const id = randomUUID();
	await auth.transaction(async (database) => {
		await database`
			insert into auth.mfa_factors (id, user_id, friendly_name, factor_type, status, created_at, updated_at, secret)
			values (${id}, ${user.id}, ${name}, 'totp', 'unverified', now(), now(), ${secret})`;
		await audit(database, request, user, 'factor_in_progress', { factor_id: id });
	});
	return request.json({ id, type, friendly_name: name, totp: { qr_code: renderSVG(uri, { ecc: 'H' }), secret, uri } });
}

async function challenge(auth: Auth, request: AuthRequest): Promise<Response> {
	const { user, factor } = await owned(auth, request);
	if (!auth.configuration.totp.verify)
		throw new AuthError(422, 'mfa_totp_verify_not_enabled', 'MFA verification is disabled for TOTP');
	const id = randomUUID();
	await auth.transaction(async (database) => {
		await database`
			insert into auth.mfa_challenges (id, factor_id, created_at, ip_address) values (${id}, ${factor.id}, now(), ${clientAddress(request)})`;
		await database`update auth.mfa_factors set last_challenged_at = clock_timestamp() where id = ${factor.id}`;
		await audit(database, request, user, 'challenge_created', { factor_id: factor.id, factor_status: factor.status });
	});
	return request.json({ id, type: factor.factor_type, expires_at: Math.floor(Date.now() / 1000) + challengeLifetime });
}

/** Raises the session to aal2; its present refresh token gives way to one that carries the new level. */
async function raise(
	auth: Auth,
	database: Database,
	user: User,
	session: SessionRow,
	factor: FactorRow
): Promise<SessionResponse> {
	await addMethod(database, session.id, 'totp');
	await database`update auth.sessions set aal = 'aal2', factor_id = ${factor.id}, updated_at = now() where id = ${session.id}`;
	const [active] = await database<{ token: string }[]>`
		update auth.refresh_tokens set revoked = true, updated_at = clock_timestamp()
		where session_id = ${session.id} and not revoked
		returning token`;
	const next = await addRefreshToken(database, session, active?.token ?? null);
	return sessionResponse(auth, database, await reload(database, user), session.id, next);
}

async function verifyCode(auth: Auth, request: AuthRequest): Promise<Response> {
	const { user, session, factor } = await owned(auth, request);
	if (!auth.configuration.totp.verify)
		throw new AuthError(422, 'mfa_totp_verify_not_enabled', 'MFA verification is disabled for TOTP');
	const body = await readBody(request);
	const challengeId = text(body, 'challenge_id');
	const [asked] = isUuid(challengeId)
		? await auth.database<
				ChallengeRow[]
			>`select * from auth.mfa_challenges where id = ${challengeId} and factor_id = ${factor.id}`
		: [];
	if (!asked) throw new AuthError(422, 'mfa_factor_not_found', 'MFA factor with the provided challenge ID not found');
	if (asked.verified_at || asked.ip_address !== clientAddress(request)) {
		throw new AuthError(422, 'mfa_ip_address_mismatch', 'Challenge and verify IP addresses mismatch.');
	}
	if (asked.created_at.getTime() + challengeLifetime * 1000 < Date.now()) {
		const message = `MFA challenge ${asked.id} has expired, verify against another challenge or create a new challenge.`;
		throw new AuthError(422, 'mfa_challenge_expired', message);
	}
	const valid = totp(factor.secret!).validate({ token: text(body, 'code'), window: 1 }) !== null;
	await afterFactorCode(auth, request, user, factor, valid);
	if (!valid) {
		throw new AuthError(422, 'mfa_verification_failed', 'Invalid TOTP code entered');
	}

	const answer = await auth.transaction(async (database) => {
		await lockUser(database, user);
		const spent =
			await database`update auth.mfa_challenges set verified_at = now() where id = ${asked.id} and verified_at is null returning id`;
		if (spent.length === 0) throw new AuthError(422, 'mfa_verification_failed', 'Invalid TOTP code entered');
		await audit(database, request, user, 'verification_attempted', {
			factor_id: factor.id,
			challenge_id: asked.id,
			factor_type: 'totp'
		});
		await database`update auth.mfa_factors set status = 'verified', updated_at = now() where id = ${factor.id} and status = 'unverified'`;
		await database`delete from auth.mfa_factors where user_id = ${user.id} and status = 'unverified' and factor_type = 'totp'`;
		const raised = await raise(auth, database, user, session, factor);
		// Whoever else is signed in with the password alone has to come back with the second factor.
		await database`delete from auth.sessions where user_id = ${user.id} and aal < 'aal2'`;
		return raised;
	});
	return request.json(answer);
}

async function unenrol(auth: Auth, request: AuthRequest): Promise<Response> {
	const { user, session, factor } = await owned(auth, request);
	if (factor.status === 'verified' && session.aal !== 'aal2') {
		throw new AuthError(422, 'insufficient_aal', 'AAL2 required to unenroll verified factor');
	}
	await auth.transaction(async (database) => {
		await database`delete from auth.mfa_factors where id = ${factor.id}`;
		await audit(database, request, user, 'factor_unenrolled', { factor_id: factor.id, session_id: session.id });
		await database`update auth.sessions set aal = 'aal1', factor_id = null where user_id = ${user.id} and factor_id = ${factor.id}`;
	});
	return request.json({ id: factor.id });
}

/** /factors: the second factor by authenticator app. */
export function factors(auth: Auth): Hono<Env> {
	return new Hono<Env>()
		.post('/factors', (request) => enrol(auth, request))
		.post('/factors/:id/challenge', (request) => challenge(auth, request))
		.post('/factors/:id/verify', (request) => verifyCode(auth, request))
		.delete('/factors/:id', (request) => unenrol(auth, request));
}
