import { describe, expect, test } from 'vitest';
import type { z } from 'zod';
import { emailSchema, oneTimeCodeSchema, welcomeSchema } from './schema.ts';

describe('signing up', () => {
	const problems = (schema: z.ZodObject, input: object) =>
		Object.fromEntries(schema.safeParse(input).error?.issues.map((i) => [i.path[0], i.message]) ?? []);

	test('takes an address in any case and with spaces around', () => {
		expect(emailSchema.parse({ email: ' Amina@Example.com ' }).email).toBe('amina@example.com');
	});

	test.each([
		[{ email: '' }, { email: 'errors.field.required' }],
		[{ email: 'amina@' }, { email: 'errors.field.email' }],
		[{ email: undefined }, { email: 'errors.field.required' }]
	])('with %o is refused', (input, expected) => expect(problems(emailSchema, input)).toEqual(expected));

	test.each([
		[{ full_name: ' ' }, { full_name: 'errors.field.required' }],
		[{ password: 'short' }, { password: 'errors.field.password_short' }],
		[{ password: 'é'.repeat(40) }, { password: 'errors.field.too_long' }]
	])('is not finished with %o', (change, expected) => {
		const amina = { full_name: 'Amina Berrada', password: 'correct horse' };
		expect(problems(welcomeSchema, { ...amina, ...change })).toEqual(expected);
	});
});

describe('a one-time code', () => {
	test.each(['123456', ' 123 456', '١٢٣٤٥٦'])('%s is read as six digits', (code) => {
		expect(oneTimeCodeSchema.parse({ code })).toEqual({ code: '123456' });
	});

	test.each([
		['', 'errors.field.required'],
		['12345', 'errors.field.one_time_code'],
		['12345a', 'errors.field.one_time_code']
	])('%s is refused', (code, problem) => {
		expect(oneTimeCodeSchema.safeParse({ code }).error?.issues[0]?.message).toBe(problem);
	});
});
