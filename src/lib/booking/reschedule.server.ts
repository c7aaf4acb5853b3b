import { fail, redirect } from '@sveltejs/kit';
import type { RequestEvent } from '@sveltejs/kit';
import { z } from 'zod';
import * as catalogue from '#lib/catalogue/queries.ts';
import { readForm } from '#lib/form/form.server.ts';
import { instant, say } from '#lib/form/schema.ts';
import { orError } from '#lib/http/refused.server.ts';
import { Refusal } from '#lib/supabase/refusal.ts';
import { localDate } from '#lib/time/clocks.ts';
import { addDays } from '#lib/time/zone.ts';
import { reschedule } from './commands.ts';
import { daysShown, pageStart } from './days.ts';
import { get, quoteChange, slotsToMove } from './queries.ts';
import { termsSchema, wizardOf } from './schema.ts';
import { isMovable } from './status.ts';
import { partyOf } from './wizard.ts';

type Key = { id: string } | { token: string };

/** What is needed to move a booking: itself, its service's free times on the days shown, and the time chosen. Raises Refusal. */
async function rescheduling({ locals: { supabase }, url }: RequestEvent, key: Key, page: string) {
	const booking = await get(supabase, key);
	const service = await catalogue.service(supabase, booking.service_id);
	if (!service || !isMovable(booking, new Date())) redirect(303, page);
	const wanted = wizardOf(url);
	const zone = service.provider.time_zone;
	const today = localDate(new Date(), zone);
	const day = wanted.day ?? localDate(booking.starts_at, zone);
	const first = pageStart(wanted.at ? localDate(wanted.at, zone) : day, today);
	// Seats stay the same in another session: as many come as have one.
	const party = booking.seats
		? booking.party_size
		: ((wanted.party ? partyOf(service, wanted.party) : null) ?? booking.party_size);
	const free = await slotsToMove(supabase, key, first, addDays(first, daysShown - 1), party);
	const at = wanted.at ? Date.parse(wanted.at) : null;
	const current = Date.parse(booking.starts_at);
	const kept = at === current && party !== booking.party_size;
	// where nothing else changes, its own time is no choice
	const slots = free.filter(({ starts_at }) => party !== booking.party_size || Date.parse(starts_at) !== current);
	const slot = slots.find(({ starts_at }) => Date.parse(starts_at) === at);
	const chosen = slot
		? { at: slot.starts_at, local: slot.local_starts_at }
		: kept
			? { at: booking.starts_at, local: booking.local_starts_at }
			: null;
	return {
		booking,
		service,
		slots,
		party,
		today,
		first,
		day,
		/** the time chosen, while it is to be had */
		chosen: chosen && { ...chosen, change: await quoteChange(supabase, key, chosen.at, party) },
		gone: at !== null && at !== current && !slot
	};
}

const schema = z.object({
	at: instant(say('errors.outside_hours')),
	party: z.coerce.number(say('errors.party_size')).int(say('errors.party_size')),
	terms: termsSchema
});

/** The page on which a booking is moved: its data, and the action that moves it and leads back to the booking's page. */
export function rescheduleRoute<Event extends RequestEvent>(
	keyOf: (event: Event) => Key | Promise<Key>,
	pageOf: (event: Event) => string
) {
	const load = async (event: Event & { depends: (dependency: `app:${string}`) => void }) => {
		event.depends('app:slots');
		// The address of a guest's page is its key: it is not to be told to other sites or kept by caches. Not no-referrer:
		// browsers then send forms without their origin.
		event.setHeaders({ 'referrer-policy': 'same-origin', 'cache-control': 'private, no-store' });
		const back = pageOf(event);
		return { ...(await orError(rescheduling(event, await keyOf(event), back))), back };
	};
	const move = async (event: Event) => {
		const form = await readForm(event.request, schema);
		if (!form.ok) return form.failure;
		try {
			const { at: startsAt, party, terms } = form.data;
			await reschedule(event.locals.supabase, await keyOf(event), { startsAt, party, terms });
		} catch (failure) {
			if (!(failure instanceof Refusal)) throw failure;
			const { status, code, key, nextFree } = failure.error;
			const refused = form.refuse(status, key);
			return fail(status, { ...refused.data, code, nextFree });
		}
		redirect(303, `${pageOf(event)}?moved=1`);
	};
	return { load, actions: { default: move } };
}
