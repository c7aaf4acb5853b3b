import type { Sql } from 'postgres';
import type { Keys } from '../keys.ts';
import { DatabaseUnavailable } from './database.ts';
import { Rate } from './limits.ts';
import type { Limits } from './limits.ts';
import type { DatabaseMessage } from './pickup.ts';
import { Rooms } from './rooms.ts';
import { userBroadcast } from './serializer.ts';

interface Parts {
	keys: Keys;
	sql: Sql;
	limits: Limits;
	/** makes the partitions that are missing */
	keepPartitions(): Promise<void>;
	/** resolves when messages of the database are being read */
	reading(): Promise<void>;
	log(line: string): void;
}

/** What all sockets, channels and REST calls share. */
export class Hub {
	readonly keys: Keys;
	readonly sql: Sql;
	readonly limits: Limits;
	readonly reading: () => Promise<void>;
	readonly log: (line: string) => void;
	readonly rooms = new Rooms();
	readonly joins: Rate;
	readonly messages: Rate;
	readonly presences: Rate;
	readonly #keepPartitions: () => Promise<void>;

	constructor(parts: Parts) {
		this.keys = parts.keys;
		this.sql = parts.sql;
		this.limits = parts.limits;
		this.reading = parts.reading;
		this.log = parts.log;
		this.#keepPartitions = parts.keepPartitions;
		this.joins = new Rate(parts.limits.joinsPerSecond, 1);
		this.messages = new Rate(parts.limits.messagesPerSecond, 60);
		this.presences = new Rate(parts.limits.presencePerSecond, 1);
	}

	/** Asks the policies; when today's partition is missing, as after a long sleep, makes it and asks again. */
	async ask<Answer>(question: () => Promise<Answer>): Promise<Answer> {
		try {
			return await question();
		} catch (error) {
			if (!(error instanceof DatabaseUnavailable) || error.code !== 'MissingPartition') throw error;
			await this.#keepPartitions();
			return question();
		}
	}

	/** Hands a committed row to the members of its room. */
	deliver(message: DatabaseMessage): void {
		if (message.payload.length > this.limits.payloadBytes) {
			this.log(
				`a message from the database was dropped: ${message.payload.length} bytes are more than ${this.limits.payloadBytes}`
			);
			return;
		}
		if (!this.messages.take()) {
			this.log('a message from the database was dropped: too many messages per second');
			return;
		}
		this.rooms.find(message.topic, message.private)?.broadcast(userBroadcast(`realtime:${message.topic}`, message));
	}
}
