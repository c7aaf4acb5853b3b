import { setTimeout as sleep } from 'node:timers/promises';
import type { Upgrade } from '../gateway.ts';
import type { Context } from '../context.ts';
import type { Service } from '../service.ts';
import { connect } from './database.ts';
import { Hub } from './hub.ts';
import { defaultLimits } from './limits.ts';
import type { Limits } from './limits.ts';
import { startJanitor } from './partitions.ts';
import { startPickup } from './pickup.ts';
import { createApi } from './rest.ts';
import { createSockets } from './upgrade.ts';

/** Milliseconds the start waits for the database's messages; a long transaction there may hold them back. */
const patience = 10_000;

/**
 * The Realtime service: sockets under `…/websocket`, broadcasts over HTTP under `…/api/broadcast`. It keeps the
 * partitions of realtime.messages and reads them by replication. Postgres Changes are not served.
 */
export async function createRealtime(
	context: Context,
	limits: Limits = defaultLimits
): Promise<Service & { upgrade: Upgrade }> {
	const log = (line: string) => context.log('realtime', line);
	const url = context.databaseUrl('supabase_admin');
	const sql = connect(url);
	const janitor = await startJanitor(sql, limits.retentionHours, log);
	const pickup = startPickup(
		url,
		(message) => hub.deliver(message),
		() => void janitor.run(),
		log
	);
	const hub = new Hub({
		keys: context.keys,
		sql,
		limits,
		keepPartitions: () => janitor.run(),
		reading: () => pickup.ready(),
		log
	});
	const sockets = createSockets(hub);
	await Promise.race([pickup.ready(), sleep(patience, undefined, { ref: false })]);

	return {
		app: createApi(hub),
		upgrade: sockets.upgrade,
		close: async () => {
			janitor.stop();
			sockets.close();
			await pickup.close();
			await sql.end({ timeout: 1 });
		}
	};
}
