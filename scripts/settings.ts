import { createHmac } from 'node:crypto';
import { dirname, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { defaultPorts as platformPorts, Failure, readConfig } from 'supabase-embedded';
import type { Config, Ports as PlatformPorts } from 'supabase-embedded';

/** The project's root folder. */
export const root = resolve(dirname(fileURLToPath(import.meta.url)), '..');

/** Where each part listens on 127.0.0.1. */
export interface Ports extends PlatformPorts {
	stripe: number;
	site: number;
}

const defaultPorts: Ports = { ...platformPorts, stripe: 12111, site: 3000 };

/** What the site and all that it stands on are started with. */
export interface Settings {
	/** where its data is kept */
	folder: string;
	ports: Ports;
	config: Config;
	/** false in tests: an unsynced database is faster, and its data is thrown away. */
	durable: boolean;
}

/** The project's config.toml, with the site's own addresses put in the place of the usual ones. */
export function configFor(sitePort: number): Config {
	const config = readConfig(root);
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
	return { folder, ports, config: configFor(ports.site), durable: true };
}

/** With what the site signs its visitors' addresses, from the secret key: both sides of the platform know that. */
export const siteSecret = (secretKey: string): string => createHmac('sha256', secretKey).update('site').digest('hex');
