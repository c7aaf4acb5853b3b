/** What became of one piece of work. `error` begins with a code that the database understands. */
export interface Outcome {
	ok: boolean;
	/** the name under which the one who did it knows it */
	providerId?: string;
	/**
	 * `not_configured`: nobody can do this here, and trying again does not help;
	 * `rejected: …`: refused for good, such as an address that does not exist;
	 * `unavailable: …`: may work later.
	 */
	error?: string;
}

interface Work<Row> {
	/** Takes the next rows that are due; none when there is nothing left. */
	claim(): Promise<Row[]>;
	/** Does one. What it raises counts as `unavailable`. */
	handle(row: Row): Promise<Outcome>;
	/** Writes down what became of it. */
	finish(row: Row, outcome: Outcome): Promise<void>;
	/** how many are under way at once */
	concurrency: number;
	/**
	 * Milliseconds to wait before it looks once more when nothing is left: who saw it at work did not wake it, and may
	 * commit a moment after its last look.
	 */
	linger: number;
	/** No more is claimed after this many milliseconds, so that the call ends well before the platform ends it. */
	budget: number;
}

export interface Tally {
	claimed: number;
	succeeded: number;
	failed: number;
}

/** Claims and does what is due until nothing is left or the time is used up. Raises what `claim` and `finish` raise. */
export async function work<Row>({ claim, handle, finish, concurrency, linger, budget }: Work<Row>): Promise<Tally> {
	const started = Date.now();
	const tally: Tally = { claimed: 0, succeeded: 0, failed: 0 };

	const one = async (row: Row) => {
		const outcome = await handle(row).catch((error: unknown): Outcome => ({
			ok: false,
			error: `unavailable: ${(error as Error).message}`
		}));
		tally[outcome.ok ? 'succeeded' : 'failed']++;
		await finish(row, outcome);
	};

	let last = true;
	while (Date.now() - started < budget) {
		const rows = await claim();
		if (rows.length === 0) {
			if (last) break;
			last = true;
			await new Promise((resolve) => setTimeout(resolve, linger));
			continue;
		}
		last = false;
		tally.claimed += rows.length;
		const waiting = rows.values();
		// Each lane takes the next row when it is free. All are waited for, so that one failure loses no record.
		const lanes = await Promise.allSettled(
			Array.from({ length: concurrency }, async () => {
				for (const row of waiting) await one(row);
			})
		);
		const broken = lanes.find((lane) => lane.status === 'rejected');
		if (broken) throw broken.reason;
	}
	return tally;
}
