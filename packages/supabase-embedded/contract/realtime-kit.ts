import type { RealtimeChannel } from '@supabase/supabase-js';
import type postgres from 'postgres';
import { expect } from 'vitest';
import { WebSocket } from 'ws';
import { project } from '../testing/project.ts';

/** One of the rights on a private topic, as the policies of `rightsTable` read them. */
export type Right = 'read broadcast' | 'read presence' | 'write broadcast' | 'write presence';

export interface Rights {
	/** a topic under this file's policies that no other test uses */
	topic(): string;
	give(topic: string, person: string, ...rights: Right[]): Promise<void>;
	take(topic: string, person: string): Promise<void>;
	remove(): Promise<void>;
}

let count = 0;

/** Policies on realtime.messages for the topics `contract:<name>:…`: a person may what a table says. */
export async function rightsTable(sql: postgres.Sql, name: string): Promise<Rights> {
	const table = `contract_realtime_${name}`;
	const condition = (action: string) => `
		(select realtime.topic()) like 'contract:${name}:%' and exists (
			select from public.${table} r
			where r.topic = (select realtime.topic()) and r.person = (select auth.uid())
				and r.name = '${action} ' || messages.extension
		)`;
	const remove = async () => {
		await sql.unsafe(`
			drop policy if exists contract_${name}_read on realtime.messages;
			drop policy if exists contract_${name}_write on realtime.messages;
			drop table if exists public.${table};`);
	};
	await remove();
	await sql.unsafe(`
		create table public.${table} (topic text, person uuid, name text);
		create policy contract_${name}_read on realtime.messages for select to authenticated using (${condition('read')});
		create policy contract_${name}_write on realtime.messages for insert to authenticated with check (${condition('write')});`);
	return {
		topic: () => `contract:${name}:${Date.now().toString(36)}${count++}`,
		give: async (topic, person, ...rights) => {
			for (const right of rights) await sql`insert into ${sql(table)} values (${topic}, ${person}, ${right})`;
		},
		take: async (topic, person) => {
			await sql`delete from ${sql(table)} where topic = ${topic} and person = ${person}`;
		},
		remove
	};
}

/** Subscribes and resolves when the channel is joined; raises what the server says when it is refused. */
export function joined(channel: RealtimeChannel): Promise<RealtimeChannel> {
	return new Promise((resolve, reject) => {
		channel.subscribe((status, error) => {
			if (status === 'SUBSCRIBED') resolve(channel);
			else if (status === 'CHANNEL_ERROR') reject(error ?? new Error('CHANNEL_ERROR'));
			else if (status === 'TIMED_OUT') reject(new Error('TIMED_OUT'));
		});
	});
}

export interface Broadcast {
	event: string;
	payload: Record<string, unknown>;
	meta?: { id: string; replayed?: boolean };
}

/** Keeps every broadcast that a channel receives from now on. */
export function broadcasts(channel: RealtimeChannel): Broadcast[] {
	const received: Broadcast[] = [];
	channel.on('broadcast', { event: '*' }, (message) => received.push(message as unknown as Broadcast));
	return received;
}

/** Waits until what is expected holds. */
export async function until(check: () => void, timeout = 8000): Promise<void> {
	await expect
		.poll(
			() => {
				try {
					check();
					return null;
				} catch (error) {
					return (error as Error).message;
				}
			},
			{ timeout, interval: 10 }
		)
		.toBeNull();
}

/** Long enough for a message that must not come. */
export const quiet = () => new Promise((resolve) => setTimeout(resolve, 400));

export type Version = '1.0.0' | '2.0.0';

export interface Received {
	joinRef: string | null | undefined;
	ref: string | null;
	topic: string;
	event: string;
	payload: any; // eslint-disable-line @typescript-eslint/no-explicit-any -- whatever the server says
	/** the frame itself, when it was binary */
	bytes?: Buffer;
}

