import { beforeAll, describe, expect, test } from 'vitest';
import { i18nOf } from '#lib/i18n/i18n.ts';
import { loadMessages } from '#lib/i18n/messages.ts';
import { entriesOf } from './navigation.ts';
import type { Role } from '#lib/team/rules.ts';

beforeAll(() => loadMessages('fr', ['common', 'dashboard']));

const root = '/[[lang=lang]]/dashboard';
const at = (route: string, given: { role?: Role; provider?: string } = {}) =>
	entriesOf(i18nOf('fr'), { role: 'owner', route: root + route, waiting: { requests: 2, people: 0 }, ...given });
const current = (route: string) => at(route).flatMap((entry) => (entry.current ? [[entry.label, entry.current]] : []));

describe('the places of the dashboard', () => {
	test.each<[Role, boolean]>([
		['owner', true],
		['manager', true],
		['staff', false]
	])('hold promo codes for an %s: %s', (role, held) => {
		expect(at('', { role }).some(({ href }) => href === '/dashboard/promo-codes')).toBe(held);
	});

	test.each([
		['', [['Aujourd’hui', 'page']]],
		['/bookings', [['Réservations', 'page']]],
		['/bookings/[id]/reschedule', [['Réservations', 'true']]],
		['/promo-codes/new', [['Codes promo', 'true']]],
		['/elsewhere', []]
	])('say where one is: %s', (route, marked) => expect(current(route)).toEqual(marked));

	test('keep to the provider that is named, and say how many requests wait', () => {
		const [today, bookings] = at('', { provider: 'dar-zitoun' });
		expect(today!.href).toBe('/dashboard?provider=dar-zitoun');
		expect(bookings).toMatchObject({ count: 2, counted: '2 demandes en attente' });
	});
});
