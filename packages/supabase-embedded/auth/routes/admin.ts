import { createHash } from 'node:crypto';
import { Hono } from 'hono';
import type { Env } from '../../service.ts';
import { audit } from '../audit.ts';
import { parseDuration } from '../configuration.ts';
import { AuthError, failed, invalid } from '../errors.ts';
import { updateEmailIdentity } from '../identities.ts';
import { assertStrong, hashPassword, unknownPassword } from '../passwords.ts';
import { isUuid, object, readBody, readEmail, requireAdmin, text } from '../requests.ts';
import type { Body } from '../requests.ts';
import type { AuthRequest, Database } from '../request.ts';
import type { Auth } from '../service.ts';
import { endSessions } from '../sessions.ts';
import {
	audience,
	confirmEmail,
	findUser,
	insertEmailUser,
	instance,
	mergeMetadata,
	presentUser,
	reload,
	updateUser
} from '../users.ts';
import type { User } from '../users.ts';
import { setPassword } from './user.ts';

const taken = () => new AuthError(422, 'email_exists', 'A user with this email address has already been registered');

/** Until when `ban_duration` bans: null lifts a ban, undefined leaves it as it is. */
function banEnd(body: Body): Date | null | undefined {
	const duration = text(body, 'ban_duration');
	if (duration === '') return undefined;
	if (duration === 'none') return null;
	const length = parseDuration(duration);
	if (length === null) throw invalid(`invalid format for ban duration: time: invalid duration "${duration}"`);
	return length === 0 ? null : new Date(Date.now() + length);
}

async function named(auth: Auth, request: AuthRequest): Promise<User> {
	await requireAdmin(auth, request);
	const id = request.req.param('id') ?? '';
	if (!isUuid(id)) throw new AuthError(404, 'validation_failed', 'user_id must be an UUID');
	const user = await findUser(auth.database, { id });
	if (!user) throw new AuthError(404, 'user_not_found', 'User not found');
	return user;
}

async function create(auth: Auth, request: AuthRequest): Promise<Response> {
	await requireAdmin(auth, request);
	const body = await readBody(request);
	if (text(body, 'email') === '' && text(body, 'phone') === '')
		throw invalid('Cannot create a user without either an email or phone');
	if (text(body, 'phone') !== '') throw new AuthError(400, 'phone_provider_disabled', 'Phone signups are disabled');
	const email = readEmail(text(body, 'email'));
	if (await findUser(auth.database, { email })) throw taken();
	const [password, givenHash, id] = [text(body, 'password'), text(body, 'password_hash'), text(body, 'id')];
	if (password !== '' && givenHash !== '') throw invalid('Only a password or a password hash should be provided');
	if (givenHash !== '' && !/^\$2[abxy]?\$\d{2}\$.{53}$/.test(givenHash))
		throw failed('Error creating user', new Error('the password hash is not one of bcrypt'));
	if (Buffer.byteLength(password) > 72) throw invalid('bcrypt: password length exceeds 72 bytes');
	if (id !== '' && (!isUuid(id) || id === instance)) throw invalid('ID must conform to the uuid v4 format');
	const passwordHash = givenHash || (await hashPassword(password || unknownPassword()));
	const bannedUntil = banEnd(body);

	const user = await auth
		.transaction(async (database) => {
			const made = await insertEmailUser(database, {
				...(id !== '' && { id }),
				email,
				passwordHash,
				role: text(body, 'role') || 'authenticated',
				userMetadata: object(body, 'user_metadata') ?? {},
				appMetadata: { provider: 'email', providers: ['email'] }
			});
			await audit(database, request, null, 'user_signedup', { user_id: made.id, user_email: email, provider: 'email' });
			const appMetadata = object(body, 'app_metadata');
			if (appMetadata) await mergeMetadata(database, made, 'app', appMetadata);
			if (body.email_confirm === true) await confirmEmail(database, made);
			if (bannedUntil) await updateUser(database, made, { banned_until: bannedUntil });
			return reload(database, made);
		})
		.catch((error: unknown) => {
			if ((error as { constraint_name?: string }).constraint_name === 'users_email_partial_key') throw taken();
			throw error instanceof AuthError ? failed('Database error creating new user', error.cause) : error;
		});
	return request.json(presentUser(user));
}

