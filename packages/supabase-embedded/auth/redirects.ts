import { isIP } from 'node:net';

const loopback = (host: string) =>
	host === 'localhost' || host === '[::1]' || (isIP(host) === 4 && host.startsWith('127.'));

/**
 * The pattern of one entry of `additional_redirect_urls`: `*` and `?` stop at `.` and `/`, `**` does not,
 * `[…]` and `{a,b}` are alternatives, `\` takes the next character as it is.
 */
export function redirectPattern(glob: string): RegExp {
	let depth = 0;
	const source = glob.replace(/\\.|\*\*|\[!?[^\]]+\]|[\s\S]/g, (part) => {
		if (part === '**') return '.*';
		if (part === '*') return '[^./]*';
		if (part === '?') return '[^./]';
		if (part.length > 1 && part.startsWith('[')) return part.replace('[!', '[^');
		if (part.length > 1) return part.slice(1).replace(/\W/, '\\$&');
		if (part === '{') return (depth++, '(?:');
		if (part === '}' && depth > 0) return (depth--, ')');
		if (part === ',' && depth > 0) return '|';
		return part.replace(/[^\w\s]/, '\\$&');
	});
	return new RegExp(`^${source}$`, 's');
}

/** Whether the site may send people to `target` after they followed a link of ours. */
export function mayRedirect(target: string, siteUrl: string, patterns: RegExp[]): boolean {
	if (!URL.canParse(target)) return false;
	const site = new URL(siteUrl);
	const url = new URL(target);
	if (
		url.hostname === site.hostname &&
		url.protocol === site.protocol &&
		(url.port === site.port || loopback(url.hostname))
	)
		return true;
	// Checked on the text too: the parser turns an address written as one number into a dotted one.
	if (/^[a-z][a-z0-9+.-]*:\/\/(?:[^/?#]*@)?\d+(?:[:/?#]|$)/i.test(target)) return false;
	if (isIP(url.hostname.replace(/^\[|\]$/g, ''))) return loopback(url.hostname);
	if (/^https?:$/.test(url.protocol) && !/^[a-z0-9]([a-z0-9.-]*[a-z0-9])?$/i.test(url.hostname)) return false;
	const withoutFragment = target.split('#')[0]!;
	return patterns.some((pattern) => pattern.test(withoutFragment));
}
