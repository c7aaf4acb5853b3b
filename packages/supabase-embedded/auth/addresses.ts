import type { AuthError } from './errors.ts';
import type { SessionResponse } from './sessions.ts';

/** An address with values in its fragment, and in the PKCE flow in its query too. */
export function addressWith(target: string, values: Record<string, string>, { inQuery }: { inQuery: boolean }): string {
	const url = new URL(target);
	if (inQuery) for (const [name, value] of Object.entries(values)) url.searchParams.set(name, value);
	const fragment = new URLSearchParams({ ...values, sb: '' });
	fragment.sort();
	url.hash = fragment.toString();
	return url.toString();
}

/** An address with a session in its fragment, and what else the page there is to know. */
export function sessionAddress(target: string, session: SessionResponse, more: Record<string, string>): string {
	const { access_token, token_type, expires_in, expires_at, refresh_token } = session;
	const values = {
		access_token,
		token_type,
		expires_in: String(expires_in),
		expires_at: String(expires_at),
		refresh_token,
		...more
	};
	return addressWith(target, values, { inQuery: false });
}

/** OAuth's own words for refusals, by their status. */
const words: Record<number, string> = {
	400: 'invalid_request',
	401: 'unauthorized_client',
	403: 'access_denied',
	500: 'server_error',
	503: 'temporarily_unavailable'
};

const denials = ['signup_disabled', 'user_banned', 'provider_email_needs_verification'];

/** An error as parameters of the address that a person is sent back to. */
export function errorValues({ status, code, message }: AuthError): Record<string, string> {
	const error = denials.includes(code) ? 'access_denied' : (words[status] ?? 'server_error');
	return { error, error_code: code, error_description: message };
}
