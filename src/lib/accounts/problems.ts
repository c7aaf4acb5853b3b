import type { MessageKey } from '#lib/i18n/messages.ts';
import type { SignInProblem } from '#lib/routes.ts';

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
	session_not_found: 'errors.auth.signed_out',
	session_expired: 'errors.auth.signed_out',
	refresh_token_not_found: 'errors.auth.signed_out',
	over_request_rate_limit: 'errors.rate_limited',
	over_email_send_rate_limit: 'errors.rate_limited',
	validation_failed: 'errors.invalid_input'
};

/** The sentence for a refusal of Supabase Auth, with the status to answer and the field it belongs to, if one. */
export function authProblem(error: { code?: string; name?: string; status?: number }): {
	status: number;
	key: MessageKey;
	field?: string;
} {
	const key =
		sentences[error.code ?? ''] ?? (error.name === 'AuthSessionMissingError' ? 'errors.auth.signed_out' : null);
	if (!key) {
		console.error(
			JSON.stringify({ event: 'unknown_auth_error', code: error.code ?? null, status: error.status ?? null })
		);
		return { status: 503, key: 'errors.unknown' };
	}
	if (key === 'errors.rate_limited') return { status: 429, key };
	if (key === 'errors.auth.weak_password' || key === 'errors.auth.same_password') {
		return { status: 422, key, field: 'password' };
	}
	if (key === 'errors.auth.email_taken' || key === 'errors.field.email') return { status: 422, key, field: 'email' };
	return { status: 400, key };
}

/**
 * Tells whether a refusal to send a mail comes only where there is an account, or only where there is none. Who asks is
 * answered as if it had been sent.
 */
export function tellsOfAccount({ code, message }: { code?: string; message?: string }): boolean {
	if (code === 'otp_disabled' || code === 'user_banned') return true;
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
