import { randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { SupabaseClient } from '@supabase/supabase-js';
import type { Sql } from 'postgres';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { mailTo } from 'supabase-embedded/testing';
import { database, newEmail, password, project, visitor } from 'supabase-embedded/testing';
import type { Database } from '../../src/lib/supabase/database.ts';

type Client = SupabaseClient<Database>;

/** What the deploy guide has people type into the SQL editor, statement by statement. */
const guide = readFileSync(join(import.meta.dirname, '../../README.md'), 'utf8').split('## On hosted Supabase')[1]!;
const statements = [...guide.matchAll(/```sql\n([\s\S]*?)```/g)]
	.flatMap(([, block]) => block!.split('\n'))
	.map((line) => line.trim())
	.filter(Boolean);
const settings: Record<string, string> = {
	functions_url: `${project.url}/functions/v1`,
	secret_key: project.secretKey,
	site_url: project.siteUrl,
	site_secret: randomUUID()
};

let sql: Sql;
const admin = newEmail('salma');
const owner = newEmail('youssef');

/** Runs the guide's statement with this in it, its example put right. */
async function followGuide(containing: string, example: RegExp, own: string): Promise<void> {
	const found = statements.filter((statement) => statement.includes(containing));
	expect(found).toHaveLength(1);
	expect(found[0]).toMatch(example);
	await sql.unsafe(found[0]!.replace(example, `'${own}'`));
}
const makeFirstAdmin = (email: string) => followGuide('make_first_admin', /'you@example\.com'/, email);

/** Signs up and, where told, follows the link in the mail: then the client is signed in. */
async function signUp(email: string, name: string): Promise<Client> {
	const client = visitor() as Client;
	const { error } = await client.auth.signUp({ email, password, options: { data: { full_name: name } } });
	expect(error).toBeNull();
	return client;
}
async function confirm(client: Client, email: string): Promise<void> {
	const { tokenHash } = await mailTo(email);
	const { error } = await client.auth.verifyOtp({ token_hash: tokenHash, type: 'email' });
	expect(error).toBeNull();
}

beforeAll(() => {
	sql = database();
});
afterAll(() => sql.end());

test('the migrations alone bring trades, towns, policies and words, and nobody’s demo', async () => {
	const { data: trades } = await (visitor() as Client).from('categories').select('slug');
	const { data: towns } = await (visitor() as Client).from('cities').select('slug');
	expect(trades!.length).toBeGreaterThan(10);
	expect(towns!.length).toBeGreaterThan(30);
	const [counts] = await sql`
		select
			(select count(*)::int from cancellation_policies) as policies, (select count(*)::int from templates) as templates,
			(select count(*)::int from booking_transitions) as transitions,
			(select count(*)::int from role_permissions) as permissions,
			(select count(*)::int from providers) as providers, (select count(*)::int from auth.users) as accounts`;
	expect(counts).toMatchObject({ providers: 0, accounts: 0 });
	for (const name of ['policies', 'templates', 'transitions', 'permissions']) expect(counts![name]).toBeGreaterThan(0);
});

test('every setting of the guide is taken', async () => {
	const named = statements.flatMap((statement) => /configure\('([a-z_]+)'/.exec(statement)?.[1] ?? []);
	expect(named.toSorted()).toEqual(Object.keys(settings).toSorted());
	for (const [name, value] of Object.entries(settings))
		await followGuide(`configure('${name}'`, /(?<=, )'[^']*'/, value);
	const rows = await sql<{ name: string; value: string }[]>`
		select name, value from private.settings where name = any(${Object.keys(settings)})`;
	expect(Object.fromEntries(rows.map(({ name, value }) => [name, value]))).toEqual(settings);
});

test('the first super admin is made once, of a proven account, on record, and by nobody of the API', async () => {
	await expect(makeFirstAdmin(admin)).rejects.toThrow('not_found');
	const client = await signUp(admin, 'Salma');
	await expect(makeFirstAdmin(admin)).rejects.toThrow('not_found');
	await confirm(client, admin);
	const { data: before } = await client.from('user_roles').select('role');
	expect(before).toEqual([]);

	await makeFirstAdmin(admin.toUpperCase());
	const { data: roles } = await client.from('user_roles').select('role');
	expect(roles).toEqual([{ role: 'super_admin' }]);
	const [entry] = await sql`select action, actor_id from audit_log where table_name = 'public.user_roles'`;
	expect(entry).toEqual({ action: 'insert', actor_id: null });

	await expect(makeFirstAdmin(admin)).rejects.toThrow('not_allowed');
	const [rights] = await sql`
		select array_agg(r) as who from unnest(array['anon', 'authenticated', 'service_role']) as r
		where has_function_privilege(r, 'private.make_first_admin(text)', 'execute')`;
	expect(rights!.who).toBeNull();
});

test('somebody becomes a provider, publishes, is found and booked, and the mails are on their way', async () => {
	const client = await signUp(owner, 'Youssef');
	await confirm(client, owner);
	const { data: made, error } = await client.rpc('start_provider', {
		business: {
			name: 'Plomberie du premier jour',
			category_slug: 'plomberie',
			city_slug: 'tetouan',
			district: 'Centre',
			address: '1 rue des Essais',
			phone: '06 12 34 56 78'
		},
		service: { name: 'Dépannage', duration_minutes: 60, price_minor: 20000, place: 'provider' },
		hours: [1, 2, 3, 4, 5, 6, 7].map((weekday) => ({ weekday, opens: '08:00', closes: '20:00' }))
	});
	expect(error).toBeNull();
	const { provider_id, slug } = made![0]!;
	expect((await client.rpc('publish_provider', { provider_id })).error).toBeNull();

	const guest = visitor() as Client;
	const { data: found } = await guest.rpc('search_providers', { q: 'سبااك تطوان' });
	expect(found!.map((row) => row.slug)).toEqual([slug]);
	const { data: service } = await guest.from('services').select('id').eq('provider_id', provider_id).single();
	const [days] =
		await sql`select (now() + interval '2 days')::date::text as from, (now() + interval '3 days')::date::text as to`;
	const { data: slots } = await guest.rpc('available_slots', {
		service_id: service!.id,
		from_date: days!.from as string,
		to_date: days!.to as string
	});
	const customer = newEmail('amina');
	const { data: booking, error: refused } = await guest.rpc('create_booking', {
		service_id: service!.id,
		starts_at: slots![0]!.starts_at,
		guest: { name: 'Amina', email: customer, phone: '06 98 76 54 32' },
		idempotency_key: randomUUID()
	});
	expect(refused).toBeNull();
	expect(booking!.status).toBe('pending');
	const mails = await sql`
		select kind, status from deliveries where recipient in (${customer}, ${owner}) order by kind`;
	expect(mails.map(({ kind }) => kind as string)).toEqual(['booking_received', 'booking_requested']);
	for (const { status } of mails) expect(['queued', 'sending', 'sent']).toContain(status);
});
