import { requireAccount } from '#lib/accounts/guard.server.ts';
import { rescheduleRoute } from '#lib/booking/reschedule.server.ts';
import { routesIn } from '#lib/routes.ts';
import type { RequestEvent } from './$types';

export const { load, actions } = rescheduleRoute<RequestEvent>(
	async (event) => {
		await requireAccount(event);
		return { id: event.params.id };
	},
	({ params, locals }) => routesIn(locals.language).dashboardBooking(params.id)
);
