import { describe, expect, test } from 'vitest';
import { wizardOf } from './schema.ts';
import { partyOf, stepOf, stepsOf } from './wizard.ts';
import type { Step } from './wizard.ts';

const slot = {};
const nothing = { party: null, slot: null, numbered: false, seats: [] as string[] };

describe('the step', () => {
	test.each<[string, Partial<Parameters<typeof stepOf>[0]>, Step]>([
		['appointment', { party: 1 }, 'time'],
		['appointment', { party: 1, slot }, 'details'],
		['table', {}, 'party'],
		['table', { slot }, 'party'],
		['table', { party: 4 }, 'time'],
		['table', { party: 4, slot }, 'details'],
		['session', {}, 'session'],
		['session', { party: 2 }, 'session'],
		['session', { slot }, 'places'],
		['session', { slot, party: 2 }, 'details'],
		['session', { slot, numbered: true, party: 2 }, 'seats'],
		['session', { slot, numbered: true, seats: ['C7'] }, 'details'],
		['session', { slot, numbered: true, seats: ['C7'], again: 'seats' }, 'seats']
	])('of a wizard in mode %s with %j is %s', (mode, chosen, step) => {
		expect(stepOf({ ...nothing, mode, ...chosen })).toBe(step);
	});
});

test.each([
	[{ min_party: 1, max_party: 1 }, undefined, 1],
	[{ min_party: 2, max_party: 8 }, undefined, null],
	[{ min_party: 2, max_party: 8 }, 4, 4],
	[{ min_party: 2, max_party: 8 }, 1, null],
	[{ min_party: 2, max_party: 8 }, 9, null]
])('of %j and a wish for %s the party is %s', (service, asked, party) => {
	expect(partyOf(service, asked)).toBe(party);
});

test('a service without choice does not ask for how many', () => {
	expect(stepsOf({ mode: 'appointment', min_party: 1, max_party: 1 }, false)).toEqual(['time', 'details']);
	expect(stepsOf({ mode: 'table', min_party: 1, max_party: 12 }, false)).toEqual(['party', 'time', 'details']);
	expect(stepsOf({ mode: 'session', min_party: 1, max_party: 8 }, true)).toEqual(['session', 'seats', 'details']);
});

test('the address holds seats one by one, and what does not fit is dropped', () => {
	const at = (query: string) => wizardOf(new URL(`http://site/book/x?${query}`));
	expect(at('seats=C7&seats=C8&seats=C7&party=2')).toMatchObject({ seats: ['C7', 'C8'], party: 2 });
	expect(at('party=many&day=someday&session=1&step=no')).toEqual({
		party: undefined,
		at: undefined,
		day: undefined,
		session: undefined,
		seats: [],
		step: undefined
	});
});
