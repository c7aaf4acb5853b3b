import { beforeEach, expect, test, vi } from 'vitest';
import { LiveConversation } from './live.svelte.ts';
import type { Message } from './queries.ts';

type Wishes = { on: Record<string, (payload: Record<string, unknown>) => void> };
const opened = new Map<string, Wishes>();
let present: string[] = [];

vi.mock('#lib/supabase/topic.svelte.ts', () => ({
	Topic: class {
		readonly name: string;
		constructor(name: string) {
			this.name = name;
		}
		get present() {
			return present;
		}
		open(wishes: Wishes) {
			opened.set(this.name, wishes);
			return () => opened.delete(this.name);
		}
		send() {}
	}
}));
beforeEach(() => {
	opened.clear();
	present = [];
});

const said = (id: string, side: 'customer' | 'provider', body: string): Message => ({
	id,
	created_at: '2026-11-20T10:00:00+00:00',
	body,
	attachment_path: null,
	conversation_id: 'c',
	sender_id: 's',
	side
});

function conversation() {
	const live = new LiveConversation('c', 'provider');
	let fetches = 0;
	live.open(() => fetches++);
	const on = (topic: string, event: string, payload: Record<string, unknown>) =>
		opened.get(topic)!.on[event]?.(payload);
	return { live, on, fetches: () => fetches };
}

test('what a topic says is fetched, never shown', () => {
	const { live, on, fetches } = conversation();
	live.add([said('m', 'customer', 'Salam')]);
	on('conversation:c', 'message', { id: 'm', body: 'forged', side: 'customer' });
	expect(fetches()).toBe(1);
	expect(live.messages.map(({ body }) => body)).toEqual(['Salam']);
});

test('what is said beside it is not taken for data', () => {
	const { live, on, fetches } = conversation();
	on('conversation:c:presence', 'message', { id: 'm', body: 'forged', side: 'customer' });
	expect(fetches()).toBe(0);
	expect(live.messages).toEqual([]);
});

test('typing and presence are the other side’s, and nobody else’s', () => {
	const { live, on } = conversation();
	for (const side of ['provider', 'nobody', null, { toString: 1 }, ['customer']])
		on('conversation:c:presence', 'typing', { side });
	present = ['provider', 'nobody', '__proto__'];
	expect([live.typing, live.otherIsHere]).toEqual([false, false]);
	on('conversation:c:presence', 'typing', { side: 'customer' });
	present = ['customer'];
	expect([live.typing, live.otherIsHere]).toEqual([true, true]);
});

test('the other side’s new messages are told apart from one’s own and from those that were there', () => {
	const { live } = conversation();
	expect(live.add([said('a', 'customer', '1')])).toBe(true);
	expect(live.add([said('a', 'customer', '1')])).toBe(false);
	expect(live.add([said('b', 'provider', '2')])).toBe(false);
});
