import { paged, past } from '#lib/list/cursor.ts';
import type { Cursor, Page } from '#lib/list/cursor.ts';
import type { Client, Filled, Functions } from '#lib/supabase/client.ts';
import { containing } from '#lib/supabase/pattern.ts';
import { fileAnswer } from '#lib/supabase/files.ts';
import type { One } from '#lib/supabase/lists.ts';
import { unwrap } from '#lib/supabase/refusal.ts';
import { platformRoles } from './vocabulary.ts';
import type { AccountList, ProviderList } from './schema.ts';
import type { Permission, PlatformRole } from './vocabulary.ts';

/** How many rows a page of each list holds. */
export const perPage = 25;
/** The platform roles of the caller, the highest first, and what they may do. */
export async function myRights(
	client: Client,
	userId: string
): Promise<{ roles: PlatformRole[]; permissions: Permission[] }> {
	const [mine, every] = await Promise.all([
		client.from('user_roles').select('role').eq('user_id', userId),
		client.from('role_permissions').select('role, permission')
	]);
	const held = unwrap(mine).map(({ role }) => role);
	const roles = platformRoles.filter((role) => held.includes(role));
	const permissions = unwrap(every)
		.filter(({ role }) => roles.includes(role))
		.map(({ permission }) => permission as Permission);
	return { roles, permissions: [...new Set(permissions)] };
}

/** True when the account has a platform role. For show only: the header leads staff to their area. */
export async function isStaff(client: Client, userId: string): Promise<boolean> {
	return unwrap(await client.from('user_roles').select('role').eq('user_id', userId).limit(1)).length > 0;
}

/** How many requests for verification wait, and since when the oldest does. */
export async function waitingVerifications(client: Client): Promise<{ count: number; oldest: string | null }> {
	const { data, error, count } = await client
		.from('verifications')
		.select('created_at', { count: 'exact' })
		.eq('status', 'waiting')
		.order('created_at')
		.limit(1);
	return { oldest: unwrap({ data, error })[0]?.created_at ?? null, count: count ?? 0 };
}

/** What the invariant checker found and has not seen mended, the newest first, and how many there are in all. */
export async function openFindings(client: Client) {
	const { data, error, count } = await client
		.from('invariant_findings')
		.select('id, rule, subject_id, found_at', { count: 'exact' })
		.is('resolved_at', null)
		.order('found_at', { ascending: false })
		.limit(20);
	return { rows: unwrap({ data, error }), total: count ?? 0 };
}

export async function countAccounts(client: Client): Promise<number> {
	return unwrap(await client.rpc('count_accounts'));
}

export async function countProviders(client: Client, status: One<'provider_status'>): Promise<number> {
	const { count, error } = await client
		.from('providers')
		.select('id', { count: 'exact', head: true })
		.eq('status', status);
	return unwrap({ data: count ?? 0, error });
}

export type AdminAccount = Filled<Functions['find_accounts']['Returns'][number], 'last_sign_in_at'>;

/** Says what is about to be read of people: the log has it before anything is shown. */
export async function noteReading(client: Client, subject: 'accounts' | 'owners' | 'audit'): Promise<void> {
	unwrap(await client.rpc('note_reading', { subject }));
}

/** Accounts by a part of their name or address, or by their id; the newest first. */
export async function listAccounts(client: Client, { q, after }: AccountList): Promise<Page<AdminAccount>> {
	await noteReading(client, 'accounts');
	const found: AdminAccount[] = unwrap(
		await client.rpc('find_accounts', { q, after: after?.at, after_id: after?.id, page_size: perPage + 1 })
	);
	return paged(found, perPage, ({ created_at, id }) => ({ at: created_at, id }));
}

/** One account, or null. */
export async function readAccount(client: Client, id: string): Promise<AdminAccount | null> {
	await noteReading(client, 'accounts');
	const found: AdminAccount[] = unwrap(await client.rpc('find_accounts', { q: id }));
	return found.find((account) => account.id === id) ?? null;
}

const providerColumns = `id, slug, name, name_ar, status, verified_at, created_at, district,
	city:cities(name_fr, name_ar, name_en), category:categories(name_fr, name_ar, name_en)` as const;

/** Providers by a part of their name or of their page's address, or by their id; the newest first. */
export async function listProviders(client: Client, { q, status, after }: ProviderList) {
	let query = client
		.from('providers')
		.select(providerColumns)
		.order('created_at', { ascending: false })
		.order('id', { ascending: false })
		.limit(perPage + 1);
	if (status) query = query.eq('status', status);
	if (q) {
		const exact = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(q) ? `,id.eq.${q}` : '';
		query = query.or(
			`name.ilike.${containing(q)},name_ar.ilike.${containing(q)},slug.ilike.${containing(slugOf(q))}${exact}`
		);
	}
	if (after) query = query.or(past('created_at', 'lt', after));
	return paged(unwrap(await query), perPage, ({ created_at, id }) => ({ at: created_at, id }));
}

