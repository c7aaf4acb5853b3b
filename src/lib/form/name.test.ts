import { describe, expect, test } from 'vitest';
import { names } from './name.cases.ts';
import { nameIsFine } from './name.ts';

describe('a name', () => {
	test.each(names.good)('may be %j', (name) => {
		expect(nameIsFine(name)).toBe(true);
	});
	test.each(names.bad)('may not be %j', (name) => {
		expect(nameIsFine(name)).toBe(false);
	});
});
