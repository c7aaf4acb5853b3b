import { randomUUID } from 'node:crypto';
import type { JSONValue } from 'postgres';
import { failed } from './errors.ts';
import { createEmailIdentity, presentIdentity, providersOf } from './identities.ts';
import type { IdentityRow } from './identities.ts';
import type { Database } from './request.ts';

export const audience = 'authenticated';
/** Every row of a project carries this; rows of seeds that leave it out are not found, as on hosted projects. */
export const instance = '00000000-0000-0000-0000-000000000000';

export type Metadata = Record<string, unknown>;

export interface FactorRow {
	id: string;
	user_id: string;
	friendly_name: string | null;
	factor_type: string;
	status: 'unverified' | 'verified';
	secret: string | null;
	created_at: string;
	updated_at: string;
	last_challenged_at: string | null;
}

/** A row of auth.users with the account's identities and factors, oldest first. */
export interface User {
	id: string;
	aud: string;
	role: string;
	email: string | null;
	phone: string | null;
	encrypted_password: string | null;
	email_confirmed_at: Date | null;
	phone_confirmed_at: Date | null;
	confirmed_at: Date | null;
	invited_at: Date | null;
	confirmation_token: string;
	confirmation_sent_at: Date | null;
	recovery_token: string;
	recovery_sent_at: Date | null;
	email_change: string;
	email_change_token_new: string;
	email_change_token_current: string;
	email_change_sent_at: Date | null;
	email_change_confirm_status: number;
	reauthentication_token: string;
	reauthentication_sent_at: Date | null;
	last_sign_in_at: Date | null;
	raw_app_meta_data: Metadata | null;
	raw_user_meta_data: Metadata | null;
	created_at: Date;
	updated_at: Date;
	banned_until: Date | null;
	deleted_at: Date | null;
	is_anonymous: boolean;
	identities: IdentityRow[];
	factors: FactorRow[];
}

/** The columns of auth.users that are written by name. */
export type Changes = { [column: string]: string | number | boolean | Date | null };

const textColumns = [
	'aud',
	'role',
	'confirmation_token',
	'recovery_token',
	'email_change',
	'email_change_token_new',
	'email_change_token_current',
	'reauthentication_token'
] as const;

/** Null in these columns breaks hosted Auth, so a seed that leaves them null must not pass here. */
function assertReadable(user: User): User {
	const broken = textColumns.find((column) => user[column] === null);
	if (broken) {
		throw failed(
			'Database error querying schema',
			new Error(`auth.users.${broken} is null for ${user.id}; hosted Auth cannot read such a row: insert '' instead`)
		);
	}
	return user;
}

/** One account by its id or by its address (lower case); null when there is none. */
export async function findUser(database: Database, key: { id: string } | { email: string }): Promise<User | null> {
	const [user] = await database<User[]>`
		select u.*,
			(select coalesce(jsonb_agg(to_jsonb(i) order by i.created_at), '[]') from auth.identities i where i.user_id = u.id) as identities,
			(select coalesce(jsonb_agg(to_jsonb(f) order by f.created_at), '[]') from auth.mfa_factors f where f.user_id = u.id) as factors
		from auth.users u
		where u.instance_id = ${instance} and ${
			'id' in key
				? database`u.id = ${key.id}`
				: database`lower(u.email) = ${key.email.toLowerCase()} and u.aud = ${audience} and not u.is_sso_user`
		}`;
	return user ? assertReadable(user) : null;
}

/** The account as it is now, in a transaction that knows it exists. */
export async function reload(database: Database, { id }: { id: string }): Promise<User> {
	return (await findUser(database, { id }))!;
}

/** The account, which nobody else may change until the transaction ends; null when there is none. */
export async function lockUser(database: Database, { id }: { id: string }): Promise<User | null> {
	await database`select 1 from auth.users where id = ${id} for update`;
	return findUser(database, { id });
}

export interface NewUser {
	id?: string;
	email: string | null;
	passwordHash: string | null;
	userMetadata: Metadata;
	appMetadata: Metadata;
	role?: string;
	anonymous?: boolean;
}

/** Inserts an account, running the project's own triggers. Metadata is stored as a JSON object. */
export async function insertUser(database: Database, user: NewUser): Promise<User> {
	const id = user.id ?? randomUUID();
	try {
		await database`
			insert into auth.users (
				instance_id, id, aud, role, email, encrypted_password, raw_app_meta_data, raw_user_meta_data, is_anonymous,
				confirmation_token, recovery_token, email_change, email_change_token_new, created_at, updated_at
			) values (
				${instance}, ${id}, ${audience}, ${user.role ?? 'authenticated'}, ${user.email}, ${user.passwordHash},
				${database.json(user.appMetadata as JSONValue)}, ${database.json(user.userMetadata as JSONValue)}, ${user.anonymous ?? false},
				'', '', '', '', now(), now()
			)`;
	} catch (error) {
		if ((error as { constraint_name?: string }).constraint_name === 'users_email_partial_key') throw error;
		throw failed('Database error saving new user', error);
	}
	return reload(database, { id });
}

