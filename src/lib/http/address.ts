/**
 * An address as ours are: without the character NUL, which neither a name nor a text of ours holds and Postgres refuses to
 * read, and without empty parts in its path, which a redirect or a link would take for the name of another host. Null where
 * it is so already. The whole address is given, with its host.
 */
export function tidied(url: URL): string | null {
	const tidy = new URL(url.href.replaceAll('%00', ''));
	tidy.pathname = tidy.pathname.replaceAll(/\/{2,}/g, '/');
	return tidy.href === url.href ? null : tidy.href;
}

/** Whether the path of an address can be decoded: a percent sign that begins no character makes it unreadable. */
export function isReadable({ pathname }: URL): boolean {
	try {
		// What comes of it is looked at: a bundler may leave out a call whose result nobody wants, with what it raises.
		return decodeURI(pathname) !== '';
	} catch {
		return false;
	}
}
