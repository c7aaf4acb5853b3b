import { rescheduleRoute } from '#lib/booking/reschedule.server.ts';
import { routesIn } from '#lib/routes.ts';
import type { RequestEvent } from './$types';

export const { load, actions } = rescheduleRoute<RequestEvent>(
	({ params }) => ({ token: params.token }),
	({ params, locals }) => routesIn(locals.language).guestBooking(params.token)
);
