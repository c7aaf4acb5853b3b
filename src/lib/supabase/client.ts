import type { SupabaseClient } from '@supabase/supabase-js';
import type { Database } from './database.ts';

export type { Filled } from './database.ts';

/** A Supabase client acting for one visitor or account; what it may read and write is decided by policies. */
export type Client = SupabaseClient<Database>;

export type Tables = Database['public']['Tables'];
export type Functions = Database['public']['Functions'];
