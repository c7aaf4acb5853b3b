import { randomUUID } from 'node:crypto';
import { error, fail, redirect } from '@sveltejs/kit';
import { profiles } from '#lib/accounts/queries.ts';
import * as bookings from '#lib/booking/commands.ts';
import { daysShown, pageStart } from '#lib/booking/days.ts';
import { availableSlots, quote } from '#lib/booking/queries.ts';
import { bookingFormSchema, wizardSchema } from '#lib/booking/schema.ts';
import * as catalogue from '#lib/catalogue/queries.ts';
import { readForm } from '#lib/form/form.server.ts';
import { checkout } from '#lib/payments/commands.ts';
import { routesIn } from '#lib/routes.ts';
import { Refusal } from '#lib/supabase/refusal.ts';
import { addDays, localDate } from '#lib/time/zone.ts';
import type { Actions, PageServerLoad } from './$types';

const uuid = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

export const load: PageServerLoad = async ({ locals, params, url, depends }) => {
	depends('app:slots');
	const { supabase } = locals;
	const service = uuid.test(params.serviceId) ? await catalogue.service(supabase, params.serviceId) : null;
	if (!service) error(404);
	const { at, day } = wizardSchema.parse(Object.fromEntries(url.searchParams));
	const today = localDate(new Date(), service.provider.time_zone);
	const first = pageStart(at ? localDate(at, service.provider.time_zone) : (day ?? today), today);
	const claims = await locals.getClaims();
	const [slots, price, profile] = await Promise.all([
		availableSlots(supabase, service.id, first, addDays(first, daysShown - 1)),
		quote(supabase, service.id, at),
		claims && profiles.read(supabase, claims.sub)
	]);
	const slot = at ? (slots.find(({ starts_at }) => Date.parse(starts_at) === Date.parse(at)) ?? null) : null;
	return { service, slots, price, profile, today, first, day, at, slot, key: randomUUID() };
};

export const actions: Actions = {
	default: async ({ locals: { supabase, language, getClaims }, params, url, request }) => {
		const { at } = wizardSchema.parse(Object.fromEntries(url.searchParams));
		const form = await readForm(request, bookingFormSchema);
		if (!form.ok) return form.failure;
		const to = routesIn(language);
		if (!at) return form.refuse(422, 'errors.outside_hours');

		let page: string;
		let due = false;
		try {
			const made = await bookings.create(supabase, {
				serviceId: params.serviceId,
				startsAt: at,
				language,
				form: form.data
			});
			const token = made.manage_token ?? undefined;
			page = token ? to.guestBooking(token) : to.booking(made.booking_id);
			due = made.amount_due_minor > 0;
			if (due) {
				const address = await checkout(supabase, { bookingId: made.booking_id, token, language, returnTo: page });
				redirect(303, address, { external: true });
			}
		} catch (failure) {
			if (!(failure instanceof Refusal)) throw failure;
			const { status, key, field, nextFree } = failure.error;
			// The place is held: paying can be taken up again from the booking's page.
			if (due) redirect(303, page!);
			const refused = form.refuse(status, field ? 'errors.field.required' : key, fieldNames[field ?? '']);
			return fail(refused.status, { ...refused.data, nextFree });
		}
		redirect(303, page + ((await getClaims()) ? '' : '?new=1'));
	}
};

/** The form's fields by the names under which the database refuses them. */
const fieldNames: Record<string, string> = {
	name: 'name',
	email: 'email',
	phone: 'phone',
	address: 'line',
	notes: 'notes'
};
