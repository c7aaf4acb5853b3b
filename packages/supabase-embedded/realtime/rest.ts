import { Hono } from 'hono';
import type { Context as Call } from 'hono';
import { bodyLimit } from 'hono/body-limit';
import type { Env } from '../service.ts';
import { writeRights } from './authorization.ts';
import { DatabaseUnavailable } from './database.ts';
import type { Hub } from './hub.ts';
import { push, userBroadcast } from './serializer.ts';
import { identify } from './tokens.ts';
import type { Identity } from './tokens.ts';

interface BatchMessage {
	topic: string;
	event: string;
	payload: Record<string, unknown>;
	private: boolean;
	id: string | null;
}

type FieldErrors = Partial<Record<keyof BatchMessage, string[]>>;

const unsupported = 'Unsupported Media Type. Use application/json or application/octet-stream';

/** Reads the messages of a batch; `errors` has one entry for each message, empty for those in order. */
function parseBatch(body: unknown, payloadBytes: number): { messages: BatchMessage[] } | { errors: object } {
	const given = (body as { messages?: unknown } | null)?.messages;
	if (!Array.isArray(given)) return { errors: { messages: ["can't be blank"] } };
	const errors: FieldErrors[] = [];
	const messages = given.map((item: unknown): BatchMessage => {
		const fields = (typeof item === 'object' && item !== null ? item : {}) as Record<string, unknown>;
		const wrong: FieldErrors = {};
		for (const name of ['topic', 'event'] as const) {
			if (fields[name] === undefined || fields[name] === null || fields[name] === '') wrong[name] = ["can't be blank"];
			else if (typeof fields[name] !== 'string') wrong[name] = ['is invalid'];
		}
		if (fields.payload === undefined || fields.payload === null) wrong.payload = ["can't be blank"];
		else if (typeof fields.payload !== 'object' || Array.isArray(fields.payload)) wrong.payload = ['is invalid'];
		else if (Buffer.byteLength(JSON.stringify(fields.payload)) > payloadBytes) {
			wrong.payload = ['Payload size exceeds tenant limit'];
		}
		errors.push(wrong);
		return {
			topic: String(fields.topic),
			event: String(fields.event),
			payload: fields.payload as Record<string, unknown>,
			private: fields.private === true || fields.private === 'true',
			id: typeof fields.id === 'string' ? fields.id : null
		};
	});
	return errors.some((wrong) => Object.keys(wrong).length > 0) ? { errors: { messages: errors } } : { messages };
}

/** Broadcasts over plain HTTP: many at once, or one. */
export function createApi(hub: Hub): Hono<Env> {
	const app = new Hono<Env>();

	/** Who calls; null when nobody that can be verified. */
	const caller = async (call: Call<Env>): Promise<Identity | null> => {
		const bearer = call.req.header('authorization')?.replace(/^bearer\s+/i, '');
		const given = bearer || call.req.header('apikey') || call.req.query('apikey');
		return given ? identify(hub.keys, given).catch(() => null) : null;
	};

	/** Asked at every call: a REST caller has no channel that could remember it. */
	const mayWrite = async (call: Call<Env>, identity: Identity, topic: string): Promise<boolean> => {
		const subject = { identity, topic, headers: call.req.header() };
		return (await hub.ask(() => writeRights(hub.sql, subject))).broadcast;
	};

	app.get('/api/ping', (call) => call.json({ message: 'Success' }));
	app.get('/healthcheck', (call) => call.text('ok'));

	app.use(
		'/api/broadcast/*',
		bodyLimit({ maxSize: 8_000_000, onError: (call) => call.json({ error: 'Request Entity Too Large' }, 413) })
	);

	app.post('/api/broadcast', async (call) => {
		const identity = await caller(call);
		if (!identity) return call.json({ message: 'Unauthorized' }, 401);
		const body: unknown = await call.req.json().catch(() => undefined);
		if (body === undefined) return call.json({ error: 'Bad Request' }, 400);
		const batch = parseBatch(body, hub.limits.payloadBytes);
		if ('errors' in batch) return call.json({ errors: batch.errors }, 422);

		const rights = new Map<string, Promise<boolean>>();
		for (const { topic, event, payload, private: isPrivate, id } of batch.messages) {
			if (!hub.messages.take()) return call.json({ message: 'Too many messages per second' }, 429);
			if (isPrivate) {
				// A message that may not be sent is passed over without a word, as in the hosted service.
				if (!rights.has(topic))
					rights.set(
						topic,
						mayWrite(call, identity, topic).catch(() => false)
					);
				if (!(await rights.get(topic))) continue;
			}
			const content = { payload, event, type: 'broadcast', ...(id === null ? {} : { meta: { id } }) };
			hub.rooms.find(topic, isPrivate)?.broadcast(push(`realtime:${topic}`, 'broadcast', content));
		}
		return call.body(null, 202);
	});

	app.post('/api/broadcast/:topic/events/:event', async (call) => {
		const identity = await caller(call);
		if (!identity) return call.json({ message: 'Unauthorized' }, 401);
		const type = call.req.header('content-type')?.split(';')[0]?.trim().toLowerCase();
		if (type !== 'application/json' && type !== 'application/octet-stream')
			return call.json({ error: unsupported }, 415);
		const { topic, event } = call.req.param();
		const isPrivate = call.req.query('private') === 'true';
		const payload = Buffer.from(await call.req.arrayBuffer());
		if (type === 'application/json') {
			try {
				JSON.parse(payload.toString('utf8'));
			} catch {
				return call.json({ error: 'Bad Request' }, 400);
			}
		}
		if (payload.length > hub.limits.payloadBytes) {
			return call.json({ errors: { payload: ['Payload size exceeds tenant limit'] } }, 422);
		}
		if (!hub.messages.take()) return call.json({ message: 'Too many messages per second' }, 429);
		if (isPrivate) {
			try {
				if (!(await mayWrite(call, identity, topic))) return call.json({ message: 'Unauthorized' }, 403);
			} catch (error) {
				if (error instanceof DatabaseUnavailable) return call.json({ message: error.message }, 503);
				return call.json({ message: (error as Error).message }, 422);
			}
		}
		const encoding = type === 'application/json' ? 'json' : 'binary';
		hub.rooms.find(topic, isPrivate)?.broadcast(userBroadcast(`realtime:${topic}`, { event, encoding, payload }));
		return call.body(null, 202);
	});

	return app;
}
