import type { SupabaseClient } from '@supabase/supabase-js';
import { PUBLIC_SUPABASE_PUBLISHABLE_KEY } from '$app/env/public';
import type { Client, Filled, Functions } from '#lib/supabase/client.ts';
import type { Answer } from '#lib/supabase/database.ts';
import { Refusal, unwrap } from '#lib/supabase/refusal.ts';
import type { Database } from '#lib/supabase/database.ts';

const columns = 'id, full_name, phone, language, avatar_path';

/** Reads of accounts. Each throws the error of PostgREST. */
export const profiles = {
	/** The profile of an account, as far as the caller may see it. */
	async read(client: SupabaseClient<Database>, id: string) {
		const { data } = await client.from('profiles').select(columns).eq('id', id).single().throwOnError();
		return data;
	}
};

/** A place where the account is signed in. */
export type Session = Filled<Functions['my_sessions']['Returns'][number], 'address' | 'user_agent'>;

/** Where the caller is signed in, this session first. Raises Refusal. */
export async function listSessions(client: Client): Promise<Session[]> {
	return unwrap(await client.rpc('my_sessions')) as Session[];
}

/** What Auth knows of the caller: address, a new one on its way, factors, identities. Throws the error of Auth. */
export async function readUser(client: Client) {
	const { data, error } = await client.auth.getUser();
	if (error) throw error;
	return data.user;
}

/** Whose link of a mail this is. */
export interface LinkedAccount {
	account: string;
	/** its address, masked */
	email: string;
}

/**
 * Whose link of a mail this is, by its secret; null for one that is good no more. Asked as nobody: who opens a link may hold
 * a session that has ended or waits for a second factor. Raises Refusal: rate_limited.
 */
export async function readMailLink(client: Client, secret: string): Promise<LinkedAccount | null> {
	const asked = client
		.rpc('mail_link', { token_hash: secret })
		.setHeader('authorization', `Bearer ${PUBLIC_SUPABASE_PUBLISHABLE_KEY}`);
	const { data, error } = await asked;
	if (error) throw new Refusal(error);
	return data as LinkedAccount | null;
}

/**
 * Whether the caller has neither a password nor another company's account to sign in with. Who has a second factor has
 * both behind them, and the database tells them nothing until it is given. Raises Refusal.
 */
export async function lacksPassword(client: Client): Promise<boolean> {
	const { data: level } = await client.auth.mfa.getAuthenticatorAssuranceLevel();
	if (level?.currentLevel !== level?.nextLevel) return false;
	const { data, error } = await client.rpc('lacks_password');
	if (error) throw new Refusal(error);
	return data;
}

/** Whether the caller has proved who they are of late, as what cannot be undone asks for. Raises Refusal. */
export async function recentlyProven(client: Client): Promise<boolean> {
	return unwrap(await client.rpc('recently_proven'));
}

export type DeletionObstacles = Answer<'account_deletion_obstacles'>;

/** What stands in the way of deleting the caller's account. Raises Refusal. */
export async function readDeletionObstacles(client: Client): Promise<DeletionObstacles> {
	return unwrap(await client.rpc('account_deletion_obstacles'));
}
