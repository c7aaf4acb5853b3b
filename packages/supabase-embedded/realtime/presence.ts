import { randomBytes } from 'node:crypto';

/** What one channel tracks: its payload with a reference that is new for every version of it. */
export interface Meta {
	phx_ref: string;
	phx_ref_prev?: string;
	[field: string]: unknown;
}

export type State = Record<string, { metas: Meta[] }>;

export interface Diff {
	joins: State;
	leaves: State;
}

const process = randomBytes(6).toString('base64url');
let count = 0;
const newReference = () => `${process}${(count++).toString(36).padStart(5, '0')}`;

/** Who is present on one topic. Several members may share a key, each with a meta of its own. */
export class Presence {
	readonly #tracked = new Map<object, { key: string; text: string; meta: Meta }>();

	get empty(): boolean {
		return this.#tracked.size === 0;
	}

	state(): State {
		const state: State = {};
		for (const { key, meta } of this.#tracked.values()) {
			(Object.hasOwn(state, key) ? state[key]! : define(state, key)).metas.push(meta);
		}
		return state;
	}

	/** Sets what a member shows; null when it shows that already. */
	track(member: object, key: string, payload: Record<string, unknown>): Diff | null {
		const before = this.#tracked.get(member);
		const text = JSON.stringify(payload);
		if (before?.text === text) return null;
		const meta: Meta = { ...payload, phx_ref: newReference() };
		if (before) meta.phx_ref_prev = before.meta.phx_ref;
		this.#tracked.set(member, { key, text, meta });
		return { joins: single(key, meta), leaves: before ? single(key, before.meta) : {} };
	}

	/** Ends what a member shows; null when it showed nothing. */
	untrack(member: object): Diff | null {
		const before = this.#tracked.get(member);
		if (!before) return null;
		this.#tracked.delete(member);
		return { joins: {}, leaves: single(before.key, before.meta) };
	}
}

/** A key is chosen by the client, so it may be `__proto__`. */
function define(state: State, key: string): { metas: Meta[] } {
	const entry = { metas: [] };
	Object.defineProperty(state, key, { value: entry, enumerable: true, configurable: true, writable: true });
	return entry;
}

function single(key: string, meta: Meta): State {
	const state: State = {};
	define(state, key).metas.push(meta);
	return state;
}
