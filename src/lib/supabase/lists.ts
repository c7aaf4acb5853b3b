// The lists of the database, where the edge functions find them too.
export * from '../../../supabase/functions/_shared/lists.ts';
