import bcrypt from 'bcryptjs';
import { randomBytes } from 'node:crypto';
import type { Configuration } from './configuration.ts';
import { AuthError, invalid } from './errors.ts';

/** bcrypt reads no more than this. */
const longest = 72;

/** A bcrypt hash of cost 10. It yields to other work while it computes. */
export function hashPassword(password: string): Promise<string> {
	return bcrypt.hash(password, 10);
}

/** Whether a password is the one hashed, by this service or by pgcrypto's `crypt(…, gen_salt('bf'))`. */
export async function checkPassword(password: string, hash: string | null): Promise<boolean> {
	if (!hash || Buffer.byteLength(password) > longest) return false;
	return bcrypt.compare(password, hash).catch(() => false);
}

/** A password nobody knows, for accounts that have none of their own yet. */
export function unknownPassword(): string {
	return randomBytes(32).toString('base64url');
}

/** What is weak about a password; empty when nothing is. */
export function weaknesses(password: string, configuration: Configuration): { reasons: string[]; message: string } {
	const found: [string, string][] = [];
	if (Buffer.byteLength(password) < configuration.passwordLength) {
		found.push(['length', `Password should be at least ${configuration.passwordLength} characters.`]);
	}
	const missing = configuration.passwordCharacters.some(
		(set) => ![...password].some((character) => set.includes(character))
	);
	if (missing) {
		found.push([
			'characters',
			`Password should contain at least one character of each: ${configuration.passwordCharacters.join(', ')}.`
		]);
	}
	return { reasons: found.map(([reason]) => reason), message: found.map(([, message]) => message).join(' ') };
}

/** @throws AuthError weak_password (422) with the reasons, or validation_failed when it is too long */
export function assertStrong(password: string, configuration: Configuration): void {
	if (Buffer.byteLength(password) > longest) throw invalid(`Password cannot be longer than ${longest} characters`);
	const { reasons, message } = weaknesses(password, configuration);
	if (reasons.length > 0) throw new AuthError(422, 'weak_password', message, { weak_password: { reasons } });
}
