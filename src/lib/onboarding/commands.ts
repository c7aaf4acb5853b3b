import type { Client } from '#lib/supabase/client.ts';
import { unwrap } from '#lib/supabase/refusal.ts';
import { schemas } from './schema.ts';
import { readWeek } from './week.ts';

/**
 * Makes a provider of a complete draft, with the caller as its owner; nobody else sees it yet. Gives its slug. Raises
 * Refusal: invalid_input with the field, rate_limited, not_allowed.
 */
export async function start(client: Client, draft: Record<string, string>): Promise<string> {
	const { service_name, ...service } = schemas.service.parse(draft);
	const made = unwrap(
		await client.rpc('start_provider', {
			business: { ...schemas.who.parse(draft), ...schemas.where.parse(draft) },
			service: { name: service_name, ...service },
			hours: readWeek(draft).hours.map((day) => ({ ...day }))
		})
	);
	return made[0]!.slug;
}

/** Shows a draft to everyone. Raises Refusal: not_found, not_allowed, invalid_input (services, hours). */
export async function publish(client: Client, providerId: string): Promise<void> {
	const { error } = await client.rpc('publish_provider', { provider_id: providerId });
	unwrap({ data: true, error });
}

/**
 * Asks the platform's staff for a town that is not in the list; what has been typed of the business waits with it. Raises
 * Refusal: invalid_input (town), rate_limited.
 */
export async function requestTown(client: Client, town: string, draft: Record<string, string>): Promise<void> {
	unwrap(await client.rpc('request_town', { town, draft }));
}

/** Asks to be told when a trade can be set up. Raises Refusal: invalid_input (category_slug), rate_limited. */
export async function requestTrade(client: Client, slug: string, draft: Record<string, string>): Promise<void> {
	unwrap(await client.rpc('request_trade', { category_slug: slug, draft }));
}
