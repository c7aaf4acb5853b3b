import type { Sql } from 'postgres';
import type { UserBroadcast } from './serializer.ts';

/** What a join may ask for: messages since a time (milliseconds since 1970), the newest `limit` of them. */
export interface ReplayRequest {
	since: number;
	limit: number;
}

export interface Replayed extends UserBroadcast {
	id: string;
}

/** Reads what a join asked for, or returns null when it makes no sense. */
export function parseReplay(value: unknown, most: number): ReplayRequest | null {
	if (typeof value !== 'object' || value === null) return null;
	const { since, limit = most } = value as Record<string, unknown>;
	if (!Number.isInteger(since) || !Number.isInteger(limit)) return null;
	if ((limit as number) < 1 || (limit as number) > most) return null;
	return { since: since as number, limit: limit as number };
}

/** The private broadcasts kept on a topic, oldest first. */
export async function replay(sql: Sql, topic: string, { since, limit }: ReplayRequest): Promise<Replayed[]> {
	const rows = await sql<{ id: string; event: string; payload: string | null; bytes: string | null }[]>`
		select id, event, payload::text as payload, encode(binary_payload, 'hex') as bytes
		from realtime.messages
		where topic = ${topic} and private is true and extension = 'broadcast' and event is not null
			and (payload is not null or binary_payload is not null)
			and inserted_at >= (to_timestamp(${since / 1000}::float8) at time zone 'utc')
			and inserted_at < (now() at time zone 'utc') + interval '1 minute'
		order by inserted_at desc
		limit ${limit}`;
	return rows.reverse().map(({ id, event, payload, bytes }) => ({
		id,
		event,
		encoding: payload === null ? 'binary' : 'json',
		payload: payload === null ? Buffer.from(bytes ?? '', 'hex') : Buffer.from(payload),
		meta: { id, replayed: true }
	}));
}
