import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { account, database, service, visitor } from '../testing/project.ts';
import { broadcasts, joined, quiet, rightsTable, until } from './realtime-kit.ts';
import type { Rights } from './realtime-kit.ts';

const sql = database();
let rights: Rights;
let amina: Awaited<ReturnType<typeof account>>;
let brahim: Awaited<ReturnType<typeof account>>;
const anyone = visitor();
const secret = { config: { private: true } };

beforeAll(async () => {
	rights = await rightsTable(sql, 'database');
	[amina, brahim] = await Promise.all([account('amina'), account('brahim')]);
	await Promise.all([amina.client.realtime.setAuth(), brahim.client.realtime.setAuth()]);
	await sql.unsafe(`
		drop table if exists public.contract_realtime_orders;
		create table public.contract_realtime_orders (id int primary key, topic text, total numeric);
		create or replace function public.contract_realtime_changed() returns trigger
		language plpgsql security definer set search_path = '' as $$
		begin
			perform realtime.broadcast_changes(
				coalesce(new.topic, old.topic), tg_op, tg_op, tg_table_name, tg_table_schema, new, old);
			return null;
		end $$;
		create trigger changed after insert or update or delete on public.contract_realtime_orders
		for each row execute function public.contract_realtime_changed();`);
});
afterEach(async () => {
	for (const { client } of [amina, brahim, { client: anyone }]) await client.removeAllChannels();
});
afterAll(async () => {
	await sql.unsafe('drop table public.contract_realtime_orders; drop function public.contract_realtime_changed()');
	await rights.remove();
	await sql.end();
});

/** A topic that Amina may read, and what she hears on it. */
async function aminaListens() {
	const topic = rights.topic();
	await rights.give(topic, amina.id, 'read broadcast');
	const channel = amina.client.channel(topic, secret);
	const heard = broadcasts(channel);
	await joined(channel);
	return { topic, heard };
}

