import { createHash, randomBytes } from 'node:crypto';

/** What a person answers on a provider's page; null refuses. */
export type Answer = { email: string; name: string; verified?: boolean } | null;

/** Opens a provider's page as a browser does, answers it, and tells where that leads. */
export async function answer(page: string | URL, given: Answer): Promise<URL> {
	const shown = await fetch(page);
	const html = await shown.text();
	if (!shown.ok) throw new Error(`the page answers ${shown.status}: ${html}`);
	const form = new URLSearchParams();
	for (const [, name, value] of html.matchAll(/<input type="hidden" name="(\w+)" value="([^"]*)"/g)) {
		form.set(name!, value!.replaceAll('&amp;', '&'));
	}
	form.set('answer', given ? 'agree' : 'refuse');
	if (given) {
		form.set('email', given.email);
		form.set('name', given.name);
		if (given.verified !== false) form.set('verified', 'yes');
	}
	return leadsTo(await fetch(page, { method: 'POST', body: form, redirect: 'manual' }));
}

/** Where an answer redirects. */
function leadsTo(response: Response): URL {
	const location = response.headers.get('location');
	if (!location) throw new Error(`expected a redirect, got ${response.status}`);
	return new URL(location, response.url);
}

/** Follows one redirect, without keeping cookies. */
export const follow = async (url: string | URL) => leadsTo(await fetch(url, { redirect: 'manual' }));

/** A verifier of PKCE and its challenge. */
export function proofKey(): { verifier: string; challenge: string } {
	const verifier = randomBytes(32).toString('base64url');
	return { verifier, challenge: createHash('sha256').update(verifier).digest('base64url') };
}
