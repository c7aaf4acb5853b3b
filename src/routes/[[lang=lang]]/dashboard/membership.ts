import type { memberships } from '#lib/catalogue/queries.ts';

/** A provider that one works for, and as what. */
export type Membership = Awaited<ReturnType<typeof memberships>>[number];

/** True for those who may change a provider's offers; policies refuse everybody else. */
export const manages = ({ role }: Pick<Membership, 'role'>) => role === 'owner' || role === 'manager';
