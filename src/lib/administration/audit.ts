import { paged, past } from '#lib/list/cursor.ts';
import type { Page } from '#lib/list/cursor.ts';
import type { Client } from '#lib/supabase/client.ts';
import { unwrap } from '#lib/supabase/refusal.ts';
import type { Json } from '#lib/supabase/types.ts';
import { instantOf } from '#lib/time/clocks.ts';
import { addDays, defaultZone, localText } from '#lib/time/zone.ts';
import { changesOf } from './changes.ts';
import type { Change } from './changes.ts';
import { noteReading, perPage, providerNames } from './queries.ts';
import type { AuditList } from './schema.ts';

const columns =
	'id, at, actor_id, actor_role, action, table_name, row_id, provider_id, old_values, new_values' as const;

const newestFirst = (client: Client) =>
	client.from('audit_log').select(columns).order('at', { ascending: false }).order('id', { ascending: false });

type Row = NonNullable<Awaited<ReturnType<typeof newestFirst>>['data']>[number];

/** An entry of the log, with the names of who and what as far as they are known, and its moment by local clocks. */
export interface AuditEntry extends Omit<Row, 'old_values' | 'new_values' | 'actor_id'> {
	/** the account that acted; null for machines, visitors, and accounts that are deleted */
	actor_id: string | null;
	/** somebody acted whose account is deleted */
	actor_gone: boolean;
	/** from where, as long as the account is there */
	address: string | null;
	changes: Change[];
	local_at: string;
	actor: string | null;
	provider: { name: string; name_ar: string | null } | null;
}

/**
 * A page of the log, the newest first. What was only read is left out unless it is asked for: looking at a page would fill
 * it otherwise.
 */
export async function listAudit(client: Client, filter: AuditList): Promise<Page<AuditEntry>> {
	const accounts = [filter.actor, ...idsIn(filter.row ?? '')].filter((id) => id !== undefined);
	const people = accounts.length > 0 ? await peopleOf(client, { accounts }) : [];
	const pseudonymOf = (id: string) => people.find(({ account_id }) => account_id === id)?.pseudonym ?? id;
	let query = newestFirst(client).limit(perPage + 1);
	if (filter.table) query = query.eq('table_name', filter.table);
	query = filter.action ? query.eq('action', filter.action) : query.neq('action', 'read');
	if (filter.actor) query = query.eq('actor_id', pseudonymOf(filter.actor));
	if (filter.row) query = query.eq('row_id', filter.row.replace(uuids, pseudonymOf));
	if (filter.provider) query = query.eq('provider_id', filter.provider);
	const midnight = (day: string) => instantOf(day, '00:00', defaultZone).toISOString();
	if (filter.from) query = query.gte('at', midnight(filter.from));
	if (filter.to) query = query.lt('at', midnight(addDays(filter.to, 1)));
	if (filter.after) query = query.or(past('at', 'lt', filter.after));
	const { rows, next } = paged(unwrap(await query), perPage, ({ at, id }) => ({ at, id }));
	return { rows: await named(client, rows), next };
}

/** The last entries about a provider. */
export async function auditOfProvider(client: Client, id: string, limit = 5): Promise<AuditEntry[]> {
	const rows = newestFirst(client).eq('provider_id', id).neq('action', 'read').limit(limit);
	return named(client, unwrap(await rows));
}

/** The last entries about an account, done by it or to it. */
export async function auditOfAccount(client: Client, id: string, limit = 8): Promise<AuditEntry[]> {
	const [person] = await peopleOf(client, { accounts: [id] });
	if (!person) return [];
	const roles = ['moderator', 'admin', 'super_admin'].map((role) => `${person.pseudonym}/${role}`);
	const [by, account, role] = await Promise.all([
		newestFirst(client).eq('actor_id', person.pseudonym).neq('action', 'read').limit(limit),
		newestFirst(client).eq('table_name', 'auth.users').eq('row_id', person.pseudonym).limit(limit),
		newestFirst(client).eq('table_name', 'public.user_roles').in('row_id', roles).limit(limit)
	]);
	const rows = new Map([by, account, role].flatMap((answer) => unwrap(answer)).map((row) => [row.id, row]));
	const latest = [...rows.values()].sort((a, b) => Date.parse(b.at) - Date.parse(a.at)).slice(0, limit);
	return named(client, latest);
}

/** The entry that tells of the suspension in force of an account or a provider: who, when and why. */
export async function suspensionOf(client: Client, table: 'auth.users' | 'public.providers', id: string) {
	const [person] = table === 'auth.users' ? await peopleOf(client, { accounts: [id] }) : [];
	const row = person?.pseudonym ?? id;
	const rows = unwrap(
		await newestFirst(client).eq('table_name', table).eq('row_id', row).eq('action', 'suspended').limit(1)
	);
	return (await named(client, rows))[0] ?? null;
}

const uuids = /[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}/g;
const idsIn = (text: string): string[] => text.match(uuids) ?? [];

/** Who the people of the log are, by their pseudonyms or accounts; those who are deleted are left out. */
async function peopleOf(client: Client, asked: { pseudonyms?: string[]; accounts?: string[] }) {
	return unwrap(await client.rpc('people_in_audit', asked));
}

/** The tables whose rows are named by an account. */
const ofPeople = ['auth.users', 'auth.mfa_factors', 'auth.identities', 'public.user_roles', 'public.provider_members'];

/** The personal part of entries, which the log itself says were read. */
async function detailsOf(client: Client, entries: string[]) {
	if (entries.length === 0) return [];
	await noteReading(client, 'audit');
	return unwrap(await client.rpc('audit_details', { entries }));
}

async function named(client: Client, rows: Row[]): Promise<AuditEntry[]> {
	const pseudonyms = rows.flatMap(({ actor_id, table_name, row_id }) => [
		...(actor_id ? [actor_id] : []),
		...(ofPeople.includes(table_name) ? idsIn(row_id) : [])
	]);
	const [details, known, providers] = await Promise.all([
		detailsOf(
			client,
			rows.map(({ id }) => id)
		),
		pseudonyms.length > 0 ? peopleOf(client, { pseudonyms: [...new Set(pseudonyms)] }) : [],
		providerNames(
			client,
			rows.map(({ provider_id }) => provider_id)
		)
	]);
	const people = new Map(known.map((person) => [person.pseudonym, person]));
	return rows.map(({ old_values, new_values, actor_id, ...row }) => {
		const personal = details.filter(({ entry_id }) => entry_id === row.id);
		const who = actor_id === null ? undefined : people.get(actor_id);
		const whole = (side: 'old_values' | 'new_values', plain: Json | null): Json | null => {
			const parts = [plain, ...personal.map((one) => one[side])].filter((part) => part !== null);
			return parts.length > 0 ? (Object.assign({}, ...parts) as Json) : null;
		};
		return {
			...row,
			row_id: ofPeople.includes(row.table_name)
				? row.row_id.replace(uuids, (id) => people.get(id)?.account_id ?? id)
				: row.row_id,
			actor_id: who?.account_id ?? null,
			actor_gone: actor_id !== null && !who,
			address: personal.find(({ address }) => address !== null)?.address ?? null,
			changes: changesOf(whole('old_values', old_values), whole('new_values', new_values)),
			local_at: localText(row.at),
			actor: who?.full_name ?? null,
			provider: (row.provider_id && providers[row.provider_id]) || null
		};
	});
}
