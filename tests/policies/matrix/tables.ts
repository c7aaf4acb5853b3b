import { callers, columnsOf, marksOf } from './notation.ts';
import type { Action, Caller, Kind, Table } from './notation.ts';
import { recipes } from './rows/index.ts';
import { changeOf } from './rows/recipe.ts';
import type { Recipe } from './rows/recipe.ts';
import type { Row, Scene } from './scene.ts';
import type { Schema } from './schema.ts';

/** What the tries of one table need to know. */
export interface Subject {
	scene: Scene;
	name: string;
	table: Table;
	recipe: Recipe;
	key: string[];
	/** rows that are made once, by kind and client */
	standing: Map<string, Promise<Row>>;
}

export function subjectOf(scene: Scene, schema: Schema, name: string, table: Table): Subject {
	const recipe = recipes[name];
	const inSchema = schema.tables.get(name);
	if (!recipe) throw new Error(`rows/ does not say how rows of ${name} are made.`);
	if (!inSchema) throw new Error(`There is no table ${name}.`);
	return { scene, name, table, recipe, key: inSchema.key, standing: new Map() };
}

const pick = (row: Row, names: string[]): Row => Object.fromEntries(names.map((name) => [name, row[name]]));

/** The account that "the client" is in a caller's cells: the blocked client's rows are their own. */
export const clientOf = (scene: Scene, caller: Caller): string => scene.id[caller === 'blocked' ? 'blocked' : 'client'];

/** A row of a kind for one cell: a new one, or for a standing kind the same each time. */
export async function rowFor(subject: Subject, kind: Kind, caller: Caller): Promise<Row> {
	const { scene, recipe, standing, name } = subject;
	const client = clientOf(scene, caller);
	const make = recipe.kinds[kind.name];
	if (!make) throw new Error(`rows/ does not say how a row of ${name} is made: ${kind.name}.`);
	if (!recipe.standing) return make(scene, client);
	const known = `${kind.name} ${client}`;
	if (!standing.has(known)) standing.set(known, make(scene, client));
	return standing.get(known)!;
}

/** `from` and `where` of a statement about one row by its key, such as the index finds it. */
export function byKey({ scene: { db }, name, key }: Subject, row: Row) {
	const table = db(`public.${name}`);
	const same = key.map((column) => `t."${column}" = k."${column}"`).join(' and ');
	const wanted = db`jsonb_populate_record(null::${table}, ${db.json(pick(row, key) as never)}) k`;
	return { table, wanted, same: db.unsafe(same) };
}

/**
 * What an update would change in a row, as the database's owner sees it; null when the row is gone. Where there is nothing
 * but the key to change, any update shows by its transaction's number.
 */
async function look(subject: Subject, row: Row): Promise<string | null> {
	const { table, wanted, same } = byKey(subject, row);
	const [seen] = await subject.scene.db<{ version: string; row: Row }[]>`
		select t.xmin::text as version, to_jsonb(t) as row from ${table} t, ${wanted} where ${same}`;
	if (!seen) return null;
	const change = changeOf(subject.recipe, row);
	return change ? JSON.stringify(pick(seen.row, Object.keys(change))) : seen.version;
}

/** Whether there is a row with all of these values, which may lack the key. */
async function exists(subject: Subject, values: Row): Promise<boolean> {
	if (subject.key.every((column) => column in values)) return (await look(subject, values)) !== null;
	const { db } = subject.scene;
	const found = await db`
		select from ${db(`public.${subject.name}`)} t where to_jsonb(t) @> ${db.json(values as never)} limit 1`;
	return found.length > 0;
}

async function remove(subject: Subject, row: Row): Promise<void> {
	const { table, wanted, same } = byKey(subject, row);
	await subject.scene.db`delete from ${table} t using ${wanted} where ${same}`;
}

/** An answer that is neither a success nor a refusal for want of a right: the try says nothing about rights. */
function strange(caller: Caller, error: { code?: string; message: string } | null): string | null {
	if (error === null || error.code === '42501' || caller === 'blocked') return null;
	return `${error.code} ${error.message}`;
}

/** Takes the row of a cell away again, unless it is to stand. */
export async function tidy(subject: Subject, row: Row): Promise<void> {
	if (!subject.recipe.standing) await remove(subject, row);
}

type Try = (subject: Subject, row: Row, caller: Caller) => Promise<{ worked: boolean; odd: string | null }>;

