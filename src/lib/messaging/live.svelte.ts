import { untrack } from 'svelte';
import { Topic } from '#lib/supabase/topic.svelte.ts';
import { merge } from './merge.ts';
import type { Message } from './queries.ts';

type Side = 'customer' | 'provider';

/** A conversation that stays up to date while it is on the screen. */
export class LiveConversation {
	readonly #id: string;
	readonly #side: Side;
	readonly #topic: Topic;
	#messages = $state.raw<Message[]>([]);
	#typing = $state(false);
	#quiet: ReturnType<typeof setTimeout> | undefined;
	#lastTyped = 0;

	constructor(id: string, side: Side) {
		this.#id = id;
		this.#side = side;
		this.#topic = new Topic(`conversation:${id}`);
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
		return this.#topic.present.some((key) => key !== this.#side);
	}

	add(more: Message[]): void {
		// An effect that adds must not run again because of what it added.
		this.#messages = merge(
			untrack(() => this.#messages),
			more
		);
	}

	/** Listens; `catchUp` fetches what was missed, `heard` is called for each new message. Returns how to stop. */
	open(catchUp: () => void, heard: (message: Message) => void): () => void {
		return this.#topic.open({
			presence: { key: this.#side },
			catchUp,
			on: {
				message: (payload) => {
					const message = payload as unknown as Message;
					if (message.side !== this.#side) this.#typing = false;
					this.add([message]);
					heard(message);
				},
				typing: ({ side }) => {
					if (side === this.#side) return;
					this.#typing = true;
					clearTimeout(this.#quiet);
					this.#quiet = setTimeout(() => (this.#typing = false), 4000);
				}
			}
		});
	}

	/** Tells the other side that something is being typed, at most every two seconds. */
	tellTyping(): void {
		if (Date.now() - this.#lastTyped < 2000) return;
		this.#lastTyped = Date.now();
		this.#topic.send('typing', { side: this.#side });
	}

	get id(): string {
		return this.#id;
	}
}
