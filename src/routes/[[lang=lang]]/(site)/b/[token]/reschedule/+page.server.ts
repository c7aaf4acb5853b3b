import { error } from '@sveltejs/kit';
import { rescheduleAction, rescheduling } from '#lib/booking/reschedule.server.ts';
import { routesIn } from '#lib/routes.ts';
import { Refusal } from '#lib/supabase/refusal.ts';
import type { Actions, PageServerLoad, RequestEvent } from './$types';

const keyOf = ({ params }: Pick<RequestEvent, 'params'>) => ({ token: params.token });
const pageOf = ({ params, locals }: Pick<RequestEvent, 'params' | 'locals'>) =>
	routesIn(locals.language).guestBooking(params.token);

export const load: PageServerLoad = async (event) => {
	event.depends('app:slots');
	event.setHeaders({ 'referrer-policy': 'no-referrer', 'cache-control': 'private, no-store' });
	const back = pageOf(event);
	try {
		return { ...(await rescheduling(event, keyOf(event), back)), back };
	} catch (failure) {
		if (failure instanceof Refusal) error(failure.error.status, failure.error.code);
		throw failure;
	}
};

export const actions: Actions = { default: rescheduleAction<RequestEvent>(keyOf, pageOf) };
