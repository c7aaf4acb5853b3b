import { decodeProtectedHeader } from 'jose';
import type { Keys } from '../keys.ts';

/** What the platform says, before a function runs, of a request whose token it does not take. */
export interface Refusal {
	code: string;
	message: string;
}

/**
 * The check of `verify_jwt`: a token of this project in `Authorization`. API keys are no tokens, in either header: a
 * function that is called with a key alone must have `verify_jwt = false` and look at the key itself.
 */
export async function refuse(keys: Keys, authorization: string | undefined): Promise<Refusal | null> {
	if (!authorization) return { code: 'UNAUTHORIZED_NO_AUTH_HEADER', message: 'Missing authorization header' };
	const token = /^Bearer\s+(\S+)$/i.exec(authorization)?.[1] ?? '';
	let algorithm: string | undefined;
	try {
		algorithm = decodeProtectedHeader(token).alg;
	} catch {
		return { code: 'UNAUTHORIZED_INVALID_JWT_FORMAT', message: 'Invalid JWT' };
	}
	if (algorithm === 'HS256') return { code: 'UNAUTHORIZED_LEGACY_JWT', message: 'Invalid JWT' };
	if (algorithm !== 'ES256' && algorithm !== 'RS256') {
		return { code: 'UNAUTHORIZED_UNSUPPORTED_TOKEN_ALGORITHM', message: `Unsupported JWT algorithm ${algorithm}` };
	}
	try {
		await keys.verify(token);
		return null;
	} catch {
		return { code: 'UNAUTHORIZED_ASYMMETRIC_JWT', message: 'Invalid JWT' };
	}
}
