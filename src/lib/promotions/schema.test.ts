import { describe, expect, test } from 'vitest';
import { promoSchema, termsSchema } from './schema.ts';

const eid = { code: 'EID2027', kind: 'percent', value: '10' };
const read = (form: object) => promoSchema('MAD').safeParse({ ...eid, ...form });
const problems = (form: object) => read(form).error?.issues.map(({ path, message }) => [path.join('.'), message]);

test('a code needs a name and a value, all else may stay empty', () => {
	expect(read({}).data).toEqual({
		...eid,
		service: '',
		min_price: 0,
		from: '',
		to: '',
		max_uses: null,
		max_uses_each: null
	});
});

test('a code is kept in capitals, sums in minor units', () => {
	const form = {
		code: ' eid 2027',
		kind: 'amount',
		value: '50,5',
		min_price: '1 200',
		max_uses: '100',
		max_uses_each: '2'
	};
	expect(read(form).data).toMatchObject({
		code: 'EID2027',
		value: '50,5',
		min_price: 120_000,
		max_uses: 100,
		max_uses_each: 2
	});
});

describe('refused', () => {
	test.each([
		[{ code: 'EI' }, 'code', 'promotions.error.code'],
		[{ code: 'AÏD2027' }, 'code', 'promotions.error.code'],
		[{ code: 'X'.repeat(21) }, 'code', 'promotions.error.code'],
		[{ kind: 'gift' }, 'kind', 'errors.field.choice'],
		[{ value: '' }, 'value', 'promotions.error.percent'],
		[{ value: '0' }, 'value', 'promotions.error.percent'],
		[{ value: '101' }, 'value', 'promotions.error.percent'],
		[{ value: '12.5' }, 'value', 'promotions.error.percent'],
		[{ kind: 'amount', value: '0' }, 'value', 'promotions.error.amount'],
		[{ kind: 'amount', value: 'fifty' }, 'value', 'promotions.error.amount'],
		[{ kind: 'amount', value: '1000001' }, 'value', 'promotions.error.amount'],
		[{ min_price: '-1' }, 'min_price', 'promotions.error.amount'],
		[{ service: 'all' }, 'service', 'errors.field.choice'],
		[{ from: '2027-02-30' }, 'from', 'promotions.error.day'],
		[{ from: '2027-03-02', to: '2027-03-01' }, 'to', 'promotions.error.order'],
		[{ max_uses: '0' }, 'max_uses', 'promotions.error.whole'],
		[{ max_uses: '2.5' }, 'max_uses', 'promotions.error.whole'],
		[{ max_uses_each: '1001' }, 'max_uses_each', 'promotions.error.whole']
	])('%j', (form, field, message) => expect(problems(form)).toEqual([[field, message]]));
});

test('a code may hold for one day, and its terms are judged alike when they are changed', () => {
	expect(read({ from: '2027-03-01', to: '2027-03-01' }).success).toBe(true);
	expect(termsSchema('MAD').safeParse({ from: '2027-03-02', to: '2027-03-01' }).success).toBe(false);
	expect(termsSchema('MAD').parse({ min_price: '99,90' }).min_price).toBe(9990);
});
