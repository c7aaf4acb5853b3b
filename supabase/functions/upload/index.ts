import type { SupabaseClient } from '@supabase/supabase-js';
import { withSupabase } from '@supabase/server';
import { z } from 'zod';
import { call, callerOf, DatabaseError, failure } from '../_shared/database.ts';
import { readForm, typedFile } from './file.ts';

const input = z.discriminatedUnion('purpose', [
	z.object({ purpose: z.literal('avatar') }),
	z.object({ purpose: z.literal('document'), provider_id: z.guid(), kind: z.string().max(20) })
]);
type Input = z.infer<typeof input>;

/** Writes down that a file is there, with the caller's own rights. Raises DatabaseError. */
async function note(client: SupabaseClient, account: string, wanted: Input, path: string): Promise<void> {
	const { error } =
		wanted.purpose === 'avatar'
			? await client.from('profiles').update({ avatar_path: path }).eq('id', account).select('id').single()
			: await client.from('provider_documents').insert({ provider_id: wanted.provider_id, kind: wanted.kind, path });
	if (!error) return;
	if (/^PT4\d\d$/.test(error.code)) throw new DatabaseError(Number(error.code.slice(2)), error.message, error.message);
	if (error.code === '42501') throw new DatabaseError(403, 'not_allowed', 'not_allowed');
	// no kind of document
	if (error.code === '22P02') throw new DatabaseError(422, 'invalid_input', 'kind');
	throw new Error(`an upload could not be noted: ${error.code}`);
}

/**
 * The one way for files into Storage: a form with `purpose` (`avatar`, or `document` with `provider_id` and `kind`) and
 * `file` → 201 `{path}`. Whether the caller may, the database says; what the file is, its bytes say; its name is made
 * here, and it is written down in the same go: a profile's picture, a provider's document. Refusals are `{code, message}`:
 * invalid_input (the message names the field), not_allowed, not_found, rate_limited, limit_reached.
 */
export default {
	fetch: withSupabase({ auth: 'user' }, async (request, context) => {
		try {
			if (request.method !== 'POST')
				return Response.json({ code: 'method_not_allowed', message: 'POST only' }, { status: 405 });
			const form = await readForm(request);
			const parsed = input.safeParse(Object.fromEntries(form));
			if (!parsed.success)
				throw new DatabaseError(422, 'invalid_input', parsed.error.issues[0]?.path.join('.') || 'body');
			const wanted = parsed.data;
			const place = await call<{ bucket: string; name: string }>(
				context.supabase,
				'begin_upload',
				{ purpose: wanted.purpose, provider_id: wanted.purpose === 'document' ? wanted.provider_id : null },
				callerOf(request)
			);
			const { bytes, type, extension } = await typedFile(form.get('file'), wanted.purpose);
			const path = `${place.name}.${extension}`;
			const bucket = context.supabaseAdmin.storage.from(place.bucket);
			// A file is never changed and a new one has a new name: it may be kept for ever.
			const stored = await bucket.upload(path, bytes, { contentType: type, cacheControl: '31536000' });
			if (stored.error) throw stored.error;
			try {
				await note(context.supabase, context.userClaims!.id, wanted, path);
			} catch (error) {
				await bucket.remove([path]);
				throw error;
			}
			return Response.json({ path }, { status: 201 });
		} catch (error) {
			return failure(error);
		}
	})
};
