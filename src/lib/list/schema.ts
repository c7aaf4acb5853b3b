import { z } from 'zod';
import { instant } from '#lib/form/schema.ts';

/** Something that a list's address may hold. Whatever does not fit counts as not given: a mangled link still shows a list. */
export const given = <Schema extends z.ZodType>(schema: Schema) =>
	z.preprocess((value) => (value === '' ? undefined : value), schema.optional()).catch(undefined);

/** The place in a list that its address holds (`Cursor`). */
export const cursor = given(
	z
		.string()
		.transform((text) => {
			const [at, id] = text.split('_');
			return { at, id };
		})
		.pipe(z.object({ at: instant(), id: z.guid() }))
);

/** Reads a list's address by its schema. */
export function listOf<Schema extends z.ZodType>(schema: Schema, { searchParams }: URL): z.output<Schema> {
	return schema.parse(Object.fromEntries(searchParams));
}
