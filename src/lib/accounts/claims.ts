import type { JwtPayload } from '@supabase/supabase-js';

/** Who is signed in, as far as the page's frame needs it. For show only: rights are checked in the database. */
export interface Account {
	id: string;
	email: string;
	name: string;
}

/** The account that verified claims speak of. The name is what the person gave at sign-up, or the address before the @. */
export function accountOf(claims: JwtPayload): Account {
	const email = claims.email ?? '';
	const given: unknown = claims.user_metadata?.full_name;
	const name = typeof given === 'string' && given.trim() ? given.trim() : (email.split('@')[0] ?? '');
	return { id: claims.sub, email, name };
}
