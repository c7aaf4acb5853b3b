import { randomUUID } from 'node:crypto';
import { Hono } from 'hono';
import type { Env } from '../../service.ts';
import { audit } from '../audit.ts';
import { AuthError, invalid } from '../errors.ts';
import { beforeUser } from '../hooks.ts';
import { sendLetter, verifyLink } from '../letters.ts';
import { assertStrong, hashPassword, unknownPassword } from '../passwords.ts';
import { object, readBody, readEmail, redirectTarget, requireAdmin, text } from '../requests.ts';
import type { AuthRequest, Database } from '../request.ts';
import type { Auth } from '../service.ts';
import { hashToken, newCode, storeToken } from '../tokens.ts';
import { findUser, insertEmailUser, isConfirmed, mergeMetadata, presentUser, reload, updateUser } from '../users.ts';
import type { Metadata, User } from '../users.ts';

const taken = () => new AuthError(422, 'email_exists', 'A user with this email address has already been registered');

interface Order {
	type: string;
	email: string;
	password: string;
	data: Metadata | undefined;
	newEmail: string;
}

const newcomer = ({ email, data }: Order, passwordHash: string | null) => ({
	email,
	passwordHash,
	userMetadata: data ?? {},
	appMetadata: { provider: 'email', providers: ['email'] }
});

const askBeforeNew = (auth: Auth, request: AuthRequest, order: Order) =>
	beforeUser(auth, request, { id: randomUUID(), ...newcomer(order, null) });

/** The account a sign-up or invitation link is for, made when there is none. */
async function claim(database: Database, user: User | null, order: Order, passwordHash: string | null): Promise<User> {
	if (user && isConfirmed(user)) throw taken();
	if (!user) return insertEmailUser(database, newcomer(order, passwordHash));
	if (order.data) await mergeMetadata(database, user, 'user', order.data);
	return user;
}

/** Makes the token that the link carries, and says which type of verification it is. */
async function prepare(
	auth: Auth,
	database: Database,
	user: User | null,
	order: Order,
	code: string,
	passwordHash: string | null
): Promise<{ user: User; hash: string; verify: string }> {
	const { type, email } = order;
	const hash = hashToken(email, code);
	if (type === 'signup' || type === 'invite') {
		const made = await claim(database, user, order, passwordHash);
		await storeToken(database, made, 'confirmation', email, hash);
		if (type === 'invite') await updateUser(database, made, { invited_at: new Date() });
		return { user: made, hash, verify: type };
	}
	if (type === 'magiclink' || type === 'recovery') {
		await storeToken(database, user!, 'recovery', email, hash);
		return { user: user!, hash, verify: type };
	}
	if (type === 'email_change_current' && !auth.configuration.doubleConfirm) {
		throw invalid('Enable secure email change to generate link for current email');
	}
	const newEmail = readEmail(order.newEmail);
	if (newEmail !== email && (await findUser(database, { email: newEmail }))) throw taken();
	await updateUser(database, user!, { email_change: newEmail, email_change_confirm_status: 0 });
	const current = type === 'email_change_current';
	const address = current ? email : newEmail;
	const changeHash = hashToken(address, code);
	await storeToken(database, user!, current ? 'email_change_current' : 'email_change_new', address, changeHash);
	return { user: user!, hash: changeHash, verify: 'email_change' };
}

async function generateLink(auth: Auth, request: AuthRequest): Promise<Response> {
	await requireAdmin(auth, request);
	const body = await readBody(request);
	const order: Order = {
		type: text(body, 'type'),
		email: readEmail(text(body, 'email')),
		password: text(body, 'password'),
		data: object(body, 'data'),
		newEmail: text(body, 'new_email')
	};
	if (!['signup', 'invite', 'magiclink', 'recovery', 'email_change_current', 'email_change_new'].includes(order.type)) {
		throw invalid(`Invalid email action link type requested: ${order.type}`);
	}
	const existing = await findUser(auth.database, { email: order.email });
	if (!existing && order.type === 'magiclink') {
		order.type = 'signup';
		order.password = unknownPassword();
	} else if (!existing && order.type !== 'signup' && order.type !== 'invite') {
		throw new AuthError(404, 'user_not_found', 'User with this email not found');
	}
	let passwordHash: string | null = null;
	if (!existing && order.type === 'signup') {
		if (order.password === '') throw invalid('Signup requires a valid password');
		assertStrong(order.password, auth.configuration);
		passwordHash = await hashPassword(order.password);
	}
	if (!existing) await askBeforeNew(auth, request, order);
	const code = newCode(auth.configuration.otpLength);
	const target = redirectTarget(auth, request, text(body, 'redirect_to'));
	const made = await auth.transaction(async (database) => {
		const { user, hash, verify } = await prepare(auth, database, existing, order, code, passwordHash);
		const action =
			order.type === 'invite'
				? 'user_invited'
				: order.type === 'recovery'
					? 'user_recovery_requested'
					: 'user_modified';
		await audit(database, request, null, action, { user_id: user.id, user_email: order.email });
		return { user: await reload(database, user), hash, verify };
	});
	return request.json({
		...presentUser(made.user),
		action_link: verifyLink(auth, made.hash, made.verify, target),
		email_otp: code,
		hashed_token: made.hash,
		verification_type: order.type,
		redirect_to: target
	});
}

async function invite(auth: Auth, request: AuthRequest): Promise<Response> {
	await requireAdmin(auth, request);
	const body = await readBody(request);
	const email = readEmail(text(body, 'email'));
	const existing = await findUser(auth.database, { email });
	const order: Order = {
		type: 'invite',
		email,
		password: '',
		data: existing ? undefined : object(body, 'data'),
		newEmail: ''
	};
	if (!existing) await askBeforeNew(auth, request, order);
	const user = await auth.transaction(async (database) => {
		const made = await claim(database, existing, order, null);
		await audit(database, request, null, 'user_invited', { user_id: made.id, user_email: email });
		await sendLetter(auth, database, request, made, 'invite');
		return reload(database, made);
	});
	return request.json(presentUser(user));
}

/** POST /admin/generate_link and /invite: links made and sent by the service role. */
export function links(auth: Auth): Hono<Env> {
	return new Hono<Env>()
		.post('/admin/generate_link', (request) => generateLink(auth, request))
		.post('/invite', (request) => invite(auth, request));
}
