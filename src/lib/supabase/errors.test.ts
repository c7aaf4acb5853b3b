import { afterEach, describe, expect, test, vi } from 'vitest';
import ar from '#lib/i18n/ar/errors.json';
import en from '#lib/i18n/en/errors.json';
import fr from '#lib/i18n/fr/errors.json';
import { errorStatuses, toAppError } from './errors.ts';

afterEach(() => vi.restoreAllMocks());

describe('an error of the database', () => {
	test('that refuses a place names the next free moments', () => {
		const hint = '["2026-11-21T09:00:00+00:00", "2026-11-21T10:00:00+00:00"]';
		expect(toAppError({ code: 'PT409', message: 'slot_taken', details: null, hint })).toEqual({
			code: 'slot_taken',
			status: 409,
			key: 'errors.slot_taken',
			nextFree: ['2026-11-21T09:00:00+00:00', '2026-11-21T10:00:00+00:00'],
			field: null
		});
	});

	test('that refuses a field names it', () => {
		expect(toAppError({ code: 'PT422', message: 'invalid_input', details: 'phone' })).toMatchObject({ field: 'phone' });
	});

	test.each([
		['42501', 'not_allowed'],
		['PGRST116', 'not_found'],
		['23514', 'invalid_input']
	])('of its own, %s, means %s', (code, meaning) => {
		expect(toAppError({ code, message: 'whatever Postgres says' }).code).toBe(meaning);
	});

	test('with a hint that is no list of moments has none', () => {
		for (const hint of ['try again', '{"a":1}', '["soon"]', null]) {
			expect(toAppError({ message: 'slot_taken', hint }).nextFree).toEqual([]);
		}
	});

	test.each([{ code: '53100' }, { statusCode: '507' }])('that has no room left says so: %j', (error) => {
		const log = vi.spyOn(console, 'error').mockImplementation(() => {});
		expect(toAppError(error)).toMatchObject({ code: 'out_of_room', status: 507, key: 'errors.out_of_room' });
		expect(log).toHaveBeenCalledOnce();
	});

	test('that nobody knows gives a general sentence and a log line without its text', () => {
		const log = vi.spyOn(console, 'error').mockImplementation(() => {});
		expect(toAppError({ code: 'XX000', message: 'row of amina@example.com' })).toMatchObject({ key: 'errors.unknown' });
		expect(toAppError(new TypeError('fetch failed')).status).toBe(500);
		expect(log.mock.calls.join()).toContain('XX000');
		expect(log.mock.calls.join()).not.toContain('amina');
	});
});

test.each([...(Object.keys(errorStatuses) as (keyof typeof errorStatuses)[]), 'out_of_room' as const])(
	'%s has a sentence in each language',
	(code) => {
		const sentences = [fr[code], ar[code], en[code]];
		for (const sentence of sentences) expect(sentence.length).toBeGreaterThan(10);
		expect(new Set(sentences).size).toBe(3);
		expect(ar[code]).toMatch(/[\u0600-\u06ff]/);
	}
);
