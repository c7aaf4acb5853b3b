import { error, redirect } from '@sveltejs/kit';
import { requireAccount } from '#lib/accounts/guard.server.ts';
import { readForm } from '#lib/form/form.server.ts';
import { listOf } from '#lib/list/schema.ts';
import * as commands from '#lib/notifications/commands.ts';
import { addressOf } from '#lib/notifications/kinds.ts';
import * as notifications from '#lib/notifications/queries.ts';
import { listSchema, openSchema, readAllSchema } from '#lib/notifications/schema.ts';
import { routesIn } from '#lib/routes.ts';
import { localText } from '#lib/time/zone.ts';
import type { Actions, PageServerLoad } from './$types';

export const load: PageServerLoad = async (event) => {
	await requireAccount(event);
	event.depends('app:notifications');
	const { supabase } = event.locals;
	const now = new Date();
	const { downTo } = listOf(listSchema, event.url);
	const [above, page] = await Promise.all([
		downTo ? notifications.listDownTo(supabase, downTo) : [],
		notifications.list(supabase, downTo)
	]);
	return {
		notifications: [...above, ...page.rows].map((row) => ({ ...row, local_created_at: localText(row.created_at) })),
		next: page.next,
		now: now.toISOString(),
		today: localText(now).slice(0, 10)
	};
};

export const actions: Actions = {
	/** Follows a notification, which counts as reading it. A form, not a link: what only fetches a page must not. */
	open: async (event) => {
		await requireAccount(event);
		const form = await readForm(event.request, openSchema);
		if (!form.ok) return form.failure;
		const [notification] = await Promise.all([
			notifications.get(event.locals.supabase, form.data.id),
			commands.markRead(event.locals.supabase, form.data.id)
		]);
		if (!notification) error(404);
		redirect(303, addressOf(notification, routesIn(event.locals.language)));
	},
	read_all: async (event) => {
		await requireAccount(event);
		const form = await readForm(event.request, readAllSchema);
		if (!form.ok) return form.failure;
		await commands.markAllRead(event.locals.supabase, form.data.until);
		redirect(303, routesIn(event.locals.language).notifications(event.url.searchParams.get('downTo') ?? undefined));
	}
};
