import { describe, expect, test } from 'vitest';
import { backTo, routesIn, safeNext } from './routes.ts';

test('addresses carry their language and only the parameters that have a value', () => {
	expect(routesIn('fr').home()).toBe('/');
	expect(routesIn('ar').home()).toBe('/ar');
	expect(routesIn('en').search({ q: 'plumber', city: '' })).toBe('/en/search?q=plumber');
	expect(routesIn('fr').signIn('/bookings?page=2')).toBe('/sign-in?next=%2Fbookings%3Fpage%3D2');
});

describe('a wish where to go next', () => {
	const origin = 'https://khadamat.example';
	test.each([
		['/ar/bookings?x=1#y', '/ar/bookings?x=1#y'],
		['https://khadamat.example/bookings', '/bookings'],
		['https://evil.example/', null],
		['//evil.example/', null],
		['/\\evil.example', null],
		['https://khadamat.example//evil.example', null],
		['javascript:alert(1)', null],
		[`/search?q=${'x'.repeat(2000)}`, null],
		['', null],
		[null, null]
	])('%s leads to %s', (wish, path) => expect(safeNext(wish, origin)).toBe(path));
});

test.each([
	['/bookings?page=2', '/bookings?page=2'],
	['/dashboard/team?provider=a&/invite', '/dashboard/team?provider=a'],
	['/account?/picture=', '/account'],
	[`/search?q=${'x'.repeat(2000)}`, undefined]
])('who is stopped at %s comes back to %s', (here, back) =>
	expect(backTo(new URL(here, 'https://khadamat.example'))).toBe(back)
);
