import { error, redirect } from '@sveltejs/kit';
import { requireAccount } from '#lib/accounts/guard.server.ts';
import * as catalogue from '#lib/catalogue/queries.ts';
import { readForm } from '#lib/form/form.server.ts';
import * as commands from '#lib/messaging/commands.ts';
import * as messaging from '#lib/messaging/queries.ts';
import { messageSchema } from '#lib/messaging/schema.ts';
import { routesIn } from '#lib/routes.ts';
import { Refusal } from '#lib/supabase/refusal.ts';
import type { Actions, PageServerLoad } from './$types';

export const load: PageServerLoad = async (event) => {
	const account = await requireAccount(event);
	const { supabase, language } = event.locals;
	const provider = await catalogue.provider(supabase, event.url.searchParams.get('provider') ?? '', account.id);
	if (!provider) error(404);
	const known = await messaging.between(supabase, provider.id, account.id);
	if (known) redirect(303, routesIn(language).conversation(known.id));
	return { provider: { name: provider.name, name_ar: provider.name_ar, slug: provider.slug } };
};

export const actions: Actions = {
	default: async (event) => {
		const account = await requireAccount(event);
		const { supabase, language } = event.locals;
		const form = await readForm(event.request, messageSchema);
		if (!form.ok) return form.failure;
		const provider = await catalogue.provider(supabase, event.url.searchParams.get('provider') ?? '', account.id);
		if (!provider) error(404);
		let conversation: string;
		try {
			const sent = await commands.send(supabase, { providerId: provider.id }, form.data.body);
			conversation = sent.conversation_id;
		} catch (failure) {
			if (!(failure instanceof Refusal)) throw failure;
			return form.refuse(failure.error.status, failure.error.key);
		}
		redirect(303, routesIn(language).conversation(conversation));
	}
};
