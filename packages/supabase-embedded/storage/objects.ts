import { randomUUID } from 'node:crypto';
import type { Caller } from '../service.ts';
import type { Buckets } from './buckets.ts';
import type { Database, StoredObject } from './database.ts';
import { invalidRequest, objectNotFound } from './errors.ts';
import type { Files } from './files.ts';
import { checkName } from './rules.ts';

interface ListOptions {
	prefix?: string;
	limit?: number;
	offset?: number;
	search?: string;
	sortBy?: { column?: string; order?: string };
}

interface Transfer {
	bucketId: string;
	sourceKey: string;
	destinationKey: string;
	destinationBucket?: string;
	copyMetadata?: boolean;
}

const sortable = new Set(['name', 'updated_at', 'created_at', 'last_accessed_at']);
const escapeLike = (text: string) => text.replace(/[\\%_]/g, '\\$&');

/** Objects: found, listed, moved, copied and removed as the caller, so that policies on storage.objects decide. */
export function objects(database: Database, files: Files, buckets: Buckets) {
	return {
		/** The object, if the caller may have it for this operation. Raises 404. */
		find: async (
			caller: Caller,
			bucketId: string,
			name: string,
			operation = 'storage.object.get_authenticated'
		): Promise<StoredObject> => {
			const [object] = await database.as(
				caller,
				operation,
				(sql) => sql<StoredObject[]>`select * from storage.objects where bucket_id = ${bucketId} and name = ${name}`
			);
			if (!object) throw objectNotFound();
			return object;
		},

		/** The object for whoever holds its public or signed address. Raises 404. */
		findAny: async (bucketId: string, name: string): Promise<StoredObject> => {
			const [object] = await database.asOwner(
				(sql) => sql<StoredObject[]>`select * from storage.objects where bucket_id = ${bucketId} and name = ${name}`
			);
			if (!object) throw objectNotFound();
			return object;
		},

		/** Asks the policies whether the caller may upload under this name, and writes nothing. Raises 403 and 409. */
		mayUpload: async (caller: Caller, bucketId: string, name: string, upsert: boolean): Promise<void> => {
			const sub = caller.claims.sub ?? null;
			const allowed = Symbol('allowed');
			await database
				.as(caller, 'storage.object.sign_upload_url', async (sql) => {
					await sql`
						insert into storage.objects (bucket_id, name, owner, owner_id, version) values (${bucketId}, ${name}, ${sub}, ${sub}, '1')
						${upsert ? sql`on conflict (bucket_id, name) do update set version = excluded.version` : sql``}`;
					throw allowed;
				})
				.catch((reason: unknown) => {
					if (reason !== allowed) throw reason;
				});
		},

		/** One level below a prefix: folders first, as names without an id, then objects; names are relative. */
		list: (caller: Caller, bucketId: string, options: ListOptions) => {
			const prefix = options.prefix && !options.prefix.endsWith('/') ? `${options.prefix}/` : (options.prefix ?? '');
			const column = options.sortBy?.column ?? 'name';
			const order = options.sortBy?.order ?? 'asc';
			if (!sortable.has(column) || !/^(asc|desc)$/.test(order))
				throw invalidRequest('body/sortBy must name a column and asc or desc');
			return database.as(
				caller,
				'storage.object.list',
				(sql) => sql`
					with found as (
						select split_part(substr(name, ${prefix.length + 1}), '/', 1) as entry, strpos(substr(name, ${prefix.length + 1}), '/') > 0 as folder,
							id, updated_at, created_at, last_accessed_at, metadata
						from storage.objects
						where bucket_id = ${bucketId} and name like ${`${escapeLike(prefix)}%`}
							and substr(name, ${prefix.length + 1}) ilike ${`${escapeLike(options.search ?? '')}%`}
					), entries as (
						select distinct entry, true as folder, null::uuid as id, null::timestamptz as updated_at, null::timestamptz as created_at,
							null::timestamptz as last_accessed_at, null::jsonb as metadata
						from found where folder
						union all
						select entry, false, id, updated_at, created_at, last_accessed_at, metadata from found where not folder
					)
					select entry as name, id, updated_at, created_at, last_accessed_at, metadata from entries
					order by folder desc, ${sql(column === 'name' ? 'entry' : column)} ${order === 'asc' ? sql`asc` : sql`desc`}, entry
					limit ${options.limit ?? 100} offset ${options.offset ?? 0}`
			);
		},

		/** Removes those of the names that the caller may delete, and gives them back. */
		remove: async (caller: Caller, bucketId: string, names: string[]): Promise<StoredObject[]> => {
			const removed = await database.as(
				caller,
				'storage.object.delete_many',
				(sql) =>
					sql<
						StoredObject[]
					>`delete from storage.objects where bucket_id = ${bucketId} and name = any (${names}) returning *`
			);
			files.remove(removed.map(({ version }) => version));
			return [...removed];
		},

		move: async (caller: Caller, transfer: Transfer) => {
			const destination = transfer.destinationBucket ?? transfer.bucketId;
			checkName(transfer.destinationKey, 'object');
			await buckets.find(destination);
			const [moved] = await database.as(caller, 'storage.object.move', async (sql) => {
				// Policies are asked for the object to read first: one that is not there and one that is hidden look the same.
				const found =
					await sql`select from storage.objects where bucket_id = ${transfer.bucketId} and name = ${transfer.sourceKey}`;
				if (found.count === 0) throw objectNotFound();
				return sql<StoredObject[]>`
					update storage.objects set name = ${transfer.destinationKey}, bucket_id = ${destination}
					where bucket_id = ${transfer.bucketId} and name = ${transfer.sourceKey} returning *`;
			});
			if (!moved) throw objectNotFound();
			return { message: 'Successfully moved', Id: moved.id, Key: `${destination}/${moved.name}` };
		},

		copy: async (caller: Caller, transfer: Transfer) => {
			const destination = transfer.destinationBucket ?? transfer.bucketId;
			checkName(transfer.destinationKey, 'object');
			await buckets.find(destination);
			const id = randomUUID();
			const version = randomUUID();
			const sub = caller.claims.sub ?? null;
			try {
				await database.as(caller, 'storage.object.copy', async (sql) => {
					const [source] = await sql<
						StoredObject[]
					>`select * from storage.objects where bucket_id = ${transfer.bucketId} and name = ${transfer.sourceKey}`;
					if (!source) throw objectNotFound();
					const own = transfer.copyMetadata === false ? null : source.user_metadata;
					await sql`
						insert into storage.objects (id, bucket_id, name, owner, owner_id, version, metadata, user_metadata)
						values (${id}, ${destination}, ${transfer.destinationKey}, ${sub}, ${sub}, ${version}, ${sql.json(source.metadata as never)}, ${own && sql.json(own as never)})`;
					files.copy(source.version, version);
				});
			} catch (error) {
				files.remove([version]);
				throw error;
			}
			return { Id: id, Key: `${destination}/${transfer.destinationKey}` };
		}
	};
}
