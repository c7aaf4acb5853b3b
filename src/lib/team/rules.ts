import * as lists from '#lib/supabase/lists.ts';
import type { One } from '#lib/supabase/lists.ts';

/** The parts one may have in a team, the one with the most rights first. */
export const roles = lists.member_role;
export type Role = One<'member_role'>;

/** What was just done to the team, for the sentence that says so. */
export const teamDeeds = ['invited', 'revoked', 'role', 'removed', 'handed_over', 'assigned'] as const;
export type TeamDeed = (typeof teamDeeds)[number];

/** Whether someone's part lets them take out or invite somebody with another one; the database has the last word. */
export function mayManage(mine: Role, theirs: Role): boolean {
	return mine === 'owner' || (mine === 'manager' && theirs === 'staff');
}

/** The parts that someone may invite to. Owners are made of members, by hand. */
export function invitable(mine: Role): Role[] {
	return roles.filter((role) => role !== 'owner' && mayManage(mine, role));
}
