import type { SupabaseClient } from '@supabase/supabase-js';
import { randomUUID } from 'node:crypto';
import type { Database } from '../../src/lib/supabase/database.ts';
import { disorder } from './disorder.ts';
import { ask, atOnce, slowest } from './ask.ts';
import type { Outcome } from './ask.ts';
import { runJobs } from './jobs.ts';
import { randomFrom } from './random.ts';
import { planSession, startAt } from './stage.ts';
import type { Stage, Target } from './stage.ts';

/** What each call may be refused with when others are quicker. */
const refusals = {
	// not_found: the session was called off, or no longer begins then
	create_booking: ['slot_taken', 'seat_taken', 'session_full', 'not_found'],
	reschedule_booking: ['slot_taken', 'seat_taken', 'session_full', 'invalid_transition', 'hold_expired', 'not_found'],
	cancel_booking: ['invalid_transition'],
	join_waitlist: ['not_found'],
	accept_offer: ['invalid_transition', 'hold_expired'],
	move_session: ['slot_taken', 'invalid_transition'],
	cancel_session: ['invalid_transition']
} satisfies Record<string, string[]>;
type Change = keyof typeof refusals;
const changes = Object.keys(refusals) as Change[];

export interface Melee {
	/** outcomes by function */
	outcomes: Record<Change, Outcome[]>;
	/** holds that lapsed meanwhile */
	lapsed: number;
	slowest: number;
	duration: number;
	breaches: string[];
}

const days = [30, 31];
const hours = [10, 11];

/** A place somebody may want: what create_booking takes, and when it is, for those who move there. */
interface Place {
	request: Record<string, unknown>;
	starts_at: string;
	/** people who move among the same places */
	kind: string;
}

/** A session as it was last heard of. */
interface Planned {
	id: string;
	kind: 'film' | 'course';
	at: string;
}

async function scarcePlaces(
	{ sql }: Target,
	stage: Stage,
	random: () => number
): Promise<{ places: (() => Place)[]; sessions: Planned[] }> {
	const pick = <T>(list: T[]) => list[Math.floor(random() * list.length)]!;
	const places: (() => Place)[] = [];
	const sessions: Planned[] = [];
	for (const day of days) {
		for (const hour of hours) {
			const at = await startAt(sql, day, hour);
			const film: Planned = { id: await planSession(sql, stage, 'film', at, 6), kind: 'film', at };
			const course: Planned = { id: await planSession(sql, stage, 'course', at, 5), kind: 'course', at };
			sessions.push(film, course);
			const place = (kind: string, request: Record<string, unknown>, starts_at = at) => ({ kind, request, starts_at });
			places.push(
				() => place('appointment', { service_id: stage.appointment, starts_at: at }),
				() => place('deposit', { service_id: stage.deposit, starts_at: at }),
				() => place('table', { service_id: stage.tables, starts_at: at, party_size: pick([1, 2, 3, 4, 6]) }),
				() =>
					place(
						'film',
						{
							service_id: stage.film,
							session_id: film.id,
							seats: pick([['A1'], ['A2'], ['A3'], ['A1', 'A2'], ['A4', 'A3']])
						},
						film.at
					),
				() =>
					place('course', { service_id: stage.course, session_id: course.id, party_size: pick([1, 2, 3]) }, course.at)
			);
		}
	}
	return { places, sessions };
}

/**
 * `operations` calls of guests who book, move, cancel, wait for a place and take what they are offered, over a few places
 * of all modes whose owner moves sessions and calls them off, at most `limit` at a time, some sent twice, while the jobs
 * sweep and offer.
 */
