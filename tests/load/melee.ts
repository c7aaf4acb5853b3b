import { randomUUID } from 'node:crypto';
import type { Sql } from 'postgres';
import { ask, atOnce, slowest } from './ask.ts';
import type { Outcome } from './ask.ts';
import { randomFrom } from './random.ts';
import { planSession, startAt } from './stage.ts';
import type { Stage, Target } from './stage.ts';

/** What each call may be refused with when others are quicker. */
const refusals = {
	create_booking: ['slot_taken', 'seat_taken', 'session_full'],
	reschedule_booking: ['slot_taken', 'seat_taken', 'session_full', 'invalid_transition'],
	cancel_booking: ['invalid_transition']
};
type Change = keyof typeof refusals;

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

async function scarcePlaces({ sql }: Target, stage: Stage, random: () => number): Promise<(() => Place)[]> {
	const pick = <T>(list: T[]) => list[Math.floor(random() * list.length)]!;
	const makers: (() => Place)[] = [];
	for (const day of days) {
		for (const hour of hours) {
			const at = await startAt(sql, day, hour);
			const film = await planSession(sql, stage, 'film', at, 6);
			const course = await planSession(sql, stage, 'course', at, 5);
			const place = (kind: string, request: Record<string, unknown>) => ({ kind, request, starts_at: at });
			makers.push(
				() => place('appointment', { service_id: stage.appointment, starts_at: at }),
				() => place('deposit', { service_id: stage.deposit, starts_at: at }),
				() => place('table', { service_id: stage.tables, starts_at: at, party_size: pick([1, 2, 3, 4, 6]) }),
				() =>
					place('film', {
						service_id: stage.film,
						session_id: film,
						seats: pick([['A1'], ['A2'], ['A3'], ['A1', 'A2'], ['A4', 'A3']])
					}),
				() => place('course', { service_id: stage.course, session_id: course, party_size: pick([1, 2, 3]) })
			);
		}
	}
	return makers;
}

/** Lets some holds lapse and sweeps them as the job does, over and over, until told to stop. Returns how many lapsed. */
function sweeping(sql: Sql, stage: Stage): () => Promise<number> {
	let going = true;
	let lapsed = 0;
	const run = (async () => {
		while (going) {
			await sql`
				with due as (
					update bookings set hold_expires_at = now() - interval '1 second'
					where id in (
						select id from bookings where provider_id = ${stage.provider} and status = 'held' and random() < 0.3 for update skip locked
					)
					returning id
				)
				update occupancies set expires_at = now() - interval '1 second' where booking_id in (select id from due)`;
			const [row] = await sql<{ ended: number }[]>`select private.expire_holds() as ended`;
			lapsed += row!.ended;
			await new Promise((resolve) => setTimeout(resolve, 50));
		}
		return lapsed;
	})();
	return () => {
		going = false;
		return run;
	};
}

/**
 * `operations` calls of guests who book, move and cancel over a few places of all modes, at most `limit` at a time,
 * some sent twice, while holds lapse and are swept as the job does it.
 */
export async function melee(
	target: Target,
	stage: Stage,
	operations: number,
	limit: number,
	seed: number
): Promise<Melee> {
	const random = randomFrom(seed);
	const places = await scarcePlaces(target, stage, random);
	const anyPlace = () => places[Math.floor(random() * places.length)]!();
	const booked: { token: string; kind: string }[] = [];
	const outcomes: Melee['outcomes'] = { create_booking: [], reschedule_booking: [], cancel_booking: [] };
	const breaches: string[] = [];
	const call = async (change: Change, values: Record<string, unknown>) => {
		const outcome = await ask(target, change, values);
		outcomes[change].push(outcome);
		if (outcome.code !== 'ok' && !refusals[change].includes(outcome.code)) breaches.push(`${change}: ${outcome.code}`);
		return outcome;
	};
	const create = async () => {
		const { request, kind } = anyPlace();
		const values = {
			...request,
			idempotency_key: randomUUID(),
			guest: { name: 'Zoubida', email: 'storm.melee@example.com' }
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
		let { kind, starts_at, request } = anyPlace();
		while (kind !== mine.kind) ({ kind, starts_at, request } = anyPlace());
		const party_size = kind === 'table' || kind === 'course' ? request.party_size : undefined;
		const { code } = await call('reschedule_booking', { manage_token: mine.token, starts_at, party_size });
		leave(mine, code === 'invalid_transition');
	};
	const cancel = async () => {
		const mine = booked[Math.floor(random() * booked.length)]!;
		await call('cancel_booking', { manage_token: mine.token });
		leave(mine, true);
	};

	const stop = sweeping(target.sql, stage);
	const begun = performance.now();
	await atOnce(
		limit,
		Array.from({ length: operations }, () => async () => {
			const choice = random();
			if (booked.length === 0 || choice < 0.4) await create();
			else if (choice < 0.75) await move();
			else await cancel();
		})
	);
	const duration = performance.now() - begun;
	let lapsed = 0;
	try {
		lapsed = await stop();
	} catch (error) {
		breaches.push(`the sweep of lapsed holds: ${(error as Error).message}`);
	}
	breaches.push(...(await disorder(target.sql, stage)));
	const all = Object.values(outcomes).flat();
	return { outcomes, lapsed, slowest: slowest(all), duration, breaches };
}

/** What does not add up at the business now, in words: by the invariant checker, and by queries of our own. */
export async function disorder(sql: Sql, { provider }: Stage): Promise<string[]> {
	const found = await sql<{ what: string; subject: string }[]>`
		with mine as (select * from bookings where provider_id = ${provider}),
		live as (select * from mine where status not in ('expired', 'cancelled', 'rejected'))
		select 'a place without a live booking' as what, o.id as subject
		from occupancies o
		join resources r on r.id = o.resource_id and r.provider_id = ${provider}
		where o.closure_id is null and o.session_id is null and o.booking_id not in (select id from live)
		union all
		select 'a live booking without its place', b.id from live b
		where b.session_id is null and not exists (
			select from occupancies o where o.booking_id = b.id and o.period @> tstzrange(b.starts_at, b.ends_at)
		)
		union all
		select 'a table too small', b.id from live b
		where b.mode = 'table' and b.party_size > (
			select sum(r.capacity) from occupancies o join resources r on r.id = o.resource_id where o.booking_id = b.id
		)
		union all
		select 'a session counted wrongly', s.id from sessions s
		where s.provider_id = ${provider}
			and s.taken <> (select coalesce(sum(b.party_size), 0) from live b where b.session_id = s.id)
		union all
		select 'seats other than those asked for', b.id from mine b
		where b.seats is not null
			and array(select x.seat from booking_seats x where x.booking_id = b.id and x.session_id = b.session_id order by 1)
				<> case when b.status in ('expired', 'cancelled', 'rejected') then '{}' else array(select unnest(b.seats) order by 1) end
		union all
		select i.rule, i.subject_id from private.broken_invariants() i
		where i.subject_id in (select id from mine)
			or i.subject_id in (select id from sessions where provider_id = ${provider})
			or i.subject_id in (
				select o.id from occupancies o join resources r on r.id = o.resource_id where r.provider_id = ${provider}
			)`;
	return found.map(({ what, subject }) => `${what}: ${subject}`);
}
