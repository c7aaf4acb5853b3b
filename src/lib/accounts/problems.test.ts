import { afterEach, describe, expect, test, vi } from 'vitest';
import { authProblem } from './problems.ts';

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
