import type { JwtPayload, SupabaseClient } from '@supabase/supabase-js';
import type { Language } from '#lib/i18n/languages.ts';
import type { Theme } from '#lib/preferences.ts';
import type { Database } from '#lib/supabase/database.ts';

declare global {
	namespace App {
		interface Error {
			/** number of the log line, for what nobody foresaw */
			id?: string;
		}
		interface Locals {
			/** acts as the request's account, or as a visitor; made when first read */
			readonly supabase: SupabaseClient<Database>;
			/** the verified claims of the account, or null for a visitor */
			getClaims(): Promise<JwtPayload | null>;
			language: Language;
			theme: Theme;
		}
	}
}
