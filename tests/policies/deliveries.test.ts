import { randomUUID } from 'node:crypto';
import type { Sql, TransactionSql } from 'postgres';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { database } from 'supabase-embedded/testing';

let db: Sql;
beforeAll(() => {
	db = database();
});
afterAll(() => db.end());

class Undo extends Error {}

/** Does something in a transaction that is taken back: the worker never sees what is queued in it. */
async function unseen<T>(work: (sql: TransactionSql) => Promise<T>): Promise<T> {
	let answer: T;
	await db
		.begin(async (sql) => {
			await sql`delete from deliveries where status in ('queued', 'sending')`;
			answer = await work(sql);
			throw new Undo();
		})
		.catch((error: unknown) => {
			if (!(error instanceof Undo)) throw error;
		});
	return answer!;
}

interface Order {
	kind?: string;
	channel?: string;
	recipient?: string;
	data?: Record<string, string | null>;
}

const queue = async (sql: TransactionSql, order: Order = {}) => {
	const [row] = await sql<{ id: string; status: string; error: string | null }[]>`
		insert into deliveries (channel, kind, recipient, language, data, dedupe_key)
		values (
			${order.channel ?? 'email'}, ${order.kind ?? 'booking_confirmed'}, ${order.recipient ?? 'sara@example.com'}, 'en',
			${sql.json(order.data ?? {})}, ${randomUUID()}
		)
		returning id, status, error`;
	return row!;
};

const claim = (sql: TransactionSql) => sql<{ id: string; subject: string; body_html: string; body_text: string }[]>`
	select id, subject, body_html, body_text from private.claim_deliveries(20)`;

const report = (sql: TransactionSql, id: string, error: string) =>
	sql`select private.finish_delivery(${id}, false, null, ${error})`;

const status = async (sql: TransactionSql, id: string) =>
	(await sql`select status from deliveries where id = ${id}`)[0]!.status as string;

describe('the words of a mail', () => {
	test('are filled once: what a person is called is never read as a placeholder', async () => {
		const [mail] = await unseen(async (sql) => {
			await queue(sql, {
				data: {
					name: '{{reference}} {{link}} <b>',
					reference: 'SECRET-1',
					service: '{{name}}',
					provider: '{{{{paid}}}}',
					paid: '{{name}}',
					when: 'today',
					link: 'https://example.com/b/token'
				}
			});
			return claim(sql);
		});
		expect(mail!.body_html).toContain('{{reference}} {{link}} &lt;b&gt;');
		expect(mail!.body_text).toContain('{{reference}} {{link}} <b>');
		expect(mail!.body_text.match(/https:\/\/example\.com/g)).toHaveLength(1);
		expect(mail!.subject + mail!.body_html).not.toContain('{{{{{{');
	});

	test.each([
		['a value with placeholders in it', '{{a}}-{{b}}', { a: '{{b}}', b: '{{a}}' }, '{{b}}-{{a}}'],
		['a value that makes one with its surroundings', '{{{a}}}}', { a: '{b', b: 'x' }, '{{b}}'],
		['no value', 'x{{a}}y', { a: null }, 'xy'],
		['a name that the data does not have', '{{a}} {{b}}', { b: 'x' }, '{{a}} x'],
		[
			'a name that looks like a link, and a link',
			'{{a}} {{link}}',
			{ a: 'prof.website S.A.R.L. 3.5', link: 'https://a.example.com' },
			'prof.\u2060website S.A.R.L. 3.5 https://a.example.com'
		],
		['braces alone', 'a { b } {{ c }} {', { c: 'x' }, 'a { b } {{ c }} {']
	])('with %s', async (_, template, data, filled) => {
		const [row] = await db`select private.fill(${template}, ${db.json(data)}, false) as text`;
		expect(row!.text).toBe(filled);
	});

	test('of the subject stay on one line', async () => {
		const [mail] = await unseen(async (sql) => {
			await queue(sql, { data: { provider: 'A\r\nBcc: b@example.com', service: 's', when: 'w' } });
			return claim(sql);
		});
		expect(mail!.subject).not.toMatch(/[\r\n]/);
	});
});

describe('a message', () => {
	test('of a kind that has no words cannot be ordered', async () => {
		await expect(unseen((sql) => queue(sql, { kind: 'message_received' }))).rejects.toThrow('deliveries_template');
	});

	test('keeps the words it needs', async () => {
		const gone = unseen(async (sql) => {
			await queue(sql);
			await sql`delete from templates where kind = 'booking_confirmed'`;
		});
		await expect(gone).rejects.toThrow('deliveries_template');
	});

	test('to what is no address is skipped, and fails nothing', async () => {
		const made = await unseen((sql) => queue(sql, { recipient: 'a,b@example.com' }));
		expect(made).toMatchObject({ status: 'skipped', error: 'rejected: no mail address' });
	});

	test('that is refused for good ends at once; one that may go later is tried again, up to eight times', async () => {
		const seen = await unseen(async (sql) => {
			const [gone, later] = [await queue(sql), await queue(sql)];
			await claim(sql);
			await report(sql, gone.id, 'rejected: 550 no such mailbox');
			await report(sql, later.id, 'unavailable: 450 try again');
			const first = [await status(sql, gone.id), await status(sql, later.id)];
			await sql`update deliveries set attempts = 7, next_attempt_at = now() where id = ${later.id}`;
			await claim(sql);
			await report(sql, later.id, 'unavailable: 450 try again');
			return [...first, await status(sql, later.id)];
		});
		expect(seen).toEqual(['failed', 'queued', 'failed']);
	});

	test('whose worker never reports is not tried for ever, and the others go on', async () => {
		const [claimed, of] = await unseen(async (sql) => {
			const [poison, good] = [await queue(sql), await queue(sql)];
			await sql`update deliveries set status = 'sending', attempts = 8 where id = ${poison.id}`;
			const ids = (await claim(sql)).map(({ id }) => id);
			return [ids, { poison: await status(sql, poison.id), good: good.id }] as const;
		});
		expect(claimed).toEqual([of.good]);
		expect(of.poison).toBe('failed');
	});
});
