import type { RealtimeChannel } from '@supabase/realtime-js';
import { realtime } from './browser.ts';

interface Wishes {
	/** what to do for each event of the topic; the payload is what the database sent */
	on: Record<string, (payload: Record<string, unknown>) => void>;
	/** fetches what was missed: called after every join, the first too, since the page was loaded before it listened */
	catchUp?: () => void | Promise<void>;
	/** true to let others see, by presence, that this person is here; needs a signed-in account */
	presence?: { key: string };
}

/**
 * One private Realtime topic of the architecture's list, such as `provider:<uuid>`. Make one in a component and open it
 * in an effect, which closes it again: `$effect(() => topic.open({ … }))`.
 */
export class Topic {
	readonly #name: string;
	#channel: RealtimeChannel | undefined;
	#live = $state(false);
	#lost = $state(false);
	#present = $state<string[]>([]);

	constructor(name: string) {
		this.#name = name;
	}

	/** False while what is shown may be stale: before the first join, and while the connection is away. */
	get live(): boolean {
		return this.#live;
	}

	/** True while the connection is away or was refused: worth saying, unlike the moment before the first join. */
	get lost(): boolean {
		return this.#lost;
	}

	/** Keys of those who are here now, when `presence` was asked for. */
	get present(): string[] {
		return this.#present;
	}

	/** Joins. Returns how to leave. */
	open({ on, catchUp, presence }: Wishes): () => void {
		let left = false;

		const join = async () => {
			const client = await realtime();
			if (left) return;
			const channel = client.channel(this.#name, {
				config: { private: true, presence: presence ? { key: presence.key } : undefined }
			});
			this.#channel = channel;
			for (const [event, handle] of Object.entries(on)) {
				channel.on('broadcast', { event }, ({ payload }) => handle(payload as Record<string, unknown>));
			}
			if (presence) {
				channel.on('presence', { event: 'sync' }, () => (this.#present = Object.keys(channel.presenceState())));
			}
			channel.subscribe((status) => {
				if (left) return;
				this.#live = status === 'SUBSCRIBED';
				this.#lost = !this.#live;
				if (status !== 'SUBSCRIBED') return;
				void catchUp?.();
				if (presence) void channel.track({});
			});
		};
		// A page without live updates still works; it then shows what was true when it was loaded.
		join().catch((error: Error) => console.warn(`live updates are off: ${error.message}`));

		return () => {
			left = true;
			this.#live = false;
			const channel = this.#channel;
			this.#channel = undefined;
			if (channel) void realtime().then((client) => client.removeChannel(channel));
		};
	}

	/** Tells the others on the topic something that need not be kept, such as that one is typing. */
	send(event: string, payload: Record<string, unknown> = {}): void {
		if (this.#live) void this.#channel?.send({ type: 'broadcast', event, payload });
	}
}
