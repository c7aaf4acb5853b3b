import { untrack } from 'svelte';
import { Topic } from '#lib/supabase/topic.svelte.ts';
import { merge } from './merge.ts';
import type { Message } from './queries.ts';

type Side = 'customer' | 'provider';

/**
 * A conversation that stays up to date while it is on the screen. Its topic says that there is something new, which is
 * then fetched; what the other side's browser says of itself has a topic of its own, and is shown but never kept.
 */
export class LiveConversation {
	readonly #id: string;
	readonly #side: Side;
	readonly #other: Side;
	readonly #topic: Topic;
	readonly #presence: Topic;
	#messages = $state.raw<Message[]>([]);
	#typing = $state(false);
	#quiet: ReturnType<typeof setTimeout> | undefined;
	#lastTyped = 0;

	constructor(id: string, side: Side) {
		this.#id = id;
		this.#side = side;
		this.#other = side === 'customer' ? 'provider' : 'customer';
		this.#topic = new Topic(`conversation:${id}`);
		this.#presence = new Topic(`conversation:${id}:presence`);
	}

	get messages(): Message[] {
		return this.#messages;
	}

	/** True for some seconds after the other side has touched its keyboard. */
	get typing(): boolean {
		return this.#typing;
	}

	/** True while the other side has the conversation open. */
	get otherIsHere(): boolean {
		return this.#presence.present.includes(this.#other);
	}

	/** Takes messages that were fetched. Tells whether the other side has said something new. */
	add(more: Message[]): boolean {
		// An effect that adds must not run again because of what it added.
		const known = untrack(() => this.#messages);
		const heard = more.some(({ id, side }) => side === this.#other && !known.some((one) => one.id === id));
		if (heard) this.#typing = false;
		this.#messages = merge(known, more);
		return heard;
	}

	/** Listens; `catchUp` fetches what there is, and is called whenever that may be more. Returns how to stop. */
	open(catchUp: () => void): () => void {
		const stopData = this.#topic.open({ catchUp, refused: catchUp, on: { message: catchUp } });
		const stopPresence = this.#presence.open({
			presence: { key: this.#side },
			on: {
				typing: ({ side }) => {
					if (side !== this.#other) return;
					this.#typing = true;
					clearTimeout(this.#quiet);
					this.#quiet = setTimeout(() => (this.#typing = false), 4000);
				}
			}
		});
		return () => {
			stopData();
			stopPresence();
		};
	}

	/** Tells the other side that something is being typed, at most every two seconds. */
	tellTyping(): void {
		if (Date.now() - this.#lastTyped < 2000) return;
		this.#lastTyped = Date.now();
		this.#presence.send('typing', { side: this.#side });
	}

	get id(): string {
		return this.#id;
	}
}
