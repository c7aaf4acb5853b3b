import { setTimeout as sleep } from 'node:timers/promises';
import { readRights, writeRights } from './authorization.ts';
import type { Extension, Rights, Subject } from './authorization.ts';
import { DatabaseUnavailable } from './database.ts';
import type { Hub } from './hub.ts';
import { bindingId, parseJoin } from './join.ts';
import type { JoinRequest } from './join.ts';
import { parseReplay, replay } from './replay.ts';
import type { Replayed } from './replay.ts';
import type { Member, Room } from './rooms.ts';
import { push, userBroadcast } from './serializer.ts';
import type { FanOut, Incoming } from './serializer.ts';
import { expired, identify, TokenRefused } from './tokens.ts';
import type { Identity } from './tokens.ts';

/** What a channel needs of the socket it belongs to. */
export interface Connection {
	/** who the socket was opened as */
	readonly identity: Identity;
	/** the `x-` headers of the request that opened it */
	readonly headers: Record<string, string>;
	/** channels joined or being joined, this one included */
	readonly channelCount: number;
	send(joinRef: string | null, ref: string | null, topic: string, event: string, payload: unknown): void;
	sendAll(message: FanOut): void;
	/** the channel is over */
	forget(channel: Channel): void;
	disconnect(): void;
}

/** A join that is refused; the message is what the client reads. Some refusals end the whole connection. */
class JoinRefused extends Error {
	readonly disconnects: boolean;

	constructor(code: string, message: string, disconnects = false) {
		super(`${code}: ${message}`);
		this.disconnects = disconnects;
	}
}

const longestTimer = 5 * 60 * 1000;
const replicationPatience = 60_000;

const isRecord = (value: unknown): value is Record<string, unknown> =>
	typeof value === 'object' && value !== null && !Array.isArray(value);

/** One client on one topic, from its join to its end. What the client sends is handled one after the other. */
export class Channel implements Member {
	readonly topic: string;
	readonly joinRef: string | null;
	readonly #name: string;
	readonly #hub: Hub;
	readonly #connection: Connection;
	#queue: Promise<void> = Promise.resolve();
	#state: 'joining' | 'joined' | 'over' = 'joining';
	#request: JoinRequest = parseJoin(null);
	#identity: Identity;
	#room: Room | undefined;
	#read: Rights = {};
	#write: Required<Rights> | null = null;
	/** messages that arrive while it is not yet known, or no longer known, whether they may be delivered */
	#held: { message: FanOut; extension: Extension }[] | null = null;
	#replayed = new Set<unknown>();
	#presenceCalls: number[] = [];
	#timer: NodeJS.Timeout | undefined;

	constructor(hub: Hub, connection: Connection, { topic, joinRef, ref, payload }: Incoming) {
		this.topic = topic;
		this.joinRef = joinRef ?? ref;
		this.#name = topic.slice('realtime:'.length);
		this.#hub = hub;
		this.#connection = connection;
		this.#identity = connection.identity;
		this.#enqueue(() => this.#join(ref, payload));
	}

	/** Takes a message of the client, to be handled after those before it. */
	handle(message: Incoming): void {
		this.#enqueue(() => this.#handle(message));
	}

