import { randomUUID } from 'node:crypto';
import type { PendingQuery, Sql, TransactionSql } from 'postgres';
import { Dice } from '../random.ts';
import { dateOf, day, minute, plusDays } from './clock.ts';
import type { Clock } from './clock.ts';
import { freeSlots, isOpen, takesParty } from './model.ts';
import type { Slot } from './model.ts';
import { makeScene } from './scene.ts';
import type { Scene } from './scene.ts';
import { writeScene } from './write.ts';
import type { Providers, Written } from './write.ts';

/** What a case came to. */
export interface Verdict {
	scene: Scene;
	slots: number;
	explained: number;
	booked: number;
	refused: number;
	/** changes of a booking of one's own: to another start, another party */
	changed: number;
	/** where database and model differ, in words */
	differences: string[];
}

/** Keeps what a case writes from staying. */
class Enough extends Error {}

const iso = (instant: number) => new Date(instant).toISOString();
const parse = (text: string) => Date.parse(text);
const line = ({ starts, ends, free, session }: Slot) =>
	`${iso(starts)} to ${iso(ends)}: ${free}${session === null ? '' : ` in session ${session}`}`;

interface Row {
	starts_at: Date;
	ends_at: Date;
	free: number;
	local: string;
	session_id: string | null;
}

function compareLists(rows: Row[], expected: Slot[], { sessions }: Written, clock: Clock): string[] {
	const differences: string[] = [];
	const given = rows.map((row) => ({
		starts: row.starts_at.getTime(),
		ends: row.ends_at.getTime(),
		free: row.free,
		session: row.session_id === null ? null : sessions.indexOf(row.session_id)
	}));
	const listed = new Set(given.map(line));
	const due = new Set(expected.map(line));
	for (const one of listed) if (!due.has(one)) differences.push(`offered, but not free: ${one}`);
	for (const one of due) if (!listed.has(one)) differences.push(`free, but not offered: ${one}`);
	const keys = given.map(({ starts, session }) => `${starts} ${session}`);
	if (new Set(keys).size < keys.length) differences.push('a slot is offered twice');
	if (given.some(({ starts }, n) => n > 0 && starts < given[n - 1]!.starts)) differences.push('slots are not in order');
	for (const row of rows) {
		const shown = parse(`${row.local}Z`);
		if (shown !== clock.local(row.starts_at.getTime()))
			differences.push(`${iso(row.starts_at.getTime())} shown as ${row.local}`);
	}
	return differences;
}

/** Answer of a call inside a savepoint that is taken back whatever it said. */
async function attempt(
	sql: TransactionSql,
	call: (sql: TransactionSql) => PromiseLike<unknown>
): Promise<{ code: string; hint: string }> {
	try {
		await sql.savepoint(async (inner) => {
			await call(inner);
			throw new Enough();
		});
	} catch (error) {
		if (error instanceof Enough) return { code: 'ok', hint: '' };
		const refused = error as { message: string; code?: string; hint?: string };
		if (!refused.code?.startsWith('PT')) return { code: `${refused.code}: ${refused.message}`, hint: '' };
		return { code: refused.message, hint: refused.hint ?? '' };
	}
	throw new Error('unreachable');
}

/** Instants worth asking about: some that are free, some a little beside, some anywhere in those days. */
function instants(scene: Scene, clock: Clock, dice: Dice, free: Slot[]): number[] {
	const begin = clock.instant(Date.parse(`${scene.from}T00:00Z`));
	const list: number[] = [];
	for (let n = 0; n < 2 && free.length > 0; n++) list.push(dice.pick(free).starts);
	if (free.length > 0)
		list.push(dice.pick(free).starts + dice.pick([-1, 1]) * dice.pick([5, scene.service.step]) * minute);
	if (scene.taken.length > 0) list.push(dice.pick(scene.taken).from);
	if (scene.sessions.length > 0) list.push(dice.pick(scene.sessions).starts);
	list.push(begin + dice.int(0, 200) * 15 * minute);
	return list;
}

