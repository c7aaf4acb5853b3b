import type { Cookies } from '@sveltejs/kit';
import { beforeEach, describe, expect, test } from 'vitest';
import { dropDraft, keepDraft, keepStep, problemsOf, reachable, readDraft, stepOf, weekOf } from './draft.server.ts';

let jar: Map<string, string>;
const cookies = {
	get: (name: string) => jar.get(name),
	set: (name: string, value: string) => void jar.set(name, value),
	delete: (name: string) => void jar.delete(name)
} as unknown as Cookies;

const form = (fields: Record<string, string>) => {
	const data = new FormData();
	for (const [name, value] of Object.entries(fields)) data.set(name, value);
	return data;
};
const keep = (step: Parameters<typeof keepStep>[3], fields: Record<string, string>, account = 'amina') =>
	keepStep(cookies, true, account, step, form(fields));

beforeEach(() => {
	jar = new Map();
});

describe('what was typed', () => {
	test('is kept as it was typed, right or wrong, step by step', () => {
		keep('who', { name: 'A', phone: '12' });
		keep('where', { district: 'الحي المحمدي' });
		expect(readDraft(cookies, 'amina')).toEqual({ name: 'A', phone: '12', district: 'الحي المحمدي' });
	});

	test('of other steps’ fields, or of none, is not taken', () => {
		expect(keep('who', { name: 'A', city_slug: 'rabat', evil: 'x' })).toEqual({ name: 'A' });
	});

	test('is for the account that typed it alone', () => {
		keep('who', { name: 'A' });
		expect(readDraft(cookies, 'bilal')).toEqual({});
	});

	test('fits a cookie however long it is', () => {
		const long = 'ع'.repeat(5000);
		keep('who', { name: long.slice(0, 120), category_slug: 'plomberie', phone: '0612345678' });
		keep('where', { city_slug: 'casablanca', district: long.slice(0, 120), address: long });
		keep('service', {
			service_name: long.slice(0, 120),
			price_minor: '100',
			duration_minutes: '60',
			place: 'customer'
		});
		keep('hours', weekOf({}));
		expect(Buffer.byteLength(jar.get('start')!)).toBeLessThan(4000);
	});

	test.each(['', 'x', Buffer.from('[]').toString('base64url'), Buffer.from('{"account":1}').toString('base64url')])(
		'that was tampered with is forgotten: %j',
		(value) => {
			jar.set('start', value);
			expect(readDraft(cookies, 'amina')).toEqual({});
		}
	);

	test('comes back whole where it waited elsewhere, and a town that is not in the list is no answer', () => {
		keepDraft(cookies, true, 'amina', { name: 'Atelier', other_town: 'Azrou' });
		expect(readDraft(cookies, 'amina')).toEqual({ name: 'Atelier', other_town: 'Azrou' });
		expect(problemsOf('where', { other_town: 'Azrou', district: 'x', address: 'y' })).toHaveProperty('city_slug');
	});

	test('goes once the business is made', () => {
		keep('who', { name: 'A' });
		dropDraft(cookies);
		expect(readDraft(cookies, 'amina')).toEqual({});
	});
});

describe('a step', () => {
	const who = { name: 'Atelier', category_slug: 'plomberie' };

	test('opens once those before it are right', () => {
		expect(reachable('hours', {})).toBe('who');
		expect(reachable('where', who)).toBe('where');
		expect(reachable('hours', who)).toBe('where');
	});

	test('says what is wrong by field', () => {
		expect(problemsOf('who', { name: '', phone: '12' })).toEqual({
			name: 'errors.field.required',
			category_slug: 'errors.field.choice',
			phone: 'errors.field.phone'
		});
	});

	test('of hours is right as it is shown at first', () => {
		expect(problemsOf('hours', {})).toEqual({});
		expect(problemsOf('hours', { hours_given: '1' })).toEqual({ hours: 'onboarding.no_day' });
	});

	test.each([
		['category_slug', 'who'],
		['address', 'where'],
		['price_minor', 'service'],
		['hours', 'hours']
	])('that asks for %s is %s', (field, step) => expect(stepOf(field)).toBe(step));
});
