import { createHash, randomInt, randomUUID } from 'node:crypto';
import type { Database } from './request.ts';
import { lockUser, updateUser } from './users.ts';
import type { User } from './users.ts';

/** What a one-time token is for; each has its hash and its time of sending on the account's row too. */
export type TokenKind = 'confirmation' | 'recovery' | 'reauthentication' | 'email_change_new' | 'email_change_current';

export const columns = {
	confirmation: { token: 'confirmation_token', sent: 'confirmation_sent_at' },
	recovery: { token: 'recovery_token', sent: 'recovery_sent_at' },
	reauthentication: { token: 'reauthentication_token', sent: 'reauthentication_sent_at' },
	email_change_new: { token: 'email_change_token_new', sent: 'email_change_sent_at' },
	email_change_current: { token: 'email_change_token_current', sent: 'email_change_sent_at' }
} as const;

/** Marks hashes whose link leads to a code that only the browser that asked can trade. */
export const pkcePrefix = 'pkce_';

/** A code of so many digits, never starting short: leading zeros are kept. */
export function newCode(length: number): string {
	return Array.from({ length }, () => randomInt(10)).join('');
}

/** What is stored in place of a code: it proves code and address together. */
export function hashToken(address: string, code: string): string {
	return createHash('sha224')
		.update(address + code)
		.digest('hex');
}

/** Keeps the hash of a code that is being sent to `address`, in place of an earlier one of its kind. */
export async function storeToken(
	database: Database,
	user: { id: string },
	kind: TokenKind,
	address: string,
	hash: string
): Promise<void> {
	const { token, sent } = columns[kind];
	await updateUser(database, user, { [token]: hash, [sent]: new Date() });
	await database`delete from auth.one_time_tokens where user_id = ${user.id} and token_type = ${token}`;
	await database`
		insert into auth.one_time_tokens (id, user_id, token_type, token_hash, relates_to)
		values (${randomUUID()}, ${user.id}, ${token}, ${hash}, ${address.toLowerCase()})`;
}

/** Forgets the token of one kind. */
export async function dropToken(database: Database, user: { id: string }, kind: TokenKind): Promise<void> {
	await updateUser(database, user, { [columns[kind].token]: '' });
	await database`delete from auth.one_time_tokens where user_id = ${user.id} and token_type = ${columns[kind].token}`;
}

/**
 * Whose token a hash is and of which kind; null when nobody's. The account is locked, so that a token is spent once
 * and the two sides of a change of address come one after the other.
 */
export async function claimToken(
	database: Database,
	hashes: string[],
	kinds: TokenKind[]
): Promise<{ user: User; kind: TokenKind } | null> {
	const types = kinds.map((kind) => columns[kind].token);
	const find = () => database<{ user_id: string; token_type: string }[]>`
		select user_id, token_type from auth.one_time_tokens
		where token_hash in ${database(hashes)} and token_type::text in ${database(types)} limit 1`;
	const [seen] = await find();
	const user = seen && (await lockUser(database, { id: seen.user_id }));
	if (!user) return null;
	const [row] = await find();
	return row ? { user, kind: kinds.find((kind) => columns[kind].token === row.token_type)! } : null;
}

/** Whether a token of this kind was sent too long ago; `expiry` in seconds. */
export function isExpired(user: User, kind: TokenKind, expiry: number): boolean {
	const sentAt = user[columns[kind].sent];
	return sentAt === null || sentAt.getTime() + expiry * 1000 < Date.now();
}
