import type { RealtimeClient } from '@supabase/realtime-js';
import { PUBLIC_SUPABASE_PUBLISHABLE_KEY, PUBLIC_SUPABASE_URL } from '$app/env/public';
import { endpoints } from '#lib/routes.ts';

interface Token {
	access_token: string;
	/** seconds since 1970 */
	expires_at: number;
}

let client: Promise<RealtimeClient> | undefined;
let authorised: Promise<void> = Promise.resolve();
let token: Promise<Token | null> | undefined;

/**
 * The browser's connection to Realtime, for live parts of a page; everything else goes through the site. It is fetched
 * when first asked for, so pages without live parts do not carry it, and it is the one part of supabase-js that they
 * need. It knows short-lived access tokens only, given by the site for the session cookie that no script can read; as a
 * visitor it has none. The client comes with its present token, without which a private channel would be refused.
 */
export async function realtime(): Promise<RealtimeClient> {
	client ??= import('@supabase/realtime-js').then(({ RealtimeClient }) => {
		const url = new URL('realtime/v1', PUBLIC_SUPABASE_URL);
		url.protocol = url.protocol.replace('http', 'ws');
		const apikey = PUBLIC_SUPABASE_PUBLISHABLE_KEY;
		// As supabase-js does it, a visitor joins with the key.
		return new RealtimeClient(url.href, {
			params: { apikey },
			accessToken: async () => (await accessToken()) ?? apikey
		});
	});
	const connection = await client;
	// One after the other: of two at once the client lets the first go on before either has brought the token.
	authorised = authorised.then(() => connection.setAuth());
	await authorised;
	return connection;
}

/** Asks the site for a new token: the session may do more or less than before, which the present one does not say. */
export async function renewToken(): Promise<void> {
	token = undefined;
	await (await client)?.setAuth();
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
