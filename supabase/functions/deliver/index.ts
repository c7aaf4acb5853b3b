// Sends what is due. Called by the database with the secret key, on schedule and when something new waits.
import { withSupabase } from '@supabase/server';
import { createMailer, senderOf } from '../_shared/mail.ts';
import { createChannels, deliver } from './deliver.ts';

const environment = Deno.env.toObject();
const channels = createChannels(createMailer(environment), {
	from: senderOf(environment).address,
	siteUrl: environment.SITE_URL
});

export default {
	fetch: withSupabase({ auth: ['secret', 'user'] }, async (_request, { supabaseAdmin, authMode }) => {
		if (authMode !== 'secret') return Response.json({ code: 'not_allowed' }, { status: 403 });
		try {
			return Response.json(await deliver((name, parameters) => supabaseAdmin.rpc(name, parameters), channels));
		} catch (error) {
			// Not its words: they may name somebody.
			console.error('deliver:', (error as Error).name);
			return Response.json({ code: 'database_unavailable' }, { status: 502 });
		}
	})
};
