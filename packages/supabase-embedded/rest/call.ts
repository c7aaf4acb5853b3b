import type { Catalog, Routine } from './catalog.ts';
import { RestError } from './errors.ts';
import type { Payload } from './request.ts';
import { identifier, literal, qualified } from './sql.ts';
import { closest } from './suggest.ts';

const soleJson = (routine: Routine) =>
	routine.arguments.length === 1 && routine.arguments[0]!.name === '' && /^jsonb?$/.test(routine.arguments[0]!.type);

/**
 * Chooses the function that takes exactly these argument names, defaults aside.
 * Raises PGRST202 when there is none and PGRST203 when the names do not decide.
 */
export function findRoutine(catalog: Catalog, schema: string, name: string, names: string[], posted: boolean): Routine {
	const candidates = catalog.routines.get(name) ?? [];
	let found = candidates.filter(
		(routine) =>
			!soleJson(routine) &&
			names.every((given) => routine.arguments.some((argument) => argument.name === given)) &&
			routine.arguments.every((argument) => !argument.required || names.includes(argument.name))
	);
	if (found.length === 0 && posted) found = candidates.filter(soleJson);
	if (found.length === 1) return found[0]!;
	if (found.length > 1) {
		const signatures = found.map(
			(routine) =>
				`${schema}.${name}(${routine.arguments.map((argument) => `${argument.name} => ${argument.type}`).join(', ')})`
		);
		throw new RestError(
			300,
			'PGRST203',
			`Could not choose the best candidate function between: ${signatures.join(', ')}`,
			null,
			'Try renaming the parameters or the function itself in the database so function overloading can be resolved'
		);
	}
	const sorted = [...names].sort();
	const called =
		names.length === 0 ? 'without parameters' : `with parameter${names.length === 1 ? '' : 's'} ${sorted.join(', ')}`;
	const near = closest(name, catalog.routines.keys());
	const hint =
		candidates[0] !== undefined
			? `Perhaps you meant to call the function ${schema}.${name}${candidates[0].arguments.length === 0 ? '' : `(${candidates[0].arguments.map((argument) => argument.name).join(', ')})`}`
			: near && `Perhaps you meant to call the function ${schema}.${near}`;
	throw new RestError(
		404,
		'PGRST202',
		`Could not find the function ${schema}.${name}${names.length === 0 ? ' without parameters' : `(${sorted.join(', ')})`} in the schema cache`,
		`Searched for the function ${schema}.${name} ${called}${posted ? ' or with a single unnamed json/jsonb parameter' : ''}, but no matches were found in the schema cache.`,
		hint
	);
}

/** The call as a source of rows. A scalar comes in the column `pgrst_scalar`. */
export function callSql(routine: Routine, payload: Payload | null, given: [string, string][]): string {
	let from = '';
	let values: string;
	if (payload && soleJson(routine)) {
		values = `${literal(payload.json)}::${routine.arguments[0]!.type}`;
	} else if (payload) {
		const used = routine.arguments.filter((argument) => payload.keys.includes(argument.name));
		values = used
			.map(
				(argument) =>
					`${argument.variadic ? 'variadic ' : ''}${identifier(argument.name)} := pgrst_args.${identifier(argument.name)}`
			)
			.join(', ');
		if (used.length > 0) {
			const columns = used.map((argument) => `${identifier(argument.name)} ${argument.type}`).join(', ');
			// Of a list the first object counts.
			from = Array.isArray(payload.value)
				? `(select * from json_to_recordset(${literal(payload.json)}) as pgrst_list(${columns}) limit 1) as pgrst_args`
				: `json_to_record(${literal(payload.json)}) as pgrst_args(${columns})`;
		}
	} else {
		values = routine.arguments
			.filter((argument) => given.some(([name]) => name === argument.name))
			.map((argument) => {
				const texts = given.filter(([name]) => name === argument.name).map(([, value]) => value);
				return argument.variadic
					? `variadic ${identifier(argument.name)} := array[${texts.map(literal).join(', ')}]::${argument.type}`
					: `${identifier(argument.name)} := ${literal(texts.at(-1)!)}::${argument.type}`;
			})
			.join(', ');
	}
	const call = `${qualified(routine.schema, routine.name)}(${values})`;
	if (routine.gives === 'row')
		return from
			? `select pgrst_call.* from ${from}, lateral ${call} as pgrst_call`
			: `select pgrst_call.* from ${call} as pgrst_call`;
	return `select ${call} as pgrst_scalar${from ? ` from ${from}` : ''}`;
}
