/**
 * What somebody typed as a value for `ilike` within an `or` of PostgREST: matches texts that contain it, letter for
 * letter. `*`, which PostgREST takes for any run of letters even there, stands for one letter.
 */
export function containing(typed: string): string {
	const pattern = typed.replace(/[\\%_]/g, '\\$&').replaceAll('*', '_');
	return `"%${pattern.replace(/["\\]/g, '\\$&')}%"`;
}
