import { describe, expect, test } from 'vitest';
import { routesIn, safeNext } from './routes.ts';

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
		['', null],
		[null, null]
	])('%s leads to %s', (wish, path) => expect(safeNext(wish, origin)).toBe(path));
});
