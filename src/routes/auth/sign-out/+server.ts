import { redirect } from '@sveltejs/kit';
import { fieldsOf } from '#lib/form/form.server.ts';
import { safeNext } from '#lib/routes.ts';
import { bringsSession } from '#lib/supabase/session-cookie.ts';
import { forgetSession } from '#lib/supabase/session.server.ts';

/** Ends the session on this device. */
export const POST = async (event) => {
	const form = await fieldsOf(event.request);
	if (bringsSession(event)) {
		await event.locals.supabase.auth.signOut({ scope: 'local' });
		forgetSession(event);
	}
	redirect(303, safeNext(String(form.get('next') ?? ''), event.url.origin) ?? '/');
};
