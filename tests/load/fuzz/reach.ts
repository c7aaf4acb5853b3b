import type { Sql } from 'postgres';
import type { Scene } from './scene.ts';

/** One row written in the name of a caller. */
interface Write {
	table: string;
	op: 'INSERT' | 'UPDATE' | 'DELETE';
	caller: string | null;
	/** the businesses that the caller worked for, and those of them that the caller managed, when it was written */
	works: string[];
	manages: string[];
	/** the caller's roles on the platform, then */
	roles: string[];
	old: Row | null;
	new: Row | null;
	/** the row's key, as text */
	key: string;
}
type Row = Record<string, unknown>;

/** The columns that name a person, and the tables whose own id does. */
const personal = ['user_id', 'customer_id', 'sender_id', 'actor_id', 'author_id', 'account_id'];

/**
 * Rows that follow from what somebody does at a business: anybody may cause them there. In all other tables a row is
 * its owner's alone to write.
 */
const consequences = new Set([
	'bookings',
	'booking_events',
	'booking_seats',
	'occupancies',
	'waitlist_entries',
	'conversations',
	'messages',
	'notifications',
	'deliveries',
	'payments',
	'refunds',
	'ledger_entries',
	'promo_redemptions',
	'private.promo_terms',
	'audit_log',
	'audit_personal',
	'private.pseudonyms',
	'private.file_removals'
]);
/** Of those, the ones that tell people of what others did. */
const told = new Set(['notifications', 'deliveries', 'audit_log', 'audit_personal', 'private.pseudonyms']);
/** Columns that are counted from other rows, and change with them. */
const derived = new Set([
	'taken',
	'updated_at',
	'rating',
	'rating_count',
	'price_from_minor',
	'search_text',
	'search_skeletons',
	'last_message_at',
	'last_message_preview',
	'uses'
]);

/** Watches over what is written through REST: who wrote which row, by triggers in the database. */
export interface Watch {
	/** What a call wrote that its caller may not write, in words; none mostly. Forgets the call. */
	judge(mark: string): Promise<string[]>;
	/** Whether anything is written down that no call has answered for. */
	rest(): Promise<string[]>;
	close(): Promise<void>;
}

/**
 * Puts a trigger on each table of schemas public and private that writes down what is written in a request: by whom,
 * and for which call (header x-fuzz; `unmarked` ones too, as the site makes them). Counters of limits are nobody's
 * rows, and secrets come and go by triggers of the rows that they open, which are judged.
 */
