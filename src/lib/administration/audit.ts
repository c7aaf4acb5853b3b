import { paged, past } from '#lib/list/cursor.ts';
import type { Page } from '#lib/list/cursor.ts';
import type { Client } from '#lib/supabase/client.ts';
import { unwrap } from '#lib/supabase/refusal.ts';
import { instantOf } from '#lib/time/clocks.ts';
import { addDays, defaultZone, localText } from '#lib/time/zone.ts';
import { changesOf } from './changes.ts';
import type { Change } from './changes.ts';
import { namesOf, perPage, providerNames } from './queries.ts';
import type { AuditList } from './schema.ts';

const columns =
	'id, at, actor_id, actor_role, action, table_name, row_id, provider_id, old_values, new_values, address' as const;

const newestFirst = (client: Client) =>
	client.from('audit_log').select(columns).order('at', { ascending: false }).order('id', { ascending: false });

type Row = NonNullable<Awaited<ReturnType<typeof newestFirst>>['data']>[number];

/** An entry of the log, with the names of who and what as far as they are known, and its moment by local clocks. */
export interface AuditEntry extends Omit<Row, 'old_values' | 'new_values'> {
	changes: Change[];
	local_at: string;
	actor: string | null;
	provider: { name: string; name_ar: string | null } | null;
}

/** A page of the log, the newest first. */
export async function listAudit(client: Client, filter: AuditList): Promise<Page<AuditEntry>> {
	let query = newestFirst(client).limit(perPage + 1);
	if (filter.table) query = query.eq('table_name', filter.table);
	if (filter.action) query = query.eq('action', filter.action);
	if (filter.actor) query = query.eq('actor_id', filter.actor);
	if (filter.row) query = query.eq('row_id', filter.row);
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
	return named(client, unwrap(await newestFirst(client).eq('provider_id', id).limit(limit)));
}

/** The last entries about an account, done by it or to it. */
export async function auditOfAccount(client: Client, id: string, limit = 8): Promise<AuditEntry[]> {
	const roles = ['moderator', 'admin', 'super_admin'].map((role) => `${id}/${role}`);
	const [by, account, role] = await Promise.all([
		newestFirst(client).eq('actor_id', id).limit(limit),
		newestFirst(client).eq('table_name', 'auth.users').eq('row_id', id).limit(limit),
		newestFirst(client).eq('table_name', 'public.user_roles').in('row_id', roles).limit(limit)
	]);
	const rows = new Map([by, account, role].flatMap((answer) => unwrap(answer)).map((row) => [row.id, row]));
	const latest = [...rows.values()].sort((a, b) => Date.parse(b.at) - Date.parse(a.at)).slice(0, limit);
	return named(client, latest);
}

/** The entry that tells of the suspension in force of an account: who, when and why. */
export async function suspensionOf(client: Client, table: 'auth.users' | 'public.providers', id: string) {
	const rows = unwrap(
		await newestFirst(client).eq('table_name', table).eq('row_id', id).eq('action', 'suspended').limit(1)
	);
	return (await named(client, rows))[0] ?? null;
}

async function named(client: Client, rows: Row[]): Promise<AuditEntry[]> {
	const [people, providers] = await Promise.all([
		namesOf(
			client,
			rows.map(({ actor_id }) => actor_id)
		),
		providerNames(
			client,
			rows.map(({ provider_id }) => provider_id)
		)
	]);
	return rows.map(({ old_values, new_values, ...row }) => ({
		...row,
		changes: changesOf(old_values, new_values),
		local_at: localText(row.at),
		actor: (row.actor_id && people[row.actor_id]) || null,
		provider: (row.provider_id && providers[row.provider_id]) || null
	}));
}
