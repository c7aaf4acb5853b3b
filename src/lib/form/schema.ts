import { z } from 'zod';
import type { MessageKey } from '#lib/i18n/messages.ts';

/** A sentence of the dictionary as a schema's message. */
export const say = (key: MessageKey) => ({ error: key });
export const required = say('errors.field.required');

/** The id of a row, which a form carries without showing it. */
export const rowId = z.uuid(say('errors.invalid_input'));