export async function watch(scene: Scene, sql: Sql, unmarked: boolean): Promise<Watch> {
	await sql.unsafe(`
		drop schema if exists fuzz cascade;
		create schema fuzz;
		create table fuzz.writes (
			id bigserial primary key, mark text not null, caller uuid, works uuid[] not null, manages uuid[] not null,
			roles text[] not null, "table" text not null, op text not null, old jsonb, new jsonb, key text not null
		);
		create index on fuzz.writes (mark);
		create function fuzz.note() returns trigger language plpgsql security definer set search_path = '' as $$
		declare
			before jsonb := case when tg_op <> 'INSERT' then to_jsonb(old) end;
			after jsonb := case when tg_op <> 'DELETE' then to_jsonb(new) end;
			headers json := nullif(current_setting('request.headers', true), '');
			claims json := nullif(current_setting('request.jwt.claims', true), '');
			me uuid := (claims ->> 'sub')::uuid;
		begin
			if (${unmarked} or headers ->> 'x-fuzz' is not null) and claims ->> 'role' in ('anon', 'authenticated') then
				insert into fuzz.writes (mark, caller, works, manages, roles, "table", op, old, new, key)
				values (
					coalesce(headers ->> 'x-fuzz', ''),
					me,
					array(select provider_id from public.provider_members where user_id = me),
					array(select provider_id from public.provider_members where user_id = me and role in ('owner', 'manager')),
					array(select role from public.user_roles where user_id = me),
					case when tg_table_schema = 'public' then '' else tg_table_schema || '.' end || tg_table_name,
					tg_op, before, after,
					(select string_agg(coalesce(after, before) ->> k, ' ') from unnest(tg_argv) as k)
				);
			end if;
			return null;
		end $$;`);
	const tables = await sql<{ schema: string; name: string; key: string[] }[]>`
		select n.nspname as schema, c.relname as name,
			array(
				select a.attname from pg_index i join pg_attribute a on a.attrelid = c.oid and a.attnum = any (i.indkey)
				where i.indrelid = c.oid and i.indisprimary
			) as key
		from pg_class c join pg_namespace n on n.oid = c.relnamespace
		where n.nspname in ('public', 'private') and c.relkind = 'r'
			and c.relname not in ('rate_counters', 'sign_in_attempts', 'known_places', 'bearer_secrets')
			and exists (select from pg_index i where i.indrelid = c.oid and i.indisprimary)`;
	for (const { schema, name, key } of tables)
		await patiently(
			sql,
			`create trigger fuzz_note after insert or update or delete on "${schema}"."${name}"
			for each row execute function fuzz.note(${key.map((column) => `'${column}'`).join(', ')})`
		);

	const parents = await parentsOf(sql);
	const made = new Set<string>();
	const { own, callers } = scene;
	const nameOf = (id: string | null) =>
		Object.entries(callers).find(([, caller]) => caller.id === id)?.[0] ?? id ?? 'the visitor';

	/** People and businesses that a row belongs to: by its own columns, else by the rows it refers to. */
	const ownersOf = async (table: string, row: Row): Promise<{ people: Set<string>; businesses: Set<string> }> => {
		const people = peopleOf(table, row);
		// A mail is its recipient's, an invitation whose address it names.
		for (const { id, email } of Object.values(callers))
			if (id && (row.recipient ?? (table === 'invitations' && row.email)) === email) people.add(id);
		const businesses = new Set<string>();
		if (row.provider_id) businesses.add(String(row.provider_id));
		if (table === 'providers') businesses.add(String(row.id));
		if (people.size + businesses.size > 0) return { people, businesses };
		for (const { column, parent } of parents.get(table) ?? []) {
			if (!row[column]) continue;
			const [found] = await sql<{ row: Row }[]>`
				select to_jsonb(x) as row from ${sql(parent)} x where x.id = ${String(row[column])}`;
			if (!found) continue;
			const owners = await ownersOf(parent, found.row);
			for (const one of owners.people) people.add(one);
			for (const one of owners.businesses) businesses.add(one);
		}
		return { people, businesses };
	};

	const judgeOne = async (write: Write): Promise<string | null> => {
		const { table, op, caller } = write;
		const row = (write.old ?? write.new)!;
		const label = `${nameOf(caller)}: ${op.toLowerCase()} ${table} ${write.key}`;
		const known = made.has(`${table} ${write.key}`);
		if (op === 'INSERT') made.add(`${table} ${write.key}`);
		const changed =
			op === 'UPDATE'
				? Object.keys(write.new!).filter(
						(name) => JSON.stringify(write.new![name]) !== JSON.stringify(write.old![name])
					)
				: [];
		if (op === 'UPDATE' && changed.every((name) => derived.has(name))) return null;
		// Who goes is taken out of what they once did.
		if (op === 'UPDATE' && changed.every((name) => write.old![name] === caller && write.new![name] === null))
			return null;
		const detail = op === 'UPDATE' ? ` (${changed.join(', ')})` : '';
		const { people, businesses } = await ownersOf(table, row);
		const strangers = [...people].filter((id) => !own.accounts.has(id));
		const ofOurs =
			[...people].some((id) => own.accounts.has(id)) || [...businesses].some((id) => own.providers.has(id));
		// Gone together with the row that it belonged to, whose end is judged by itself.
		if (op === 'DELETE' && people.size + businesses.size === 0 && parents.has(table)) return null;
		// Who leaves a team, or is less in it, takes back what they could no longer send.
		if (op === 'DELETE' && table === 'invitations' && row.invited_by === caller) return null;
		if (ofStaff(write, changed)) return null;
		if (!consequences.has(table)) {
			// What is a person's is theirs to write; what is a business's, those' who manage it.
			const founded = table === 'providers' && op === 'INSERT';
			const managed = businesses.size > 0 && [...businesses].every((id) => write.manages.includes(id));
			const allowed = founded || (caller !== null && people.has(caller)) || managed;
			const handedOver = op === 'UPDATE' && !sameOwners(write.old!, write.new!);
			const before = write.old ? peopleOf(table, write.old) : new Set<string>();
			const forOthers =
				write.new !== null && [...peopleOf(table, write.new)].some((id) => !own.accounts.has(id) && !before.has(id));
			return allowed && !handedOver && !forOthers ? null : `${label}${detail}`;
		}
		if (op !== 'INSERT' && !known && !ofOurs) return `${label}${detail} of people who did not call`;
		if (op === 'INSERT' && strangers.length > 0 && !told.has(table))
			return `${label} in the name of ${strangers.join()}`;
		if (table === 'bookings' && op === 'UPDATE' && !lapsed(write)) {
			const { customer_id } = row;
			const member = write.works.includes(String(row.provider_id));
			if (customer_id !== null && customer_id !== caller && !member) return `${label}${detail} of another customer`;
		}
		return null;
	};

	const judgeAll = async (writes: Write[]) => {
		const breaches = [];
		for (const write of writes) breaches.push(await judgeOne(write));
		return breaches.filter((breach) => breach !== null);
	};

	return {
		judge: async (mark) =>
			judgeAll(
				await sql<Write[]>`
				with taken as (delete from fuzz.writes where mark = ${mark} returning *)
				select * from taken order by id`
			),
		rest: async () =>
			judgeAll(
				await sql<Write[]>`
				with taken as (delete from fuzz.writes returning *)
				select * from taken order by id`
			),
		close: async () => {
			for (const { schema, name } of tables) await patiently(sql, `drop trigger fuzz_note on "${schema}"."${name}"`);
			await sql.unsafe('drop schema fuzz cascade');
		}
	};
}

