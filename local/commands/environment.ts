import { spawn } from 'node:child_process';
import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startPlatform } from '../platform.ts';
import type { Platform } from '../platform.ts';
import { freePort } from '../postgres/server.ts';
import { readConfig, root } from '../settings.ts';
import type { Ports } from '../settings.ts';

/** A platform on free ports with data in a temporary folder; `close` leaves nothing behind. */
export async function temporaryPlatform(verbose: boolean): Promise<Platform> {
	const folder = mkdtempSync(join(tmpdir(), 'khadamat-'));
	chmodSync(folder, 0o711); // the account Postgres runs under when we are root must get in
	const names: (keyof Ports)[] = ['api', 'db', 'studio', 'mail', 'smtp', 'stripe', 'site'];
	const ports = Object.fromEntries(await Promise.all(names.map(async (name) => [name, await freePort()]))) as unknown as Ports;
	try {
		const platform = await startPlatform({ folder, ports, config: readConfig(), durable: false }, (service, line) => {
			if (verbose) console.error(`[${service}] ${line}`);
		});
		return {
			...platform,
			close: async () => {
				await platform.close();
				rmSync(folder, { recursive: true, force: true });
			}
		};
	} catch (error) {
		rmSync(folder, { recursive: true, force: true });
		throw error;
	}
}

/** What tests need to know of a platform, as environment variables. */
export function platformEnvironment({ context }: Platform): Record<string, string> {
	return {
		SUPABASE_URL: context.apiUrl,
		SUPABASE_PUBLISHABLE_KEY: context.keys.publishable,
		SUPABASE_SECRET_KEY: context.keys.secret,
		SUPABASE_DB_URL: context.databaseUrl('postgres'),
		MAIL_URL: `http://127.0.0.1:${context.settings.ports.mail}`,
		SMTP_PORT: String(context.settings.ports.smtp),
		STRIPE_URL: `http://127.0.0.1:${context.settings.ports.stripe}`
	};
}

/** Runs a program of the project's own packages and resolves to its exit code. */
export function runProgram(program: string, args: string[], environment: Record<string, string> = {}): Promise<number> {
	return new Promise((resolve) => {
		const child = spawn(program, args, { cwd: root, stdio: 'inherit', env: { ...process.env, ...environment } });
		child.on('exit', (code) => resolve(code ?? 1));
	});
}
