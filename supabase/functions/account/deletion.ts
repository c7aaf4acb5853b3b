import { DatabaseError } from '../_shared/database.ts';

/** What `account_deletion_obstacles` gives. */
export interface Obstacles {
	/** names of providers that would be left without an owner */
	last_owner_of: string[];
	upcoming_bookings: number;
}

/** One bucket, as far as emptying a folder of it goes. */
export interface Bucket {
	list(
		folder: string,
		options: { limit: number }
	): Promise<{ data: { name: string }[]; error: null } | { data: null; error: Error }>;
	remove(paths: string[]): Promise<{ error: Error | null }>;
}

const page = 100;

/** Raises DatabaseError, as the deletion itself would: last_owner, or invalid_transition with bookings to come. */
export function assertFree({ last_owner_of: owned, upcoming_bookings: bookings }: Obstacles): void {
	if (owned.length > 0) throw new DatabaseError(409, 'last_owner', 'last_owner');
	if (bookings > 0) throw new DatabaseError(409, 'invalid_transition', 'invalid_transition');
}

/** Removes all files of a folder. Raises what the storage says. */
export async function empty(bucket: Bucket, folder: string): Promise<void> {
	for (;;) {
		const listed = await bucket.list(folder, { limit: page });
		if (listed.error) throw listed.error;
		if (listed.data.length === 0) return;
		const { error } = await bucket.remove(listed.data.map(({ name }) => `${folder}/${name}`));
		if (error) throw error;
		if (listed.data.length < page) return;
	}
}
