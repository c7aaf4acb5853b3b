import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'smol-toml';
import type { Keys } from './keys.ts';

/** Where each service listens on 127.0.0.1. */
export interface Ports {
	api: number;
	db: number;
	studio: number;
	mail: number;
	smtp: number;
}

/** The Supabase CLI's own. */
export const defaultPorts: Ports = { api: 54321, db: 54322, studio: 54323, mail: 54324, smtp: 54325 };

/** What one platform is made of. */
export interface Settings {
	/** the project's root: `supabase/` with config.toml, functions and templates, and `node_modules` with their packages */
	project: string;
	/** whose name its pages and mails bear */
	brand: string;
	/** where it keeps its data */
	folder: string;
	ports: Ports;
	config: Config;
	/** false in tests: an unsynced database is faster, and its data is thrown away. */
	durable: boolean;
	/**
	 * Puts the project's zone files in the place of those in the folder of the server's installation. Gives whether it could.
	 */
	installZones?(folder: string): boolean;
	/**
	 * What the project's functions find in their environment beside what hosted projects give them: where its doubles of
	 * other services are. The project's own `supabase/functions/.env` wins over it.
	 */
	functionEnvironment?(keys: Keys): Record<string, string>;
}

/** The parts of supabase/config.toml that the embedded platform honours; same keys, same units as the CLI. */
export interface Config {
	api: { max_rows: number; schemas: string[]; extra_search_path: string[] };
	auth: {
		site_url: string;
		additional_redirect_urls: string[];
		/** seconds */
		jwt_expiry: number;
		enable_refresh_token_rotation: boolean;
		/** seconds */
		refresh_token_reuse_interval: number;
		enable_signup: boolean;
		minimum_password_length: number;
		email: {
			enable_signup: boolean;
			double_confirm_changes: boolean;
			enable_confirmations: boolean;
			/** a duration such as "1s" */
			max_frequency: string;
			otp_length: number;
			/** seconds */
			otp_expiry: number;
			template?: Record<string, { subject: string; content_path: string }>;
		};
		/** how much one address may ask for, by what */
		rate_limit?: Record<string, number>;
		/** values may name a variable: "env(NAME)" */
		external?: Record<string, { enabled: boolean; client_id: string; secret: string; redirect_uri?: string }>;
	};
	storage: { file_size_limit: string };
	functions: Record<string, { verify_jwt?: boolean; enabled?: boolean }>;
}

/** The config.toml of the project in a folder. */
export function readConfig(project: string): Config {
	return parse(readFileSync(join(project, 'supabase/config.toml'), 'utf8')) as unknown as Config;
}
