import type { SupabaseClient } from '@supabase/supabase-js';
import type { Database } from './types.ts';

/** A Supabase client acting for one visitor or account; what it may read and write is decided by policies. */
export type Client = SupabaseClient<Database>;

export type Tables = Database['public']['Tables'];
export type Functions = Database['public']['Functions'];

/**
 * A composite type as our functions fill it: Postgres cannot say which attributes are never null, so the caller names
 * those that may be.
 */
export type Filled<Row, MayBeNull extends keyof Row = never> = {
	[Key in keyof Row]: Key extends MayBeNull ? Row[Key] : NonNullable<Row[Key]>;
};
