import type { EmailOtpType } from '@supabase/supabase-js';

const kinds: readonly string[] = ['signup', 'email', 'recovery', 'invite', 'magiclink', 'email_change'];
const isKind = (value: string | null): value is EmailOtpType => value !== null && kinds.includes(value);

/** What a link of a mail by Auth says: its secret, what it proves, and where to go then. */
export interface MailLink {
	token_hash: string;
	type: EmailOtpType;
	next?: string;
}

/** The link that an address is; null where it is none. */
export function linkOf({ searchParams }: URL): MailLink | null {
	const [tokenHash, type] = [searchParams.get('token_hash'), searchParams.get('type')];
	if (!tokenHash || !isKind(type)) return null;
	return { token_hash: tokenHash, type, next: searchParams.get('next') ?? undefined };
}
