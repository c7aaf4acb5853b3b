import { describe, expect, test } from 'vitest';
import { listOf } from '#lib/list/schema.ts';
import { bulkSchema, listSchema } from './schema.ts';

const at = (query: string) => listOf(listSchema, new URL(`http://site/dashboard/bookings?${query}`));
const given = (query: string) =>
	Object.fromEntries(Object.entries(at(query)).filter(([, value]) => value !== undefined));

describe('the address of the list of bookings', () => {
	test('keeps what fits', () => {
		const id = '12632596-3af5-54b6-8718-66998f5939db';
		expect(
			given(`q=+Sara+&status=pending&from=2026-11-21&to=2026-11-30&service=${id}&resource=${id}&sort=price&page=3`)
		).toEqual({
			q: 'Sara',
			status: 'pending',
			from: '2026-11-21',
			to: '2026-11-30',
			service: id,
			resource: id,
			sort: 'price',
			page: 3
		});
	});

	test.each([
		'q=&status=&from=&to=&service=&resource=&sort=',
		'status=held',
		'from=2026-02-30',
		'to=tomorrow',
		'service=1',
		'sort=id;drop',
		'page=0',
		'page=1',
		'page=x',
		'unknown=1'
	])('drops what does not: %s', (query) => expect(given(query)).toEqual({}));
});

describe('moving many at once', () => {
	const id = '12632596-3af5-54b6-8718-66998f5939db';
	const problem = (form: object) => bulkSchema.safeParse(form).error?.issues[0]?.message;

	test.each([
		['nothing chosen', { ids: [], to_status: 'confirmed' }, 'dashboard.bulk.none'],
		['too many', { ids: Array(101).fill(id), to_status: 'confirmed' }, 'errors.invalid_input'],
		['no id', { ids: ['1'], to_status: 'confirmed' }, 'errors.invalid_input'],
		['a status that only the system gives', { ids: [id], to_status: 'expired' }, 'errors.invalid_input'],
		['a long reason', { ids: [id], to_status: 'rejected', reason: 'x'.repeat(501) }, 'errors.field.too_long']
	])('is refused: %s', (_, form, message) => expect(problem(form)).toBe(message));

	test('is read', () => {
		expect(bulkSchema.parse({ ids: [id], to_status: 'rejected', reason: ' Complet ' })).toEqual({
			ids: [id],
			to_status: 'rejected',
			reason: 'Complet'
		});
	});
});
