import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { tryBlindly } from './blind.ts';
import { tryCall } from './functions.ts';
import { helpers } from './declared/private.ts';
import { executorsOf, helpersFor, rightsOf } from './grants.ts';
import { buckets, functions, tables, topics } from './index.ts';
import { actions, callers, fileActions } from './notation.ts';
import { page, published } from './publish.ts';
import { makeScene } from './scene.ts';
import type { Scene } from './scene.ts';
import { readSchema } from './schema.ts';
import type { Schema } from './schema.ts';
import { deleteFilesBlindly, readByAddress, tryFiles } from './storage.ts';
import { subjectOf, tryLine } from './tables.ts';
import type { Subject } from './tables.ts';
import { tryRoom } from './topics.ts';

let scene: Scene;
let schema: Schema;
const subjects = new Map<string, Subject>();

beforeAll(async () => {
	scene = await makeScene();
	schema = await readSchema(scene.db);
	for (const [name, table] of tables)
		if (schema.tables.has(name)) subjects.set(name, subjectOf(scene, schema, name, table));
});
afterAll(() => scene.close());

test('docs/policy-matrix.md is what the declaration gives: else run "npm run matrix"', async () => {
	expect(published()).toBe(await page());
});

describe('the schema', () => {
	test('has row-level security on every table', async () => {
		const open = await scene.db`
			select c.oid::regclass::text as name from pg_class c
			where c.relkind in ('r', 'p') and c.relnamespace in ('public'::regnamespace, 'private'::regnamespace)
				and not c.relrowsecurity`;
		expect(open).toEqual([]);
	});

	test('exposes no function that runs with more than its caller’s rights, or whose search path can be changed', async () => {
		const found = await scene.db`
			select proname from pg_proc
			where pronamespace = 'public'::regnamespace
				and (prosecdef or not exists (select from unnest(proconfig) as setting where setting like 'search_path=%'))`;
		expect(found).toEqual([]);
	});

	test('has no function with its owner’s rights whose search path can be changed', async () => {
		const found = await scene.db`
			select proname from pg_proc
			where pronamespace = 'private'::regnamespace and prosecdef and not ('search_path=""' = any (proconfig))`;
		expect(found).toEqual([]);
	});

	test('gives no right on tables of the schema private', async () => {
		const found = await scene.db`
			select c.oid::regclass::text as name, x.grantee::regrole::text as role
			from pg_class c, aclexplode(c.relacl) x
			where c.relnamespace = 'private'::regnamespace and x.grantee <> c.relowner`;
		expect(found).toEqual([]);
	});

	test('reaches nobody by the API but through public', async () => {
		for (const caller of callers) {
			const { error } = await scene.as[caller].schema('private').from('settings').select();
			expect([caller, error?.code]).toEqual([caller, caller === 'blocked' ? error?.code : 'PGRST106']);
		}
	});
});

const sorted = (names: Iterable<string>) => [...names].toSorted();

describe('the declaration', () => {
	test('has every table, and each of its columns', () => {
		const there = [...schema.tables].map(([name, { columns }]) => `${name}: ${sorted(columns).join(' ')}`);
		expect(
			tables.map(([name, { columns }]) => `${name}: ${sorted(columns.split(/\s+/)).join(' ')}`).toSorted()
		).toEqual(there.toSorted());
	});

	test('has every right of visitors, accounts and the secret key on tables, and no other', () => {
		expect(sorted(tables.flatMap(([name, table]) => rightsOf(name, table)))).toEqual(sorted(schema.rights));
	});

	test('has every function, and who may execute it', () => {
		const there = [...schema.functions].map(([name, about]) => `${name}: ${about.for.join(' ')}`);
		expect(functions.map(([name, one]) => `${name}: ${executorsOf(one).join(' ')}`).toSorted()).toEqual(
			there.toSorted()
		);
	});

	test('has every function of the schema private that visitors and accounts may execute', () => {
		const there = [...schema.helpers].map(([name, one]) =>
			`${name} ${one.for.filter((role) => role !== 'service_role').join(' ')}`.trim()
		);
		expect(there.toSorted()).toEqual(helpersFor(functions, schema.helpers.keys()).toSorted());
		const named = Object.values(helpers).flatMap((names) => names.split(/\s+/));
		expect(named.filter((name) => !schema.helpers.has(name))).toEqual([]);
	});

	test('has every bucket', () => {
		const there = [...schema.buckets].map(([name, bucket]) => `${name} ${bucket.public}`);
		expect(buckets.map(([name, bucket]) => `${name} ${bucket.public}`).toSorted()).toEqual(there.toSorted());
	});
});

describe.each(tables)('%s', (name, table) => {
	describe.each(table.rows.map((kind) => [kind.name, kind] as const))('%s', (_, kind) => {
		test.concurrent.each(actions)('%s', async (action) => {
			expect(await tryLine(subjects.get(name)!, kind, action)).toEqual([]);
		});
	});

	test.each(['update', 'delete'] as const)('%s of all that the policies let through', async (write) => {
		expect(await tryBlindly(subjects.get(name)!, write)).toEqual([]);
	});
});

describe.each(functions.filter(([, { calls }]) => calls))('%s', (name, { calls = [] }) => {
	test.each(calls.map((line) => [line.what, line] as const))('%s', async (_, line) => {
		expect(await tryCall(scene, name, line)).toEqual([]);
	});
});

describe.each(buckets)('files of %s', (name, bucket) => {
	test(`are ${bucket.public ? '' : 'not '}read by address`, async () => {
		expect(await readByAddress(scene, name)).toBe(bucket.public);
	});

	describe.each(bucket.files.map((kind) => [kind.name, kind] as const))('%s', (_, kind) => {
		test.each(fileActions)('%s', async (action) => {
			expect(await tryFiles(scene, name, kind, action)).toEqual([]);
		});
	});

	test('deleted as far as the policies let through', async () => {
		expect(await deleteFilesBlindly(scene, name, bucket.files)).toEqual([]);
	});
});

describe.each(topics)('topics %s', (name, topic) => {
	test.each(topic.rooms.map((kind) => [kind.name, kind] as const))('%s', async (_, kind) => {
		expect(await tryRoom(scene, name, kind)).toEqual([]);
	});
});
