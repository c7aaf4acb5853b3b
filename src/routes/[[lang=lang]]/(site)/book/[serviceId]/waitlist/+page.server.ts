import { error } from '@sveltejs/kit';
import { profiles } from '#lib/accounts/queries.ts';
import { bookingFields, fieldProblem } from '#lib/booking/fields.ts';
import * as catalogue from '#lib/catalogue/queries.ts';
import { readForm } from '#lib/form/form.server.ts';
import { Refusal } from '#lib/supabase/refusal.ts';
import { localDate } from '#lib/time/clocks.ts';
import { addDays } from '#lib/time/zone.ts';
import { join } from '#lib/waitlist/commands.ts';
import { keepPlace, placeIn } from '#lib/waitlist/places.server.ts';
import { joinSchema, waitlistSchema } from '#lib/waitlist/schema.ts';
import type { Actions, PageServerLoad } from './$types';

const uuid = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

export const load: PageServerLoad = async ({ locals: { supabase, getClaims }, params, url }) => {
	const service = uuid.test(params.serviceId) ? await catalogue.service(supabase, params.serviceId) : null;
	if (!service) error(404);
	const { day, party, session } = waitlistSchema.parse(Object.fromEntries(url.searchParams));
	const today = localDate(new Date(), service.provider.time_zone);
	const from = day && day > today ? day : today;
	const claims = await getClaims();
	return {
		service,
		profile: claims ? await profiles.read(supabase, claims.sub) : null,
		session: session ?? null,
		party: party ?? service.min_party,
		today,
		last: addDays(today, service.horizon_days),
		from,
		to: addDays(from, 7)
	};
};

export const actions: Actions = {
	default: async ({ locals: { supabase, language }, params, url, request, cookies }) => {
		const { session } = waitlistSchema.parse(Object.fromEntries(url.searchParams));
		const form = await readForm(request, joinSchema);
		if (!form.ok) return form.failure;
		const service = uuid.test(params.serviceId) ? await catalogue.service(supabase, params.serviceId) : null;
		if (!service) error(404);
		const { from, to } = form.data;
		if (!session && (!from || !to)) return form.refuse(422, 'errors.field.required', from ? 'to' : 'from');
		if (!session && to < from) return form.refuse(422, 'waitlist.days_in_order', 'to');
		const line = `${service.id} ${session ?? from}`;
		try {
			const place = await join(supabase, {
				serviceId: service.id,
				sessionId: session,
				zone: service.provider.time_zone,
				language,
				form: form.data,
				token: placeIn(cookies, line)
			});
			if (place.manage_token) keepPlace(cookies, url.protocol === 'https:', line, place.manage_token);
			return { joined: { ahead: place.ahead } };
		} catch (failure) {
			if (!(failure instanceof Refusal)) throw failure;
			const { code, status, key, field } = failure.error;
			if (code === 'limit_reached') return form.refuse(status, 'waitlist.full');
			if (field === 'period') return form.refuse(status, 'waitlist.period', 'to');
			const name = field && bookingFields[field];
			return name ? form.refuse(status, fieldProblem(field, form.data), name) : form.refuse(status, key);
		}
	}
};
