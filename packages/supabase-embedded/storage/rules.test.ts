import { describe, expect, test } from 'vitest';
import { checkName, mimeAllowed, parseRange, parseSize } from './rules.ts';

describe('the rules of storage', () => {
	test.each([
		[1000, 1000],
		['10MiB', 10_485_760],
		['5MB', 5_000_000],
		['20', 20]
	])('%s is %i bytes', (text, bytes) => expect(parseSize(text)).toBe(bytes));

	test.each([
		['bytes=0-9', { start: 0, end: 9 }],
		['bytes=90-', { start: 90, end: 99 }],
		['bytes=-10', { start: 90, end: 99 }],
		['bytes=50-500', { start: 50, end: 99 }],
		['bytes=100-', 'unsatisfiable'],
		['bytes=0-1,5-6', null],
		[null, null]
	])('of 100 bytes %s is %o', (header, part) => expect(parseRange(header, 100)).toEqual(part));

	test.each([
		['image/png', ['image/*'], true],
		['image/png; charset=x', ['image/png'], true],
		['text/html', ['image/*', 'application/pdf'], false],
		['text/html', null, true]
	])('%s among %o: %s', (type, patterns, allowed) => expect(mimeAllowed(type, patterns)).toBe(allowed));

	test('names hold safe characters alone', () => {
		expect(() => checkName('a/b (1).png', 'object')).not.toThrow();
		for (const name of ['', '/a', 'a\\b', 'a#b', 'صورة.png', 'a\0b'])
			expect(() => checkName(name, 'object')).toThrow('Invalid key');
		expect(() => checkName('a/b', 'bucket')).toThrow('Bucket name invalid');
	});
});
