import type { Sql } from 'postgres';
import { Failure } from 'supabase-embedded';
import { tryBlindly } from '../../policies/matrix/blind.ts';
import { buckets, tables, topics } from '../../policies/matrix/index.ts';
import { actions, fileActions } from '../../policies/matrix/notation.ts';
import { makeScene } from '../../policies/matrix/scene.ts';
import type { Scene } from '../../policies/matrix/scene.ts';
import { readSchema } from '../../policies/matrix/schema.ts';
import { deleteFilesBlindly, tryFiles } from '../../policies/matrix/storage.ts';
import { subjectOf, tryLine } from '../../policies/matrix/tables.ts';
import type { Subject } from '../../policies/matrix/tables.ts';
import { tryRoom } from '../../policies/matrix/topics.ts';
import { drop, open, readPolicies, restore } from './policy.ts';
import type { Policy } from './policy.ts';

/** What became of one change: the first cell that differed, or null when none did. */
export interface Mutation {
	policy: string;
	change: string;
	surprise: string | null;
}

/** The cells of a table, those of the policy's own action first. */
async function* ofTable(subjects: Map<string, Subject>, { table, action }: Policy): AsyncGenerator<string[]> {
	const subject = subjects.get(table);
	if (!subject) throw new Error(`The matrix does not declare ${table}.`);
	const own = action.toLowerCase();
	for (const what of actions.toSorted((a, b) => Number(b === own) - Number(a === own))) {
		for (const kind of subject.table.rows) yield await tryLine(subject, kind, what);
		if (what === 'update' || what === 'delete') yield await tryBlindly(subject, what);
	}
}

async function* ofFiles(scene: Scene): AsyncGenerator<string[]> {
	for (const [name, { files }] of buckets) {
		for (const kind of files) for (const action of fileActions) yield await tryFiles(scene, name, kind, action);
		yield await deleteFilesBlindly(scene, name, files);
	}
}

async function* ofTopics(scene: Scene): AsyncGenerator<string[]> {
	for (const [name, { rooms }] of topics) for (const kind of rooms) yield await tryRoom(scene, name, kind);
}

async function firstSurprise(cells: AsyncGenerator<string[]>): Promise<string | null> {
	for await (const [surprise] of cells) if (surprise !== undefined) return surprise;
	return null;
}

/** Drops and opens every policy, one at a time, and tells for each change whether the matrix notices. */
export async function* mutate(sql: Sql): AsyncGenerator<Mutation> {
	const scene = await makeScene();
	try {
		const schema = await readSchema(scene.db);
		const subjects = new Map(tables.map(([name, table]) => [name, subjectOf(scene, schema, name, table)]));
		const cellsOf = (policy: Policy) => {
			if (policy.schema === 'storage') return ofFiles(scene);
			return policy.schema === 'realtime' ? ofTopics(scene) : ofTable(subjects, policy);
		};
		const sound = new Set<string>();
		for (const policy of await readPolicies(sql)) {
			const place = `${policy.schema}.${policy.table}`;
			if (!sound.has(place)) {
				// a cell that differs without any change would notice everything
				const surprise = await firstSurprise(cellsOf(policy));
				if (surprise !== null) throw new Failure(`${place} is not as declared: ${surprise}`);
				sound.add(place);
			}
			const changes: [string, typeof drop][] = [['dropped', drop]];
			const isOpen = [policy.using, policy.check].every((condition) => condition === null || condition === 'true');
			if (!isOpen) changes.push(['opened', open]);
			for (const [change, make] of changes) {
				try {
					await make(sql, policy);
					const surprise = await firstSurprise(cellsOf(policy));
					yield { policy: `${place}: ${policy.name}`, change, surprise };
				} finally {
					await restore(sql, policy);
				}
			}
		}
	} finally {
		await scene.close();
	}
}
