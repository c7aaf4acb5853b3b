import type { MessageKey } from '#lib/i18n/messages.ts';

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