/** Inserts an account that signs in by e-mail, with its identity, which also keeps `known` of the person. */
export async function insertEmailUser(
	database: Database,
	user: NewUser & { email: string },
	known: Metadata = {}
): Promise<User> {
	const made = await insertUser(database, user);
	await createEmailIdentity(database, made.id, { ...known, email: user.email });
	return reload(database, made);
}

export async function updateUser(database: Database, { id }: { id: string }, changes: Changes): Promise<void> {
	await database`update auth.users set ${database(changes)}, updated_at = now() where id = ${id}`;
}

/** Merges into the metadata of an account; a null removes its key. */
export async function mergeMetadata(
	database: Database,
	{ id }: { id: string },
	kind: 'app' | 'user',
	changes: Metadata
): Promise<void> {
	const column = database(kind === 'app' ? 'raw_app_meta_data' : 'raw_user_meta_data');
	const removed = Object.keys(changes).filter((key) => changes[key] === null);
	const kept = Object.fromEntries(Object.entries(changes).filter(([, value]) => value !== null));
	await database`
		update auth.users
		set ${column} = (coalesce(${column}, '{}') || ${database.json(kept as JSONValue)}) - ${removed}::text[], updated_at = now()
		where id = ${id}`;
}

/** Brings `provider` and `providers` of the app metadata in line with the identities. */
export async function refreshProviders(database: Database, { id }: { id: string }): Promise<void> {
	const providers = await providersOf(database, id);
	await mergeMetadata(
		database,
		{ id },
		'app',
		providers.length > 0 ? { provider: providers[0], providers } : { providers }
	);
}

/** Marks the address as the person's own, which ends all links and codes on their way. */
export async function confirmEmail(database: Database, user: { id: string }): Promise<void> {
	await updateUser(database, user, { confirmation_token: '', email_confirmed_at: new Date() });
	await mergeMetadata(database, user, 'user', { email_verified: true });
	await database`delete from auth.one_time_tokens where user_id = ${user.id}`;
}

export const isConfirmed = (user: User) => user.email_confirmed_at !== null;
export const isBanned = (user: User) => user.banned_until !== null && user.banned_until.getTime() > Date.now();
export const hasVerifiedFactor = (user: User) => user.factors.some((factor) => factor.status === 'verified');

/** The account as the API shows it; what is empty is left out where GoTrue leaves it out. */
export function presentUser(user: User): Record<string, unknown> {
	const time = (value: Date | string | null) => (value === null ? undefined : new Date(value).toISOString());
	return {
		id: user.id,
		aud: user.aud,
		role: user.role,
		email: user.email ?? '',
		email_confirmed_at: time(user.email_confirmed_at),
		invited_at: time(user.invited_at),
		phone: user.phone ?? '',
		phone_confirmed_at: time(user.phone_confirmed_at),
		confirmation_sent_at: time(user.confirmation_sent_at),
		confirmed_at: time(user.confirmed_at),
		recovery_sent_at: time(user.recovery_sent_at),
		new_email: user.email_change || undefined,
		email_change_sent_at: time(user.email_change_sent_at),
		reauthentication_sent_at: time(user.reauthentication_sent_at),
		last_sign_in_at: time(user.last_sign_in_at),
		app_metadata: user.raw_app_meta_data ?? {},
		user_metadata: user.raw_user_meta_data ?? {},
		factors: user.factors.length === 0 ? undefined : user.factors.map(presentFactor),
		identities: user.identities.map(presentIdentity),
		created_at: time(user.created_at),
		updated_at: time(user.updated_at),
		banned_until: time(user.banned_until),
		deleted_at: time(user.deleted_at),
		is_anonymous: user.is_anonymous
	};
}

function presentFactor(factor: FactorRow): Record<string, unknown> {
	return {
		id: factor.id,
		created_at: new Date(factor.created_at).toISOString(),
		updated_at: new Date(factor.updated_at).toISOString(),
		status: factor.status,
		friendly_name: factor.friendly_name || undefined,
		factor_type: factor.factor_type,
		last_challenged_at: factor.last_challenged_at ? new Date(factor.last_challenged_at).toISOString() : undefined
	};
}
