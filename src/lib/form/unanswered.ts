import type { ActionResult } from '$app/forms';
import type { I18n } from '#lib/i18n/i18n.ts';
import { toasts } from '#lib/ui/toasts.svelte.ts';

/**
 * True where what a form sent has had no answer of its action: no connection, or a proxy that found no site behind it.
 * Whether it was done nobody knows; what was typed must stay, to be sent again.
 */
export function unanswered(result: ActionResult): boolean {
	// Only what an action said has a location; a fetch that failed is an error of status 500.
	return result.type === 'error' && result.location === undefined && result.error.status >= 500;
}

/** For a form of buttons alone: shows what its action answered, or says that nobody did and leaves the page as it is. */
export async function showAnswer(result: ActionResult, update: () => Promise<void>, t: I18n): Promise<void> {
	if (unanswered(result)) toasts.show(t('common.offline'), 'error');
	else await update();
}
