import type { SupabaseClient } from '@supabase/supabase-js';
import type { Database } from '#lib/supabase/types.ts';

const columns = 'id, full_name, phone, language, avatar_path';

/** Reads of accounts. Each throws the error of PostgREST. */
export const profiles = {
	/** The profile of an account, as far as the caller may see it. */
	async read(client: SupabaseClient<Database>, id: string) {
		const { data } = await client.from('profiles').select(columns).eq('id', id).single().throwOnError();
		return data;
	}
};
