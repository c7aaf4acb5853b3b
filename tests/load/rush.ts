import { randomUUID } from 'node:crypto';
import { ask, atOnce, slowest } from './ask.ts';
import type { Outcome } from './ask.ts';
import { planSession, startAt } from './stage.ts';
import type { Stage, Target } from './stage.ts';

/** What many want at the same moment. */
export type Prize = 'appointment' | 'table' | 'seat' | 'places';
export const prizes: Prize[] = ['appointment', 'table', 'seat', 'places'];

/** How many bookings the prize is good for, and what everyone else is told. */
const odds: Record<Prize, { places: number; loss: string }> = {
	appointment: { places: 1, loss: 'slot_taken' },
	table: { places: 1, loss: 'slot_taken' },
	seat: { places: 1, loss: 'seat_taken' },
	places: { places: 5, loss: 'session_full' }
};

export interface Rush {
	booked: number;
	outcomes: Outcome[];
	/** calls that repeated another's key */
	repeats: number;
	slowest: number;
	/** from the first call to the last answer, milliseconds */
	duration: number;
	/** what should not have been, in words; empty when all held */
	breaches: string[];
}

async function wanted({ sql }: Target, stage: Stage, prize: Prize, round: number): Promise<Record<string, unknown>> {
	const at = await startAt(sql, 2 + round, 10);
	switch (prize) {
		case 'appointment':
			return { service_id: stage.appointment, starts_at: at };
		case 'table':
			return { service_id: stage.table, starts_at: at, party_size: 4 };
		case 'seat':
			return { service_id: stage.film, session_id: await planSession(sql, stage, 'film', at, 6), seats: ['A3'] };
		case 'places':
			return { service_id: stage.course, session_id: await planSession(sql, stage, 'course', at, odds.places.places) };
	}
}

/** Bookings that hold the prize, as the database has them. */
async function holders({ sql }: Target, what: Record<string, unknown>): Promise<Set<string>> {
	const rows = await sql<{ id: string }[]>`
		select b.id from bookings b
		where b.service_id = ${what.service_id as string} and b.status not in ('expired', 'cancelled', 'rejected')
			and case when b.session_id is null
				then b.starts_at = ${(what.starts_at as string | undefined) ?? null}::timestamptz
				else b.session_id = ${(what.session_id as string | undefined) ?? null}::uuid end`;
	return new Set(rows.map(({ id }) => id));
}

/**
 * One round: `tries` visitors, each with a key of their own, want one thing at once, every twentieth sending the request
 * twice; afterwards the winners send theirs once more. `round` counts days, so that no round meets another.
 */
export async function rush(
	target: Target,
	stage: Stage,
	prize: Prize,
	tries: number,
	round: number,
	limit = 1000
): Promise<Rush> {
	const what = await wanted(target, stage, prize, round);
	const { places, loss } = odds[prize];
	const repeated = Math.ceil(tries / 20);
	const requests = Array.from({ length: tries }, (_, n) => ({
		...what,
		idempotency_key: randomUUID(),
		guest: { name: `Visiteuse ${n}`, email: `storm.${n}@example.com` }
	}));
	// Those sent twice go first, both copies side by side: they are the likeliest to win.
	const sent = requests.flatMap((request, n) => (n < repeated ? [request, request] : [request]));
	const begun = performance.now();
	const outcomes = await atOnce(
		limit,
		sent.map((request) => () => ask(target, 'create_booking', request))
	);
	const duration = performance.now() - begun;

	const breaches: string[] = [];
	const byKey = Map.groupBy(
		outcomes.map((outcome, n) => ({ key: sent[n]!.idempotency_key, outcome })),
		({ key }) => key
	);
	const winners = [...byKey].filter(([, copies]) => copies.some(({ outcome }) => outcome.code === 'ok'));
	if (winners.length !== places) breaches.push(`${winners.length} booked what ${places} can have`);
	for (const { code } of outcomes) if (code !== 'ok' && code !== loss) breaches.push(`a loser was told: ${code}`);
	for (const [key, copies] of byKey) {
		if (new Set(copies.map(({ outcome }) => outcome.booking)).size > 1) breaches.push(`${key} got two answers`);
	}
	for (const [key, copies] of winners) {
		const again = await ask(
			target,
			'create_booking',
			requests.find((request) => request.idempotency_key === key)!
		);
		if (again.booking !== copies[0]!.outcome.booking || again.token !== copies[0]!.outcome.token)
			breaches.push(`${key} got another answer later: ${again.code}`);
	}
	const held = await holders(target, what);
	const told = new Set(winners.map(([, copies]) => copies[0]!.outcome.booking!));
	if (held.size !== places || [...told].some((id) => !held.has(id)))
		breaches.push(`${held.size} bookings stand, ${told.size} were told so`);
	return {
		booked: winners.length,
		outcomes,
		repeats: repeated + winners.length,
		slowest: slowest(outcomes),
		duration,
		breaches
	};
}
