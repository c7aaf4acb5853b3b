import { Dice } from '../random.ts';
import { dateOf, day, midnight, minute, plusDays, weekdayOf, zones } from './clock.ts';
import type { Clock } from './clock.ts';

/** Minutes after midnight; `closes` at or before `opens` is on the next day. */
interface Interval {
	opens: number;
	closes: number;
}

export interface Hours extends Interval {
	/** index of a resource; null: the provider's */
	resource: number | null;
	inProfile: boolean;
	weekday: number;
	from: string | null;
	to: string | null;
}

export interface SpecialDay {
	resource: number | null;
	day: string;
	/** null: closed */
	hours: Interval | null;
}

/** Something that takes resources: from and to are instants, with buffers. */
export interface Taken {
	resources: number[];
	from: number;
	to: number;
	kind: 'closure' | 'booking' | 'hold' | 'lapsed hold';
}

export interface Session {
	starts: number;
	ends: number;
	capacity: number;
	active: boolean;
	bookings: { party: number; kind: 'booking' | 'hold' | 'lapsed hold' }[];
}

/** A business with one service, as random as can be, and the days that somebody asks about. */
export interface Scene {
	seed: number;
	zone: string;
	mode: 'appointment' | 'table' | 'session';
	from: string;
	to: string;
	party: number;
	service: {
		duration: number;
		before: number;
		after: number;
		step: number;
		notice: number;
		horizon: number;
		staff: number;
		minParty: number;
		maxParty: number;
	};
	resources: { capacity: number; active: boolean; serves: boolean }[];
	/** tables side by side, by index */
	neighbours: [number, number][];
	profile: { from: string; to: string } | null;
	hours: Hours[];
	special: SpecialDay[];
	taken: Taken[];
	sessions: Session[];
}

const durations = [5, 15, 30, 30, 30, 45, 45, 60, 60, 60, 90, 120, 240, 1440];
const steps = [10, 15, 20, 30, 30, 45, 60, 60, 90, 240, 1440];
const buffers = [0, 0, 0, 0, 10, 15, 30, 60, 120, 480];
const notices = [0, 0, 0, 60, 120, 600, 1440, 4320];

function interval(dice: Dice): Interval {
	if (dice.chance(0.1)) return { opens: 0, closes: dice.pick([0, 1440]) };
	const opens = dice.int(0, 95) * 15;
	if (dice.chance(0.1)) return { opens, closes: opens };
	if (dice.chance(0.3)) return { opens, closes: dice.int(0, 96) * 15 };
	return { opens, closes: Math.min(1440, opens + dice.int(1, 40) * 15) };
}

/** The first of the days asked about: near a clock change, near today, or near the end of the horizon. */
function firstDay(dice: Dice, clock: Clock, now: number): string {
	const today = dateOf(clock.local(now));
	const changes = clock.changes.filter((change) => change > now && change < now + 700 * day);
	if (changes.length > 0 && dice.chance(0.45))
		return plusDays(dateOf(clock.local(dice.pick(changes))), dice.int(-2, 1));
	return plusDays(today, dice.chance(0.4) ? dice.int(-1, 3) : dice.int(1, 90));
}

const overlaps = (a: { from: number; to: number }, b: { from: number; to: number }) => a.from < b.to && b.from < a.to;

/** What takes time: never two on one resource at once, as the database would not have it either. */
function takings(dice: Dice, clock: Clock, from: string, to: string, resources: number): Taken[] {
	const begin = clock.instant(midnight(from)) - day / 2;
	const minutes = (clock.instant(midnight(to)) + 1.5 * day - begin) / minute;
	const all: Taken[] = [];
	for (let tries = dice.int(0, 8); tries > 0; tries--) {
		const at = begin + dice.int(0, Math.floor(minutes / 5)) * 5 * minute;
		const kind = dice.pick(['closure', 'booking', 'booking', 'hold', 'lapsed hold', 'lapsed hold'] as const);
		const long = kind === 'closure' && dice.chance(0.3) ? dice.int(600, 4000) : dice.int(1, 36) * 10;
		const everybody = Array.from({ length: resources }, (_, n) => n);
		const who =
			kind === 'closure'
				? dice.chance(0.4)
					? everybody
					: [dice.int(0, resources - 1)]
				: everybody.filter(() => dice.chance(0.4));
		const one: Taken = { resources: who, from: at, to: at + long * minute, kind };
		const free = !all.some((other) => other.resources.some((n) => who.includes(n)) && overlaps(one, other));
		if (who.length > 0 && free) all.push(one);
	}
	return all;
}

function sessionsOf(dice: Dice, clock: Clock, from: string, to: string, service: Scene['service']): Session[] {
	const { duration, before, after } = service;
	const begin = clock.instant(midnight(from)) - day / 4;
	const minutes = (clock.instant(midnight(to)) + 1.25 * day - begin) / minute;
	const all: Session[] = [];
	for (let tries = dice.int(1, 12); tries > 0; tries--) {
		const starts = begin + dice.int(0, Math.floor(minutes / 5)) * 5 * minute;
		const ends = starts + duration * minute;
		// The room is never in two at once, buffers included.
		const withBuffers = { from: starts - (before + after) * minute, to: ends + (before + after) * minute };
		if (all.some((other) => overlaps(withBuffers, { from: other.starts, to: other.ends }))) continue;
		const capacity = dice.int(2, 20);
		const bookings: Session['bookings'] = [];
		for (let left = capacity; left > 0 && dice.chance(0.7);) {
			const party = dice.int(1, Math.min(left, 4));
			bookings.push({ party, kind: dice.pick(['booking', 'booking', 'hold', 'lapsed hold'] as const) });
			left -= party;
		}
		all.push({ starts, ends, capacity, active: dice.chance(0.9), bookings });
	}
	return all;
}

