import { isAuthError } from '@supabase/supabase-js';
import type { MessageKey } from '#lib/i18n/messages.ts';
import type { SignInProblem } from '#lib/routes.ts';
import { toAppError } from '#lib/supabase/errors.ts';
import { Refusal } from '#lib/supabase/refusal.ts';

const sentences: Record<string, MessageKey> = {
	invalid_credentials: 'errors.auth.invalid_credentials',
	email_not_confirmed: 'errors.auth.email_not_confirmed',
	user_already_exists: 'errors.auth.email_taken',
	email_exists: 'errors.auth.email_taken',
	email_address_invalid: 'errors.field.email',
	weak_password: 'errors.auth.weak_password',
	same_password: 'errors.auth.same_password',
	otp_expired: 'errors.auth.link_expired',
	flow_state_expired: 'errors.auth.link_expired',
	flow_state_not_found: 'errors.auth.link_expired',
	user_banned: 'errors.auth.suspended',
	signup_disabled: 'errors.auth.closed',
	captcha_failed: 'errors.auth.captcha',
	session_not_found: 'errors.auth.signed_out',
	session_expired: 'errors.auth.signed_out',
	refresh_token_not_found: 'errors.auth.signed_out',
	over_request_rate_limit: 'errors.rate_limited',
	over_email_send_rate_limit: 'errors.rate_limited',
	mfa_verification_failed: 'errors.auth.wrong_code',
	mfa_challenge_expired: 'errors.auth.wrong_code',
	mfa_factor_not_found: 'errors.auth.factor_gone',
	mfa_factor_name_conflict: 'errors.auth.factor_name_taken',
	insufficient_aal: 'errors.step_up_required',
	current_password_required: 'errors.auth.wrong_password',
	current_password_invalid: 'errors.auth.wrong_password',
	single_identity_not_deletable: 'errors.auth.last_method',
	identity_already_exists: 'errors.auth.method_taken',
	manual_linking_disabled: 'errors.auth.method_closed',
	validation_failed: 'errors.invalid_input'
};

/** The fields that some sentences belong to. */
const fields: Partial<Record<MessageKey, string>> = {
	'errors.auth.weak_password': 'password',
	'errors.auth.same_password': 'password',
	'errors.auth.wrong_password': 'current_password',
	'errors.auth.email_taken': 'email',
	'errors.field.email': 'email',
	'errors.auth.wrong_code': 'code',
	'errors.auth.factor_name_taken': 'name'
};

/** How a refusal is shown: the status to answer, the sentence, and the field it belongs to, if one. */
export interface Problem {
	status: number;
	key: MessageKey;
	field?: string;
}

/** The sentence for a refusal of Supabase Auth, with the status to answer and the field it belongs to, if one. */
export function authProblem(error: { code?: string; name?: string; status?: number }): Problem {
	const key =
		sentences[error.code ?? ''] ??
		(error.name === 'AuthSessionMissingError' ? 'errors.auth.signed_out' : null) ??
		// a limit of our own, told by a hook: Auth gives it no code
		(error.status === 429 ? 'errors.rate_limited' : null);
	if (!key) {
		console.error(
			JSON.stringify({ event: 'unknown_auth_error', code: error.code ?? null, status: error.status ?? null })
		);
		return { status: 503, key: 'errors.unknown' };
	}
	if (key === 'errors.rate_limited') return { status: 429, key };
	const field = fields[key];
	return field ? { status: 422, key, field } : { status: 400, key };
}

/** The sentence for whatever a command of accounts threw: a refusal of Auth or of the database. */
export function problemOf(error: unknown): Problem {
	if (isAuthError(error)) return authProblem(error);
	const { status, key, field } = error instanceof Refusal ? error.error : toAppError(error);
	return field ? { status, key, field } : { status, key };
}

/**
 * Tells whether a refusal to send a mail comes only where there is an account, or only where there is none. Who asks is
 * answered as if it had been sent.
 */
export function tellsOfAccount({ code, message }: { code?: string | undefined; message?: string }): boolean {
	if (['otp_disabled', 'user_banned', 'email_exists'].includes(code ?? '')) return true;
	// Auth's pause between two mails to one account; its limit for all mails together has the same code.
	return code === 'over_email_send_rate_limit' && /\d+ seconds/.test(message ?? '');
}

const detours: Record<string, SignInProblem> = {
	provider_email_needs_verification: 'unverified',
	user_banned: 'suspended',
	signup_disabled: 'closed'
};

/** What went wrong on the way through a provider: OAuth's word for it, and Auth's code where it has one. */
export function externalProblem({ error, code }: { error: string | null; code: string | null }): SignInProblem {
	if (code && Object.hasOwn(detours, code)) return detours[code]!;
	return error === 'access_denied' ? 'refused' : 'failed';
}
