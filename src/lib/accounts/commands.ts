import type { SupabaseClient } from '@supabase/supabase-js';
import type { Client } from '#lib/supabase/client.ts';
import { unwrap } from '#lib/supabase/refusal.ts';
import type { Database } from '#lib/supabase/types.ts';
import type { Method, ProfileInput } from './schema.ts';

/**
 * Saves a person's own profile, and the name and language in the account itself, from which mails and the page's frame
 * take them. Throws the error of PostgREST or of Auth.
 */
export async function saveProfile(client: SupabaseClient<Database>, id: string, profile: ProfileInput): Promise<void> {
	await client.from('profiles').update(profile).eq('id', id).select('id').single().throwOnError();
	const { full_name, language } = profile;
	const updated = await client.auth.updateUser({ data: { full_name, language } });
	if (updated.error) throw updated.error;
	// The present token still holds the old name.
	const refreshed = await client.auth.refreshSession();
	if (refreshed.error) throw refreshed.error;
}

/**
 * Writes down from where and with what a session was opened, for its owner's list. Called wherever one begins; while the
 * second factor is missing there is nothing to write yet. Nobody is kept out for it: a failure goes to the log.
 */
export async function noteSession(client: Client, userAgent: string | null): Promise<void> {
	const { data } = await client.auth.mfa.getAuthenticatorAssuranceLevel();
	if (!data?.currentLevel || data.currentLevel !== data.nextLevel) return;
	const { error } = await client.rpc('note_session', { user_agent: userAgent ?? '' });
	if (error) console.error(JSON.stringify({ event: 'session_not_noted', code: error.code }));
}

/** Ends one of the account's sessions, wherever it is. Raises Refusal: not_found. */
export async function endSession(client: Client, id: string): Promise<void> {
	const { error } = await client.rpc('end_session', { session_id: id });
	unwrap({ data: null, error });
}

/** Ends all of the account's sessions but this one. Raises Refusal. */
export async function endOtherSessions(client: Client): Promise<void> {
	unwrap(await client.rpc('end_other_sessions'));
}

/** Sets a new password; `current` may be left out where Auth does not ask for it. Throws the error of Auth. */
export async function changePassword(client: Client, password: string, current: string): Promise<void> {
	const { error } = await client.auth.updateUser({ password, ...(current && { current_password: current }) });
	if (error) throw error;
}

/**
 * Asks for another address: both the old and the new one get a mail, and it counts once both have agreed. `next` is the
 * address of the page that the mails' links lead to in the end. Throws the error of Auth.
 */
export async function changeEmail(client: Client, email: string, next: string): Promise<void> {
	const { error } = await client.auth.updateUser({ email }, { emailRedirectTo: next });
	if (error) throw error;
}

/**
 * Begins to link an account elsewhere, as one more way to sign in; gives the address where its owner agrees. `back` is
 * where they come back to, with a code. Throws the error of Auth.
 */
export async function linkMethod(client: Client, provider: Method, back: string): Promise<string> {
	const { data, error } = await client.auth.linkIdentity({
		provider,
		options: { redirectTo: back, skipBrowserRedirect: true }
	});
	if (error) throw error;
	return data.url;
}

/** Unlinks an account elsewhere: it opens this one no more. Throws the error of Auth; the last way in stays. */
export async function unlinkMethod(client: Client, provider: Method): Promise<void> {
	const { data, error } = await client.auth.getUserIdentities();
	if (error) throw error;
	const identity = data.identities.find((candidate) => candidate.provider === provider);
	if (!identity) return;
	const unlinked = await client.auth.unlinkIdentity(identity);
	if (unlinked.error) throw unlinked.error;
}
