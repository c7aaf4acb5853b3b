import { randomUUID } from 'node:crypto';
import type { TransactionSql, Sql } from 'postgres';
import { answered } from './database.ts';
import type { Identity } from './tokens.ts';

/** What a policy may look at: the session settings of one check. */
export interface Subject {
	identity: Identity;
	/** without `realtime:` */
	topic: string;
	/** names in lower case */
	headers: Record<string, string>;
}

export type Extension = 'broadcast' | 'presence';

/** Rights by extension; what was not asked is left out. */
export type Rights = Partial<Record<Extension, boolean>>;

/** Ends a transaction that must leave nothing behind. */
class RollBack extends Error {}

async function rolledBack(sql: Sql, work: (transaction: TransactionSql) => Promise<void>): Promise<void> {
	await sql
		.begin(async (transaction) => {
			await work(transaction);
			throw new RollBack();
		})
		.catch((error: unknown) => {
			if (!(error instanceof RollBack)) throw error;
		});
}

function assume(transaction: TransactionSql, { identity, topic, headers }: Subject) {
	return transaction`
		select
			set_config('role', ${identity.role}, true),
			set_config('realtime.topic', ${topic}, true),
			set_config('request.jwt.claims', ${JSON.stringify(identity.claims)}, true),
			set_config('request.jwt.claim.sub', ${identity.claims.sub ?? ''}, true),
			set_config('request.jwt.claim.role', ${identity.role}, true),
			set_config('request.headers', ${JSON.stringify(headers)}, true)`;
}

/**
 * Asks the policies whether the subject may listen: a row of each extension is put on the topic, and what the subject
 * can see of them is what it may read. Nothing stays. A policy that fails says no. Raises DatabaseUnavailable.
 */
export async function readRights(sql: Sql, subject: Subject, extensions: Extension[]): Promise<Rights> {
	const probes = extensions.map((extension) => ({ extension, id: randomUUID() }));
	let seen = new Set<string>();
	try {
		await rolledBack(sql, async (transaction) => {
			for (const { extension, id } of probes) {
				await transaction`
					insert into realtime.messages (id, topic, extension, inserted_at, updated_at)
					values (${id}, ${subject.topic}, ${extension}, now() at time zone 'utc', now() at time zone 'utc')`;
			}
			await assume(transaction, subject);
			const ids = probes.map(({ id }) => id);
			const rows = await transaction<{ id: string }[]>`
				select id from realtime.messages where id = any(string_to_array(${ids.join(',')}, ',')::uuid[])`;
			seen = new Set(rows.map(({ id }) => id));
		});
	} catch (error) {
		answered(error);
		seen = new Set();
	}
	return Object.fromEntries(probes.map(({ extension, id }) => [extension, seen.has(id)]));
}

/**
 * Asks the policies whether the subject may send: tries to insert a row of each extension as the subject. Nothing
 * stays. Raises DatabaseUnavailable, and the policy's own error when it fails in another way than by saying no.
 */
export async function writeRights(sql: Sql, subject: Subject): Promise<Required<Rights>> {
	const rights = { broadcast: false, presence: false };
	try {
		await rolledBack(sql, async (transaction) => {
			await assume(transaction, subject);
			for (const extension of ['broadcast', 'presence'] as const) {
				try {
					await transaction.savepoint(async (savepoint) => {
						await savepoint`insert into realtime.messages (topic, extension) values (${subject.topic}, ${extension})`;
					});
					rights[extension] = true;
				} catch (error) {
					if (answered(error) !== '42501') throw error;
				}
			}
		});
	} catch (error) {
		// A role that the database does not have may do nothing.
		if (answered(error) === '22023') return { broadcast: false, presence: false };
		throw error;
	}
	return rights;
}
