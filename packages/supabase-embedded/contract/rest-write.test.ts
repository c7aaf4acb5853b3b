import { randomUUID } from 'node:crypto';
import { beforeAll, describe, expect, test } from 'vitest';
import { account, project, service, visitor } from '../testing/project.ts';

const fatema = '00000000-0000-4000-8000-000000000001';

describe('writing by REST', () => {
	let amina: Awaited<ReturnType<typeof account>>;
	let brahim: Awaited<ReturnType<typeof account>>;
	const admin = service();
	const drafts = () => admin.from('contract_drafts');

	beforeAll(async () => {
		[amina, brahim] = await Promise.all([account('amina'), account('brahim')]);
	});

	describe('rows and their policies', () => {
		test('an insert says 201 and gives nothing back unless asked', async () => {
			const { data, status, error } = await amina.client.from('contract_notes').insert({ body: 'mine' });
			expect({ data, status, error }).toEqual({ data: null, status: 201, error: null });
		});

		test('select() after insert gives the row with its defaults', async () => {
			const { data } = await amina.client
				.from('contract_notes')
				.insert({ body: 'mine too' })
				.select('owner_id, body, shared')
				.single();
			expect(data).toEqual({ owner_id: amina.id, body: 'mine too', shared: false });
		});

		test('each sees their own and what is shared', async () => {
			await brahim.client.from('contract_notes').insert({ body: 'of brahim' });
			const { data } = await amina.client
				.from('contract_notes')
				.select('body')
				.in('body', ['mine', 'of brahim', 'for everyone', 'for one'])
				.order('body');
			expect(data!.map(({ body }) => body)).toEqual(['for everyone', 'mine']);
		});

		test('a row for another is refused: 42501, 403', async () => {
			const { error, status } = await amina.client
				.from('contract_notes')
				.insert({ body: 'false', owner_id: brahim.id });
			expect(status).toBe(403);
			expect(error).toMatchObject({
				code: '42501',
				message: 'new row violates row-level security policy for table "contract_notes"'
			});
		});

		test('a visitor is refused with 401', async () => {
			const { error, status } = await visitor().from('contract_notes').insert({ body: 'x', owner_id: amina.id });
			expect([status, error!.code]).toEqual([401, '42501']);
		});

		test('another’s rows are not there to be changed or deleted', async () => {
			const changed = await brahim.client
				.from('contract_notes')
				.update({ body: 'his' })
				.eq('owner_id', amina.id)
				.select();
			const deleted = await brahim.client.from('contract_notes').delete().eq('owner_id', amina.id).select();
			expect([changed.data, deleted.data]).toEqual([[], []]);
		});

		test('update and delete say 204 without, 200 with rows', async () => {
			const { data } = await amina.client.from('contract_notes').insert({ body: 'to go' }).select('id').single();
			const bare = await amina.client.from('contract_notes').update({ body: 'going' }).eq('id', data!.id);
			const full = await amina.client
				.from('contract_notes')
				.update({ shared: true })
				.eq('id', data!.id)
				.select('body, shared');
			const gone = await amina.client.from('contract_notes').delete({ count: 'exact' }).eq('id', data!.id);
			expect([bare.status, full.status, full.data, gone.status, gone.count]).toEqual([
				204,
				200,
				[{ body: 'going', shared: true }],
				204,
				1
			]);
		});

		test('an update without a filter is refused', async () => {
			const { error, status } = await amina.client.from('contract_notes').update({ shared: true });
			expect(status).toBe(400);
			expect(error).toMatchObject({ code: '21000', message: 'UPDATE requires a WHERE clause' });
		});

		test('single() undoes an update of several rows', async () => {
			await amina.client.from('contract_notes').insert([{ body: 'twin' }, { body: 'twin' }]);
			const { error, status } = await amina.client
				.from('contract_notes')
				.update({ shared: true })
				.eq('body', 'twin')
				.select()
				.single();
			const { data } = await amina.client.from('contract_notes').select('shared').eq('body', 'twin');
			expect([status, error!.code, error!.details, data]).toEqual([
				406,
				'PGRST116',
				'The result contains 2 rows',
				[{ shared: false }, { shared: false }]
			]);
		});

		test('max-affected undoes more than was meant', async () => {
			const answer = await fetch(`${project.url}/rest/v1/contract_numbers?n=lte.2`, {
				method: 'DELETE',
				headers: { apikey: project.secretKey, prefer: 'handling=strict, max-affected=1' }
			});
			expect([answer.status, await answer.json()]).toMatchObject([
				400,
				{ code: 'PGRST124', details: 'The query affects 2 rows' }
			]);
			const { count } = await admin.from('contract_numbers').select('*', { count: 'exact', head: true }).lte('n', 2);
			expect(count).toBe(2);
		});
	});

	describe('bodies', () => {
		test('values of every type arrive as they are', async () => {
			const row = {
				title: 'It’s "quoted" \\ and ﻋﺮﺑﻲ',
				price: 12.3,
				printed_at: '2026-03-01T10:00:00+01:00',
				labels: ['a,b', '"c"'],
				data: { deep: [1, null, { x: "o'clock" }] },
				lent: '[2026-01-01T00:00:00Z,2026-01-02T00:00:00Z)',
				big: 9007199254740991
			};
			const { data, error } = await drafts()
				.insert({ ...row, author_id: fatema })
				.select('title, price, printed_at, labels, data, lent, big')
				.single();
			expect(error).toBeNull();
			expect(data).toEqual({
				...row,
				printed_at: '2026-03-01T09:00:00+00:00',
				lent: '["2026-01-01 00:00:00+00","2026-01-02 00:00:00+00")'
			});
		});

		test('bulk rows with different keys: missing ones are null, or defaults when asked', async () => {
			const rows = [
				{ author_id: fatema, title: 'first', pages: 7 },
				{ author_id: fatema, title: 'second' }
			];
			const nulls = await drafts().insert(rows).select('pages');
			const defaults = await drafts().insert(rows, { defaultToNull: false }).select('title, pages, price');
			expect(nulls.error!.code).toBe('23502');
			expect(defaults.data).toEqual([
				{ title: 'first', pages: 7, price: 0 },
				{ title: 'second', pages: 100, price: 0 }
			]);
		});

		test('an empty list inserts nothing', async () => {
			const { data, error, status } = await drafts().insert([]).select();
			expect({ data, error, status }).toEqual({ data: [], error: null, status: 201 });
		});

		test('new rows come with what is embedded in them', async () => {
			const { data } = await drafts()
				.insert({ author_id: fatema, title: 'embedded' })
				.select('title, author:contract_authors!author_id(name)')
				.single();
			expect(data).toEqual({ title: 'embedded', author: { name: 'Fatema' } });
		});

		test('a column that is not there: PGRST204', async () => {
			const { error, status } = await drafts().insert({ author_id: fatema, title: 'x', nonsense: 1 });
			expect(status).toBe(400);
			expect(error).toMatchObject({
				code: 'PGRST204',
				message: "Could not find the 'nonsense' column of 'contract_drafts' in the schema cache"
			});
		});

		test('a body that is no JSON: PGRST102', async () => {
			const answer = await fetch(`${project.url}/rest/v1/contract_tags`, {
				method: 'POST',
				body: '{',
				headers: { apikey: project.secretKey, 'content-type': 'application/json' }
			});
			expect(answer.status).toBe(400);
			expect(await answer.json()).toMatchObject({ code: 'PGRST102' });
		});
	});

	describe('upsert', () => {
		test('merges on the primary key', async () => {
			await admin.from('contract_tags').upsert({ id: 10, name: 'old' });
			const { data } = await admin
				.from('contract_tags')
				.upsert([
					{ id: 10, name: 'new' },
					{ id: 11, name: 'more' }
				])
				.select()
				.order('id');
			expect(data).toEqual([
				{ id: 10, name: 'new' },
				{ id: 11, name: 'more' }
			]);
		});

		test('merges on the columns named', async () => {
			const { data } = await admin
				.from('contract_authors')
				.upsert({ name: 'Nobody', mood: 'merry' }, { onConflict: 'name' })
				.select('id, mood')
				.single();
			expect(data).toEqual({ id: '00000000-0000-4000-8000-000000000003', mood: 'merry' });
		});

		test('leaves duplicates alone when asked', async () => {
			const { data } = await admin
				.from('contract_tags')
				.upsert(
					[
						{ id: 1, name: 'changed' },
						{ id: 12, name: 'added' }
					],
					{ ignoreDuplicates: true }
				)
				.select();
			expect(data).toEqual([{ id: 12, name: 'added' }]);
		});
	});

	describe('what a constraint refuses', () => {
		test.each([
			['23505', 409, () => admin.from('contract_tags').insert({ id: 1, name: 'again' })],
			['23503', 409, () => drafts().insert({ author_id: randomUUID(), title: 'x' })],
			['23502', 400, () => drafts().insert({ author_id: fatema })],
			['23514', 400, () => drafts().insert({ author_id: fatema, title: 'x', price: -1 })],
			['22P02', 400, () => drafts().insert({ author_id: 'nobody', title: 'x' })]
		])('%s is %i', async (code, expected, write) => {
			const { error, status } = await write();
			expect([status, error!.code]).toEqual([expected, code]);
		});

		test('23P01, overlapping periods, is 400 and names the constraint', async () => {
			const period = '[2026-11-20T10:00:00Z,2026-11-20T11:00:00Z)';
			await admin.from('contract_loans').insert({ room: 1, period });
			const { error, status } = await admin.from('contract_loans').insert({ room: 1, period });
			expect(status).toBe(400);
			expect(error).toMatchObject({
				code: '23P01',
				message: 'conflicting key value violates exclusion constraint "contract_loans_apart"'
			});
		});

		test('details come with it', async () => {
			const { error } = await admin.from('contract_tags').insert({ id: 1, name: 'again' });
			expect(error).toMatchObject({
				message: 'duplicate key value violates unique constraint "contract_tags_pkey"',
				details: 'Key (id)=(1) already exists.',
				hint: null
			});
		});
	});
});
