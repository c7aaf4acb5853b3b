import { expect, test } from 'vitest';
import { bookingFormSchema } from './schema.ts';

const key = '00000000-0000-4000-8000-000000000000';
const problems = (typed: object) =>
	Object.fromEntries(
		(bookingFormSchema.safeParse({ key, terms: 'a'.repeat(64), ...typed }).error?.issues ?? []).map(
			({ path, message }) => [path[0], message]
		)
	);

test('a visitor who left everything empty is told of every field at once', () => {
	expect(problems({ name: ' ', email: '', phone: '', line: '' })).toEqual({
		name: 'errors.field.required',
		email: 'errors.field.required',
		line: 'errors.field.required'
	});
});

test('nobody is told of fields that the form does not ask them for', () => {
	expect(problems({ phone: '' })).toEqual({});
});
