import { randomUUID } from 'node:crypto';

/** What a join asks for. Parts that make no sense have fallen back to their defaults. */
export interface JoinRequest {
	private: boolean;
	/** acknowledge broadcasts */
	ack: boolean;
	/** receive one's own broadcasts */
	self: boolean;
	/** as sent: checked once the channel may be read */
	replay: unknown;
	replicationReady: boolean;
	presence: { enabled: boolean; key: string };
	postgresChanges: Record<string, unknown>[];
	/** null: speak as the key the socket was opened with */
	token: string | null;
}

const record = (value: unknown): Record<string, unknown> =>
	typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Record<string, unknown>) : {};

const flag = (value: unknown): boolean =>
	value === true || (typeof value === 'string' && value.toLowerCase() === 'true');

export function parseJoin(payload: unknown): JoinRequest {
	const { config, access_token: accessToken, user_token: userToken } = record(payload);
	const { broadcast, presence, private: isPrivate, postgres_changes: changes } = record(config);
	const { ack, self, replay, replication_ready: replicationReady } = record(broadcast);
	const { key, enabled } = record(presence);
	const given = [userToken, accessToken].find((value) => typeof value === 'string');
	const opaque = [userToken, accessToken].some((value) => typeof value === 'string' && value.startsWith('sb_'));
	return {
		private: flag(isPrivate),
		ack: flag(ack),
		self: flag(self),
		replay: replay ?? null,
		replicationReady: flag(replicationReady),
		presence: { enabled: flag(enabled), key: typeof key === 'string' && key !== '' ? key : randomUUID() },
		postgresChanges: Array.isArray(changes) ? changes.filter((change) => change !== null).map(record) : [],
		token: given === undefined || opaque ? null : given
	};
}

/** A number for a set of parameters: equal ones get equal numbers below 2^27. */
export function bindingId(parameters: Record<string, unknown>): number {
	const text = JSON.stringify(Object.entries(parameters).sort(([a], [b]) => (a < b ? -1 : 1)));
	let hash = 0;
	for (const character of text) hash = (Math.imul(hash, 31) + character.codePointAt(0)!) & 0x7ffffff;
	return hash;
}
