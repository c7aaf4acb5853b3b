import { expect, test } from 'vitest';
import { stateOf } from './rules.ts';

const always = { active: true, valid_from: '2026-01-01T00:00:00+00:00', valid_to: null, max_uses: null };
const now = new Date('2026-11-21T10:00:00Z');

test.each([
	['holds', {}, 5, 'on'],
	['has uses left', { max_uses: 6 }, 5, 'on'],
	['has none', { max_uses: 5 }, 5, 'used_up'],
	['begins tomorrow', { valid_from: '2026-11-22T00:00:00+01:00' }, 0, 'later'],
	['ends now', { valid_to: '2026-11-21T11:00:00+01:00' }, 0, 'over'],
	['ends tomorrow', { valid_to: '2026-11-22T00:00:00+01:00' }, 0, 'on'],
	['was switched off', { active: false, max_uses: 5 }, 5, 'off']
])('a code that %s', (_, given, used, state) => expect(stateOf({ ...always, ...given }, used, now)).toBe(state));
