import { describe, expect, test } from 'vitest';
import { localOf } from '#lib/time/clocks.ts';
import { defaultZone } from '#lib/time/zone.ts';
import { changesOf, subjectOf } from './changes.ts';

describe('what an entry of the log tells', () => {
	test('of an update is each column with its values before and after', () => {
		expect(changesOf({ name: 'Atlas', phone: null }, { name: 'Atlas et fils', phone: '+212522000000' })).toEqual([
			{ name: 'name', before: 'Atlas', after: 'Atlas et fils' },
			{ name: 'phone', before: null, after: '+212522000000' }
		]);
	});

	test('of what was made or is gone is one side alone, without what was empty', () => {
		expect(changesOf(null, { role: 'admin', note: '', seats: [] })).toEqual([
			{ name: 'role', before: null, after: 'admin' }
		]);
		expect(changesOf({ role: 'admin' }, null)).toEqual([{ name: 'role', before: 'admin', after: null }]);
		expect(changesOf(null, null)).toEqual([]);
	});

	test('takes values with parts apart and leaves out the parts that stayed', () => {
		const tiers = (percent: number) => ({ tiers: [{ hours_before: 4, refund_percent: percent }] });
		expect(changesOf(tiers(50), tiers(100))).toEqual([{ name: 'tiers.0.refund_percent', before: '50', after: '100' }]);
		expect(changesOf({ seats: ['A1', 'A2'] }, { seats: ['A1'] })).toEqual([
			{ name: 'seats', before: 'A1, A2', after: 'A1' }
		]);
	});

	test('gives instants by the platform’s clocks, and leaves days alone', () => {
		const { date, time } = localOf('2026-11-20T13:30:05Z', defaultZone);
		expect(changesOf(null, { at: '2026-11-20T13:30:05.123456+00:00', day: '2026-11-20' })).toEqual([
			{ name: 'at', before: null, after: `${date} ${time}:05` },
			{ name: 'day', before: null, after: '2026-11-20' }
		]);
	});
});

describe('the page about a row', () => {
	test.each([
		['auth.users', 'a1', { kind: 'account', id: 'a1' }],
		['public.user_roles', 'a1/admin', { kind: 'account', id: 'a1' }],
		['public.provider_members', 'p1/a1', { kind: 'provider', id: 'p1' }],
		['public.verifications', 'v1', { kind: 'verification', id: 'v1' }],
		['private.settings', 'site_url', null]
	])('of %s', (table_name, row_id, expected) => expect(subjectOf({ table_name, row_id })).toEqual(expected));
});
