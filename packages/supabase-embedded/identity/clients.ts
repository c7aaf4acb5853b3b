import { createHmac } from 'node:crypto';
import type { Context } from '../context.ts';

export const doubled = ['google', 'facebook'] as const;
export type Doubled = (typeof doubled)[number];

/** What the site is at the double of a provider. */
export interface DoubleClient {
	id: string;
	secret: string;
	/** where the double stands; for Google also its issuer */
	url: string;
	/** the only address that people are sent back to */
	redirectUri: string;
	/** the name that people know the site by */
	site: string;
}

/** The site's client at the double of a provider; the secret is the data folder's own. */
export function doubleClient(
	{ apiUrl, keys, settings }: Pick<Context, 'apiUrl' | 'keys' | 'settings'>,
	name: Doubled
): DoubleClient {
	return {
		id: `embedded-${name}`,
		secret: createHmac('sha256', keys.secret).update(`identity ${name}`).digest('base64url'),
		url: `${apiUrl}/identity/v1/${name}`,
		redirectUri: `${apiUrl}/auth/v1/callback`,
		site: settings.brand
	};
}
