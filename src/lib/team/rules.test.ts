import { expect, test } from 'vitest';
import { invitable, mayManage } from './rules.ts';
import type { Role } from './rules.ts';

test.each<[Role, Role, boolean]>([
	['owner', 'owner', true],
	['owner', 'staff', true],
	['manager', 'owner', false],
	['manager', 'manager', false],
	['manager', 'staff', true],
	['staff', 'staff', false]
])('a member as %s over one as %s: %s', (mine, theirs, may) => expect(mayManage(mine, theirs)).toBe(may));

test('owners invite managers and staff, managers staff, staff nobody', () => {
	expect([invitable('owner'), invitable('manager'), invitable('staff')]).toEqual([['manager', 'staff'], ['staff'], []]);
});
