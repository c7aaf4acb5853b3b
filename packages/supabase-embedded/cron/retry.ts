/** True for what a database says, or fails to say, while it is being restarted. */
export function isOutage(error: unknown): boolean {
	const code = String((error as { code?: string } | null)?.code);
	return /^(ECONNREFUSED|ECONNRESET|EPIPE|CONNECTION_|CONNECT_TIMEOUT|57P0)/.test(code);
}

/**
 * Does a piece of database work, again and again while the database is being restarted, for half a minute.
 * Raises the last error then, and any other at once. It may be done twice when its acknowledgement was lost.
 */
export async function throughOutage<T>(work: () => Promise<T>, stopped: () => boolean): Promise<T> {
	const started = Date.now();
	for (;;) {
		try {
			return await work();
		} catch (error) {
			if (!isOutage(error) || stopped() || Date.now() - started > 30_000) throw error;
			await new Promise((resolve) => setTimeout(resolve, 300));
		}
	}
}
