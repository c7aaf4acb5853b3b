import { service } from 'supabase-embedded/testing';
import { asCaller } from './blind.ts';
import { callers, marksOf } from './notation.ts';
import type { Caller, FileAction, Kind } from './notation.ts';
import type { Scene } from './scene.ts';
import { clientOf } from './tables.ts';

/** The folder of each kind of file, by bucket. */
const provider = {
	'in the provider’s folder': (scene: Scene) => scene.published.id,
	'in a suspended provider’s folder': (scene: Scene) => scene.suspended.id,
	'outside of any': () => 'elsewhere',
	'under another name than the server’s': (scene: Scene) => `${scene.published.id}/papers`
};
const folders: Record<string, Record<string, (scene: Scene, client: string) => string>> = {
	photos: provider,
	documents: provider,
	avatars: {
		'in the client’s folder': (_, client) => client,
		'outside of any': () => 'elsewhere',
		'under another name than the server’s': (_, client) => `${client}/papers`
	}
};

const picture = (bytes: number[]) => new Blob([new Uint8Array(bytes)], { type: 'image/webp' });

interface Try {
	scene: Scene;
	bucket: string;
	caller: Caller;
	/** a path that nothing else has; there is a file unless it is to be uploaded */
	path: string;
}

/** What an object's row says of its content; undefined where there is none. */
async function look({ scene, bucket, path }: Try): Promise<string | undefined> {
	const [row] = await scene.db<{ tag: string }[]>`
		select coalesce(version, '') || coalesce(metadata ->> 'eTag', '') as tag
		from storage.objects where bucket_id = ${bucket} and name = ${path}`;
	return row?.tag;
}

const files = ({ scene, bucket, caller }: Try) => scene.as[caller].storage.from(bucket);

const tries: Record<FileAction, (one: Try) => Promise<boolean>> = {
	upload: async (one) => {
		await files(one).upload(one.path, picture([1]));
		return (await look(one)) !== undefined;
	},
	replace: async (one) => {
		const before = await look(one);
		await files(one).upload(one.path, picture([2]), { upsert: true });
		await files(one).update(one.path, picture([3]));
		return (await look(one)) !== before;
	},
	read: async (one) => (await files(one).download(one.path)).error === null,
	list: async (one) => {
		const [, folder, name] = /^(.*)\/([^/]*)$/.exec(one.path)!;
		const { data } = await files(one).list(folder);
		return data?.some((file) => file.name === name) ?? false;
	},
	delete: async (one) => {
		await files(one).remove([one.path]);
		return (await look(one)) === undefined;
	}
};

/** Tries one line of a bucket as each caller, each on a file of its own. Returns what was not as declared. */
export async function tryFiles(scene: Scene, bucket: string, kind: Kind, action: FileAction): Promise<string[]> {
	const owner = service().storage.from(bucket);
	const surprises = await Promise.all(
		callers.map(async (caller) => {
			const folder = folders[bucket]?.[kind.name]?.(scene, clientOf(scene, caller));
			if (!folder) throw new Error(`storage.ts does not say where files of ${bucket} are: ${kind.name}.`);
			const one: Try = { scene, bucket, caller, path: `${folder}/${crypto.randomUUID()}.webp` };
			if (action !== 'upload') {
				const made = await owner.upload(one.path, picture([1]));
				if (made.error) throw made.error;
			}
			const worked = await tries[action](one);
			await owner.remove([one.path]);
			const may = marksOf(kind, action)[caller] === '✓';
			if (worked === may) return null;
			return `${bucket}, ${kind.name}: ${caller} ${action}: ${may ? 'may, but did not succeed' : 'may not, but did'}`;
		})
	);
	return surprises.filter((one) => one !== null);
}

/** Reads a file by its public address, as anybody may of a public bucket and nobody of another. */
export async function readByAddress(scene: Scene, bucket: string): Promise<boolean> {
	const owner = service().storage.from(bucket);
	const path = `${scene.published.id}/${crypto.randomUUID()}.webp`;
	await owner.upload(path, picture([1]));
	const { status } = await fetch(owner.getPublicUrl(path).data.publicUrl);
	await owner.remove([path]);
	return status === 200;
}

/** Deletes all rows of files that the policies let through, as each account, and takes it back: see blind.ts. */
export async function deleteFilesBlindly(scene: Scene, bucket: string, kinds: Kind[]): Promise<string[]> {
	const owner = service().storage.from(bucket);
	const surprises: string[] = [];
	for (const kind of kinds) {
		for (const caller of callers.filter((one) => one !== 'anonymous')) {
			const path = `${folders[bucket]![kind.name]!(scene, clientOf(scene, caller))}/${crypto.randomUUID()}.webp`;
			await owner.upload(path, picture([1]));
			const gone = await asCaller(scene, caller, async (sql) => {
				await sql`select set_config('storage.allow_delete_query', 'true', true)`;
				await sql`delete from storage.objects`;
				await sql`reset role`;
				return (await sql`select from storage.objects where bucket_id = ${bucket} and name = ${path}`).length === 0;
			});
			await owner.remove([path]);
			const may = marksOf(kind, 'delete')[caller] === '✓';
			if (gone !== may)
				surprises.push(
					`${bucket}, ${kind.name}: ${caller} delete without a filter: ${may ? 'may, but did not succeed' : 'may not, but did'}`
				);
		}
	}
	return surprises;
}
