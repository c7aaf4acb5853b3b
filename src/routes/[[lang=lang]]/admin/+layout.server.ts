import { requireStaff } from '#lib/administration/guard.server.ts';
import { waitingVerifications } from '#lib/administration/queries.ts';
import type { LayoutServerLoad } from './$types';

export const load: LayoutServerLoad = async (event) => {
	const { id, roles, permissions } = await requireStaff(event);
	const waiting = permissions.includes('providers.verify')
		? // No page is worth failing for a number in its bar; the failure is logged.
			await waitingVerifications(event.locals.supabase).catch(() => null)
		: null;
	return { me: id, roles, permissions, waiting };
};
