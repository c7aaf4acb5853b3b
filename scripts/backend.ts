import { createHash } from 'node:crypto';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { startDouble } from 'stripe-double';
import { checkPorts, startPlatform } from 'supabase-embedded';
import type { Context, Keys } from 'supabase-embedded';
import { installClocks } from './clocks/tzif.ts';
import { root } from './settings.ts';
import type { Settings } from './settings.ts';

/** All that the site stands on, running: the embedded Supabase, and the double of Stripe beside it. */
export interface Backend extends Pick<Context, 'apiUrl' | 'databaseUrl' | 'keys' | 'log'> {
	settings: Settings;
	close(): Promise<void>;
}

/** What the double of Stripe signs its webhooks with and `stripe-webhook` checks them by: the same for one data folder. */
export function webhookSecret(keys: Pick<Keys, 'secret'>): string {
	return `whsec_${createHash('sha256').update(keys.secret).digest('hex').slice(0, 32)}`;
}

/**
 * Starts it. `log` gets what is worth knowing, a line at a time, with the service that says it; never personal data.
 * Raises a Failure when a port is taken or a part does not start; what was started is stopped again then.
 */
export async function startBackend(settings: Settings, log: Context['log']): Promise<Backend> {
	const { folder, config, durable, ports } = settings;
	const { stripe, site, ...own } = ports;
	await checkPorts({ 'Stripe double': stripe, site });
	const platform = await startPlatform(
		{
			project: root,
			brand: 'Khadamat',
			folder,
			ports: own,
			config,
			durable,
			installZones: installClocks,
			functionEnvironment: (keys) => ({
				STRIPE_API_BASE: `http://127.0.0.1:${stripe}`,
				STRIPE_SECRET_KEY: 'sk_test_local',
				STRIPE_WEBHOOK_SECRET: webhookSecret(keys)
			})
		},
		log
	);
	const { apiUrl, databaseUrl, keys } = platform.context;
	try {
		const journal = join(folder, 'stripe');
		mkdirSync(journal, { recursive: true });
		const double = await startDouble({
			folder: journal,
			port: stripe,
			brand: 'Khadamat',
			endpoint: { url: `${apiUrl}/functions/v1/stripe-webhook`, secret: webhookSecret(keys) },
			log: (line) => log('stripe', line)
		});
		return {
			settings,
			apiUrl,
			databaseUrl,
			keys,
			log,
			close: async () => {
				await double.close();
				await platform.close();
			}
		};
	} catch (error) {
		await platform.close();
		throw error;
	}
}
