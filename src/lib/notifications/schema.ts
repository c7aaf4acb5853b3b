import { z } from 'zod';

const instant = z.iso.datetime({ offset: true });

/** A place in the list, as its address holds it: the moment and the id of a notification. */
export interface Cursor {
	created_at: string;
	id: string;
}

export const cursorText = ({ created_at, id }: Cursor) => `${created_at}_${id}`;

/** Reads a cursor; a mangled one counts as none, so that the address still shows the list. */
export const cursorSchema = z
	.string()
	.transform((text) => {
		const [created_at, id] = text.split('_');
		return { created_at, id };
	})
	.pipe(z.object({ created_at: instant, id: z.guid() }))
	.optional()
	.catch(undefined);

export const openSchema = z.object({ id: z.guid() });
export const readAllSchema = z.object({ until: instant });