describe('realtime.send', () => {
	test('reaches the members of a private topic, with the id of its row', async () => {
		const { topic, heard } = await aminaListens();
		await sql`select realtime.send('{"price": 120}', 'offered', ${topic}, true)`;
		await until(() => expect(heard).toHaveLength(1));
		const [row] = await sql`select id, extension, private from realtime.messages where topic = ${topic}`;
		expect(row).toMatchObject({ extension: 'broadcast', private: true });
		expect(heard[0]).toMatchObject({
			type: 'broadcast',
			event: 'offered',
			payload: { price: 120, id: row!.id },
			meta: { id: row!.id }
		});
	});

	test('is private unless it says otherwise', async () => {
		const { topic, heard } = await aminaListens();
		await sql`select realtime.send('{}', 'by default', ${topic})`;
		await until(() => expect(heard).toHaveLength(1));
	});

	test('keeps the id of a payload that has one', async () => {
		const { topic, heard } = await aminaListens();
		await sql`select realtime.send('{"id": "mine"}', 'named', ${topic}, true)`;
		await until(() => expect(heard[0]?.payload).toEqual({ id: 'mine' }));
	});

	test('never reaches the public channel of the same name', async () => {
		const { topic, heard } = await aminaListens();
		const open = anyone.channel(topic);
		const overheard = broadcasts(open);
		await joined(open);
		await sql`select realtime.send('{}', 'secret', ${topic}, true)`;
		await until(() => expect(heard).toHaveLength(1));
		await quiet();
		expect(overheard).toEqual([]);
	});

	test('to the public reaches only public channels', async () => {
		const { topic, heard } = await aminaListens();
		const open = anyone.channel(topic);
		const overheard = broadcasts(open);
		await joined(open);
		await sql`select realtime.send('{}', 'news', ${topic}, false)`;
		await until(() => expect(overheard).toHaveLength(1));
		await quiet();
		expect(heard).toEqual([]);
	});

	test('never reaches someone who was refused', async () => {
		const { topic, heard } = await aminaListens();
		const refused = brahim.client.channel(topic, secret);
		const overheard = broadcasts(refused);
		await expect(joined(refused)).rejects.toThrow('Unauthorized');
		await sql`select realtime.send('{}', 'secret', ${topic}, true)`;
		await until(() => expect(heard).toHaveLength(1));
		await quiet();
		expect(overheard).toEqual([]);
	});

	test('says nothing when the transaction is rolled back', async () => {
		const { topic, heard } = await aminaListens();
		await sql
			.begin(async (transaction) => {
				await transaction`select realtime.send('{}', 'undone', ${topic}, true)`;
				throw new Error('undo');
			})
			.catch(() => {});
		await sql`select realtime.send('{}', 'done', ${topic}, true)`;
		await until(() => expect(heard.map(({ event }) => event)).toEqual(['done']));
	});

	test('says nothing before the transaction commits', async () => {
		const { topic, heard } = await aminaListens();
		await sql.begin(async (transaction) => {
			await transaction`select realtime.send('{}', 'sent', ${topic}, true)`;
			await quiet();
			expect(heard).toEqual([]);
		});
		await until(() => expect(heard).toHaveLength(1));
	});

	test('keeps the order of 200 messages', async () => {
		const { topic, heard } = await aminaListens();
		await sql`
			do ${sql.unsafe(`$$ begin
				for n in 1..100 loop perform realtime.send(jsonb_build_object('n', n), 'n', '${topic}', true); end loop;
			end $$`)}`;
		for (let n = 101; n <= 200; n++) {
			await sql`select realtime.send(jsonb_build_object('n', ${n}::int), 'n', ${topic}, true)`;
		}
		await until(() => expect(heard).toHaveLength(200));
		expect(heard.map(({ payload }) => payload.n)).toEqual(Array.from({ length: 200 }, (_, n) => n + 1));
	});

	test('arrives soon', async () => {
		const { topic, heard } = await aminaListens();
		const times: number[] = [];
		for (let n = 0; n < 15; n++) {
			const begun = performance.now();
			await sql`select realtime.send('{}', 'tick', ${topic}, true)`;
			await until(() => expect(heard).toHaveLength(n + 1));
			times.push(performance.now() - begun);
		}
		expect(times.sort((a, b) => a - b)[7]).toBeLessThan(1000);
	});

	test('never fails its caller', async () => {
		await sql.begin(async (transaction) => {
			await transaction`select realtime.send('{}', 'event', null, true)`;
			expect(await transaction`select 1 as still`).toEqual([{ still: 1 }]);
		});
	});

	test('obeys the policies when a person calls it', async () => {
		const { topic, heard } = await aminaListens();
		const asAmina = (work: string) =>
			sql.begin(async (transaction) => {
				await transaction`select set_config('request.jwt.claims', ${JSON.stringify({ sub: amina.id, role: 'authenticated' })}, true), set_config('role', 'authenticated', true)`;
				await transaction.unsafe(work);
			});
		await asAmina(`select realtime.send('{}', 'refused', '${topic}', true)`);
		await rights.give(topic, amina.id, 'write broadcast');
		await asAmina(`select realtime.send('{}', 'allowed', '${topic}', true)`);
		await until(() => expect(heard.map(({ event }) => event)).toEqual(['allowed']));
	});

	test('has a sister for bytes', async () => {
		const { topic, heard } = await aminaListens();
		await sql`select realtime.send_binary(${Buffer.from([1, 0, 255])}, 'bytes', ${topic}, true)`;
		await until(() => expect(heard).toHaveLength(1));
		expect([...new Uint8Array(heard[0]!.payload as unknown as ArrayBuffer)]).toEqual([1, 0, 255]);
	});

	test('is not needed: a row written by hand is sent as well', async () => {
		const { topic, heard } = await aminaListens();
		await sql`
			insert into realtime.messages (topic, extension, event, payload, private)
			values (${topic}, 'broadcast', 'by hand', '{"n": 12345678901234567890}', true)`;
		await until(() => expect(heard.map(({ event }) => event)).toEqual(['by hand']));
	});
});

describe('realtime.broadcast_changes', () => {
	test('tells a private topic what was inserted, updated and deleted', async () => {
		const { topic, heard } = await aminaListens();
		await sql`insert into contract_realtime_orders values (1, ${topic}, 10)`;
		await sql`update contract_realtime_orders set total = 12 where id = 1`;
		await sql`delete from contract_realtime_orders where id = 1`;
		await until(() => expect(heard).toHaveLength(3));
		const row = (total: number) => ({ id: 1, topic, total });
		const common = { table: 'contract_realtime_orders', schema: 'public' };
		expect(heard.map(({ event }) => event)).toEqual(['INSERT', 'UPDATE', 'DELETE']);
		expect(heard[0]!.payload).toMatchObject({ ...common, operation: 'INSERT', record: row(10), old_record: null });
		expect(heard[1]!.payload).toMatchObject({ ...common, operation: 'UPDATE', record: row(12), old_record: row(10) });
		expect(heard[2]!.payload).toMatchObject({ ...common, operation: 'DELETE', record: null, old_record: row(12) });
		expect(heard[0]!.payload.id).toBe(heard[0]!.meta!.id);
	});

	test('refuses statements and other operations', async () => {
		const call = (operation: string, level: string) =>
			sql.unsafe(
				`select realtime.broadcast_changes('contract:x', 'e', '${operation}', 't', 's', null::public.contract_realtime_orders, null::public.contract_realtime_orders, '${level}')`
			);
		await expect(call('INSERT', 'STATEMENT')).rejects.toThrow('for each row');
		await expect(call('TRUNCATE', 'ROW')).rejects.toThrow('Unexpected operation type');
	});
});

