import { randomUUID } from 'node:crypto';
import { error, fail, redirect } from '@sveltejs/kit';
import { profiles } from '#lib/accounts/queries.ts';
import { alreadyBooked, bookedHere, rememberBooked } from '#lib/booking/booked.server.ts';
import * as bookings from '#lib/booking/commands.ts';
import { bookingFields, fieldProblem } from '#lib/booking/fields.ts';
import { heldIn, remember } from '#lib/booking/held.server.ts';
import { bookingFormSchema, wizardOf } from '#lib/booking/schema.ts';
import * as wizards from '#lib/booking/wizard.ts';
import * as catalogue from '#lib/catalogue/queries.ts';
import { readForm } from '#lib/form/form.server.ts';
import { checkout } from '#lib/payments/commands.ts';
import { routesIn } from '#lib/routes.ts';
import { Refusal } from '#lib/supabase/refusal.ts';
import type { Actions, PageServerLoad } from './$types';

const uuid = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

export const load: PageServerLoad = async (event) => {
	const { locals, params, url, depends } = event;
	depends('app:slots');
	const { supabase, language } = locals;
	const service = uuid.test(params.serviceId) ? await catalogue.service(supabase, params.serviceId) : null;
	if (!service) error(404);
	const wizard = wizardOf(url);
	const claims = await locals.getClaims();
	const [state, profile, held] = await Promise.all([
		wizards.read(supabase, service, wizard),
		claims && profiles.read(supabase, claims.sub),
		heldIn(event, service.id)
	]);
	// A link to a time of a session service is one to its session.
	if (service.mode === 'session' && state.slot && !wizard.session) {
		redirect(307, routesIn(language).book(service.id, { session: state.slot.session_id, party: wizard.party }));
	}
	const reference = state.price?.already_booked;
	const already = reference
		? { reference }
		: state.slot &&
			(await bookedHere(event, {
				serviceId: service.id,
				startsAt: state.slot.starts_at,
				sessionId: state.slot.session_id ?? undefined
			}));
	return { service, wizard, profile, held, already, key: randomUUID(), ...state };
};

export const actions: Actions = {
	default: async (event) => {
		const { params, url, request } = event;
		const { supabase, language, getClaims } = event.locals;
		const { at, session, seats, party, promo } = wizardOf(url);
		const form = await readForm(request, bookingFormSchema);
		if (!form.ok) return form.failure;
		const to = routesIn(language);
		if (!at && !session) return form.refuse(422, 'errors.outside_hours');

		const choice = {
			serviceId: params.serviceId,
			startsAt: at,
			sessionId: session,
			seats,
			party: party ?? form.data.party
		};
		// The choice may have been made in another tab, or before the first booking was.
		if (!form.data.again && (await alreadyBooked(event, choice, form.data.key)))
			return form.refuse(409, 'booking.twice.ask', 'again');

		let page: string;
		let due = false;
		try {
			const made = await bookings.create(supabase, {
				...choice,
				promo,
				language,
				form: form.data
			});
			const token = made.manage_token ?? undefined;
			if (token) rememberBooked(event, form.data.key, token);
			page = token ? to.guestBooking(token) : to.booking(made.booking_id);
			due = made.amount_due_minor > 0;
			if (due) {
				if (made.hold_expires_at) remember(event, { id: made.booking_id, token, until: made.hold_expires_at });
				const address = await checkout(supabase, { bookingId: made.booking_id, token, language });
				redirect(303, address, { external: true });
			}
		} catch (failure) {
			if (!(failure instanceof Refusal)) throw failure;
			const { status, code, key, field, nextFree } = failure.error;
			// The place is held: paying can be taken up again from the booking's page.
			if (due) redirect(303, page!);
			const refused = form.refuse(status, field ? fieldProblem(field, form.data) : key, bookingFields[field ?? '']);
			return fail(refused.status, { ...refused.data, code, nextFree });
		}
		redirect(303, page + ((await getClaims()) ? '' : '?new=1'));
	}
};
