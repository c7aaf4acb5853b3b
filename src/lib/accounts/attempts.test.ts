import { describe, expect, test } from 'vitest';
import { evenly, hold } from './attempts.server.ts';

type Visit = Parameters<typeof hold>[0];

/** A visit to a database that answers every question with one error. */
const answering = (error: object | null) =>
	({ locals: { supabase: { rpc: async () => ({ error }) } }, cookies: { get: () => undefined } }) as unknown as Visit;
const limited = (seconds: number) =>
	answering({ code: 'PT429', message: 'rate_limited', details: String(seconds), hint: '' });

describe('an attempt', () => {
	test('may begin when the database has nothing against it', async () => {
		expect(await hold(answering(null), 'attempt_sign_in', 'amina@example.com')).toBeNull();
	});

	test.each([
		[1, 1],
		[60, 1],
		[61, 2],
		[900, 15]
	])('that must wait %i seconds is told %i minutes', async (seconds, minutes) => {
		expect(await hold(limited(seconds), 'attempt_sign_in', 'amina@example.com')).toEqual({
			status: 429,
			key: 'auth.wait',
			details: { minutes }
		});
	});

	test('that is refused for another reason says that', async () => {
		const refusing = answering({ code: 'PT422', message: 'invalid_input', details: 'email', hint: '' });
		expect(await hold(refusing, 'attempt_recovery', 'x')).toEqual({ status: 422, key: 'errors.invalid_input' });
	});
});

test('an answer comes no sooner than it is given to', async () => {
	const begun = Date.now();
	await evenly(begun, 50);
	expect(Date.now() - begun).toBeGreaterThanOrEqual(49);
	await evenly(begun - 1000, 50);
	expect(Date.now() - begun).toBeLessThan(1000);
});