describe('replay', () => {
	async function replayed(topic: string, replay: { since: number; limit?: number }) {
		const channel = amina.client.channel(topic, { config: { private: true, broadcast: { replay } } });
		const heard = broadcasts(channel);
		await joined(channel);
		return heard;
	}

	test('gives a newcomer the newest messages kept on a private topic, oldest first', async () => {
		const topic = rights.topic();
		await rights.give(topic, amina.id, 'read broadcast');
		const since = Date.now() - 60_000;
		for (const n of [1, 2, 3]) await sql`select realtime.send(jsonb_build_object('n', ${n}::int), 'n', ${topic}, true)`;
		await quiet(); // what is still on its way would be delivered live
		const heard = await replayed(topic, { since, limit: 2 });
		await until(() => expect(heard).toHaveLength(2));
		expect(heard.map(({ payload }) => payload.n)).toEqual([2, 3]);
		expect(heard[0]!.meta).toEqual({ id: heard[0]!.payload.id, replayed: true });
		await sql`select realtime.send('{"n": 4}', 'n', ${topic}, true)`;
		await until(() => expect(heard).toHaveLength(3));
		expect(heard[2]!.meta!.replayed).toBeUndefined();
	});

	test('leaves out what was sent before the time asked for', async () => {
		const topic = rights.topic();
		await rights.give(topic, amina.id, 'read broadcast');
		await sql`select realtime.send('{}', 'n', ${topic}, true)`;
		await quiet(); // what is still on its way would be delivered live
		const heard = await replayed(topic, { since: Date.now() + 30_000 });
		await quiet();
		expect(heard).toEqual([]);
	});

	test('gives nobody a message twice', async () => {
		const topic = rights.topic();
		await rights.give(topic, amina.id, 'read broadcast');
		const since = Date.now() - 60_000;
		const sending = (async () => {
			for (let n = 0; n < 20; n++)
				await sql`select realtime.send(jsonb_build_object('n', ${n}::int), 'n', ${topic}, true)`;
		})();
		const heard = await replayed(topic, { since });
		await sending;
		await until(() => expect(heard.map(({ payload }) => payload.n)).toEqual(Array.from({ length: 20 }, (_, n) => n)));
		await quiet();
		expect(heard).toHaveLength(20);
	});

	test('is refused on public channels', async () => {
		const channel = anyone.channel(rights.topic());
		(channel.params.config.broadcast as Record<string, unknown>).replay = { since: 1 };
		await expect(joined(channel)).rejects.toThrow('UnableToReplayMessages: Replay is not allowed for public channels');
	});

	test('is refused with parameters that make no sense', async () => {
		const topic = rights.topic();
		await rights.give(topic, amina.id, 'read broadcast');
		await expect(replayed(topic, { since: 1, limit: 26 })).rejects.toThrow(
			'UnableToReplayMessages: Replay params are not valid'
		);
	});
});

describe('the schema realtime', () => {
	test('lets postgres make policies on messages and nothing else', async () => {
		await expect(sql`create table realtime.contract_mine (id int)`).rejects.toThrow('permission denied');
		await expect(sql`alter table realtime.messages add column contract_mine int`).rejects.toThrow('permission denied');
	});

	test('has a publication of the project, to which postgres adds tables', async () => {
		await sql`alter publication supabase_realtime add table public.contract_realtime_orders`;
		await sql`alter publication supabase_realtime drop table public.contract_realtime_orders`;
	});

	test('has partitions from yesterday to three days ahead', async () => {
		const rows = await sql<{ name: string }[]>`
			select c.relname as name from pg_inherits i join pg_class c on c.oid = i.inhrelid
			where i.inhparent = 'realtime.messages'::regclass`;
		const names = rows.map(({ name }) => name);
		for (const offset of [0, 1, 2, 3]) {
			const date = new Date(Date.now() + offset * 86_400_000).toISOString().slice(0, 10).replaceAll('-', '_');
			expect(names).toContain(`messages_${date}`);
		}
	});

	test('hides messages from people over REST', async () => {
		const answer = await service()
			.schema('realtime' as 'public')
			.from('messages')
			.select('id');
		expect(answer.error).not.toBeNull();
	});
});
