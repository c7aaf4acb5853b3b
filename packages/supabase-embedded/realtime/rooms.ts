import { Presence } from './presence.ts';
import type { Diff } from './presence.ts';
import { push } from './serializer.ts';
import type { FanOut } from './serializer.ts';

/** What a room needs of those in it. */
export interface Member {
	receiveBroadcast(message: FanOut): void;
	receivePresence(message: FanOut): void;
}

/** Everybody on one topic. Private and public channels of the same name are different rooms. */
export class Room {
	readonly topic: string;
	readonly private: boolean;
	readonly members = new Set<Member>();
	readonly presence = new Presence();
	readonly #emptied: () => void;

	constructor(topic: string, isPrivate: boolean, emptied: () => void) {
		this.topic = topic;
		this.private = isPrivate;
		this.#emptied = emptied;
	}

	broadcast(message: FanOut, except?: Member): void {
		for (const member of this.members) if (member !== except) member.receiveBroadcast(message);
	}

	track(member: Member, key: string, payload: Record<string, unknown>): void {
		this.#tell(this.presence.track(member, key, payload));
	}

	untrack(member: Member): void {
		this.#tell(this.presence.untrack(member));
	}

	leave(member: Member): void {
		if (!this.members.delete(member)) return;
		this.untrack(member);
		if (this.members.size === 0) this.#emptied();
	}

	#tell(diff: Diff | null): void {
		if (!diff) return;
		const message = push(`realtime:${this.topic}`, 'presence_diff', diff);
		for (const member of this.members) member.receivePresence(message);
	}
}

/** All rooms that somebody is in. */
export class Rooms {
	readonly #rooms = new Map<string, Room>();

	find(topic: string, isPrivate: boolean): Room | undefined {
		return this.#rooms.get(name(topic, isPrivate));
	}

	enter(topic: string, isPrivate: boolean, member: Member): Room {
		const key = name(topic, isPrivate);
		let room = this.#rooms.get(key);
		if (!room) {
			room = new Room(topic, isPrivate, () => this.#rooms.delete(key));
			this.#rooms.set(key, room);
		}
		room.members.add(member);
		return room;
	}
}

const name = (topic: string, isPrivate: boolean) => `${isPrivate ? 'private' : 'public'}:${topic}`;
