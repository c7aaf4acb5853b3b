import { Hono } from 'hono';
import type { Env } from '../../service.ts';
import { addressWith, errorValues, sessionAddress } from '../addresses.ts';
import { audit } from '../audit.ts';
import { AuthError, invalid } from '../errors.ts';
import { issueCode } from '../flows.ts';
import { updateEmailIdentity } from '../identities.ts';
import { hashPassword, unknownPassword } from '../passwords.ts';
import { readBody, readEmail, redirectTarget, text } from '../requests.ts';
import type { AuthRequest, Database } from '../request.ts';
import type { Auth } from '../service.ts';
import { startSession } from '../sessions.ts';
import type { Method } from '../sessions.ts';
import { claimToken, dropToken, hashToken, isExpired, pkcePrefix } from '../tokens.ts';
import type { TokenKind } from '../tokens.ts';
import { confirmEmail, isBanned, isConfirmed, refreshProviders, reload, updateUser } from '../users.ts';
import type { User } from '../users.ts';

const kinds: Record<string, TokenKind[]> = {
	email: ['confirmation', 'recovery'],
	signup: ['confirmation'],
	invite: ['confirmation'],
	recovery: ['recovery'],
	magiclink: ['recovery'],
	email_change: ['email_change_new', 'email_change_current']
};

const halfway = 'Confirmation link accepted. Please proceed to confirm link sent to the other email';

interface Proof {
	type: string;
	/** stored hashes that the given token may have */
	hashes: string[];
	refusal: string;
}

/** Finds whose token it is and that it still holds. */
async function check(
	auth: Auth,
	database: Database,
	{ type, hashes, refusal }: Proof
): Promise<{ user: User; kind: TokenKind }> {
	const expected = kinds[type];
	if (!expected) throw invalid('Invalid email verification type');
	const expired = new AuthError(403, 'otp_expired', refusal);
	const claimed = await claimToken(database, hashes, expected);
	if (!claimed) throw expired;
	if (isBanned(claimed.user)) throw new AuthError(403, 'user_banned', 'User is banned');
	if (isExpired(claimed.user, claimed.kind, auth.configuration.otpExpiry)) throw expired;
	return claimed;
}

async function confirmSignup(database: Database, request: AuthRequest, user: User): Promise<void> {
	// Who was invited has no password yet; until one is chosen nobody knows it.
	if (!user.encrypted_password && user.invited_at) {
		await updateUser(database, user, { encrypted_password: await hashPassword(unknownPassword()) });
	}
	await audit(database, request, user, 'user_signedup', { provider: 'email' });
	await confirmEmail(database, user);
	await updateEmailIdentity(database, user.id, { email_verified: true });
}

async function acceptRecovery(database: Database, request: AuthRequest, user: User): Promise<void> {
	await updateUser(database, user, { recovery_token: '' });
	await database`delete from auth.one_time_tokens where user_id = ${user.id}`;
	await audit(database, request, user, isConfirmed(user) ? 'login' : 'user_signedup');
	if (!isConfirmed(user)) await confirmEmail(database, user);
}

/** Takes one side's consent to a new address; false while the other side's is missing. */
async function acceptEmailChange(
	auth: Auth,
	database: Database,
	request: AuthRequest,
	user: User,
	kind: TokenKind
): Promise<boolean> {
	const { doubleConfirm, autoconfirm } = auth.configuration;
	if (doubleConfirm && !autoconfirm && user.email_change_confirm_status === 0 && user.email) {
		await dropToken(database, user, kind);
		await updateUser(database, user, { email_change_confirm_status: 1 });
		return false;
	}
	await audit(database, request, user, 'user_modified');
	await updateEmailIdentity(database, user.id, { email: user.email_change, email_verified: true });
	await updateUser(database, user, {
		email: user.email_change,
		email_change: '',
		email_change_token_new: '',
		email_change_token_current: '',
		email_change_confirm_status: 0,
		is_anonymous: false
	});
	await database`delete from auth.one_time_tokens where user_id = ${user.id}`;
	if (!isConfirmed(user)) await confirmEmail(database, user);
	return true;
}

/** Spends a token; null when the change it belongs to waits for the other side. */
async function spend(auth: Auth, database: Database, request: AuthRequest, proof: Proof): Promise<User | null> {
	const { user, kind } = await check(auth, database, proof);
	if (kind === 'confirmation') await confirmSignup(database, request, user);
	else if (kind === 'recovery') await acceptRecovery(database, request, user);
	else if (!(await acceptEmailChange(auth, database, request, user, kind))) return null;
	await refreshProviders(database, user);
	return reload(database, user);
}

async function verifyPosted(auth: Auth, request: AuthRequest): Promise<Response> {
	const body = await readBody(request);
	const [type, token, hash, address] = ['type', 'token', 'token_hash', 'email'].map((name) => text(body, name)) as [
		string,
		string,
		string,
		string
	];
	if (type === '') throw invalid('Verify requires a verification type');
	if ((token === '') === (hash === '')) throw invalid('Verify requires either a token or a token hash');
	if (token !== '' && address === '')
		throw invalid('Only an email address or phone number should be provided on verify');
	if (hash !== '' && (address !== '' || text(body, 'phone') !== '' || text(body, 'redirect_to') !== '')) {
		throw invalid('Only the token_hash and type should be provided');
	}
	const proof: Proof = { type, hashes: [hash], refusal: 'Email link is invalid or has expired' };
	if (token !== '') {
		const stored = hashToken(readEmail(address), token);
		proof.hashes = [stored, pkcePrefix + stored];
		proof.refusal = 'Token has expired or is invalid';
	}
	const session = await auth.transaction(async (database) => {
		const user = await spend(auth, database, request, proof);
		return user && startSession(auth, database, request, user, 'otp');
	});
	return request.json(session ?? { msg: halfway, code: '200' });
}

const methodOf = (type: string) => (type === 'signup' || type === 'email' ? 'email/signup' : type) as Method;

/** A link in a mail leads here, and on to where the person wanted to go: with a code, a session or an error. */
async function verifyFollowed(auth: Auth, request: AuthRequest): Promise<Response> {
	const type = request.req.query('type') ?? '';
	const hash = request.req.query('token') ?? '';
	if (type === '') throw invalid('Verify requires a verification type');
	if (hash === '') throw invalid('Verify requires a token or a token hash');
	const target = redirectTarget(auth, request);
	const pkce = hash.startsWith(pkcePrefix);
	try {
		const address = await auth.transaction(async (database) => {
			const user = await spend(auth, database, request, {
				type,
				hashes: [hash],
				refusal: 'Email link is invalid or has expired'
			});
			if (!user) return addressWith(target, { message: halfway }, { inQuery: pkce });
			if (!pkce) return sessionAddress(target, await startSession(auth, database, request, user, 'otp'), { type });
			const url = new URL(target);
			url.searchParams.set('code', await issueCode(database, user, methodOf(type)));
			return url.toString();
		});
		return request.redirect(address, 303);
	} catch (error) {
		if (!(error instanceof AuthError)) throw error;
		return request.redirect(addressWith(target, errorValues(error), { inQuery: pkce }), 303);
	}
}

/** GET and POST /verify. */
export function verify(auth: Auth): Hono<Env> {
	return new Hono<Env>()
		.get('/verify', (request) => verifyFollowed(auth, request))
		.post('/verify', (request) => verifyPosted(auth, request));
}
