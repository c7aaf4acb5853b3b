import { describe, expect, test } from 'vitest';
import { schemas } from './schema.ts';

const service = { service_name: 'Coupe', duration_minutes: '30', price_minor: '80', place: 'provider' };
const problem = (input: object) => schemas.service.safeParse({ ...service, ...input }).error?.issues[0]?.message;

describe('the first service', () => {
	test.each([
		['80', 8000],
		['149,50', 14950],
		['1 200.5', 120050],
		['0', 0],
		['0.07', 7]
	])('costs %s as %i centimes', (typed, minor) => {
		expect(schemas.service.parse({ ...service, price_minor: typed }).price_minor).toBe(minor);
	});

	test.each([
		[{ price_minor: '' }, 'errors.field.required'],
		[{ price_minor: '-5' }, 'onboarding.price_wrong'],
		[{ price_minor: '1e3' }, 'onboarding.price_wrong'],
		[{ price_minor: '1000001' }, 'onboarding.price_wrong'],
		[{ duration_minutes: '4' }, 'onboarding.minutes_wrong'],
		[{ duration_minutes: '1.5' }, 'onboarding.minutes_wrong'],
		[{ service_name: 'x' }, 'onboarding.too_short'],
		[{ place: 'moon' }, 'errors.field.choice']
	])('with %o is refused', (change, expected) => expect(problem(change)).toBe(expected));
});
