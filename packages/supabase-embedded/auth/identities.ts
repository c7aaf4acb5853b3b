import type { JSONValue } from 'postgres';
import type { Database } from './request.ts';

export interface IdentityRow {
	id: string;
	provider_id: string;
	user_id: string;
	identity_data: Record<string, unknown>;
	provider: string;
	email: string | null;
	last_sign_in_at: string | null;
	created_at: string;
	updated_at: string;
}

/** Adds the identity by which an account signs in with its address; `data` is what is known of the person. */
export async function createEmailIdentity(
	database: Database,
	userId: string,
	data: Record<string, unknown>
): Promise<void> {
	const identity = { ...data, sub: userId, email_verified: data.email_verified === true, phone_verified: false };
	await database`
		insert into auth.identities (provider_id, user_id, identity_data, provider, last_sign_in_at, created_at, updated_at)
		values (${userId}, ${userId}, ${database.json(identity as JSONValue)}, 'email', now(), now(), now())`;
}

/** Adds an identity by which an account signs in through a provider; `data.sub` is the provider's name for the person. */
export async function createIdentity(
	database: Database,
	userId: string,
	provider: string,
	data: Record<string, unknown>
): Promise<IdentityRow> {
	const [identity] = await database<IdentityRow[]>`
		insert into auth.identities (provider_id, user_id, identity_data, provider, last_sign_in_at, created_at, updated_at)
		values (${String(data.sub)}, ${userId}, ${database.json(data as JSONValue)}, ${provider}, now(), now(), now())
		returning *`;
	return identity!;
}

/** Merges into what the e-mail identity knows, making the identity when the account has none. */
export async function updateEmailIdentity(
	database: Database,
	userId: string,
	data: Record<string, unknown>
): Promise<void> {
	const updated = await database`
		update auth.identities
		set identity_data = identity_data || ${database.json(data as JSONValue)}, updated_at = now()
		where provider_id = ${userId} and provider = 'email'
		returning id`;
	if (updated.length === 0 && typeof data.email === 'string') await createEmailIdentity(database, userId, data);
}

/** Names of the providers of an account, oldest first, each once. */
export async function providersOf(database: Database, userId: string): Promise<string[]> {
	const rows = await database<{ provider: string }[]>`
		select provider from auth.identities where user_id = ${userId} group by provider order by min(created_at)`;
	return rows.map(({ provider }) => provider);
}

export function presentIdentity(identity: IdentityRow): Record<string, unknown> {
	return {
		identity_id: identity.id,
		id: identity.provider_id,
		user_id: identity.user_id,
		identity_data: identity.identity_data,
		provider: identity.provider,
		last_sign_in_at: identity.last_sign_in_at ? new Date(identity.last_sign_in_at).toISOString() : undefined,
		created_at: new Date(identity.created_at).toISOString(),
		updated_at: new Date(identity.updated_at).toISOString(),
		email: identity.email || undefined
	};
}
