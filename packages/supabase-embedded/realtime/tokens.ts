import type { JWTPayload } from 'jose';
import type { Keys } from '../keys.ts';

/** A token that verified: who speaks, and until when (seconds since 1970). */
export interface Identity {
	token: string;
	role: string;
	claims: JWTPayload;
	expires: number;
}

export type TokenCode = 'InvalidJWTToken' | 'MalformedJWT' | 'JwtSignatureError';

/** Why a token is refused, in the service's words. */
export class TokenRefused extends Error {
	readonly code: TokenCode;
	/** what the refused connection is told, which names no seconds */
	readonly short: string;

	constructor(code: TokenCode, message: string, short = message) {
		super(message);
		this.code = code;
		this.short = short;
	}
}

export function expired(expires: number): TokenRefused {
	const seconds = Math.max(0, Math.floor(Date.now() / 1000) - expires);
	return new TokenRefused('InvalidJWTToken', `Token has expired ${seconds} seconds ago`, 'Token has expired');
}

/** Verifies a token; an opaque key stands for its role. Raises TokenRefused. */
export async function identify(keys: Keys, given: string): Promise<Identity> {
	const token = given === keys.publishable ? keys.anonToken : given === keys.secret ? keys.serviceToken : given;
	let claims: JWTPayload;
	try {
		claims = await keys.verify(token);
	} catch (error) {
		const { code, payload } = error as { code?: string; payload?: JWTPayload };
		if (code === 'ERR_JWT_EXPIRED') throw expired(Number(payload?.exp ?? 0));
		if (code === 'ERR_JWT_CLAIM_VALIDATION_FAILED')
			throw new TokenRefused('InvalidJWTToken', 'Token expiration time is invalid');
		if (code === 'ERR_JWS_SIGNATURE_VERIFICATION_FAILED' || code === 'ERR_JWKS_NO_MATCHING_KEY') {
			throw new TokenRefused('JwtSignatureError', 'Failed to validate JWT signature');
		}
		throw new TokenRefused('MalformedJWT', 'The token provided is not a valid JWT');
	}
	if (typeof claims.role !== 'string' || typeof claims.exp !== 'number') {
		throw new TokenRefused('InvalidJWTToken', 'Fields `role` and `exp` are required in JWT');
	}
	return { token, role: claims.role, claims, expires: claims.exp };
}
