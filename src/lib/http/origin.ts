/** What a request tells of where it comes from. */
interface Provenance {
	method: string;
	/** its Origin header; browsers send one with all that may change something */
	origin: string | null;
	/** its Sec-Fetch-Site header; null from older browsers and from programs */
	fetchSite: string | null;
	/** the origin that the site itself is asked at */
	own: string;
}

const harmless = new Set(['GET', 'HEAD', 'OPTIONS']);

/**
 * Whether a request that may change something was not sent by one of the site's own pages. Whatever its content type: Kit
 * asks the same of forms, and leaves JSON to the browsers' own rules. Without an Origin header nobody's page can be its
 * sender.
 */
export function comesFromElsewhere({ method, origin, fetchSite, own }: Provenance): boolean {
	if (harmless.has(method)) return false;
	return origin !== own || fetchSite === 'cross-site' || fetchSite === 'same-site';
}