const roleOf = (caller: Caller) => (caller === 'anonymous' ? 'anon' : 'authenticated');

/** Columns that the caller's role is granted, or where it is granted none, `otherwise`. */
function granted({ table }: Subject, caller: Caller, right: 'select' | 'insert', otherwise: string[]): string[] {
	const names = columnsOf(table, table[roleOf(caller)]?.[right]);
	return names.length > 0 ? names : otherwise;
}

const select: Try = async (subject, row, caller) => {
	const { data, error } = await subject.scene.as[caller]
		.from(subject.name)
		.select(granted(subject, caller, 'select', subject.key).join(','))
		.match(pick(row, subject.key));
	return { worked: (data?.length ?? 0) > 0, odd: strange(caller, error) };
};

/** Tries to put back, by the API, a row that was there a moment ago: all of it is right but perhaps who asks. */
const insert: Try = async (subject, row, caller) => {
	const { scene, name, recipe, table } = subject;
	const written = columnsOf(table, 'all').filter((column) => !table.computed?.split(' ').includes(column));
	const body = pick(row, granted(subject, caller, 'insert', written));
	if (!recipe.standing) await remove(subject, row);
	const { error } = await scene.as[caller].from(name).insert(body);
	const worked = recipe.standing ? error === null : await exists(subject, body);
	if (worked)
		await scene.db`delete from ${scene.db(`public.${name}`)} t where to_jsonb(t) @> ${scene.db.json(body as never)}`;
	return { worked, odd: strange(caller, error) };
};

const update: Try = async (subject, row, caller) => {
	const { scene, name, key, recipe } = subject;
	const change = changeOf(recipe, row) ?? pick(row, key);
	const before = await look(subject, row);
	const { error } = await scene.as[caller].from(name).update(change).match(pick(row, key));
	const after = await look(subject, row);
	const worked = before !== after;
	if (worked && recipe.standing) {
		const { table, wanted, same } = byKey(subject, row);
		const old = pick(row, Object.keys(change));
		await scene.db`update ${table} t set ${scene.db(old as never)} from ${wanted} where ${same}`;
	}
	return { worked, odd: strange(caller, error) };
};

const destroy: Try = async (subject, row, caller) => {
	const { error } = await subject.scene.as[caller].from(subject.name).delete().match(pick(row, subject.key));
	return { worked: (await look(subject, row)) === null, odd: strange(caller, error) };
};

const tries: Record<Action, Try> = { select, insert, update, delete: destroy };

/** Tries one cell on a row. Returns what was not as declared, else null. */
async function tryCell(subject: Subject, kind: Kind, action: Action, caller: Caller, row: Row): Promise<string | null> {
	const { worked, odd } = await tries[action](subject, row, caller);
	const may = marksOf(kind, action)[caller] === '✓';
	const cell = `${subject.name}, ${kind.name}: ${caller} ${action}`;
	if (odd !== null && !(worked && may)) return `${cell}: ${odd}`;
	return worked === may ? null : `${cell}: ${may ? 'may, but did not succeed' : 'may not, but did'}`;
}

/**
 * All cells of one line. Each has a row of its own, unless no cell should change anything: then the client's is shared.
 * Returns what was not as declared.
 */
export async function tryLine(subject: Subject, kind: Kind, action: Action): Promise<string[]> {
	const rows: Row[] = [];
	const make = async (caller: Caller) => {
		const row = await rowFor(subject, kind, caller);
		rows.push(row);
		return row;
	};
	const changesNothing = action === 'select' || callers.every((caller) => marksOf(kind, action)[caller] === '·');
	const shared = new Map<string, Promise<Row>>();
	const rowOf = (caller: Caller) => {
		if (!changesNothing) return make(caller);
		const client = clientOf(subject.scene, caller);
		if (!shared.has(client)) shared.set(client, make(caller));
		return shared.get(client)!;
	};
	const cell = async (caller: Caller) => tryCell(subject, kind, action, caller, await rowOf(caller));
	const surprises: (string | null)[] = [];
	if (subject.recipe.standing && !changesNothing) for (const caller of callers) surprises.push(await cell(caller));
	else surprises.push(...(await Promise.all(callers.map(cell))));
	for (const row of rows) await tidy(subject, row);
	return surprises.filter((one) => one !== null);
}
