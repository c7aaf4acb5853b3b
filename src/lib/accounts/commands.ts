import { FunctionsHttpError } from '@supabase/supabase-js';
import type { SupabaseClient, User } from '@supabase/supabase-js';
import { PUBLIC_SUPABASE_PUBLISHABLE_KEY, PUBLIC_SUPABASE_URL } from '$app/env/public';
import type { Language } from '#lib/i18n/languages.ts';
import type { Client } from '#lib/supabase/client.ts';
import { upload } from '#lib/supabase/files.ts';
import { Refusal, unwrap } from '#lib/supabase/refusal.ts';
import type { Database } from '#lib/supabase/database.ts';
import type { Method, ProfileInput } from './schema.ts';

/**
 * Saves a person's own profile, and the name and language in the account itself, from which mails and the page's frame
 * take them. Throws the error of PostgREST or of Auth.
 */
export async function saveProfile(client: SupabaseClient<Database>, id: string, profile: ProfileInput): Promise<void> {
	await client.from('profiles').update(profile).eq('id', id).select('id').single().throwOnError();
	const { full_name, language } = profile;
	await changeAccount(client, { full_name, language });
}

/**
 * Sets a person's picture (WebP, as `readAvatar` gives it), or takes it away. The account has its path too, as the page's
 * frame reads nothing else; the picture before goes. Raises Refusal, or throws the error of Auth.
 */
export async function saveAvatar(client: Client, id: string, image: Uint8Array<ArrayBuffer> | null): Promise<void> {
	const path = image && (await upload(client, { purpose: 'avatar' }, image));
	if (!path) unwrap(await client.from('profiles').update({ avatar_path: null }).eq('id', id).select('id').single());
	await changeAccount(client, { avatar_path: path });
}

/** Changes what the account itself knows of its owner, and the token with it. Throws the error of Auth. */
async function changeAccount(client: Client, data: Record<string, string | null>): Promise<void> {
	const updated = await client.auth.updateUser({ data });
	if (updated.error) throw updated.error;
	// The present token still holds the old values.
	const refreshed = await client.auth.refreshSession();
	if (refreshed.error) throw refreshed.error;
}

/**
 * Brings an account into line that was signed in through a provider. Each time the provider writes its own name for the
 * person into the account; the profile's, which they may have changed, counts. An account that is new, or was taken over
 * from someone who never confirmed it, gets the provider's name and the language of the page. Throws the error of
 * PostgREST or of Auth.
 */
export async function settleExternal(client: SupabaseClient<Database>, user: User, language: Language): Promise<void> {
	// Until the second factor is given the profile stays closed.
	const { data: level } = await client.auth.mfa.getAuthenticatorAssuranceLevel();
	if (level?.currentLevel !== level?.nextLevel) return;
	const { full_name: given, language: known } = user.user_metadata as { full_name?: unknown; language?: unknown };
	const { data: profile } = await client
		.from('profiles')
		.select('full_name, phone, language')
		.eq('id', user.id)
		.single()
		.throwOnError();
	if (known === profile.language && given === profile.full_name) return;
	const name = typeof given === 'string' ? given.trim().slice(0, 120) : '';
	const settled = known ? profile : { ...profile, full_name: name || profile.full_name, language };
	await saveProfile(client, user.id, settled as ProfileInput);
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

/**
 * Chooses password, name and language of an account whose address was just proven; the rest of its profile stays. Throws
 * the error of PostgREST or of Auth.
 */
export async function choosePassword(
	client: Client,
	id: string,
	{ password, full_name, language }: { password: string; full_name: string; language: Language }
): Promise<void> {
	await client.from('profiles').update({ full_name, language }).eq('id', id).select('id').single().throwOnError();
	const { error } = await client.auth.updateUser({ password });
	if (error) throw error;
	await changeAccount(client, { full_name, language });
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

/** Everything there is of the account, as a ZIP. Raises Refusal. */
export async function exportData(client: Client): Promise<ReadableStream> {
	const { data } = await client.auth.getSession();
	// Not by functions.invoke: it reads as text what it does not know, and a ZIP is none.
	const answer = await fetch(`${PUBLIC_SUPABASE_URL}/functions/v1/account`, {
		method: 'POST',
		headers: {
			authorization: `Bearer ${data.session?.access_token}`,
			apikey: PUBLIC_SUPABASE_PUBLISHABLE_KEY,
			'content-type': 'application/json'
		},
		body: JSON.stringify({ action: 'export' })
	});
	if (!answer.ok || !answer.body) throw new Refusal(await answer.json().catch(() => null));
	return answer.body;
}

/**
 * Deletes the account for good. Raises Refusal: last_owner, invalid_transition (bookings to come), not_allowed (staff of
 * the platform), step_up_required where the caller has not proved of late who they are.
 */
export async function deleteAccount(client: Client): Promise<void> {
	const { error } = await client.functions.invoke('account', { body: { action: 'delete' } });
	if (error instanceof FunctionsHttpError) {
		throw new Refusal(await (error.context as Response).json().catch(() => null));
	}
	if (error) throw new Refusal(error);
}