function parse(version: Version, data: Buffer, binary: boolean): Received {
	if (binary) {
		const [kind, topicSize, eventSize, metaSize, encoding] = data as unknown as [
			number,
			number,
			number,
			number,
			number
		];
		expect(kind).toBe(4);
		let offset = 5;
		const text = (size: number) => data.toString('utf8', offset, (offset += size));
		const topic = text(topicSize);
		const event = text(eventSize);
		const meta = text(metaSize);
		const rest = data.subarray(offset);
		const payload = {
			type: 'broadcast',
			event,
			payload: encoding === 1 ? JSON.parse(rest.toString()) : rest,
			...(meta ? { meta: JSON.parse(meta) } : {})
		};
		return { joinRef: null, ref: null, topic, event: 'broadcast', payload, bytes: data };
	}
	const value = JSON.parse(data.toString());
	if (version === '1.0.0')
		return { joinRef: value.join_ref, ref: value.ref, topic: value.topic, event: value.event, payload: value.payload };
	const [joinRef, ref, topic, event, payload] = value;
	return { joinRef, ref, topic, event, payload };
}

/** A socket that shows every frame, for what supabase-js keeps to itself. */
export class RawSocket {
	readonly frames: Received[] = [];
	readonly closed: Promise<number>;
	readonly #socket: WebSocket;
	readonly #version: Version;
	#ref = 0;

	private constructor(socket: WebSocket, version: Version) {
		this.#socket = socket;
		this.#version = version;
		socket.on('message', (data, binary) => this.frames.push(parse(version, data as Buffer, binary)));
		this.closed = new Promise((resolve) => socket.on('close', resolve));
	}

	static open(
		version: Version = '2.0.0',
		key: string | null = project.publishableKey,
		path = 'websocket'
	): Promise<RawSocket> {
		const url = new URL(`${project.url.replace(/^http/, 'ws')}/realtime/v1/${path}`);
		url.searchParams.set('vsn', version);
		if (key !== null) url.searchParams.set('apikey', key);
		const socket = new WebSocket(url);
		const raw = new RawSocket(socket, version);
		return new Promise((resolve, reject) => {
			socket.on('open', () => resolve(raw));
			socket.on('error', reject);
			socket.on('unexpected-response', (_request, response) =>
				reject(new Error(`refused with ${response.statusCode}`))
			);
		});
	}

	/** Sends a frame and returns its reference. */
	send(topic: string, event: string, payload: unknown, joinRef: string | null = null): string {
		const ref = String(++this.#ref);
		this.sendFrame(
			this.#version === '1.0.0'
				? JSON.stringify({ topic, event, payload, ref, join_ref: joinRef ?? undefined })
				: JSON.stringify([joinRef, ref, topic, event, payload])
		);
		return ref;
	}

	sendFrame(frame: string | Buffer): void {
		this.#socket.send(frame);
	}

	/** Waits for a frame, among those received already too. */
	async next(matches: (frame: Received) => boolean, timeout = 8000): Promise<Received> {
		await until(
			() => expect(this.frames.some(matches), `no such frame among ${JSON.stringify(this.frames)}`).toBe(true),
			timeout
		);
		return this.frames.find(matches)!;
	}

	/** Sends and waits for the reply. */
	async call(topic: string, event: string, payload: unknown, joinRef: string | null = null): Promise<Received> {
		const ref = this.send(topic, event, payload, joinRef);
		return this.next((frame) => frame.event === 'phx_reply' && frame.ref === ref);
	}

	/** Joins a topic (without `realtime:`) and returns the reply; its `ref` is the channel's join reference. */
	join(topic: string, config: Record<string, unknown> = {}, token?: string): Promise<Received> {
		const ref = String(this.#ref + 1);
		return this.call(`realtime:${topic}`, 'phx_join', { config, ...(token ? { access_token: token } : {}) }, ref);
	}

	close(): void {
		this.#socket.close();
	}
}

/** A broadcast as version 2 sends it: binary, with JSON or bytes inside. */
export function userBroadcastPush(topic: string, event: string, payload: unknown, ref = '', joinRef = ''): Buffer {
	const texts = [joinRef, ref, `realtime:${topic}`, event, ''].map((text) => Buffer.from(text));
	const binary = Buffer.isBuffer(payload);
	return Buffer.concat([
		Buffer.from([3, ...texts.map((text) => text.length), binary ? 0 : 1]),
		...texts,
		binary ? payload : Buffer.from(JSON.stringify(payload))
	]);
}
