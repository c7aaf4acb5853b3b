import { existsSync, mkdirSync, readFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parse } from 'smol-toml';

/** The project's root folder. */
export const root = resolve(dirname(fileURLToPath(import.meta.url)), '..');

/** Where each part listens on 127.0.0.1. The first five are the Supabase CLI's defaults. */
export interface Ports {
	api: number;
	db: number;
	studio: number;
	mail: number;
	smtp: number;
	stripe: number;
	site: number;
}

export const defaultPorts: Ports = {
	api: 54321,
	db: 54322,
	studio: 54323,
	mail: 54324,
	smtp: 54325,
	stripe: 12111,
	site: 3000
};

/** What one running platform is made of: its data folder, its ports and the project's config.toml. */
export interface Settings {
	folder: string;
	ports: Ports;
	config: Config;
	/** false in tests: an unsynced database is faster, and its data is thrown away. */
	durable: boolean;
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
		external?: Record<string, { enabled: boolean; client_id: string; secret: string; url?: string }>;
	};
	storage: { file_size_limit: string };
	functions: Record<string, { verify_jwt?: boolean; enabled?: boolean }>;
}

export function readConfig(): Config {
	return parse(readFileSync(join(root, 'supabase/config.toml'), 'utf8')) as unknown as Config;
}

/** The settings of `npm start` and `npm run dev`: one data folder, the CLI's ports. */
export function projectSettings(): Settings {
	const folder = join(root, '.khadamat');
	if (!existsSync(folder)) mkdirSync(folder, { recursive: true });
	return { folder, ports: defaultPorts, config: readConfig(), durable: true };
}
