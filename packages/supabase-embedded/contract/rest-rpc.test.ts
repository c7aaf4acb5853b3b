import { beforeAll, describe, expect, test } from 'vitest';
import { account, database, project, visitor } from '../testing/project.ts';

describe('calling functions by REST', () => {
	const client = visitor();
	let amina: Awaited<ReturnType<typeof account>>;

	beforeAll(async () => {
		amina = await account('amina');
	});

	const raise = (state: string, message: string, more: { detail?: string; hint?: string } = {}) =>
		amina.client.rpc('contract_raise', { state, message, ...more });

	describe('arguments', () => {
		test('are given by name, defaults fill the rest', async () => {
			const one = await client.rpc('contract_add', { a: 1 });
			const two = await client.rpc('contract_add', { b: 2, a: 1 });
			expect([one.data, two.data]).toEqual([11, 3]);
		});

		test('of every type arrive as they are', async () => {
			const given = {
				id: '00000000-0000-4000-8000-000000000001',
				moment: '2026-11-20T20:00:00+01:00',
				data: { a: [1, "it's"] },
				words: ['un', 'd,"eux'],
				mood: 'merry',
				period: '[2026-01-01T00:00:00Z,)'
			};
			const { data, error } = await client.rpc('contract_echo', given);
			expect(error).toBeNull();
			expect(data).toEqual({
				...given,
				moment: '2026-11-20T19:00:00+00:00',
				period: '["2026-01-01 00:00:00+00",)',
				type: 'object'
			});
		});

		test('null is null and a JSON text stays JSON', async () => {
			const { data } = await client.rpc('contract_echo', {
				id: null,
				moment: null,
				data: 'text',
				words: [],
				mood: 'calm'
			});
			expect(data).toMatchObject({ id: null, moment: null, data: 'text', words: [], type: 'string' });
		});

		test('choose among functions of one name', async () => {
			const answers = await Promise.all(
				[{ n: 1 }, { word: 'x' }, { n: 1, word: 'x' }].map((given) => client.rpc('contract_overloaded', given))
			);
			expect(answers.map(({ data }) => data)).toEqual(['one number', 'one word', 'both']);
		});

		test('a sole unnamed jsonb takes the whole body', async () => {
			const { data } = await client.rpc('contract_sole', { anything: [1, 2] });
			expect(data).toEqual({ anything: [1, 2] });
		});

		test('by GET are read from the query string', async () => {
			const { data, error } = await client.rpc(
				'contract_echo',
				{
					id: '00000000-0000-4000-8000-000000000001',
					moment: '2026-11-20T19:00:00Z',
					data: '{"a":1}',
					words: ['un', 'deux']
				},
				{ get: true }
			);
			expect(error).toBeNull();
			expect(data).toMatchObject({ moment: '2026-11-20T19:00:00+00:00', words: ['un', 'deux'], mood: 'calm' });
		});
	});

	describe('results', () => {
		test('void is 204 without a body', async () => {
			const { data, error, status } = await client.rpc('contract_nothing');
			expect({ data, error, status }).toEqual({ data: null, error: null, status: 204 });
		});

		test('a row is an object, sets are lists', async () => {
			const row = await client.rpc('contract_one_book');
			const table = await client.rpc('contract_pairs', { up_to: 2 });
			const scalars = await client.rpc('contract_words');
			expect(row.data).toMatchObject({ id: 1, printed_at: '2026-11-20T19:37:12.09+00:00' });
			expect([table.data, scalars.data]).toEqual([
				[
					{ n: 1, square: 1 },
					{ n: 2, square: 4 }
				],
				['un', 'deux']
			]);
		});

		test('rows are filtered, ordered, limited, counted and taken singly', async () => {
			const { data, count } = await client
				.rpc('contract_pairs', { up_to: 9 }, { count: 'exact' })
				.gt('square', 10)
				.order('n', { ascending: false })
				.limit(2);
			const single = await client.rpc('contract_pairs', { up_to: 9 }).select('square').eq('n', 3).single();
			expect([data, count, single.data]).toEqual([
				[
					{ n: 9, square: 81 },
					{ n: 8, square: 64 }
				],
				6,
				{ square: 9 }
			]);
		});

		test('rows of a table bring what is embedded in it', async () => {
			const { data } = await client
				.rpc('contract_books_of', { author: 'Driss' })
				.select('title, contract_authors!author_id(name), contract_tags(name)');
			expect(data).toEqual([
				{ title: 'The simple past', contract_authors: { name: 'Driss' }, contract_tags: [{ name: 'classic' }] }
			]);
		});

		test('a function sets status and headers of its answer', async () => {
			const answer = await fetch(`${project.url}/rest/v1/rpc/contract_created`, {
				method: 'POST',
				headers: { apikey: project.publishableKey }
			});
			expect([answer.status, answer.headers.get('x-made-by'), await answer.json()]).toEqual([202, 'contract', 'made']);
		});
	});

	describe('the caller', () => {
		test('is who the token says, in role, claims and request', async () => {
			const { data } = await amina.client.rpc('contract_whoami');
			expect(data).toMatchObject({
				uid: amina.id,
				role: 'authenticated',
				user: 'authenticated',
				method: 'POST',
				path: '/rpc/contract_whoami',
				timeout: '8s'
			});
			expect(data.agent).toContain('supabase-js');
		});

		test('is a visitor without a token', async () => {
			const { data } = await client.rpc('contract_whoami', {}, { get: true });
			expect(data).toMatchObject({
				uid: null,
				role: 'anon',
				user: 'anon',
				method: 'GET',
				timeout: '3s',
				read_only: 'on'
			});
			expect(data.search_path).toMatch(/"?public"?, "?extensions"?/);
		});

		test('cannot write by GET: 25006, 405', async () => {
			const { error, status } = await client.rpc('contract_write', {}, { get: true });
			expect([status, error!.code]).toEqual([405, '25006']);
		});

		test('waits no longer than their role may: 57014', async () => {
			const { error, status } = await client.rpc('contract_sleep', { seconds: 10 });
			expect(status).toBe(500);
			expect(error).toMatchObject({ code: '57014', message: 'canceling statement due to statement timeout' });
		});
	});

	describe('errors', () => {
		test.each([
			['slot_taken', 409],
			['seat_taken', 409],
			['session_full', 409],
			['outside_hours', 422],
			['too_soon', 422],
			['too_far', 422],
			['party_size', 422],
			['hold_expired', 410],
			['not_allowed', 403],
			['not_found', 404],
			['invalid_transition', 409],
			['promo_invalid', 422],
			['rate_limited', 429],
			['invalid_input', 422]
		])('%s arrives as %i with its code, detail and hint', async (message, expected) => {
			const hint = '["2026-11-21T09:00:00+00:00"]';
			const { error, status } = await raise(`PT${expected}`, message, { detail: 'starts_at', hint });
			expect(status).toBe(expected);
			expect(error).toMatchObject({ code: `PT${expected}`, message, details: 'starts_at', hint });
		});

		test.each([
			['P0001', 400],
			['23514', 400],
			['23P01', 400],
			['42501', 403],
			['23505', 409],
			['42P01', 404],
			['40001', 500]
		])('SQLSTATE %s is %i', async (state, expected) => {
			const { error, status } = await raise(state, 'as told');
			expect(status).toBe(expected);
			expect(error).toMatchObject({ code: state, message: 'as told' });
		});

		test('SQLSTATE XX000 is 500; what a server says of its own faults is not relied on', async () => {
			const { error, status } = await raise('XX000', 'as told');
			expect([status, error!.code]).toEqual([500, 'XX000']);
		});

		test('a function that is not there: PGRST202', async () => {
			const { error, status } = await client.rpc('contract_ad', { a: 1 });
			expect(status).toBe(404);
			expect(error).toMatchObject({
				code: 'PGRST202',
				message: 'Could not find the function public.contract_ad(a) in the schema cache'
			});
		});

		test('a function that takes other arguments: PGRST202', async () => {
			const { error, status } = await client.rpc('contract_add', { a: 1, c: 2 });
			expect([status, error!.code]).toEqual([404, 'PGRST202']);
		});
	});

	describe('storms and changes', () => {
		test('a thousand calls at once are all answered', async () => {
			const answers = await Promise.all(
				Array.from({ length: 1000 }, (_, a) => client.rpc('contract_add', { a, b: 0 }))
			);
			expect(answers.filter(({ error }) => error)).toEqual([]);
			expect(answers.map(({ data }) => data)).toEqual(Array.from({ length: 1000 }, (_, a) => a));
		});

		test('a slow call holds up no other', async () => {
			const slow = client.rpc('contract_sleep', { seconds: 2 });
			const started = Date.now();
			await Promise.all(Array.from({ length: 20 }, () => client.rpc('contract_add', { a: 1 })));
			expect(Date.now() - started).toBeLessThan(1500);
			expect((await slow).data).toBe('slept');
		});

		test('a migration is seen without a restart', async () => {
			const sql = database();
			await sql`create table public.contract_late (id int primary key, words text not null default 'here')`;
			await expect
				.poll(async () => (await client.from('contract_late').insert({ id: 1 })).error, { timeout: 10_000 })
				.toBeNull();
			await sql`alter table public.contract_late add column more int not null default 7`;
			await expect
				.poll(async () => (await client.from('contract_late').update({ more: 8 }).eq('id', 1).select()).data, {
					timeout: 10_000
				})
				.toEqual([{ id: 1, words: 'here', more: 8 }]);
			await sql`drop table public.contract_late`;
			await expect
				.poll(async () => (await client.from('contract_late').select()).status, { timeout: 10_000 })
				.toBe(404);
			await sql.end();
		});
	});
});