export async function melee(
	target: Target,
	stage: Stage,
	owner: SupabaseClient<Database>,
	operations: number,
	limit: number,
	seed: number
): Promise<Melee> {
	const random = randomFrom(seed);
	const { places, sessions } = await scarcePlaces(target, stage, random);
	const starts = await Promise.all(
		days.flatMap((day) => [...hours, 13, 14, 15].map((hour) => startAt(target.sql, day, hour)))
	);
	const anyStart = () => starts[Math.floor(random() * starts.length)]!;
	const anyPlace = () => places[Math.floor(random() * places.length)]!();
	const booked: { token: string; kind: string }[] = [];
	const outcomes = Object.fromEntries(changes.map((change) => [change, [] as Outcome[]])) as Melee['outcomes'];
	const breaches: string[] = [];
	const call = async (change: Change, values: Record<string, unknown>) => {
		const asked = change === 'move_session' || change === 'cancel_session' ? { ...target, client: owner } : target;
		const outcome = await ask(asked, change, values);
		outcomes[change].push(outcome);
		if (outcome.code !== 'ok' && !(refusals[change] as string[]).includes(outcome.code))
			breaches.push(`${change}: ${outcome.code}`);
		return outcome;
	};
	const create = async () => {
		const { request, kind } = anyPlace();
		const values = {
			...request,
			idempotency_key: randomUUID(),
			guest: { name: 'Zoubida', email: `storm.${randomUUID()}@example.com` }
		};
		const copies = await Promise.all(
			Array.from({ length: random() < 0.1 ? 2 : 1 }, () => call('create_booking', values))
		);
		// A refusal is not remembered: the second copy may find what the first did not.
		const made = copies.filter(({ code }) => code === 'ok');
		if (new Set(made.map(({ booking }) => booking)).size > 1) breaches.push('one key got two bookings');
		if (made[0]) booked.push({ token: made[0].token!, kind });
	};
	// Most give up a booking that is gone; some go on with it.
	const leave = (mine: (typeof booked)[number], gone: boolean) => {
		if (gone && booked.includes(mine) && random() < 0.8) booked.splice(booked.indexOf(mine), 1);
	};
	const move = async () => {
		const mine = booked[Math.floor(random() * booked.length)]!;
		const once = async () => {
			let { kind, starts_at, request } = anyPlace();
			while (kind !== mine.kind) ({ kind, starts_at, request } = anyPlace());
			const party_size = kind === 'table' || kind === 'course' ? request.party_size : undefined;
			const { code } = await call('reschedule_booking', { manage_token: mine.token, starts_at, party_size });
			leave(mine, code === 'invalid_transition' || code === 'hold_expired');
		};
		// Some ask again before they have an answer.
		await Promise.all(Array.from({ length: random() < 0.2 ? 2 : 1 }, once));
	};
	const wait = async () => {
		const { request, starts_at } = anyPlace();
		const { service_id, session_id, seats, party_size } = request as { seats?: string[] } & Record<string, unknown>;
		await call('join_waitlist', {
			service_id,
			session_id,
			period: session_id ? undefined : `[${starts_at},${new Date(Date.parse(starts_at) + 7_200_000).toISOString()})`,
			party_size: seats?.length ?? party_size,
			guest: { name: 'Bilal', email: `storm.${randomUUID()}@example.com` }
		});
	};
	const accept = async () => {
		const mine = booked[Math.floor(random() * booked.length)]!;
		await call('accept_offer', { manage_token: mine.token });
	};
	const cancel = async () => {
		const mine = booked[Math.floor(random() * booked.length)]!;
		await call('cancel_booking', { manage_token: mine.token });
		leave(mine, true);
	};
	const moveSession = async () => {
		const session = sessions[Math.floor(random() * sessions.length)]!;
		const [at, again] = [anyStart(), random() < 0.2 ? anyStart() : null];
		const answers = await Promise.all(
			[at, again]
				.filter((start) => start !== null)
				.map((starts_at) => call('move_session', { session_id: session.id, starts_at }))
		);
		// which of two came last is not known: calls for the other are told that there is none
		if (answers[0]!.code === 'ok') session.at = at;
	};
	// Another is planned in its place, where there is room.
	const cancelSession = async () => {
		const session = sessions[Math.floor(random() * sessions.length)]!;
		await call('cancel_session', { session_id: session.id, reason: 'en panne' });
		const at = anyStart();
		try {
			Object.assign(session, {
				id: await planSession(target.sql, stage, session.kind, at, session.kind === 'film' ? 6 : 5),
				at
			});
		} catch (error) {
			if ((error as Error).message !== 'slot_taken') throw error;
		}
	};

	const jobs = runJobs(target, stage);
	const kindOf = new Map(places.map((place) => [place().request.service_id as string, place().kind]));
	const begun = performance.now();
	await atOnce(
		limit,
		Array.from({ length: operations }, () => async () => {
			const offers = jobs.offers().map(({ token, service }) => ({ token, kind: kindOf.get(service)! }));
			booked.push(...offers);
			for (const offer of offers) if (random() < 0.5) await call('accept_offer', { manage_token: offer.token });
			const choice = random();
			if (booked.length === 0 || choice < 0.4) await create();
			else if (choice < 0.5) await wait();
			else if (choice < 0.74) await move();
			else if (choice < 0.77) await moveSession();
			else if (choice < 0.785) await cancelSession();
			else if (choice < 0.81) await accept();
			else await cancel();
		})
	);
	const duration = performance.now() - begun;
	try {
		await jobs.stop();
	} catch (error) {
		breaches.push(`the jobs: ${(error as Error).message}`);
	}
	breaches.push(...(await disorder(target.sql, stage)));
	const [{ lapsed } = { lapsed: 0 }] = await target.sql<{ lapsed: number }[]>`
		select count(*)::int as lapsed from bookings where provider_id = ${stage.provider} and status = 'expired'`;
	const all = Object.values(outcomes).flat();
	return { outcomes, lapsed, slowest: slowest(all), duration, breaches };
}
