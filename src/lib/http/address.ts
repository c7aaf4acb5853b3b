/**
 * An address without the character NUL, which neither a name nor a text of ours holds and Postgres refuses to read; null
 * where there is none in it. The whole address is given, since a path alone may begin with the name of another host.
 */
export function withoutNul({ href }: URL): string | null {
	return href.includes('%00') ? href.replaceAll('%00', '') : null;
}
