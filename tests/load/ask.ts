import type { Target } from './stage.ts';

/** What came back of one call. */
export interface Outcome {
	/** `ok`, one of the API's codes, or, for what no caller should ever see, the error in words */
	code: string;
	booking: string | null;
	token: string | null;
	milliseconds: number;
}

type Change =
	| 'create_booking'
	| 'reschedule_booking'
	| 'cancel_booking'
	| 'join_waitlist'
	| 'accept_offer'
	| 'move_session'
	| 'cancel_session';

/** Calls one of the booking functions and says how it went; never raises. */
export async function ask({ client }: Target, change: Change, values: Record<string, unknown>): Promise<Outcome> {
	const begun = performance.now();
	const { data, error, status } = await client.rpc(change, values as never);
	const milliseconds = performance.now() - begun;
	if (error) {
		const known = error.code === `PT${status}`;
		const code = known ? error.message : `${status} ${error.code} ${error.message}`.trim();
		return { code, booking: null, token: null, milliseconds };
	}
	const row = data as { booking_id?: string; id?: string; manage_token?: string };
	return { code: 'ok', booking: row.booking_id ?? row.id ?? null, token: row.manage_token ?? null, milliseconds };
}

/** Runs tasks with at most `limit` of them under way; the results in the order of the tasks. */
export async function atOnce<T>(limit: number, tasks: (() => Promise<T>)[]): Promise<T[]> {
	const results = new Array<T>(tasks.length);
	let next = 0;
	const work = async () => {
		while (next < tasks.length) {
			const mine = next++;
			results[mine] = await tasks[mine]!();
		}
	};
	await Promise.all(Array.from({ length: Math.min(limit, tasks.length) }, work));
	return results;
}

/** How often each code was given, as text: `ok 1, slot_taken 999`. */
export function tallyCodes(outcomes: Outcome[]): string {
	const counts = new Map<string, number>();
	for (const { code } of outcomes) counts.set(code, (counts.get(code) ?? 0) + 1);
	return [...counts]
		.toSorted(([, a], [, b]) => a - b)
		.map(([code, count]) => `${code} ${count}`)
		.join(', ');
}

export const slowest = (outcomes: Outcome[]) => Math.max(0, ...outcomes.map(({ milliseconds }) => milliseconds));
