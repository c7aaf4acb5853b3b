import * as lists from '#lib/supabase/lists.ts';
import type { One } from '#lib/supabase/lists.ts';

export type PlatformRole = One<'platform_role'>;
/** Roles of platform staff, the highest first. */
export const platformRoles: readonly PlatformRole[] = lists.platform_role.toReversed();

/** What the pages ask whether a role may; the table role_permissions says which role may what. */
export type Permission =
	| 'providers.read'
	| 'providers.verify'
	| 'providers.suspend'
	| 'bookings.read'
	| 'accounts.read'
	| 'accounts.suspend'
	| 'health.read'
	| 'audit.read'
	| `roles.${PlatformRole}`;

/** The tables whose changes are logged, as the log names them. */
export const auditedTables = [
	'auth.users',
	'auth.mfa_factors',
	'auth.identities',
	'public.profiles',
	'public.bookings',
	'public.user_roles',
	'public.role_permissions',
	'public.providers',
	'public.provider_members',
	'public.invitations',
	'public.provider_documents',
	'public.verifications',
	'public.start_requests',
	'public.services',
	'public.sessions',
	'public.resources',
	'public.cancellation_policies',
	'public.promo_codes',
	'public.calendar_feeds',
	'public.payments',
	'public.refunds',
	'public.templates',
	'public.audit_personal',
	'private.settings',
	'private.rate_limits'
] as const;

/** What the log calls the things that are done. */
export const auditedActions = [
	'insert',
	'update',
	'delete',
	'suspended',
	'restored',
	'email_changed',
	'password_changed',
	'second_factor_removed',
	'recovery_codes_made',
	'way_in_added',
	'way_in_removed',
	'revealed',
	'read'
] as const;
