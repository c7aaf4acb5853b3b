import { json } from '@sveltejs/kit';

/** The short-lived access token of the account that is signed in, for the browser's live connections; null for visitors. */
export const GET = async ({ locals, setHeaders }) => {
	setHeaders({ 'cache-control': 'no-store' });
	if (!(await locals.getClaims())) return json(null);
	const { data } = await locals.supabase.auth.getSession();
	if (!data.session) return json(null);
	const { access_token, expires_at } = data.session;
	return json({ access_token, expires_at });
};
