import type { AuthError } from '@supabase/supabase-js';
import type { Client } from '#lib/supabase/client.ts';
import { unwrap } from '#lib/supabase/refusal.ts';

/** A device whose codes the account was proven to have. */
export interface Factor {
	id: string;
	/** what its owner calls it */
	name: string;
	/** an instant */
	since: string;
}

/** A device on its way: an authenticator app takes the address, or the secret that is in it. */
export interface NewFactor {
	factor: string;
	/** otpauth://totp/…, what the QR picture says */
	uri: string;
}

/** The account's factors. Throws the error of Auth. */
export async function list(client: Client): Promise<Factor[]> {
	const { data, error } = await client.auth.mfa.listFactors();
	if (error) throw error;
	return data.totp.map(({ id, friendly_name, created_at }) => ({ id, name: friendly_name ?? '', since: created_at }));
}

/** Whether this session has given the second factor, as the database knows it: a token may be older than that. */
export async function given(client: Client): Promise<boolean> {
	const { data } = await client.rpc('second_factor_given');
	// Where it is missing and the account has one, nothing else is answered either.
	return data === true;
}

/**
 * Gives a code of any of the account's devices: the session has proven itself then. `hold` is asked before each, and ends it
 * with what it says; else null. Throws the error of Auth.
 */
export async function give<Held>(client: Client, code: string, hold: () => Promise<Held | null>): Promise<Held | null> {
	let refused: AuthError | undefined;
	for (const { id } of await list(client)) {
		const held = await hold();
		if (held) return held;
		const { error } = await client.auth.mfa.challengeAndVerify({ factorId: id, code });
		if (!error) return null;
		refused = error;
		if (error.code !== 'mfa_verification_failed') break;
	}
	if (refused) throw refused;
	return null;
}

/**
 * Gives a recovery code in place of the factor, which is gone then, with the account's other sessions. `device` is the secret
 * of the browser that gives it. Raises Refusal (invalid_input, rate_limited) or the error of Auth.
 */
export async function recover(client: Client, code: string, device: string | undefined): Promise<void> {
	const { error } = await client.rpc('use_recovery_code', { code, device });
	unwrap({ data: null, error });
	// What the session knows of its account still names the factor.
	const refreshed = await client.auth.refreshSession();
	if (refreshed.error) throw refreshed.error;
}

/** Begins with a new device; tries that nobody finished are dropped. Throws the error of Auth. */
export async function begin(client: Client, name: string): Promise<NewFactor> {
	const known = await client.auth.mfa.listFactors();
	if (known.error) throw known.error;
	for (const { id, status } of known.data.all) {
		if (status === 'unverified') await client.auth.mfa.unenroll({ factorId: id });
	}
	const { data, error } = await client.auth.mfa.enroll({
		factorType: 'totp',
		friendlyName: name,
		issuer: 'Khadamat'
	});
	if (error) throw error;
	return { factor: data.id, uri: data.totp.uri };
}

/** Proves a new device by its code, asking `hold` as above: from now on the account asks for it. Throws the error of Auth. */
export async function prove<Held>(
	client: Client,
	factorId: string,
	code: string,
	hold: () => Promise<Held | null>
): Promise<Held | null> {
	const held = await hold();
	if (held) return held;
	const { error } = await client.auth.mfa.challengeAndVerify({ factorId, code });
	if (error) throw error;
	return null;
}

/** Takes all of the account's devices away. Throws the error of Auth. */
export async function remove(client: Client): Promise<void> {
	for (const { id } of await list(client)) {
		const { error } = await client.auth.mfa.unenroll({ factorId: id });
		if (error) throw error;
	}
	// The present token still says that the factor was given.
	const refreshed = await client.auth.refreshSession();
	if (refreshed.error) throw refreshed.error;
}

/** Ten new recovery codes; those before are void. Raises Refusal: step_up_required. */
export async function makeRecoveryCodes(client: Client): Promise<string[]> {
	return unwrap(await client.rpc('make_recovery_codes'));
}

/** How many recovery codes are left. Raises Refusal. */
export async function countRecoveryCodes(client: Client): Promise<number> {
	return unwrap(await client.rpc('recovery_codes_left'));
}
