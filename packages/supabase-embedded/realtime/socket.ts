import type { WebSocket } from 'ws';
import { Channel } from './channel.ts';
import type { Connection } from './channel.ts';
import type { Hub } from './hub.ts';
import { decode, encode, MalformedFrame } from './serializer.ts';
import type { FanOut, Incoming, Version } from './serializer.ts';
import type { Identity } from './tokens.ts';

/** One WebSocket and the channels on it. */
export class RealtimeSocket implements Connection {
	readonly identity: Identity;
	readonly headers: Record<string, string>;
	readonly #hub: Hub;
	readonly #socket: WebSocket;
	readonly #version: Version;
	readonly #channels = new Map<string, Channel>();
	#heard = Date.now();

	constructor(hub: Hub, socket: WebSocket, version: Version, identity: Identity, headers: Record<string, string>) {
		this.#hub = hub;
		this.#socket = socket;
		this.#version = version;
		this.identity = identity;
		this.headers = headers;
		socket.on('message', (data, binary) => this.#receive(data as Buffer, binary));
		// What the peer did wrong is followed by a close.
		socket.on('error', () => {});
		socket.on('close', () => {
			for (const channel of [...this.#channels.values()]) channel.stop(false);
		});
	}

	get channelCount(): number {
		return this.#channels.size;
	}

	/** Milliseconds since the client last said something. */
	silentFor(now: number): number {
		return now - this.#heard;
	}

	send(joinRef: string | null, ref: string | null, topic: string, event: string, payload: unknown): void {
		this.#write(encode(this.#version, joinRef, ref, topic, event, payload));
	}

	sendAll(message: FanOut): void {
		const frame = message.frame(this.#version);
		if (frame === null) return;
		this.#hub.messages.take();
		this.#write(frame);
	}

	forget(channel: Channel): void {
		if (this.#channels.get(channel.topic) === channel) this.#channels.delete(channel.topic);
	}

	disconnect(): void {
		this.#socket.close(1000);
	}

	#write(frame: string | Buffer): void {
		if (this.#socket.readyState !== this.#socket.OPEN) return;
		if (this.#socket.bufferedAmount > this.#hub.limits.backlogBytes) {
			this.#hub.log('a client that does not read what it is sent was disconnected');
			this.#socket.terminate();
			return;
		}
		this.#socket.send(frame);
	}

	#receive(data: Buffer, binary: boolean): void {
		this.#heard = Date.now();
		let message: Incoming;
		try {
			message = decode(this.#version, data, binary);
		} catch (error) {
			if (!(error instanceof MalformedFrame)) throw error;
			this.#hub.log(`MalformedWebSocketMessage: ${error.message}`);
			return;
		}
		this.#route(message);
	}

	#route(message: Incoming): void {
		const { joinRef, ref, topic, event } = message;
		const reply = (status: 'ok' | 'error', response: unknown) =>
			this.send(joinRef, ref, topic, 'phx_reply', { status, response });
		if (topic === 'phoenix') {
			if (event === 'heartbeat') reply('ok', {});
			return;
		}
		const channel = this.#channels.get(topic);
		if (event === 'phx_join') {
			if (!topic.startsWith('realtime:')) return reply('error', { reason: 'unmatched topic' });
			channel?.stop(true);
			this.#channels.set(topic, new Channel(this.#hub, this, message));
		} else if (channel) {
			channel.handle(message);
		} else if (event === 'phx_leave') {
			reply('ok', {});
		} else {
			reply('error', { reason: 'unmatched topic' });
		}
	}
}