/** The scene of a seed, for somebody who asks at `now`. */
export function makeScene(seed: number, clocks: Map<string, Clock>, now: number): Scene {
	const dice = new Dice(seed);
	const zone = dice.pick(zones);
	const clock = clocks.get(zone)!;
	const mode = dice.pick(['appointment', 'appointment', 'appointment', 'table', 'session'] as const);
	const from = firstDay(dice, clock, now);
	const to = plusDays(from, dice.chance(0.1) ? dice.int(4, 20) : dice.int(0, 3));
	const asked = Math.ceil((midnight(from) - clock.local(now)) / day);
	const service = {
		duration: dice.pick(durations),
		before: dice.pick(buffers),
		after: dice.pick(buffers),
		step: dice.pick(steps),
		notice: dice.pick(notices),
		horizon: dice.chance(0.2) ? Math.min(730, Math.max(1, asked + dice.int(0, 3))) : 730,
		staff: mode === 'appointment' ? dice.pick([1, 1, 1, 1, 2, 2, 3]) : 1,
		minParty: 1,
		maxParty: mode === 'appointment' ? 1 : 12
	};
	const resources = dice.some(service.staff, mode === 'table' ? 6 : 4, (n) => ({
		capacity: mode === 'table' ? dice.int(1, 6) : 1,
		active: n === 0 || dice.chance(0.9),
		serves: n === 0 || dice.chance(0.9)
	}));
	const days = Array.from({ length: (midnight(to) - midnight(from)) / day + 3 }, (_, n) => plusDays(from, n - 1));
	const someDay = () => dice.pick(days);
	const someone = () => dice.int(0, resources.length - 1);
	const profile = dice.chance(0.3) ? { from: plusDays(someDay(), -dice.int(0, 20)), to: '' } : null;
	if (profile) profile.to = plusDays(profile.from, dice.int(0, 25));
	const week = (low: number, high: number, resource: number | null, inProfile: boolean): Hours[] =>
		dice.some(low, high, () => {
			const dates = [someDay(), someDay()].toSorted() as [string, string];
			return {
				...interval(dice),
				resource,
				inProfile,
				weekday: weekdayOf(someDay()),
				from: dice.chance(0.15) ? dates[0] : null,
				to: dice.chance(0.15) ? dates[1] : null
			};
		});
	const [everyDay, ramadan] = [interval(dice), interval(dice)];
	const usual = [1, 2, 3, 4, 5, 6, 7].map((weekday): Hours => {
		return { ...everyDay, resource: null, inProfile: false, weekday, from: null, to: null };
	});
	const hours = [...(dice.chance(0.6) ? usual : []), ...week(1, 6, null, false)];
	// one that begins where another of that day ends, or a little before: together they are one
	if (dice.chance(0.5)) {
		const before = dice.pick(hours);
		const opens = Math.max(0, before.closes - dice.pick([0, 0, 0, 15, 45]));
		if (opens < 1440) hours.push({ ...before, opens, closes: Math.min(1440, opens + dice.int(1, 20) * 15) });
	}
	if (dice.chance(0.3)) hours.push(...week(1, 3, someone(), false));
	if (profile) {
		hours.push(...(dice.chance(0.5) ? usual.map((one) => ({ ...one, ...ramadan, inProfile: true })) : []));
		hours.push(...week(0, 3, null, true));
		if (dice.chance(0.3)) hours.push(...week(1, 3, someone(), true));
	}
	// of one day either closed or with hours: both at once says nothing
	const special = new Map<string, SpecialDay[]>();
	for (let n = dice.chance(0.35) ? dice.int(1, 4) : 0; n > 0; n--) {
		const one = {
			resource: dice.chance(0.4) ? someone() : null,
			day: someDay(),
			hours: dice.chance(0.7) ? interval(dice) : null
		};
		const key = `${one.resource} ${one.day}`;
		const before = special.get(key) ?? [];
		if (before.every(({ hours }) => hours && one.hours)) special.set(key, [...before, one]);
	}
	const pairs = resources.flatMap((_, a) => resources.map((_, b): [number, number] => [a, b]));
	return {
		seed,
		zone,
		mode,
		from,
		to,
		party: mode === 'appointment' ? 1 : dice.pick([1, 1, 2, 2, 3, 4, 5, 6, 8, 12]),
		service,
		resources,
		neighbours: mode === 'table' ? pairs.filter(([a, b]) => a < b && dice.chance(0.4)) : [],
		profile,
		hours,
		special: [...special.values()].flat(),
		taken: mode === 'session' ? [] : takings(dice, clock, from, to, resources.length),
		sessions: mode === 'session' ? sessionsOf(dice, clock, from, to, service) : []
	};
}
