import { setTimeout } from 'node:timers/promises';
import type { MessageKey } from '#lib/i18n/messages.ts';
import type { Client } from '#lib/supabase/client.ts';
import { toAppError } from '#lib/supabase/errors.ts';

/** Why an attempt may not begin. */
export interface Held {
	status: number;
	key: MessageKey;
	details?: { minutes: number };
}

/**
 * Asks the database whether a password may be tried for an address, or a link sent to it; null when it may. To be asked
 * before Supabase Auth, which sees all visitors of the site as one.
 */
export async function hold(
	client: Client,
	attempt: 'attempt_sign_in' | 'attempt_recovery',
	email: string
): Promise<Held | null> {
	const { error } = await client.rpc(attempt, { email });
	if (!error) return null;
	const { code, status, key } = toAppError(error);
	if (code !== 'rate_limited') return { status, key };
	return { status, key: 'auth.wait', details: { minutes: Math.max(1, Math.ceil(Number(error.details) / 60)) } };
}

/**
 * Waits until so many milliseconds have passed since `begun`. Auth is quicker where there is no account, as it compares no
 * password and sends no mail, and the time until an answer must not tell.
 */
export async function evenly(begun: number, milliseconds: number): Promise<void> {
	await setTimeout(Math.max(0, begun + milliseconds - Date.now()));
}
