import { combineChunks, stringFromBase64URL } from '@supabase/ssr';
import { compactVerify, createRemoteJWKSet } from 'jose';
import { PUBLIC_SUPABASE_URL } from '$app/env/public';
import { sessionCookie } from './session-cookie.ts';

let keys: ReturnType<typeof createRemoteJWKSet> | undefined;

/** Kept for ten minutes, and asked anew for a key that is not among them each half minute at most. */
const keysOfAuth = () => (keys ??= createRemoteJWKSet(new URL(`${PUBLIC_SUPABASE_URL}/auth/v1/.well-known/jwks.json`)));
const algorithms = ['ES256', 'RS256', 'EdDSA'];

/** What tells that a token is none of Auth's; all other failures leave that open. */
const forged = [
	'ERR_JWS_INVALID',
	'ERR_JWS_SIGNATURE_VERIFICATION_FAILED',
	'ERR_JWKS_NO_MATCHING_KEY',
	'ERR_JWKS_MULTIPLE_MATCHING_KEYS',
	'ERR_JOSE_ALG_NOT_ALLOWED',
	'ERR_JOSE_NOT_SUPPORTED'
];

/** The access token in a request's session cookies, whatever it is worth. */
async function tokenIn(cookies: { name: string; value: string }[]): Promise<string> {
	const value = await combineChunks(sessionCookie, (name) => cookies.find((cookie) => cookie.name === name)?.value);
	try {
		const text = value?.startsWith('base64-') ? stringFromBase64URL(value.slice('base64-'.length)) : value;
		return String((JSON.parse(text ?? '') as { access_token?: unknown }).access_token);
	} catch {
		return '';
	}
}

/**
 * Whether the session in a request's cookies was opened by Auth, ended or not: its access token has Auth's signature. Auth is
 * asked nothing for one that anybody could have written. Throws where Auth's keys cannot be had.
 */
export async function isGenuine(cookies: { name: string; value: string }[]): Promise<boolean> {
	try {
		await compactVerify(await tokenIn(cookies), keysOfAuth(), { algorithms });
		return true;
	} catch (error) {
		if (forged.includes((error as { code?: string }).code ?? '')) return false;
		throw error;
	}
}
