import type { JwtPayload } from '@supabase/supabase-js';
import { isPath } from '#lib/supabase/path.ts';

/** Who is signed in, as far as the page's frame needs it. For show only: rights are checked in the database. */
export interface Account {
	id: string;
	email: string;
	name: string;
	/** path of the picture in the bucket `avatars`; null without one */
	avatar: string | null;
}

/** The account that verified claims speak of. The name is what the person gave at sign-up, or the address before the @. */
export function accountOf(claims: JwtPayload): Account {
	const email = claims.email ?? '';
	const given: unknown = claims.user_metadata?.full_name;
	const name = typeof given === 'string' && given.trim() ? given.trim() : (email.split('@')[0] ?? '');
	// People may write their metadata themselves: only what lies in their own folder is theirs to show.
	const picture: unknown = claims.user_metadata?.avatar_path;
	const avatar = isPath(picture) && picture.startsWith(`${claims.sub}/`) ? picture : null;
	return { id: claims.sub, email, name, avatar };
}
