import { z } from 'zod';
import type { MessageKey } from '#lib/i18n/messages.ts';
import { nameIsFine } from './name.ts';

/** A sentence of the dictionary as a schema's message. */
export const say = (key: MessageKey) => ({ error: key });
export const required = say('errors.field.required');

/** Refuses what is no name of a person or a business; whether one has to be given is asked apart. */
export const asName = <Schema extends z.ZodType<string>>(schema: Schema) =>
	schema.refine((name) => name === '' || nameIsFine(name), say('errors.field.name'));

/** The id of a row, which a form carries without showing it. */
export const rowId = z.uuid(say('errors.invalid_input'));

/**
 * True for a day or an instant, as ISO text, that pages can reckon with: those of years that people book in, and with the
 * weeks that a page shows around them still within what the database takes (private.in_calendar).
 */
const isNear = (text: string) => text >= '1900' && text < '2100';

/** A local day, YYYY-MM-DD. */
export const localDay = (said?: ReturnType<typeof say>) => z.iso.date(said).refine(isNear, said);

/** An instant as ISO text with its offset. */
export const instant = (said?: ReturnType<typeof say>) =>
	z.iso.datetime({ offset: true, ...said }).refine(isNear, said);
