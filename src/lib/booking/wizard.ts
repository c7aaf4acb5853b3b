import type { BookableService } from '#lib/catalogue/queries.ts';
import type { MessageKey } from '#lib/i18n/messages.ts';
import type { Client } from '#lib/supabase/client.ts';
import { Refusal } from '#lib/supabase/refusal.ts';
import { localDate } from '#lib/time/clocks.ts';
import { addDays } from '#lib/time/zone.ts';
import { daysShown, pageStart } from './days.ts';
import { availableSlots, fullSessions, quote, sessionSeats, sessionStart } from './queries.ts';
import type { Quote, Slot } from './queries.ts';
import type { Wizard } from './schema.ts';
import type { Seat } from './seats.ts';

/** The screens of the wizard: how many, when, which session, how many of its places or which of its seats, who. */
export type Step = 'party' | 'time' | 'session' | 'places' | 'seats' | 'details';

/** For how many the wizard books, or null while that is to be asked. */
export function partyOf(service: { min_party: number; max_party: number }, asked: number | undefined): number | null {
	if (service.min_party === service.max_party) return service.min_party;
	if (asked === undefined) return null;
	return asked >= service.min_party && asked <= service.max_party ? asked : null;
}

/** The first step whose answer is missing. `seats`: those chosen that are still free, of a numbered room. */
export function stepOf(chosen: {
	mode: string;
	party: number | null;
	slot: unknown;
	numbered: boolean;
	seats: string[];
	again?: Wizard['step'];
}): Step {
	if (chosen.mode !== 'session') return chosen.party === null ? 'party' : chosen.slot ? 'details' : 'time';
	if (!chosen.slot) return 'session';
	if (chosen.numbered) return chosen.seats.length === 0 || chosen.again === 'seats' ? 'seats' : 'details';
	return chosen.party === null ? 'places' : 'details';
}

/** The steps that a service has, for the bar that shows how far along one is. */
export function stepsOf(service: { mode: string; min_party: number; max_party: number }, numbered: boolean): Step[] {
	const asks = service.min_party < service.max_party;
	if (service.mode !== 'session') return asks ? ['party', 'time', 'details'] : ['time', 'details'];
	if (numbered) return ['session', 'seats', 'details'];
	return asks ? ['session', 'places', 'details'] : ['session', 'details'];
}

/** What the wizard shows for where one stands: the free slots of some days, and what is chosen as it is now. */
export async function read(client: Client, service: BookableService, wizard: Wizard) {
	const zone = service.provider.time_zone;
	const today = localDate(new Date(), zone);
	const sessions = service.mode === 'session';
	const start =
		sessions && wizard.session ? ((await sessionStart(client, service.id, wizard.session)) ?? undefined) : wizard.at;
	const day = start ? localDate(start, zone) : (wizard.day ?? null);
	const first = pageStart(day ?? today, today);
	const party = partyOf(service, wizard.party);
	const last = addDays(first, daysShown - 1);
	const [slots, seats, full] = await Promise.all([
		!sessions && party === null
			? []
			: availableSlots(client, service.id, first, last, (!sessions && party) || service.min_party),
		sessions && wizard.session && start ? sessionSeats(client, wizard.session) : [],
		sessions ? fullSessions(client, service.id, first, last, service.min_party) : []
	]);
	const slot = slots.find((one) => (wizard.session ? one.session_id === wizard.session : isAt(one, wizard.at))) ?? null;
	const known = wizard.seats.filter((label) => seats.some((seat) => seat.label === label)).slice(0, service.max_party);
	const price = await priceOf(client, service, { slot, seats, known, party, promo: wizard.promo });
	return { today, first, day, party, slots, slot, seats, full, chosen: known, ...price };
}

function isAt(slot: Slot, at: string | undefined): boolean {
	return at !== undefined && Date.parse(slot.starts_at) === Date.parse(at);
}

/** The price is null as long as what it depends on is not chosen; a promo code that does not hold is said, and left out. */
async function priceOf(
	client: Client,
	service: BookableService,
	chosen: { slot: Slot | null; seats: Seat[]; known: string[]; party: number | null; promo?: string }
): Promise<{ price: Quote | null; promoProblem: MessageKey | null }> {
	const wanted = toQuote(service, chosen);
	if (!wanted) return { price: null, promoProblem: null };
	try {
		return { price: await quote(client, service.id, { ...wanted, promoCode: chosen.promo }), promoProblem: null };
	} catch (failure) {
		// a session that has moved since its slot was read: the page is told, and reads again
		if (failure instanceof Refusal && failure.error.code === 'slot_taken') return { price: null, promoProblem: null };
		if (
			!(failure instanceof Refusal) ||
			!chosen.promo ||
			!['promo_invalid', 'rate_limited'].includes(failure.error.code)
		)
			throw failure;
		return { price: await quote(client, service.id, wanted), promoProblem: failure.error.key };
	}
}

function toQuote(
	service: BookableService,
	{ slot, seats, known, party }: { slot: Slot | null; seats: Seat[]; known: string[]; party: number | null }
) {
	if (service.mode === 'session' && slot && seats.length > 0)
		return known.length > 0 ? { startsAt: slot.starts_at, sessionId: slot.session_id, seats: known } : null;
	if (party === null) return null;
	return { startsAt: slot?.starts_at, sessionId: slot?.session_id ?? undefined, party };
}
