import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import type { Context } from './context.ts';
import { createAuth } from './auth/index.ts';
import { createCron } from './cron/index.ts';
import { installExtensions } from './cron/install.ts';
import { Failure } from './failure.ts';
import { createFunctions } from './functions/index.ts';
import { createGateway } from './gateway.ts';
import { createIdentity } from './identity/index.ts';
import { loadKeys } from './keys.ts';
import { createMail } from './mail/index.ts';
import { bootstrap, databaseUrl } from './postgres/bootstrap.ts';
import { listening, startServer } from './postgres/server.ts';
import type { Server } from './postgres/server.ts';
import { createRealtime } from './realtime/index.ts';
import { createRest } from './rest/index.ts';
import type { Settings } from './settings.ts';
import { createStorage } from './storage/index.ts';
import { createStudio } from './studio/index.ts';

export interface Platform {
	context: Context;
	database: Server;
	/** true when the database was made by this start */
	fresh: boolean;
	close(): Promise<void>;
}

/** How long a service may take to stop, in milliseconds: one that waits for a lost connection must not hold up the rest. */
const stopLimit = 5000;

const portNames: Record<string, string> = {
	api: 'API',
	db: 'database',
	studio: 'Studio',
	mail: 'mail page',
	smtp: 'mail'
};

/** Raises a Failure for the first of the ports, by what would listen there, that is taken. */
export async function checkPorts(ports: Record<string, number>): Promise<void> {
	for (const [name, port] of Object.entries(ports)) {
		if (await listening(port)) {
			throw new Failure(
				`Port ${port} (${portNames[name] ?? name}) is in use. Another copy may be running, or another program; end it and start again.`
			);
		}
	}
}

/** Starts every service of the embedded platform. What was started is stopped again when a later part fails. */
export async function startPlatform(settings: Settings, log: Context['log']): Promise<Platform> {
	await checkPorts({ ...settings.ports });
	mkdirSync(settings.folder, { recursive: true });
	const keys = await loadKeys(settings.folder);
	const started: (() => Promise<void>)[] = [];
	const close = async () => {
		for (const stop of started.splice(0).reverse()) await stop();
	};

	try {
		await installExtensions();
		const database = await startServer({
			folder: join(settings.folder, 'postgres'),
			port: settings.ports.db,
			password: keys.databasePassword,
			durable: settings.durable,
			installZones: settings.installZones,
			log: (line) => log('postgres', line)
		});
		started.push(() => database.stop());
		const { fresh } = await bootstrap(settings.ports.db, keys.databasePassword, settings.folder);

		const context: Context = {
			settings,
			keys,
			apiUrl: `http://127.0.0.1:${settings.ports.api}`,
			databaseUrl: (role) => databaseUrl(settings.ports.db, keys.databasePassword, role),
			folder: (name) => {
				const path = join(settings.folder, name);
				mkdirSync(path, { recursive: true });
				return path;
			},
			log
		};
		const add = async <T extends { close(): Promise<void> }>(service: Promise<T>): Promise<T> => {
			const made = await service;
			started.push(() => Promise.race([made.close(), setTimeout(stopLimit)]));
			return made;
		};

		await add(createMail(context));
		const [auth, rest, storage, realtime, functions, identity] = await Promise.all([
			add(createAuth(context)),
			add(createRest(context)),
			add(createStorage(context)),
			add(createRealtime(context)),
			add(createFunctions(context)),
			add(createIdentity(context))
		]);
		const gateway = createGateway({
			port: settings.ports.api,
			keys,
			services: {
				'/auth/v1': auth,
				'/rest/v1': rest,
				'/storage/v1': storage,
				'/realtime/v1': realtime,
				'/functions/v1': functions,
				'/identity/v1': identity
			},
			upgrade: { path: '/realtime/v1', handle: realtime.upgrade },
			log: (line) => log('gateway', line)
		});
		await gateway.listen();
		started.push(() => gateway.close());
		await add(createCron(context));
		await add(createStudio(context));
		return { context, database, fresh, close };
	} catch (error) {
		await close();
		throw error;
	}
}
