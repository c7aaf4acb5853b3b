import { error, isActionFailure } from '@sveltejs/kit';
import type { ActionFailure } from '@sveltejs/kit';
import type { Refuse } from '#lib/form/form.server.ts';
import type { FormState } from '#lib/form/form.ts';
import type { MessageKey } from '#lib/i18n/messages.ts';
import type { AppError } from '#lib/supabase/errors.ts';
import { Refusal } from '#lib/supabase/refusal.ts';

/** What a page reads, or the error page that says why it cannot. */
export async function orError<T>(reading: Promise<T>): Promise<T> {
	try {
		return await reading;
	} catch (failure) {
		if (failure instanceof Refusal) error(failure.error.status, failure.error.code);
		throw failure;
	}
}

/** A refusal as a form says it: the sentence, and the field that it stands at; none for the form as a whole. */
export type Words = (refused: AppError) => [problem: MessageKey, field?: string];

/**
 * Waits for what a form asked to be done. Gives nothing when it is done; where the database refuses, the form's answer, in
 * the sentence of the error's code or in words of the form's own. An answer that the deed itself comes to is passed on.
 */
export async function orRefuse(
	refuse: Refuse,
	deed: Promise<unknown>,
	words: Words = ({ key }) => [key]
): Promise<ActionFailure<FormState> | undefined> {
	try {
		const done = await deed;
		return isActionFailure(done) ? (done as ActionFailure<unknown> as ActionFailure<FormState>) : undefined;
	} catch (failure) {
		if (!(failure instanceof Refusal)) throw failure;
		return refuse(failure.error.status, ...words(failure.error));
	}
}
