import type { Context } from 'hono';
import type { ISql } from 'postgres';
import type { Env } from '../service.ts';

/** A connection or a transaction, as supabase_auth_admin. */
export type Database = ISql<Record<never, never>>;

/** What somebody asks of the service. */
export type AuthRequest = Context<Env>;