/**
 * Changes a table beside others who write: gives up its wait before they would line up behind it and lock each other out,
 * and tries again.
 */
async function patiently(sql: Sql, statement: string): Promise<void> {
	for (let tries = 1; ; tries++) {
		try {
			await sql.begin(async (transaction) => {
				await transaction`set local lock_timeout = '100ms'`;
				await transaction.unsafe(statement);
			});
			return;
		} catch (error) {
			if ((error as { code?: string }).code !== '55P03' || tries > 100) throw error;
			await new Promise((resolve) => setTimeout(resolve, 50));
		}
	}
}

/** What platform staff do to what is not theirs: the state of businesses, decisions on their papers, moderators. */
function ofStaff({ table, op, caller, roles, old, new: after }: Write, changed: string[]): boolean {
	if (roles.length === 0) return false;
	if (table === 'user_roles') {
		const { user_id, role } = (after ?? old)!;
		return op !== 'UPDATE' && roles.includes('admin') && role === 'moderator' && user_id !== caller;
	}
	const steered: Record<string, string[]> = {
		providers: ['status', 'verified_at', 'updated_at'],
		verifications: ['status', 'note', 'decided_at', 'decided_by']
	};
	return op === 'UPDATE' && changed.every((name) => steered[table]?.includes(name) ?? false);
}

/** People whom a row names in its own columns. */
function peopleOf(table: string, row: Row): Set<string> {
	const people = new Set(personal.flatMap((column) => (row[column] ? [String(row[column])] : [])));
	if (table === 'profiles') people.add(String(row.id));
	return people;
}

/** A row must not be handed to somebody else by changing its columns; a business may say whom its own rows are about. */
const sameOwners = (one: Row, other: Row) =>
	one.provider_id === other.provider_id &&
	('provider_id' in one || personal.every((column) => one[column] === other[column]));

/** A hold that has lapsed is ended by whoever comes next. */
const lapsed = ({ old, new: after }: Write) => old?.status === 'held' && after?.status === 'expired';

/** Which columns of a table refer to which other table, by id. */
async function parentsOf(sql: Sql): Promise<Map<string, { column: string; parent: string }[]>> {
	const rows = await sql<{ table: string; column: string; parent: string }[]>`
		select c.conrelid::regclass::text as table, a.attname as column, c.confrelid::regclass::text as parent
		from pg_constraint c
		join pg_attribute a on a.attrelid = c.conrelid and a.attnum = c.conkey[1]
		join pg_attribute f on f.attrelid = c.confrelid and f.attnum = c.confkey[1]
		where c.contype = 'f' and array_length(c.conkey, 1) = 1 and f.attname = 'id'
			and c.connamespace in ('public'::regnamespace, 'private'::regnamespace) and c.confrelid <> 'auth.users'::regclass`;
	return Map.groupBy(rows, ({ table }) => table);
}
