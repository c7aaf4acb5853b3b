import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { tryBlindly } from './blind.ts';
import { tryCall } from './functions.ts';
import { executorsOf, rightsOf } from './grants.ts';
import { buckets, functions, tables } from './index.ts';
import { actions } from './notation.ts';
import { makeScene } from './scene.ts';
import type { Scene } from './scene.ts';
import { readSchema } from './schema.ts';
import type { Schema } from './schema.ts';
import { subjectOf, tryLine } from './tables.ts';
import type { Subject } from './tables.ts';

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
