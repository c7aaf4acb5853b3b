/** The two versions of the wire format: objects as text (1.0.0), and arrays as text with binary frames (2.0.0). */
export type Version = '1.0.0' | '2.0.0';

/** What a client sends. A broadcast in binary form carries its payload as bytes, with what they are. */
export interface Incoming {
	joinRef: string | null;
	ref: string | null;
	topic: string;
	event: string;
	payload: unknown;
	broadcast?: UserBroadcast;
}

/** A broadcast as its sender named it; JSON stays text, so that numbers keep every digit. */
export interface UserBroadcast {
	event: string;
	encoding: 'json' | 'binary';
	payload: Buffer;
	meta?: Record<string, unknown>;
}

export type Frame = string | Buffer;

const kinds = { push: 0, userBroadcastPush: 3, userBroadcast: 4 };

/** A frame that is not in the protocol. The connection outlives it. */
export class MalformedFrame extends Error {}

const optional = (value: unknown): string | null => {
	if (value === null || value === undefined) return null;
	if (typeof value === 'string') return value;
	if (typeof value === 'number') return String(value);
	throw new MalformedFrame('a reference that is no text');
};

const named = (value: unknown): string => {
	if (typeof value === 'string') return value;
	throw new MalformedFrame('a topic or event that is no text');
};

/** Reads one frame. Raises MalformedFrame. */
export function decode(version: Version, data: Buffer, binary: boolean): Incoming {
	if (binary) {
		if (version === '1.0.0') throw new MalformedFrame('a binary frame in version 1.0.0');
		return decodeBinary(data);
	}
	let value: unknown;
	try {
		value = JSON.parse(data.toString('utf8'));
	} catch {
		throw new MalformedFrame('text that is no JSON');
	}
	if (version === '2.0.0') {
		if (!Array.isArray(value) || value.length !== 5) throw new MalformedFrame('not an array of five');
		const [joinRef, ref, topic, event, payload] = value as unknown[];
		return { joinRef: optional(joinRef), ref: optional(ref), topic: named(topic), event: named(event), payload };
	}
	if (typeof value !== 'object' || value === null || Array.isArray(value)) throw new MalformedFrame('not an object');
	const { join_ref, ref, topic, event, payload } = value as Record<string, unknown>;
	return { joinRef: optional(join_ref), ref: optional(ref), topic: named(topic), event: named(event), payload };
}

function decodeBinary(data: Buffer): Incoming {
	const kind = data[0];
	const parts = kind === kinds.push ? 4 : kind === kinds.userBroadcastPush ? 5 : 0;
	if (!parts) throw new MalformedFrame(`a binary frame of kind ${kind}`);
	const header = 1 + parts + (kind === kinds.userBroadcastPush ? 1 : 0);
	if (data.length < header) throw new MalformedFrame('a binary frame that ends early');
	let offset = header;
	const texts = Array.from({ length: parts }, (_, index) => {
		const end = offset + data[1 + index]!;
		if (end > data.length) throw new MalformedFrame('a binary frame that ends early');
		const text = data.toString('utf8', offset, end);
		offset = end;
		return text;
	}) as [string, string, string, string, string];
	const [joinRef, ref, topic, event] = texts;
	const payload = data.subarray(offset);
	const head = { joinRef: joinRef || null, ref: ref || null, topic };
	if (kind === kinds.push) return { ...head, event, payload };

	const encoding = data[header - 1];
	if (encoding === 0)
		return { ...head, event: 'broadcast', payload: null, broadcast: { event, encoding: 'binary', payload } };
	if (encoding !== 1) throw new MalformedFrame(`a payload of encoding ${encoding}`);
	try {
		JSON.parse(payload.toString('utf8'));
	} catch {
		throw new MalformedFrame('a payload that is no JSON');
	}
	return { ...head, event: 'broadcast', payload: null, broadcast: { event, encoding: 'json', payload } };
}

/** Writes a frame to one client. `joinRef` is left out in version 1.0.0. */
export function encode(
	version: Version,
	joinRef: string | null,
	ref: string | null,
	topic: string,
	event: string,
	payload: unknown
): string {
	return version === '2.0.0'
		? JSON.stringify([joinRef, ref, topic, event, payload])
		: JSON.stringify({ topic, event, payload, ref });
}

/** A frame for many: made once for each version, however many receive it. Null is a frame that version cannot carry. */
export class FanOut {
	readonly meta: Record<string, unknown> | undefined;
	readonly #make: (version: Version) => Frame | null;
	readonly #made = new Map<Version, Frame | null>();

	constructor(make: (version: Version) => Frame | null, meta?: Record<string, unknown>) {
		this.#make = make;
		this.meta = meta;
	}

	frame(version: Version): Frame | null {
		let frame = this.#made.get(version);
		if (frame === undefined) {
			frame = this.#make(version);
			this.#made.set(version, frame);
		}
		return frame;
	}
}

/** A push to all members of a topic, as text. */
export function push(topic: string, event: string, payload: unknown): FanOut {
	return new FanOut((version) => encode(version, null, null, topic, event, payload));
}

/** A user's broadcast: binary in version 2.0.0; text in 1.0.0, which cannot carry bytes. */
export function userBroadcast(topic: string, message: UserBroadcast): FanOut {
	const asText = (version: Version): Frame | null => {
		if (message.encoding === 'binary') return null;
		const meta = message.meta ? `,"meta":${JSON.stringify(message.meta)}` : '';
		// The payload is put in as it came: parsing it would round large numbers.
		const payload = `{"event":${JSON.stringify(message.event)},"payload":${message.payload.toString('utf8')},"type":"broadcast"${meta}}`;
		return version === '2.0.0'
			? `[null,null,${JSON.stringify(topic)},"broadcast",${payload}]`
			: `{"topic":${JSON.stringify(topic)},"event":"broadcast","payload":${payload},"ref":null}`;
	};
	return new FanOut((version) => {
		if (version === '1.0.0') return asText(version);
		const texts = [topic, message.event, message.meta ? JSON.stringify(message.meta) : ''].map((text) =>
			Buffer.from(text)
		);
		// A length is one byte: longer names travel as text.
		if (texts.some((text) => text.length > 255)) return asText(version);
		const sizes = texts.map((text) => text.length);
		const encoding = message.encoding === 'json' ? 1 : 0;
		return Buffer.concat([Buffer.from([kinds.userBroadcast, ...sizes, encoding]), ...texts, message.payload]);
	}, message.meta);
}
