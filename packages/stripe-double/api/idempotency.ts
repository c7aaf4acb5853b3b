import { createHash } from 'node:crypto';
import type { Table } from '../store.ts';
import type { StoredAnswer } from '../tables.ts';
import { ApiFailure } from './failure.ts';

const day = 24 * 3600;

/** One use of a key. */
export interface Use {
	/** the answer to give again, if the key has one */
	replay: StoredAnswer | undefined;
	/** Keeps the answer; without it the key is free again. */
	keep(answer: { status: number; body: string; requestId: string }): void;
	release(): void;
}

/** Answers kept for a day under the caller's keys. `now` gives seconds since 1970. */
export function createIdempotency(answers: Table<StoredAnswer>, now: () => number) {
	const inUse = new Set<string>();

	/** Raises when the key is being used, or was used for another request. */
	return function use(key: string, request: string): Use {
		if (key.length > 255)
			throw new ApiFailure(400, {
				type: 'idempotency_error',
				message: 'Idempotency keys must be at most 255 characters.'
			});
		const fingerprint = createHash('sha256').update(request).digest('hex');
		const kept = answers.get(key);
		const replay = kept && now() - kept.created < day ? kept : undefined;
		if (replay && replay.fingerprint !== fingerprint) {
			throw new ApiFailure(400, {
				type: 'idempotency_error',
				message: `Keys for idempotent requests can only be used with the same parameters they were first used with. Try using a key other than '${key}' if you meant to execute a different request.`
			});
		}
		// an answer that there is already holds up nobody
		if (replay) return { replay, keep: () => {}, release: () => {} };
		if (inUse.has(key)) {
			throw new ApiFailure(409, {
				type: 'idempotency_error',
				code: 'idempotency_key_in_use',
				message: `There is currently another in-progress request using this Idempotent Key (that probably means you submitted twice, and the other request is still going through): ${key}. Please try again later.`
			});
		}
		inUse.add(key);
		return {
			replay: undefined,
			keep: (answer) => answers.put({ id: key, fingerprint, created: now(), ...answer }),
			release: () => inUse.delete(key)
		};
	};
}
