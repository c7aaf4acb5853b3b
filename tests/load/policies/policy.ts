import type { Sql } from 'postgres';

/** A policy as the database keeps it. */
export interface Policy {
	schema: string;
	table: string;
	name: string;
	permissive: string;
	roles: string[];
	action: 'SELECT' | 'INSERT' | 'UPDATE' | 'DELETE' | 'ALL';
	using: string | null;
	check: string | null;
}

/** The policies of ours: on the tables of the API, on files and on live topics. */
export async function readPolicies(sql: Sql): Promise<Policy[]> {
	return sql<Policy[]>`
		select schemaname as schema, tablename as table, policyname as name, permissive, roles::text[] as roles, cmd as action,
			qual as using, with_check as check
		from pg_policies
		where schemaname = 'public' or (schemaname, tablename) in (('storage', 'objects'), ('realtime', 'messages'))
		order by 1, 2, 3`;
}

const identifier = (name: string) => `"${name.replaceAll('"', '""')}"`;
const on = ({ name, schema, table }: Policy) => `${identifier(name)} on ${schema}.${identifier(table)}`;

export async function drop(sql: Sql, policy: Policy): Promise<void> {
	await sql.unsafe(`drop policy ${on(policy)}`);
}

/** Lets everybody whom the policy names through. */
export async function open(sql: Sql, policy: Policy): Promise<void> {
	const using = policy.using === null ? '' : 'using (true)';
	const check = policy.check === null ? '' : 'with check (true)';
	await sql.unsafe(`alter policy ${on(policy)} ${using} ${check}`);
}

/** Puts a policy back as it was, and raises where it is not. */
export async function restore(sql: Sql, policy: Policy): Promise<void> {
	const using = policy.using === null ? '' : `using (${policy.using})`;
	const check = policy.check === null ? '' : `with check (${policy.check})`;
	await sql.unsafe(`
		drop policy if exists ${on(policy)};
		create policy ${on(policy)} as ${policy.permissive} for ${policy.action} to ${policy.roles.map(identifier).join(', ')}
			${using} ${check}`);
	const back = (await readPolicies(sql)).find(
		(one) => one.name === policy.name && one.table === policy.table && one.schema === policy.schema
	);
	if (JSON.stringify(back) !== JSON.stringify(policy))
		throw new Error(`The policy ${on(policy)} could not be put back.`);
}
