import { SharedChannel } from './shared-channel.ts';
import type { Payload } from './shared-channel.ts';

interface Wishes {
	/** what to do for each event of the topic; the payload is what the database sent */
	on: Record<string, (payload: Payload) => void>;
	/** fetches what was missed: called after every join, the first too, since the page was loaded before it listened */
	catchUp?: () => void | Promise<void>;
	/** what to do when the topic may not be listened to, as when the session has ended before it was joined */
	refused?: () => void;
	/** true to let others see, by presence, that this person is here; needs a signed-in account */
	presence?: { key: string };
}

/**
 * One private Realtime topic of the architecture's list, such as `provider:<uuid>`. Make one in a component and open it
 * in an effect, which closes it again: `$effect(() => topic.open({ … }))`. Several may be open for the same name.
 */
export class Topic {
	readonly #name: string;
	#channel: SharedChannel | undefined;
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
	open({ on, catchUp, refused, presence }: Wishes): () => void {
		const channel = SharedChannel.of(this.#name, presence);
		this.#channel = channel;
		const stop = channel.listen({
			on,
			refused,
			changed: (live) => {
				this.#live = live;
				this.#lost = !live;
				if (live) void catchUp?.();
			},
			present: (keys) => (this.#present = keys)
		});
		return () => {
			stop();
			this.#channel = undefined;
			this.#live = false;
		};
	}

	/** Tells the others on the topic something that need not be kept, such as that one is typing. */
	send(event: string, payload: Payload = {}): void {
		if (this.#live) this.#channel?.send(event, payload);
	}
}
