import { expect, test } from 'vitest';
import { comesFromElsewhere } from './origin.ts';

const own = 'https://khadamat.example';
const other = 'https://evil.example';

test.each([
	['GET', other, 'cross-site', false],
	['HEAD', null, null, false],
	['OPTIONS', other, 'cross-site', false],
	['POST', own, 'same-origin', false],
	['POST', own, null, false],
	['POST', other, 'cross-site', true],
	['POST', other, null, true],
	['POST', 'null', 'cross-site', true],
	['POST', null, null, true],
	['POST', 'http://khadamat.example', 'same-site', true],
	['POST', 'https://www.khadamat.example', 'same-site', true],
	['POST', 'https://khadamat.example:8443', 'same-site', true],
	['POST', own, 'cross-site', true],
	['PUT', other, null, true],
	['DELETE', null, null, true],
	['PATCH', own, 'same-origin', false]
])('%s with the origin %s, which the browser calls %s: from elsewhere %s', (method, origin, fetchSite, elsewhere) =>
	expect(comesFromElsewhere({ method, origin, fetchSite, own })).toBe(elsewhere)
);
