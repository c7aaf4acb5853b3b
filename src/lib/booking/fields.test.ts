import { expect, test } from 'vitest';
import { fieldProblem } from './fields.ts';

test.each([
	['email', { email: '' }, 'errors.field.required'],
	['email', { email: 'amina@example.com' }, 'errors.field.email'],
	['phone', { phone: null }, 'errors.field.required'],
	['phone', { phone: '+212612345678' }, 'errors.field.phone'],
	['name', { name: '' }, 'errors.field.required']
] as const)('a refused %s of %o is told by its own sentence', (field, typed, problem) =>
	expect(fieldProblem(field, typed)).toBe(problem)
);
