import { readFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parse } from 'smol-toml';
import { Failure } from './failure.ts';

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
		/** how much one address may ask for, by what */
		rate_limit?: Record<string, number>;
		/** values may name a variable: "env(NAME)" */
		external?: Record<string, { enabled: boolean; client_id: string; secret: string; redirect_uri?: string }>;
	};
	storage: { file_size_limit: string };
	functions: Record<string, { verify_jwt?: boolean; enabled?: boolean }>;
}

/** The project's config.toml, with the site's own addresses put in the place of the usual ones. */
export function readConfig(sitePort = defaultPorts.site): Config {
	const config = parse(readFileSync(join(root, 'supabase/config.toml'), 'utf8')) as unknown as Config;
	if (sitePort === defaultPorts.site) return config;
	config.auth.site_url = `http://localhost:${sitePort}`;
	config.auth.additional_redirect_urls.push(`http://localhost:${sitePort}/**`, `http://127.0.0.1:${sitePort}/**`);
	return config;
}

/** Seven ports in a row, the site's first. */
function portsFrom(base: number): Ports {
	const [site, api, db, studio, mail, smtp, stripe] = [0, 1, 2, 3, 4, 5, 6].map((step) => base + step) as [
		number,
		number,
		number,
		number,
		number,
		number,
		number
	];
	return { site, api, db, studio, mail, smtp, stripe };
}

/**
 * The settings of `npm start` and `npm run dev`: one data folder, the CLI's ports. KHADAMAT_FOLDER names another folder,
 * KHADAMAT_PORT_BASE the first of seven other ports; `sitePort` is where the site is when neither says so.
 */
export function projectSettings(sitePort = defaultPorts.site): Settings {
	const folder = resolve(root, process.env.KHADAMAT_FOLDER || '.khadamat');
	const base = process.env.KHADAMAT_PORT_BASE;
	if (base && !(/^\d+$/.test(base) && Number(base) >= 1024 && Number(base) <= 65_529)) {
		throw new Failure(`KHADAMAT_PORT_BASE is "${base}": it must be a number from 1024 to 65529.`);
	}
	const ports = base ? portsFrom(Number(base)) : { ...defaultPorts, site: sitePort };
	return { folder, ports, config: readConfig(ports.site), durable: true };
}
