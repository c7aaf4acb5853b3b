import { expect, test } from 'vitest';
import { isReadable, tidied } from './address.ts';

test.each([
	['https://khadamat.example/search?q=a%00b&city=%00', 'https://khadamat.example/search?q=ab&city='],
	['https://khadamat.example/b/%00', 'https://khadamat.example/b/'],
	['https://khadamat.example/%00/elsewhere.example', 'https://khadamat.example/elsewhere.example'],
	['https://khadamat.example//elsewhere.example/x', 'https://khadamat.example/elsewhere.example/x'],
	['https://khadamat.example/fr//x', 'https://khadamat.example/fr/x'],
	['https://khadamat.example/ar///?q=//', 'https://khadamat.example/ar/?q=//'],
	['https://khadamat.example/\\\\elsewhere.example', 'https://khadamat.example/elsewhere.example'],
	['https://khadamat.example/search?q=a%2500b', null],
	['https://khadamat.example/search?next=//x', null],
	['https://khadamat.example/%2fx', null],
	['https://khadamat.example/', null]
])('%s becomes %s', (given, clean) => expect(tidied(new URL(given))).toBe(clean));

test.each([
	['/fr/%', false],
	['/%', false],
	['/%ff', false],
	['/%E0%A4%A', false],
	['/%2f', true],
	['/%5c', true],
	['/%25', true],
	['/%D8%B3', true]
])('whether %s can be read: %s', (path, readable) =>
	expect(isReadable(new URL(path, 'https://khadamat.example'))).toBe(readable)
);
