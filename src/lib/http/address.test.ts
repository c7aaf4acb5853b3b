import { expect, test } from 'vitest';
import { withoutNul } from './address.ts';

test.each([
	['https://khadamat.example/search?q=a%00b&city=%00', 'https://khadamat.example/search?q=ab&city='],
	['https://khadamat.example/b/%00', 'https://khadamat.example/b/'],
	['https://khadamat.example/%00/elsewhere.example', 'https://khadamat.example//elsewhere.example'],
	['https://khadamat.example/search?q=a%2500b', null],
	['https://khadamat.example/', null]
])('%s becomes %s', (given, clean) => expect(withoutNul(new URL(given))).toBe(clean));