/** What create_booking should say of a start, by the model. */
function expectedCodes(scene: Scene, clock: Clock, now: number, at: number, isFree: boolean): string[] {
	if (isFree) return ['ok'];
	// Of a session that is full too, either may be said first.
	const full = scene.mode === 'session' ? ['session_full'] : [];
	if (at < now + scene.service.notice * minute) return ['too_soon', ...full];
	if (at > now + scene.service.horizon * day) return ['too_far', ...full];
	if (scene.mode === 'session') return full;
	return isOpen(scene, clock, at) ? ['slot_taken'] : ['outside_hours'];
}

/** The hint's instants against the model's next free ones within four weeks; the last day is left open. */
function compareHint(scene: Scene, clock: Clock, now: number, at: number, hint: string): string[] {
	const since = Math.max(at, now);
	const first = dateOf(clock.local(since));
	const due = freeSlots(scene, clock, now, first, plusDays(first, 27))
		.map(({ starts }) => starts)
		.filter((starts) => starts >= since)
		.slice(0, 3);
	const given = (JSON.parse(hint) as string[]).map(parse);
	if (due.every((starts, n) => given[n] === starts)) return [];
	return [`after ${iso(at)} the next free are ${due.map(iso).join(', ')}, not ${given.map(iso).join(', ')}`];
}

/** The slots of an answer. */
const listed = (sql: TransactionSql, answer: PendingQuery<Row[]>) => sql<Row[]>`
	select starts_at, ends_at, free, to_char(local_starts_at, 'YYYY-MM-DD"T"HH24:MI:SS') as local, session_id
	from jsonb_populate_recordset(null::slot, ${answer})`;

/**
 * A booking of one's own, and what it may be changed to: for where it may go, to the model, it is not there. All is taken
 * back.
 */
async function changes(
	sql: TransactionSql,
	scene: Scene,
	clock: Clock,
	now: number,
	dice: Dice,
	free: Slot[],
	written: Written
): Promise<{ tried: number; differences: string[] }> {
	const differences: string[] = [];
	let tried = 0;
	const { starts, session } = dice.pick(free);
	const targets = instants(scene, clock, dice, free);
	const party = dice.int(1, 13);
	const strict = dice.chance(0.5);
	try {
		await sql.savepoint(async (sql) => {
			const [made] = await sql<{ manage_token: string }[]>`
				select manage_token from create_booking(
					service_id => ${written.service}, starts_at => ${session === null ? iso(starts) : null},
					session_id => ${session === null ? null : written.sessions[session]!}, party_size => ${scene.party},
					guest => '{"name": "Zoubida", "email": "zoubida@example.com"}', idempotency_key => ${randomUUID()}
				)`;
			const token = made!.manage_token;
			const rows = await listed(sql, sql`slots_to_move(${scene.from}, ${scene.to}, manage_token => ${token})`);
			differences.push(...compareLists(rows, free, written, clock).map((one) => `to move from ${iso(starts)}: ${one}`));
			for (const at of targets) {
				tried++;
				const date = dateOf(clock.local(at));
				const isFree = freeSlots(scene, clock, now, date, date).some((slot) => slot.starts === at);
				const { code } = await attempt(
					sql,
					(sql) => sql`select reschedule_booking(manage_token => ${token}, starts_at => ${iso(at)})`
				);
				const there = scene.mode !== 'session' || scene.sessions.some((one) => one.starts === at && one.active);
				const codes = there ? expectedCodes(scene, clock, now, at, isFree || at === starts) : ['not_found'];
				if (!codes.includes(code))
					differences.push(`moving from ${iso(starts)} to ${iso(at)} should be ${codes.join(' or ')}, not ${code}`);
			}
			// what was agreed holds, whatever is asked of bookings that come now
			if (strict) await sql`update services set notice_minutes = 43200, horizon_days = 1 where id = ${written.service}`;
			tried++;
			const { code } = await attempt(
				sql,
				(sql) => sql`select reschedule_booking(manage_token => ${token}, party_size => ${party})`
			);
			const fits = party === scene.party || takesParty({ ...scene, party }, clock, starts);
			const known = party >= scene.service.minParty && party <= scene.service.maxParty;
			const refusal = !known ? 'party_size' : scene.mode === 'session' ? 'session_full' : 'slot_taken';
			if (code !== (fits ? 'ok' : refusal))
				differences.push(
					`${party} instead of ${scene.party} at ${iso(starts)} should be ${fits ? 'ok' : refusal}, not ${code}`
				);
			throw new Enough();
		});
	} catch (error) {
		if (!(error instanceof Enough)) throw error;
	}
	return { tried, differences };
}

