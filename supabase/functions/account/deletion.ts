/** One bucket, as far as emptying it goes. */
export interface Bucket {
	list(
		folder: string,
		options: { limit: number }
	): Promise<{ data: { name: string }[]; error: null } | { data: null; error: Error }>;
	remove(paths: string[]): Promise<{ error: Error | null }>;
}

/** A row of `claim_file_removals`: a file, or with a / at its end all that is in a folder. */
export interface Removal {
	id: string;
	bucket: string;
	path: string;
}

const page = 100;

/** Removes all files of a folder. Raises what the storage says. */
async function empty(bucket: Bucket, folder: string): Promise<void> {
	for (;;) {
		const listed = await bucket.list(folder, { limit: page });
		if (listed.error) throw listed.error;
		if (listed.data.length === 0) return;
		const { error } = await bucket.remove(listed.data.map(({ name }) => `${folder}/${name}`));
		if (error) throw error;
		if (listed.data.length < page) return;
	}
}

/** Removes a file or what is in a folder; what is not there is gone already. Raises what the storage says. */
export async function remove(bucket: Bucket, path: string): Promise<void> {
	if (path.endsWith('/')) return empty(bucket, path.slice(0, -1));
	const { error } = await bucket.remove([path]);
	if (error) throw error;
}
