import { randomBytes } from 'node:crypto';
import type { Duplex } from 'node:stream';
import postgres from 'postgres';
import { PgoutputReader } from './pgoutput.ts';
import type { InsertedRow } from './pgoutput.ts';
import type { UserBroadcast } from './serializer.ts';

/** A committed row of realtime.messages, on its way to the members of its topic. */
export interface DatabaseMessage extends UserBroadcast {
	id: string;
	/** without `realtime:` */
	topic: string;
	private: boolean;
}

export interface Pickup {
	/** Resolves when messages are being read. */
	ready(): Promise<void>;
	close(): Promise<void>;
}

const publication = 'supabase_realtime_messages_publication';

/** The server asks for a sign of life before it gives a reader up; this says how far we have read. */
function status(position: bigint): Buffer {
	const message = Buffer.alloc(34);
	message.write('r');
	for (const offset of [1, 9, 17]) message.writeBigUInt64BE(position, offset);
	message.writeBigInt64BE(BigInt(Date.now() - Date.UTC(2000, 0, 1)) * 1000n, 25);
	return message;
}

function parsePosition(text: string): bigint {
	const [high = '0', low = '0'] = text.split('/');
	return (BigInt(`0x${high}`) << 32n) | BigInt(`0x${low}`);
}

/** A row that can be sent, or null: a probe, or written by hand without what a message needs. */
export function toMessage({ schema, relation, values }: InsertedRow): DatabaseMessage | null {
	if (schema !== 'realtime' || !relation.startsWith('messages')) return null;
	const { id, topic, event, payload, binary_payload: bytes } = values;
	if (!id || !topic || !event || !values.inserted_at || !values.private) return null;
	const head = { id, topic, event, private: values.private === 't', meta: { id } };
	if (payload) return { ...head, encoding: 'json', payload: Buffer.from(payload) };
	if (bytes) return { ...head, encoding: 'binary', payload: Buffer.from(bytes.slice(2), 'hex') };
	return null;
}

/**
 * Reads committed messages by logical replication, in commit order, and hands each to `deliver`. The slot is temporary:
 * it lives as long as its connection, so it never holds back the server's log. When the connection is lost a new slot
 * is made; what was committed in between is not delivered.
 */
export function startPickup(
	url: string,
	deliver: (message: DatabaseMessage) => void,
	reconnected: () => void,
	log: (line: string) => void
): Pickup {
	let closed = false;
	let connection: postgres.Sql | undefined;
	let ready = Promise.withResolvers<void>();
	let wake = () => {};
	let failure = '';

	/** Reads until the connection ends; resolves to true when it had got as far as reading. */
	const read = async (first: boolean): Promise<boolean> => {
		const slot = `supabase_realtime_messages_replication_slot_${randomBytes(6).toString('hex')}`;
		const sql = postgres(url, {
			max: 1,
			fetch_types: false,
			idle_timeout: 0,
			max_lifetime: null,
			connect_timeout: 5,
			onnotice: () => {},
			// `replication` is a start-up parameter that the library's types do not know.
			connection: { application_name: 'realtime_replication', replication: 'database' } as Record<string, string>
		});
		connection = sql;
		try {
			// The replication commands have a grammar of their own, which knows only capitals.
			const [made] = await sql.unsafe<{ consistent_point: string }[]>(
				`CREATE_REPLICATION_SLOT ${slot} TEMPORARY LOGICAL pgoutput NOEXPORT_SNAPSHOT`
			);
			let position = parsePosition(made!.consistent_point);
			const stream = (await sql
				.unsafe(
					`START_REPLICATION SLOT ${slot} LOGICAL ${made!.consistent_point} (proto_version '1', publication_names '${publication}')`
				)
				.writable()) as Duplex;
			const reader = new PgoutputReader();
			const ended = new Promise<void>((resolve) => {
				stream.once('error', () => resolve());
				stream.once('close', () => resolve());
				stream.once('end', () => resolve());
			});
			stream.on('data', (chunk: Buffer) => {
				if (chunk[0] === 0x77) {
					// w: data; its start, the server's end and clock come first
					const row = reader.read(chunk.subarray(25));
					const message = row && toMessage(row);
					if (message) deliver(message);
				} else if (chunk[0] === 0x6b) {
					// k: a sign of life, which may want one back; all before it has been handled
					position = chunk.readBigUInt64BE(1);
					if (chunk[17]) stream.write(status(position));
				}
			});
			ready.resolve();
			if (!first) {
				log('connected to the database again: messages are read from here on');
				reconnected();
			}
			await ended;
			return true;
		} catch (error) {
			failure = (error as Error).message;
			return false;
		} finally {
			// The server is gone or going, so there is nothing to wait for.
			await sql.end({ timeout: 0 }).catch(() => {});
		}
	};

	const run = async () => {
		let first = true;
		for (let attempt = 0; !closed; attempt++) {
			const succeeded = await read(first);
			if (closed) return;
			if (succeeded || (first && attempt === 0)) {
				const reason = succeeded ? '' : ` (${failure})`;
				log(`no connection to the database${reason}: what is sent until it is back is not delivered`);
			}
			if (succeeded) {
				attempt = 0;
				ready = Promise.withResolvers<void>();
			}
			first = false;
			const pause = Math.min(100 * 2 ** attempt, 2000);
			await new Promise<void>((resolve) => {
				const timer = setTimeout(resolve, pause);
				wake = () => {
					clearTimeout(timer);
					resolve();
				};
			});
		}
	};
	const running = run();

	return {
		ready: () => ready.promise,
		close: async () => {
			closed = true;
			wake();
			await connection?.end({ timeout: 0 }).catch(() => {});
			await running;
		}
	};
}
