import { clientAddress } from './client.ts';
import type { Captcha } from './configuration.ts';
import { AuthError, failed } from './errors.ts';
import { readBody, requireAdmin } from './requests.ts';
import type { AuthRequest } from './request.ts';
import type { Auth } from './service.ts';

/** How long the provider may take, in milliseconds. */
const patience = 10_000;

/** What asks for a token: what signs in by a password, makes accounts or sends mails. */
export const guarded = ['/signup', '/token', '/recover', '/resend', '/magiclink', '/otp'];

async function isAdmin(auth: Auth, request: AuthRequest): Promise<boolean> {
	try {
		await requireAdmin(auth, request);
		return true;
	} catch {
		return false;
	}
}

interface Answer {
	success: boolean;
	'error-codes'?: string[];
}

/** The provider's word on a token. */
async function ask({ secret, url }: Captcha, token: string, address: string): Promise<Answer> {
	try {
		const body = new URLSearchParams({ secret, response: token, remoteip: address });
		const answer = await fetch(url, { method: 'POST', body, signal: AbortSignal.timeout(patience) });
		return (await answer.json()) as Answer;
	} catch (error) {
		throw failed('captcha verification process failed', error);
	}
}

/**
 * Lets a request through that carries a token which the project's captcha provider accepts; the service role needs none, nor
 * what trades or renews what was proven before.
 * @throws AuthError captcha_failed (400), and unexpected_failure (500) when the provider cannot be asked
 */
export async function assertHuman(auth: Auth, request: AuthRequest): Promise<void> {
	const { captcha } = auth.configuration;
	if (!captcha || (await isAdmin(auth, request))) return;
	if (request.req.path.endsWith('/token') && request.req.query('grant_type') !== 'password') return;
	const { gotrue_meta_security: meta } = await readBody(request);
	const said = (meta as { captcha_token?: unknown } | null | undefined)?.captcha_token;
	const token = typeof said === 'string' ? said.trim() : '';
	const refusal = (why: string) =>
		new AuthError(400, 'captcha_failed', `captcha protection: request disallowed (${why})`);
	if (token === '') throw refusal('no captcha_token found');
	const answer = await ask(captcha, token, clientAddress(request));
	if (!answer.success) throw refusal((answer['error-codes'] ?? []).join(', '));
}
