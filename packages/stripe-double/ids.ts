import { randomInt } from 'node:crypto';

const letters = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789';

/** Letters and digits nobody can guess. */
export function token(length: number): string {
	return Array.from({ length }, () => letters[randomInt(letters.length)]).join('');
}

/** An id as Stripe gives them, such as `pi_3…`: the prefix holds its own underscore. */
export function newId(prefix: string, length = 24): string {
	return `${prefix}${token(length)}`;
}
