import type { RealtimeChannel } from '@supabase/realtime-js';
import { realtime } from './browser.ts';

export type Payload = Record<string, unknown>;

/** A part of the page that listens to a topic. */
export interface Listener {
	/** what to do for each event */
	on: Record<string, (payload: Payload) => void>;
	/** told after every join, and whenever the connection is away or was refused */
	changed: (live: boolean) => void;
	/** told of each refusal, beside that; while the connection is away nothing is refused */
	refused?: () => void;
	/** told who is here, by their keys */
	present?: (keys: string[]) => void;
}

/** Between two pages that listen to the same topic nobody does for a moment; that is no reason to leave it (milliseconds). */
const patience = 1000;

/**
 * What the database tells can overtake the transaction that it tells of: it is read from the log, where a commit stands
 * a moment before others see its rows. Who fetched at once would now and then fetch what was before.
 */
const settling = 200;

/** How often a right to listen is asked anew, should the event that says it is lost have been lost itself (milliseconds). */
const asking = 60_000;

/** Events on a person's own topic after which they may hear more or less than before. */
const changingRights = new Set(['rights_changed', 'sessions_ended']);

const channels = new Map<string, SharedChannel>();
const leaving = new Map<string, Promise<unknown>>();

/** A payload as something that can be looked into: what comes over a wire may be anything. */
const readable = (payload: unknown): Payload =>
	typeof payload === 'object' && payload !== null && !Array.isArray(payload) ? (payload as Payload) : {};

/**
 * A topic as several parts of a page hear it. A connection knows each topic once: who joins it a second time would get
 * nothing, and who leaves it would leave for all. The first to listen joins, the last to stop leaves.
 */
export class SharedChannel {
	readonly #name: string;
	readonly #presence: { key: string } | undefined;
	readonly #listeners = new Set<Listener>();
	#channel: RealtimeChannel | undefined;
	#live = false;
	#closing: ReturnType<typeof setTimeout> | undefined;
	#asking: ReturnType<typeof setInterval> | undefined;

	/** The channel of a topic, joined or about to be. Whether one is seen by others is settled by who joins first. */
	static of(name: string, presence?: { key: string }): SharedChannel {
		let channel = channels.get(name);
		if (!channel) {
			channel = new SharedChannel(name, presence);
			channels.set(name, channel);
			// Who shows presence would seem to leave and come back each time, and there is nothing but that to be heard.
			if (channel.losable && !presence)
				channel.#asking = setInterval(() => globalThis.document?.hidden || void channel?.rejoin(), asking);
			// A page without live updates still works; it then shows what was true when it was loaded.
			channel.#join().catch((error: Error) => {
				console.warn(`live updates are off: ${error.message}`);
				channels.delete(name);
			});
		}
		return channel;
	}

	private constructor(name: string, presence?: { key: string }) {
		this.#name = name;
		this.#presence = presence;
	}

	/** Starts to listen. Returns how to stop. */
	listen(listener: Listener): () => void {
		clearTimeout(this.#closing);
		this.#listeners.add(listener);
		queueMicrotask(() => {
			if (!this.#live || !this.#listeners.has(listener)) return;
			listener.changed(true);
			if (this.#presence) listener.present?.(this.#presentKeys());
		});
		return () => {
			this.#listeners.delete(listener);
			if (this.#listeners.size === 0) this.#closing = setTimeout(() => this.#leave(), patience);
		};
	}

	/** Tells the others on the topic something, if they can be reached. */
	send(event: string, payload: Payload): void {
		if (this.#live) void this.#channel?.send({ type: 'broadcast', event, payload });
	}

	async #join(): Promise<void> {
		const client = await realtime();
		await leaving.get(this.#name);
		if (channels.get(this.#name) !== this) return;
		const channel = client.channel(this.#name, { config: { private: true, presence: this.#presence } });
		this.#channel = channel;
		channel.on('broadcast', { event: '*' }, ({ event, payload, meta }) => {
			const tell = () => {
				for (const { on } of this.#listeners) if (Object.hasOwn(on, event)) on[event]!(readable(payload));
				if (this.#name.startsWith('user:') && changingRights.has(event)) askAnew();
			};
			if (meta?.id) setTimeout(tell, settling);
			else tell();
		});
		if (this.#presence) {
			channel.on('presence', { event: 'sync' }, () => {
				for (const { present } of this.#listeners) present?.(this.#presentKeys());
			});
		}
		channel.subscribe((status) => {
			if (channels.get(this.#name) !== this || this.#channel !== channel) return;
			this.#live = status === 'SUBSCRIBED';
			if (this.#live && this.#presence) void channel.track({});
			const refused = status === 'CHANNEL_ERROR' && client.isConnected();
			for (const listener of this.#listeners) {
				listener.changed(this.#live);
				if (refused) listener.refused?.();
			}
		});
	}

	/**
	 * Joins anew, so that the right to listen is asked again: what was granted once holds for as long as a channel is open.
	 * Nobody is told that it was away; who may go on is told to catch up.
	 */
	async rejoin(): Promise<void> {
		const channel = this.#channel;
		if (!channel || !this.#live) return;
		this.#part(channel);
		await this.#join();
	}

	/** Whether the right to listen can be lost while the account stays: a service is anyone's, oneself always one's own. */
	get losable(): boolean {
		return /^(provider|conversation):/.test(this.#name);
	}

	#leave(): void {
		channels.delete(this.#name);
		clearInterval(this.#asking);
		this.#live = false;
		if (this.#channel) this.#part(this.#channel);
	}

	/** Leaves the topic; whoever joins it next waits until that is done. */
	#part(channel: RealtimeChannel): void {
		this.#channel = undefined;
		const left = realtime()
			.then((client) => client.removeChannel(channel))
			.finally(() => leaving.delete(this.#name));
		leaving.set(this.#name, left);
	}

	#presentKeys(): string[] {
		return Object.keys(this.#channel?.presenceState() ?? {});
	}
}

/** Asks for each topic that could have been lost whether it was. */
function askAnew(): void {
	for (const channel of channels.values()) if (channel.losable) void channel.rejoin();
}
