import { expect, test } from 'vitest';
import { merge } from './merge.ts';
import type { Message } from './queries.ts';

const message = (id: string, second: number): Message => ({
	id,
	created_at: `2026-11-20T10:00:0${second}+00:00`,
	body: id,
	attachment_path: null,
	conversation_id: 'c',
	sender_id: 's',
	side: 'customer'
});

test('what comes twice is shown once, and what comes late stands where it was sent', () => {
	const list = merge([message('b', 2), message('d', 4)], [message('d', 4), message('c', 3), message('a', 1)]);
	expect(list.map(({ id }) => id)).toEqual(['a', 'b', 'c', 'd']);
});
