import { error, redirect } from '@sveltejs/kit';
import type { RequestEvent } from '@sveltejs/kit';
import { z } from 'zod';
import type { Account } from '#lib/accounts/claims.ts';
import { requireAccount } from '#lib/accounts/guard.server.ts';
import * as secondFactor from '#lib/accounts/second-factor.ts';
import { orError } from '#lib/http/refused.server.ts';
import { backTo, routesIn } from '#lib/routes.ts';
import { myRights } from './queries.ts';
import type { Permission, PlatformRole } from './vocabulary.ts';

/** Somebody of the platform's staff, and what they may do. For show only: the database asks again at every step. */
export interface Staff extends Account {
	roles: PlatformRole[];
	permissions: Permission[];
}

const asked = new WeakMap<App.Locals, Promise<Staff>>();

/**
 * The caller as platform staff, with the permission where one is named. Visitors are led to sign in; for who has no role
 * there is nothing here (404); who has one but has not given the second factor is led to it and back; what the role does
 * not allow is refused (403). Asked of the database once a request.
 */
export async function requireStaff(event: RequestEvent, permission?: Permission): Promise<Staff> {
	let staff = asked.get(event.locals);
	if (!staff) asked.set(event.locals, (staff = identify(event)));
	const known = await staff;
	if (permission && !known.permissions.includes(permission)) error(403, 'not_allowed');
	return known;
}

async function identify(event: RequestEvent): Promise<Staff> {
	const account = await requireAccount(event);
	const rights = await orError(myRights(event.locals.supabase, account.id));
	if (rights.roles.length === 0) error(404, 'not_found');
	if (!(await secondFactor.given(event.locals.supabase)))
		redirect(303, routesIn(event.locals.language).twoFactor(backTo(event.url)));
	return { ...account, ...rights };
}

/** The id that an address names; what cannot be one has no page. */
export function idOf(text: string): string {
	if (!z.guid().safeParse(text).success) error(404, 'not_found');
	return text;
}
