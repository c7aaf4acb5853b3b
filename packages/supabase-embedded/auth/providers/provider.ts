/** What this project is at a provider: its client there, and where the provider sends people back to. */
export interface Client {
	id: string;
	secret: string;
	/** the callback of this service, which the provider knows */
	redirectUri: string;
	/** where a double of the provider stands; null for the provider itself */
	double: string | null;
}

/** A person as a provider knows them. */
export interface Profile {
	/** the provider's own, lasting name for the person */
	subject: string;
	/** as the provider gives it; null where it gives none */
	email: string | null;
	/** the provider has made sure that the address is the person's */
	verified: boolean;
	/** what is kept as the identity's data and merged into the account's user metadata */
	data: Record<string, unknown>;
	/** the provider's own tokens, handed on to whoever signs in */
	accessToken: string;
	refreshToken: string | null;
}

/** Someone else who vouches for people. */
export interface Provider {
	/** Where a person is sent to be asked; `scopes` and `extra` are what the site asks for beyond the usual. */
	authorizationUrl(state: string, scopes: string[], extra: Record<string, string>): Promise<string>;
	/**
	 * Trades the code that the person came back with for who they are.
	 * @throws AuthError unexpected_failure when the provider refuses the code or its answer does not hold
	 */
	profile(code: string, state: string): Promise<Profile>;
}

/** How long a provider may take to answer, in milliseconds. */
const patience = 10_000;

/** JSON that a provider answers; raises what it said instead when it refused. */
export async function ask<Answer>(url: string, init: RequestInit = {}): Promise<Answer> {
	const answer = await fetch(url, { ...init, signal: AbortSignal.timeout(patience), redirect: 'error' });
	const body = await answer.text();
	if (!answer.ok) throw new Error(`${new URL(url).host} answered ${answer.status}: ${body.slice(0, 200)}`);
	return JSON.parse(body) as Answer;
}

export interface Tokens {
	access_token: string;
	refresh_token?: string;
	id_token?: string;
}

/** Trades a code at a provider's token endpoint. */
export function tradeCode(endpoint: string, client: Client, code: string): Promise<Tokens> {
	const form = { grant_type: 'authorization_code', code, redirect_uri: client.redirectUri };
	return ask<Tokens>(endpoint, {
		method: 'POST',
		headers: { accept: 'application/json' },
		body: new URLSearchParams({ ...form, client_id: client.id, client_secret: client.secret })
	});
}

/** An address of a provider with parameters of OAuth; the client's own cannot be overridden. */
export function authorizeAt(
	endpoint: string,
	client: Client,
	state: string,
	scopes: string[],
	extra: Record<string, string>
): string {
	const url = new URL(endpoint);
	const own = { client_id: client.id, redirect_uri: client.redirectUri, response_type: 'code', state };
	for (const [name, value] of Object.entries({ ...extra, scope: scopes.join(' '), ...own })) {
		url.searchParams.set(name, value);
	}
	return url.toString();
}

/** An object without what is undefined or empty, as a provider leaves out what it does not know. */
export function known(data: Record<string, unknown>): Record<string, unknown> {
	return Object.fromEntries(Object.entries(data).filter(([, value]) => value !== undefined && value !== ''));
}
