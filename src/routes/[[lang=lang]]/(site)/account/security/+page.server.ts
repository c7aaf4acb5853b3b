import { fail, redirect } from '@sveltejs/kit';
import type { RequestEvent } from '@sveltejs/kit';
import * as accounts from '#lib/accounts/commands.ts';
import { deviceOf } from '#lib/accounts/device.server.ts';
import { requireAccount } from '#lib/accounts/guard.server.ts';
import { problemOf } from '#lib/accounts/problems.ts';
import { listSessions, readUser } from '#lib/accounts/queries.ts';
import { endSessionSchema, methods, methodSchema } from '#lib/accounts/schema.ts';
import * as secondFactor from '#lib/accounts/second-factor.ts';
import { readForm } from '#lib/form/form.server.ts';
import { endpoints, routesIn, securityDeeds } from '#lib/routes.ts';
import type { SecurityDeed } from '#lib/routes.ts';
import { localText } from '#lib/time/zone.ts';
import type { Actions, PageServerLoad } from './$types';

export const load: PageServerLoad = async (event) => {
	await requireAccount(event);
	const { supabase } = event.locals;
	const [user, sessions, codesLeft] = await Promise.all([
		readUser(supabase),
		listSessions(supabase),
		secondFactor.countRecoveryCodes(supabase)
	]);
	const done = event.url.searchParams.get('done');
	return {
		done: securityDeeds.find((deed) => deed === done) ?? null,
		now: new Date().toISOString(),
		email: user.email ?? '',
		device: user.factors?.find(({ status }) => status === 'verified')?.friendly_name ?? null,
		codesLeft,
		methods: methods.map((provider) => {
			const identity = user.identities?.find((candidate) => candidate.provider === provider);
			const address: unknown = identity?.identity_data?.email;
			return { provider, linked: Boolean(identity), address: typeof address === 'string' ? address : null };
		}),
		/** with one way in there is none to give up */
		canUnlink: (user.identities?.length ?? 0) > 1,
		sessions: sessions.map(({ id, address, user_agent, started_at, last_seen_at, current }) => {
			const since = localText(started_at);
			return { id, address, device: deviceOf(user_agent), since, seen: last_seen_at, current };
		})
	};
};

/** Does something about the account's safety and says so, or says why not. */
async function perform(event: RequestEvent, deed: SecurityDeed, act: () => Promise<void>) {
	try {
		await act();
	} catch (failure) {
		const { status, key } = problemOf(failure);
		return fail(status, { problem: key });
	}
	redirect(303, routesIn(event.locals.language).security(deed));
}

export const actions: Actions = {
	remove_factor: async (event) => {
		await requireAccount(event);
		return perform(event, 'factor_removed', () => secondFactor.remove(event.locals.supabase));
	},
	end: async (event) => {
		await requireAccount(event);
		const form = await readForm(event.request, endSessionSchema);
		if (!form.ok) return fail(422, { problem: 'errors.invalid_input' as const });
		return perform(event, 'session_ended', () => accounts.endSession(event.locals.supabase, form.data.id));
	},
	end_others: async (event) => {
		await requireAccount(event);
		return perform(event, 'sessions_ended', () => accounts.endOtherSessions(event.locals.supabase));
	},
	link: async (event) => {
		await requireAccount(event);
		const form = await readForm(event.request, methodSchema);
		if (!form.ok) return fail(422, { problem: 'errors.invalid_input' as const });
		const back = new URL(endpoints.callback, event.url.origin);
		back.searchParams.set('next', routesIn(event.locals.language).security('method_linked'));
		let address: string;
		try {
			address = await accounts.linkMethod(event.locals.supabase, form.data.provider, back.href);
		} catch (failure) {
			const { status, key } = problemOf(failure);
			return fail(status, { problem: key });
		}
		redirect(303, address, { external: true });
	},
	unlink: async (event) => {
		await requireAccount(event);
		const form = await readForm(event.request, methodSchema);
		if (!form.ok) return fail(422, { problem: 'errors.invalid_input' as const });
		return perform(event, 'method_unlinked', () => accounts.unlinkMethod(event.locals.supabase, form.data.provider));
	}
};
