import { error, redirect } from '@sveltejs/kit';
import { saveProfile } from '#lib/accounts/commands.ts';
import { requireAccount } from '#lib/accounts/guard.server.ts';
import { profiles } from '#lib/accounts/queries.ts';
import { profileSchema } from '#lib/accounts/schema.ts';
import { readForm } from '#lib/form/form.server.ts';
import { routesIn } from '#lib/routes.ts';
import { toAppError } from '#lib/supabase/errors.ts';

export const load = async (event) => {
	const { id } = await requireAccount(event);
	const saved = event.url.searchParams.get('saved');
	try {
		return { profile: await profiles.read(event.locals.supabase, id), saved };
	} catch (failure) {
		const { status, code } = toAppError(failure);
		error(status, code);
	}
};

export const actions = {
	default: async (event) => {
		const { id } = await requireAccount(event);
		const form = await readForm(event.request, profileSchema);
		if (!form.ok) return form.failure;
		try {
			await saveProfile(event.locals.supabase, id, form.data);
		} catch (failure) {
			const { status, key } = toAppError(failure);
			return form.refuse(status, key);
		}
		redirect(303, routesIn(event.locals.language).account('profile'));
	}
};
