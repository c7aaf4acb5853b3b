import { error, fail } from '@sveltejs/kit';
import type { ActionFailure } from '@sveltejs/kit';
import type { z } from 'zod';
import type { MessageKey } from '#lib/i18n/messages.ts';
import type { FormState } from './form.ts';

/** A form that was read: its typed values, or the answer that refuses it. */
export type FormResult<Output> =
	{ ok: true; data: Output; refuse: Refuse } | { ok: false; failure: ActionFailure<FormState> };

/**
 * Refuses a form whose fields are right each by itself: with a sentence for the whole, or for one field. `details` are
 * the values that the sentence for the whole names.
 */
export type Refuse = (
	status: number,
	problem: MessageKey,
	field?: string,
	details?: FormState['details']
) => ActionFailure<FormState>;

/**
 * The fields of a posted form, without the character NUL, which no keyboard has and Postgres refuses to read. Answers 400
 * to a body that is none: cut off, or of another type than it says.
 */
export async function fieldsOf(request: Request): Promise<FormData> {
	let fields: FormData;
	try {
		fields = await request.formData();
	} catch {
		error(400);
	}
	const readable = new FormData();
	for (const [name, value] of fields)
		readable.append(name, typeof value === 'string' ? value.replaceAll('\0', '') : value);
	return readable;
}

/**
 * Reads the fields of a posted form by a schema. The schema's messages are keys of the dictionary. What was typed goes
 * back with a refusal, but for passwords and files.
 */
export async function readForm<Schema extends z.ZodObject>(
	request: Request,
	schema: Schema
): Promise<FormResult<z.output<Schema>>> {
	const typed = Object.fromEntries(await fieldsOf(request));
	const values: Record<string, string> = {};
	for (const [name, value] of Object.entries(typed)) {
		if (typeof value === 'string' && !name.includes('password')) values[name] = value;
	}

	const refuse: Refuse = (status, problem, field, details) =>
		fail(status, field ? { values, errors: { [field]: problem } } : { values, errors: {}, problem, details });

	const parsed = schema.safeParse(typed);
	if (parsed.success) return { ok: true, data: parsed.data, refuse };

	const errors: Record<string, MessageKey> = {};
	for (const issue of parsed.error.issues) errors[String(issue.path[0])] ??= issue.message as MessageKey;
	return { ok: false, failure: fail(422, { values, errors }) };
}
