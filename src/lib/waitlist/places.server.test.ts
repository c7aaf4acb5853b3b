import type { Cookies } from '@sveltejs/kit';
import { beforeEach, expect, test } from 'vitest';
import { keepPlace, placeIn } from './places.server.ts';

let jar: Map<string, string>;
const cookies = {
	get: (name: string) => jar.get(name),
	set: (name: string, value: string) => void jar.set(name, value)
} as unknown as Cookies;
const token = 'x'.repeat(44);
beforeEach(() => {
	jar = new Map();
});

test('a guest’s place in a line is known again in that line alone', () => {
	keepPlace(cookies, true, 'one', token);
	expect([placeIn(cookies, 'one'), placeIn(cookies, 'two')]).toEqual([token, undefined]);
});

test('the newest are kept, and fit a cookie', () => {
	const line = (n: number) => `${'0'.repeat(36)} ${'1'.repeat(35)}${n}`;
	for (let n = 0; n < 10; n++) keepPlace(cookies, true, line(n), `${token}${n}`);
	expect([placeIn(cookies, line(1)), placeIn(cookies, line(9))]).toEqual([undefined, `${token}9`]);
	expect(jar.get('waiting')!.length).toBeLessThan(4000);
});

test.each(['', 'x', Buffer.from('{}').toString('base64url'), Buffer.from('[["a"]]').toString('base64url')])(
	'what was tampered with is forgotten: %j',
	(value) => {
		jar.set('waiting', value);
		expect(placeIn(cookies, 'a')).toBeUndefined();
	}
);
