import type { SupabaseClient } from '@supabase/supabase-js';
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
