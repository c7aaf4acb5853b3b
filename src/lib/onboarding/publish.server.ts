import { fail, redirect } from '@sveltejs/kit';
import type { RequestEvent } from '@sveltejs/kit';
import { z } from 'zod';
import { requireAccount } from '#lib/accounts/guard.server.ts';
import { readForm } from '#lib/form/form.server.ts';
import { rowId } from '#lib/form/schema.ts';
import type { MessageKey } from '#lib/i18n/messages.ts';
import { routesIn } from '#lib/routes.ts';
import { Refusal } from '#lib/supabase/refusal.ts';
import * as commands from './commands.ts';

const schema = z.object({
	provider_id: rowId,
	slug: z.string().max(200)
});

/** What is missing before a page may be published, by the field that the database names. */
const missing: Record<string, MessageKey> = {
	services: 'onboarding.draft.no_services',
	hours: 'onboarding.draft.no_hours'
};

/** The action of a publish button, wherever it stands: shows the page to everyone, and to whom published it. */
export async function publish(event: RequestEvent) {
	await requireAccount(event);
	const form = await readForm(event.request, schema);
	if (!form.ok) return form.failure;
	try {
		await commands.publish(event.locals.supabase, form.data.provider_id);
	} catch (failure) {
		if (!(failure instanceof Refusal)) throw failure;
		const { status, key, field } = failure.error;
		return fail(status, {
			values: { provider_id: form.data.provider_id },
			errors: {},
			problem: missing[field ?? ''] ?? key
		});
	}
	redirect(303, routesIn(event.locals.language).provider(form.data.slug, 'published'));
}
