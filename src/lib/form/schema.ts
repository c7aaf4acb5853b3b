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
