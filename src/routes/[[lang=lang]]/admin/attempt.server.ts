import { redirect } from '@sveltejs/kit';
import type { ActionFailure } from '@sveltejs/kit';
import type { Refuse } from '#lib/form/form.server.ts';
import type { FormState } from '#lib/form/form.ts';
import { orRefuse } from '#lib/http/refused.server.ts';

/**
 * Does what a form asks for and leads to the page that says so. A refusal of the database, or one that the deed itself
 * gives, goes back to the form in words.
 */
export async function attempt(
	refuse: Refuse,
	next: string,
	deed: () => Promise<ActionFailure<FormState> | void>
): Promise<ActionFailure<FormState>> {
	const refused = await orRefuse(refuse, deed(), ({ key, field }) => [
		key,
		field === 'reason' || field === 'note' ? field : undefined
	]);
	return refused ?? redirect(303, next);
}
