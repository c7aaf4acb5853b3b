/**
 * The content security policy of a page, with the addresses that are known only at run time: the browser talks to
 * Supabase over HTTP and WebSocket and shows its images, and a form may end at a payment page on the same machine
 * (a test double beside a local Supabase).
 */
export function withSupabase(policy: string, supabaseUrl: string): string {
	const { protocol, hostname, origin } = new URL(supabaseUrl);
	const socket = origin.replace(/^http/, 'ws');
	const additions: Record<string, string> = { 'connect-src': `${origin} ${socket}`, 'img-src': origin };
	if (protocol === 'http:') additions['form-action'] = `http://${hostname}:*`;
	return policy
		.split('; ')
		.map((directive) => {
			const addition = additions[directive.split(' ', 1)[0]!];
			return addition ? `${directive} ${addition}` : directive;
		})
		.join('; ');
}

/** The same with further sources, by directive; one that the policy does not have yet begins with the site itself. */
export function withSources(policy: string, sources: Record<string, string>): string {
	const directives = new Map(
		policy.split('; ').map((directive) => {
			const [name, ...values] = directive.split(' ');
			return [name!, values.join(' ')];
		})
	);
	for (const [name, added] of Object.entries(sources))
		directives.set(name, `${directives.get(name) ?? "'self'"} ${added}`);
	return [...directives].map(([name, values]) => `${name} ${values}`.trim()).join('; ');
}
