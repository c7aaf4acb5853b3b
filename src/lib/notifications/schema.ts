import { z } from 'zod';
import { instant } from '#lib/form/schema.ts';
import { cursor } from '#lib/list/schema.ts';

/** The list shows everything down to a place in it, and a page below that. */
export const listSchema = z.object({ downTo: cursor });
export const openSchema = z.object({ id: z.guid() });
export const readAllSchema = z.object({ until: instant() });