async function update(auth: Auth, request: AuthRequest): Promise<Response> {
	const user = await named(auth, request);
	const body = await readBody(request);
	const email = text(body, 'email') === '' ? null : readEmail(text(body, 'email'));
	const bannedUntil = banEnd(body);
	const password = typeof body.password === 'string' ? body.password : null;
	if (password !== null) assertStrong(password, auth.configuration);
	if (email && email !== user.email && (await findUser(auth.database, { email }))) throw taken();
	const hash = password === null ? null : await hashPassword(password);

	const changed = await auth.transaction(async (database) => {
		if (text(body, 'role') !== '') await updateUser(database, user, { role: text(body, 'role') });
		if (body.email_confirm === true) await confirmEmail(database, user);
		if (hash) await setPassword(database, user, hash);
		if (email) {
			const verified = body.email_confirm === true;
			await updateEmailIdentity(database, user.id, { email, email_verified: verified });
			await updateUser(database, user, { email, ...(verified && { is_anonymous: false }) });
		}
		const [appMetadata, userMetadata] = [object(body, 'app_metadata'), object(body, 'user_metadata')];
		if (appMetadata) await mergeMetadata(database, user, 'app', appMetadata);
		if (userMetadata) await mergeMetadata(database, user, 'user', userMetadata);
		if (bannedUntil !== undefined) await updateUser(database, user, { banned_until: bannedUntil });
		await audit(database, request, null, 'user_modified', { user_id: user.id, user_email: user.email ?? '' });
		return reload(database, user);
	});
	return request.json(presentUser(changed));
}

const obscure = (user: User, value: string) =>
	createHash('sha256')
		.update(user.id + value)
		.digest('base64url');

/** Keeps the row, so that what points to it stays, but nothing by which the person could be known. */
async function softDelete(database: Database, user: User): Promise<void> {
	await updateUser(database, user, {
		email: obscure(user, user.email ?? ''),
		phone: obscure(user, user.phone ?? '').slice(0, 15),
		email_change: obscure(user, user.email_change),
		phone_change: obscure(user, '').slice(0, 15),
		encrypted_password: null,
		confirmation_token: '',
		recovery_token: '',
		email_change_token_current: '',
		email_change_token_new: '',
		phone_change_token: '',
		deleted_at: new Date()
	});
	await database`update auth.users set raw_user_meta_data = '{}', raw_app_meta_data = '{}' where id = ${user.id}`;
	for (const identity of user.identities) {
		await database`
			update auth.identities
			set identity_data = '{}', provider_id = ${obscure(user, `${identity.provider}:${identity.provider_id}`)}, updated_at = now()
			where id = ${identity.id}`;
	}
	await database`delete from auth.one_time_tokens where user_id = ${user.id}`;
	await database`delete from auth.mfa_factors where user_id = ${user.id}`;
	await endSessions(database, user.id);
}

async function remove(auth: Auth, request: AuthRequest): Promise<Response> {
	const user = await named(auth, request);
	const soft = (await readBody(request)).should_soft_delete === true;
	await auth
		.transaction(async (database) => {
			await audit(database, request, null, 'user_deleted', { user_id: user.id, user_email: user.email ?? '' });
			if (!soft) await database`delete from auth.users where id = ${user.id}`;
			else if (!user.deleted_at) await softDelete(database, user);
		})
		.catch((error: unknown) => {
			throw failed('Database error deleting user', error);
		});
	return request.json({});
}

function pageNumber(request: AuthRequest, name: string, otherwise: number): number {
	const value = request.req.query(name) ?? '';
	if (value === '') return otherwise;
	if (!/^\d+$/.test(value))
		throw invalid(`Bad Pagination Parameters: strconv.ParseUint: parsing "${value}": invalid syntax`);
	return Math.max(Number(value), 1);
}

async function list(auth: Auth, request: AuthRequest): Promise<Response> {
	await requireAdmin(auth, request);
	const [page, size] = [pageNumber(request, 'page', 1), pageNumber(request, 'per_page', 50)];
	const filter = request.req.query('filter') ?? '';
	const { database } = auth;
	const matching = database`instance_id = ${instance} and aud = ${audience} ${
		filter === ''
			? database``
			: database`and (email like ${`%${filter}%`} or raw_user_meta_data ->> 'full_name' ilike ${`%${filter}%`})`
	}`;
	const [{ total } = { total: 0 }] = await database<
		{ total: number }[]
	>`select count(*)::int as total from auth.users where ${matching}`;
	const ids = await database<{ id: string }[]>`
		select id from auth.users where ${matching} order by created_at desc, id limit ${size} offset ${(page - 1) * size}`;
	const users = await Promise.all(ids.map((row) => findUser(database, row)));

	const last = Math.ceil(total / size);
	const link = (to: number, rel: string) => `</admin/users?page=${to}&per_page=${size}>; rel="${rel}"`;
	request.header('Link', (last > page ? `${link(page + 1, 'next')}, ` : '') + link(last, 'last'));
	request.header('X-Total-Count', String(total));
	return request.json({ users: users.filter((user) => user !== null).map(presentUser), aud: audience });
}

/** /admin/users: accounts as the service role manages them. */
export function admin(auth: Auth): Hono<Env> {
	return new Hono<Env>()
		.get('/admin/users', (request) => list(auth, request))
		.post('/admin/users', (request) => create(auth, request))
		.get('/admin/users/:id', async (request) => request.json(presentUser(await named(auth, request))))
		.put('/admin/users/:id', (request) => update(auth, request))
		.delete('/admin/users/:id', (request) => remove(auth, request));
}
