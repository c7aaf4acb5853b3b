import { randomBytes } from 'node:crypto';
import { setTimeout } from 'node:timers/promises';
import type { RequestEvent } from '@sveltejs/kit';
import type { MessageKey } from '#lib/i18n/messages.ts';
import { toAppError } from '#lib/supabase/errors.ts';

/** Why an attempt may not begin. */
export interface Held {
	status: number;
	key: MessageKey;
	details?: { minutes: number };
}

type Visit = Pick<RequestEvent, 'cookies' | 'locals' | 'request' | 'url'>;

/** A secret of this browser's, by which the accounts that it signed in to know it again: others' tries do not hold it up. */
const deviceCookie = 'khadamat-device';
const year = 365 * 24 * 3600;

/**
 * Asks the database whether a password may be tried for an address, or a link sent to it; null when it may. To be asked
 * before Supabase Auth, which sees all visitors of the site as one.
 */
export async function hold(
	{ locals, cookies }: Pick<Visit, 'cookies' | 'locals'>,
	attempt: 'attempt_sign_in' | 'attempt_recovery',
	email: string
): Promise<Held | null> {
	const { error } = await locals.supabase.rpc(attempt, { email, device: deviceSecret(cookies) });
	return error && heldBy(error);
}

/** The same for a code of the authenticator app of whoever is signed in. */
export async function holdCode({ locals, cookies }: Pick<Visit, 'cookies' | 'locals'>): Promise<Held | null> {
	const { error } = await locals.supabase.rpc('attempt_second_factor', { device: deviceSecret(cookies) });
	return error && heldBy(error);
}

function heldBy(error: { details: string }): Held {
	const { code, status, key } = toAppError(error);
	if (code !== 'rate_limited') return { status, key };
	return { status, key: 'auth.wait', details: { minutes: Math.max(1, Math.ceil(Number(error.details) / 60)) } };
}

/** The secret of this browser, where it has one. */
export const deviceSecret = (cookies: Visit['cookies']): string | undefined => cookies.get(deviceCookie);

/**
 * Writes down from where and with what a session was opened, for its owner's list, and that the account is at home on this
 * device. Called wherever one begins; while the second factor is missing there is nothing to write yet. Nobody is kept out
 * for it: a failure goes to the log.
 */
export async function noteSession({ locals, request, cookies, url }: Visit): Promise<void> {
	const { data } = await locals.supabase.auth.mfa.getAuthenticatorAssuranceLevel();
	if (!data?.currentLevel || data.currentLevel !== data.nextLevel) return;
	const device = deviceSecret(cookies) ?? randomBytes(32).toString('base64url');
	cookies.set(deviceCookie, device, {
		path: '/',
		maxAge: year,
		httpOnly: true,
		sameSite: 'lax',
		secure: url.protocol === 'https:'
	});
	const user_agent = request.headers.get('user-agent') ?? '';
	const { error } = await locals.supabase.rpc('note_session', { user_agent, device });
	if (error) console.error(JSON.stringify({ event: 'session_not_noted', code: error.code }));
}

/**
 * Waits until so many milliseconds have passed since `begun`. Auth is quicker where there is no account, as it compares no
 * password and sends no mail, and the time until an answer must not tell.
 */
export async function evenly(begun: number, milliseconds: number): Promise<void> {
	await setTimeout(Math.max(0, begun + milliseconds - Date.now()));
}
