import { redirect } from '@sveltejs/kit';
import { requireAccount } from '#lib/accounts/guard.server.ts';
import { readForm } from '#lib/form/form.server.ts';
import { orError, orRefuse } from '#lib/http/refused.server.ts';
import { receive } from '#lib/http/uploads.server.ts';
import type { MessageKey } from '#lib/i18n/messages.ts';
import { routesIn } from '#lib/routes.ts';
import * as commands from '#lib/verification/commands.ts';
import { prepare } from '#lib/verification/file.server.ts';
import * as queries from '#lib/verification/queries.ts';
import { documentSchema, requestSchema, uploadSchema } from '#lib/verification/schema.ts';
import type { Actions, PageServerLoad } from './$types';

export const load: PageServerLoad = async ({ locals: { supabase, language }, parent, url }) => {
	const { membership } = await parent();
	if (!membership || membership.role === 'staff') redirect(303, routesIn(language).dashboard());
	const { id } = membership.provider;
	const [documents, verification, verifiedAt] = await orError(
		Promise.all([queries.documents(supabase, id), queries.latest(supabase, id), queries.verifiedAt(supabase, id)])
	);
	const done = url.searchParams.get('done');
	return {
		membership,
		documents: documents.map(({ id, kind, created_at }) => ({ id, kind, created_at })),
		verification,
		verifiedAt,
		done: (['uploaded', 'removed', 'requested'] as const).find((one) => one === done) ?? null
	};
};

/** What the database says of a request, in this page's words. */
const requestProblems: Record<string, MessageKey> = {
	invalid_transition: 'verification.request.not_now',
	invalid_input: 'verification.request.none'
};

export const actions: Actions = {
	upload: async (event) => {
		const { id } = await requireAccount(event);
		return receive(id, async () => {
			const form = await readForm(event.request, uploadSchema);
			if (!form.ok) return form.failure;
			const { provider_id, kind, file } = form.data;
			const prepared = await prepare(file);
			if (typeof prepared === 'string') return form.refuse(422, prepared, 'file');
			return (
				(await orRefuse(form.refuse, commands.add(event.locals.supabase, provider_id, kind, prepared))) ??
				redirect(303, routesIn(event.locals.language).verification(event.url.searchParams.get('provider'), 'uploaded'))
			);
		});
	},
	remove: async (event) => {
		await requireAccount(event);
		const form = await readForm(event.request, documentSchema);
		if (!form.ok) return form.failure;
		return (
			(await orRefuse(form.refuse, commands.remove(event.locals.supabase, form.data.document_id))) ??
			redirect(303, routesIn(event.locals.language).verification(event.url.searchParams.get('provider'), 'removed'))
		);
	},
	request: async (event) => {
		await requireAccount(event);
		const form = await readForm(event.request, requestSchema);
		if (!form.ok) return form.failure;
		return (
			(await orRefuse(form.refuse, commands.request(event.locals.supabase, form.data.provider_id), ({ code, key }) => [
				requestProblems[code] ?? key
			])) ??
			redirect(303, routesIn(event.locals.language).verification(event.url.searchParams.get('provider'), 'requested'))
		);
	}
};
