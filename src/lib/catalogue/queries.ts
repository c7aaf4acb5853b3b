import { toMinor } from '#lib/money/money.ts';
import type { Client, Functions } from '#lib/supabase/client.ts';
import type { Answer } from '#lib/supabase/database.ts';
import { unwrap } from '#lib/supabase/refusal.ts';
import type { Search } from './schema.ts';

export type Category = Awaited<ReturnType<typeof categories>>[number];
export type City = Awaited<ReturnType<typeof cities>>[number];
export type Provider = NonNullable<Awaited<ReturnType<typeof provider>>>;
export type Service = Provider['services'][number];
export type Photo = Provider['photos'][number];
export type Review = Awaited<ReturnType<typeof reviews>>[number];
type Found = Functions['search_providers']['Returns'][number];
type MayBeNull =
	| 'rating'
	| 'price_from_minor'
	| 'photo_path'
	| 'distance_km'
	| 'next_free_at'
	| 'next_free_local'
	| 'name_ar'
	| 'total';
/** A row of search results; see `search_providers` in the migrations for units. */
export type SearchResult = Omit<Found, MayBeNull> & {
	[Key in MayBeNull]: Found[Key] | null;
};

export const resultsPerPage = 20;

export async function categories(client: Client) {
	return unwrap(
		await client.from('categories').select('id, slug, name_fr, name_ar, name_en, icon, self_service').order('position')
	);
}

export async function cities(client: Client) {
	return unwrap(
		await client.from('cities').select('slug, name_fr, name_ar, name_en, latitude, longitude').order('position')
	);
}

/** One page of matches, the best first; `after` is the cursor of the last row seen. */
export async function search(client: Client, wanted: Search, pageSize = resultsPerPage): Promise<SearchResult[]> {
	return unwrap(
		await client.rpc('search_providers', {
			q: wanted.q,
			category_slug: wanted.category,
			city: wanted.city,
			lat: wanted.lat,
			lng: wanted.lng,
			radius_km: wanted.radius,
			free_on: wanted.date,
			min_rating: wanted.rating,
			max_price_minor: wanted.price === undefined ? undefined : toMinor(wanted.price, 'MAD'),
			verified_only: wanted.verified,
			sort: wanted.sort,
			after: wanted.after,
			page_size: pageSize
		})
	);
}

/**
 * A provider with what its page shows, or null when there is none by that slug that the caller may see. Of one that is not
 * published only its team does; then `role` is the caller's in it.
 */
export async function provider(client: Client, slug: string, userId: string | null) {
	const { data, error } = await client
		.from('providers')
		.select(
			`id, slug, name, name_ar, city_slug, district, address, latitude, longitude, about_fr, about_ar, about_en, phone,
			time_zone, currency, status, verified_at, approval, rating, rating_count, price_from_minor,
			category:categories(slug, name_fr, name_ar, name_en, icon),
			city:cities(slug, name_fr, name_ar, name_en),
			policy:cancellation_policies(code, tiers),
			services(id, mode, name_fr, name_ar, name_en, description_fr, description_ar, description_en, duration_minutes,
				price_minor, price_per, deposit_percent, min_party, place, horizon_days, position),
			photos(path, width, height, alt_fr, alt_ar, alt_en, position)`
		)
		.eq('slug', slug)
		.eq('services.active', true)
		.order('position', { referencedTable: 'services' })
		.order('position', { referencedTable: 'photos' })
		.maybeSingle();
	const found = unwrap({ data, error });
	if (!found) return null;
	if (found.status === 'published') return { ...found, role: null };
	// Its customers still read its name in what they booked, but have no page of it.
	const role = userId ? await roleIn(client, userId, found.id) : null;
	return role ? { ...found, role } : null;
}

/** What an account is in the team of a provider, or null. */
export async function roleIn(client: Client, userId: string, providerId: string): Promise<string | null> {
	const { data, error } = await client
		.from('provider_members')
		.select('role')
		.eq('provider_id', providerId)
		.eq('user_id', userId)
		.maybeSingle();
	return unwrap({ data, error })?.role ?? null;
}

export type Hours = Answer<'provider_hours'>;

export async function hours(client: Client, providerId: string): Promise<Hours> {
	return unwrap(await client.rpc('provider_hours', { provider_id: providerId }));
}

export async function reviews(client: Client, providerId: string, limit = 20) {
	return unwrap(
		await client
			.from('reviews')
			.select('id, author_name, rating, body, language, created_at')
			.eq('provider_id', providerId)
			.order('created_at', { ascending: false })
			.limit(limit)
	);
}

/** The providers that the caller works for, with the caller's role in each. */
export async function memberships(client: Client, userId: string) {
	return unwrap(
		await client
			.from('provider_members')
			.select('role, provider:providers(id, slug, name, name_ar, time_zone, currency, status)')
			.eq('user_id', userId)
			.order('created_at')
	);
}

export type BookableService = NonNullable<Awaited<ReturnType<typeof service>>>;

/** A service of a published provider with what booking it needs, or null. */
export async function service(client: Client, id: string) {
	const { data, error } = await client
		.from('services')
		.select(
			`id, mode, name_fr, name_ar, name_en, duration_minutes, price_minor, price_per, deposit_percent, min_party, max_party,
			place, horizon_days,
			provider:providers!inner(id, slug, name, name_ar, district, address, time_zone, currency, approval)`
		)
		.eq('id', id)
		.eq('active', true)
		.eq('provider.status', 'published')
		.maybeSingle();
	return unwrap({ data, error }) ?? null;
}
