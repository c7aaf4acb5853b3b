import type { SupabaseClient } from '@supabase/supabase-js';
import { PUBLIC_SUPABASE_PUBLISHABLE_KEY, PUBLIC_SUPABASE_URL } from '$app/env/public';
import { endpoints } from '#lib/routes.ts';
import type { Database } from './types.ts';

interface Token {
	access_token: string;
	/** seconds since 1970 */
	expires_at: number;
}

let client: Promise<SupabaseClient<Database>> | undefined;
let token: Promise<Token | null> | undefined;

/**
 * The browser's own client, for live parts of a page. It is fetched when first asked for, so pages without live parts
 * do not carry it. It knows short-lived access tokens only, given by the site for the session cookie that no script can
 * read; as a visitor it has none. Await `client.realtime.setAuth()` before joining a private channel.
 */
export function browserClient(): Promise<SupabaseClient<Database>> {
	client ??= import('@supabase/supabase-js').then(({ createClient }) =>
		createClient<Database>(PUBLIC_SUPABASE_URL, PUBLIC_SUPABASE_PUBLISHABLE_KEY, { accessToken })
	);
	return client;
}

/** The present access token, renewed a minute before it ends; null for a visitor. */
async function accessToken(): Promise<string | null> {
	const known = await token?.catch(() => null);
	if (known && known.expires_at - 60 > Date.now() / 1000) return known.access_token;
	token = fetchToken();
	return (await token)?.access_token ?? null;
}

async function fetchToken(): Promise<Token | null> {
	const response = await fetch(endpoints.token, { headers: { accept: 'application/json' } });
	if (!response.ok) throw new Error(`The site gave no token (${response.status}).`);
	return (await response.json()) as Token | null;
}
