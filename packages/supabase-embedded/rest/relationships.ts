import type { Catalog, ForeignKey, Relation } from './catalog.ts';
import { RestError } from './errors.ts';
import { closest } from './suggest.ts';

/** How the rows of one relation belong to a row of another. */
export interface Relationship {
	kind: 'many-to-one' | 'one-to-one' | 'one-to-many' | 'many-to-many';
	target: Relation;
	/** pairs of columns: of the origin, of the target; with a junction see there */
	pairs: [string, string][];
	junction?: {
		relation: Relation;
		/** pairs: of the origin, of the junction */
		origin: [string, string][];
		/** pairs: of the junction, of the target */
		target: [string, string][];
	};
	/** words that choose it: names of constraint, columns or junction */
	hints: string[];
	described: string;
}

const zip = (left: string[], right: string[]): [string, string][] => left.map((name, index) => [name, right[index]!]);
const list = (key: ForeignKey) =>
	`${key.from.name}(${key.columns.join(', ')}) and ${key.to.name}(${key.references.join(', ')})`;

/** All ways from a relation to others. */
function relationshipsOf(catalog: Catalog, origin: Relation): Relationship[] {
	const found: Relationship[] = [];
	for (const key of catalog.foreignKeys) {
		if (key.from === origin) {
			found.push({
				kind: key.single ? 'one-to-one' : 'many-to-one',
				target: key.to,
				pairs: zip(key.columns, key.references),
				hints: [key.name, ...(key.columns.length === 1 ? key.columns : [])],
				described: `${key.name} using ${list(key)}`
			});
		}
		if (key.to === origin) {
			found.push({
				kind: key.single ? 'one-to-one' : 'one-to-many',
				target: key.from,
				pairs: zip(key.references, key.columns),
				hints: [key.name, ...(key.columns.length === 1 ? key.columns : [])],
				described: `${key.name} using ${key.to.name}(${key.references.join(', ')}) and ${key.from.name}(${key.columns.join(', ')})`
			});
		}
	}
	// A junction's two foreign keys are both part of its primary key.
	for (const near of catalog.foreignKeys) {
		if (near.to !== origin || !near.columns.every((name) => near.from.primaryKey.includes(name))) continue;
		for (const far of catalog.foreignKeys) {
			if (far === near || far.from !== near.from || !far.columns.every((name) => far.from.primaryKey.includes(name)))
				continue;
			found.push({
				kind: 'many-to-many',
				target: far.to,
				pairs: [],
				junction: {
					relation: near.from,
					origin: zip(near.references, near.columns),
					target: zip(far.columns, far.references)
				},
				hints: [near.from.name, near.name, far.name],
				described: `${near.from.name} using ${near.name}(${near.columns.join(', ')}) and ${far.name}(${far.columns.join(', ')})`
			});
		}
	}
	return found;
}

/**
 * Finds how `target` is embedded in `origin`. The target may be a relation, a foreign key or a column that holds one.
 * Raises PGRST200 when there is no way and PGRST201 when there are several.
 */
export function findRelationship(
	catalog: Catalog,
	origin: Relation,
	target: string,
	hint: string | undefined
): Relationship {
	const all = relationshipsOf(catalog, origin);
	let found = all.filter((one) => one.target.name === target && (!hint || one.hints.includes(hint)));
	if (found.length === 0 && !hint) {
		found = all.filter(
			(one) =>
				one.kind !== 'many-to-many' &&
				one.hints.includes(target) &&
				(one.hints[0] === target || one.pairs[0]![0] === target)
		);
	}
	// A row that points at its own table is embedded as children unless a column is named as the target or hint.
	if (found.length === 2 && found[0]!.target === origin && found[0]!.hints[0] === found[1]!.hints[0]) {
		const byColumn = hint !== undefined ? hint !== found[0]!.hints[0] : target !== origin.name;
		found = found.filter((one) => (byColumn ? one.kind !== 'one-to-many' : one.kind === 'one-to-many'));
	}
	if (found.length === 1) return found[0]!;
	if (found.length > 1) {
		throw new RestError(
			300,
			'PGRST201',
			`Could not embed because more than one relationship was found for '${origin.name}' and '${target}'`,
			found.map((one) => ({
				cardinality: one.kind,
				embedding: `${origin.name} with ${one.target.name}`,
				relationship: one.described
			})),
			`Try changing '${target}' to one of the following: ${found.map((one) => `'${target}!${one.hints[0]}'`).join(', ')}. Find the desired relationship in the 'details' key.`
		);
	}
	const near = closest(
		target,
		all.map((one) => one.target.name)
	);
	throw new RestError(
		400,
		'PGRST200',
		`Could not find a relationship between '${origin.name}' and '${target}' in the schema cache`,
		`Searched for a foreign key relationship between '${origin.name}' and '${target}'${hint ? ` using the hint '${hint}'` : ''} in the schema '${origin.schema}', but no matches were found.`,
		near ? `Perhaps you meant '${near}' instead of '${target}'.` : null
	);
}
