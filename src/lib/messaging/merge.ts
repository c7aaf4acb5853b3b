import type { Message } from './queries.ts';

/** Messages of two sources as one list: each once, in the order in which they were sent. */
export function merge(known: Message[], more: Message[]): Message[] {
	const byId = new Map([...known, ...more].map((message) => [message.id, message]));
	return [...byId.values()].sort(
		(a, b) => Date.parse(a.created_at) - Date.parse(b.created_at) || a.id.localeCompare(b.id)
	);
}
