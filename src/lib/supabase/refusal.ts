import { toAppError } from './errors.ts';
import type { AppError } from './errors.ts';

/** What a query or a command throws: a refusal or failure of Supabase, with the sentence to show for it. */
export class Refusal extends Error {
	readonly error: AppError;

	constructor(raw: unknown) {
		const error = toAppError(raw);
		super(error.code);
		this.error = error;
	}
}

/** The data of an answer of supabase-js. Raises Refusal when it holds an error. */
export function unwrap<T>(answer: { data: T; error: unknown }): NonNullable<T> {
	if (answer.error) throw new Refusal(answer.error);
	return answer.data as NonNullable<T>;
}