/** One case: writes the scene of a seed, asks the database and the model the same, and takes it back. */
export async function judge(
	sql: Sql,
	providers: Providers,
	clocks: Map<string, Clock>,
	seed: number
): Promise<Verdict> {
	let verdict: Verdict | undefined;
	try {
		await sql.begin(async (sql) => {
			const [row] = await sql<{ now: Date }[]>`select now()`;
			const now = row!.now.getTime();
			const scene = makeScene(seed, clocks, now);
			const clock = clocks.get(scene.zone)!;
			const dice = new Dice(seed + 1);
			const written = await writeScene(sql, scene, clock, providers.get(scene.zone)!, now);
			const { service } = written;
			const expected = freeSlots(scene, clock, now, scene.from, scene.to);
			const rows = await listed(sql, sql`available_slots(${service}, ${scene.from}, ${scene.to}, ${scene.party})`);
			const differences = compareLists(rows, expected, written, clock);
			verdict = { scene, slots: rows.length, explained: 0, booked: 0, refused: 0, changed: 0, differences };

			for (const at of instants(scene, clock, dice, expected)) {
				const date = dateOf(clock.local(at));
				const isFree = freeSlots(scene, clock, now, date, date).some(({ starts }) => starts === at);
				const [why] = await sql<{ reasons: string[] }[]>`
					select explain_slot(${service}, ${iso(at)}, ${scene.party}) as reasons`;
				verdict.explained++;
				if ((why!.reasons.length === 0) !== isFree)
					differences.push(
						`${iso(at)} is ${isFree ? 'free' : 'not free'}; explained: ${why!.reasons.join(', ') || 'nothing'}`
					);

				const [session] = scene.sessions.flatMap(({ starts, active }, n) => (starts === at && active ? [n] : []));
				if (scene.mode === 'session' && session === undefined) continue;
				const target =
					session === undefined
						? { starts_at: iso(at), session_id: null }
						: { starts_at: null, session_id: written.sessions[session]! };
				const { code, hint } = await attempt(
					sql,
					(sql) => sql`
						select create_booking(
							service_id => ${service}, starts_at => ${target.starts_at}, session_id => ${target.session_id},
							party_size => ${scene.party}, guest => '{"name": "Zoubida", "email": "zoubida@example.com"}',
							idempotency_key => ${randomUUID()}
						)`
				);
				if (code === 'ok') verdict.booked++;
				else verdict.refused++;
				const codes = expectedCodes(scene, clock, now, at, isFree);
				if (!codes.includes(code))
					differences.push(`${iso(at)} should be ${codes.join(' or ')}; booking it gave ${code}`);
				if ((code === 'slot_taken' || code === 'outside_hours') && dice.chance(0.3))
					differences.push(...compareHint(scene, clock, now, at, hint));
			}
			if (expected.length > 0) {
				const found = await changes(sql, scene, clock, now, dice, expected, written);
				verdict.changed += found.tried;
				differences.push(...found.differences);
			}
			throw new Enough();
		});
	} catch (error) {
		if (!(error instanceof Enough)) throw error;
	}
	return verdict!;
}
