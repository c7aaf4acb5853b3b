import { dateOf, day, midnight, minute, plusDays, weekdayOf } from './clock.ts';
import type { Clock } from './clock.ts';
import type { Hours, Scene } from './scene.ts';

/** What may be booked, as a patient person with a diary would work it out. Times are milliseconds. */
export interface Slot {
	starts: number;
	ends: number;
	free: number;
	/** index of the session */
	session: number | null;
}

const holds = ({ weekday, from, to }: Hours, date: string) =>
	weekday === weekdayOf(date) && (from === null || from <= date) && (to === null || date <= to);

/** Local times from and to which a resource works. */
interface Shift {
	opens: number;
	closes: number;
}

/** Intervals in which a resource works that begin on a day, as they are written. */
function written(scene: Scene, resource: number, date: string): Shift[] {
	const special = scene.special.filter((one) => one.day === date);
	const own = special.filter((one) => one.resource === resource);
	const general = special.filter((one) => one.resource === null);
	let hours;
	if (own.length > 0) hours = own.map((one) => one.hours);
	else if (general.length > 0) hours = general.map((one) => one.hours);
	else {
		const inProfile = scene.profile !== null && scene.profile.from <= date && date <= scene.profile.to;
		const week = scene.hours.filter((one) => one.inProfile === inProfile);
		const ofResource = week.filter((one) => one.resource === resource);
		hours = (ofResource.length > 0 ? ofResource : week.filter((one) => one.resource === null)).filter((one) =>
			holds(one, date)
		);
	}
	return hours
		.filter((one) => one !== null)
		.map(({ opens, closes }) => ({
			opens: midnight(date) + opens * minute,
			closes: midnight(date) + closes * minute + (closes <= opens ? day : 0)
		}));
}

/** The shifts around a day, those that touch or overlap as one. */
function shifts(scene: Scene, resource: number, date: string): Shift[] {
	const joined: Shift[] = [];
	const around = [-4, -3, -2, -1, 0, 1, 2].flatMap((days) => written(scene, resource, plusDays(date, days)));
	for (const { opens, closes } of around.toSorted((a, b) => a.opens - b.opens)) {
		const last = joined.at(-1);
		if (last && opens <= last.closes) last.closes = Math.max(last.closes, closes);
		else joined.push({ opens, closes });
	}
	return joined;
}

/** Starts that a resource's hours allow on local days from one to another. */
function openStarts(scene: Scene, clock: Clock, resource: number, from: string, to: string): Set<number> {
	const { duration, step } = scene.service;
	const starts = new Set<number>();
	for (let date = from; date <= to; date = plusDays(date, 1)) {
		for (const { opens, closes } of shifts(scene, resource, date)) {
			// What was open already when the day before began is counted from midnight anew.
			const counted = opens <= midnight(date) - day ? midnight(date) : opens;
			const end = clock.instant(closes);
			for (let at = clock.instant(counted); at + duration * minute <= end; at += step * minute) {
				const local = dateOf(clock.local(at));
				if (local > date) break;
				if (local === date) starts.add(at);
			}
		}
	}
	return starts;
}

const serving = (scene: Scene) =>
	scene.resources.map((_, n) => n).filter((n) => scene.resources[n]!.active && scene.resources[n]!.serves);

function isFree(scene: Scene, resource: number, at: number): boolean {
	const { duration, before, after } = scene.service;
	const from = at - before * minute;
	const to = at + (duration + after) * minute;
	return !scene.taken.some(
		(one) => one.kind !== 'lapsed hold' && one.resources.includes(resource) && one.from < to && from < one.to
	);
}

/** True when somebody who asks at `now` may book that start at all. */
const inTime = ({ service }: Scene, at: number, now: number) =>
	at >= now + service.notice * minute && at <= now + service.horizon * day;

function connected(tables: number[], neighbours: [number, number][]): boolean {
	const reached = new Set(tables.slice(0, 1));
	for (let grown = true; grown;) {
		grown = false;
		for (const [a, b] of neighbours) {
			if (!tables.includes(a) || !tables.includes(b) || reached.has(a) === reached.has(b)) continue;
			reached.add(a).add(b);
			grown = true;
		}
	}
	return reached.size === tables.length;
}

/** How many bookings of a party still fit at a start whose free tables are these: as many as single tables seat it, or one. */
function seatings({ resources, neighbours, party }: Scene, tables: number[]): number {
	const singles = tables.filter((n) => resources[n]!.capacity >= party).length;
	if (singles > 0) return singles;
	for (let set = 0; set < 2 ** tables.length; set++) {
		const group = tables.filter((_, n) => set & (1 << n));
		const seats = group.reduce((sum, n) => sum + resources[n]!.capacity, 0);
		if (group.length >= 2 && group.length <= 4 && seats >= party && connected(group, neighbours)) return 1;
	}
	return 0;
}

function freeSessions(scene: Scene, clock: Clock, now: number, from: string, to: string): Slot[] {
	return scene.sessions
		.map(({ starts, ends, capacity, active, bookings }, session) => {
			const taken = bookings.reduce((sum, { party, kind }) => sum + (kind === 'lapsed hold' ? 0 : party), 0);
			return { starts, ends, free: capacity - taken, session, active };
		})
		.filter(({ starts, free, active }) => {
			const local = dateOf(clock.local(starts));
			return active && from <= local && local <= to && inTime(scene, starts, now) && free >= scene.party;
		})
		.map(({ starts, ends, free, session }) => ({ starts, ends, free, session }))
		.toSorted((a, b) => a.starts - b.starts);
}

/** Free slots on local days from one to another, in order. */
export function freeSlots(scene: Scene, clock: Clock, now: number, from: string, to: string): Slot[] {
	if (scene.mode === 'session') return freeSessions(scene, clock, now, from, to);
	const open = new Map(serving(scene).map((n) => [n, openStarts(scene, clock, n, from, to)]));
	const starts = [...new Set([...open.values()].flatMap((some) => [...some]))].toSorted((a, b) => a - b);
	return starts
		.filter((at) => inTime(scene, at, now))
		.map((at) => {
			const free = [...open.keys()].filter((n) => open.get(n)!.has(at) && isFree(scene, n, at));
			const fit = scene.mode === 'table' ? seatings(scene, free) : Math.floor(free.length / scene.service.staff);
			return { starts: at, ends: at + scene.service.duration * minute, free: fit, session: null };
		})
		.filter(({ free }) => free > 0);
}

/**
 * True when a booking that has a start already may be for another party: who works then or is free of places is asked
 * anew, and nothing of the start itself. `scene` is without the booking.
 */
export function takesParty(scene: Scene, clock: Clock, at: number): boolean {
	const { minParty, maxParty } = scene.service;
	if (scene.party < minParty || scene.party > maxParty) return false;
	const date = dateOf(clock.local(at));
	const anyTime = { ...scene, service: { ...scene.service, notice: -1e6, horizon: 1e6 } };
	return freeSlots(anyTime, clock, at, date, date).some(({ starts }) => starts === at);
}

/** True when a start is one of the service's, free or not. */
export function isOpen(scene: Scene, clock: Clock, at: number): boolean {
	const date = dateOf(clock.local(at));
	if (scene.mode === 'session') return scene.sessions.some(({ starts, active }) => active && starts === at);
	return serving(scene).some((n) => openStarts(scene, clock, n, date, date).has(at));
}