/** What was typed as a slug would write it, so that accents and spaces do not matter; as it is where nothing is left. */
function slugOf(typed: string): string {
	const folded = typed
		.normalize('NFD')
		.replace(/\p{Mark}/gu, '')
		.toLowerCase()
		.replace(/[^a-z0-9]+/g, '-')
		.replace(/^-|-$/g, '');
	return folded || typed;
}

export type ListedProvider = Awaited<ReturnType<typeof listProviders>>['rows'][number];

/** One provider with what staff look at, or null. */
export async function readProvider(client: Client, id: string) {
	const { data, error } = await client
		.from('providers')
		.select(`${providerColumns}, address, phone, about_fr, about_ar, about_en, rating, rating_count, updated_at`)
		.eq('id', id)
		.maybeSingle();
	return unwrap({ data, error }) ?? null;
}

export type AdminProvider = NonNullable<Awaited<ReturnType<typeof readProvider>>>;

/** The owners of a provider: whose name its documents must bear. For those who verify. */
export async function ownersOf(client: Client, providerId: string) {
	await noteReading(client, 'owners');
	return unwrap(await client.rpc('provider_owners', { provider_id: providerId }));
}

export type Owner = Awaited<ReturnType<typeof ownersOf>>[number];

/** The names of some providers, as far as the caller may read them. */
export async function providerNames(client: Client, ids: (string | null)[]) {
	const wanted = [...new Set(ids)].filter((id) => id !== null);
	if (wanted.length === 0) return {};
	const rows = unwrap(await client.from('providers').select('id, name, name_ar').in('id', wanted));
	return Object.fromEntries(rows.map((row) => [row.id, row]));
}

/** Requests for verification that wait, the oldest first. */
export async function listWaiting(client: Client, after?: Cursor) {
	let query = client
		.from('verifications')
		.select(`id, created_at, provider:providers(${providerColumns})`)
		.eq('status', 'waiting')
		.order('created_at')
		.order('id')
		.limit(perPage + 1);
	if (after) query = query.or(past('created_at', 'gt', after));
	return paged(unwrap(await query), perPage, ({ created_at, id }) => ({ at: created_at, id }));
}

/** One request for verification, or null. */
export async function readVerification(client: Client, id: string) {
	const { data, error } = await client
		.from('verifications')
		.select('id, provider_id, status, note, created_at, decided_at')
		.eq('id', id)
		.maybeSingle();
	return unwrap({ data, error }) ?? null;
}

/** All requests of a provider, the newest first. */
export async function verificationsOf(client: Client, providerId: string) {
	return unwrap(
		await client
			.from('verifications')
			.select('id, status, note, created_at, decided_at')
			.eq('provider_id', providerId)
			.order('created_at', { ascending: false })
	);
}

export type Verification = Awaited<ReturnType<typeof verificationsOf>>[number];

/** A provider's documents. What is in them is read one by one, by `documentFile`. */
export async function documentsOf(client: Client, providerId: string) {
	const rows = unwrap(
		await client
			.from('provider_documents')
			.select('id, kind, path, created_at')
			.eq('provider_id', providerId)
			.order('created_at')
	);
	return rows.map(({ id, kind, path, created_at }) => ({ id, kind, created_at, pdf: path.endsWith('.pdf') }));
}

export type ProviderDocument = Awaited<ReturnType<typeof documentsOf>>[number];

/** A document's file, opened to the caller for this, which the log keeps; null where there is none. Raises Refusal. */
export async function documentFile(client: Client, providerId: string, id: string): Promise<Response | null> {
	const { data, error } = await client
		.from('provider_documents')
		.select('id, kind')
		.eq('provider_id', providerId)
		.eq('id', id)
		.maybeSingle();
	const found = unwrap({ data, error });
	if (!found) return null;
	const path = unwrap(await client.rpc('open_document', { document_id: found.id }));
	return fileAnswer(client, 'documents', path, `${found.kind}${/\.[a-z]+$/.exec(path)?.[0] ?? ''}`);
}

type FoundBooking = Filled<Functions['find_bookings']['Returns'][number], 'provider_name_ar'>;

/** Bookings by their whole reference, as people read it out. */
export async function findBookings(client: Client, reference: string): Promise<FoundBooking[]> {
	return unwrap(await client.rpc('find_bookings', { q: reference }));
}

type StartRequest = Filled<
	Functions['waiting_start_requests']['Returns'][number],
	'town' | 'category_name_fr' | 'category_name_ar' | 'category_name_en' | 'self_service'
>;

/** What people who begin have asked for and nobody has answered, the oldest first, and how many there are in all. */
export async function startRequests(client: Client): Promise<{ rows: StartRequest[]; total: number }> {
	const rows: StartRequest[] = unwrap(await client.rpc('waiting_start_requests'));
	return { rows, total: rows[0]?.total ?? 0 };
}
