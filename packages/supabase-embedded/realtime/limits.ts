/** What one project's Realtime allows. The values are hosted ones where they shape a client, generous where they do not. */
export interface Limits {
	/** sockets open at the same time */
	sockets: number;
	/** channels of one socket */
	channelsPerSocket: number;
	/** joins a second, over all sockets */
	joinsPerSecond: number;
	/** messages a second in and out together, as an average of the last minute */
	messagesPerSecond: number;
	/** presence calls a second, over all sockets */
	presencePerSecond: number;
	/** presence calls of one channel within `clientPresenceWindow` */
	clientPresenceCalls: number;
	/** milliseconds */
	clientPresenceWindow: number;
	/** bytes of a broadcast's or a presence's payload */
	payloadBytes: number;
	/** bytes of one WebSocket frame; a larger one closes the socket */
	frameBytes: number;
	/** bytes a slow reader may leave unread before its socket is dropped */
	backlogBytes: number;
	/** milliseconds before a refused connection is answered (hosted: 2,000) */
	connectErrorDelay: number;
	/** milliseconds before a refused join is answered (hosted: 5,000) */
	joinErrorDelay: number;
	/** milliseconds a socket may say nothing before it is closed */
	silence: number;
	/** messages a join may ask to have replayed */
	replayMessages: number;
	/** hours that messages are kept */
	retentionHours: number;
}

export const defaultLimits: Limits = {
	sockets: 2000,
	channelsPerSocket: 100,
	joinsPerSecond: 100,
	messagesPerSecond: 50_000,
	presencePerSecond: 1000,
	clientPresenceCalls: 5,
	clientPresenceWindow: 30_000,
	payloadBytes: 3_000_500,
	frameBytes: 5_000_000,
	backlogBytes: 32_000_000,
	connectErrorDelay: 0,
	joinErrorDelay: 0,
	silence: 60_000,
	replayMessages: 25,
	retentionHours: 72
};

/** Counts events in buckets of a second and tells their average over a window. */
export class Rate {
	readonly #buckets: Float64Array;
	readonly #perSecond: number;
	#second = 0;
	#total = 0;

	/** `window` in whole seconds. */
	constructor(perSecond: number, window: number) {
		this.#perSecond = perSecond;
		this.#buckets = new Float64Array(window);
	}

	/** Counts one event; false once the window's average is above the limit. */
	take(now = Date.now()): boolean {
		const second = Math.floor(now / 1000);
		const window = this.#buckets.length;
		for (let past = Math.max(this.#second, second - window) + 1; past <= second; past++) {
			this.#total -= this.#buckets[past % window]!;
			this.#buckets[past % window] = 0;
		}
		this.#second = Math.max(this.#second, second);
		this.#buckets[this.#second % window]! += 1;
		this.#total += 1;
		return this.#total <= this.#perSecond * window;
	}
}
