import { expect, test } from 'vitest';
import { containing } from './pattern.ts';

test.each([
	['Sara', '"%Sara%"'],
	['50%', '"%50\\\\%%"'],
	['a_b', '"%a\\\\_b%"'],
	['a\\b', '"%a\\\\\\\\b%"'],
	['O"Neil, (x)', '"%O\\"Neil, (x)%"'],
	['a*', '"%a_%"']
])('%s is looked for as %s', (typed, pattern) => expect(containing(typed)).toBe(pattern));