	/** Ends the channel; `tell` sends the client an orderly close. */
	stop(tell: boolean): void {
		if (this.#state === 'over') return;
		const joined = this.#state === 'joined';
		this.#state = 'over';
		clearTimeout(this.#timer);
		this.#held = null;
		this.#room?.leave(this);
		this.#connection.forget(this);
		if (tell && joined) this.#connection.send(this.joinRef, this.joinRef, this.topic, 'phx_close', {});
	}

	receiveBroadcast(message: FanOut): void {
		if (this.#held) this.#held.push({ message, extension: 'broadcast' });
		else if (this.#mayRead('broadcast') && !(message.meta && this.#replayed.has(message.meta.id))) {
			this.#connection.sendAll(message);
		}
	}

	receivePresence(message: FanOut): void {
		// One that joins is sent the whole state afterwards.
		if (this.#state !== 'joined') return;
		if (this.#held) this.#held.push({ message, extension: 'presence' });
		else if (this.#mayRead('presence')) this.#connection.sendAll(message);
	}

	#enqueue(work: () => Promise<void>): void {
		this.#queue = this.#queue
			.then(() => (this.#state === 'over' ? undefined : work()))
			.catch((error: Error) => {
				this.#hub.log(`a channel failed: ${error.stack ?? error.message}`);
				this.#crash();
			});
	}

	#mayRead(extension: Extension): boolean {
		if (Date.now() >= this.#identity.expires * 1000) return false;
		return !this.#request.private || this.#read[extension] === true;
	}

	#subject(identity: Identity): Subject {
		return { identity, topic: this.#name, headers: this.#connection.headers };
	}

	async #join(ref: string | null, payload: unknown): Promise<void> {
		this.#request = parseJoin(payload);
		let messages: Replayed[];
		try {
			messages = await this.#admit();
		} catch (error) {
			const reason =
				error instanceof TokenRefused || error instanceof DatabaseUnavailable
					? `${error.code}: ${error.message}`
					: error instanceof JoinRefused
						? error.message
						: 'Unknown Error on Channel';
			if (reason === 'Unknown Error on Channel') this.#hub.log(`a join failed: ${(error as Error).stack}`);
			await sleep(this.#hub.limits.joinErrorDelay);
			this.#reply(ref, 'error', { reason });
			this.stop(false);
			if (error instanceof JoinRefused && error.disconnects) this.#connection.disconnect();
			return;
		}
		// The client may be gone by now.
		if (this.#over()) return;
		this.#state = 'joined';
		const { postgresChanges, presence, replicationReady } = this.#request;
		this.#reply(ref, 'ok', {
			postgres_changes: postgresChanges.map((parameters) => ({ ...parameters, id: bindingId(parameters) }))
		});
		if (presence.enabled && this.#mayRead('presence')) this.#push('presence_state', this.#room!.presence.state());
		for (const message of messages) this.#connection.sendAll(userBroadcast(this.topic, message));
		this.#release();
		this.#watchExpiry();
		if (replicationReady) void this.#tellWhenReading();
		if (postgresChanges.length > 0) this.#refuseChanges(postgresChanges);
	}

	/** Checks everything a join must pass, in the service's order, and enters the room. */
	async #admit(): Promise<Replayed[]> {
		const { limits } = this.#hub;
		const request = this.#request;
		if (this.#name === '') throw new JoinRefused('TopicNameRequired', 'You must provide a topic name');
		if (!this.#hub.joins.take()) {
			throw new JoinRefused('ClientJoinRateLimitReached', 'Too many joins per second', true);
		}
		if (this.#connection.channelCount > limits.channelsPerSocket) {
			throw new JoinRefused('ChannelRateLimitReached', 'Too many channels');
		}
		if (request.token !== null) this.#identity = await identify(this.#hub.keys, request.token);
		else if (Date.now() >= this.#identity.expires * 1000) throw expired(this.#identity.expires);

		if (request.private) {
			this.#read = await this.#askRead(
				this.#identity,
				request.presence.enabled ? ['broadcast', 'presence'] : ['broadcast']
			);
			if (!this.#read.broadcast && !this.#read.presence) {
				if (request.token === null && this.#identity.role === 'anon') {
					this.#hub.log(
						`a private channel "${this.#name.split(':')[0]}:…" was joined without an access token and refused; await supabase.realtime.setAuth() before subscribing`
					);
				}
				throw new JoinRefused(
					'Unauthorized',
					`You do not have permissions to read from this Channel topic: ${this.#name}`
				);
			}
		}
		if (this.#over()) return [];
		// In the room from here on, so that nothing is lost between what is replayed and what is live.
		this.#held = [];
		this.#room = this.#hub.rooms.enter(this.#name, request.private, this);
		return request.replay === null ? [] : this.#replay(request.replay);
	}

	async #replay(wish: unknown): Promise<Replayed[]> {
		const refuse = (message: string) => new JoinRefused('UnableToReplayMessages', message);
		if (!this.#request.private) throw refuse('Replay is not allowed for public channels');
		const request = parseReplay(wish, this.#hub.limits.replayMessages);
		if (!request) throw refuse('Replay params are not valid');
		if (!this.#read.broadcast) return [];
		try {
			const messages = await replay(this.#hub.sql, this.#name, request);
			this.#replayed = new Set(messages.map(({ id }) => id));
			return messages;
		} catch {
			throw refuse('Realtime was unable to replay messages');
		}
	}

	async #handle(message: Incoming): Promise<void> {
		switch (message.event) {
			case 'broadcast':
				return this.#broadcast(message);
			case 'presence':
				return this.#presence(message);
			case 'access_token':
				return this.#refresh(message.payload);
			case 'phx_leave':
				this.#reply(message.ref, 'ok', {});
				return this.stop(true);
			default:
				this.#hub.log(`an event that means nothing to a channel was dropped: ${message.event.slice(0, 40)}`);
		}
	}

	async #broadcast({ ref, payload, broadcast }: Incoming): Promise<void> {
		if (!this.#hub.messages.take()) return this.#shutdown('Too many messages per second');
		const size = broadcast ? broadcast.payload.length : Buffer.byteLength(JSON.stringify(payload ?? null));
		if (size > this.#hub.limits.payloadBytes) {
			if (this.#request.ack) this.#reply(ref, 'error', { reason: 'payload_size_exceeded' });
			return;
		}
		// A refused sender is told nothing, as in the hosted service.
		if (this.#request.private && !(await this.#askWrite())?.broadcast) return;
		if (this.#over()) return;
		const message = broadcast ? userBroadcast(this.topic, broadcast) : push(this.topic, 'broadcast', payload);
		this.#room!.broadcast(message, this.#request.self ? undefined : this);
		if (this.#request.ack) this.#reply(ref, 'ok', {});
	}

	async #presence({ ref, payload: call }: Incoming): Promise<void> {
		const { limits } = this.#hub;
		if (!this.#hub.presences.take()) return this.#shutdown('Too many presence messages per second');
		const now = Date.now();
		this.#presenceCalls = this.#presenceCalls.filter((time) => time > now - limits.clientPresenceWindow);
		this.#presenceCalls.push(now);
		if (this.#presenceCalls.length > limits.clientPresenceCalls)
			return this.#shutdown('Client presence rate limit exceeded');

		if (this.#request.private) {
			if (!(await this.#askWrite())?.presence) return this.#reply(ref, 'error', {});
			this.#read.presence ??= (await this.#askRead(this.#identity, ['presence'])).presence;
			if (this.#over()) return;
		}
		const { event, payload = {} } = isRecord(call) ? call : {};
		const action = typeof event === 'string' ? event.toLowerCase() : '';
		if (action === 'untrack') {
			this.#room!.untrack(this);
			return this.#reply(ref, 'ok', {});
		}
		if (action !== 'track') return this.#reply(ref, 'error', {});
		if (!isRecord(payload)) return this.#reply(ref, 'error', { reason: 'Presence track payload must be a map' });
		if (Buffer.byteLength(JSON.stringify(payload)) > limits.payloadBytes)
			return this.#shutdown('Track message size exceeded');
		this.#room!.track(this, this.#request.presence.key, payload);
		this.#reply(ref, 'ok', {});
	}

	/** A new access token: who speaks and what may be read are worked out again. Nothing is delivered meanwhile. */
	async #refresh(payload: unknown): Promise<void> {
		const token = isRecord(payload) ? payload.access_token : null;
		if (token === null || token === undefined || token === this.#identity.token) return;
		if (typeof token === 'string' && token.startsWith('sb_')) return;
		this.#held = [];
		let identity: Identity;
		let read: Rights = {};
		try {
			identity = await identify(this.#hub.keys, String(token));
			if (this.#request.private) {
				const evaluated: Extension[] = this.#read.presence === undefined ? ['broadcast'] : ['broadcast', 'presence'];
				read = await this.#askRead(identity, evaluated);
			}
		} catch (error) {
			if (error instanceof TokenRefused) return this.#shutdown(error.message);
			if (error instanceof DatabaseUnavailable) return this.#crash();
			throw error;
		}
		if (this.#request.private) {
			if (!read.broadcast && !read.presence) {
				return this.#shutdown(`You do not have permissions to read from this Channel topic: ${this.#name}`);
			}
			const lost = (['broadcast', 'presence'] as const).some((extension) => this.#read[extension] && !read[extension]);
			if (lost) return this.#shutdown(`You no longer have permission to read from this Channel topic: ${this.#name}`);
		}
		if (this.#over()) return;
		this.#identity = identity;
		this.#read = read;
		this.#write = null;
		this.#release();
		this.#watchExpiry();
	}

	#askRead(identity: Identity, extensions: Extension[]): Promise<Rights> {
		return this.#hub.ask(() => readRights(this.#hub.sql, this.#subject(identity), extensions));
	}

	/** What may be sent, asked once; null when the policies could not be asked. */
	async #askWrite(): Promise<Required<Rights> | null> {
		try {
			this.#write ??= await this.#hub.ask(() => writeRights(this.#hub.sql, this.#subject(this.#identity)));
		} catch (error) {
			this.#hub.log(`the right to send could not be checked, the message was dropped: ${(error as Error).message}`);
		}
		return this.#write;
	}

	/** Delivers what was held back, to whom it is due now. */
	#release(): void {
		const held = this.#held ?? [];
		this.#held = null;
		for (const { message, extension } of held) {
			if (extension === 'broadcast') this.receiveBroadcast(message);
			else this.receivePresence(message);
		}
	}

	#watchExpiry(): void {
		clearTimeout(this.#timer);
		const rest = this.#identity.expires * 1000 - Date.now();
		this.#timer = setTimeout(
			() =>
				this.#enqueue(async () => {
					if (Date.now() < this.#identity.expires * 1000) this.#watchExpiry();
					else this.#shutdown(expired(this.#identity.expires).message);
				}),
			Math.max(0, Math.min(rest, longestTimer))
		);
	}

	async #tellWhenReading(): Promise<void> {
		const given = new AbortController();
		const late = sleep(replicationPatience, 'late', { signal: given.signal, ref: false }).catch(() => 'stopped');
		const outcome = await Promise.race([this.#hub.reading().then(() => 'reading'), late]);
		given.abort();
		if (this.#over()) return;
		if (outcome === 'reading') this.#system('system', 'ok', 'Replication connection established');
		else this.#shutdown('Replication connection could not be established');
	}

	/** Postgres Changes are not served: the answer is the one for tables that no publication names. */
	#refuseChanges(changes: Record<string, unknown>[]): void {
		this.#hub.log(
			'Postgres Changes are not part of the embedded platform; send from the database with realtime.send or realtime.broadcast_changes'
		);
		const { event = '*', schema = 'public', table = '*', filter, select } = changes[0]!;
		const parameters = `[event: ${event}, schema: ${schema}, table: ${table}, filters: ${JSON.stringify(filter ? [filter] : [])}, select: ${JSON.stringify(select ?? [])}]`;
		this.#system(
			'postgres_changes',
			'error',
			`Unable to subscribe to changes with given parameters. Please check Realtime is enabled for the given connect parameters: ${parameters}`
		);
	}

	/** An end that the client is told about and does not come back from by itself. */
	#shutdown(message: string): void {
		this.#system('system', 'error', message);
		this.stop(true);
	}

	/** An end after which the client joins again. */
	#crash(): void {
		if (this.#over()) return;
		this.#connection.send(this.joinRef, this.joinRef, this.topic, 'phx_error', {});
		this.stop(false);
	}

	/** Whether the channel ended while something was awaited. */
	#over(): boolean {
		return this.#state === 'over';
	}

	#system(extension: 'system' | 'postgres_changes', status: 'ok' | 'error', message: string): void {
		this.#push('system', { extension, status, message, channel: this.#name });
	}

	#push(event: string, payload: unknown): void {
		this.#connection.send(this.joinRef, null, this.topic, event, payload);
	}

	#reply(ref: string | null, status: 'ok' | 'error', response: unknown): void {
		this.#connection.send(this.joinRef, ref, this.topic, 'phx_reply', { status, response });
	}
}
