import { afterEach, describe, expect, test, vi } from 'vitest';
import { authProblem, externalProblem, tellsOfAccount } from './problems.ts';

afterEach(() => vi.restoreAllMocks());

describe('a refusal of Auth', () => {
	test.each([
		[{ code: 'invalid_credentials', status: 400 }, 400, 'errors.auth.invalid_credentials', undefined],
		[{ code: 'user_already_exists', status: 422 }, 422, 'errors.auth.email_taken', 'email'],
		[{ code: 'weak_password', status: 422 }, 422, 'errors.auth.weak_password', 'password'],
		[{ code: 'mfa_verification_failed', status: 422 }, 422, 'errors.auth.wrong_code', 'code'],
		[{ code: 'current_password_invalid', status: 400 }, 422, 'errors.auth.wrong_password', 'current_password'],
		[{ code: 'over_email_send_rate_limit', status: 429 }, 429, 'errors.rate_limited', undefined],
		[{ name: 'AuthSessionMissingError' }, 400, 'errors.auth.signed_out', undefined]
	])('%o is said in words', (error, status, key, field) => {
		expect(authProblem(error)).toEqual({ status, key, ...(field && { field }) });
	});

	test('that nobody knows gives a general sentence and a line in the log', () => {
		const log = vi.spyOn(console, 'error').mockImplementation(() => {});
		expect(authProblem({ name: 'AuthRetryableFetchError', status: 0 })).toEqual({ status: 503, key: 'errors.unknown' });
		expect(log).toHaveBeenCalledOnce();
	});
});

describe('a refusal to send a mail', () => {
	test.each([
		['otp_disabled', 'Signups not allowed for otp', true],
		['email_exists', 'A user with this email address has already been registered', true],
		['over_email_send_rate_limit', 'For security purposes, you can only request this after 42 seconds.', true],
		['over_email_send_rate_limit', 'email rate limit exceeded', false],
		['over_request_rate_limit', 'Request rate limit reached', false],
		['validation_failed', 'Unable to validate email address: invalid format', false]
	])('as %s, "%s": only where there is, or is not, an account: %s', (code, message, expected) => {
		expect(tellsOfAccount({ code, message })).toBe(expected);
	});
});

describe('coming back from a provider', () => {
	test.each([
		['access_denied', null, 'refused'],
		['access_denied', 'provider_email_needs_verification', 'unverified'],
		['access_denied', 'user_banned', 'suspended'],
		['access_denied', 'signup_disabled', 'closed'],
		['server_error', 'unexpected_failure', 'failed'],
		[null, 'flow_state_not_found', 'failed'],
		[null, 'toString', 'failed']
	] as const)('with %s, %s is %s', (error, code, problem) => {
		expect(externalProblem({ error, code })).toBe(problem);
	});
});
