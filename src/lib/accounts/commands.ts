import type { SupabaseClient, User } from '@supabase/supabase-js';
import type { Language } from '#lib/i18n/languages.ts';
import type { Database } from '#lib/supabase/types.ts';
import type { ProfileInput } from './schema.ts';

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
 * Brings an account into line that was signed in through a provider. Each time the provider writes its own name for the
 * person into the account; the profile's, which they may have changed, counts. An account that is new, or was taken over
 * from someone who never confirmed it, gets the provider's name and the language of the page. Throws the error of
 * PostgREST or of Auth.
 */
export async function settleExternal(client: SupabaseClient<Database>, user: User, language: Language): Promise<void> {
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
