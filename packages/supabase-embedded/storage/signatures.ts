import type { Keys } from '../keys.ts';
import { StorageError } from './errors.ts';

/** What a signed address allows: to read one object, or to upload one. */
interface Grant {
	purpose: 'download' | 'upload';
	/** bucket/name */
	url: string;
	/** whose upload it is; null for a key without an account */
	owner?: string | null;
	/** whether it may replace what is there */
	upsert?: boolean;
}

/** Signs a grant; it ends after so many seconds. */
export function signGrant(keys: Keys, grant: Grant, expiresIn: number): Promise<string> {
	return keys.sign({ ...grant }, expiresIn);
}

/** Checks that a token grants this for this address. Raises InvalidJWT and InvalidSignature. */
export async function verifyGrant(
	keys: Keys,
	token: string | undefined,
	purpose: Grant['purpose'],
	url: string
): Promise<Grant> {
	if (!token) throw new StorageError(400, 'InvalidJWT', "querystring must have required property 'token'");
	const claims = await keys.verify(token).catch((error: { code?: string; message: string }) => {
		throw new StorageError(
			400,
			'InvalidJWT',
			error.code === 'ERR_JWT_EXPIRED' ? '"exp" claim timestamp check failed' : error.message
		);
	});
	if (claims.purpose !== purpose || claims.url !== url)
		throw new StorageError(400, 'InvalidSignature', 'Invalid signature');
	return claims as unknown as Grant;
}
