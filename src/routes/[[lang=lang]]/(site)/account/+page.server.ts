import { error, fail, redirect } from '@sveltejs/kit';
import { AvatarProblem, readAvatar } from '#lib/accounts/avatar.server.ts';
import { saveAvatar, saveProfile } from '#lib/accounts/commands.ts';
import { requireAccount } from '#lib/accounts/guard.server.ts';
import { problemOf } from '#lib/accounts/problems.ts';
import { profiles } from '#lib/accounts/queries.ts';
import { profileSchema } from '#lib/accounts/schema.ts';
import { fieldsOf, readForm } from '#lib/form/form.server.ts';
import type { FormState } from '#lib/form/form.ts';
import { receive } from '#lib/http/uploads.server.ts';
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

/** Tells the picture's form from the other one. */
const values = { of: 'picture' };

export const actions = {
	profile: async (event) => {
		const { id } = await requireAccount(event);
		const form = await readForm(event.request, profileSchema);
		if (!form.ok) return form.failure;
		try {
			await saveProfile(event.locals.supabase, id, form.data);
		} catch (failure) {
			const { status, key } = problemOf(failure);
			return form.refuse(status, key);
		}
		redirect(303, routesIn(event.locals.language).account('profile'));
	},
	picture: async (event) => {
		const { id } = await requireAccount(event);
		return receive(id, async () => {
			const form = await fieldsOf(event.request);
			try {
				await saveAvatar(event.locals.supabase, id, await readAvatar(form.get('picture')));
			} catch (failure) {
				if (failure instanceof AvatarProblem) {
					return fail(422, { values, errors: { picture: failure.key } } as FormState);
				}
				const { status, key } = problemOf(failure);
				return fail(status, { values, errors: {}, problem: key } as FormState);
			}
			redirect(303, routesIn(event.locals.language).account('avatar'));
		});
	},
	remove_picture: async (event) => {
		const { id } = await requireAccount(event);
		try {
			await saveAvatar(event.locals.supabase, id, null);
		} catch (failure) {
			const { status, key } = problemOf(failure);
			return fail(status, { values, errors: {}, problem: key } as FormState);
		}
		redirect(303, routesIn(event.locals.language).account('avatar'));
	}
};
