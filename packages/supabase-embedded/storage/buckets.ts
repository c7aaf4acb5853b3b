import type { Caller } from '../service.ts';
import type { Bucket, Database } from './database.ts';
import { bucketNotFound, invalidRequest, StorageError, tooLarge } from './errors.ts';
import type { Files } from './files.ts';
import { checkName, parseSize } from './rules.ts';

interface Wanted {
	id?: string;
	name?: string;
	public?: boolean;
	file_size_limit?: number | string | null;
	allowed_mime_types?: string[] | null;
}

function sizeLimit(wanted: Wanted, most: number): number | null {
	if (wanted.file_size_limit === undefined || wanted.file_size_limit === null) return null;
	const limit = parseSize(wanted.file_size_limit);
	if (limit > most) throw tooLarge();
	return limit;
}

/** Buckets: made, listed, changed and removed as the caller, so that policies on storage.buckets decide. */
export function buckets(database: Database, files: Files, maxSize: number) {
	const read = (caller: Caller, id: string) =>
		database.as(caller, 'storage.bucket.get', async (sql) => {
			const [bucket] = await sql<Bucket[]>`
				select id, name, coalesce(owner::text, '') as owner, public, type, file_size_limit, allowed_mime_types, created_at, updated_at
				from storage.buckets where id = ${id}`;
			if (!bucket) throw bucketNotFound();
			return bucket;
		});

	return {
		read,

		list: (caller: Caller) =>
			database.as(
				caller,
				'storage.bucket.list',
				(sql) => sql<Bucket[]>`
					select id, name, coalesce(owner::text, '') as owner, public, type, file_size_limit, allowed_mime_types, created_at, updated_at
					from storage.buckets order by name`
			),

		create: async (caller: Caller, wanted: Wanted) => {
			const name = wanted.name ?? wanted.id ?? '';
			const id = wanted.id ?? name;
			checkName(id, 'bucket');
			const limit = sizeLimit(wanted, maxSize);
			const sub = caller.claims.sub ?? null;
			await database.as(
				caller,
				'storage.bucket.create',
				(sql) => sql`
					insert into storage.buckets (id, name, owner, owner_id, public, file_size_limit, allowed_mime_types)
					values (${id}, ${name}, ${sub}, ${sub}, ${wanted.public ?? false}, ${limit}, ${wanted.allowed_mime_types ?? null})`
			);
			return { name };
		},

		update: async (caller: Caller, id: string, wanted: Wanted) => {
			const limit = sizeLimit(wanted, maxSize);
			const changed = await database.as(
				caller,
				'storage.bucket.update',
				(sql) => sql`
					update storage.buckets set
						public = coalesce(${wanted.public ?? null}, public),
						file_size_limit = ${wanted.file_size_limit === undefined ? sql`file_size_limit` : limit},
						allowed_mime_types = ${wanted.allowed_mime_types === undefined ? sql`allowed_mime_types` : wanted.allowed_mime_types},
						updated_at = now()
					where id = ${id}`
			);
			if (changed.count === 0) throw bucketNotFound();
			return { message: 'Successfully updated' };
		},

		empty: async (caller: Caller, id: string) => {
			await read(caller, id);
			const removed = await database.as(
				caller,
				'storage.bucket.empty',
				(sql) => sql<{ version: string }[]>`delete from storage.objects where bucket_id = ${id} returning version`
			);
			files.remove(removed.map(({ version }) => version));
			return { message: 'Successfully emptied' };
		},

		remove: async (caller: Caller, id: string) => {
			await read(caller, id);
			const [kept] = await database.asOwner((sql) => sql`select from storage.objects where bucket_id = ${id} limit 1`);
			if (kept) throw new StorageError(409, 'InvalidRequest', 'The bucket you tried to delete is not empty');
			const removed = await database.as(
				caller,
				'storage.bucket.delete',
				(sql) => sql`delete from storage.buckets where id = ${id}`
			);
			if (removed.count === 0) throw bucketNotFound();
			return { message: 'Successfully deleted' };
		},

		/** The bucket as the service sees it, whoever asks. Raises 404. */
		find: async (id: string) => {
			if (!id) throw invalidRequest('A bucket is needed');
			const [bucket] = await database.asOwner((sql) => sql<Bucket[]>`select * from storage.buckets where id = ${id}`);
			if (!bucket) throw bucketNotFound();
			return bucket;
		}
	};
}

export type Buckets = ReturnType<typeof buckets>;
